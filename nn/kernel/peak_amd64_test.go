package kernel

import "testing"

// BenchmarkPeak is the most that one core can do: FMAs without memory.
func BenchmarkPeak(b *testing.B) {
	const n, chains = 10000, 12
	at(b, func(b *testing.B) {
		switch Current() {
		case AVX512:
			measure(b, n*chains*16*2, func() { peakAVX512(n) })
		case AVX2:
			measure(b, n*chains*8*2, func() { peakAVX2(n) })
		default:
			b.Skip("portable code has no peak")
		}
	})
}
