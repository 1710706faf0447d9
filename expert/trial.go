package expert

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
	"github.com/peerwatt/peerwatt/profile"
)

// Trial is one request answered, as Table III counts it.
type Trial struct {
	Archetype string `json:"archetype"`
	Wish      string `json:"wish"` // its name
	Number    int    `json:"number"`
	Model     string `json:"model"` // that answered last, as the provider says

	// Passed: the program ran and had an optimum at every step of the day at
	// which it was tried. Reason says why not. Unsupported tells that the sandbox
	// lacked something, which is not the program's fault.
	Passed      bool   `json:"passed"`
	Reason      string `json:"reason,omitempty"`
	Unsupported bool   `json:"unsupported,omitempty"`
	// Accuracy is the mean over the steps at which it was tried; zero where it did
	// not pass.
	Accuracy Accuracy `json:"accuracy"`
	// SemanticallyRight: the probe found nothing. Counterexample is what it found.
	SemanticallyRight bool   `json:"semantically_right"`
	Counterexample    string `json:"counterexample,omitempty"`

	Corrections      int      `json:"corrections"`
	CompletionTokens int      `json:"completion_tokens"` // reasoning included
	ReasoningTokens  int      `json:"reasoning_tokens"`
	CostUSD          *float64 `json:"cost_usd,omitempty"` // nil: no price is known
	Notes            []string `json:"notes,omitempty"`    // of the calls, each once
	Seconds          float64  `json:"seconds,omitempty"`
}

// triedAt are the steps of the day at which every program is tried: the start,
// midday and the last step, in which the horizon is a single step.
var triedAt = []int{0, profile.StepsPerDay / 2, profile.StepsPerDay - 1}

// ReferenceExpert stands where a model's name would.
const ReferenceExpert = "reference expert"

// ScoreTrial scores what a session came to. truth is its prosumer with the
// preferences that its wish stands for. An error means that scoring itself
// failed, not that the program is wrong.
func ScoreTrial(ctx context.Context, truth *Spec, s *Session) (Trial, error) {
	t := Trial{Model: ReferenceExpert, Passed: s.Passed, Reason: s.Reason, Corrections: s.Corrections}
	t.count(s.Calls)
	if !s.Passed {
		last := len(s.Failures) - 1
		t.Unsupported = last >= 0 && s.Failures[last].Kind == Unsupported
		return t, nil
	}
	return t, t.score(ctx, truth, s.State, s.Program)
}

// score tries the program with the six parts at several steps of a state's day
// and probes it.
func (t *Trial) score(ctx context.Context, truth *Spec, state *State, source string) error {
	program, err := NewProgram(source)
	if err != nil {
		t.fail(err)
		return nil
	}
	for _, step := range triedAt {
		at := *state
		at.CurrentTime = step
		ours, err := program.optimum(ctx, truth.Prosumer, &at)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			t.fail(fmt.Errorf("at current_time = %d: %w", step, err))
			return nil
		}
		human, err := HumanParts(truth, &at).alone(ctx, truth.Prosumer)
		if err != nil {
			return fmt.Errorf("the reference model: %w", err)
		}
		t.Accuracy.add(Compare(truth.Prosumer, &at, ours.SetPoints, human.SetPoints), 1/float64(len(triedAt)))
	}
	prober := &Prober{Spec: truth, Base: state}
	found, err := prober.Probe(ctx, program.at(ctx, truth.Prosumer))
	if err != nil {
		return err
	}
	t.SemanticallyRight = len(found) == 0
	if !t.SemanticallyRight {
		t.Counterexample = found[0].Words
	}
	return nil
}

// at is the program as the probe asks for it.
func (p *Program) at(ctx context.Context, x *community.Prosumer) func(*State) (*Parts, error) {
	return func(s *State) (*Parts, error) { return p.Parts(ctx, x, s) }
}

// optimum is the best that a prosumer does without peers, by the six parts.
func (p *Program) optimum(ctx context.Context, x *community.Prosumer, s *State) (*Optimum, error) {
	parts, err := p.Parts(ctx, x, s)
	if err != nil {
		return nil, err
	}
	return parts.alone(ctx, x)
}

// fail takes note of why a program does not pass.
func (t *Trial) fail(err error) {
	t.Passed, t.Reason, t.Accuracy = false, err.Error(), Accuracy{}
	var e *cvxpy.Error
	t.Unsupported = errors.As(err, &e) && e.Kind == cvxpy.Unsupported
}

// count adds up what the calls were and cost.
func (t *Trial) count(calls []Call) {
	total := 0.0
	t.CostUSD = &total
	for _, c := range calls {
		t.Model = c.Model
		t.CompletionTokens += c.Usage.CompletionTokens
		t.ReasoningTokens += c.Usage.ReasoningTokens
		if t.CostUSD != nil && c.CostUSD != nil {
			total += *c.CostUSD
		} else {
			t.CostUSD = nil
		}
		for _, note := range c.Notes {
			if !slices.Contains(t.Notes, note) {
				t.Notes = append(t.Notes, note)
			}
		}
	}
}
