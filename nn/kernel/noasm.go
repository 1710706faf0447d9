//go:build !amd64

package kernel

const haveAssembly = false

// What stubs_amd64.go declares. None of these runs: level is never above Generic here.

func tileAVX512(t *tile) { panic("kernel: no assembly") }
func transposeAVX512(dst *float32, dstRow int, src *float32, srcRow int) {
	panic("kernel: no assembly")
}
func expAVX512(dst *float32, src *float32, n int)      { panic("kernel: no assembly") }
func tanhAVX512(dst *float32, src *float32, n int)     { panic("kernel: no assembly") }
func sigmoidAVX512(dst *float32, src *float32, n int)  { panic("kernel: no assembly") }
func softplusAVX512(dst *float32, src *float32, n int) { panic("kernel: no assembly") }
func adamAVX512(param *float32, grad *float32, m *float32, v *float32, n int, s *AdamStep) {
	panic("kernel: no assembly")
}
func tanhGradAVX512(d *float32, h *float32, n int)      { panic("kernel: no assembly") }
func rectifyAVX512(x *float32, n int, slope float32)    { panic("kernel: no assembly") }
func sumSquaresAVX512(sums *float64, x *float32, n int) { panic("kernel: no assembly") }
func rowSumsAVX512(dst *float32, src *float32, n int, panels int, stride int) {
	panic("kernel: no assembly")
}
func rowDotsAVX512(dst *float32, x *float32, y *float32, n int, panels int, stride int) {
	panic("kernel: no assembly")
}
func laneProductAVX512(t *laneProduct)                         { panic("kernel: no assembly") }
func softmaxAVX512(x *float32, rows int, n int, scale float32) { panic("kernel: no assembly") }
func softmaxGradAVX512(ds *float32, s *float32, dp *float32, total *float32, rows int, n int, factor float32) {
	panic("kernel: no assembly")
}
func combineAVX512(dst *float32, x *float32, y *float32, n int, a float32, b float32) {
	panic("kernel: no assembly")
}
func layerNormAVX512(x *float32, hat *float32, scale *float32, gain *float32, shift *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func layerNormGradAVX512(dx *float32, dy *float32, hat *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func rmsNormAVX512(y *float32, x *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func rmsNormGradAVX512(dx *float32, dgain *float32, dy *float32, x *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func philoxAVX512(words *uint32, first uint64, stream uint64, key uint64) {
	panic("kernel: no assembly")
}
func normalAVX512(dst *float32, bits *uint32, n int)                   { panic("kernel: no assembly") }
func tileAVX2(t *tile)                                                 { panic("kernel: no assembly") }
func transposeAVX2(dst *float32, dstRow int, src *float32, srcRow int) { panic("kernel: no assembly") }
func expAVX2(dst *float32, src *float32, n int)                        { panic("kernel: no assembly") }
func tanhAVX2(dst *float32, src *float32, n int)                       { panic("kernel: no assembly") }
func sigmoidAVX2(dst *float32, src *float32, n int)                    { panic("kernel: no assembly") }
func softplusAVX2(dst *float32, src *float32, n int)                   { panic("kernel: no assembly") }
func adamAVX2(param *float32, grad *float32, m *float32, v *float32, n int, s *AdamStep) {
	panic("kernel: no assembly")
}
func tanhGradAVX2(d *float32, h *float32, n int)      { panic("kernel: no assembly") }
func rectifyAVX2(x *float32, n int, slope float32)    { panic("kernel: no assembly") }
func sumSquaresAVX2(sums *float64, x *float32, n int) { panic("kernel: no assembly") }
func rowSumsAVX2(dst *float32, src *float32, n int, panels int, stride int) {
	panic("kernel: no assembly")
}
func rowDotsAVX2(dst *float32, x *float32, y *float32, n int, panels int, stride int) {
	panic("kernel: no assembly")
}
func laneProductAVX2(t *laneProduct)                         { panic("kernel: no assembly") }
func softmaxAVX2(x *float32, rows int, n int, scale float32) { panic("kernel: no assembly") }
func softmaxGradAVX2(ds *float32, s *float32, dp *float32, total *float32, rows int, n int, factor float32) {
	panic("kernel: no assembly")
}
func combineAVX2(dst *float32, x *float32, y *float32, n int, a float32, b float32) {
	panic("kernel: no assembly")
}
func layerNormAVX2(x *float32, hat *float32, scale *float32, gain *float32, shift *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func layerNormGradAVX2(dx *float32, dy *float32, hat *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func rmsNormAVX2(y *float32, x *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func rmsNormGradAVX2(dx *float32, dgain *float32, dy *float32, x *float32, scale *float32, gain *float32, dim int, inverse float32) {
	panic("kernel: no assembly")
}
func philoxAVX2(words *uint32, first uint64, stream uint64, key uint64) { panic("kernel: no assembly") }
func normalAVX2(dst *float32, bits *uint32, n int)                      { panic("kernel: no assembly") }
