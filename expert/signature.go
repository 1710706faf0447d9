package expert

import (
	"context"
	"math"

	"github.com/peerwatt/peerwatt/convex"
)

// Signature is what a program allows and costs, asked as a Prober asks but held
// against nothing: programs of the same model have the same signature, however
// they are written.
type Signature []float64

// agreement is how far apart the entries of two signatures of one model may be:
// shares of a device's range, or of what the day's energy is worth.
const agreement = 2 * powerTolerance

// Agrees tells whether two signatures are of one model.
func (s Signature) Agrees(t Signature) bool {
	if len(s) != len(t) || len(s) == 0 {
		return false
	}
	for i := range s {
		if math.Abs(s[i]-t[i]) > agreement {
			return false
		}
	}
	return true
}

// Entries of a signature that are no numbers; checkpoints hold none.
const (
	unlimited  = 1e9  // nothing bounds it
	unanswered = -1e9 // there is no optimum, or the solver found none
)

// Sign returns the signature of a program; load gives its parts at a state.
func (p *Prober) Sign(ctx context.Context, load func(*State) (*Parts, error)) (Signature, error) {
	var out Signature
	for i, at := range p.states() {
		parts, err := load(at.state)
		if err != nil {
			return nil, err
		}
		c := &comparison{x: p.Spec.Prosumer, spec: p.Spec, state: at.state, program: parts}
		ask := c.signOptima
		if i == 0 { // the problem is small
			ask = c.signLimits
		}
		entries, err := ask(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, entries...)
	}
	return out, nil
}

// signLimits are the largest values of all directions.
func (c *comparison) signLimits(ctx context.Context) ([]float64, error) {
	s, err := newSupport(c.program, ActionNames(c.x), c.program.Actions)
	if err != nil {
		return nil, err
	}
	var out []float64
	for _, d := range c.directions() {
		value, found, err := s.most(ctx, d.terms)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch value /= d.scale; {
		case found != nil || err != nil:
			value = unanswered
		case value > unlimited:
			value = unlimited
		}
		out = append(out, value)
	}
	return out, nil
}

// signOptima are the optimal costs without peers and with some trade.
func (c *comparison) signOptima(ctx context.Context) ([]float64, error) {
	var out []float64
	for _, share := range []float64{0, 0.3} {
		s, err := c.program.solve(ctx, convex.Minimize(c.program.Cost), c.program.P2PKW.EQ(share*c.x.PeakLoadKW))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			out = append(out, unanswered)
		} else {
			out = append(out, s.Objective/c.worth())
		}
	}
	return out, nil
}
