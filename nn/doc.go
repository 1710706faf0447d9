// Package nn builds and trains small neural networks in float32 on the CPU:
// multi-layer perceptrons ([MLP]) and a differential-attention network over
// sets of tokens ([AttentionCritic]), each with an explicit Forward and
// Backward behind [Network]; the optimiser [Adam] with [Norm] and
// [ClipFactor]; [Polyak] averaging; a running z-score [Normalizer]; the
// counter-based generator [RNG]; and a fixed worker [Pool].
//
// A [Matrix] is feature-major in panels of 32 samples. A network's weights lie
// in one flat slice ([Params]), each matrix [out][in] row after row, as
// PyTorch has them; gradients, moments and targets are slices of the same
// length, so optimiser, averaging and checkpoint are loops over flat memory.
//
// Results depend neither on the number of workers nor on the vector
// instructions that the processor has: see package kernel. After the workspaces
// are made, nothing allocates.
//
// There is no automatic differentiation, no GPU and no other number format.
package nn
