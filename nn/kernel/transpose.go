package kernel

import "fmt"

// Transpose32 writes the transpose of the panelled matrix src, features dim
// and panels panels with srcStride features between panels, to
// dst[f/32][sample][f%32]. Features past dim are written as zeros.
func Transpose32(dst, src []float32, dim, panels, srcStride int) {
	tiles := (dim + Lanes - 1) / Lanes
	samples := panels * Lanes
	if dim == 0 || panels == 0 {
		return
	}
	if len(dst) < tiles*samples*Lanes || len(src) < ((panels-1)*srcStride+dim)*Lanes {
		panic(fmt.Sprintf("kernel: Transpose32 of dim=%d panels=%d does not fit: len(dst)=%d len(src)=%d", dim, panels, len(dst), len(src)))
	}
	for j := range tiles {
		features := min(Lanes, dim-j*Lanes)
		for p := range panels {
			d := dst[(j*samples+p*Lanes)*Lanes:][:Lanes*Lanes]
			if features < Lanes {
				clear(d)
			}
			Transpose(d, Lanes, src[(p*srcStride+j*Lanes)*Lanes:], Lanes, Lanes, features)
		}
	}
}

// Transpose writes dst[r*ldd+c] = src[c*lds+r] for r < rows and c < cols, at
// most 32 of both.
func Transpose(dst []float32, ldd int, src []float32, lds, rows, cols int) {
	if level == Generic {
		for r := range rows {
			for c := range cols {
				dst[r*ldd+c] = src[c*lds+r]
			}
		}
		return
	}
	if rows == Lanes && cols == Lanes {
		_, _ = dst[31*ldd+31], src[31*lds+31]
		transpose(&dst[0], ldd, &src[0], lds)
		return
	}
	var from, to [Lanes * Lanes]float32
	for c := range cols {
		copy(from[c*Lanes:], src[c*lds:][:rows])
	}
	transpose(&to[0], Lanes, &from[0], Lanes)
	for r := range rows {
		copy(dst[r*ldd:][:cols], to[r*Lanes:])
	}
}

func transpose(dst *float32, ldd int, src *float32, lds int) {
	if level == AVX512 {
		transposeAVX512(dst, ldd*size, src, lds*size)
	} else {
		transposeAVX2(dst, ldd*size, src, lds*size)
	}
}
