package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// field returns where a field of a struct parameter lies.
func field(t gotypes.Component, name string) Mem {
	b, err := t.Field(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// laneProduct writes the product of matrices of which every element is a
// vector of lanes, one vector wide: see type laneProduct of package kernel.
func (v vec) laneProduct() {
	v.function("laneProduct", "(t *laneProduct)", "computes one vector of every element of t.c.")
	t := Dereference(Param("t"))
	load := func(name string) GPVirtual {
		r := GP64()
		MOVQ(field(t, name), r)
		return r
	}
	a, c, i := Load(t.Field("a").Base(), GP64()).(GPVirtual), Load(t.Field("c").Base(), GP64()).(GPVirtual), load("rows")
	aRow, bRow := load("aRow"), load("bRow")
	for _, rows := range []int{v.laneRows, 1} {
		loop, next := fmt.Sprintf("rows%d", rows), fmt.Sprintf("less%d", rows)
		Label(loop)
		CMPQ(i, U32(uint32(rows)))
		JLT(LabelRef(next))
		b, at, j := Load(t.Field("b").Base(), GP64()).(GPVirtual), GP64(), load("cols")
		MOVQ(c, at)
		for _, cols := range []int{4, 1} {
			label := fmt.Sprintf("%dx%d", rows, cols)
			Label("cols" + label)
			CMPQ(j, U32(uint32(cols)))
			JLT(LabelRef("less" + label))
			v.laneBlock(t, a, b, aRow, bRow, at, rows, cols, "k"+label)
			for range cols {
				ADDQ(bRow, b)
				ADDQ(field(t, "cCol"), at)
			}
			SUBQ(U32(uint32(cols)), j)
			JMP(LabelRef("cols" + label))
			Label("less" + label)
		}
		for range rows {
			ADDQ(aRow, a)
			ADDQ(field(t, "cRow"), c)
		}
		SUBQ(U32(uint32(rows)), i)
		JMP(LabelRef(loop))
		Label(next)
	}
	v.ret()
}

// laneBlock computes rows x cols vectors of C.
func (v vec) laneBlock(t gotypes.Component, a, b, aRow, bRow, c GPVirtual, rows, cols int, label string) {
	acc := make([][]VecVirtual, rows)
	for i := range acc {
		for range cols {
			acc[i] = append(acc[i], v.zero())
		}
	}
	pa, pb, k := GP64(), GP64(), GP64()
	MOVQ(a, pa)
	MOVQ(b, pb)
	MOVQ(field(t, "k"), k)
	// Element 3 of a row is reached by a register of three times the distance.
	reach := func(base, step GPVirtual, n int) func(i int) Mem {
		var three GPVirtual
		if n > 3 {
			three = GP64()
			LEAQ(Mem{Base: step, Index: step, Scale: 2}, three)
		}
		return func(i int) Mem {
			switch i {
			case 0:
				return Mem{Base: base}
			case 3:
				return Mem{Base: base, Index: three, Scale: 1}
			}
			return Mem{Base: base, Index: step, Scale: uint8(i)}
		}
	}
	atA, atB := reach(pa, aRow, rows), reach(pb, bRow, cols)
	Label(label)
	var y []VecVirtual
	for j := range cols {
		y = append(y, v.load(atB(j)))
	}
	for i := range rows {
		x := v.load(atA(i))
		for j := range cols {
			VFMADD231PS(x, y[j], acc[i][j])
		}
	}
	ADDQ(field(t, "aK"), pa)
	ADDQ(field(t, "bK"), pb)
	SUBQ(Imm(1), k)
	JNE(LabelRef(label))
	row := GP64()
	for i := range rows {
		if i == 0 {
			MOVQ(c, row)
		} else {
			MOVQ(c, row)
			for range i {
				ADDQ(field(t, "cRow"), row)
			}
		}
		for j := range cols {
			VMOVUPS(acc[i][j], Mem{Base: row})
			if j < cols-1 {
				ADDQ(field(t, "cCol"), row)
			}
		}
	}
}

// lanesOf runs f for every vector of the 32 lanes; at gives the place of the
// current vector behind a base.
func (v vec) lanesOf(f func(at func(base GPVirtual) Mem)) {
	off := GP64()
	XORQ(off, off)
	Label("lanes")
	f(func(base GPVirtual) Mem { return Mem{Base: base, Index: off, Scale: 1} })
	ADDQ(U32(uint32(v.bytes())), off)
	CMPQ(off, U32(128))
	JLT(LabelRef("lanes"))
}

// walk runs f for n elements of 128 bytes, moving the pointers along.
func walk(label string, n Mem, pointers []GPVirtual, f func()) {
	left := GP64()
	MOVQ(n, left)
	Label(label)
	f()
	for _, p := range pointers {
		ADDQ(U32(128), p)
	}
	SUBQ(Imm(1), left)
	JNE(LabelRef(label))
}

func parameterAt(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// softmax follows softmaxGeneric.
func (v vec) softmax() {
	v.function("softmax", "(x *float32, rows, n int, scale float32)", "replaces rows of n x 32 lanes by their softmax over n.")
	x, rows := pointer("x"), pointer("rows")
	n, scale := parameterAt("n"), v.parameter("scale")
	Label("row")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		p := GP64()
		MOVQ(x, p)
		most := v.load(at(p))
		walk("max", n, []GPVirtual{p}, func() { VMAXPS(at(p), most, most) })
		VMULPS(scale, most, most)
		MOVQ(x, p)
		sum := v.zero()
		walk("exp", n, []GPVirtual{p}, func() {
			s := v.load(at(p))
			VFMSUB213PS(most, scale, s)
			e := v.exp(s)
			VADDPS(e, sum, sum)
			VMOVUPS(e, at(p))
		})
		inverse := v.over(1, sum)
		MOVQ(x, p)
		walk("scale", n, []GPVirtual{p}, func() {
			e := v.reg()
			VMULPS(at(p), inverse, e)
			VMOVUPS(e, at(p))
		})
	})
	step := GP64()
	MOVQ(n, step)
	SHLQ(Imm(7), step)
	ADDQ(step, x)
	SUBQ(Imm(1), rows)
	JNE(LabelRef("row"))
	v.ret()
}

// softmaxGrad follows softmaxGradGeneric.
func (v vec) softmaxGrad() {
	v.function("softmaxGrad", "(ds, s, dp, total *float32, rows, n int, factor float32)",
		"writes the derivative with respect to what went into softmax.")
	ds, s, dp, total, rows := pointer("ds"), pointer("s"), pointer("dp"), pointer("total"), pointer("rows")
	n, factor := parameterAt("n"), v.parameter("factor")
	Label("row")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		ps, pd, pt := GP64(), GP64(), GP64()
		MOVQ(s, ps)
		MOVQ(dp, pd)
		dot := v.zero()
		walk("dot", n, []GPVirtual{ps, pd}, func() {
			x := v.load(at(ps))
			VFMADD231PS(at(pd), x, dot)
		})
		sum := v.reg()
		VADDPS(at(total), dot, sum)
		VMOVUPS(sum, at(total))
		MOVQ(s, ps)
		MOVQ(dp, pd)
		MOVQ(ds, pt)
		walk("grad", n, []GPVirtual{ps, pd, pt}, func() {
			x := v.load(at(pd))
			VSUBPS(dot, x, x)
			VMULPS(at(ps), x, x)
			VMULPS(factor, x, x)
			VMOVUPS(x, at(pt))
		})
	})
	step := GP64()
	MOVQ(n, step)
	SHLQ(Imm(7), step)
	ADDQ(step, ds)
	ADDQ(step, s)
	ADDQ(step, dp)
	SUBQ(Imm(1), rows)
	JNE(LabelRef("row"))
	v.ret()
}

