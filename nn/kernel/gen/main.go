// Gen writes the assembly of package kernel and its Go declarations:
//
//	go generate ./nn/kernel
//
// Every function is written once against vec, a vector instruction set, and
// comes out for AVX-512 and for AVX2. The generator looks up the types of
// parameters in package kernel, which must compile: a new function is declared
// by hand in stubs_amd64.go first, and in noasm.go for other processors.
package main

import . "github.com/mmcloughlin/avo/build"

func main() {
	Package("github.com/peerwatt/peerwatt/nn/kernel")
	ConstraintExpr("amd64")
	for _, v := range []vec{avx512, avx2} {
		v.tile()
		v.transpose()
		v.functions()
		v.adam()
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
