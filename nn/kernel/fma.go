package kernel

import "math"

// fma returns a*b+c rounded once to float32, as the vector instructions do,
// on any processor.
//
// The product of two float32 is exact in float64, so s = a*b+c carries one
// rounding to 53 bits. Rounding s again to 24 bits is wrong only when s sits
// exactly on the midpoint of two float32 neighbours while the true sum does
// not; only then, and where float32 is subnormal and its midpoints lie
// elsewhere, the sum is rounded to odd first (Boldo and Melquiond, "Emulation
// of FMA and correctly rounded sums", IEEE Trans. Computers 57, 2008).
func fma(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	s := p + float64(c)
	if roundsTwice(s) {
		return fmaToOdd(p, float64(c))
	}
	return float32(s)
}

// fmaLanes adds x*y to every lane of acc.
func fmaLanes(acc *[Lanes]float32, x float32, y *[Lanes]float32) {
	wide := float64(x)
	for l, v := range y {
		p := wide * float64(v)
		s := p + float64(acc[l])
		if roundsTwice(s) {
			acc[l] = fmaToOdd(p, float64(acc[l]))
		} else {
			acc[l] = float32(s)
		}
	}
}

// roundsTwice reports whether rounding s to float32 may go wrong.
func roundsTwice(s float64) bool {
	const midpoint, twiceMinNormal = 1 << 28, (1023 - 126) << 53
	x := math.Float64bits(s)
	return x&(1<<29-1) == midpoint || x<<1-1 < twiceMinNormal-1
}

// fmaToOdd is the rare case of fma, kept apart so that the rest stays small.
//
//go:noinline
func fmaToOdd(p, c float64) float32 {
	s := p + c
	// Knuth's TwoSum: lost is exactly p + c - s.
	t := s - p
	lost := (p - (s - t)) + (c - t)
	bits := math.Float64bits(s)
	if lost != 0 && lost == lost && bits&1 == 0 {
		if (lost > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
	}
	return float32(math.Float64frombits(bits))
}
