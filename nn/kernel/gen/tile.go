package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// unroll is how many steps of k one turn of the inner loop takes.
const unroll = 4

// tile writes the loop under the matrix products: see type tile of package
// kernel. Every element of C is one accumulator lane, fed in the order of k.
func (v vec) tile() {
	v.function("tile", "(t *tile)", "computes the rows of t.")
	p := tileState{t: Dereference(Param("t")), left: GP64(), done: GP64()}
	p.a, p.c, p.aRow, p.aK = p.base("a"), p.base("c"), p.get("aRow"), p.get("aK")
	MOVQ(p.at("rows"), p.left)
	XORQ(p.done, p.done)

	for _, rows := range v.rows {
		loop, next := fmt.Sprintf("rows%d", rows), fmt.Sprintf("less%d", rows)
		Label(loop)
		CMPQ(p.left, U32(uint32(rows)))
		JLT(LabelRef(next))
		for half := 0; half < 32/(2*v.lanes); half++ {
			v.block(p, rows, half*2*v.bytes(), fmt.Sprintf("r%dh%d", rows, half))
		}
		for range rows {
			ADDQ(p.aRow, p.a)
			ADDQ(p.at("cRow"), p.c)
		}
		ADDQ(U32(uint32(rows)), p.done)
		SUBQ(U32(uint32(rows)), p.left)
		JMP(LabelRef(loop))
		Label(next)
	}
	v.ret()
}

// tileState are the registers that live through a whole tile.
type tileState struct {
	t              gotypes.Component
	a, c, aRow, aK GPVirtual // a and c at the first row that is left
	left, done     GPVirtual // rows
}

// at returns where a field of the tile lies.
func (p tileState) at(field string) Mem {
	b, err := p.t.Field(field).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

func (p tileState) get(field string) GPVirtual {
	r := GP64()
	MOVQ(p.at(field), r)
	return r
}

func (p tileState) base(field string) GPVirtual {
	return Load(p.t.Field(field).Base(), GP64()).(GPVirtual)
}

// test sets the zero flag when a bit of the mode is not set.
func (p tileState) test(bit uint32) {
	TESTQ(U32(bit), p.get("mode"))
}

// Bits of tile.mode.
const (
	fromC    = 1
	fromBias = 2
	activate = 4
	gated    = 8
)

// block computes rows x two vectors of C, off bytes from the left.
func (v vec) block(p tileState, rows, off int, label string) {
	acc := make([][2]VecVirtual, rows)
	for i := range acc {
		acc[i] = [2]VecVirtual{v.reg(), v.reg()}
	}
	eachC := func(f func(i int, at Mem)) {
		c := GP64()
		LEAQ(Mem{Base: p.c, Disp: off}, c)
		for i := range rows {
			f(i, Mem{Base: c})
			if i < rows-1 {
				ADDQ(p.at("cRow"), c)
			}
		}
	}

	// Start.
	p.test(fromC)
	JNE(LabelRef(label + "fromC"))
	p.test(fromBias)
	JNE(LabelRef(label + "fromBias"))
	for _, r := range acc {
		VXORPS(r[0], r[0], r[0])
		VXORPS(r[1], r[1], r[1])
	}
	JMP(LabelRef(label + "started"))
	Label(label + "fromBias")
	bias := p.base("bias")
	for i, r := range acc {
		VBROADCASTSS(Mem{Base: bias, Index: p.done, Scale: 4, Disp: 4 * i}, r[0])
		VMOVAPS(r[0], r[1])
	}
	JMP(LabelRef(label + "started"))
	Label(label + "fromC")
	eachC(func(i int, at Mem) {
		VMOVUPS(at, acc[i][0])
		VMOVUPS(at.Offset(v.bytes()), acc[i][1])
	})
	Label(label + "started")

	// Multiply. Rows 0 to 3 are reached from a, rows 4 and up from a4.
	a, a4, b, row3 := GP64(), GP64(), p.base("b"), GP64()
	MOVQ(p.a, a)
	LEAQ(Mem{Base: p.a, Index: p.aRow, Scale: 4}, a4)
	ADDQ(U32(uint32(off)), b)
	LEAQ(Mem{Base: p.aRow, Index: p.aRow, Scale: 2}, row3)
	from := func(base GPVirtual, i int) Mem {
		switch i {
		case 0:
			return Mem{Base: base}
		case 3:
			return Mem{Base: base, Index: row3, Scale: 1}
		}
		return Mem{Base: base, Index: p.aRow, Scale: uint8(i)}
	}
	step := func(s int) {
		b0 := v.load(Mem{Base: b, Disp: 128 * s})
		b1 := v.load(Mem{Base: b, Disp: 128*s + v.bytes()})
		for i, r := range acc {
			base := a
			if i >= 4 {
				base = a4
			}
			x := v.broadcast(from(base, i%4))
			VFMADD231PS(b0, x, r[0])
			VFMADD231PS(b1, x, r[1])
		}
		ADDQ(p.aK, a)
		if rows > 4 {
			ADDQ(p.aK, a4)
		}
	}
	outer, n := p.get("kOut"), GP64()
	Label(label + "outer")
	SUBQ(Imm(1), outer)
	JLT(LabelRef(label + "multiplied"))
	MOVQ(p.at("kIn"), n)
	SUBQ(Imm(unroll), n)
	JLT(LabelRef(label + "rest"))
	Label(label + "inner")
	if rows == v.rows[0] {
		next := GP64()
		LEAQ(Mem{Base: a4, Index: p.aRow, Scale: 4}, next)
		for i := range 4 {
			PREFETCHT0(from(next, i))
		}
		LEAQ(Mem{Base: next, Index: p.aRow, Scale: 4}, next)
		for i := range 4 {
			PREFETCHT0(from(next, i))
		}
	}
	for s := range unroll {
		step(s)
	}
	ADDQ(U32(128*unroll), b)
	SUBQ(Imm(unroll), n)
	JGE(LabelRef(label + "inner"))
	Label(label + "rest")
	ADDQ(U32(unroll), n)
	JEQ(LabelRef(label + "end"))
	Label(label + "one")
	step(0)
	ADDQ(U32(128), b)
	SUBQ(Imm(1), n)
	JNE(LabelRef(label + "one"))
	Label(label + "end")
	ADDQ(p.at("aJump"), a)
	ADDQ(p.at("aJump"), a4)
	JMP(LabelRef(label + "outer"))
	Label(label + "multiplied")

	// Finish.
	p.test(activate)
	JEQ(LabelRef(label + "activated"))
	slope := v.reg()
	VBROADCASTSS(p.at("slope"), slope)
	for _, r := range acc {
		for _, x := range r {
			y := v.reg()
			VMULPS(slope, x, y)
			VMAXPS(y, x, x)
		}
	}
	Label(label + "activated")
	p.test(gated)
	JEQ(LabelRef(label + "gated"))
	zero, gate := v.zero(), p.base("gate")
	SHLQ(Imm(7), p.done)
	ADDQ(p.done, gate)
	SHRQ(Imm(7), p.done)
	VBROADCASTSS(p.at("slope"), slope)
	for i, r := range acc {
		for j, x := range r {
			v.whereNotPositive(x, Mem{Base: gate, Disp: 128*i + off + j*v.bytes()}, slope, zero)
		}
	}
	Label(label + "gated")
	eachC(func(i int, at Mem) {
		VMOVUPS(acc[i][0], at)
		VMOVUPS(acc[i][1], at.Offset(v.bytes()))
	})
}
