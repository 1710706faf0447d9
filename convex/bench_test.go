package convex

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// day is a community's joint day in the form of package dso: prosumers with a
// generator, an inverter, a battery, load to shed and trade with each other,
// under the voltage limits of a radial feeder (linearised). It only serves to
// measure what compiling and re-solving a model of that size costs.
type day struct {
	problem         *Problem
	load, sun       []*Expr
	buy             *Expr
	initial, demand *Expr
}

const (
	daySteps = 96
	dayHours = 0.25
)

func newDay(prosumers, buses int) *day {
	r := rand.New(rand.NewPCG(17, 18))
	d := &day{buy: Parameter("buy", Vec(daySteps), Nonneg), initial: Parameter("SOC0", Vec(prosumers), Nonneg)}
	cost := Const(0)
	var cons []*Constraint
	trade := Const(0)
	inject := map[int]*Expr{}
	reactive := map[int]*Expr{}
	for i := range prosumers {
		vec := func(name string, attrs ...Attr) *Expr { return Variable(name, Vec(daySteps), attrs...) }
		load, sun := Parameter("load", Vec(daySteps), Nonneg), Parameter("sun", Vec(daySteps), Nonneg)
		d.load, d.sun = append(d.load, load), append(d.sun, sun)
		size := 0.2 + 0.2*r.Float64() // MW
		cdg := vec("P_CDG", Bounds(0, 0.5*size))
		pv, q := vec("P_RDG", Nonneg), vec("Q_RDG")
		charge, discharge := vec("charge", Bounds(0, 0.3*size)), vec("discharge", Bounds(0, 0.3*size))
		soc := Variable("SOC", Vec(daySteps+1), Bounds(0.1, 0.9))
		shed := vec("P_CL", Nonneg)
		gridBuy, gridSell := vec("gridBuy", Nonneg), vec("gridSell", Nonneg)
		p2pBuy, p2pSell := vec("p2pBuy", Nonneg), vec("p2pSell", Nonneg)

		cost = Add(cost,
			Sum(Square(cdg)).Times(0.1*dayHours), Sum(cdg).Times(0.55*dayHours),
			MatMul(d.buy, gridBuy).Minus(Sum(gridSell).Times(0.35)).Times(dayHours),
			Sum(Add(charge, discharge)).Times(0.03*dayHours), Sum(shed).Times(0.95*dayHours),
			Sum(Add(p2pBuy, p2pSell)).Times(0.02*dayHours), SumSquares(q).Times(1e-4*dayHours))
		net := Add(gridBuy, p2pBuy).Minus(gridSell).Minus(p2pSell)
		cons = append(cons,
			Diff(cdg, 1, 0).LE(0.05*size), Diff(cdg, 1, 0).GE(-0.05*size),
			pv.LE(sun), Add(Square(pv), Square(q)).LE(size*size),
			soc.At(0).EQ(d.initial.At(i)),
			soc.Slice(1, daySteps+1).EQ(Add(soc.Slice(0, daySteps), charge.Times(0.95*dayHours/size), discharge.Times(-dayHours/0.95/size))),
			soc.At(-1).GE(d.initial.At(i)),
			shed.LE(load.Times(0.2)),
			Add(cdg, pv, shed, discharge, net).EQ(Add(load, charge)))
		trade = Add(trade, p2pBuy.Minus(p2pSell))
		bus := (i + 1) * (buses - 1) / prosumers
		inject[bus], reactive[bus] = net.Negate(), q.Minus(load.Times(0.3))
	}
	cons = append(cons, trade.EQ(0).Named("trade"))
	if buses > 0 {
		d.demand = Parameter("demand", Mat(buses, daySteps), Nonneg)
		p, q := Variable("flowP", Mat(buses, daySteps)), Variable("flowQ", Mat(buses, daySteps))
		v := Variable("voltage", Mat(buses, daySteps), Bounds(0.95*0.95, 1.05*1.05))
		children := make([][]int, buses)
		for b := 1; b < buses; b++ {
			parent := max(0, b-1-r.IntN(3))
			children[parent] = append(children[parent], b)
			drop := p.At(b).Times(2 * 3e-3 * r.Float64()).Plus(q.At(b).Times(2 * 2e-3 * r.Float64()))
			cons = append(cons, v.At(b).EQ(v.At(parent).Minus(drop)))
		}
		for b := range buses {
			down, downQ := Const(0), Const(0)
			for _, k := range children[b] {
				down, downQ = down.Plus(p.At(k)), downQ.Plus(q.At(k))
			}
			own, ownQ := d.demand.At(b), d.demand.At(b).Times(0.5)
			if x := inject[b]; x != nil {
				own, ownQ = own.Minus(x), ownQ.Minus(reactive[b])
			}
			cons = append(cons, p.At(b).EQ(down.Plus(own)), q.At(b).EQ(downQ.Plus(ownQ)))
		}
		cons = append(cons, v.At(0).EQ(1))
	}
	d.problem = NewProblem(Minimize(cost), cons...)
	return d
}

