package expert

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Score is a row of Table III: what a model made of so many trials. Means are
// over the trials that passed, as in the paper.
type Score struct {
	Trials int `json:"trials"`
	// Passed counts programs that ran, Right those that also are the model of
	// their prosumer: passing tells only that code is code.
	Passed Interval `json:"passed"`
	Right  Interval `json:"semantically_right"`
	// Unsupported counts trials that failed for a gap of our interpreter; they are
	// among those that did not pass.
	Unsupported int `json:"unsupported"`

	Accuracy    Mean `json:"accuracy_percent"`  // (42)
	Deviation   Mean `json:"deviation_percent"` // (40)
	Gap         Mean `json:"gap_percent"`       // (41)
	Corrections Mean `json:"corrections"`
	Tokens      Mean `json:"completion_tokens"` // reasoning included
	Answer      Mean `json:"answer_tokens"`     // without reasoning

	CostUSD *float64 `json:"cost_usd"` // of all trials; nil where a price is not known
}

// Mean is a mean with its 95 % interval (Student's t).
type Mean struct {
	Value float64 `json:"mean"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
}

// String prints the mean; nothing where there is none.
func (m Mean) String(format string) string {
	if m.N == 0 {
		return ""
	}
	return fmt.Sprintf(format, m.Value)
}

// NewScore sums trials up.
func NewScore(trials []Trial) Score {
	s := Score{Trials: len(trials)}
	var passed, right int
	var columns [6][]float64
	cost := 0.0
	s.CostUSD = &cost
	for _, t := range trials {
		if t.CostUSD == nil {
			s.CostUSD = nil
		} else {
			cost += *t.CostUSD
		}
		if t.Unsupported {
			s.Unsupported++
		}
		if !t.Passed {
			continue
		}
		passed++
		if t.SemanticallyRight {
			right++
		}
		for i, v := range []float64{t.Accuracy.Accuracy, t.Accuracy.Deviation, t.Accuracy.Gap,
			float64(t.Corrections), float64(t.CompletionTokens), float64(t.CompletionTokens - t.ReasoningTokens)} {
			columns[i] = append(columns[i], v)
		}
	}
	s.Passed, s.Right = Wilson(passed, s.Trials), Wilson(right, s.Trials)
	for i, m := range []*Mean{&s.Accuracy, &s.Deviation, &s.Gap, &s.Corrections, &s.Tokens, &s.Answer} {
		*m = newMean(columns[i])
	}
	s.Accuracy.High = math.Min(s.Accuracy.High, 100)
	return s
}

func newMean(x []float64) Mean {
	if len(x) == 0 {
		return Mean{}
	}
	m := Mean{N: len(x), Value: stat.Mean(x, nil)}
	m.Low, m.High = m.Value, m.Value
	if len(x) > 1 {
		half := distuv.StudentsT{Sigma: 1, Nu: float64(len(x) - 1)}.Quantile(0.975) * stat.StdErr(stat.StdDev(x, nil), float64(len(x)))
		m.Low, m.High = math.Max(0, m.Value-half), m.Value+half
	}
	return m
}

// Notes are what is to be said about the calls of trials, each once: parameters
// that a model did not take, tokens that were estimated.
func Notes(trials []Trial) []string {
	var notes []string
	for _, t := range trials {
		for _, n := range t.Notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	return notes
}

// WriteTrials writes a row per trial.
func WriteTrials(w io.Writer, trials []Trial) error {
	c := csv.NewWriter(w)
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }
	_ = c.Write([]string{"archetype", "wish", "trial", "passed", "semantically_right", "unsupported", "accuracy_percent", "deviation_percent", "gap_percent",
		"corrections", "completion_tokens", "reasoning_tokens", "cost_usd", "reason", "counterexample"})
	for _, t := range trials {
		cost := ""
		if t.CostUSD != nil {
			cost = number(*t.CostUSD)
		}
		accuracy, deviation, gap := "", "", ""
		if t.Passed {
			accuracy, deviation, gap = number(t.Accuracy.Accuracy), number(t.Accuracy.Deviation), number(t.Accuracy.Gap)
		}
		_ = c.Write([]string{t.Archetype, t.Wish, strconv.Itoa(t.Number), fmt.Sprint(t.Passed), fmt.Sprint(t.SemanticallyRight), fmt.Sprint(t.Unsupported),
			accuracy, deviation, gap, strconv.Itoa(t.Corrections), strconv.Itoa(t.CompletionTokens), strconv.Itoa(t.ReasoningTokens), cost, t.Reason, t.Counterexample})
	}
	c.Flush()
	return c.Error()
}
