package expert

import (
	"context"
	"errors"

	"github.com/peerwatt/peerwatt/expert/llm"
)

// read has a model fill in a form of what the wish means, where something is done
// with it: on the way by a specification, where ratings are wanted, and for the
// probe.
func (w *workflow) read(ctx context.Context, s *Session, r *Reporter) error {
	if s.Talk == nil {
		r.Note("wish", "", s.Wish)
	}
	specified := w.path() == SpecificationPath
	switch {
	case w.model == nil && specified:
		r.Note("no language model", "", "the reference expert plans without having read the wish")
		return nil
	case !specified && !w.probes() && s.Devices == nil:
		return nil
	case w.model == nil:
		return Final(errNoModel)
	}
	err := s.read(ctx, w.model, r)
	var cannot *llm.Error
	if err != nil && ctx.Err() == nil && !errors.As(err, &cannot) {
		s.fail(Failure{Stage: "spec", Kind: NoAnswer, Text: err.Error()})
		return ErrStop
	}
	if err != nil || s.Talk != nil {
		return err
	}
	if s.Devices != nil && *s.Devices != (Devices{}) {
		r.Note("devices", "", s.Devices.String())
	}
	for _, p := range s.Spec.Preferences {
		r.Note("preference", "", p.String())
	}
	return nil
}

// writeSpecified writes the program that follows from the specification.
func (w *workflow) writeSpecified(_ context.Context, s *Session, r *Reporter) error {
	s.Program = s.Spec.Program(true)
	r.Note("program", "python", s.Program)
	return nil
}
