package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// vec is an instruction set.
type vec struct {
	name     string
	lanes    int   // float32 in a vector
	rows     []int // heights of a product's tiles, in the order they are used up
	laneRows int   // rows of laneProduct's tiles of 4 columns
	reg      func() VecVirtual
}

var (
	avx512 = vec{name: "AVX512", lanes: 16, rows: []int{8, 4, 2, 1}, laneRows: 4, reg: ZMM}
	avx2   = vec{name: "AVX2", lanes: 8, rows: []int{6, 4, 2, 1}, laneRows: 2, reg: YMM}
)

func (v vec) bytes() int { return v.lanes * 4 }

// function starts a function whose name ends in the instruction set's.
func (v vec) function(name, signature, doc string) {
	TEXT(name+v.name, NOSPLIT, "func"+signature)
	Pragma("noescape")
	Doc(name + v.name + " " + doc)
}

func (v vec) ret() {
	VZEROUPPER()
	RET()
}

// zero returns a vector of zeros.
func (v vec) zero() VecVirtual {
	r := v.reg()
	VXORPS(r, r, r)
	return r
}

// broadcast returns a vector of one value from memory.
func (v vec) broadcast(m Mem) VecVirtual {
	r := v.reg()
	VBROADCASTSS(m, r)
	return r
}

// load returns a vector from memory.
func (v vec) load(m Mem) VecVirtual {
	r := v.reg()
	VMOVUPS(m, r)
	return r
}

// whereNotPositive multiplies x by slope where gate, in memory, is not greater than zero.
func (v vec) whereNotPositive(x VecVirtual, gate Mem, slope, zero VecVirtual) {
	const notGreater = 0x1a // NGT, unordered, quiet
	if v.lanes == 16 {
		k := K()
		g := v.load(gate)
		VCMPPS(Imm(notGreater), zero, g, k)
		VMULPS(slope, x, k, x)
		return
	}
	g, y := v.load(gate), v.reg()
	VCMPPS(Imm(notGreater), zero, g, g)
	VMULPS(slope, x, y)
	VBLENDVPS(g, y, x, x)
}

// pointer loads a parameter.
func pointer(name string) GPVirtual { return Load(Param(name), GP64()).(GPVirtual) }

// each runs f for every vector of the n values that the parameter n counts; at
// gives the place of the current vector behind a base.
func (v vec) each(f func(at func(base GPVirtual) Mem)) {
	n, i := Load(Param("n"), GP64()), GP64()
	SHLQ(Imm(2), n)
	XORQ(i, i)
	Label("loop")
	f(func(base GPVirtual) Mem { return Mem{Base: base, Index: i, Scale: 1} })
	ADDQ(U32(uint32(v.bytes())), i)
	CMPQ(i, n)
	JLT(LabelRef("loop"))
}
