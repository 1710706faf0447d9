package expert

import (
	"context"
	"strings"
)

// probe holds the program against the human expert's model under the preferences
// that were read in the wish. What it finds is handed back as counterexamples.
func (w *workflow) probe(ctx context.Context, s *Session, r *Reporter) error {
	p, err := NewProgram(s.Program)
	if err != nil {
		return Final(err) // it ran a moment ago
	}
	prober := &Prober{Spec: s.Spec, Base: s.State}
	s.Findings, err = prober.Probe(ctx, p.at(ctx, s.Spec.Prosumer))
	if err != nil {
		return err
	}
	if len(s.Findings) == 0 {
		r.Note("it is the prosumer's model", "", "the probe found nothing")
		return nil
	}
	var words []string
	for _, f := range s.Findings {
		words = append(words, "- "+f.Words)
	}
	s.fail(Failure{Stage: "probe", Kind: WrongModel, Text: "The program runs, but it is not the model of this prosumer:\n" + strings.Join(words, "\n")})
	s.Passed, s.Reason = true, ""
	r.Wrong("it is not the prosumer's model", s.Failure.Text)
	return nil
}
