// Package expert is whoever knows how a community should act: the human expert,
// whose models (package expert/reference) the network operator (package dso)
// joins into one problem, in two roles. As a policy of package env it decides
// itself, on forecasts or with foresight: [NewPolicy]. As a [Teacher] it tells
// learners what it would do in the states that they visit.
//
// Both follow a plan by the same rule: the battery returns to the planned state
// of charge, the generator goes to the planned power, and of sun, reactive power
// and flexible load it takes the planned share of what is there. So a plan made
// for other weather, or from another state, still says something sensible.
//
// For prosumers who say in words what they want there is [Workflow], a [Graph] of
// stages over a [Session] with checkpoints and a trace. Language models (package
// expert/llm) turn the wish into a model, its code, corrections of it, and add
// trade, with what a [Knowledge] base says to it; or they only read the wish into
// a [Spec], from which the code follows. The [Program] that comes out runs in a
// sandbox for one state after another, and its [Parts] stand wherever those of the
// human expert do. [Prober] and [Compare] judge models that are not the human's,
// and [ScoreTrial] what a session came to. [StoreProgram] keeps a program with what
// it was verified against; [Programs] run in the place of reference models, in
// training and in evaluation.
//
// Solving is for packages convex and dso, and learners never import this one.
package expert