// rmsNorm follows rmsNormGeneric.
func (v vec) rmsNorm() {
	v.function("rmsNorm", "(y, x, scale, gain *float32, dim int, inverse float32)", "normalises dim x 32 lanes.")
	y, x, scale, gain := pointer("y"), pointer("x"), pointer("scale"), pointer("gain")
	dim, inverse := parameterAt("dim"), v.parameter("inverse")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		px, py, pg := GP64(), GP64(), GP64()
		MOVQ(x, px)
		square := v.zero()
		walk("square", dim, []GPVirtual{px}, func() {
			r := v.load(at(px))
			VFMADD231PS(r, r, square)
		})
		VFMADD213PS(constant(normEps), inverse, square)
		VSQRTPS(square, square)
		s := v.over(1, square)
		VMOVUPS(s, at(scale))
		MOVQ(x, px)
		MOVQ(y, py)
		MOVQ(gain, pg)
		walk("scale", dim, []GPVirtual{px, py}, func() {
			r := v.reg()
			VMULPS(at(px), s, r)
			VMULPS(v.broadcast(Mem{Base: pg}), r, r)
			VMOVUPS(r, at(py))
			ADDQ(Imm(4), pg)
		})
	})
	v.ret()
}

// normEps is added to a mean square before its root is taken.
const normEps = 1e-5

