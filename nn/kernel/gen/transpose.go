package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// transpose writes the transpose of 32 x 32 values, by squares as wide as a
// vector.
func (v vec) transpose() {
	v.function("transpose", "(dst *float32, dstRow int, src *float32, srcRow int)",
		"writes the transpose of 32x32 values, the rows so many bytes apart.")
	dst, src := pointer("dst"), pointer("src")
	dstRow, srcRow := pointer("dstRow"), pointer("srcRow")
	n := 32 / v.lanes
	down, right := GP64(), GP64() // squares left in this column of src, and columns left
	MOVQ(U32(uint32(n)), right)
	Label("column")
	MOVQ(U32(uint32(n)), down)
	Label("square")
	square := v.square
	r := make([]VecVirtual, v.lanes)
	for i := range r {
		r[i] = v.reg()
		VMOVUPS(Mem{Base: src}, r[i])
		ADDQ(srcRow, src) // a walk down: src ends at the next square below
	}
	r = square(r)
	at := GP64()
	MOVQ(dst, at)
	for i := range r {
		VMOVUPS(r[i], Mem{Base: at})
		if i < len(r)-1 {
			ADDQ(dstRow, at)
		}
	}
	ADDQ(U32(uint32(v.bytes())), dst)
	SUBQ(Imm(1), down)
	JNE(LabelRef("square"))
	// Back to the top of src, one square to the right; down one square in dst.
	back := GP64()
	MOVQ(srcRow, back)
	SHLQ(Imm(5), back)
	SUBQ(back, src)
	ADDQ(U32(uint32(v.bytes())), src)
	MOVQ(dstRow, back)
	if v.lanes == 16 {
		SHLQ(Imm(4), back)
	} else {
		SHLQ(Imm(3), back)
	}
	SUBQ(U32(128), dst)
	ADDQ(back, dst)
	SUBQ(Imm(1), right)
	JNE(LabelRef("column"))
	v.ret()
}

// square returns the transpose of as many vectors as they have lanes.
func (v vec) square(r []VecVirtual) []VecVirtual {
	pair := func(op func(...Op), a, b VecVirtual) VecVirtual {
		x := v.reg()
		op(b, a, x)
		return x
	}
	// Transpose 4x4 in every 128-bit part: out[4*g+j] holds column j (of each
	// part) of rows 4g to 4g+3.
	out := make([]VecVirtual, len(r))
	for g := 0; g < len(r); g += 4 {
		ab0, ab1 := pair(VUNPCKLPS, r[g], r[g+1]), pair(VUNPCKHPS, r[g], r[g+1])
		cd0, cd1 := pair(VUNPCKLPS, r[g+2], r[g+3]), pair(VUNPCKHPS, r[g+2], r[g+3])
		out[g], out[g+1] = pair(VUNPCKLPD, ab0, cd0), pair(VUNPCKHPD, ab0, cd0)
		out[g+2], out[g+3] = pair(VUNPCKLPD, ab1, cd1), pair(VUNPCKHPD, ab1, cd1)
	}
	res := make([]VecVirtual, len(r))
	if v.lanes == 8 {
		for j := range 4 {
			res[j], res[j+4] = v.reg(), v.reg()
			VPERM2F128(Imm(0x20), out[4+j], out[j], res[j])
			VPERM2F128(Imm(0x31), out[4+j], out[j], res[j+4])
		}
		return res
	}
	shuffle := func(imm uint64, a, b VecVirtual) VecVirtual {
		x := v.reg()
		VSHUFF32X4(Imm(imm), b, a, x)
		return x
	}
	for j := range 4 {
		// Parts 0 and 2 of two vectors, then parts 1 and 3.
		even01, odd01 := shuffle(0x88, out[j], out[4+j]), shuffle(0xdd, out[j], out[4+j])
		even23, odd23 := shuffle(0x88, out[8+j], out[12+j]), shuffle(0xdd, out[8+j], out[12+j])
		res[j], res[j+8] = shuffle(0x88, even01, even23), shuffle(0xdd, even01, even23)
		res[j+4], res[j+12] = shuffle(0x88, odd01, odd23), shuffle(0xdd, odd01, odd23)
	}
	return res
}
