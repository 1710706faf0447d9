package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/peerwatt/peerwatt/nn/kernel/internal/coefficient"
)

// constants holds the constant vectors written so far: 16 copies of a value.
var constants = map[uint32]Mem{}

func constantBits(bits uint32) Mem {
	m, ok := constants[bits]
	if !ok {
		m = GLOBL(fmt.Sprintf("const%08x", bits), RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(bits))
		}
		constants[bits] = m
	}
	return m
}

// constant returns a vector of copies of x in memory.
func constant(x float32) Mem { return constantBits(math.Float32bits(x)) }

// atLeast returns max(bound, x), and NaN for NaN.
func (v vec) atLeast(bound float32, x VecVirtual) VecVirtual {
	r := v.load(constant(bound))
	VMAXPS(x, r, r)
	return r
}

// atMost returns min(bound, x), and NaN for NaN.
func (v vec) atMost(bound float32, x VecVirtual) VecVirtual {
	r := v.load(constant(bound))
	VMINPS(x, r, r)
	return r
}

// horner returns c[0] + x*(c[1] + x*(c[2] + ...)) by fused multiply-adds.
func (v vec) horner(x VecVirtual, c []float32) VecVirtual {
	r := v.load(constant(c[len(c)-1]))
	for i := len(c) - 2; i >= 0; i-- {
		VFMADD213PS(constant(c[i]), x, r)
	}
	return r
}

// exp follows expGeneric.
func (v vec) exp(x VecVirtual) VecVirtual {
	x = v.atLeast(-104, v.atMost(89, x))
	n := v.reg()
	VMULPS(constant(coefficient.Log2E), x, n)
	if v.lanes == 16 {
		VRNDSCALEPS(Imm(8), n, n)
	} else {
		VROUNDPS(Imm(8), n, n)
	}
	VFMADD231PS(constant(-coefficient.Ln2Hi), n, x)
	VFMADD231PS(constant(-coefficient.Ln2Lo), n, x)
	p := v.horner(x, coefficient.Exp[:])
	// Scale by 2^n in two steps, so that neither factor leaves the normal range.
	k, half := v.reg(), v.reg()
	VCVTPS2DQ(n, k)
	VPSRAD(Imm(1), k, half)
	VPSUBD(half, k, k)
	for _, e := range []VecVirtual{half, k} {
		VPADDD(constantBits(127), e, e)
		VPSLLD(Imm(23), e, e)
		VMULPS(e, p, p)
	}
	return p
}

// abs returns |x|, and the sign of x by itself.
func (v vec) abs(x VecVirtual) (abs, sign VecVirtual) {
	abs, sign = v.reg(), v.reg()
	VANDPS(constantBits(1<<31-1), x, abs)
	VANDPS(constantBits(1<<31), x, sign)
	return abs, sign
}

// over returns a/b for a constant a.
func (v vec) over(a float32, b VecVirtual) VecVirtual {
	r := v.load(constant(a))
	VDIVPS(b, r, r)
	return r
}

func (v vec) plus(x VecVirtual, c float32) VecVirtual {
	r := v.reg()
	VADDPS(constant(c), x, r)
	return r
}

// tanh follows tanhGeneric.
func (v vec) tanh(x VecVirtual) VecVirtual {
	a, sign := v.abs(x)
	twice := v.reg()
	VADDPS(a, a, twice)
	large := v.over(2, v.plus(v.exp(twice), 1))
	one := v.load(constant(1))
	VSUBPS(large, one, large)
	VORPS(sign, large, large)
	z, small := v.reg(), v.reg()
	VMULPS(x, x, z)
	p := v.horner(z, coefficient.Tanh[:])
	VMULPS(x, z, small)
	VFMADD213PS(x, p, small)
	return v.where(a, v.load(constant(0.625)), small, large)
}

// sigmoid is 1/(1+exp(-x)).
func (v vec) sigmoid(x VecVirtual) VecVirtual {
	minus := v.reg()
	VXORPS(constantBits(1<<31), x, minus)
	return v.over(1, v.plus(v.exp(minus), 1))
}

// softplus follows softplusGeneric.
func (v vec) softplus(x VecVirtual) VecVirtual {
	minus, positive := v.reg(), v.zero()
	VMAXPS(x, positive, positive)
	VORPS(constantBits(1<<31), x, minus)
	t := v.exp(minus)
	s := v.reg()
	VDIVPS(v.plus(t, 2), t, s)
	z := v.reg()
	VMULPS(s, s, z)
	p := v.horner(z, coefficient.Log[:])
	VFMADD213PS(positive, s, p)
	return p
}

// functions writes the functions of one slice to another.
func (v vec) functions() {
	for _, f := range []struct {
		name, doc string
		f         func(VecVirtual) VecVirtual
	}{
		{"exp", "e^x", v.exp},
		{"tanh", "tanh x", v.tanh},
		{"sigmoid", "1/(1+e^-x)", v.sigmoid},
		{"softplus", "log(1+e^x)", v.softplus},
	} {
		v.function(f.name, "(dst, src *float32, n int)", "writes "+f.doc+" of n values, n a positive multiple of 16.")
		dst, src := pointer("dst"), pointer("src")
		v.each(func(at func(GPVirtual) Mem) {
			VMOVUPS(f.f(v.load(at(src))), at(dst))
		})
		v.ret()
	}
}
