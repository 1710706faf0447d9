package dso

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/profile"
)

// controls are the devices of all prosumers in one step, in MW and Mvar: with the
// state known, eqs. (1)-(8) are intervals, and (4) a disc for every inverter.
type controls struct {
	prosumers []community.Prosumer
	cdg, rdg  *control
	bess, cl  *control
	// Of every inverter: the reactive power, its limit, the share of its
	// prosumer's power, and what it wants.
	inverterOf, unitOf []int
	mvar, mvarLimit    *convex.Expr
	share, mvarWant    *convex.Expr

	loadMW, loadMvar *convex.Expr    // parameters, by prosumer
	injected         [2]*convex.Expr // MW and Mvar that prosumers inject, eqs. (9)-(10)
	rows             []*convex.Constraint
}

// control is one kind of device.
type control struct {
	owner                 []int // prosumers that have it
	mw, low, high, wantMW *convex.Expr
}

func newControls(prosumers []community.Prosumer) *controls {
	n := len(prosumers)
	c := &controls{
		prosumers: prosumers,
		loadMW:    convex.Parameter("load_MW", convex.Vec(n)), loadMvar: convex.Parameter("load_Mvar", convex.Vec(n)),
	}
	active, reactive := c.loadMW.Negate(), c.loadMvar.Negate()
	add := func(name string, sign float64, has func(*community.Prosumer) bool) *control {
		k := &control{}
		for i := range prosumers {
			if has(&prosumers[i]) {
				k.owner = append(k.owner, i)
			}
		}
		if len(k.owner) == 0 {
			return k
		}
		size := convex.Vec(len(k.owner))
		k.mw = convex.Variable(name+"_MW", size)
		k.low, k.high, k.wantMW = convex.Parameter(name+"_low", size), convex.Parameter(name+"_high", size), convex.Parameter(name+"_want", size)
		c.rows = append(c.rows, k.mw.GE(k.low), k.mw.LE(k.high))
		active = active.Plus(convex.MatMul(placed(k.owner, n, sign), k.mw))
		return k
	}
	c.cdg = add("cdg", 1, func(p *community.Prosumer) bool { return p.CDG != nil })
	c.rdg = add("rdg", 1, func(p *community.Prosumer) bool { return len(p.RDGs) > 0 })
	c.bess = add("bess", -1, func(p *community.Prosumer) bool { return p.BESS != nil })
	c.cl = add("cl", 1, func(p *community.Prosumer) bool { return p.CL != nil })

	var at []int           // of each inverter's owner among those of c.rdg
	var apparent []float64 // MVA
	for k, i := range c.rdg.owner {
		for unit := range prosumers[i].RDGs {
			c.inverterOf, c.unitOf, at = append(c.inverterOf, i), append(c.unitOf, unit), append(at, k)
			apparent = append(apparent, prosumers[i].RDGs[unit].ApparentKVA/mega)
		}
	}
	if m := len(at); m > 0 {
		size := convex.Vec(m)
		c.mvar = convex.Variable("q_Mvar", size)
		c.mvarLimit, c.share, c.mvarWant = convex.Parameter("q_limit", size), convex.Parameter("share", size), convex.Parameter("q_want", size)
		power := convex.Multiply(c.share, c.rdg.mw.Index(convex.Pick(at...)))
		c.rows = append(c.rows,
			convex.SOCAxis(convex.Const(apparent), convex.Vstack(power, c.mvar), 0), // (4)
			c.mvar.LE(c.mvarLimit), c.mvar.GE(c.mvarLimit.Negate()))
		reactive = reactive.Plus(convex.MatMul(placed(c.inverterOf, n, 1), c.mvar))
	}
	c.injected = [2]*convex.Expr{active, reactive}
	return c
}

// placed is the matrix that adds values of owners up by prosumer.
func placed(owner []int, n int, sign float64) [][]float64 {
	m := table[float64](n, len(owner))
	for k, i := range owner {
		m[i][k] = sign
	}
	return m
}

// all lists the kinds of devices with what a set point says of each.
func (c *controls) all() []struct {
	*control
	of func(*community.SetPoint) *float64
} {
	return []struct {
		*control
		of func(*community.SetPoint) *float64
	}{
		{c.cdg, func(p *community.SetPoint) *float64 { return &p.CDGKW }},
		{c.rdg, func(p *community.SetPoint) *float64 { return &p.RDGKW }},
		{c.bess, func(p *community.SetPoint) *float64 { return &p.BESSKW }},
		{c.cl, func(p *community.SetPoint) *float64 { return &p.CLKW }},
	}
}

