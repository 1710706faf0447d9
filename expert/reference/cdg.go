package reference

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Generator is a conventional distributed generator.
type Generator struct {
	MW          *convex.Expr // P_CDG
	Cost        *convex.Expr
	Constraints []*convex.Constraint

	beforeMW *convex.Expr // parameter: P_CDG of the step before
}

func newGenerator(s scope, c *community.CDG) *Generator {
	g := &Generator{
		MW:       s.variable("P_CDG_MW", convex.Bounds(c.MinKW/mega, c.MaxKW/mega)), // (1)
		beforeMW: s.number("P_CDG_0"),
	}
	step := g.MW.Minus(s.before(g.beforeMW, g.MW))
	g.Constraints = []*convex.Constraint{ // (2)
		step.LE(c.RampKW / mega).Named(s.prefix + "ramp up"),
		step.GE(-c.RampKW / mega).Named(s.prefix + "ramp down"),
	}
	g.Cost = convex.Add( // (16)
		convex.SumSquares(g.MW).Times(c.QuadraticPerKW2h*mega*hours),
		convex.Sum(g.MW).Times(c.LinearPerKWh*hours))
	return g
}
