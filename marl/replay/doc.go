// Package replay remembers transitions and draws the ones that teach most.
//
// Two prioritised buffers (paper, section III-B5) stand side by side: one for
// steps that kept every voltage inside its limits, one for steps that did not.
// A batch draws a share k from the first and the rest from the second, each in
// proportion to priority^alpha, with importance weights normalised over the
// joined batch.
//
// Entry points: [NewDual], then [Dual.Add] an [Episode] when it has ended and
// carries its labels, [Dual.Sample] a [Batch], and [Dual.SetPriorities]. A [Log]
// keeps the episodes on disk, append-only, so that a checkpoint need only save
// the priorities ([Dual.Save]).
//
// The package knows neither environments nor learners, and does not normalise
// observations: what it stores is what the environment said.
package replay
