// Package marl trains a team of agents on the decision problem of package env
// (paper, section III-B): each agent's actor sees that agent's own observation,
// the critic sees everything, during training only.
//
// Entry points: [Preset] for a [Config], then [Training.Run], which trains one
// learner with one seed and leaves in its directory
//
//	metrics.jsonl          events; every key is described in Metrics
//	timing.jsonl           the clock readings, which are nowhere else
//	policy.bin             the policy of the best validation: ReadPolicy
//	checkpoint/state.bin   everything needed to go on, replaced atomically
//	checkpoint/replay.log  the episodes, append-only
//
// A [Policy] is an env.Policy, so evaluation treats it like any other.
//
// # Rounds
//
// Training goes in rounds: the environments play one episode each with the
// policies as they stand (in parallel: an episode is a function of seed, number
// and policies), the teacher labels the states they visited, the episodes enter
// the normaliser and replay in order, and the learner does the updates that the
// new transitions pay for. Between two rounds the whole state is small and
// explicit, and that is where validation, checkpoints and interruptions happen.
// So neither the number of workers nor a kill changes a byte of the result.
//
// A day ends the return (done is 1 at step 96): the value of what batteries
// then hold is part of the last reward, and bootstrapping beyond it would count
// that twice.
//
// # Learners
//
// A [Learner] owns networks and turns batches into new weights; the trainer
// owns everything else. One algorithm is one file, and one line in
// constructors. What the interface must carry was judged by OP, the paper's own
// algorithm, which will fit it so:
//
//   - its networks (two Q, V, target V, Gaussian actors) and multipliers l are
//     its own, behind AppendState and ReadState; Team is Gaussian, so that
//     collecting explores with the actors' own deviation;
//   - Update does, in this order, Q, V, target V, actor, multiplier, with
//     a~ = clip(mu + sigma xi) and xi from Batch.Noise: an update is a function
//     of its arguments, and the shared forward pass of Q(s, a~) for the V and
//     the actor step stays inside it;
//   - the expert's action for every state of the batch is Batch.Expert, with
//     weight Batch.Label per agent, already attached by the trainer when the
//     episode ended, and Batch.Mask says which components W averages over;
//   - epsilon and the dual learning rate follow Schedule.Progress, and lambda, W
//     and epsilon reach metrics.jsonl through report;
//   - priorities mean |delta_z| go back through Batch.Priority.
//
// MATD3+BC needs no more. MAGAIL draws its expert pairs from the same columns
// and does its pre-training inside its first updates.
//
// The package never imports package expert: a teacher is an env.Teacher.
package marl
