package kernel

import "math"

// AdamStep holds the constants of one Adam step.
//
// The assembly reads this struct: run go generate after changing it.
type AdamStep struct {
	Keep1, Take1 float32 // Beta1 and 1-Beta1
	Keep2, Take2 float32 // Beta2 and 1-Beta2
	Rate         float32 // learning rate / (1 - Beta1^t)
	RootScale    float32 // 1 / sqrt(1 - Beta2^t)
	Eps          float32
	Scale        float32 // factor on the gradient before all else
}

// Adam moves the parameters p along the gradient g and updates the moments:
//
//	m = Keep1*m + Take1*(Scale*g)
//	v = Keep2*v + (Take2*(Scale*g))*(Scale*g)
//	p = p - Rate*m / (sqrt(v)*RootScale + Eps)
//
// All slices have the same length.
func Adam(p, g, m, v []float32, s *AdamStep) {
	p, m, v = p[:len(g)], m[:len(g)], v[:len(g)]
	n := whole(len(g))
	if n > 0 {
		if level == AVX512 {
			adamAVX512(&p[0], &g[0], &m[0], &v[0], n, s)
		} else {
			adamAVX2(&p[0], &g[0], &m[0], &v[0], n, s)
		}
	}
	for i := n; i < len(g); i++ {
		gi := float32(s.Scale * g[i])
		m[i] = fma(s.Keep1, m[i], float32(s.Take1*gi))
		v[i] = fma(s.Keep2, v[i], float32(float32(s.Take2*gi)*gi))
		root := float32(math.Sqrt(float64(v[i])))
		p[i] -= float32(float32(s.Rate*m[i]) / fma(root, s.RootScale, s.Eps))
	}
}
