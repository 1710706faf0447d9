package kernel

import "fmt"

// MaxDense is the greatest number of samples that Dense takes.
const MaxDense = 8

// Dense computes a layer for a few samples, row-major: Y[r][out] =
// bias[out] + W[out][in] X[r][in] for r < rows <= MaxDense, with max(y, slope*y)
// if doActivate. Its results are the bits that NN has for these samples. Scratch
// has DenseScratch(in) values.
func Dense(y, x, w, bias, scratch []float32, rows, in, out int, doActivate bool, slope float32) {
	if rows < 1 || rows > MaxDense || in < 1 || len(y) < rows*out || len(x) < rows*in || len(w) < in*out || len(bias) < out || len(scratch) < DenseScratch(in) {
		panic(fmt.Sprintf("kernel: Dense of %d rows, %d to %d features does not fit: len(y)=%d len(x)=%d len(w)=%d len(bias)=%d len(scratch)=%d",
			rows, in, out, len(y), len(x), len(w), len(bias), len(scratch)))
	}
	block, panel := scratch[:Lanes*Lanes], scratch[Lanes*Lanes:]
	t := tile{a: x, b: panel, aRow: in * size, aK: size, cRow: out * size, kIn: in, kOut: 1, rows: rows, mode: fromC, slope: slope}
	if doActivate {
		t.mode |= activate
	}
	for o := 0; o < out; o += Lanes {
		width := min(Lanes, out-o)
		for k := 0; k < in; k += Lanes {
			turn(panel[k*Lanes:], block, w[o*in+k:], in, min(Lanes, in-k), width)
		}
		for r := range rows {
			copy(y[r*out+o:][:width], bias[o:])
		}
		if t.c = y[o:]; width < Lanes {
			t.runNarrow(t.c, width)
		} else {
			t.run()
		}
	}
}

// DenseScratch returns the scratch that Dense needs for in inputs: a block and
// a panel of whole blocks.
func DenseScratch(in int) int { return Lanes*Lanes + (in+Lanes-1)/Lanes*Lanes*Lanes }

// turn writes dst[r*32+c] = src[c*lds+r] for r < rows and c < cols, and
// anything in the rest of the 32 x 32 values. Block is scratch.
func turn(dst, block, src []float32, lds, rows, cols int) {
	if level == Generic || rows == Lanes && cols == Lanes {
		Transpose(dst, Lanes, src, lds, rows, cols)
		return
	}
	for c := range cols {
		copy(block[c*Lanes:], src[c*lds:][:rows])
	}
	transpose(&dst[0], Lanes, &block[0], Lanes)
}
