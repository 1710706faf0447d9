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
	bits := math.Float64bits(s)
	const minNormal = 1023 - 126 // biased float64 exponent of the least normal float32
	if bits&(1<<29-1) != 1<<28 && int(bits>>52)&0x7ff >= minNormal {
		return float32(s)
	}
	return fmaToOdd(p, float64(c), s)
}

func fmaToOdd(p, c, s float64) float32 {
	// Knuth's TwoSum: lost is exactly p + c - s.
	t := s - p
	lost := (p - (s - t)) + (c - t)
	if lost != 0 && lost == lost {
		bits := math.Float64bits(s)
		if bits&1 == 0 {
			if (lost > 0) == (s > 0) {
				bits++
			} else {
				bits--
			}
			s = math.Float64frombits(bits)
		}
	}
	return float32(s)
}