// set gives the parameters the numbers of a situation of one step, and want where
// the program asks for it (nil: it does not).
func (c *controls) set(g *convex.Program, s *Situation, want []community.SetPoint) error {
	n := len(c.prosumers)
	bounds, units := make([]community.Bounds, n), make([][]float64, n)
	loadMW, loadMvar := make([]float64, n), make([]float64, n)
	for i := range c.prosumers {
		for _, series := range s.Day.AvailableKW[i] {
			units[i] = append(units[i], series[s.First])
		}
		bounds[i] = c.prosumers[i].Bounds(s.CDGKW[i], s.SOC[i], units[i], s.Day.LoadKW[i][s.First], profile.StepHours)
		loadMW[i], loadMvar[i] = s.Day.LoadKW[i][s.First]/mega, s.Day.LoadKvar[i][s.First]/mega
	}
	set := func(into *convex.Expr, owner []int, value func(k, i int) float64) error {
		values := make([]float64, len(owner))
		for k, i := range owner {
			values[k] = value(k, i) / mega
		}
		return g.Set(into, values)
	}
	for _, k := range c.all() {
		if k.mw == nil {
			continue
		}
		if err := set(k.low, k.owner, func(_, i int) float64 { return *k.of(&bounds[i].Lo) }); err != nil {
			return err
		}
		if err := set(k.high, k.owner, func(_, i int) float64 { return *k.of(&bounds[i].Hi) }); err != nil {
			return err
		}
		if want != nil {
			if err := set(k.wantMW, k.owner, func(_, i int) float64 { return *k.of(&want[i]) }); err != nil {
				return err
			}
		}
	}
	if c.mvar != nil {
		limits := make([]float64, len(c.inverterOf))
		shares := make([]float64, len(c.inverterOf))
		wants := make([]float64, len(c.inverterOf))
		for k, i := range c.inverterOf {
			unit, available := &c.prosumers[i].RDGs[c.unitOf[k]], bounds[i].Hi.RDGKW
			limits[k] = unit.ReactiveLimit(0, units[i][c.unitOf[k]]) / mega
			if available > 0 {
				shares[k] = units[i][c.unitOf[k]] / available
			}
		}
		if want != nil {
			for i := range c.prosumers {
				c.splitWant(i, want[i], units[i], wants)
			}
			if err := g.Set(c.mvarWant, wants); err != nil {
				return err
			}
		}
		if err := g.Set(c.mvarLimit, limits); err != nil {
			return err
		}
		if err := g.Set(c.share, shares); err != nil {
			return err
		}
	}
	if err := g.Set(c.loadMW, loadMW); err != nil {
		return err
	}
	return g.Set(c.loadMvar, loadMvar)
}

// splitWant writes the reactive power that prosumer i's inverters want, Mvar.
func (c *controls) splitWant(i int, want community.SetPoint, unitsKW, wants []float64) {
	kW, kvar := make([]float64, len(unitsKW)), make([]float64, len(unitsKW))
	c.prosumers[i].Split(want, unitsKW, kW, kvar)
	for k, owner := range c.inverterOf {
		if owner == i {
			wants[k] = kvar[c.unitOf[k]] / mega
		}
	}
}

// reactiveWeight is what a kvar of change counts beside a kW, squared: reactive
// power costs nobody anything, so it goes first.
const reactiveWeight = 0.01

// change is how far the decisions are from what was wanted, in squares of 100 kW.
func (c *controls) change() *convex.Expr {
	total := convex.Const(0)
	for _, k := range c.all() {
		if k.mw != nil {
			total = total.Plus(convex.SumSquares(k.mw.Minus(k.wantMW)).Times(100))
		}
	}
	if c.mvar != nil {
		total = total.Plus(convex.SumSquares(c.mvar.Minus(c.mvarWant)).Times(100 * reactiveWeight))
	}
	return total
}

// setPoints reads the decisions off a solution.
func (c *controls) setPoints(s *convex.Solution) []community.SetPoint {
	out := make([]community.SetPoint, len(c.prosumers))
	for _, k := range c.all() {
		if k.mw == nil {
			continue
		}
		for j, mw := range s.Value(k.mw) {
			*k.of(&out[k.owner[j]]) = mw * mega
		}
	}
	if c.mvar != nil {
		for k, mvar := range s.Value(c.mvar) {
			out[c.inverterOf[k]].RDGKvar += mvar * mega
		}
	}
	return out
}
