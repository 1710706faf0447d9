package nn

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// oracleMLP evaluates a perceptron in float64 straight from its definition. It
// lowers margin to the least distance of a rectifier's input from its kink.
func oracleMLP(c MLPConfig, p *Params, data, x []float64, margin *float64) []float64 {
	tensor := func(name string, i int) []float64 {
		v, ok := p.View(fmt.Sprintf(name, i))
		if !ok {
			return nil
		}
		return data[v.Offset : v.Offset+v.Len()]
	}
	for i := range len(c.Hidden) + 1 {
		w, b := tensor("layers.%d.weight", i), tensor("layers.%d.bias", i)
		y := append([]float64(nil), b...)
		for o := range y {
			for k, v := range x {
				y[o] += w[o*len(x)+k] * v
			}
		}
		x = y
		if i == len(c.Hidden) {
			break
		}
		if gain := tensor("norms.%d.weight", i); gain != nil {
			shift := tensor("norms.%d.bias", i)
			var mean, square float64
			for _, v := range x {
				mean += v / float64(len(x))
			}
			for _, v := range x {
				square += (v - mean) * (v - mean) / float64(len(x))
			}
			for o := range x {
				x[o] = gain[o]*(x[o]-mean)/math.Sqrt(square+1e-5) + shift[o]
			}
		}
		for o, v := range x {
			if c.Activation != Tanh {
				*margin = min(*margin, math.Abs(v))
			}
			switch c.Activation {
			case ReLU:
				x[o] = math.Max(v, 0)
			case LeakyReLU:
				x[o] = math.Max(v, 0.01*v)
			case Tanh:
				x[o] = math.Tanh(v)
			}
		}
	}
	return x
}

func drawMLP(t *rapid.T) MLPConfig {
	return MLPConfig{
		In:         rapid.IntRange(1, 40).Draw(t, "in"),
		Hidden:     rapid.SliceOfN(rapid.IntRange(1, 40), 0, 3).Draw(t, "hidden"),
		Out:        rapid.IntRange(1, 35).Draw(t, "out"),
		Activation: rapid.SampledFrom([]Activation{ReLU, LeakyReLU, Tanh}).Draw(t, "activation"),
		LayerNorm:  rapid.Bool().Draw(t, "norm"),
	}
}

func TestMLPAgreesWithCentralDifferences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMLP(t)
		batch := rapid.IntRange(1, 70).Draw(t, "batch")
		r := NewRNG(rapid.Uint64().Draw(t, "seed"), 0)
		m := NewMLP(c, r)
		for i := range m.params.Data {
			m.params.Data[i] += 0.1 * r.Norm()
		}
		rows, weight := make([]float32, batch*c.In), make([]float32, batch*c.Out)
		r.FillNormal(rows)
		r.FillNormal(weight)
		x, dy := NewMatrix(batch, c.In), NewMatrix(batch, c.Out)
		if rapid.Bool().Draw(t, "input") {
			x = NewInput(batch, c.In)
		}
		x.SetRows(rows, c.In)
		dy.SetRows(weight, c.Out)
		lo := rapid.IntRange(0, c.In-1).Draw(t, "lo")
		dx := NewMatrix(batch, rapid.IntRange(1, c.In-lo).Draw(t, "width"))
		grads := m.params.NewGrads()

		w := m.NewWork(batch, nil)
		y := m.Forward(w, x)
		m.Backward(w, dy, grads, dx, lo)

		// The loss is sum(weight * y), in float64.
		data := widen(m.params.Data)
		in := widen(rows)
		margin := math.Inf(1)
		loss := func() float64 {
			var s float64
			for b := range batch {
				for o, v := range oracleMLP(c, m.params, data, in[b*c.In:(b+1)*c.In], &margin) {
					s += v * float64(weight[b*c.Out+o])
				}
			}
			return s
		}
		for b := range batch {
			for o, want := range oracleMLP(c, m.params, data, in[b*c.In:(b+1)*c.In], &margin) {
				near(t, "output", float64(y.At(b, o)), want, 1e-4)
			}
		}
		if margin < 1e-5 {
			return // so near a kink, float32 may see the other side of it
		}
		scale := float64(0)
		for _, g := range grads {
			scale = max(scale, math.Abs(float64(g)))
		}
		for range 12 {
			i := r.Intn(len(data))
			near(t, "parameter gradient", float64(grads[i]), central(&data[i], loss), 1e-4*(1+scale))
			b, f := r.Intn(batch), r.Intn(dx.Dim)
			near(t, "input gradient", float64(dx.At(b, f)), central(&in[b*c.In+lo+f], loss), 1e-4*(1+scale))
		}
	})
}

func TestInferHasTheBitsOfForward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMLP(t)
		batch := rapid.IntRange(1, 20).Draw(t, "batch")
		r := NewRNG(rapid.Uint64().Draw(t, "seed"), 0)
		m := NewMLP(c, r)
		w := m.NewWork(batch, nil)
		x, rows, got := NewMatrix(batch, c.In), make([]float32, batch*c.In), make([]float32, batch*c.Out)
		r.FillNormal(rows)
		x.SetRows(rows, c.In)
		y := m.Forward(w, x)
		m.Infer(w, got, rows, batch)
		for b := range batch {
			for f := range c.Out {
				if got[b*c.Out+f] != y.At(b, f) {
					t.Fatalf("sample %d, output %d is %g, Forward has %g", b, f, got[b*c.Out+f], y.At(b, f))
				}
			}
		}
	})
}

// central is the derivative of loss with respect to *p by central difference.
func central(p *float64, loss func() float64) float64 {
	const h = 1e-7
	v := *p
	*p = v + h
	up := loss()
	*p = v - h
	down := loss()
	*p = v
	return (up - down) / (2 * h)
}

func widen(s []float32) []float64 {
	w := make([]float64, len(s))
	for i, v := range s {
		w[i] = float64(v)
	}
	return w
}

type failer interface{ Fatalf(string, ...any) }

func near(t failer, what string, got, want, tolerance float64) {
	if !(math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s is %g, want %g to %g", what, got, want, tolerance)
	}
}
