package expert

import (
	"fmt"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// Session is one wish on its way to a strategy: the state of the workflow, and
// what a checkpoint holds.
type Session struct {
	Wish  string `json:"wish"`
	Spec  *Spec  `json:"spec"` // the prosumer, and its preferences once they are read
	State *State `json:"state"`
	// Devices, where not nil, has a model look for ratings that the wish names,
	// which take the place of the prosumer's.
	Devices *Devices `json:"devices,omitempty"`
	// Sample tells apart trials of the same wish.
	Sample string `json:"sample,omitempty"`

	// Talk is what was said so far about a form that cannot be; nil where there is
	// nothing to ask again.
	Talk []llm.Message `json:"talk,omitempty"`

	// What the experts wrote.
	Model   string   `json:"model,omitempty"`   // the model in words and formulas
	Atoms   []string `json:"atoms,omitempty"`   // of cvxpy that its formulas need
	Docs    []string `json:"docs,omitempty"`    // IDs of the entries that were retrieved for them
	Code    string   `json:"code,omitempty"`    // the program that solves by itself
	Program string   `json:"program,omitempty"` // the program that returns the six parts

	// Failure is what the present code fails with; nil where it does not, or was
	// not run yet. Failures are all that there were, Corrections how often a model
	// was asked to mend one.
	Failure     *Failure    `json:"failure,omitempty"`
	Failures    []Failure   `json:"failures,omitempty"`
	Corrections int         `json:"corrections"`
	Fixes       []Fix       `json:"fixes,omitempty"`    // made without a model, see Lint
	Findings    []Finding   `json:"findings,omitempty"` // of the probe, about Program
	Before      *Attempt    `json:"before,omitempty"`   // to go back to, see Patches
	Candidates  []Candidate `json:"candidates,omitempty"`

	// Passed tells whether Program runs, and solves, at every time it was tried
	// at; Reason why not.
	Passed bool   `json:"passed"`
	Reason string `json:"reason,omitempty"`

	Calls   []Call   `json:"calls"`
	Verdict *Verdict `json:"verdict,omitempty"` // of the network operator
	Advice  *Advice  `json:"advice,omitempty"`
}

// Failure is what was wrong with code when it was run.
type Failure struct {
	Stage string      `json:"stage"`
	Kind  FailureKind `json:"kind"`
	Class string      `json:"class,omitempty"` // of the exception
	Line  int         `json:"line,omitempty"`
	Text  string      `json:"text"` // as a correction reads it
}

// FailureKind sorts failures.
type FailureKind string

// The kinds of Failure.
const (
	NoAnswer     FailureKind = "answer"      // the model refused, or said nothing
	SyntaxWrong  FailureKind = "syntax"      // it is not Python
	Raised       FailureKind = "raised"      // an exception
	OverBudget   FailureKind = "budget"      // it needs too much time, steps or memory
	OutOfSandbox FailureKind = "refused"     // it wants to leave the sandbox
	WrongResult  FailureKind = "result"      // what it returned cannot be
	Infeasible   FailureKind = "infeasible"  // its constraints contradict each other
	Unbounded    FailureKind = "unbounded"   // its objective has no optimum
	Numerical    FailureKind = "numerical"   // the solver did not get to an end
	WrongModel   FailureKind = "finding"     // it runs and is not the prosumer's model
	Unsupported  FailureKind = "unsupported" // the sandbox cannot run what Python could
)

// String is the failure in one line: the last one of a traceback.
func (f *Failure) String() string {
	text := strings.TrimSpace(f.Text)
	if f.Class != "" {
		if at := strings.LastIndex(text, "\n"+f.Class+":"); at >= 0 {
			text = text[at+1:]
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	return fmt.Sprintf("%s: %s", f.Kind, brief(text))
}

// progress orders failures by how far the code came before them.
func (f *Failure) progress() int {
	switch f.Kind {
	case NoAnswer, SyntaxWrong:
		return 0
	case WrongResult:
		return 2
	case Infeasible, Unbounded, Numerical:
		return 3
	case WrongModel:
		return 4
	}
	return 1
}

// Attempt is code with what it failed with.
type Attempt struct {
	Code    string  `json:"code"`
	Failure Failure `json:"failure"`
}

// Advice is what a prosumer is told to do without peers, and what it is worth.
type Advice struct {
	SetPoints []community.SetPoint `json:"set_points"` // by step ahead
	SOC       []float64            `json:"soc"`        // at the end of each; nil without a battery
	Cost      float64              `json:"cost"`       // eq. (14) less what is stored
	// CostWithoutWishes is the least that it could pay if it wished for nothing,
	// CostIdle what it pays when its devices rest.
	CostWithoutWishes float64 `json:"cost_without_wishes"`
	CostIdle          float64 `json:"cost_idle"`
}

// code is the code that stages work on: with trade, once it was added.
func (s *Session) code() *string {
	if s.Program != "" {
		return &s.Program
	}
	return &s.Code
}

// sample tells apart draws of the same question within a session: a recording
// must not answer the second correction with the first.
func (s *Session) sample() string {
	parts := []string{s.Sample}
	if n := len(s.Candidates); n > 0 {
		parts = append(parts, fmt.Sprint("candidate ", n+1))
	}
	if s.Corrections > 0 {
		parts = append(parts, fmt.Sprint("correction ", s.Corrections))
	}
	return strings.TrimPrefix(strings.Join(parts, ", "), ", ")
}

// fail notes what the present code fails with.
func (s *Session) fail(f Failure) {
	s.Failure, s.Passed, s.Reason = &f, false, f.String()
	s.Failures = append(s.Failures, f)
}
