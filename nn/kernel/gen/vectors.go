package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// adam follows adamGeneric.
func (v vec) adam() {
	v.function("adam", "(param, grad, m, v *float32, n int, s *AdamStep)", "moves n parameters, n a positive multiple of 16.")
	p, g, m, vv := pointer("param"), pointer("grad"), pointer("m"), pointer("v")
	s := Dereference(Param("s"))
	field := func(name string) VecVirtual {
		b, err := s.Field(name).Resolve()
		if err != nil {
			panic(err)
		}
		return v.broadcast(b.Addr)
	}
	keep1, take1, keep2, take2 := field("Keep1"), field("Take1"), field("Keep2"), field("Take2")
	rate, root, eps, scale := field("Rate"), field("RootScale"), field("Eps"), field("Scale")
	v.each(func(at func(GPVirtual) Mem) {
		grad, first, second := v.reg(), v.reg(), v.reg()
		VMULPS(at(g), scale, grad)
		VMULPS(grad, take1, first)
		VFMADD231PS(at(m), keep1, first)
		VMOVUPS(first, at(m))
		VMULPS(grad, take2, second)
		VMULPS(grad, second, second)
		VFMADD231PS(at(vv), keep2, second)
		VMOVUPS(second, at(vv))
		VSQRTPS(second, second)
		VFMADD213PS(eps, root, second)
		VMULPS(rate, first, first)
		VDIVPS(second, first, first)
		param := v.load(at(p))
		VSUBPS(first, param, param)
		VMOVUPS(param, at(p))
	})
	v.ret()
}

// combine follows Combine.
func (v vec) combine() {
	v.function("combine", "(dst, x, y *float32, n int, a, b float32)", "writes a*x + b*y for n values, n a positive multiple of 16.")
	dst, x, y := pointer("dst"), pointer("x"), pointer("y")
	a, b := v.parameter("a"), v.parameter("b")
	v.each(func(at func(GPVirtual) Mem) {
		r := v.reg()
		VMULPS(at(x), a, r)
		VFMADD231PS(at(y), b, r)
		VMOVUPS(r, at(dst))
	})
	v.ret()
}

// tanhGrad follows tanhGradGeneric.
func (v vec) tanhGrad() {
	v.function("tanhGrad", "(d, h *float32, n int)", "writes d*(1-h²) to d for n values, n a positive multiple of 16.")
	d, h := pointer("d"), pointer("h")
	v.each(func(at func(GPVirtual) Mem) {
		y, x := v.load(at(h)), v.load(constant(1))
		VFNMADD231PS(y, y, x)
		VMULPS(at(d), x, x)
		VMOVUPS(x, at(d))
	})
	v.ret()
}

// rectify follows rectifyGeneric.
func (v vec) rectify() {
	v.function("rectify", "(x *float32, n int, slope float32)", "writes max(x, slope*x) to x for n values, n a positive multiple of 16.")
	base := pointer("x")
	slope := v.parameter("slope")
	v.each(func(at func(GPVirtual) Mem) {
		x, y := v.load(at(base)), v.reg()
		VMULPS(slope, x, y)
		VMAXPS(y, x, x)
		VMOVUPS(x, at(base))
	})
	v.ret()
}

// parameter returns a vector of copies of a float32 parameter.
func (v vec) parameter(name string) VecVirtual {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return v.broadcast(b.Addr)
}

// sumSquares adds the squares of n values to 16 float64 sums, value i to sum
// i mod 16.
func (v vec) sumSquares() {
	v.function("sumSquares", "(sums *float64, x *float32, n int)", "adds the squares of n values to 16 sums, n a positive multiple of 16.")
	sums, x := pointer("sums"), pointer("x")
	n, i := Load(Param("n"), GP64()), GP64()
	SHLQ(Imm(2), n)
	XORQ(i, i)
	parts := 128 / v.bytes()
	acc := make([]VecVirtual, parts)
	for p := range acc {
		acc[p] = v.reg()
		VMOVUPD(Mem{Base: sums, Disp: p * v.bytes()}, acc[p])
	}
	Label("loop")
	for p := range acc {
		y := v.reg()
		VCVTPS2PD(Mem{Base: x, Index: i, Scale: 1, Disp: p * v.bytes() / 2}, y)
		VFMADD231PD(y, y, acc[p])
	}
	ADDQ(Imm(64), i)
	CMPQ(i, n)
	JLT(LabelRef("loop"))
	for p := range acc {
		VMOVUPD(acc[p], Mem{Base: sums, Disp: p * v.bytes()})
	}
	v.ret()
}

// rowSums follows RowSums.
func (v vec) rowSums() {
	v.function("rowSums", "(dst, src *float32, n, panels, stride int)", "sums n features over whole panels, stride bytes apart.")
	src := pointer("src")
	v.rowReduce([]GPVirtual{src}, func(acc VecVirtual, at []Mem) { VADDPS(at[0], acc, acc) })
}

// rowDots follows RowDots.
func (v vec) rowDots() {
	v.function("rowDots", "(dst, x, y *float32, n, panels, stride int)", "sums products of n features over whole panels, stride bytes apart.")
	x, y := pointer("x"), pointer("y")
	v.rowReduce([]GPVirtual{x, y}, func(acc VecVirtual, at []Mem) { VFMADD231PS(at[1], v.load(at[0]), acc) })
}

// rowReduce writes, for every one of n rows of 32 lanes, what add sums up over
// the panels and then over the lanes by halves.
func (v vec) rowReduce(src []GPVirtual, add func(acc VecVirtual, at []Mem)) {
	dst, n, stride := pointer("dst"), pointer("n"), pointer("stride")
	acc := make([]VecVirtual, 32/v.lanes)
	Label("row")
	for i := range acc {
		acc[i] = v.zero()
	}
	var walking []GPVirtual
	for _, s := range src {
		w := GP64()
		MOVQ(s, w)
		walking = append(walking, w)
	}
	left := pointer("panels")
	Label("panel")
	for i := range acc {
		var at []Mem
		for _, w := range walking {
			at = append(at, Mem{Base: w, Disp: i * v.bytes()})
		}
		add(acc[i], at)
	}
	for _, w := range walking {
		ADDQ(stride, w)
	}
	SUBQ(Imm(1), left)
	JNE(LabelRef("panel"))
	v.foldAll(acc)
	VMOVSS(acc[0].AsX(), Mem{Base: dst})
	ADDQ(Imm(4), dst)
	for _, s := range src {
		ADDQ(U32(128), s)
	}
	SUBQ(Imm(1), n)
	JNE(LabelRef("row"))
	v.ret()
}

// foldAll adds up the lanes of all vectors by halves, into lane 0 of the first.
func (v vec) foldAll(acc []VecVirtual) {
	for n := len(acc) / 2; n > 0; n /= 2 {
		for p := range n {
			VADDPS(acc[p+n], acc[p], acc[p])
		}
	}
	r := acc[0]
	if v.lanes == 16 {
		high := YMM()
		VEXTRACTF64X4(Imm(1), r, high)
		VADDPS(high, r.AsY(), r.AsY())
	}
	high := XMM()
	VEXTRACTF128(Imm(1), r.AsY(), high)
	VADDPS(high, r.AsX(), r.AsX())
	VMOVHLPS(r.AsX(), r.AsX(), high)
	VADDPS(high, r.AsX(), r.AsX())
	VMOVSHDUP(r.AsX(), high)
	VADDPS(high, r.AsX(), r.AsX())
}
