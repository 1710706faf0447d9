package conic

import (
	"fmt"
	"os"
)

var tracing = os.Getenv("CONIC_TRACE") != ""

func (m *ipm) trace(it int, alpha float64) {
	if !tracing {
		return
	}
	q := &m.m
	if os.Getenv("CONIC_TRACE") == "2" {
		f := m.f
		bj, bv := 0, 0.0
		for j, r := range m.rx {
			if r < 0 {
				r = -r
			}
			if r/f.d[j] > bv {
				bj, bv = j, r/f.d[j]
			}
		}
		fmt.Printf("   worst col %d rd %.3e d %g x %.4e q %.3e dx %.3e nnz %d pinned %v;", bj, m.rx[bj], f.d[bj], m.at.x[bj], f.q[bj], m.dir.x[bj], f.aPtr[bj+1]-f.aPtr[bj], f.pinned[bj])
		for i, c := range f.carrier[:f.sides] {
			if int(c) == bj {
				fmt.Printf(" side s %.3e z %.3e h %.3e rs %.3e dz %.3e us %.3e;", m.at.s[i], m.at.z[i], m.k.h[i], m.rs[i], m.dir.z[i], m.dir.s[i])
			}
		}
		for p := f.aPtr[bj]; p < f.aPtr[bj+1]; p++ {
			fmt.Printf(" (row %d a %.2e v %.3e w %.3e)", f.aIdx[p], f.aVal[p], m.v[f.aIdx[p]], m.w[f.aIdx[p]])
		}
		fmt.Println()
	}
	fmt.Printf("%3d %v obj %.8e dual %.8e p %.1e d %.1e gap %.1e mu %.1e tau %.1e kap %.1e alpha %.3f cross %.1e pp %.1e dp %.1e boosts %d res %.1e\n", it, m.embedded, q.objective, q.dualObj, q.primal, q.dual, q.gap, m.mu, m.at.tau, m.at.kappa, alpha, q.cross, q.primalProof, q.dualProof, m.k.fac.boosted, m.k.lastRes)
}

func envf(name string, d float64) float64 {
	if v := os.Getenv(name); v != "" {
		fmt.Sscan(v, &d)
	}
	return d
}

func (k *kkt) debugNaN() {
	for i, v := range k.diag {
		if v != v || v > 1e100 || v < -1e100 {
			fmt.Println("diag bad", k.sym.perm[i], v, "n", k.f.n)
		}
	}
	for _, v := range k.up {
		if v != v {
			fmt.Println("up bad", v)
		}
	}
	for i := range k.f.sides {
		if k.h[i] != k.h[i] || k.h[i] > 1e100 {
			fmt.Println("h bad", i, k.h[i], k.f.carrier[i])
		}
	}
}
