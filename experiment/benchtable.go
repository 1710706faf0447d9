package experiment

import (
	"fmt"

	"github.com/peerwatt/peerwatt/expert"
)

// BenchNote explains a BenchTable.
const BenchNote = `Passed: programs that run, with Wilson's 95 % interval. Right: of all trials, those that are the model of their prosumer. Accuracy, gap, deviation
(eqs. (40)-(42)), corrections and tokens are means of the trials that passed; "answer" leaves reasoning tokens out. Gaps: trials that failed for
what our interpreter lacks.`

// BenchTable shows results as rows of Table III.
func BenchTable(results []*BenchResult) Table {
	t := Table{Head: []string{
		"model", "trials", "passed, %", "95 %", "right, %", "95 % of right", "accuracy, %", "gap, %", "deviation, %", "corrections", "tokens", "answer", "gaps", "US$",
	}}
	for _, r := range results {
		s := &r.Score
		gaps, cost := "", ""
		if s.Unsupported > 0 {
			gaps = fmt.Sprint(s.Unsupported)
		}
		if s.CostUSD != nil && *s.CostUSD > 0 {
			cost = fmt.Sprintf("%.2f", *s.CostUSD)
		}
		t.Rows = append(t.Rows, TableRow{Cells: []string{
			r.Label(), fmt.Sprint(s.Trials),
			wholePercent(s.Passed.Share), interval(s.Passed), wholePercent(s.Right.Share), interval(s.Right),
			s.Accuracy.String("%.2f"), s.Gap.String("%.2f"), s.Deviation.String("%.2f"), s.Corrections.String("%.2f"),
			s.Tokens.String("%.0f"), s.Answer.String("%.0f"), gaps, cost,
		}})
	}
	return t.withoutEmpty()
}

func wholePercent(share float64) string { return fmt.Sprintf("%.0f", 100*share) }

func interval(i expert.Interval) string { return fmt.Sprintf("%.0f-%.0f", 100*i.Low, 100*i.High) }

// Model names who answered, and whether it was to reason.
func (r *BenchResult) Model() string {
	if s := r.Spec.Settings; s != nil && s.Reasoning != "" {
		return r.Name + ", reasoning " + string(s.Reasoning)
	}
	return r.Name
}

// Label names who answered and how it was asked.
func (r *BenchResult) Label() string {
	if way := r.Spec.Options.Workflow.String(); way != "" && r.Spec.Settings != nil {
		return r.Model() + ", " + way
	}
	return r.Model()
}
