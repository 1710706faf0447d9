package grid

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRandomRadialNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := randomNetwork(0).Draw(t, "network")
		slackPU := rapid.Float64Range(0.95, 1.05).Draw(t, "slack")
		s, err := NewSolver(n)
		if err != nil {
			t.Fatal(err)
		}
		p, q := n.Demand(1)
		var bySweep, byNewton Flow
		if st := s.Solve(p, q, slackPU, &bySweep); st.Err() != nil || st.Method != "sweep" {
			t.Fatal(st)
		}
		if err := checkFlow(n, p, q, slackPU, &bySweep); err != nil {
			t.Fatalf("sweep: %v", err)
		}
		s.sweep = nil
		if st := s.Solve(p, q, slackPU, &byNewton); st.Err() != nil || st.Method != "newton" {
			t.Fatal(st)
		}
		if err := checkFlow(n, p, q, slackPU, &byNewton); err != nil {
			t.Fatalf("newton: %v", err)
		}
		for i := range p {
			if d := math.Abs(bySweep.VM[i] - byNewton.VM[i]); !(d < 1e-11) {
				t.Fatalf("bus %d: sweep and Newton differ by %g", n.Buses[i].ID, d)
			}
		}
	})
}

func TestRandomMeshedNetworks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := randomNetwork(6).Draw(t, "network")
		s, err := NewSolver(n)
		if err != nil {
			t.Fatal(err)
		}
		p, q := n.Demand(1)
		var f Flow
		if err := s.Solve(p, q, 1, &f).Err(); err != nil {
			t.Fatal(err)
		}
		if err := checkFlow(n, p, q, 1, &f); err != nil {
			t.Fatal(err)
		}
	})
}

// TestCollapse: the feeder carries 4.2 times its load, but not 4.3 times.
func TestCollapse(t *testing.T) {
	n := Case141()
	for _, radial := range []bool{true, false} {
		s, err := NewSolver(n)
		if err != nil {
			t.Fatal(err)
		}
		if !radial {
			s.sweep = nil
		}
		var f Flow
		p, q := n.Demand(4.2)
		if err := s.Solve(p, q, 1, &f).Err(); err != nil {
			t.Errorf("x4.2: %v", err)
		} else if err := checkFlow(n, p, q, 1, &f); err != nil {
			t.Errorf("x4.2: %v", err)
		}
		t.Logf("x4.2: %+v", f.Status)
		p, q = n.Demand(4.3)
		st := s.Solve(p, q, 1, &f)
		var diverged *DivergedError
		if err := st.Err(); !errors.As(err, &diverged) || !strings.Contains(err.Error(), "worst at bus ") {
			t.Errorf("x4.3: %v", err)
		}
		if _, ok := n.Index(st.WorstBus); !ok || !(st.MismatchPU > 1e-3) {
			t.Errorf("x4.3: %+v", st)
		}
		t.Logf("x4.3: %v", st.Err())
	}
}

func TestSensitivity(t *testing.T) {
	meshed := Case141()
	meshed.Branches = append(meshed.Branches, Branch{From: 52, To: 130, ROhm: 0.05, XOhm: 0.04})
	for name, n := range map[string]*Network{"radial": Case141(), "meshed": meshed} {
		t.Run(name, func(t *testing.T) {
			s, err := NewSolver(n)
			if err != nil {
				t.Fatal(err)
			}
			p, q := n.Demand(1.5)
			var f, lo, hi Flow
			if err := s.Solve(p, q, 1.02, &f).Err(); err != nil {
				t.Fatal(err)
			}
			buses := []int{0, 50, 86, 129}
			size := len(n.Buses)
			dVdP, dVdQ := make([]float64, len(buses)*size), make([]float64, len(buses)*size)
			if err := s.Sensitivity(&f, p, q, buses, dVdP, dVdQ); err != nil {
				t.Fatal(err)
			}
			const step = 1e-4
			for k := range size {
				for _, way := range []struct {
					demand, got []float64
				}{{p, dVdP}, {q, dVdQ}} {
					keep := way.demand[k]
					way.demand[k] = keep + step
					s.Solve(p, q, 1.02, &lo)
					way.demand[k] = keep - step
					s.Solve(p, q, 1.02, &hi)
					way.demand[k] = keep
					for i, bus := range buses {
						want := (hi.VM[bus] - lo.VM[bus]) / (2 * step)
						if got := way.got[i*size+k]; !(math.Abs(got-want) < 1e-7) {
							t.Fatalf("dV[%d] by injection at %d = %v, by differences %v", bus, k, got, want)
						}
					}
				}
			}
		})
	}
}
