package conic

// dot returns a'b; a may be shorter.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// axpy sets y += a x; x may be shorter.
func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

func scaleBy(v []float64, c float64) {
	for i := range v {
		v[i] *= c
	}
}

// maxAbs returns the largest absolute value, NaN where there is one.
func maxAbs(v []float64) float64 {
	m := 0.0
	for _, x := range v {
		if x < 0 {
			x = -x
		}
		if !(x <= m) {
			if x != x {
				return x
			}
			m = x
		}
	}
	return m
}