// rmsNormGrad follows rmsNormGradGeneric.
func (v vec) rmsNormGrad() {
	v.function("rmsNormGrad", "(dx, dgain, dy, x, scale, gain *float32, dim int, inverse float32)", "is the derivative of rmsNorm.")
	dx, dgain, dy, x, scale, gain := pointer("dx"), pointer("dgain"), pointer("dy"), pointer("x"), pointer("scale"), pointer("gain")
	dim, inverse := parameterAt("dim"), v.parameter("inverse")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		px, pd, pg, pdg := GP64(), GP64(), GP64(), GP64()
		s, dot := v.load(at(scale)), v.zero()
		start := func() {
			MOVQ(x, px)
			MOVQ(dy, pd)
			MOVQ(gain, pg)
		}
		start()
		MOVQ(dgain, pdg)
		walk("dot", dim, []GPVirtual{px, pd, pdg}, func() {
			hat, d := v.reg(), v.load(at(pd))
			VMULPS(at(px), s, hat)
			sum := v.load(at(pdg))
			VFMADD231PS(hat, d, sum)
			VMOVUPS(sum, at(pdg))
			VMULPS(v.broadcast(Mem{Base: pg}), d, d)
			VFMADD231PS(hat, d, dot)
			ADDQ(Imm(4), pg)
		})
		VMULPS(inverse, dot, dot)
		start()
		to := pdg
		MOVQ(dx, to)
		walk("grad", dim, []GPVirtual{px, pd, to}, func() {
			hat, d := v.reg(), v.load(at(pd))
			VMULPS(at(px), s, hat)
			VMULPS(v.broadcast(Mem{Base: pg}), d, d)
			VFNMADD231PS(hat, dot, d)
			VMULPS(s, d, d)
			VMOVUPS(d, at(to))
			ADDQ(Imm(4), pg)
		})
	})
	v.ret()
}

// layerNorm follows LayerNorm.
func (v vec) layerNorm() {
	v.function("layerNorm", "(x, hat, scale, gain, shift *float32, dim int, inverse float32)", "normalises dim x 32 lanes in place.")
	x, hat, scale, gain, shift := pointer("x"), pointer("hat"), pointer("scale"), pointer("gain"), pointer("shift")
	dim, inverse := parameterAt("dim"), v.parameter("inverse")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		px, ph, pg, ps := GP64(), GP64(), GP64(), GP64()
		start := func() {
			MOVQ(x, px)
			MOVQ(hat, ph)
		}
		MOVQ(x, px)
		mean := v.zero()
		walk("mean", dim, []GPVirtual{px}, func() { VADDPS(at(px), mean, mean) })
		VMULPS(inverse, mean, mean)
		start()
		square := v.zero()
		walk("square", dim, []GPVirtual{px, ph}, func() {
			d := v.load(at(px))
			VSUBPS(mean, d, d)
			VFMADD231PS(d, d, square)
			VMOVUPS(d, at(ph))
		})
		VFMADD213PS(constant(normEps), inverse, square)
		VSQRTPS(square, square)
		s := v.over(1, square)
		VMOVUPS(s, at(scale))
		start()
		MOVQ(gain, pg)
		MOVQ(shift, ps)
		walk("scale", dim, []GPVirtual{px, ph}, func() {
			h := v.reg()
			VMULPS(at(ph), s, h)
			VMOVUPS(h, at(ph))
			y := v.broadcast(Mem{Base: ps})
			VFMADD231PS(v.broadcast(Mem{Base: pg}), h, y)
			VMOVUPS(y, at(px))
			ADDQ(Imm(4), pg)
			ADDQ(Imm(4), ps)
		})
	})
	v.ret()
}

// layerNormGrad follows LayerNormGrad.
func (v vec) layerNormGrad() {
	v.function("layerNormGrad", "(dx, dy, hat, scale, gain *float32, dim int, inverse float32)", "is the derivative of layerNorm.")
	dx, dy, hat, scale, gain := pointer("dx"), pointer("dy"), pointer("hat"), pointer("scale"), pointer("gain")
	dim, inverse := parameterAt("dim"), v.parameter("inverse")
	v.lanesOf(func(at func(GPVirtual) Mem) {
		pd, ph, pg, px := GP64(), GP64(), GP64(), GP64()
		start := func() {
			MOVQ(dy, pd)
			MOVQ(hat, ph)
			MOVQ(gain, pg)
		}
		start()
		mean, along := v.zero(), v.zero()
		walk("mean", dim, []GPVirtual{pd, ph}, func() {
			d := v.broadcast(Mem{Base: pg})
			VMULPS(at(pd), d, d)
			VADDPS(d, mean, mean)
			VFMADD231PS(at(ph), d, along)
			ADDQ(Imm(4), pg)
		})
		VMULPS(inverse, mean, mean)
		VMULPS(inverse, along, along)
		s := v.load(at(scale))
		start()
		MOVQ(dx, px)
		walk("grad", dim, []GPVirtual{pd, ph, px}, func() {
			d := v.broadcast(Mem{Base: pg})
			VMULPS(at(pd), d, d)
			VSUBPS(mean, d, d)
			VFNMADD231PS(at(ph), along, d)
			VMULPS(s, d, d)
			VMOVUPS(d, at(px))
			ADDQ(Imm(4), pg)
		})
	})
	v.ret()
}
