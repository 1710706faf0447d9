package nn

import (
	"math"
	"testing"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// bits of everything that two updates of both workloads leave behind.
func trained(t *testing.T, workers int) []float32 {
	pool := NewPool(workers)
	defer pool.Close()
	w, w2 := newWorkloadW(pool), newWorkloadW2(pool)
	for range 2 {
		w.Update()
		w2.Update()
	}
	out := append([]float32(nil), w2.net.params.Data...)
	out = append(out, w2.grads...)
	for _, a := range w.agents {
		for _, m := range []*MLP{a.q[0], a.q[1], a.v, a.vt, a.actor} {
			out = append(out, m.params.Data[:1000]...)
		}
	}
	for _, v := range out {
		if v != v {
			t.Fatal("NaN")
		}
	}
	return out
}

// TestSameBitsForAnyWorkersAndProcessor trains the two workloads of the
// engine's benchmarks.
func TestSameBitsForAnyWorkersAndProcessor(t *testing.T) {
	defer kernel.Use(kernel.Current())
	var want []float32
	for _, l := range kernel.Levels() {
		if l == kernel.Generic {
			continue // minutes; kernel's own tests hold it to the others
		}
		if err := kernel.Use(l); err != nil {
			t.Fatal(err)
		}
		for _, workers := range []int{1, 2, 3} {
			got := trained(t, workers)
			if want == nil {
				want = got
				continue
			}
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("%v with %d workers: value %d is %g, else %g", l, workers, i, got[i], want[i])
				}
			}
		}
	}
}

// TestSmallNetworksHaveTheSameBitsInPortableCode trains small ones at every level.
func TestSmallNetworksHaveTheSameBitsInPortableCode(t *testing.T) {
	defer kernel.Use(kernel.Current())
	train := func() []float32 {
		const batch = 40
		r := NewRNG(9, 0)
		nets := []Network{
			NewMLP(MLPConfig{In: 7, Hidden: []int{20, 33}, Out: 1, LayerNorm: true, Activation: LeakyReLU}, r),
			NewMLP(MLPConfig{In: 7, Hidden: []int{20}, Out: 1, Activation: Tanh}, r),
			NewAttentionCritic(AttentionConfig{Tokens: 5, In: 7, EmbedRows: 2, EmbedDim: 3, Token: 10, DModel: 12, Heads: 3, OutHidden: 9, Norm: true, XiInit: 0.2}, []int{0, 1, 1, 0, 1}, r),
		}
		var out []float32
		for _, net := range nets {
			x := NewMatrix(batch, 7)
			if a, ok := net.(*AttentionCritic); ok {
				x = NewTokens(a.config.Tokens, batch, 7)
			}
			r.FillNormal(x.Data)
			w, o, grads := net.NewWork(batch, nil), NewAdam(len(net.Params().Data), 1e-2), net.Params().NewGrads()
			for range 3 {
				y := net.Forward(w, x)
				dy := NewTokens(y.Blocks, batch, 1)
				dy.Copy(y)
				net.Backward(w, dy, grads, Matrix{}, 0)
				o.Update(nil, net.Params().Data, grads, ClipFactor(Norm(grads), 1))
			}
			out = append(out, net.Params().Data...)
		}
		return out
	}
	var want []float32
	for _, l := range kernel.Levels() {
		if err := kernel.Use(l); err != nil {
			t.Fatal(err)
		}
		got := train()
		if want == nil {
			want = got
		}
		for i := range want {
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
				t.Fatalf("%v: parameter %d is %g, in portable code %g", l, i, got[i], want[i])
			}
		}
	}
}

func TestUpdatesDoNotAllocate(t *testing.T) {
	pool := NewPool(2)
	defer pool.Close()
	w, w2 := newWorkloadW(pool), newWorkloadW2(pool)
	m := NewMLP(MLPConfig{In: 9, Hidden: []int{16, 16}, Out: 3, LayerNorm: true}, NewRNG(1, 0))
	work, src, dst := m.NewWork(4, nil), make([]float32, 36), make([]float32, 12)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"workload W", w.Update},
		{"workload W2", func() { w2.Update() }},
		{"Infer", func() { m.Infer(work, dst, src, 4) }},
	} {
		c.f()
		if n := testing.AllocsPerRun(2, c.f); n > 0 {
			t.Errorf("%s allocates %g times", c.name, n)
		}
	}
}
