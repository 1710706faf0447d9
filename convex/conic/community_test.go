package conic

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// The problems of this file have the shape of a community's day: prosumers with
// a generator that ramps, inverters with a disc P² + Q² <= S², a battery, a
// curtailable load and purchases, coupled by trade and by the voltages of a
// radial feeder. Their numbers are drawn, not measured.

// dayModel builds such a problem. Every power is in units of unit kW.
type dayModel struct {
	builder
	r     *rand.Rand
	steps int
	unit  float64
}

func (d *dayModel) variable(cost float64) int {
	d.q = append(d.q, cost)
	d.n++
	return d.n - 1
}

func (d *dayModel) box(col int, lo, hi float64) {
	d.kinds[NonNeg].single(col, -1, -lo)
	d.kinds[NonNeg].single(col, 1, hi)
}

// term is an entry of a row.
type term struct {
	col int
	v   float64
}

func (d *dayModel) row(kind Kind, rhs float64, terms ...term) {
	b := &d.kinds[kind]
	at := b.row(rhs)
	for _, t := range terms {
		b.add(at, t.col, t.v)
	}
}

// prosumer adds one prosumer and returns, per step, the terms of the active and
// reactive power it injects, and of what it buys from others.
func (d *dayModel) prosumer(peak float64) (p, q, trade [][]term) {
	u := d.unit
	peak /= u
	var lastP, lastE term
	for t := range d.steps {
		hour := float64(t) * 24 / float64(d.steps)
		load := peak * (0.5 + 0.3*math.Sin(hour/24*2*math.Pi-2) + 0.1*d.r.Float64())
		buy := 0.8 + 0.3*math.Sin(hour/3)
		sun := peak * 1.2 * max(0, math.Sin((hour-6)/12*math.Pi))
		gen := d.variable(0.55 * u / 4)
		d.box(gen, 0, 0.4*peak)
		d.quad.add(gen, gen, 0.1/peak*u/4)
		pv, pvq := d.variable(0), d.variable(0)
		d.box(pv, 0, sun)
		for k, row := range [3]term{{-1, 0}, {pv, -1}, {pvq, -1}} {
			rhs := 0.0
			if k == 0 {
				rhs = 1.2 * peak
			}
			at := d.soc.row(rhs)
			if row.col >= 0 {
				d.soc.add(at, row.col, row.v)
			}
		}
		d.socDims = append(d.socDims, 3)
		charge, discharge, soc := d.variable(0.03*u/4), d.variable(0.03*u/4), d.variable(0)
		d.box(charge, 0, 0.3*peak)
		d.box(discharge, 0, 0.3*peak)
		d.box(soc, 0.1, 0.9)
		cut := d.variable(0.9 * u / 4)
		d.box(cut, 0, 0.2*load)
		gb, gs, mb, ms := d.variable(buy*u/4), d.variable(-0.35*u/4), d.variable(0.05*u/4), d.variable(0.05*u/4)
		for _, v := range []int{gb, gs} {
			d.kinds[NonNeg].single(v, -1, 0)
		}
		for _, v := range []int{mb, ms} {
			d.box(v, 0, peak)
		}
		terms := []term{{soc, 1}, {charge, -0.95 / (8 * peak)}, {discharge, 1 / (0.95 * 8 * peak)}}
		if t > 0 {
			d.row(Zero, 0, append(terms, lastE)...)
			d.row(NonNeg, 0.05*peak, term{gen, 1}, lastP)
			d.row(NonNeg, 0.05*peak, term{gen, -1}, term{lastP.col, 1})
		} else {
			d.row(Zero, 0.5, terms...)
		}
		lastE, lastP = term{soc, -1}, term{gen, -1}
		d.row(Zero, load, term{gen, 1}, term{pv, 1}, term{charge, -1}, term{discharge, 1}, term{cut, 1}, term{gb, 1}, term{gs, -1}, term{mb, 1}, term{ms, -1})
		p = append(p, []term{{gb, -1}, {gs, 1}, {mb, -1}, {ms, 1}})
		q = append(q, []term{{pvq, 1}})
		trade = append(trade, []term{{mb, 1}, {ms, -1}})
	}
	return p, q, trade
}

