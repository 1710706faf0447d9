package reference

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Shedding is a controllable load: the part of the load that can be left off.
type Shedding struct {
	MW          *convex.Expr // P_CL, > 0 sheds
	Cost        *convex.Expr
	Constraints []*convex.Constraint
}

func newShedding(s scope, c *community.CL, loadMW *convex.Expr) *Shedding {
	x := &Shedding{MW: s.variable("P_CL_MW", convex.Nonneg)} // (8)
	x.Constraints = []*convex.Constraint{x.MW.LE(loadMW.Times(c.Alpha)).Named(s.prefix + "flexible load")}
	x.Cost = convex.Sum(x.MW).Times(c.CompensationPerKWh * hours) // (18)
	return x
}
