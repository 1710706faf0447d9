package expert

import (
	"context"
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/reference"
	"pgregory.net/rapid"
)

// TestCostAloneIsTheReferenceModels computes the cost of the human expert's
// decisions without its model, and finds what the model says.
func TestCostAloneIsTheReferenceModels(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	for _, a := range community.Archetypes {
		spec, s := caseOf(t, w, a, 0)
		alone, err := reference.NewAlone(spec.Prosumer, s.Steps(), reference.Options{ReactivePricePerKvar2h: spec.ReactivePricePerKvar2h})
		if err != nil {
			t.Fatal(err)
		}
		got, err := alone.Solve(context.Background(), s.reference(), s.BuyPerKWh, s.SellPerKWh, s.StoredPerKWh)
		if err != nil {
			t.Fatal(err)
		}
		if cost := CostAlone(spec.Prosumer, s, got.SetPoints); math.Abs(cost-got.Cost) > 1e-5*(1+math.Abs(got.Cost)) {
			t.Errorf("%s: %v, the model says %v", a, cost, got.Cost)
		}
		// The same model in other units, with a tie-break: no cheaper, hardly dearer.
		o, err := HumanParts(&Spec{Prosumer: spec.Prosumer, ReactivePricePerKvar2h: 1e-6}, s).alone(context.Background(), spec.Prosumer)
		if err != nil {
			t.Fatal(err)
		}
		if cost := CostAlone(spec.Prosumer, s, o.SetPoints); cost < got.Cost-1e-3 || cost > got.Cost+2 {
			t.Errorf("%s: %v with a tie-break, %v without", a, cost, got.Cost)
		}
	}
}

// TestCompareByHand works the three formulas out by hand for a prosumer with a
// controllable load alone.
func TestCompareByHand(t *testing.T) {
	x := &community.Prosumer{Name: "x", PeakLoadKW: 100, CL: &community.CL{Alpha: 0.2, CompensationPerKWh: 0.5}}
	s := &State{CurrentTime: 94}
	for range 96 {
		s.BuyPerKWh, s.SellPerKWh, s.LoadKW, s.LoadKvar = append(s.BuyPerKWh, 1), append(s.SellPerKWh, 0.4), append(s.LoadKW, 100), append(s.LoadKvar, 0)
	}
	human := []community.SetPoint{{CLKW: 20}, {CLKW: 0}}
	program := []community.SetPoint{{CLKW: 15}, {CLKW: 0.05}}
	// Human: (80*1 + 20*0.5 + 100) / 4 = 47.5. Program: (85 + 7.5 + 99.95 + 0.025) / 4 = 48.11875.
	if got := CostAlone(x, s, human); math.Abs(got-47.5) > 1e-12 {
		t.Errorf("human pays %v", got)
	}
	a := Compare(x, s, program, human)
	deviation := 100 * 0.61875 / 47.5
	gap := (100*5/20.0 + 100*0.05/(0.01*20)) / 2
	if math.Abs(a.Deviation-deviation) > 1e-9 || math.Abs(a.Gap-gap) > 1e-9 || math.Abs(a.Accuracy-(100-(gap+deviation)/2)) > 1e-9 {
		t.Errorf("%+v, want deviation %v and gap %v", a, deviation, gap)
	}
	if a := Compare(x, s, human, human); a.Accuracy != 100 {
		t.Errorf("the human is %+v", a)
	}
}

func TestScoresStayInRange(t *testing.T) {
	w := theWorld(t, "paper-scale")
	spec, s := caseOf(t, w, community.Hub, 0)
	s.CurrentTime = 90
	rapid.Check(t, func(r *rapid.T) {
		draw := func() []community.SetPoint {
			list := make([]community.SetPoint, s.Steps())
			for i := range list {
				v := func() float64 {
					return rapid.SampledFrom([]float64{0, 1e-12, -30, 5, 1e6, math.Inf(1), math.NaN()}).Draw(r, "power")
				}
				list[i] = community.SetPoint{CDGKW: v(), RDGKW: v(), RDGKvar: v(), BESSKW: v(), CLKW: v()}
			}
			return list
		}
		a := Compare(spec.Prosumer, s, draw(), draw())
		for _, v := range []float64{a.Deviation, a.Gap, a.Accuracy} {
			if !(v >= 0 && v <= 100) {
				r.Fatalf("%+v", a)
			}
		}
	})
}

// TestWilson holds the interval against values of scipy 1.17's
// binomtest(k, n).proportion_ci(method="wilson"), and against the equation that
// defines it.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{50, 50, 0.928651, 1}, {0, 10, 0, 0.277533}, {44, 50, 0.761952, 0.943824}, {5, 10, 0.236593, 0.763407},
	} {
		got := Wilson(c.k, c.n)
		if math.Abs(got.Low-c.low) > 1e-5 || math.Abs(got.High-c.high) > 1e-5 {
			t.Errorf("%d of %d: %v, want %v to %v", c.k, c.n, got, c.low, c.high)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 1000).Draw(r, "n")
		k := rapid.IntRange(1, n).Draw(r, "k")
		got := Wilson(k, n)
		// (p - p0)² = z² p0 (1 - p0) / n at both ends.
		for _, p0 := range []float64{got.Low, got.High} {
			if p0 > 1e-9 && p0 < 1-1e-9 {
				if d := math.Pow(got.Share-p0, 2)*float64(n)/(p0*(1-p0)) - math.Pow(1.959963984540054, 2); math.Abs(d) > 1e-6 {
					r.Fatalf("%d of %d: %v misses by %v", k, n, got, d)
				}
			}
		}
	})
	if w := Wilson(0, 0); !math.IsNaN(w.Share) || w.Low != 0 || w.High != 1 {
		t.Errorf("nothing of nothing: %v", w)
	}
}
