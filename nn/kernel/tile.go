package kernel

// tile describes rows of C[i][0:32] = start + sum over kOut x kIn steps of
// A(i, k) * B[k][0:32]: the one loop under all three products. Between steps A
// moves by aK, between the kOut groups by aJump more, B always by 32 elements.
// All other distances are in bytes.
//
// The assembly reads this struct: run go generate after changing it.
type tile struct {
	a, b, c    []float32
	bias, gate []float32
	aRow       int // from a row of A to the next
	aK         int // from a step to the next in A
	aJump      int
	cRow       int // from a row of C to the next
	kIn, kOut  int
	rows       int
	mode       int // sum of the bits below
	slope      float32
}

const (
	fromC    = 1 << iota // start from C instead of zero
	fromBias             // start from bias[i]
	activate             // max(c, slope*c)
	gated                // slope*c where gate <= 0
)

// size is the number of bytes of an element.
const size = 4

func (t *tile) run() {
	switch level {
	case AVX512:
		tileAVX512(t)
	case AVX2:
		tileAVX2(t)
	default:
		tileGeneric(t)
	}
}

func tileGeneric(t *tile) {
	for i := range t.rows {
		c := t.c[i*t.cRow/size:][:Lanes]
		var acc [Lanes]float32
		switch {
		case t.mode&fromC != 0:
			copy(acc[:], c)
		case t.mode&fromBias != 0:
			for l := range acc {
				acc[l] = t.bias[i]
			}
		}
		a, b := i*t.aRow/size, 0
		for range t.kOut {
			for range t.kIn {
				fmaLanes(&acc, t.a[a], (*[Lanes]float32)(t.b[b:]))
				a, b = a+t.aK/size, b+Lanes
			}
			a += t.aJump / size
		}
		if t.mode&activate != 0 {
			for l, v := range acc {
				acc[l] = max(v, t.slope*v)
			}
		}
		if t.mode&gated != 0 {
			for l, g := range t.gate[i*Lanes : i*Lanes+Lanes] {
				if !(g > 0) {
					acc[l] *= t.slope
				}
			}
		}
		copy(c, acc[:])
	}
}

// runNarrow computes rows of which only the first width lanes exist in c.
func (t *tile) runNarrow(c []float32, width int) {
	const step = 8
	var buf [step * Lanes]float32
	n := *t
	n.c, n.cRow = buf[:], Lanes*size
	for i := 0; i < t.rows; i += step {
		n.rows = min(step, t.rows-i)
		n.a = t.a[i*t.aRow/size:]
		if n.mode&fromC != 0 {
			for r := range n.rows {
				copy(buf[r*Lanes:], c[(i+r)*t.cRow/size:][:width])
			}
		}
		n.run()
		for r := range n.rows {
			copy(c[(i+r)*t.cRow/size:][:width], buf[r*Lanes:])
		}
	}
}
