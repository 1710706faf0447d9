package env

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/peerwatt/peerwatt/community"
)

// spy notes what it is shown.
type spy struct{ views []View }

func (*spy) Name() string { return "spy" }

func (s *spy) Act(v *View, action []float32) error {
	seen := *v
	seen.Observation, seen.Mask = slices.Clone(v.Observation), slices.Clone(v.Mask)
	seen.Buy, seen.Sell = slices.Clone(v.Buy), slices.Clone(v.Sell)
	s.views = append(s.views, seen)
	if cap(v.Observation) != len(v.Observation) || cap(v.Mask) != len(v.Mask) || cap(action) != ActionDim {
		return errors.New("a slice reaches into the next agent's")
	}
	clear(action)
	return nil
}

// TestLocalPoliciesSeeOnlyTheirOwn: whatever the others' states are, an agent's
// view stays the same bit for bit.
func TestLocalPoliciesSeeOnlyTheirOwn(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{Observation: "plus"})
	action := make([]float32, len(w.agents)*ActionDim)
	look := func() []View {
		s := &spy{}
		p := Decentralised(s)
		if err := errors.Join(p.Reset(e), p.Act(e, action)); err != nil {
			t.Fatal(err)
		}
		return s.views
	}
	e.Reset(180, Evaluation)
	for range 40 {
		_ = Random{}.Act(e, action)
		e.Step(action)
	}
	before := look()
	const changed = 16
	s := e.Save()
	s.SOC[changed], s.CDGKW[changed], s.P2PKW[changed] = 0.77, 13, -5
	for b := range s.VoltagePU {
		if b == w.bus[changed] {
			s.VoltagePU[b] = 0.91
		}
	}
	if err := e.Restore(s); err != nil {
		t.Fatal(err)
	}
	after := look()
	for i := range before {
		if same := reflect.DeepEqual(before[i], after[i]); same == (i == changed) {
			t.Errorf("agent %d (changed: %v): view unchanged is %v", i, i == changed, same)
		}
	}
	for i, v := range before {
		if v.Index != i || v.Agent != w.agents[i] || v.Prosumer != &w.Scenario.Prosumers[i] || v.State != e.State(i) && i != changed {
			t.Errorf("view %d is of another agent", i)
		}
	}
}

// TestRule holds the rule to its description in situations made by hand.
func TestRule(t *testing.T) {
	p := &community.Prosumer{
		CDG:  &community.CDG{MaxKW: 200, RampKW: 20, LinearPerKWh: 0.55, QuadraticPerKW2h: 1e-3},
		RDGs: []community.RDG{{Kind: community.PV, RatingKW: 400, ApparentKVA: 440}},
		BESS: &community.BESS{MinKW: -200, MaxKW: 200, EnergyKWh: 600, Efficiency: 0.95, SOCMin: 0.1, SOCMax: 0.9},
		CL:   &community.CL{Alpha: 0.2, CompensationPerKWh: 0.9},
	}
	tariff := make([]float64, StepsPerDay)
	for step := range tariff {
		switch hour := step / 4; {
		case hour < 7 || hour >= 23:
			tariff[step] = 0.43
		case hour >= 16 && hour < 21:
			tariff[step] = 1.17
		default:
			tariff[step] = 0.80
		}
	}
	act := func(s AgentState) community.SetPoint {
		b := p.Bounds(s.CDGKW, s.SOC, []float64{s.AvailableKW}, s.LoadKW, stepHours)
		s.BuyPrice = tariff[s.Step]
		v := View{Prosumer: p, State: s, Bounds: b, Buy: tariff, VMin: 0.95, VMax: 1.05}
		var a [ActionDim]float32
		if err := (Rule{}).Act(&v, a[:]); err != nil {
			t.Fatal(err)
		}
		return community.SetPoint{
			CDGKW: within(b.Lo.CDGKW, b.Hi.CDGKW, a[0]), RDGKW: within(b.Lo.RDGKW, b.Hi.RDGKW, a[1]),
			RDGKvar: float64(a[2]), // as a share of what is possible
			BESSKW:  within(b.Lo.BESSKW, b.Hi.BESSKW, a[3]), CLKW: within(b.Lo.CLKW, b.Hi.CLKW, a[4]),
		}
	}
	for _, c := range []struct {
		name string
		in   AgentState
		want community.SetPoint
	}{
		{"nothing to do", AgentState{Step: 40, LoadKW: 100, SOC: 0.5, VoltagePU: 1}, community.SetPoint{}},
		{"own surplus is stored", AgentState{Step: 40, LoadKW: 100, AvailableKW: 150, SOC: 0.5, VoltagePU: 1},
			community.SetPoint{RDGKW: 150, BESSKW: 50}},
		{"dear: the battery covers the deficit", AgentState{Step: 70, LoadKW: 150, AvailableKW: 30, SOC: 0.5, VoltagePU: 1},
			community.SetPoint{RDGKW: 30, BESSKW: -120}},
		{"dear: the generator covers the rest, as far as its ramp goes", AgentState{Step: 70, LoadKW: 300, SOC: 0.9, CDGKW: 70, VoltagePU: 1},
			community.SetPoint{CDGKW: 90, BESSKW: -200}},
		{"dear: an empty battery", AgentState{Step: 70, LoadKW: 400, SOC: 0.1, CDGKW: 195, VoltagePU: 1},
			community.SetPoint{CDGKW: 200}},
		// 0.4 of 600 kWh over the two hours until 07:00, more for losses.
		{"cheap: filled evenly", AgentState{Step: 20, LoadKW: 100, SOC: 0.5, VoltagePU: 1},
			community.SetPoint{BESSKW: 0.4 * 600 / 0.95 / 2}},
		{"cheap: over midnight", AgentState{Step: 92, LoadKW: 100, SOC: 0.5, VoltagePU: 1},
			community.SetPoint{BESSKW: 0.4 * 600 / 0.95 / 8}},
		{"low voltage: reactive power and load shed", AgentState{Step: 40, LoadKW: 100, SOC: 0.5, VoltagePU: 0.94},
			community.SetPoint{RDGKvar: 1, CLKW: 20}},
		{"half way down", AgentState{Step: 40, LoadKW: 100, SOC: 0.5, VoltagePU: 0.965},
			community.SetPoint{RDGKvar: 0.5}},
		{"high voltage", AgentState{Step: 40, LoadKW: 100, SOC: 0.5, VoltagePU: 1.05},
			community.SetPoint{RDGKvar: -1}},
	} {
		got, want := components(act(c.in)), components(c.want)
		for k := range got {
			if math.Abs(got[k]-want[k]) > 1e-4 {
				t.Errorf("%s: %s is %v, want %v", c.name, ActionNames[k], got[k], want[k])
			}
		}
	}
}

func TestRandomIsUniform(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	action := make([]float32, len(w.agents)*ActionDim)
	var count, sum, square float64
	for day := range 20 {
		e.Reset(day, Evaluation)
		for !e.Done() {
			_ = Random{}.Act(e, action)
			for _, a := range action {
				count, sum, square = count+1, sum+float64(a), square+float64(a)*float64(a)
			}
			e.Step(action)
		}
	}
	// Standard errors of mean and mean square at this count: 1.3e-3 and 6.8e-4.
	if math.Abs(sum/count) > 6e-3 || math.Abs(square/count-1.0/3) > 4e-3 {
		t.Errorf("mean %v, mean square %v of %v draws", sum/count, square/count, count)
	}
}
