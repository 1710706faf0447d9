package kernel

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestPhiloxKnownAnswers holds the ten rounds against the test vectors that
// the authors publish with their library Random123 (file kat_vectors).
func TestPhiloxKnownAnswers(t *testing.T) {
	for _, v := range []struct {
		first, stream, key uint64
		want               [4]uint32
	}{
		{0, 0, 0, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{math.MaxUint64, math.MaxUint64, math.MaxUint64, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x85a308d3_243f6a88, 0x03707344_13198a2e, 0x299f31d0_a4093822, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox(v.first, v.stream, v.key); got != v.want {
			t.Errorf("Philox(%016x, %016x, %016x) = %08x, want %08x", v.first, v.stream, v.key, got, v.want)
		}
	}
}

func TestPhiloxBlocksAreTheSameEverywhere(t *testing.T) {
	defer Use(Current())
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Uint64().Draw(t, "first")
		if rapid.Bool().Draw(t, "near overflow") {
			first |= math.MaxUint32 - 20
		}
		stream, key := rapid.Uint64().Draw(t, "stream"), rapid.Uint64().Draw(t, "key")
		dst := make([]uint32, 4*rapid.IntRange(0, 50).Draw(t, "blocks"))
		for _, l := range Levels() {
			if err := Use(l); err != nil {
				t.Fatal(err)
			}
			PhiloxBlocks(dst, first, stream, key)
			for i, w := range dst {
				if want := Philox(first+uint64(i/4), stream, key)[i%4]; w != want {
					t.Fatalf("%v: word %d is %08x, want %08x", l, i, w, want)
				}
			}
		}
	})
}

// TestNormalInvertsTheDistribution compares with float64's inverse error function.
func TestNormalInvertsTheDistribution(t *testing.T) {
	var bits []uint32
	for b := uint64(0); b < 1<<32; b += 9973 {
		bits = append(bits, uint32(b))
	}
	for b := range uint32(5000) { // the tails
		bits = append(bits, b, b|1<<31, math.MaxUint32-b, math.MaxInt32-b)
	}
	got := make([]float32, len(bits))
	Normal(got, bits)
	worst := 0.0
	for i, b := range bits {
		q := (float64(b&math.MaxInt32) + 0.5) / (1 << 31)
		want := math.Sqrt2 * math.Erfcinv(q)
		if b>>31 == 1 {
			want = -want
		}
		worst = max(worst, math.Abs(float64(got[i])-want)/max(1, math.Abs(want)))
	}
	t.Logf("error %.1e", worst)
	if worst > 1e-6 {
		t.Errorf("the worst error is %.1e, documented are 1e-6", worst)
	}
}

func TestNormalAgreesEverywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SliceOfN(rapid.Uint32(), 0, 70).Draw(t, "bits")
		for i := range bits {
			bits[i] ^= uint32(i) * 0x9E3779B9 // small numbers alone would all lie in the tail
		}
		dst := make([]float32, len(bits))
		everywhere(t, dst, func() { Normal(dst, bits) })
	})
}
