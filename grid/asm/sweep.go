//go:build avo

// Command asm writes kernels_amd64.s, the vector kernels of the sweep: the same
// arithmetic as roundGo and its neighbours in ../sweep.go, for 8 injections side
// by side in AVX-512, 4 in AVX2, and 1 in scalar AVX2. Run it by go generate.
package main

import (
	"fmt"
	"math"
	"os"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Byte offsets in a step; see type step.
const (
	stepR, stepX, stepR2, stepX2, stepZ2                = 0, 8, 16, 24, 32
	stepArrive, stepFrom, stepInto, stepOwn, stepParent = 40, 44, 48, 52, 56
	stepSize                                            = 64
)

func main() {
	// The package is read for its types; without this it would want what is written here.
	if err := os.Setenv("GOFLAGS", "-tags=purego"); err != nil {
		panic(err)
	}
	Package("github.com/peerwatt/peerwatt/grid")
	ConstraintExpr("!purego")
	ones := GLOBL("one", RODATA|NOPTR)
	DATA(0, U64(math.Float64bits(1)))
	magnitudes := GLOBL("magnitude", RODATA|NOPTR)
	DATA(0, U64(1<<63-1))
	for _, k := range []kernel{{lanes: 8}, {lanes: 4}, {lanes: 1}} {
		k.one, k.magnitude = ones, magnitudes
		k.round()
		k.load()
		k.store()
	}
	Generate()
}

type kernel struct {
	lanes          int
	one, magnitude Mem
}

func (k kernel) register() reg.VecVirtual {
	switch k.lanes {
	case 8:
		return ZMM()
	case 4:
		return YMM()
	}
	return XMM()
}

func (k kernel) bytes() int { return 8 * k.lanes }

// at is the vector `vectors` vectors past state[offset].
func (k kernel) at(state, offset reg.Register, vectors int) Mem {
	return Mem{Base: state, Index: offset, Scale: 8, Disp: vectors * k.bytes()}
}

func (k kernel) broadcast(m Mem) reg.VecVirtual {
	v := k.register()
	if k.lanes == 1 {
		VMOVSD(m, v)
	} else {
		VBROADCASTSD(m, v)
	}
	return v
}

func (k kernel) move(from, to Op) {
	if k.lanes == 1 {
		VMOVSD(from, to)
	} else {
		VMOVUPD(from, to)
	}
}

func (k kernel) add(a, b, to Op) {
	if k.lanes == 1 {
		VADDSD(a, b, to)
	} else {
		VADDPD(a, b, to)
	}
}

func (k kernel) mul(a, b, to Op) {
	if k.lanes == 1 {
		VMULSD(a, b, to)
	} else {
		VMULPD(a, b, to)
	}
}

// sub is to = b - a.
func (k kernel) sub(a, b, to Op) {
	if k.lanes == 1 {
		VSUBSD(a, b, to)
	} else {
		VSUBPD(a, b, to)
	}
}

// fma is to += a b.
func (k kernel) fma(a, b, to Op) {
	if k.lanes == 1 {
		VFMADD231SD(a, b, to)
	} else {
		VFMADD231PD(a, b, to)
	}
}

// mulScalar is to = scalar b, the scalar in memory.
func (k kernel) mulScalar(scalar Mem, b, to reg.VecVirtual) {
	switch k.lanes {
	case 8:
		VMULPD_BCST(scalar, b, to)
	case 4:
		VMULPD(k.broadcast(scalar), b, to)
	default:
		VMULSD(scalar, b, to)
	}
}

// fmaScalar is to += scalar b, the scalar in memory.
func (k kernel) fmaScalar(scalar Mem, b, to reg.VecVirtual) {
	switch k.lanes {
	case 8:
		VFMADD231PD_BCST(scalar, b, to)
	case 4:
		VFMADD231PD(k.broadcast(scalar), b, to)
	default:
		VFMADD231SD(scalar, b, to)
	}
}

// round writes func roundN(steps *step, count int, state *float64, stride int,
// change *float64).
func (k kernel) round() {
	TEXT(fmt.Sprintf("round%d", k.lanes), NOSPLIT, "func(steps *step, count int, state *float64, stride int, change *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("round%d is roundGo for %d injections; change holds one value for each.", k.lanes, k.lanes))
	steps := Load(Param("steps"), GP64())
	count := Load(Param("count"), GP64())
	state := Load(Param("state"), GP64())
	reciprocals := Load(Param("stride"), GP64()) // state, moved from a v to its w
	SHLQ(Imm(log2(k.bytes())), reciprocals)
	ADDQ(state, reciprocals)
	offset := func(disp int) reg.GPVirtual {
		o := GP64()
		MOVLQSX(Mem{Base: steps, Disp: disp}, o)
		return o
	}
	constant := func(disp int) Mem { return Mem{Base: steps, Disp: disp} }

	Comment("Backward, in the order of the table. What joins the parent's power comes first:",
		"the chain from child to parent shall be short.")
	left := GP64()
	MOVQ(count, left)
	label := fmt.Sprintf("backward%d", k.lanes)
	Label(label)
	arrive, own, from := offset(stepArrive), offset(stepOwn), offset(stepFrom)
	p, q, w, square := k.register(), k.register(), k.register(), k.register()
	k.move(k.at(state, arrive, 0), p)
	k.move(k.at(state, arrive, 1), q)
	k.move(k.at(reciprocals, own, 0), w)
	sumP, sumQ, rw, xw := k.register(), k.register(), k.register(), k.register()
	k.add(k.at(state, from, 0), p, sumP)
	k.add(k.at(state, from, 1), q, sumQ)
	k.mulScalar(constant(stepR), w, rw)
	k.mulScalar(constant(stepX), w, xw)
	k.mul(p, p, square)
	k.fma(q, q, square)
	k.fma(square, rw, sumP)
	k.fma(square, xw, sumQ)
	into := offset(stepInto)
	k.move(sumP, k.at(state, into, 0))
	k.move(sumQ, k.at(state, into, 1))
	drop := k.register()
	k.mul(w, square, square)
	k.mulScalar(constant(stepZ2), square, drop)
	k.fmaScalar(constant(stepX2), q, drop)
	k.fmaScalar(constant(stepR2), p, drop)
	k.move(drop, k.at(state, own, 0))
	ADDQ(Imm(stepSize), steps)
	DECQ(left)
	JNZ(LabelRef(label))

	Comment("Forward, in the opposite order.")
	wide := k
	if k.lanes == 1 {
		wide.lanes = 4 // reciprocals of four buses at once
		MOVQ(count, left)
	}
	r := wide.newReciprocal()
	label = fmt.Sprintf("forward%d", k.lanes)
	Label(label)
	SUBQ(Imm(stepSize), steps)
	parent, own := offset(stepParent), offset(stepOwn)
	v := k.register()
	k.move(k.at(state, parent, 0), v)
	k.sub(k.at(state, own, 0), v, v)
	k.move(v, k.at(state, own, 0))
	if k.lanes > 1 {
		r.improve(v, k.at(reciprocals, own, 0))
	}
	DECQ(count)
	JNZ(LabelRef(label))

	out := Load(Param("change"), GP64())
	if k.lanes > 1 {
		k.move(r.change, Mem{Base: out})
		VZEROUPPER()
		RET()
		return
	}
	// left + 1 buses, rounded up to whole vectors; the state is padded for that.
	LEAQ(Mem{Base: left, Index: left, Scale: 1, Disp: 2}, count)
	SHLQ(Imm(1), count) // 4 buses: the place of the first v
	SHRQ(Imm(2), left)
	INCQ(left)
	Label("reciprocals1")
	four := wide.register()
	VMOVUPD(k.at(state, count, 0), four)
	r.improve(four, k.at(reciprocals, count, 0))
	ADDQ(Imm(4), count)
	DECQ(left)
	JNZ(LabelRef("reciprocals1"))
	for _, half := range []uint64{0b1110, 0b01} { // the larger of 4 into 2, of 2 into 1
		other, above := YMM(), YMM()
		VPERMPD(Imm(half), r.change, other)
		VPCMPGTQ(r.change, other, above)
		VBLENDVPD(above, other, r.change, r.change)
	}
	VMOVSD(r.change.(reg.Vec).AsX(), Mem{Base: out})
	VZEROUPPER()
	RET()
}

// reciprocal moves reciprocals w of v by a step of a fourth-order Newton iteration
// and keeps the largest |1 - v w|, bits compared as integers so that
// not-a-number is above everything.
type reciprocal struct {
	k                      kernel
	one, magnitude, change reg.VecVirtual
}

func (k kernel) newReciprocal() *reciprocal {
	r := &reciprocal{k: k, one: k.broadcast(k.one), magnitude: k.broadcast(k.magnitude), change: k.register()}
	if k.lanes == 8 {
		VPXORQ(r.change, r.change, r.change)
	} else {
		VXORPD(r.change, r.change, r.change)
	}
	return r
}

func (r *reciprocal) improve(v reg.VecVirtual, at Mem) {
	k := r.k
	w, d, square, next, size := k.register(), k.register(), k.register(), k.register(), k.register()
	k.move(at, w)
	VMOVAPD(r.one, d)
	VFNMADD231PD(v, w, d)
	k.add(r.one, d, next)
	k.mul(d, d, square)
	k.fma(square, next, next)
	k.mul(next, w, w)
	k.move(w, at)
	if k.lanes == 8 {
		VPANDQ(r.magnitude, d, size)
		VPMAXUQ(size, r.change, r.change)
		return
	}
	above := k.register()
	VANDPD(r.magnitude, d, size)
	VPCMPGTQ(r.change, size, above)
	VBLENDVPD(above, size, r.change, r.change)
}

// load writes func loadN(p, q *float64, buses int, state *float64): lanes rows of
// demand into the state.
func (k kernel) load() {
	TEXT(fmt.Sprintf("load%d", k.lanes), NOSPLIT, "func(p, q *float64, buses int, state *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("load%d turns %d rows of demand into the state's order. It wants at least %d buses.",
		k.lanes, k.lanes, max(k.lanes, 4)))
	p := Load(Param("p"), GP64())
	q := Load(Param("q"), GP64())
	buses := Load(Param("buses"), GP64())
	state := Load(Param("state"), GP64())
	stride := GP64()
	MOVQ(buses, stride)
	SHLQ(Imm(3), stride)
	k.tiles(buses, func(bus reg.Register) {
		at := GP64() // byte offset of this tile's vectors
		MOVQ(bus, at)
		SHLQ(Imm(1+log2(k.bytes())), at)
		if k.lanes == 1 {
			a, b, even, odd := YMM(), YMM(), YMM(), YMM()
			VMOVUPD(Mem{Base: p, Index: bus, Scale: 8}, a)
			VMOVUPD(Mem{Base: q, Index: bus, Scale: 8}, b)
			VUNPCKLPD(b, a, even) // p0 q0 p2 q2
			VUNPCKHPD(b, a, odd)  // p1 q1 p3 q3
			VPERM2F128(Imm(0x20), odd, even, a)
			VPERM2F128(Imm(0x31), odd, even, b)
			VMOVUPD(a, Mem{Base: state, Index: at, Scale: 1})
			VMOVUPD(b, Mem{Base: state, Index: at, Scale: 1, Disp: 32})
			return
		}
		for part, src := range []reg.Register{p, q} {
			row := GP64()
			LEAQ(Mem{Base: src, Index: bus, Scale: 8}, row)
			tile := make([]reg.VecVirtual, k.lanes)
			for i := range tile {
				tile[i] = k.register()
				VMOVUPD(Mem{Base: row}, tile[i])
				// The rows of the next group, one cache line of each.
				PREFETCHT1(Mem{Base: row, Index: stride, Scale: uint8(k.lanes)})
				if i+1 < k.lanes {
					ADDQ(stride, row)
				}
			}
			for i, v := range k.transpose(tile) {
				VMOVUPD(v, Mem{Base: state, Index: at, Scale: 1, Disp: (2*i + part) * k.bytes()})
			}
		}
	})
}

// store writes func storeN(v *float64, buses int, vm *float64): square roots of
// the squared voltages, lanes rows of them.
func (k kernel) store() {
	TEXT(fmt.Sprintf("store%d", k.lanes), NOSPLIT, "func(v *float64, buses int, vm *float64)")
	Pragma("noescape")
	Doc(fmt.Sprintf("store%d writes %d rows of voltage magnitudes. It wants at least %d buses.",
		k.lanes, k.lanes, max(k.lanes, 4)))
	v := Load(Param("v"), GP64())
	buses := Load(Param("buses"), GP64())
	vm := Load(Param("vm"), GP64())
	stride := GP64()
	MOVQ(buses, stride)
	SHLQ(Imm(3), stride)
	k.tiles(buses, func(bus reg.Register) {
		if k.lanes == 1 {
			root := YMM()
			VSQRTPD(Mem{Base: v, Index: bus, Scale: 8}, root)
			VMOVUPD(root, Mem{Base: vm, Index: bus, Scale: 8})
			return
		}
		at, row := GP64(), GP64()
		MOVQ(bus, at)
		SHLQ(Imm(log2(k.bytes())), at)
		tile := make([]reg.VecVirtual, k.lanes)
		for i := range tile {
			tile[i] = k.register()
			VSQRTPD(Mem{Base: v, Index: at, Scale: 1, Disp: i * k.bytes()}, tile[i])
		}
		LEAQ(Mem{Base: vm, Index: bus, Scale: 8}, row)
		for i, v := range k.transpose(tile) {
			VMOVUPD(v, Mem{Base: row})
			if i+1 < k.lanes {
				ADDQ(stride, row)
			}
		}
	})
}

// tiles writes a loop over the buses, as many at a time as a vector holds. Where
// fewer are left the last tile overlaps the one before.
func (k kernel) tiles(buses reg.Register, body func(bus reg.Register)) {
	width := max(k.lanes, 4)
	bus, last := GP64(), GP64()
	XORQ(bus, bus)
	LEAQ(Mem{Base: buses, Disp: -width}, last)
	Label("tile")
	CMPQ(bus, last)
	CMOVQGT(last, bus)
	body(bus)
	ADDQ(Imm(uint64(width)), bus)
	CMPQ(bus, buses)
	JLT(LabelRef("tile"))
	VZEROUPPER()
	RET()
}

// transpose turns lanes rows into lanes columns.
func (k kernel) transpose(r []reg.VecVirtual) []reg.VecVirtual {
	pair := func(a, b reg.VecVirtual) (even, odd reg.VecVirtual) {
		even, odd = k.register(), k.register()
		VUNPCKLPD(b, a, even)
		VUNPCKHPD(b, a, odd)
		return even, odd
	}
	var t [2][]reg.VecVirtual // columns 0, 2, .. and 1, 3, .. of each pair of rows
	for i := 0; i < k.lanes; i += 2 {
		even, odd := pair(r[i], r[i+1])
		t[0], t[1] = append(t[0], even), append(t[1], odd)
	}
	c := make([]reg.VecVirtual, k.lanes)
	for half, t := range t {
		if k.lanes == 4 {
			c[half], c[half+2] = k.register(), k.register()
			VPERM2F128(Imm(0x20), t[1], t[0], c[half])
			VPERM2F128(Imm(0x31), t[1], t[0], c[half+2])
			continue
		}
		// Of each of two vectors, blocks 0 and 2 of 128 bits (0x88) or 1 and 3 (0xdd).
		blocks := func(which uint64, a, b reg.VecVirtual) reg.VecVirtual {
			v := k.register()
			VSHUFF64X2(Imm(which), b, a, v)
			return v
		}
		for i, which := range []uint64{0x88, 0xdd} {
			a, b := blocks(which, t[0], t[1]), blocks(which, t[2], t[3])
			c[half+2*i] = blocks(0x88, a, b)
			c[half+2*i+4] = blocks(0xdd, a, b)
		}
	}
	return c
}

func log2(n int) uint64 {
	for i := uint64(0); ; i++ {
		if 1<<i == n {
			return i
		}
	}
}
