package expert

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/peerwatt/peerwatt/expert/llm"
)

func (w *workflow) path() Path {
	if w.Path == "" {
		return CodePath
	}
	return w.Path
}

// name tells workflows apart: a checkpoint of one is none of another.
func (w *workflow) name() string {
	name := string(w.path())
	if way := w.WorkflowOptions.String(); way != "" {
		name += ", " + way
	}
	if w.Verify != nil {
		name += ", verified"
	}
	return name
}

// corrections is how often a model may mend its code.
func (w *workflow) corrections() int {
	const usual = 5
	switch {
	case w.WithoutCorrection || w.Bare || w.path() == SpecificationPath:
		return 0
	case w.MaxCorrections > 0:
		return w.MaxCorrections
	}
	return usual
}

// candidates is how many programs are written.
func (w *workflow) candidates() int {
	if w.path() == SpecificationPath {
		return 1
	}
	return max(1, w.BestOf)
}

// probes tells whether programs are held against the preferences of their wish.
func (w *workflow) probes() bool { return w.Probe && w.path() == CodePath && !w.Bare }

// understood leads on from the wish once nothing about it has to be asked again.
func (w *workflow) understood(g *Graph[Session], onward string) {
	g.Branch("wish", func(s *Session) string {
		if s.Talk != nil {
			return "wish"
		}
		return onward
	}, onward, "wish")
}

// judged leads from a node that runs code on to the next where it is right, to the
// correction where it is not and one is left, and else to where it is given up.
func (w *workflow) judged(g *Graph[Session], from, onward string) {
	giveUp := End
	if w.candidates() > 1 {
		giveUp = "keep"
	}
	to := []string{onward}
	if w.corrections() > 0 {
		to = append(to, "correct")
	}
	if giveUp != onward {
		to = append(to, giveUp)
	}
	g.Branch(from, func(s *Session) string {
		switch {
		case s.Failure == nil:
			return onward
		case s.Corrections < w.corrections():
			return "correct"
		case s.Passed: // it runs; that it is wrong is told
			return onward
		}
		return giveUp
	}, to...)
}

// corrected leads back to where the code failed.
func (w *workflow) corrected(s *Session) string {
	if s.Program == "" {
		return "run"
	}
	return "check"
}

// maxPromptBytes is 6,000 tokens at four bytes each: what small models bear.
const maxPromptBytes = 24000

var errNoModel = errors.New("the way by code needs a language model: connect one, or take the way by a specification")

// ask puts the question of a stage and returns what is answered, without thoughts.
// A model that refuses or says nothing ends the workflow; the error is of a model
// that cannot be asked.
func (w *workflow) ask(ctx context.Context, s *Session, r *Reporter, stage string, d promptData) (string, error) {
	if w.model == nil {
		return "", Final(errNoModel)
	}
	d.Wish = s.Wish
	request, err := prompt(stage, d)
	if err == nil && len(request.System)+len(request.Messages[0].Text) > maxPromptBytes {
		d.Docs = nil // a long program matters more than what is known of cvxpy
		request, err = prompt(stage, d)
	}
	if err != nil {
		return "", err
	}
	request.Sample = s.sample()
	answer, err := s.call(ctx, w.model, r, stage, request)
	var failed *llm.Error
	switch {
	case errors.As(err, &failed) && failed.Kind == llm.Endless:
		s.fail(Failure{Stage: stage, Kind: NoAnswer, Text: failed.Error()})
		return "", ErrStop
	case err != nil:
		return "", Final(err) // the client has tried again already
	}
	text := strings.TrimSpace(withoutThought(answer.Text))
	why := answer.Err()
	if answer.Finish != llm.Refused && text != "" {
		if why != nil {
			r.Wrong("cut off", why.Error())
		}
		return text, nil
	}
	if why == nil {
		why = fmt.Errorf("%s said nothing", answer.Model)
	}
	s.fail(Failure{Stage: stage, Kind: NoAnswer, Text: why.Error()})
	if w.candidates() > 1 && (stage == "code" || stage == "trade") {
		return "", nil // the others may answer
	}
	return "", ErrStop
}

// call asks a model and keeps account of it.
func (s *Session) call(ctx context.Context, m llm.Model, r *Reporter, stage string, request llm.Request) (*llm.Response, error) {
	last := request.Messages[len(request.Messages)-1]
	r.Tell(TraceEvent{Kind: Asked, Text: request.System + "\n\n" + last.Text})
	answer, err := m.Complete(ctx, request, r.model)
	if answer != nil {
		s.Calls = append(s.Calls, Call{stage, answer.Model, answer.Usage, answer.CostUSD, answer.Notes, answer.Replayed})
	}
	if err == nil {
		r.Tell(TraceEvent{Kind: Replied, Text: answer.Text})
	}
	return answer, err
}

// programIn is the code of an answer; where it has none, the answer is what fails.
func programIn(answer string) string {
	if code := codeIn(answer); code != "" {
		return code
	}
	return answer
}
