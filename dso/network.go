package dso

import (
	"fmt"
	"slices"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/grid"
)

// networkRows are eqs. (11)-(13) as LinDistFlow. The variables are what the
// members' exchange adds to the flow of each segment (p.u.) and to the squared
// voltage at its end; what everybody else does is in the bounds, which come from
// an AC power flow.
type networkRows struct {
	feeder  *feeder
	network *grid.Network
	limits  []limitRow
	rows    []*convex.Constraint

	// soft rows may give way in every step, at a price above everything that
	// devices could do about it. Hard ones are solved in a third of the iterations.
	soft                *convex.Expr // what giving way costs; nil: hard rows
	shortLow, shortHigh *convex.Expr // by how much, p.u. of squared voltage
	price               *convex.Expr // parameter: thousands of money per p.u.
}

// side is one limit of the voltage at an anchor.
type side struct {
	anchor int
	upper  bool
}

// limitRow holds a limit in every step.
type limitRow struct {
	side
	bound *convex.Expr // parameter: of the rise of the squared voltage, by step
}

// newNetworkRows makes rows for these limits, to be written into a problem.
func newNetworkRows(f *feeder, n *grid.Network, sides []side) *networkRows {
	w := &networkRows{feeder: f, network: n}
	for _, s := range sides {
		w.limits = append(w.limits, limitRow{side: s})
	}
	return w
}

// shortPrice is what it costs to miss a limit, in thousands of money per p.u. of
// squared voltage in one step, where a kWh costs 1. The dearest way to lift a
// voltage costs some 40.
const shortPrice = 200

// write makes the rows for a horizon.
func (w *networkRows) write(members []Member, steps int, soft bool) {
	f := w.feeder
	vector := func(name string, attrs ...convex.Attr) *convex.Expr {
		return convex.Variable(name, convex.Vec(steps), attrs...)
	}
	perMW := w.network.PerUnit(mega)
	flowP, flowQ, rise := make([]*convex.Expr, len(f.segments)), make([]*convex.Expr, len(f.segments)), make([]*convex.Expr, len(f.segments))
	for s := range f.segments {
		flowP[s], flowQ[s], rise[s] = vector("flow_P"), vector("flow_Q"), vector("rise")
	}
	for s := range f.segments {
		g := &f.segments[s]
		var p, q []any
		for _, k := range g.children {
			p, q = append(p, flowP[k]), append(q, flowQ[k])
		}
		for _, i := range g.members {
			p = append(p, members[i].ExchangeMW.Times(perMW))
			q = append(q, members[i].ExchangeMvar.Times(perMW))
		}
		end := &f.anchors[g.end]
		w.rows = append(w.rows,
			flowP[s].EQ(convex.Add(p...)), flowQ[s].EQ(convex.Add(q...)),
			rise[s].EQ(riseAt(f, end, flowP, flowQ, rise)))
	}

	low, high := convex.Const(0), convex.Const(0)
	if soft {
		w.shortLow, w.shortHigh = vector("short_low", convex.Nonneg), vector("short_high", convex.Nonneg)
		w.price = convex.Parameter("short_price", convex.Scalar, convex.Nonneg)
		w.soft = convex.Sum(w.shortLow.Plus(w.shortHigh)).Times(w.price)
		low, high = w.shortLow, w.shortHigh
	}
	for k := range w.limits {
		x := &w.limits[k]
		a := &f.anchors[x.anchor]
		x.bound = convex.Parameter("bound", convex.Vec(steps))
		v := rise[a.segment]
		if f.segments[a.segment].end != x.anchor {
			v = riseAt(f, a, flowP, flowQ, rise)
		}
		row := v.Plus(low).GE(x.bound)
		if x.upper {
			row = v.Minus(high).LE(x.bound)
		}
		w.rows = append(w.rows, row.Named(w.name(x.side)))
	}
}

// riseAt is the rise of the squared voltage at an anchor, from the segment's
// start on: 2 (r P + x Q).
func riseAt(f *feeder, a *anchor, flowP, flowQ, rise []*convex.Expr) *convex.Expr {
	v := flowP[a.segment].Times(2 * a.r).Plus(flowQ[a.segment].Times(2 * a.x))
	if parent := f.segments[a.segment].parent; parent >= 0 {
		v = v.Plus(rise[parent])
	}
	return v
}

func (w *networkRows) name(x side) string {
	end := "lower"
	if x.upper {
		end = "upper"
	}
	return fmt.Sprintf("%s voltage limit at bus %d", end, w.network.Buses[w.feeder.anchors[x.anchor].buses[0]].ID)
}

// setPrice gives soft rows their price, given those of energy.
func (w *networkRows) setPrice(g *convex.Program, buy []float64) error {
	if w.soft == nil {
		return nil
	}
	highest := 1.0
	for _, price := range buy {
		highest = max(highest, price, -price)
	}
	return g.Set(w.price, shortPrice*highest)
}

// setBounds gives the rows the bounds of the rise of each anchor.
func (w *networkRows) setBounds(g *convex.Program, e *envelope) error {
	for _, x := range w.limits {
		bounds := e.low[x.anchor]
		if x.upper {
			bounds = e.high[x.anchor]
		}
		if err := g.Set(x.bound, bounds); err != nil {
			return err
		}
	}
	return nil
}

// shortPU is by how much the limits of each step gave way, in p.u. of voltage.
func (w *networkRows) shortPU(s *convex.Solution, steps int, vMin float64) []float64 {
	out := make([]float64, steps)
	if w.soft == nil {
		return out
	}
	low, high := s.Value(w.shortLow), s.Value(w.shortHigh)
	for t := range out {
		out[t] = max(low[t], high[t]) / (2 * vMin)
	}
	return out
}

// union is a with those of b that it lacks.
func union(a, b []side) []side {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			out = append(out, s)
		}
	}
	return out
}
