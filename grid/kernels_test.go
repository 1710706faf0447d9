package grid

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestScalarKernels holds every kernel that this machine has to the bits of the
// one in Go, round by round, on random feeders.
func TestScalarKernels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := randomNetwork(0).Draw(t, "network")
		tree, err := n.Tree()
		if err != nil {
			t.Fatal(err)
		}
		p, q := n.Demand(rapid.Float64Range(0, 20).Draw(t, "scale"))
		slackPU := rapid.Float64Range(0.9, 1.1).Draw(t, "slack")
		for _, k := range scalarKernels() {
			if len(p) < k.least {
				continue
			}
			got, want := newSweep(n, tree), newSweep(n, tree)
			got.kernel, want.kernel = k, goKernel
			got.start(p, q, slackPU)
			want.start(p, q, slackPU)
			for round := range 5 {
				a, b := got.kernel.round(got.steps, got.state), want.kernel.round(want.steps, want.state)
				if a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
					t.Fatalf("%s, round %d: change %v, in Go %v", k.name, round, a, b)
				}
				gotV, gotW := got.voltages()
				wantV, wantW := want.voltages()
				if i := firstDifference(slices.Concat(gotV, gotW), slices.Concat(wantV, wantW)); i >= 0 {
					t.Fatalf("%s, round %d: v and w differ at %d", k.name, round, i)
				}
			}
			vm, wantVM := make([]float64, len(p)), make([]float64, len(p))
			got.magnitudes(vm)
			want.magnitudes(wantVM)
			if i := firstDifference(vm, wantVM); i >= 0 {
				t.Fatalf("%s: |V| at index %d is %v, in Go %v", k.name, i, vm[i], wantVM[i])
			}
		}
	})
}

// TestBatchEqualsSolver gives rows that end in different rounds, one that needs
// Newton's method, one without a solution and one that is no number, in groups
// that are whole and not: every row must come out as it does alone, to the last
// bit.
func TestBatchEqualsSolver(t *testing.T) {
	n := Case141()
	size := len(n.Buses)
	scales := []float64{1, 0, -1, 2, 4.2, 1, 3, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 4.3, 1, math.NaN(), 3.5, 4, 2, 1}
	var p, q []float64
	for _, scale := range scales {
		pk, qk := n.Demand(scale)
		p, q = append(p, pk...), append(q, qk...)
	}
	check(t, "case141", n, p, q, 1.01)

	peersP, peersQ := peersDemand()
	check(t, "peers' rows", n, peersP[:803*size], peersQ[:803*size], 1)

	rapid.Check(t, func(t *rapid.T) {
		n := randomNetwork(0).Draw(t, "network")
		rows := rapid.IntRange(1, 20).Draw(t, "rows")
		var p, q []float64
		for range rows {
			pk, qk := n.Demand(rapid.Float64Range(-2, 5).Draw(t, "scale"))
			p, q = append(p, pk...), append(q, qk...)
		}
		check(t, "random", n, p, q, rapid.Float64Range(0.95, 1.05).Draw(t, "slack"))
	})
}

func check(t interface{ Fatalf(string, ...any) }, name string, n *Network, p, q []float64, slackPU float64) {
	size := len(n.Buses)
	rows := len(p) / size
	solver, err := NewSolver(n)
	if err != nil {
		t.Fatalf("%v", err)
	}
	solver.sweep.kernel = goKernel
	want, wantStatus := make([]float64, len(p)), make([]Status, rows)
	for k := range rows {
		lo, hi := k*size, (k+1)*size
		wantStatus[k] = solver.SolveVM(p[lo:hi], q[lo:hi], slackPU, want[lo:hi])
	}
	for _, k := range append(vectorKernels(), vectorKernel{name: "rows"}) {
		if size < k.least {
			continue
		}
		b, err := NewBatch(n)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if b.kernel = nil; k.lanes > 0 {
			b.use(&k)
		}
		got, status := make([]float64, len(p)), make([]Status, rows)
		for i := range status {
			status[i].Converged = true // what stood there before must not matter
		}
		b.SolveVM(p, q, slackPU, got, status)
		for i := range status {
			if fmt.Sprint(status[i]) != fmt.Sprint(wantStatus[i]) { // as text, for not-a-number
				t.Fatalf("%s, %s: row %d ended with %+v, alone with %+v", name, k.name, i, status[i], wantStatus[i])
			}
		}
		if i := firstDifference(got, want); i >= 0 {
			t.Fatalf("%s, %s: row %d, bus index %d: %v, alone %v", name, k.name, i/size, i%size, got[i], want[i])
		}
	}
}

// firstDifference returns where the bits of two slices differ first, not-a-number
// counting as equal to itself; -1 nowhere.
func firstDifference(a, b []float64) int {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return i
		}
	}
	return -1
}

// TestSweepAgreesWithNewton holds the rows that the benchmarks solve to another
// method, which shares no arithmetic with the first.
func TestSweepAgreesWithNewton(t *testing.T) {
	n := Case141()
	size := len(n.Buses)
	p, q := peersDemand()
	batch, err := NewBatch(n)
	if err != nil {
		t.Fatal(err)
	}
	vm, status := make([]float64, peersRows*size), make([]Status, peersRows)
	batch.SolveVM(p, q, 1, vm, status)
	byNewton := newNewton(n)
	worst := 0.0
	for k, st := range status {
		if !st.Converged || st.Method != "sweep" {
			t.Fatalf("row %d: %+v", k, st)
		}
		if st := byNewton.solve(p[k*size:(k+1)*size], q[k*size:(k+1)*size], 1); !st.Converged {
			t.Fatalf("row %d, Newton: %+v", k, st)
		}
		for i := range size {
			want := math.Hypot(byNewton.u[2*i], byNewton.u[2*i+1])
			worst = max(worst, math.Abs(vm[k*size+i]-want))
		}
	}
	t.Logf("largest difference of |V|: %.2g p.u.", worst)
	if limit := 2 * voltageTolerance; worst > limit { // the tolerance is of an estimate
		t.Errorf("|V| differs by up to %g p.u., want at most %g", worst, limit)
	}
}

func TestHotPathsDoNotAllocate(t *testing.T) {
	n := Case141()
	s, err := NewSolver(n)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBatch(n)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 11
	p, q := n.Demand(1)
	manyP, manyQ := slices.Repeat(p, rows), slices.Repeat(q, rows)
	vm, status := make([]float64, rows*len(p)), make([]Status, rows)
	dVdP, dVdQ, buses := make([]float64, 2*len(p)), make([]float64, 2*len(p)), []int{3, 86}
	var f Flow
	for name, run := range map[string]func(){
		"SolveVM":       func() { s.SolveVM(p, q, 1, vm[:len(p)]) },
		"Solve":         func() { s.Solve(p, q, 1, &f) },
		"Sensitivity":   func() { s.Sensitivity(&f, p, q, buses, dVdP, dVdQ) },
		"Batch.SolveVM": func() { b.SolveVM(manyP, manyQ, 1, vm, status) },
	} {
		if s.Solve(p, q, 1, &f); testing.AllocsPerRun(10, run) != 0 {
			t.Errorf("%s allocates", name)
		}
	}
}
