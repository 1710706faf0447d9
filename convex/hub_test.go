package convex

import (
	"context"
	"math"
	"testing"
)

// TestHubDay writes the day of testdata/hub.py as experts write it: in kW, with
// the inverters' discs as squares, absolute values, maxima and minima. cvxpy
// 1.9.3 with Clarabel finds -208.863047 for it in norm
// form, and the multipliers below.
func TestHubDay(t *testing.T) {
	const (
		steps, hours = 96, 0.25
		sell, fee    = 0.35, 0.02
	)
	series := func(f func(h float64) float64) []float64 {
		v := make([]float64, steps)
		for i := range v {
			v[i] = f(float64(i) * hours)
		}
		return v
	}
	buy := series(func(h float64) float64 {
		switch {
		case h >= 23 || h < 7:
			return 0.43
		case h >= 8.5 && h < 11.5 || h >= 16 && h < 21:
			return 1.17
		}
		return 0.80
	})
	middle := series(func(float64) float64 { return 0 })
	for i := range middle {
		middle[i] = (buy[i] + sell) / 2
	}
	load := Const(series(func(h float64) float64 { return 200 + 80*math.Sin((h-9)/24*2*math.Pi) + 10*math.Sin(7*h) }))
	sun := series(func(h float64) float64 {
		return 350 * math.Max(0, math.Sin((h-6)/12*math.Pi)) * (0.8 + 0.2*math.Cos(5*h))
	})
	wind := series(func(h float64) float64 { return 120 + 100*math.Sin(h/3)*math.Cos(h/11) })

	vec := func(name string) *Expr { return Variable(name, Vec(steps)) }
	cdg, pv, pvQ, wt, wtQ := vec("P_CDG"), vec("P_PV"), vec("Q_PV"), vec("P_WT"), vec("Q_WT")
	bess, cl, grid, p2p, ex, exQ := vec("P_BESS"), vec("P_CL"), vec("P_Grid"), vec("P_P2P"), vec("P_EX"), vec("Q_EX")
	soc := Variable("SOC", Vec(steps+1))

	cost := Add(
		Sum(Maximum(grid.Times(buy), grid.Times(sell))),    // (15)
		Sum(Add(Square(cdg).Times(4e-4), cdg.Times(0.55))), // (16)
		Norm1(bess).Times(0.03),                            // (17)
		Sum(Abs(cl)).Times(0.95),                           // (18)
		Sum(Add(Abs(p2p).Times(fee), p2p.Times(middle))),   // (19)
		SumSquares(exQ).Times(1e-5)).Times(hours)
	balance := ex.EQ(Add(cdg, pv, wt, cl).Minus(load).Minus(bess)) // (9)
	disc := Square(pv).Plus(Square(pvQ)).LE(300 * 300)             // (4)
	p := NewProblem(Minimize(cost),
		cdg.GE(0), cdg.LE(300), Abs(Diff(cdg, 1, 0)).LE(30), Abs(cdg.At(0)).LE(30), // (1), (2)
		pv.GE(0), pv.LE(sun), wt.GE(0), wt.LE(wind), // (3)
		disc, Square(wt).Plus(Square(wtQ)).LE(250*250),
		Abs(bess).LE(240), soc.GE(0.1), soc.LE(0.9), soc.At(0).EQ(0.5), soc.At(steps).GE(0.5), // (5), (6)
		soc.Slice(1, steps+1).LE(Add(soc.Slice(0, steps), Minimum(bess.Times(0.95), bess.Over(0.95)).Times(hours/800))), // (7)
		cl.GE(0), cl.LE(load.Times(0.2)), // (8)
		balance, exQ.EQ(Add(pvQ, wtQ).Minus(load.Times(0.3287))), // (9), (10)
		ex.EQ(Add(grid, p2p).Negate()),
		Abs(p2p).LE(60))
	s, err := p.Solve(context.Background(), Options{})
	if err != nil || s.Status != Solved {
		t.Fatal(s.Status, err)
	}
	if want := -208.863047; math.Abs(s.Objective-want) > 1e-6*math.Abs(want) {
		t.Errorf("cost %.9g, want %.9g", s.Objective, want)
	}
	if got, want := s.Dual(balance)[48], 0.112763; math.Abs(got-want) > 1e-4 {
		t.Errorf("the balance at noon has the multiplier %v, want %v", got, want)
	}
	sum := 0.0
	for _, d := range s.Dual(disc) {
		sum += d * 2 * 300 // of |(P, Q)| <= S, d(S^2) = 2 S dS
	}
	if want := 0.525; math.Abs(sum-want) > 1e-4 {
		t.Errorf("the disc's multipliers add up to %v, want %v", sum, want)
	}
}
