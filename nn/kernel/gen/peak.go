package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// peakFMAs is the number of independent chains in peak: enough to hide the
// latency of an FMA, few enough for the registers of AVX2.
const peakFMAs = 12

// peak writes a loop of nothing but FMAs: the benchmark's yardstick.
func (v vec) peak() {
	v.function("peak", "(n int)", "runs n x 12 independent vector FMAs.")
	n := Load(Param("n"), GP64())
	var acc []VecVirtual
	for range peakFMAs {
		acc = append(acc, v.zero())
	}
	x := v.zero()
	Label("loop")
	for _, r := range acc {
		VFMADD231PS(x, x, r)
	}
	SUBQ(Imm(1), n)
	JNE(LabelRef("loop"))
	v.ret()
}
