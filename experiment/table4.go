package experiment

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// Table4 is Table IV: what each algorithm costs on the test days, and how it
// treats the voltage, beside the paper's own figures.
type Table4 struct {
	Currency     string        `json:"currency"`
	Budget       string        `json:"budget"`
	Days         int           `json:"days"`
	Missing      []string      `json:"missing,omitempty"` // cells that are not trained to their end
	Rows         []Table4Row   `json:"rows"`
	Improvements []Improvement `json:"improvements"`
	Paired       []Paired      `json:"paired"`
}

// Table4Row is a policy with the paper's figures, where it has some.
type Table4Row struct {
	Summary
	Paper *PaperFigures `json:"paper,omitempty"`
}

// PaperFigures are a row of Table IV as it is printed. The paper does not publish
// its prosumers' ratings, so levels differ and only the ranking is comparable.
type PaperFigures struct {
	Cost        float64 `json:"cost_cny"`
	CostSD      float64 `json:"cost_sd_cny"`
	Violation   float64 `json:"violation_rate_pu"`
	ViolationSD float64 `json:"violation_rate_sd_pu"`
}

// Table4 makes the table of evaluated rows. Clock readings are left out, so that
// the same study is the same bytes.
func (s *Study) Table4(rows []Row) *Table4 {
	t := &Table4{
		Currency: s.World.Market.Currency(), Budget: s.Budget.Name, Days: len(s.days), Missing: s.Missing(),
		Paired: PairedDays(rows),
	}
	t.Improvements = Improvements(slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Correction != nil }))
	for _, summary := range Summarise(rows) {
		row := Table4Row{Summary: summary}
		row.DecisionSeconds = 0
		if p := paperRowOf(summary.Policy); p != nil {
			row.Paper = &PaperFigures{p.cost, p.costSD, p.violation, p.violationSD}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Table shows it.
func (t *Table4) Table() Table {
	out := Table{Head: []string{
		"policy", "seeds", "cost, " + t.Currency + "/day", "± seeds", "paper", "± paper",
		"bus-steps outside", "± seeds", "mean excess, p.u.", "worst, p.u.", "paper, p.u.", "± paper", "reward/day",
	}}
	out.Head = append(out.Head, scoreHead...)
	for _, r := range t.Rows {
		var seeds, costSD, violationSD string
		if r.Seeds != nil {
			seeds = strconv.Itoa(len(r.Seeds))
		}
		if len(r.Seeds) > 1 {
			costSD, violationSD = moneyLike(r.CostSeedsSD, r.Cost), scientific(r.ViolationSeedsSD)
		}
		paper := make([]string, 4)
		if p := r.Paper; p != nil {
			paper = []string{fmt.Sprintf("%.2f", p.Cost), fmt.Sprintf("%.2f", p.CostSD), scientific(p.Violation), scientific(p.ViolationSD)}
		}
		out.Rows = append(out.Rows, TableRow{Learned: r.Seeds != nil, Cells: append([]string{
			r.Policy, seeds, money(r.Cost), costSD, paper[0], paper[1],
			scientific(r.ViolationShare), violationSD, fmt.Sprintf("%.4f", r.ViolationMeanPU), fmt.Sprintf("%.4f", r.ViolationWorstPU), paper[2], paper[3],
			fmt.Sprintf("%.3f", r.Reward),
		}, r.scoreCells()...)})
	}
	return out
}

// scientific writes a small share as the paper does.
func scientific(x float64) string {
	if x == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2e", x)
}

// Note says what the columns mean, and what is missing.
func (t *Table4) Note() string {
	note := fmt.Sprintf("Means over %d test days; ± over trainings. Paper: Table IV, five trainings; its prosumers' ratings are unpublished, so that levels differ and only the ranking is comparable. "+
		"Bus-steps outside: share of buses times quarter-hours beyond the voltage limits; the paper does not say what its rate is of. Score: 0 trade alone, 1 perfect foresight; middle half: its interquartile mean over months and trainings. "+
		"Rows in "+CorrectedSuffix+": the operator changes what a policy decides, as little as it can, so that the limits hold; unproved: bus-steps left outside without a proof that no action avoids them.", t.Days)
	return note + missingNote(t.Missing)
}

// missingNote says which cells a result lacks.
func missingNote(cells []string) string {
	if cells == nil {
		return ""
	}
	return " Not finished: " + strings.Join(cells, "; ") + "."
}

// exact writes a number so that it can be read back.
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// WriteTable4 stores the table as Markdown, CSV and JSON, and the rows behind it
// for marl-eval.
func (s *Study) WriteTable4(t *Table4, rows []Row) error {
	if err := s.write("table4", t, t.Table(), t.Table().Markdown()+"\n"+t.Note()+"\n"); err != nil {
		return err
	}
	// That tool wants as many seeds of all.
	most := len(s.Budget.seeds)
	comparable := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Trained && s.trained(r.Policy) != most })
	if !slices.ContainsFunc(comparable, func(r Row) bool { return r.Trained }) {
		return nil
	}
	text, err := MarlEval(s.World.Scenario.Name, comparable)
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(s.Dir, "marl-eval.json"), text, 0o644)
}

// write stores a result as JSON, CSV and Markdown.
func (s *Study) write(name string, result any, table Table, markdown string) error {
	if err := writeJSON(filepath.Join(s.Dir, name+".json"), result); err != nil {
		return err
	}
	lines, err := table.CSV()
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(s.Dir, name+".csv"), lines, 0o644); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(s.Dir, name+".md"), []byte(markdown), 0o644)
}

// trained counts the seeds of a run that can be evaluated.
func (s *Study) trained(label string) int {
	seeds, _, err := s.Runs[slices.Index(s.labels, strings.TrimSuffix(label, CorrectedSuffix))].Contenders()
	if err != nil {
		return 0
	}
	return len(seeds)
}

// Markdown writes the table as GitHub shows it.
func (t Table) Markdown() string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	t = t.withoutEmpty()
	line(t.Head)
	line(append([]string{"---"}, slices.Repeat([]string{"---:"}, len(t.Head)-1)...))
	for _, r := range t.Rows {
		line(r.Cells)
	}
	return b.String()
}

// CSV writes the table as it is shown.
func (t Table) CSV() ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	lines := [][]string{t.Head}
	for _, r := range t.Rows {
		lines = append(lines, r.Cells)
	}
	err := out.WriteAll(lines)
	return b.Bytes(), err
}
