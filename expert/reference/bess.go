package reference

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
)

// Battery is a battery energy storage system. (7) bends at P = 0; with P split
// into charge and discharge it is linear. Doing both at once only burns energy,
// so no optimum does it while energy is worth something. Where prices are
// negative burning pays, and the split allows more than a battery can do: then
// [Battery.Both] finds the steps, in which one direction has to be chosen, by
// branch and bound in [Alone.Solve] and by [Battery.Set] in package dso.
type Battery struct {
	ChargeMW, DischargeMW *convex.Expr
	MW                    *convex.Expr // P_BESS = charge - discharge, > 0 charges
	SOC                   *convex.Expr // at the end of each step
	Cost                  *convex.Expr
	Constraints           []*convex.Constraint

	startSOC                    *convex.Expr // parameter
	chargeCapMW, dischargeCapMW *convex.Expr // parameters
	owner                       *community.Prosumer
}

// NewBattery writes the battery of p for a horizon of steps on its own, to hold
// another's model of the prosumer to what the battery can do.
func NewBattery(p *community.Prosumer, steps int) *Battery {
	return newBattery(scope{prefix: p.Name + ".", steps: steps}, p, NewPrices(steps))
}

func newBattery(s scope, owner *community.Prosumer, p *Prices) *Battery {
	b := owner.BESS
	x := &Battery{
		ChargeMW:       s.variable("P_charge_MW", convex.Nonneg),
		DischargeMW:    s.variable("P_discharge_MW", convex.Nonneg),
		SOC:            s.variable("SOC", convex.Bounds(b.SOCMin, b.SOCMax)), // (6)
		startSOC:       s.number("SOC_0"),
		chargeCapMW:    s.parameter("P_charge_max"),
		dischargeCapMW: s.parameter("P_discharge_max"),
		owner:          owner,
	}
	x.MW = x.ChargeMW.Minus(x.DischargeMW)
	perMW := hours * mega / b.EnergyKWh // of SOC in one step
	x.Constraints = []*convex.Constraint{
		x.ChargeMW.LE(x.chargeCapMW).Named(s.prefix + "charger"),          // (5)
		x.DischargeMW.LE(x.dischargeCapMW).Named(s.prefix + "discharger"), // (5)
		x.SOC.EQ(s.before(x.startSOC, x.SOC). // (7)
							Plus(x.ChargeMW.Times(b.Efficiency * perMW)).
							Minus(x.DischargeMW.Times(perMW / b.Efficiency))).Named(s.prefix + "storage"),
	}
	wear := convex.Sum(x.ChargeMW.Plus(x.DischargeMW)).Times(b.MaintenancePerKWh * hours) // (17)
	stored := x.SOC.At(s.steps - 1).Minus(x.startSOC).Times(b.EnergyKWh / mega)
	x.Cost = wear.Minus(stored.Times(p.stored))
	return x
}

// Set gives the battery the charge that it starts from, and forbids it to charge
// or to discharge in some steps; nil forbids nothing.
func (x *Battery) Set(g *convex.Program, soc float64, noCharge, noDischarge []bool) error {
	b, steps := x.owner.BESS, x.MW.Size()
	return firstError(g.Set(x.startSOC, soc),
		g.Set(x.chargeCapMW, capped(b.MaxKW/mega, steps, noCharge)),
		g.Set(x.dischargeCapMW, capped(-b.MinKW/mega, steps, noDischarge)))
}

// bothMW is the power in both directions from which a battery is said to charge
// and discharge at once; below it lies what a solver leaves of a zero.
const bothMW = 1e-5

// Both lists the steps in which a solution charges and discharges at once. No
// battery does.
func (x *Battery) Both(s *convex.Solution) []int {
	if x == nil {
		return nil
	}
	var steps []int
	discharge := s.Value(x.DischargeMW)
	for t, charge := range s.Value(x.ChargeMW) {
		if min(charge, discharge[t]) > bothMW {
			steps = append(steps, t)
		}
	}
	return steps
}

// exclusive lets the battery charge or discharge, not both, in the given steps.
func (x *Battery) exclusive(steps []int) []*convex.Constraint {
	p := x.owner
	charges := convex.Variable(p.Name+".charges", convex.Vec(len(steps)), convex.Boolean)
	at := func(e *convex.Expr) *convex.Expr { return e.Index(convex.Pick(steps...)) }
	return []*convex.Constraint{
		at(x.ChargeMW).LE(charges.Times(p.BESS.MaxKW / mega)).Named(p.Name + ".charges alone"),
		at(x.DischargeMW).LE(convex.Sub(1, charges).Times(-p.BESS.MinKW / mega)).Named(p.Name + ".discharges alone"),
	}
}
