package experiment

import (
	"fmt"
	"strconv"

	"github.com/peerwatt/peerwatt/env"
)

// Table is a table of figures as pages and terminals show it: the first column
// is a name, the others are numbers.
type Table struct {
	Head []string
	Rows []TableRow
}

// TableRow is a row of a Table.
type TableRow struct {
	Learned bool // of a policy that was trained, to be set apart
	Cells   []string
}

// SummaryTable shows summaries side by side, with what each cost is below that
// of trade alone.
func SummaryTable(currency string, rows []Summary) Table {
	idle := find(rows, scoreZero)
	t := Table{Head: []string{
		"policy", "cost, " + currency + "/day", "± seeds", "± days", "below " + scoreZero + ", %",
		"bus-steps outside, %", "mean excess, p.u.", "worst, p.u.", "reward/day", "decision",
	}}
	t.Head = append(t.Head, scoreHead...)
	for _, s := range rows {
		seeds, gain := "", ""
		if len(s.Seeds) > 1 {
			seeds = moneyLike(s.CostSeedsSD, s.Cost)
		}
		if idle != nil {
			if share, ok := below(s.Cost, idle.Cost); ok {
				gain = fmt.Sprintf("%.1f", 100*share)
			}
		}
		t.Rows = append(t.Rows, TableRow{Learned: s.Seeds != nil, Cells: append([]string{
			s.Policy, money(s.Cost), seeds, moneyLike(s.CostDaysSD, s.Cost), gain,
			percent(s.ViolationShare), fmt.Sprintf("%.4f", s.ViolationMeanPU), fmt.Sprintf("%.4f", s.ViolationWorstPU),
			fmt.Sprintf("%.3f", s.Reward), duration(s.DecisionSeconds),
		}, s.scoreCells()...)})
	}
	return t.withoutEmpty()
}

// scoreHead are the last columns of tables, which only some policies fill.
var scoreHead = []string{"score", "middle half", "steps corrected, %", "unproved"}

func (s *Summary) scoreCells() []string {
	cells := make([]string, len(scoreHead))
	if s.Score != nil {
		cells[0] = fmt.Sprintf("%.3f", *s.Score)
	}
	if a := s.Aggregate; a != nil && s.Seeds != nil {
		cells[1] = a.IQM.text("%.3f")
	}
	if c := s.Correction; c != nil {
		cells[2], cells[3] = percent(s.correctedShare()), strconv.Itoa(c.Unproved)
	}
	return cells
}

// correctedShare is the share of steps that the operator changed.
func (s *Summary) correctedShare() float64 {
	return float64(s.Correction.Steps) / float64(env.StepsPerDay*s.Days*max(1, len(s.Seeds)))
}

// PairedTable shows day by day comparisons.
func PairedTable(currency string, all []Paired) Table {
	t := Table{Head: []string{"policy", "against", currency + " a day more", "days cheaper"}}
	for _, p := range all {
		t.Rows = append(t.Rows, TableRow{Cells: []string{
			p.Policy, p.Against, p.Difference.text("%.1f"), fmt.Sprintf("%d of %d", p.CheaperDays, len(p.Days)),
		}})
	}
	return t
}

// ImprovementTable shows how probably a training of one policy scores better than
// one of another.
func ImprovementTable(all []Improvement) Table {
	t := Table{Head: []string{"policy", "over", "probability"}}
	for _, p := range all {
		t.Rows = append(t.Rows, TableRow{Cells: []string{p.Policy, p.Over, p.Probability.text("%.2f")}})
	}
	return t
}

// text writes an estimate with its interval, where there is one.
func (e Estimate) text(format string) string {
	value := fmt.Sprintf(format, e.Value)
	if e.Interval == nil {
		return value
	}
	return fmt.Sprintf("%s ["+format+", "+format+"]", value, e.Interval[0], e.Interval[1])
}

// withoutEmpty drops columns that hold nothing.
func (t Table) withoutEmpty() Table {
	out := Table{Rows: make([]TableRow, len(t.Rows))}
	for c, head := range t.Head {
		empty := true
		for _, r := range t.Rows {
			empty = empty && r.Cells[c] == ""
		}
		if empty && len(t.Rows) > 0 {
			continue
		}
		out.Head = append(out.Head, head)
		for i, r := range t.Rows {
			out.Rows[i].Learned = r.Learned
			out.Rows[i].Cells = append(out.Rows[i].Cells, r.Cells[c])
		}
	}
	return out
}
