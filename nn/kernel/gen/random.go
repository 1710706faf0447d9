package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/peerwatt/peerwatt/nn/kernel/internal/coefficient"
)

// log returns log x of a positive normal x; see log of package kernel.
func (v vec) log(x VecVirtual) VecVirtual {
	e, m := v.reg(), v.reg()
	VPSUBD(constantBits(rootHalf), x, e)
	VPSRAD(Imm(23), e, e)
	VPSLLD(Imm(23), e, m)
	VPSUBD(m, x, m)
	VCVTDQ2PS(e, e)
	f := v.plus(m, -1)
	s, z := v.reg(), v.reg()
	VDIVPS(v.plus(f, 2), f, s)
	VMULPS(s, s, z)
	p := v.horner(z, coefficient.Log[:])
	low := v.reg()
	VMULPS(constant(coefficient.Ln2Lo), e, low)
	VFMADD213PS(low, s, p)
	VFMADD231PS(constant(coefficient.Ln2Hi), e, p)
	return p
}

// rootHalf is the bits of the square root of 1/2.
const rootHalf = 0x3f3504f3

// normal writes the inverse of the normal distribution; see NormalFrom of
// package kernel.
func (v vec) normal() {
	v.function("normal", "(dst *float32, bits *uint32, n int)", "maps n random numbers, n a positive multiple of 16.")
	dst, bits := pointer("dst"), pointer("bits")
	v.each(func(at func(GPVirtual) Mem) {
		b, sign := v.reg(), v.reg()
		load := v.load(at(bits))
		VANDPS(constantBits(1<<31-1), load, b)
		VANDPS(constantBits(1<<31), load, sign)
		VCVTDQ2PS(b, b)
		q := v.plus(b, 0.5)
		VMULPS(constant(0x1p-31), q, q)
		x := v.load(constant(1))
		VSUBPS(q, x, x)
		t := v.plus(x, 1)
		VMULPS(q, t, t)
		w := v.log(t)
		VXORPS(constantBits(1<<31), w, w)
		c := v.horner(v.plus(w, -2.5), coefficient.NormalMiddle[:])
		root := v.reg()
		VSQRTPS(w, root)
		tail := v.horner(v.plus(root, -3.25), coefficient.NormalTail[:])
		five := v.load(constant(5))
		r := v.where(w, five, c, tail)
		VMULPS(x, r, r)
		VORPS(sign, r, r)
		VMOVUPS(r, at(dst))
	})
	v.ret()
}

// where returns yes where x < bound, no elsewhere.
func (v vec) where(x, bound, yes, no VecVirtual) VecVirtual {
	const less = 0x11 // ordered, quiet
	r := v.reg()
	if v.lanes == 16 {
		k := K()
		VCMPPS(Imm(less), bound, x, k)
		VBLENDMPS(yes, no, k, r)
		return r
	}
	mask := v.reg()
	VCMPPS(Imm(less), bound, x, mask)
	VBLENDVPS(mask, yes, no, r)
	return r
}

// philox writes the four words of as many blocks as there are lanes, word by
// word: see Philox of package kernel.
func (v vec) philox() {
	v.function("philox", "(words *uint32, first, stream, key uint64)",
		"encrypts the counters from first on, of which the low half must not overflow.")
	words := pointer("words")
	halves := func(name string) (lo, hi VecVirtual) {
		r := pointer(name)
		lo = v.copies(r)
		SHRQ(Imm(32), r)
		return lo, v.copies(r)
	}
	var c [4]VecVirtual
	var k [2]VecVirtual
	c[0], c[1] = halves("first")
	c[2], c[3] = halves("stream")
	k[0], k[1] = halves("key")
	lane := GLOBL("lanes"+v.name, RODATA|NOPTR)
	for i := range v.lanes {
		DATA(4*i, U32(uint32(i)))
	}
	VPADDD(lane, c[0], c[0])
	odd := v.oddLanes()
	for round := range 10 {
		if round > 0 {
			VPADDD(constantBits(0x9E3779B9), k[0], k[0])
			VPADDD(constantBits(0xBB67AE85), k[1], k[1])
		}
		hi0, lo0 := v.multiply(c[0], 0xD2511F53, odd)
		hi1, lo1 := v.multiply(c[2], 0xCD9E8D57, odd)
		c = [4]VecVirtual{v.xor3(hi1, c[1], k[0]), lo1, v.xor3(hi0, c[3], k[1]), lo0}
	}
	for i, w := range c {
		VMOVUPS(w, Mem{Base: words, Disp: i * v.bytes()})
	}
	v.ret()
}

// copies returns a vector of copies of the low half of r.
func (v vec) copies(r GPVirtual) VecVirtual {
	x, y := XMM(), v.reg()
	VMOVD(r.As32(), x)
	VPBROADCASTD(x, y)
	return y
}

// oddLanes returns the mask of the odd lanes, which AVX2 has as an immediate.
func (v vec) oddLanes() Op {
	if v.lanes == 8 {
		return Imm(0xaa)
	}
	r, k := GP32(), K()
	MOVL(U32(0xaaaa), r)
	KMOVW(r, k)
	return k
}

// multiply returns the high and the low half of x times a constant.
func (v vec) multiply(x VecVirtual, by uint32, odd Op) (hi, lo VecVirtual) {
	even, upper := v.reg(), v.reg()
	VPMULUDQ(constantBits(by), x, even)
	VPSRLQ(Imm(32), x, upper)
	VPMULUDQ(constantBits(by), upper, upper)
	evenHi, oddLo := v.reg(), v.reg()
	VPSRLQ(Imm(32), even, evenHi)
	VPSLLQ(Imm(32), upper, oddLo)
	for _, b := range [][2]VecVirtual{{upper, evenHi}, {oddLo, even}} {
		if v.lanes == 16 {
			VMOVDQA32(b[0], odd, b[1])
		} else {
			VPBLENDD(odd, b[0], b[1], b[1])
		}
	}
	return evenHi, even
}

func (v vec) xor3(a, b, c VecVirtual) VecVirtual {
	r := v.reg()
	VXORPS(a, b, r)
	VXORPS(c, r, r)
	return r
}
