package kernel

// SumSquares returns the sum of squares of x: 16 float64 sums, value i going
// to sum i mod 16, added up by halves.
func SumSquares(x []float32) float64 {
	var sums [16]float64
	n := whole(len(x))
	if n > 0 {
		if level == AVX512 {
			sumSquaresAVX512(&sums[0], &x[0], n)
		} else {
			sumSquaresAVX2(&sums[0], &x[0], n)
		}
	}
	for i, v := range x[n:] {
		sums[i%16] += float64(v) * float64(v) // exact product: an FMA gives the same
	}
	for n := 8; n > 0; n /= 2 {
		for l := range n {
			sums[l] += sums[l+n]
		}
	}
	return sums[0]
}

// RowSums writes to dst[f] the sum of feature f over the samples of a
// panelled matrix with stride features between panels, blocks of batch samples
// each: over the panels first, then the 32 lanes by halves.
func RowSums(dst, src []float32, blocks, batch, stride int) {
	if batch%Lanes == 0 && level != Generic && len(dst) > 0 {
		panels := blocks * batch / Lanes
		_ = src[((panels-1)*stride+len(dst))*Lanes-1]
		if level == AVX512 {
			rowSumsAVX512(&dst[0], &src[0], len(dst), panels, stride*Lanes*size)
		} else {
			rowSumsAVX2(&dst[0], &src[0], len(dst), panels, stride*Lanes*size)
		}
		return
	}
	for f := range dst {
		var acc [Lanes]float32
		p := 0
		for range blocks {
			for b := 0; b < batch; b += Lanes {
				row := src[(p*stride+f)*Lanes:]
				for l := range min(Lanes, batch-b) {
					acc[l] += row[l]
				}
				p++
			}
		}
		dst[f] = fold(&acc)
	}
}

// RowDots writes to dst[f] the sum of x*y of feature f over the samples of
// two matrices of that shape.
func RowDots(dst, x, y []float32, blocks, batch, stride int) {
	if batch%Lanes == 0 && level != Generic && len(dst) > 0 {
		panels := blocks * batch / Lanes
		end := ((panels-1)*stride + len(dst)) * Lanes
		_, _ = x[end-1], y[end-1]
		if level == AVX512 {
			rowDotsAVX512(&dst[0], &x[0], &y[0], len(dst), panels, stride*Lanes*size)
		} else {
			rowDotsAVX2(&dst[0], &x[0], &y[0], len(dst), panels, stride*Lanes*size)
		}
		return
	}
	for f := range dst {
		var acc [Lanes]float32
		p := 0
		for range blocks {
			for b := 0; b < batch; b += Lanes {
				i := (p*stride + f) * Lanes
				for l := range min(Lanes, batch-b) {
					acc[l] = fma(x[i+l], y[i+l], acc[l])
				}
				p++
			}
		}
		dst[f] = fold(&acc)
	}
}

// fold adds up the lanes by halves.
func fold(acc *[Lanes]float32) float32 {
	for n := Lanes / 2; n > 0; n /= 2 {
		for l := range n {
			acc[l] += acc[l+n]
		}
	}
	return acc[0]
}
