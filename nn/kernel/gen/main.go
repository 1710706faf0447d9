// Gen writes the assembly of package kernel and its Go declarations:
//
//	go generate ./nn/kernel
//
// Every function is written once against vec, a vector instruction set, and
// comes out for AVX-512 and for AVX2.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	Package("github.com/peerwatt/peerwatt/nn/kernel")
	ConstraintExpr("amd64")
	for _, v := range []vec{avx512, avx2} {
		v.tile()
		v.transpose()
		v.functions()
		v.adam()
		v.blend()
		v.tanhGrad()
		v.rectify()
		v.sumSquares()
		v.rowSums()
		v.rowDots()
		v.laneProduct()
		v.softmax()
		v.softmaxGrad()
		v.combine()
		v.layerNorm()
		v.layerNormGrad()
		v.rmsNorm()
		v.rmsNormGrad()
		v.philox()
		v.normal()
		v.peak()
	}
	Generate()
}
