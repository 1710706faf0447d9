package kernel

import "math"

// AdamStep holds the constants of one Adam step.
type AdamStep struct {
	Keep1, Take1 float32 // Beta1 and 1-Beta1
	Keep2, Take2 float32 // Beta2 and 1-Beta2
	Rate         float32 // learning rate / (1 - Beta1^t)
	RootScale    float32 // 1 / sqrt(1 - Beta2^t)
	Eps          float32
	Scale        float32 // factor on the gradient before all else
}

// Adam moves the parameters p along the gradient g and updates both moments.
// All slices have the same length.
func Adam(p, g, m, v []float32, s *AdamStep) {
	for i, gi := range g {
		gi *= s.Scale
		m[i] = fma(s.Keep1, m[i], s.Take1*gi)
		v[i] = fma(s.Keep2, v[i], float32(s.Take2*gi)*gi)
		root := float32(math.Sqrt(float64(v[i])))
		p[i] -= s.Rate * m[i] / fma(root, s.RootScale, s.Eps)
	}
}

// Blend writes (1-t)*dst + t*src to dst.
func Blend(dst, src []float32, t float32) {
	for i, x := range src {
		dst[i] = fma(t, x, (1-t)*dst[i])
	}
}
