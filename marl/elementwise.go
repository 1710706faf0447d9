package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/nn"
)

// The element-wise steps between networks. Matrices are feature-major in panels
// of nn.Lanes samples; those of one call have the same batch. Masks are 0 or 1.

// multiply writes x * y.
func multiply(dst, x, y nn.Matrix) {
	for p := range dst.Panels() {
		d, a, b := dst.Panel(p), x.Panel(p), y.Panel(p)
		for l := range d {
			d[l] = a[l] * b[l]
		}
	}
}

// add adds x to dst.
func add(dst, x nn.Matrix) {
	for p := range dst.Panels() {
		d, a := dst.Panel(p), x.Panel(p)
		for l := range d {
			d[l] += a[l]
		}
	}
}

// minimum writes the lower of x and y.
func minimum(dst, x, y nn.Matrix) {
	for p := range dst.Panels() {
		d, a, b := dst.Panel(p), x.Panel(p), y.Panel(p)
		for l := range d {
			d[l] = min(a[l], b[l])
		}
	}
}

// meanOf averages the one feature of x over samples and tokens.
func meanOf(x nn.Matrix) float64 {
	s := 0.0
	for i := range x.Blocks {
		for _, v := range x.Block(i).Data[:x.Batch] {
			s += float64(v)
		}
	}
	return s / float64(x.Samples())
}

// meanSize averages |x| over samples and tokens.
func meanSize(x nn.Matrix) float64 {
	s := 0.0
	for i := range x.Blocks {
		for _, v := range x.Block(i).Data[:x.Batch] {
			s += math.Abs(float64(v))
		}
	}
	return s / float64(x.Samples())
}

// squaredError writes to slope the gradient by q of
//
//	c mean( w (q - y)^2 )
//
// over samples and tokens, w being 1 where weight is nil, and returns its
// value. To delta it adds share times |q - y| of every sample, averaged over
// tokens.
func squaredError(slope, q, y nn.Matrix, c float64, weight, delta []float32, share float32) float64 {
	loss, n := 0.0, float32(q.Samples())
	share /= float32(q.Blocks)
	for i := range q.Blocks {
		d, q, y := slope.Block(i).Data, q.Block(i).Data, y.Block(i).Data
		for b := range delta {
			w, e := float32(1), q[b]-y[b]
			if weight != nil {
				w = weight[b]
			}
			loss += float64(w) * float64(e) * float64(e)
			d[b] = float32(2*c) * w * e / n
			delta[b] += share * abs(e)
		}
	}
	return c * loss / float64(n)
}

// sample writes clip(mu + sigma noise) * mask, said being mu and, in the
// features behind it, sigma.
func sample(dst, said, noise, mask nn.Matrix) {
	for p := range dst.Panels() {
		d, z, m := dst.Panel(p), noise.Panel(p), mask.Panel(p)
		mu, sigma := halves(said, p)
		for l := range d {
			d[l] = clip(mu[l]+sigma[l]*z[l], 1) * m[l]
		}
	}
}

// throughSample writes the gradient by mu and sigma of a loss with the given
// gradient by what sample writes.
func throughSample(slope, byAction, said, noise, mask nn.Matrix) {
	for p := range slope.Panels() {
		g, z, m := byAction.Panel(p), noise.Panel(p), mask.Panel(p)
		mu, sigma := halves(said, p)
		dMu, dSigma := halves(slope, p)
		for l := range g {
			d := g[l] * m[l]
			if abs(mu[l]+sigma[l]*z[l]) > 1 {
				d = 0
			}
			dMu[l], dSigma[l] = d, d*z[l]
		}
	}
}

// halves returns the two halves of the features of panel p: mu and sigma.
func halves(m nn.Matrix, p int) (mu, sigma []float32) {
	x := m.Panel(p)
	return x[:len(x)/2], x[len(x)/2:]
}

// smooth writes clip(mu + clip(sigma noise, most)) * mask.
func smooth(dst, mu, noise, mask nn.Matrix, sigma, most float32) {
	for p := range dst.Panels() {
		d, x, z, m := dst.Panel(p), mu.Panel(p), noise.Panel(p), mask.Panel(p)
		for l := range d {
			d[l] = clip(x[l]+clip(sigma*z[l], most), 1) * m[l]
		}
	}
}

// addDrift adds to slope the gradient by x of
//
//	c mean_samples( sum_own (x - start)^2 / own )
//
// where own are the features that the sample's mask keeps, and returns its
// value. A sample without any contributes nothing.
func addDrift(slope, x, mask nn.Matrix, start []float32, c float64) float64 {
	value := 0.0
	for p := range x.Panels() {
		var own, squares [nn.Lanes]float32
		for f, zero := range start {
			v, m := x.Row(p, f), mask.Row(p, f)
			for l := range m {
				own[l] += m[l]
				squares[l] += m[l] * (v[l] - zero) * (v[l] - zero)
			}
		}
		for l := range min(nn.Lanes, x.Batch-p*nn.Lanes) {
			value += float64(squares[l]) / float64(max(1, own[l]))
		}
		scale := float32(2 * c / float64(x.Batch))
		for f, zero := range start {
			g, v, m := slope.Row(p, f), x.Row(p, f), mask.Row(p, f)
			for l := range g {
				g[l] += scale * m[l] * (v[l] - zero) / max(1, own[l])
			}
		}
	}
	return c * value / float64(x.Batch)
}

// addCloning adds to slope the gradient by mu of
//
//	c sum_b share_b mean_own (mu - expert)^2
//
// own being the features that the mask keeps, and returns its value.
func addCloning(slope, mu, expert, mask nn.Matrix, share []float32, c float64) float64 {
	value := 0.0
	for p := range mask.Panels() {
		share := share[p*nn.Lanes:][:nn.Lanes]
		var own, squares [nn.Lanes]float32
		for f := range mask.Dim {
			x, e, m := mu.Row(p, f), expert.Row(p, f), mask.Row(p, f)
			for l := range m {
				own[l] += m[l]
				squares[l] += m[l] * (x[l] - e[l]) * (x[l] - e[l])
			}
		}
		var factor [nn.Lanes]float32
		for l, s := range share {
			if s > 0 {
				value += float64(s) * float64(squares[l]) / float64(own[l])
				factor[l] = float32(2*c) * s / own[l]
			}
		}
		for f := range mask.Dim {
			g, x, e, m := slope.Row(p, f), mu.Row(p, f), expert.Row(p, f), mask.Row(p, f)
			for l := range g {
				g[l] += factor[l] * m[l] * (x[l] - e[l])
			}
		}
	}
	return c * value
}

// meanPriority writes the mean absolute error of each row over the critics.
func meanPriority(dst []float32, delta [][]float32) {
	for r := range dst {
		total := float32(0)
		for _, d := range delta {
			total += d[r]
		}
		dst[r] = total / float32(len(delta))
	}
}

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// clip returns the nearest to x in -most .. most.
func clip(x, most float32) float32 { return max(-most, min(most, x)) }

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func sum32(rows [][]float32) float32 {
	s := float32(0)
	for _, row := range rows {
		for _, v := range row {
			s += v
		}
	}
	return s
}

func mean(x []float64) float64 { return sum(x) / float64(len(x)) }

func meanNorm(steps []*trained) float64 {
	s := 0.0
	for _, t := range steps {
		s += t.norm
	}
	return s / float64(len(steps))
}