// day returns the problem of a number of prosumers, with the branch flows and
// squared voltages of a feeder of that many buses, flows in units of flowUnit kW,
// where network is set.
func day(prosumers, steps int, network bool, unit, flowUnit float64) *Problem {
	d := &dayModel{r: rand.New(rand.NewPCG(uint64(prosumers), uint64(steps))), steps: steps, unit: unit}
	d.socDims = nil
	var ps, qs, trades [][][]term
	for range prosumers {
		p, q, trade := d.prosumer(200 + 300*d.r.Float64())
		ps, qs, trades = append(ps, p), append(qs, q), append(trades, trade)
	}
	parent := make([]int, prosumers)
	for i := range parent {
		parent[i] = i - 1 - d.r.IntN(min(2, max(i, 1)))
	}
	for t := range steps {
		if prosumers > 1 {
			var all []term
			for i := range trades {
				all = append(all, trades[i][t]...)
			}
			d.row(Zero, 0, all...)
		}
		if network {
			d.feeder(t, parent, ps, qs, flowUnit)
		}
	}
	problem, err := d.build()
	if err != nil {
		panic(err)
	}
	return problem
}

// feeder adds the LinDistFlow equations of one step.
func (d *dayModel) feeder(t int, parent []int, ps, qs [][][]term, flowUnit float64) {
	n := len(parent)
	p, q, v := make([]int, n), make([]int, n), make([]int, n)
	for i := range n {
		p[i], q[i], v[i] = d.variable(0), d.variable(0), d.variable(0)
		d.box(v[i], 0.95*0.95, 1.05*1.05)
	}
	scale := func(terms []term) []term {
		out := make([]term, len(terms))
		for i, x := range terms {
			out[i] = term{x.col, x.v * d.unit / flowUnit}
		}
		return out
	}
	for i, up := range parent {
		power, reactive := append(scale(ps[i][t]), term{p[i], 1}), append(scale(qs[i][t]), term{q[i], 1})
		for j, par := range parent {
			if par == i {
				power, reactive = append(power, term{p[j], -1}), append(reactive, term{q[j], -1})
			}
		}
		d.row(Zero, 0, power...)
		d.row(Zero, 0, reactive...)
		z := 2 * flowUnit / 1e4 * (0.02 + 0.03*float64(i%3))
		drop := []term{{v[i], 1}, {p[i], z}, {q[i], z / 2}}
		rhs := 1.0
		if up >= 0 {
			drop, rhs = append(drop, term{v[up], -1}), 0
		}
		d.row(Zero, rhs, drop...)
	}
}

// TestUnitsOfTheNetwork solves one community with flows in p.u. and in kW, and
// prosumers in MW and in kW. Badly chosen units must not yield a wrong answer that
// is called solved.
func TestUnitsOfTheNetwork(t *testing.T) {
	var want float64
	for k, units := range [][2]float64{{1000, 1e4}, {1, 1e4}, {1, 1}, {1000, 1}, {1, 1e6}} {
		p := day(8, 48, true, units[0], units[1])
		r, err := Solve(context.Background(), p, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("prosumers in %g kW, flows in %g kW: %s after %d iterations, objective %.9g", units[0], units[1], r.Status, r.Iterations, r.Objective)
		switch {
		case k == 0:
			if want = r.Objective; r.Status != Solved {
				t.Errorf("well chosen units: %s", r.Status)
			}
		case r.Status != Solved:
		case math.Abs(r.Objective-want) > 1e-6*(1+math.Abs(want)):
			t.Errorf("units %v: objective %.9g, want %.9g", units, r.Objective, want)
		}
	}
}

func benchmarkDay(b *testing.B, p *Problem) {
	b.ReportAllocs()
	for b.Loop() {
		r, err := Solve(context.Background(), p, Settings{})
		if err != nil || r.Status != Solved {
			b.Fatal(err, r.Status)
		}
	}
}

func BenchmarkProsumerDay(b *testing.B)     { benchmarkDay(b, day(1, 96, false, 1, 1)) }
func BenchmarkJointDay(b *testing.B)        { benchmarkDay(b, day(20, 96, false, 1000, 1e4)) }
func BenchmarkJointDayNetwork(b *testing.B) { benchmarkDay(b, day(20, 96, true, 1000, 1e4)) }

// BenchmarkResolve solves again with a new q and b.
func BenchmarkResolve(b *testing.B) {
	p := day(20, 96, true, 1000, 1e4)
	s, err := New(p, Settings{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Update(Data{Q: p.Q, B: p.B}); err != nil {
			b.Fatal(err)
		}
		if r, err := s.Solve(context.Background()); err != nil || r.Status != Solved {
			b.Fatal(err, r.Status)
		}
	}
}
