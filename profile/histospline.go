package profile

// quarters brings hourly means to quarters of an hour with the least sum of
// squared steps, min sum (x_{t+1} - x_t)^2, that keeps every hourly mean (Boot,
// Feibes and Lisman, "Further methods of derivation of quarterly figures from
// annual data", Applied Statistics 16, 1967). It is also the expectation of a
// random walk given its hourly means, so that a walk minus the quarters of its
// own hourly means is the uncertainty that the means leave.
//
// In the optimum the steps change linearly within each hour: with b_h the step
// into hour h, the three steps inside are b_h + c, b_h + 2c, b_h + 3c and
// 4c = b_{h+1} - b_h. Demanding the means leaves a tridiagonal system,
// 0.625 b_h + 2.75 b_{h+1} + 0.625 b_{h+2} = mean_{h+1} - mean_h, with b = 0 at
// both ends.
func quarters(means []float64) []float64 {
	out := make([]float64, 4*len(means))
	quartersInto(out, means)
	return out
}

func quartersInto(out, means []float64) {
	const side, middle = 0.625, 2.75
	n := len(means)
	if n == 0 {
		return
	}
	// b[h] is the step into hour h; ratio holds the eliminated upper diagonal.
	b, ratio := make([]float64, n+1), make([]float64, n+1)
	for h := 1; h < n; h++ {
		pivot := middle - side*ratio[h-1]
		ratio[h] = side / pivot
		b[h] = (means[h] - means[h-1] - side*b[h-1]) / pivot
	}
	for h := n - 2; h > 0; h-- {
		b[h] -= ratio[h] * b[h+1]
	}
	for h, mean := range means {
		change := (b[h+1] - b[h]) / 4
		x := mean - 1.5*b[h] - 2.5*change
		for quarter := range 4 {
			out[4*h+quarter] = x
			x += b[h] + float64(quarter+1)*change
		}
	}
}

// hourly returns the means of each hour of a series of quarters.
func hourly(series []float64) []float64 {
	means := make([]float64, len(series)/4)
	for h := range means {
		q := series[4*h : 4*h+4]
		means[h] = (q[0] + q[1] + q[2] + q[3]) / 4
	}
	return means
}
