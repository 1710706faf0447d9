package replay

import "math"

// Config holds the symbols of the prioritised dual buffer.
type Config struct {
	Capacity      int     // N_B, transitions in both buffers together
	NormalShare   float64 // share of the capacity that belongs to normal operation
	K             float64 // k, share of a batch drawn from normal operation
	Alpha         float64 // exponent of the priorities
	PriorityFloor float64 // added to every priority, so that none is never drawn

	// A stored transition spans NStep steps (at least 1): its reward is the sum
	// of theirs discounted by Discount, its next state the one after them. A
	// day's last NStep steps end in its end.
	NStep    int
	Discount float64
}

// Uniform draws numbers in [0, 1).
type Uniform interface{ Float64() float64 }

// Dual is the pair of buffers.
type Dual struct {
	config            Config
	normal, violation *buffer
	top               float64 // largest weight seen: what a new transition starts with
}

// NewDual returns empty buffers.
func NewDual(s Shape, c Config) *Dual {
	n := max(1, int(math.Round(c.NormalShare*float64(c.Capacity))))
	return &Dual{config: c, normal: newBuffer(s, n), violation: newBuffer(s, max(1, c.Capacity-n)), top: 1}
}

// Len returns how many transitions of each kind are stored.
func (d *Dual) Len() (normal, violation int) { return d.normal.size, d.violation.size }

// Add stores every step played of an episode, each with the highest weight seen so
// far, so that it is drawn at least once soon.
func (d *Dual) Add(e *Episode) {
	for t := range e.Played {
		d.of(e.Violation[t]).add(e, t, d.span(e, t), d.top)
	}
}

// span sums up what begins at step t.
func (d *Dual) span(e *Episode, t int) span {
	s := span{next: min(t+max(1, d.config.NStep), e.Played)}
	discount := 1.0
	for k := t; k < s.next; k++ {
		s.reward += discount * float64(e.Reward[k])
		discount *= d.config.Discount
		s.done = s.done || e.Done[k]
	}
	return s
}

func (d *Dual) of(violation bool) *buffer {
	if violation {
		return d.violation
	}
	return d.normal
}

// Sample fills the batch: round(k B) transitions of normal operation and the
// rest with violations, of which no more than there are, filled up with normal
// ones. beta is the exponent of the importance weights,
//
//	w = (n P(i))^-beta, divided by the largest of the batch,
//
// with n all transitions stored and P(i) the chance that a row of this batch is
// transition i: so beta = 1 undoes the shares of the two buffers as well as the
// priorities. It has to, since what decides the buffer is an outcome: a critic that
// sees violations oftener than they happen learns that everything leads to them.
//
// Draws are stratified: row j of the m from one buffer comes from the j-th of m
// equal parts of its total weight. Both buffers together must not be empty.
func (d *Dual) Sample(beta float64, rng Uniform, out *Batch) {
	fromViolation := min(out.Size-int(math.Round(d.config.K*float64(out.Size))), d.violation.size)
	if d.normal.size == 0 {
		fromViolation = out.Size
	}
	fromNormal := out.Size - fromViolation
	d.draw(d.normal, false, 0, fromNormal, beta, rng, out)
	d.draw(d.violation, true, fromNormal, out.Size, beta, rng, out)

	largest := float32(0)
	for _, w := range out.Weight {
		largest = max(largest, w)
	}
	for r := range out.Weight {
		out.Weight[r] /= largest
	}
}

func (d *Dual) draw(b *buffer, violation bool, from, to int, beta float64, rng Uniform, out *Batch) {
	total, m := b.tree.total(), float64(to-from)
	stored := float64(d.normal.size + d.violation.size)
	for r := from; r < to; r++ {
		slot := b.tree.find(total * (float64(r-from) + rng.Float64()) / m)
		b.read(slot, out, r)
		out.Refs[r] = Ref{Violation: violation, Slot: slot}
		out.Weight[r] = float32(math.Pow(stored*(m/float64(out.Size))*b.tree.weight(slot)/total, -beta))
	}
}

// SetPriorities gives the transitions of a batch the priorities that the
// learner found, in the order of its rows.
func (d *Dual) SetPriorities(refs []Ref, priority []float32) {
	for r, ref := range refs {
		w := math.Pow(float64(priority[r])+d.config.PriorityFloor, d.config.Alpha)
		d.of(ref.Violation).tree.set(ref.Slot, w)
		d.top = max(d.top, w)
	}
}
