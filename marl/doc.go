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
// owns everything else. One algorithm is one file that reads like its
// pseudo-code, losses on top, and one line in constructors:
//
//	maddpg   deterministic actors up the gradient of a critic
//	maac     Gaussian actors, and a critic that attends over the other agents
//	matd3bc  TD3 with the expert's actions cloned
//	magail   TD3 on the reward of a discriminator between expert and agents
//	op       the paper's: actors held to the expert by Lagrange multipliers
//	op_mh    the same with differential attention over agents in its critics
//	apg      beyond the paper: the exact slope of the days played, no critic
//
// They share the batch in the networks' layout (inputs), policies with what
// moves them (actors), and critics of either kind: joint networks, one or one
// per agent, and attention over agents as tokens (critics). Noise comes with the
// batch, so that an update is a function of its arguments.
//
// The expert's action for every state of a batch is Batch.Expert, with weight
// Batch.Label per agent, attached by the trainer when the episode ended.
// Whatever imitates averages over the labelled rows and, in each of them, over
// the components that Batch.Mask keeps: those that have effect.
//
// The package never imports package expert: a teacher is an env.Teacher.
package marl