func (d *day) set(tb testing.TB, g *Program, seed uint64) {
	tb.Helper()
	r := rand.New(rand.NewPCG(seed, 19))
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	shape := func(f func(hour float64) float64) []float64 {
		v := make([]float64, daySteps)
		for t := range v {
			v[t] = f(float64(t)*dayHours) * (0.9 + 0.2*r.Float64())
		}
		return v
	}
	for i := range d.load {
		check(g.Set(d.load[i], shape(func(h float64) float64 { return 0.1 + 0.06*math.Sin(h/4) })))
		check(g.Set(d.sun[i], shape(func(h float64) float64 { return 0.25 * math.Max(0, math.Sin((h-6)/12*math.Pi)) })))
	}
	check(g.Set(d.buy, shape(func(h float64) float64 { return 0.8 + 0.3*math.Sin(h/3) })))
	soc := make([]float64, len(d.load))
	for i := range soc {
		soc[i] = 0.3 + 0.4*r.Float64()
	}
	check(g.Set(d.initial, soc))
	if d.demand != nil {
		v := make([]float64, d.demand.Size())
		for i := range v {
			v[i] = 0.02 * r.Float64()
		}
		check(g.Set(d.demand, v))
	}
}

// ready compiles a day and sets its data.
func ready(tb testing.TB, prosumers, buses int) (*day, *Program) {
	tb.Helper()
	d := newDay(prosumers, buses)
	g, err := d.problem.Compile()
	if err != nil {
		tb.Fatal(err)
	}
	d.set(tb, g, 1)
	return d, g
}

var daySizes = []struct {
	name             string
	prosumers, buses int
}{{"Prosumer", 1, 0}, {"Joint", 20, 0}, {"Network", 20, 141}}

// BenchmarkBuild builds expressions and checks the rules, BenchmarkCompile
// lowers them as well.
func BenchmarkBuild(b *testing.B) {
	for _, s := range daySizes {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				if !newDay(s.prosumers, s.buses).problem.IsDCP() {
					b.Fatal("not DCP")
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, s := range daySizes {
		b.Run(s.name, func(b *testing.B) {
			p := newDay(s.prosumers, s.buses).problem
			for b.Loop() {
				if _, err := p.Compile(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCold builds, compiles and solves; BenchmarkResolve sets new data and
// solves again.
func BenchmarkCold(b *testing.B) {
	for _, s := range daySizes {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				_, g := ready(b, s.prosumers, s.buses)
				if sol, err := g.Solve(context.Background(), Options{}); err != nil || sol.Status != Solved {
					b.Fatal(err, sol.Status)
				}
			}
		})
	}
}

func BenchmarkResolve(b *testing.B) {
	for _, s := range daySizes {
		b.Run(s.name, func(b *testing.B) {
			d, g := ready(b, s.prosumers, s.buses)
			if _, err := g.Solve(context.Background(), Options{}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				d.set(b, g, 1)
				if sol, err := g.Solve(context.Background(), Options{}); err != nil || sol.Status != Solved {
					b.Fatal(err, sol.Status)
				}
			}
		})
	}
}

// BenchmarkUpdate only moves new data to its places.
func BenchmarkUpdate(b *testing.B) {
	for _, s := range daySizes {
		b.Run(s.name, func(b *testing.B) {
			_, g := ready(b, s.prosumers, s.buses)
			for b.Loop() {
				g.changed = true
				if _, err := g.Conic(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
