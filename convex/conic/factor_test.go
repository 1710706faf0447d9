package conic

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// upperPattern draws a symmetric pattern, its strict upper triangle by columns.
func upperPattern(t *rapid.T) (n int, ptr, idx []int32) {
	n = rapid.IntRange(1, 60).Draw(t, "n")
	density := rapid.Float64Range(0, 0.3).Draw(t, "density")
	hub := rapid.Bool().Draw(t, "hub") // one node that all others touch
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	ptr = []int32{0}
	for j := range n {
		for i := range j {
			if r.Float64() < density || hub && i == 0 {
				idx = append(idx, int32(i))
			}
		}
		ptr = append(ptr, int32(len(idx)))
	}
	return n, ptr, idx
}

func isPermutation(order []int32, n int) bool {
	sorted := slices.Sorted(slices.Values(order))
	for i, v := range sorted {
		if int(v) != i {
			return false
		}
	}
	return len(order) == n
}

func TestOrderings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, ptr, idx := upperPattern(t)
		if !isPermutation(amd(n, ptr, idx), n) {
			t.Fatal("amd lost a node")
		}
		label, last := breadthFirst(n, ptr, idx, int32(n/2))
		if !isPermutation(label, n) || label[last] != 0 {
			t.Fatal("the search by breadth lost a node")
		}
		if !isPermutation(relabelledAMD(n, ptr, idx, label), n) {
			t.Fatal("amd on new labels lost a node")
		}
	})
}

// TestMinimumDegree knows the least fill of a path and a star, and what the
// authors' own code (in QDLDL 0.1.9) makes of a grid.
func TestMinimumDegree(t *testing.T) {
	build := func(n int, edges [][2]int) (ptr, idx []int32) {
		l := &layout{nodes: n}
		for _, e := range edges {
			l.position(int32(e[0]), int32(e[1]))
		}
		return l.pattern()
	}
	var path, star, grid [][2]int
	const side = 20
	for i := range 99 {
		path = append(path, [2]int{i, i + 1})
		star = append(star, [2]int{0, i + 1})
	}
	for i := range side * side {
		if i%side > 0 {
			grid = append(grid, [2]int{i - 1, i})
		}
		if i >= side {
			grid = append(grid, [2]int{i - side, i})
		}
	}
	cases := []struct {
		name  string
		n     int
		edges [][2]int
		most  int // entries of L below the diagonal
	}{{"path", 100, path, 99}, {"star", 100, star, 99}, {"grid", side * side, grid, 3302}}
	for _, c := range cases {
		ptr, idx := build(c.n, c.edges)
		if s := analyse(c.n, ptr, idx, amd(c.n, ptr, idx)); s.nnz > c.most {
			t.Errorf("%s: %d entries, want at most %d", c.name, s.nnz, c.most)
		}
	}
}

// TestFactor factorises random quasi-definite matrices and compares the
// solution with dense elimination.
func TestFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, ptr, idx := upperPattern(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "values"), 2))
		sign := make([]float64, n)
		dense := make([][]float64, n)
		for i := range dense {
			dense[i] = make([]float64, n)
			sign[i] = 1
			if r.IntN(2) == 0 {
				sign[i] = -1
			}
		}
		// Couplings within a sign must leave it definite: small ones.
		val := make([]float64, len(idx))
		for j := range n {
			for p := ptr[j]; p < ptr[j+1]; p++ {
				i := idx[p]
				val[p] = r.NormFloat64()
				if sign[i] == sign[j] {
					val[p] *= 0.5 / float64(n)
				}
				dense[i][j], dense[j][i] = val[p], val[p]
			}
		}
		for i := range dense {
			dense[i][i] = sign[i] * (1 + r.Float64())
		}
		s := chooseOrder(n, ptr, idx, &Stats{})
		upPtr, upIdx, upVal, diag, signs := permuted(s, ptr, idx, val, dense, sign)
		f := newFactor(s)
		f.run(upPtr, upIdx, upVal, diag, signs, 1e-12)
		if f.boosted > 0 {
			t.Fatalf("%d pivots of a quasi-definite matrix were replaced", f.boosted)
		}
		want := make([]float64, n)
		for i := range want {
			want[i] = r.NormFloat64()
		}
		x := make([]float64, n)
		for i := range dense {
			for j, w := range want {
				x[s.inv[i]] += dense[i][j] * w
			}
		}
		f.solve(x)
		for i, w := range want {
			if math.Abs(x[s.inv[i]]-w) > 1e-8 {
				t.Fatalf("x[%d] = %g, want %g", i, x[s.inv[i]], w)
			}
		}
	})
}

// permuted lays a symmetric matrix out in elimination order.
func permuted(s *symbolic, ptr, idx []int32, val []float64, dense [][]float64, sign []float64) (upPtr, upIdx []int32, upVal, diag, signs []float64) {
	n := s.n
	upPtr, upIdx = permutedUpper(n, ptr, idx, s.inv)
	upVal = make([]float64, len(upIdx))
	diag, signs = make([]float64, n), make([]float64, n)
	for j := range n {
		for p := upPtr[j]; p < upPtr[j+1]; p++ {
			upVal[p] = dense[s.perm[upIdx[p]]][s.perm[j]]
		}
		diag[j], signs[j] = dense[s.perm[j]][s.perm[j]], sign[s.perm[j]]
	}
	return upPtr, upIdx, upVal, diag, signs
}

// TestKrylov gives GMRES a matrix of which the factors hide two directions.
func TestKrylov(t *testing.T) {
	p := day(1, 6, false, 1, 1)
	s, err := New(p, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s.f.load()
	k := s.ipm.k
	k.load()
	k.restart()
	for i := range k.h {
		k.h[i] = 1
	}
	for i, c := range s.f.soc {
		k.eta[i] = 1
		k.w[c.lo] = 1
	}
	k.delta = 0.3 // a shift that refinement cannot undo
	k.floor = 0.3
	k.update()
	for i := range k.rhs {
		k.rhs[i] = math.Sin(float64(i))
	}
	copy(k.sol, k.rhs)
	k.fac.solve(k.sol)
	first := k.residual()
	var last float64
	for range 12 {
		last = k.krylov(1e-12, k.residual())
	}
	if !(last < 1e-4*first) {
		t.Errorf("residual %g after GMRES, %g before", last, first)
	}
}
