package dso

import (
	"fmt"

	"github.com/peerwatt/peerwatt/grid"
)

// feeder is a radial network reduced to what the members' exchanges move, which
// is exact within LinDistFlow. Branches with the same members below carry the
// same exchanged power and form a segment. A bus without members below moves as
// the last bus above it that has some does, its anchor.
type feeder struct {
	bus      []int // bus index of every member
	segments []segment
	anchors  []anchor
}

// segment is a chain of branches with the same members below, from the slack
// outwards.
type segment struct {
	parent   int   // segment on whose end it hangs; -1: the slack
	children []int // segments that hang on its end
	members  []int // at its last bus
	below    []int // all members whose exchange it carries
	end      int   // anchor at its last bus
	r, x     float64
}

// anchor is a bus whose voltage the members move: a place in a segment.
type anchor struct {
	segment int
	r, x    float64 // p.u., from the segment's start to the bus
	buses   []int   // that move with it, itself first
}

// newFeeder reduces a network for members at the buses with these IDs. It fails
// where the network is not radial or lacks a bus.
func newFeeder(n *grid.Network, busIDs []int) (*feeder, error) {
	tree, err := n.Tree()
	if err != nil {
		return nil, fmt.Errorf("dso: LinDistFlow: %w", err)
	}
	f := &feeder{}
	at := make([][]int, len(n.Buses))    // members at each bus
	below := make([][]int, len(n.Buses)) // and at it or beyond
	for i, id := range busIDs {
		bus, ok := n.Index(id)
		if !ok {
			return nil, fmt.Errorf("dso: member %d is at bus %d, which network %s lacks", i, id, n.Name)
		}
		f.bus = append(f.bus, bus)
		at[bus] = append(at[bus], i)
		for b := bus; b >= 0; b = tree.Parent[b] {
			below[b] = append(below[b], i)
		}
	}
	segmentOf := make([]int, len(n.Buses)) // of the branch that leads to a bus; -1: no member is below
	anchorOf := make([]int, len(n.Buses))  // -1: no member moves it
	for _, b := range tree.Order {
		segmentOf[b], anchorOf[b] = -1, -1
		up := tree.Parent[b]
		if up < 0 {
			continue
		}
		if len(below[b]) == 0 {
			if a := anchorOf[up]; a >= 0 {
				anchorOf[b] = a
				f.anchors[a].buses = append(f.anchors[a].buses, b)
			}
			continue
		}
		s := segmentOf[up]
		// What is below a bus is below its parent, so as many are the same ones.
		if s < 0 || len(f.segments[s].below) != len(below[b]) {
			s = f.addSegment(s, below[b])
		}
		segmentOf[b], anchorOf[b] = s, len(f.anchors)
		g := &f.segments[s]
		g.r, g.x = g.r+tree.R[b], g.x+tree.X[b]
		g.members, g.end = at[b], len(f.anchors)
		f.anchors = append(f.anchors, anchor{segment: s, r: g.r, x: g.x, buses: []int{b}})
	}
	return f, nil
}

func (f *feeder) addSegment(parent int, below []int) int {
	s := len(f.segments)
	f.segments = append(f.segments, segment{parent: parent, below: below})
	if parent >= 0 {
		f.segments[parent].children = append(f.segments[parent].children, s)
	}
	return s
}

// rise is how exchanges (p.u., > 0 injects, by member) lift the squared voltage of
// every anchor, LinDistFlow: along a branch by 2 (r P + x Q).
func (f *feeder) rise(p, q []float64, rise []float64) {
	for a := range f.anchors {
		x := &f.anchors[a]
		s := &f.segments[x.segment]
		flowP, flowQ := 0.0, 0.0
		for _, i := range s.below {
			flowP, flowQ = flowP+p[i], flowQ+q[i]
		}
		rise[a] = 2 * (x.r*flowP + x.x*flowQ)
		if s.parent >= 0 { // whose anchors come before
			rise[a] += rise[f.segments[s.parent].end]
		}
	}
}
