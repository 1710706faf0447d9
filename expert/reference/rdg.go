package reference

import (
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Renewable is one renewable unit behind its inverter.
type Renewable struct {
	MW, Mvar    *convex.Expr // P_RDG, Q_RDG; Mvar is zero without reactive power
	TieBreak    *convex.Expr // the price of reactive power, which no cost reports
	Constraints []*convex.Constraint

	availableMW *convex.Expr // parameter
	limitMvar   *convex.Expr // parameter: 0 while the inverter sleeps; nil where (4) says it all
}

func newRenewable(s scope, r *community.RDG, unit int, o Options) *Renewable {
	name := fmt.Sprintf("%s%d", r.Kind, unit)
	u := &Renewable{
		MW:          s.variable("P_"+name+"_MW", convex.Nonneg), // (3)
		Mvar:        convex.Const(make([]float64, s.steps)),
		TieBreak:    convex.Const(0),
		availableMW: s.parameter("P_max_" + name),
	}
	u.Constraints = append(u.Constraints, u.MW.LE(u.availableMW).Named(s.prefix+name+" available"))
	if o.WithoutReactive {
		return u
	}
	u.Mvar = s.variable("Q_" + name + "_Mvar")
	u.TieBreak = convex.SumSquares(u.Mvar).Times(o.ReactivePricePerKvar2h * mega * hours)
	disc := convex.Square(u.MW).Plus(convex.Square(u.Mvar)) // (4)
	u.Constraints = append(u.Constraints, disc.LE(squared(r.ApparentKVA/mega)).Named(s.prefix+name+" inverter"))
	if r.ReactiveShare > 0 || r.MinAvailableShare > 0 {
		u.limitMvar = s.parameter("Q_max_" + name)
		u.Constraints = append(u.Constraints,
			u.Mvar.LE(u.limitMvar).Named(s.prefix+name+" reactive, upper"),
			u.Mvar.GE(u.limitMvar.Negate()).Named(s.prefix+name+" reactive, lower"))
	}
	return u
}

func squared(x float64) float64 { return x * x }
