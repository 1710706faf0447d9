package dso

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/grid"
)

// drawFeeder draws a radial network of random shape and members on some of its
// buses.
func drawFeeder(t *rapid.T) (*grid.Network, []int) {
	n := &grid.Network{Name: "drawn", BaseMVA: 10, BaseKV: 12.47, Slack: 1}
	size := rapid.IntRange(2, 30).Draw(t, "buses")
	for b := 1; b <= size; b++ {
		n.Buses = append(n.Buses, grid.Bus{ID: b})
		if b > 1 {
			n.Branches = append(n.Branches, grid.Branch{
				From: rapid.IntRange(1, b-1).Draw(t, "from"), To: b,
				ROhm: rapid.Float64Range(0, 1).Draw(t, "r"), XOhm: rapid.Float64Range(0.01, 1).Draw(t, "x"),
			})
		}
	}
	members := rapid.SliceOfNDistinct(rapid.IntRange(1, size), 1, min(size, 6), rapid.ID[int]).Draw(t, "members")
	return n, members
}

// TestFeederIsExact compares the reduced feeder with LinDistFlow summed up bus by
// bus: 2 Σ over the branches that a bus shares with a member's path.
func TestFeederIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, ids := drawFeeder(t)
		f, err := newFeeder(n, ids)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := n.Tree()
		if err != nil {
			t.Fatal(err)
		}
		p, q := make([]float64, len(ids)), make([]float64, len(ids))
		for i := range ids {
			p[i], q[i] = rapid.Float64Range(-1, 1).Draw(t, "p"), rapid.Float64Range(-1, 1).Draw(t, "q")
		}
		onPath := func(branch, bus int) bool {
			for b := bus; b >= 0; b = tree.Parent[b] {
				if b == branch {
					return true
				}
			}
			return false
		}
		want := make([]float64, len(n.Buses))
		for b := range want {
			for branch := range n.Buses {
				for i := range ids {
					if onPath(branch, b) && onPath(branch, f.bus[i]) {
						want[b] += 2 * (tree.R[branch]*p[i] + tree.X[branch]*q[i])
					}
				}
			}
		}
		rise := make([]float64, len(f.anchors))
		f.rise(p, q, rise)
		moved := make([]bool, len(n.Buses))
		for a := range f.anchors {
			for _, b := range f.anchors[a].buses {
				moved[b] = true
				if math.Abs(rise[a]-want[b]) > 1e-12 {
					t.Fatalf("bus %d rises by %v, LinDistFlow says %v", n.Buses[b].ID, rise[a], want[b])
				}
			}
		}
		for b := range want {
			if !moved[b] && want[b] != 0 {
				t.Fatalf("bus %d has no anchor and rises by %v", n.Buses[b].ID, want[b])
			}
		}
	})
}

// TestFeederFollowsThePowerFlow compares what a small exchange changes with the
// exact sensitivities of the AC power flow.
func TestFeederFollowsThePowerFlow(t *testing.T) {
	n := grid.Case141()
	ids := []int{48, 87, 109, 140}
	f, err := newFeeder(n, ids)
	if err != nil {
		t.Fatal(err)
	}
	solver, err := grid.NewSolver(n)
	if err != nil {
		t.Fatal(err)
	}
	demandP, demandQ := n.Demand(0.6)
	var flow grid.Flow
	if st := solver.Solve(demandP, demandQ, 1, &flow); !st.Converged {
		t.Fatal(st.Err())
	}
	size := len(n.Buses)
	all := make([]int, size)
	for b := range all {
		all[b] = b
	}
	dVdP, dVdQ := make([]float64, size*size), make([]float64, size*size)
	if err := solver.Sensitivity(&flow, demandP, demandQ, all, dVdP, dVdQ); err != nil {
		t.Fatal(err)
	}
	rise := make([]float64, len(f.anchors))
	for i := range ids {
		for _, exact := range [][]float64{dVdP, dVdQ} {
			p, q := make([]float64, len(ids)), make([]float64, len(ids))
			if &exact[0] == &dVdP[0] {
				p[i] = 1
			} else {
				q[i] = 1
			}
			f.rise(p, q, rise)
			for a := range f.anchors {
				b := f.anchors[a].buses[0]
				want := 2 * flow.VM[b] * exact[b*size+f.bus[i]] // of the square
				// The page of the feeder measured 4 to 7 % of the change.
				if math.Abs(rise[a]-want) > 0.12*math.Abs(want)+1e-3 {
					t.Fatalf("bus %d by member at %d: LinDistFlow %v, power flow %v", n.Buses[b].ID, ids[i], rise[a], want)
				}
			}
		}
	}
}
