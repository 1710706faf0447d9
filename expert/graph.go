package expert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Graph is a workflow over a state of type S: nodes that change the state, and
// edges that say which node is next. It may loop; a run is bounded by its number
// of steps.
type Graph[S any] struct {
	name, start string
	nodes       []node[S]
	maxSteps    int
}

// End is the name of the place where a workflow ends.
const End = "end"

type node[S any] struct {
	name, title string
	run         func(context.Context, *S, *Reporter) error
	retries     int
	next        []string
	choose      func(*S) string // nil where there is one way on
}

// NewGraph returns a graph that begins at the node called start.
func NewGraph[S any](name, start string) *Graph[S] {
	const usual = 50
	return &Graph[S]{name: name, start: start, maxSteps: usual}
}

// MaxSteps bounds the nodes that a run takes where RunOptions do not.
func (g *Graph[S]) MaxSteps(n int) { g.maxSteps = n }

// Node adds a node; title is its name for people. A node that fails is run again
// up to retries times, from the state in which it began, unless its error is
// [Final].
func (g *Graph[S]) Node(name, title string, retries int, run func(context.Context, *S, *Reporter) error) {
	g.nodes = append(g.nodes, node[S]{name: name, title: title, run: run, retries: retries})
}

// Edge leads from a node to the next.
func (g *Graph[S]) Edge(from, to string) {
	if n := g.node(from); n != nil {
		n.next = append(n.next, to)
	}
}

// Line leads from each of the nodes to the next.
func (g *Graph[S]) Line(names ...string) {
	for i, name := range names[1:] {
		g.Edge(names[i], name)
	}
}

// Branch leads from a node to one of several, as choose says.
func (g *Graph[S]) Branch(from string, choose func(*S) string, to ...string) {
	if n := g.node(from); n != nil {
		n.next, n.choose = append(n.next, to...), choose
	}
}

func (g *Graph[S]) node(name string) *node[S] {
	i := slices.IndexFunc(g.nodes, func(n node[S]) bool { return n.name == name })
	if i < 0 {
		return nil
	}
	return &g.nodes[i]
}

// Validate reports the first mistake in how the graph is put together.
func (g *Graph[S]) Validate() error {
	if g.node(g.start) == nil {
		return fmt.Errorf("graph %s: there is no node %q to start at", g.name, g.start)
	}
	reached := map[string]bool{g.start: true}
	for queue := []string{g.start}; len(queue) > 0; queue = queue[1:] {
		n := g.node(queue[0])
		if len(n.next) == 0 {
			return fmt.Errorf("graph %s: node %q leads nowhere", g.name, n.name)
		}
		if len(n.next) > 1 && n.choose == nil {
			return fmt.Errorf("graph %s: node %q leads to %v and nothing chooses", g.name, n.name, n.next)
		}
		for _, to := range n.next {
			if to != End && g.node(to) == nil {
				return fmt.Errorf("graph %s: node %q leads to %q, which is not there", g.name, n.name, to)
			}
			if !reached[to] {
				reached[to] = true
				if to != End {
					queue = append(queue, to)
				}
			}
		}
	}
	for _, n := range g.nodes {
		if !reached[n.name] {
			return fmt.Errorf("graph %s: nothing leads to node %q", g.name, n.name)
		}
	}
	if !reached[End] {
		return fmt.Errorf("graph %s has no end", g.name)
	}
	return nil
}

// Final marks an error that running a node again cannot mend.
func Final(err error) error {
	if err == nil {
		return nil
	}
	return finalError{err}
}

// ErrStop, as the error of a node, ends a run there without being one: the state says
// why there is nothing more to do.
var ErrStop = errors.New("the workflow ends here")

type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

// RunOptions say how a graph is run.
type RunOptions struct {
	MaxSteps int // nodes run in all; 0: the graph's, 50 where it says nothing
	// Checkpoint is a file that holds the state after every node. Where it is
	// there, the run goes on from it.
	Checkpoint string
	// Watch, where given, is told of every event, one at a time.
	Watch func(TraceEvent)
}

// ErrTooManySteps is why a run ends that goes round and round.
var ErrTooManySteps = errors.New("the workflow took too many steps")

// Run takes the state through the graph, or the rest of it where a checkpoint is
// there. The error names the node that failed.
func (g *Graph[S]) Run(ctx context.Context, state *S, o RunOptions) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = g.maxSteps
	}
	r := &Reporter{watch: o.Watch}
	at := position{Next: g.start}
	resumed, err := g.load(o.Checkpoint, &at, state)
	if err != nil {
		return err
	}
	if resumed {
		r.at = at
		r.tell(TraceEvent{Kind: Resumed, Node: at.Next})
	}
	for at.Next != End {
		if at.Step >= o.MaxSteps {
			return fmt.Errorf("%w: %d without an end, the last at %q", ErrTooManySteps, at.Step, at.Next)
		}
		n := g.node(at.Next)
		if n == nil {
			return fmt.Errorf("graph %s has no node %q: the checkpoint is of another version", g.name, at.Next)
		}
		r.at = at
		next := n.next[0]
		switch err := g.runNode(ctx, n, state, r); {
		case errors.Is(err, ErrStop):
			next = End
		case err != nil:
			return fmt.Errorf("%s: %w", n.title, err)
		case n.choose != nil:
			if next = n.choose(state); !slices.Contains(n.next, next) {
				return fmt.Errorf("graph %s: node %q chose %q, which is none of %v", g.name, n.name, next, n.next)
			}
		}
		at = position{Next: next, Step: at.Step + 1}
		if err := g.save(o.Checkpoint, at, state); err != nil {
			return err
		}
	}
	return nil
}

// runNode runs a node until it succeeds, fails for good, or was tried often
// enough. Every try begins with the state as it was.
func (g *Graph[S]) runNode(ctx context.Context, n *node[S], state *S, r *Reporter) error {
	before, err := encode(state)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		r.try = try
		r.tell(TraceEvent{Kind: Entered, Node: n.name, Title: n.title})
		begin := time.Now()
		err := n.run(ctx, state, r)
		seconds := time.Since(begin).Seconds()
		if err == nil || errors.Is(err, ErrStop) {
			r.tell(TraceEvent{Kind: Left, Node: n.name, Title: n.title, Seconds: seconds})
			return err
		}
		r.tell(TraceEvent{Kind: Failed, Node: n.name, Title: n.title, Seconds: seconds, Text: err.Error()})
		var final finalError
		if try >= n.retries || ctx.Err() != nil || errors.As(err, &final) {
			return err
		}
		if err := decode(before, state); err != nil {
			return err
		}
	}
}

// Mermaid draws the graph in the language of mermaid.js.org, which many viewers
// of Markdown show as a picture.
func (g *Graph[S]) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for _, n := range g.nodes {
		shape := `["%s"]`
		if n.choose != nil {
			shape = `{{"%s"}}`
		}
		fmt.Fprintf(&b, "  %s"+shape+"\n", mermaidName(n.name), n.title)
	}
	fmt.Fprintf(&b, "  %s([\"end\"])\n", mermaidName(End))
	for _, n := range g.nodes {
		for _, to := range n.next {
			fmt.Fprintf(&b, "  %s --> %s\n", mermaidName(n.name), mermaidName(to))
		}
	}
	return b.String()
}

// mermaidName avoids the words that the language keeps for itself.
func mermaidName(name string) string { return "n_" + strings.ReplaceAll(name, "-", "_") }
