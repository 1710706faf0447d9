package expert

import (
	"context"

	"github.com/peerwatt/peerwatt/expert/llm"
)

// Path is a way from a wish to a program.
type Path string

// The paths.
const (
	CodePath          Path = "code"          // language models write the model and its code, as in the paper
	SpecificationPath Path = "specification" // a language model reads the wish, the code follows from it
)

// WorkflowOptions choose a workflow. The zero value is the paper's.
type WorkflowOptions struct {
	Path Path `json:"path,omitempty"` // "": code

	// The ablations of Fig. 5. Bare is one question to the model, nothing else.
	WithoutRetrieval  bool `json:"without_retrieval,omitempty"`
	WithoutCorrection bool `json:"without_correction,omitempty"`
	Bare              bool `json:"bare,omitempty"`
	// MaxCorrections is how often a model may mend its code; 0: 5.
	MaxCorrections int `json:"max_corrections,omitempty"`

	// Beyond the paper. Lint mends mistakes that it knows without a model, and
	// tells of all others at once. Explain says why a problem has no solution.
	// Probe holds the program against the preferences that a model read in the
	// wish. Patches has corrections edit the code, and takes back edits that make
	// it worse. BestOf takes the program that most of so many agree with.
	Lint    bool `json:"lint,omitempty"`
	Explain bool `json:"explain,omitempty"`
	Probe   bool `json:"probe,omitempty"`
	Patches bool `json:"patches,omitempty"`
	BestOf  int  `json:"best_of,omitempty"`

	// Knowledge is what stages look things up in; nil: what is built in.
	Knowledge *Knowledge `json:"-"`
	// Verify is the last stage, the network operator's; nil: there is none.
	Verify func(context.Context, *Session, *Reporter) error `json:"-"`
}

// Workflow is the way from a prosumer's words to a strategy that the network
// operator has verified, Fig. 2 of the paper. A nil model reads nothing, and the
// reference expert plans; only the path by a specification has this.
func Workflow(m llm.Model, o WorkflowOptions) *Graph[Session] {
	w := &workflow{WorkflowOptions: o, model: m}
	if w.Knowledge == nil {
		w.Knowledge = builtinKnowledge()
	}
	g := NewGraph[Session](w.name(), "wish")
	g.MaxSteps(20 + w.candidates()*(10+3*w.corrections()))
	g.Node("wish", "prosumer's wish", 0, w.read)

	// From the wish to code that runs.
	switch {
	case o.Path == SpecificationPath:
		g.Node("write", "code from the specification", 0, w.writeSpecified)
		w.understood(g, "write")
		g.Line("write", "check")
	case o.Bare:
		g.Node("code", "code generation", 0, w.writeBare)
		w.understood(g, "code")
		g.Line("code", "check")
	default:
		g.Node("model", "model generation expert", 0, w.generateModel)
		w.understood(g, "model")
		if !o.WithoutRetrieval {
			g.Node("atoms", "model generation expert: atoms", 0, w.nameAtoms)
			g.Node("retrieve", "retrieval", 0, w.retrieve)
		}
		g.Node("code", "code generation expert", 0, w.writeCode)
		g.Node("run", "sandbox", 0, w.runCode)
		g.Node("trade", "energy trading integration expert", 0, w.addTrade)
		if o.WithoutRetrieval {
			g.Line("model", "code", "run")
		} else {
			g.Line("model", "atoms", "retrieve", "code", "run")
		}
		w.judged(g, "run", "trade")
		g.Line("trade", "check")
	}

	// From code that runs to a strategy.
	g.Node("check", "sandbox, with trade", 0, w.checkProgram)
	passed := "plan"
	if w.candidates() > 1 {
		g.Node("keep", "keep the candidate", 0, w.keepCandidate)
		g.Node("choose", "choose among the candidates", 0, w.chooseCandidate)
		g.Branch("keep", w.another, "code", "choose")
		g.Branch("choose", w.planned, "plan", End)
		passed = "keep"
	}
	if w.probes() {
		g.Node("probe", "semantic probe", 0, w.probe)
		w.judged(g, "check", "probe")
		w.judged(g, "probe", passed)
	} else {
		w.judged(g, "check", passed)
	}
	if w.corrections() > 0 {
		g.Node("correct", "iterative correction expert", 0, w.correct)
		g.Branch("correct", w.corrected, "run", "check")
	}
	g.Node("plan", "strategy", 0, w.plan)
	if o.Verify == nil {
		g.Edge("plan", End)
	} else {
		g.Node("operator", "network operator", 0, o.Verify)
		g.Line("plan", "operator", End)
	}
	return g
}

// workflow holds the stages.
type workflow struct {
	WorkflowOptions
	model llm.Model
}
