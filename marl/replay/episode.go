package replay

// Shape gives the sizes that every record of a buffer shares.
type Shape struct {
	Agents      int // N
	Observation int // O, values an agent sees
	Action      int // A, at most 8: masks are bytes
}

func (s Shape) obs() int { return s.Agents * s.Observation }
func (s Shape) act() int { return s.Agents * s.Action }

// Episode is one day of up to T steps as the learners need it. Slices are laid
// out step by step, agent by agent; what comes after the steps played is void.
type Episode struct {
	Played    int       // steps, T unless the day ended early
	Obs       []float32 // (T+1) x N x O: observations, the last after the last step
	Mask      []uint8   // (T+1) x N: bit a is set where action a has effect
	Action    []float32 // T x N x A, in [-1, 1]
	Expert    []float32 // T x N x A: the expert's action in the same state
	Label     []float32 // T x N: 1 where the expert gave an action, else 0
	Reward    []float32 // T, shared by all agents
	Done      []bool    // T: nothing follows, the return ends here
	Violation []bool    // T: a voltage left its limits
}

// NewEpisode returns an episode with room for the given number of steps.
func NewEpisode(s Shape, steps int) *Episode {
	return &Episode{
		Played: steps,
		Obs:    make([]float32, (steps+1)*s.obs()), Mask: make([]uint8, (steps+1)*s.Agents),
		Action: make([]float32, steps*s.act()), Expert: make([]float32, steps*s.act()), Label: make([]float32, steps*s.Agents),
		Reward: make([]float32, steps), Done: make([]bool, steps), Violation: make([]bool, steps),
	}
}

// Batch is what a learner updates from: B transitions, their importance
// weights, and where they came from. Masks are 0 or 1.
type Batch struct {
	Size           int
	Obs, NextObs   []float32 // B x N x O
	Mask, NextMask []float32 // B x N x A
	Action, Expert []float32 // B x N x A
	Label          []float32 // B x N
	Reward, Done   []float32 // B
	Weight         []float32 // B, importance weights, the largest is 1
	Refs           []Ref     // B
}

// Ref names a stored transition: its buffer and its place in it.
type Ref struct {
	Violation bool
	Slot      int
}

// NewBatch returns a batch of the given size.
func NewBatch(s Shape, size int) *Batch {
	return &Batch{
		Size: size,
		Obs:  make([]float32, size*s.obs()), NextObs: make([]float32, size*s.obs()),
		Mask: make([]float32, size*s.act()), NextMask: make([]float32, size*s.act()),
		Action: make([]float32, size*s.act()), Expert: make([]float32, size*s.act()),
		Label:  make([]float32, size*s.Agents),
		Reward: make([]float32, size), Done: make([]float32, size), Weight: make([]float32, size),
		Refs: make([]Ref, size),
	}
}
