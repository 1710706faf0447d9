// Package dso is the network operator: it joins the models of all prosumers
// into one problem, holds it against the network, and hands every prosumer the
// strategy that costs the community least without breaking a voltage limit.
//
// An [Operator] plans. [Operator.Plan] takes a [Situation] (what is known of the
// steps ahead: one step, the rest of a day or a whole day) and solves
//
//	minimise    Σ_i C_i                                  (14)-(19)
//	subject to  every prosumer's own rows                (1)-(10)
//	            Σ_i P_P2P,i,t = 0         in every step  (20)
//	            V_min <= V_j,t <= V_max   at every bus   (11)-(13)
//
// with (11) and (12) as LinDistFlow (Baran, Wu, "Network reconfiguration in
// distribution systems for loss reduction and load balancing", IEEE Trans. Power
// Delivery 4(2), 1989), linear in the squared voltages. That is off by more than
// the violations to be judged, so every plan is verified by AC power flows, the
// rows are shifted by what LinDistFlow missed, and the problem is solved again
// until no limit is broken. Where all devices together cannot hold a limit, the
// plan comes as close as it can and names the [Conflict].
//
// The prosumers' models are those of package expert/reference, or [Member]s that
// the caller brings, each beside the others. Whatever a model says, a plan holds
// only what the devices can do: [Deviation]s tell what was cut off, and where a
// battery is asked for more than there is, its own equations join the problem. A
// problem without a solution names whose rows stand against it: [MemberError]. Prosumers are in MW, the network in p.u. and money in
// thousands inside the problem; what goes in and comes out is in kW, p.u. and
// money. Signs are those of package community.
//
// At execution a [Corrector] changes what prosumers are about to do in one step by as
// little as it can, so that the limits hold ([Corrector.Correct]), and proves of
// buses that are left outside that no action could help ([Corrector.Unavoidable]).
//
// The package decides nothing by itself and remembers nothing between plans but
// structure: the same situation gives the same plan.
package dso
