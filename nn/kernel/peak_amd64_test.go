package kernel

import "testing"

// BenchmarkPeak is the most that one core can do: FMAs without memory.
func BenchmarkPeak(b *testing.B) {
	const n = 100000
	at(b, func(b *testing.B) {
		switch Current() {
		case AVX512:
			for b.Loop() {
				peakAVX512(n)
			}
			gflops(b, n*12*16*2)
		case AVX2:
			for b.Loop() {
				peakAVX2(n)
			}
			gflops(b, n*12*8*2)
		default:
			b.Skip("portable code")
		}
	})
}
