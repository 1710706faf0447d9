package nn

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// oracleAttention evaluates one sample in float64 straight from eq. (30)-(33)
// and lowers margin to the least distance of a rectifier's input from its kink.
func oracleAttention(a *AttentionCritic, data []float64, x [][]float64, margin *float64) []float64 {
	c, p := a.config, a.params
	tensor := func(name string) []float64 {
		v, ok := p.View(name)
		if !ok {
			panic(name)
		}
		return data[v.Offset : v.Offset+v.Len()]
	}
	times := func(name string, x []float64) []float64 {
		w := tensor(name)
		y := make([]float64, len(w)/len(x))
		for o := range y {
			for k, v := range x {
				y[o] += w[o*len(x)+k] * v
			}
		}
		return y
	}
	mlp := func(name string, x []float64) []float64 {
		for i := range 2 {
			y := times(fmt.Sprintf("%s.layers.%d.weight", name, i), x)
			for o, b := range tensor(fmt.Sprintf("%s.layers.%d.bias", name, i)) {
				y[o] += b
				if i == 0 {
					*margin = min(*margin, math.Abs(y[o]))
					y[o] = math.Max(0, y[o])
				}
			}
			x = y
		}
		return x
	}
	n := c.Tokens
	e, q, k, v := make([][]float64, n), make([][]float64, n), make([][]float64, n), make([][]float64, n)
	for i := range n {
		emb := tensor("emb")[a.kinds[i]*c.EmbedDim:][:c.EmbedDim]
		e[i] = mlp("token", append(append([]float64(nil), x[i]...), emb...))
		q[i], k[i], v[i] = times("wq.weight", e[i]), times("wk.weight", e[i]), times("wv.weight", e[i])
	}
	y := make([]float64, n)
	for i := range n {
		heads := make([]float64, c.DModel)
		if c.Heads == 0 {
			for j := range n {
				for f, value := range v[j] {
					heads[f] += value / float64(n)
				}
			}
		}
		for h := range c.Heads {
			wide := c.DModel / c.Heads
			mix := make([]float64, n)
			maps := 2
			if c.Standard {
				maps = 1
			}
			d := wide / maps
			for m := range maps {
				weight := 1.0
				if m == 1 {
					dot := func(x, y string) float64 {
						var s float64
						for f := range d {
							s += tensor(x)[h*d+f] * tensor(y)[h*d+f]
						}
						return s
					}
					weight = -(math.Exp(dot("xq1", "xk1")) - math.Exp(dot("xq2", "xk2")) + float64(c.XiInit))
				}
				var sum float64
				s := make([]float64, n)
				for j := range n {
					for f := h*wide + m*d; f < h*wide+(m+1)*d; f++ {
						s[j] += q[i][f] * k[j][f]
					}
					s[j] = math.Exp(s[j] / math.Sqrt(float64(d)))
					sum += s[j]
				}
				for j := range n {
					mix[j] += weight * s[j] / sum
				}
			}
			head := heads[h*wide : (h+1)*wide]
			for f := range head {
				for j := range n {
					head[f] += mix[j] * v[j][h*wide+f]
				}
			}
			if c.Norm {
				var square float64
				for _, v := range head {
					square += v * v / float64(wide)
				}
				for f := range head {
					head[f] *= tensor("gain")[f] * (1 - float64(c.XiInit)) / math.Sqrt(square+1e-5)
				}
			}
		}
		y[i] = mlp("out", append(times("wo.weight", heads), e[i]...))[0]
	}
	return y
}

func drawAttention(t *rapid.T) AttentionConfig {
	heads := rapid.IntRange(0, 3).Draw(t, "heads")
	return AttentionConfig{
		Tokens: rapid.IntRange(1, 6).Draw(t, "tokens"), In: rapid.IntRange(1, 5).Draw(t, "in"),
		EmbedRows: 3, EmbedDim: rapid.IntRange(1, 4).Draw(t, "embedding"), Token: rapid.IntRange(1, 9).Draw(t, "token"),
		DModel: max(1, 2*heads) * rapid.IntRange(1, 3).Draw(t, "d"), Heads: heads, OutHidden: rapid.IntRange(1, 9).Draw(t, "out"),
		Norm: rapid.Bool().Draw(t, "norm"), Standard: rapid.Bool().Draw(t, "standard"), XiInit: 0.2,
	}
}

