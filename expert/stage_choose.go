package expert

import (
	"context"
	"fmt"
	"slices"
)

// Candidate is one of several programs for the same wish.
type Candidate struct {
	Code        string    `json:"code"`
	Program     string    `json:"program"`
	Failure     *Failure  `json:"failure,omitempty"`
	Corrections int       `json:"corrections"`
	Findings    []Finding `json:"findings,omitempty"`
	Passed      bool      `json:"passed"`
	Reason      string    `json:"reason,omitempty"`
	// Signature is nil where the program does not run.
	Signature Signature `json:"signature,omitempty"`
}

// keepCandidate puts the present program aside, so that another can be written.
func (w *workflow) keepCandidate(ctx context.Context, s *Session, r *Reporter) error {
	c := Candidate{s.Code, s.Program, s.Failure, s.Corrections, s.Findings, s.Passed, s.Reason, nil}
	if c.Passed {
		p, err := NewProgram(c.Program)
		if err != nil {
			return Final(err)
		}
		prober := &Prober{Spec: s.Spec, Base: s.State}
		c.Signature, err = prober.Sign(ctx, p.at(ctx, s.Spec.Prosumer))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // at a state where it was not tried
			r.Note("no signature", "", err.Error())
		}
	}
	s.Candidates = append(s.Candidates, c)
	s.set(Candidate{})
	return nil
}

// another tells whether one more candidate is written.
func (w *workflow) another(s *Session) string {
	if len(s.Candidates) < w.candidates() {
		return "code"
	}
	return "choose"
}

// chooseCandidate takes the program with which most others agree: among those the
// one that the probe found right, that took fewer corrections, that came first.
func (w *workflow) chooseCandidate(_ context.Context, s *Session, r *Reporter) error {
	agree := make([]int, len(s.Candidates))
	for i, c := range s.Candidates {
		for _, other := range s.Candidates {
			if c.Signature.Agrees(other.Signature) {
				agree[i]++
			}
		}
	}
	rank := func(i int) []int {
		c := &s.Candidates[i]
		if !c.Passed {
			return []int{-1, 0, 0}
		}
		return []int{agree[i], -len(c.Findings), -c.Corrections}
	}
	best := 0
	for i := range s.Candidates {
		if slices.Compare(rank(i), rank(best)) > 0 {
			best = i
		}
	}
	s.set(s.Candidates[best])
	r.Note("chosen", "python", s.Program)
	r.Note("why", "", fmt.Sprintf("candidate %d: %d of %d agree with it", best+1, agree[best], len(s.Candidates)))
	return nil
}

// set makes a candidate the present program.
func (s *Session) set(c Candidate) {
	s.Code, s.Program, s.Failure, s.Corrections = c.Code, c.Program, c.Failure, c.Corrections
	s.Findings, s.Passed, s.Reason, s.Before = c.Findings, c.Passed, c.Reason, nil
}

// planned leads on where there is a program to plan with.
func (w *workflow) planned(s *Session) string {
	if s.Passed {
		return "plan"
	}
	return End
}
