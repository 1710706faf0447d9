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
// For prosumers who say in words what they want there is a workflow, a [Graph] of
// stages with checkpoints and a trace: [SpecWorkflow] has a language model (package
// expert/llm) read a wish into a [Spec], and the human expert's model plans under
// it. [Prober] and [Compare] judge models that are not the human's.
//
// Solving is for packages convex and dso, and learners never import this one.
package expert