// Fig. 7 compares at equal parameters: both forms have as many, and no heads
// as many as one.
func TestBothFormsHaveAsManyParameters(t *testing.T) {
	count := func(heads int, norm, standard bool) int {
		c := AttentionConfig{Tokens: 2, In: 3, EmbedRows: 1, EmbedDim: 2, Token: 8, DModel: 32, Heads: heads, OutHidden: 8, Norm: norm, Standard: standard}
		return len(NewAttentionCritic(c, []int{0, 0}, NewRNG(1, 0)).Params().Data)
	}
	for _, norm := range []bool{false, true} {
		for _, heads := range []int{0, 1, 2, 4, 8, 16} {
			want := count(max(1, heads), norm, false)
			for _, standard := range []bool{false, true} {
				if got := count(heads, norm, standard); got != want {
					t.Errorf("%d heads, norm %t, standard %t: %d parameters, want %d", heads, norm, standard, got, want)
				}
			}
		}
	}
}

func TestAttentionAgreesWithCentralDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawAttention(t)
		batch := rapid.SampledFrom([]int{1, 5, 32, 40}).Draw(t, "batch")
		r := NewRNG(rapid.Uint64().Draw(t, "seed"), 0)
		kinds := make([]int, c.Tokens)
		for i := range kinds {
			kinds[i] = r.Intn(c.EmbedRows)
		}
		a := NewAttentionCritic(c, kinds, r)
		for i := range a.params.Data {
			a.params.Data[i] += 0.2 * r.Norm()
		}
		x, dy := NewTokens(c.Tokens, batch, c.In), NewTokens(c.Tokens, batch, 1)
		r.FillNormal(x.Data)
		r.FillNormal(dy.Data) // the padding too: it must not matter
		lo := rapid.IntRange(0, c.In-1).Draw(t, "lo")
		dx := NewTokens(c.Tokens, batch, rapid.IntRange(1, c.In-lo).Draw(t, "width"))
		grads := a.params.NewGrads()
		for i := range grads {
			grads[i] = 1e3 // Backward overwrites
		}
		w := a.NewWork(batch, nil)
		y := a.Forward(w, x)
		a.Backward(w, dy, grads, dx, lo)

		data := widen(a.params.Data)
		in := make([][][]float64, batch)
		for b := range in {
			in[b] = make([][]float64, c.Tokens)
			for i := range in[b] {
				for f := range c.In {
					in[b][i] = append(in[b][i], float64(x.At(i*batch+b, f)))
				}
			}
		}
		margin := math.Inf(1)
		sample := func(b int) float64 {
			var s float64
			for i, v := range oracleAttention(a, data, in[b], &margin) {
				s += v * float64(dy.At(i*batch+b, 0))
			}
			return s
		}
		loss := func() float64 {
			var s float64
			for b := range batch {
				s += sample(b)
			}
			return s
		}
		for b := range batch {
			for i, want := range oracleAttention(a, data, in[b], &margin) {
				near(t, "output", float64(y.At(i*batch+b, 0)), want, 2e-4)
			}
		}
		if margin < 1e-5 {
			return // so near a kink, float32 may see the other side of it
		}
		var scale float64
		for _, g := range grads {
			scale = max(scale, math.Abs(float64(g)))
		}
		for range 8 {
			v := a.params.Views[r.Intn(len(a.params.Views))] // small tensors as often as large ones
			i := v.Offset + r.Intn(v.Len())
			near(t, "gradient of "+v.Name, float64(grads[i]), central(&data[i], loss), 2e-4*(1+scale))
			b, k, f := r.Intn(batch), r.Intn(c.Tokens), r.Intn(dx.Dim)
			near(t, "input gradient", float64(dx.At(k*batch+b, f)), central(&in[b][k][lo+f], func() float64 { return sample(b) }), 2e-4*(1+scale))
		}
	})
}
