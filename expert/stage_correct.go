package expert

import (
	"context"
	"errors"
	"fmt"
)

// correct is the iterative correction expert: it has the code that failed written
// anew, or with Patches edited.
func (w *workflow) correct(ctx context.Context, s *Session, r *Reporter) error {
	s.Corrections++
	code, stage := s.code(), "correct"
	if w.Patches {
		stage = "patch"
	}
	d := promptData{Code: *code, Failure: s.Failure.Text, Trade: s.Program != "", Actions: ActionNames(s.Spec.Prosumer)}
	if !w.WithoutRetrieval {
		d.Docs = w.docs(w.docsFor(s.Failure))
	}
	before := &Attempt{Code: *code, Failure: *s.Failure}
	answer, err := w.ask(ctx, s, r, stage, d)
	if errors.Is(err, ErrStop) {
		return nil // the code is as good or bad as it was
	}
	if err != nil {
		return err
	}
	s.Before = before
	if !w.Patches {
		*code = programIn(answer)
		return nil
	}
	edited, err := patched(*code, answer)
	if err != nil {
		r.Wrong("the edits do not fit", err.Error())
	}
	*code = edited
	return nil
}

// docsFor are the entries about what a failure speaks of.
func (w *workflow) docsFor(f *Failure) []string {
	const most = 4
	var ids []string
	for _, h := range w.index().Search(f.Class+" "+f.Text, most) {
		ids = append(ids, h.Entry.ID)
	}
	return ids
}

// rollBack takes back a correction after which the code fails earlier than before.
// Patches do so always; a program that ran is never given up for one that does
// not.
func (w *workflow) rollBack(s *Session, r *Reporter) {
	b := s.Before
	if b == nil || s.Failure.progress() >= b.Failure.progress() || !w.Patches && b.Failure.Kind != WrongModel {
		return
	}
	r.Wrong("taken back", fmt.Sprintf("the correction made it worse: %s", s.Failure))
	worse := *s.Failure
	*s.code() = b.Code
	restored := b.Failure
	s.Failure = &restored
	restored.Text += fmt.Sprintf("\nAn earlier correction made it worse and was taken back: %s", &worse)
	if s.Passed, s.Reason = b.Failure.Kind == WrongModel, s.Failure.String(); s.Passed {
		s.Reason = ""
	}
}
