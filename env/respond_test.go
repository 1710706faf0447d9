package env

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestResponses holds what a Responder says against differences of steps that are
// taken again from a little beside, for money, states of charge and generators.
// Where the differences to both sides disagree, the step lies on a kink and
// nothing is asked.
func TestResponses(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	responder, err := NewResponder(w, 0, 0) // money alone
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	n := len(e.Agents())
	action, moved := make([]float32, n*ActionDim), make([]float32, n*ActionDim)
	out := make([]Response, n)
	var v Visit
	asked, kinks := 0, 0
	for _, day := range []int{24, 170} {
		e.Reset(day, Initial{SOC: 0.2})
		for !e.Done() {
			for k := range action {
				action[k] = float32(2*r.Float64()-1) * 0.999
				if r.IntN(10) == 0 {
					action[k] = float32(2*r.IntN(2) - 1) // cut off
				}
			}
			before := e.Save()
			e.Visit(&v)
			e.Step(action)
			after := e.Save()
			responder.Respond(e, &v, action, out)
			if n := testing.AllocsPerRun(1, func() { responder.Respond(e, &v, action, out) }); n != 0 {
				t.Fatalf("%v allocations", n)
			}

			// take steps from a changed state and reports money, charge and generator.
			take := func(i int, soc, cdg float64, k int, da float32) [3]float64 {
				changed := before
				changed.SOC, changed.CDGKW = append([]float64(nil), before.SOC...), append([]float64(nil), before.CDGKW...)
				changed.SOC[i] += soc
				changed.CDGKW[i] += cdg
				if err := e.Restore(changed); err != nil {
					t.Fatal(err)
				}
				copy(moved, action)
				moved[i*ActionDim+k] += da
				o := e.Step(moved)
				return [3]float64{-w.Scenario.Reward.DeltaPerCNY * (o.Cost - o.StoredValue), e.soc[i], e.cdgKW[i]}
			}
			check := func(what string, step float64, want [3]float64, scale [3]float64, at func(sign float64) [3]float64) {
				low, mid, high := at(-1), at(0), at(1)
				for q := range want {
					left, right := (mid[q]-low[q])/step, (high[q]-mid[q])/step
					if math.Abs(left-right) > 1e-3*scale[q] {
						kinks++
						continue
					}
					asked++
					if got := (left + right) / 2; math.Abs(got-want[q]) > 2e-3*scale[q] {
						t.Fatalf("day %d, step %d, %s, quantity %d: differences say %g, the response %g", day, v.Step, what, q, got, want[q])
					}
				}
			}
			i := r.IntN(n)
			p, o := &w.Scenario.Prosumers[i], &out[i]
			money := w.Scenario.Reward.DeltaPerCNY
			for k := range ActionDim {
				if a := action[i*ActionDim+k]; a >= 1 || a <= -1 {
					continue // there is nothing beyond
				}
				want := [3]float64{o.Reward[k], 0, 0}
				if k == ActionBESS {
					want[1] = o.SOC
				}
				if k == ActionCDG {
					want[2] = o.CDG
				}
				const h = 1.0 / 4096
				check(e.Agents()[i].Name+" "+ActionNames[k], h, want, [3]float64{100 * money, 0.1, 20}, func(sign float64) [3]float64 { return take(i, 0, 0, k, float32(sign*h)) })
			}
			if p.BESS != nil && v.SOC[i] > p.BESS.SOCMin+0.001 && v.SOC[i] < p.BESS.SOCMax-0.001 {
				const h = 1e-5
				check(e.Agents()[i].Name+" charge", h, [3]float64{o.RewardBySOC, o.SOCBySOC, 0}, [3]float64{1000 * money, 1, 1}, func(sign float64) [3]float64 { return take(i, sign*h, 0, 0, 0) })
			}
			if p.CDG != nil && v.CDGKW[i] > p.CDG.MinKW+1 && v.CDGKW[i] < p.CDG.MaxKW-1 {
				const h = 1e-3
				check(e.Agents()[i].Name+" generator", h, [3]float64{o.RewardByCDG, 0, o.CDGByCDG}, [3]float64{money, 1, 1}, func(sign float64) [3]float64 { return take(i, 0, sign*h, 0, 0) })
			}
			if err := e.Restore(after); err != nil {
				t.Fatal(err)
			}
		}
	}
	if asked < 2000 || kinks > asked/5 {
		t.Errorf("%d differences, %d on kinks: this tests little", asked, kinks)
	}
}

// TestVoltageResponses holds the slope of the penalty by reactive power against
// power flows. LinDistFlow knows no losses, which at 0.95 p.u. matter, and buses
// come and go at the limit: a third is what it may be off.
func TestVoltageResponses(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	responder, err := NewResponder(w, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := len(e.Agents())
	action, out := make([]float32, n*ActionDim), make([]Response, n)
	var v Visit
	tested := 0
	for _, day := range []int{24, 25, 26, 27} {
		e.Reset(day, Evaluation)
		for !e.Done() {
			e.IdleAction(action)
			for k := ActionRDG; k < len(action); k += ActionDim {
				action[k] = 0.5
			}
			before := e.Save()
			e.Visit(&v)
			o := e.Step(action)
			after := e.Save()
			if o.Violation && !o.Diverged {
				responder.Respond(e, &v, action, out)
				for i := range out {
					want := out[i].Reward[ActionRDGQ]
					if want == 0 {
						continue
					}
					excess := func(da float32) float64 {
						if err := e.Restore(before); err != nil {
							t.Fatal(err)
						}
						action[i*ActionDim+ActionRDGQ] += da
						defer func() { action[i*ActionDim+ActionRDGQ] -= da }()
						return e.Step(action).ExcessPU
					}
					const h = 1.0 / 1024
					low, high := excess(-h), excess(h)
					got := -w.Scenario.Reward.PenaltyC * (high - low) / (2 * h)
					if math.Abs(got-want) > 0.3*math.Abs(got) {
						t.Errorf("day %d, step %d, %s: power flows say %g, the response %g", day, v.Step, e.Agents()[i].Name, got, want)
					}
					tested++
				}
			}
			if err := e.Restore(after); err != nil {
				t.Fatal(err)
			}
		}
	}
	if tested < 100 {
		t.Errorf("only %d steps broke a limit: this tests little", tested)
	}
}
