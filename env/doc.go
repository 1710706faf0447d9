// Package env is the decision problem of the paper's section II-B: a community
// of prosumers on one feeder as a Dec-POMDP, equations (21)-(25).
//
// A [World] holds what does not change (scenario, network, year, market) and is
// shared. An [Env] plays days in it: [Env.Reset] opens one, [Env.Observe] gives
// every agent its own observation (22), [Env.Step] takes the joint action (21),
// moves devices, clears the peer-to-peer market, solves the power flow and pays
// the shared reward (23)-(25). An action is a vector in [-1, 1]^5 per agent that
// maps onto the interval feasible now, so no action can break a device. A
// [Pool] steps many environments at once. [RunDay] is the one loop on which
// evaluation, rollouts and reports stand; it drives a [Policy].
//
// Learners and experts meet here and nowhere else: a learned policy is a
// [LocalPolicy] (each agent sees its own [View]), a teacher in training is a
// [Teacher], and a program in any language is served by [Serve] or driven by
// [Process] over JSON lines.
//
// Units are kW, kvar, kWh and money of the tariff's currency per step of a
// quarter of an hour; the signs are those of packages community and market.
// Observations and actions are float32, everything else is float64. Everything
// here is deterministic: no clock, no global random numbers, and a step depends
// on nothing but the state that [Env.Save] returns.
//
// The package does not optimise, learn or verify: see dso, expert and marl.
package env
