package replay

// buffer is a ring of transitions with priorities. When it is full, the oldest
// transition gives way.
type buffer struct {
	shape    Shape
	capacity int
	size     int
	next     int // slot the next transition goes to
	tree     *sumTree

	obs, nextObs   []float32
	mask, nextMask []uint8
	action, expert []float32
	label          []float32
	reward         []float32
	done           []bool
}

func newBuffer(s Shape, capacity int) *buffer {
	return &buffer{shape: s, capacity: capacity, tree: newSumTree(capacity)}
}

// span is what follows a step: the state it leads to and what is earned on the
// way.
type span struct {
	next   int // step of that state
	reward float64
	done   bool
}

// add stores step t of the episode with the given weight.
func (b *buffer) add(e *Episode, t int, to span, weight float64) {
	s, i := b.shape, b.next
	b.grow(i + 1)
	no, na := s.obs(), s.act()
	copy(b.obs[i*no:(i+1)*no], e.Obs[t*no:])
	copy(b.nextObs[i*no:(i+1)*no], e.Obs[to.next*no:])
	copy(b.mask[i*s.Agents:(i+1)*s.Agents], e.Mask[t*s.Agents:])
	copy(b.nextMask[i*s.Agents:(i+1)*s.Agents], e.Mask[to.next*s.Agents:])
	copy(b.action[i*na:(i+1)*na], e.Action[t*na:])
	copy(b.expert[i*na:(i+1)*na], e.Expert[t*na:])
	copy(b.label[i*s.Agents:(i+1)*s.Agents], e.Label[t*s.Agents:])
	b.reward[i], b.done[i] = float32(to.reward), to.done
	b.tree.set(i, weight)

	b.next = (b.next + 1) % b.capacity
	b.size = min(b.size+1, b.capacity)
}

// grow makes room for n transitions. Memory follows what is stored, since most
// runs never fill their buffers.
func (b *buffer) grow(n int) {
	have := len(b.reward)
	if n <= have {
		return
	}
	want := min(b.capacity, max(n, 2*have, 1024))
	s := b.shape
	b.obs, b.nextObs = grown(b.obs, want*s.obs()), grown(b.nextObs, want*s.obs())
	b.mask, b.nextMask = grown(b.mask, want*s.Agents), grown(b.nextMask, want*s.Agents)
	b.action, b.expert = grown(b.action, want*s.act()), grown(b.expert, want*s.act())
	b.label = grown(b.label, want*s.Agents)
	b.reward, b.done = grown(b.reward, want), grown(b.done, want)
}

func grown[T any](old []T, n int) []T {
	out := make([]T, n)
	copy(out, old)
	return out
}

// read copies the transition in the given slot into row r of the batch.
func (b *buffer) read(slot int, out *Batch, r int) {
	s := b.shape
	no, na := s.obs(), s.act()
	copy(out.Obs[r*no:(r+1)*no], b.obs[slot*no:])
	copy(out.NextObs[r*no:(r+1)*no], b.nextObs[slot*no:])
	copy(out.Action[r*na:(r+1)*na], b.action[slot*na:])
	copy(out.Expert[r*na:(r+1)*na], b.expert[slot*na:])
	copy(out.Label[r*s.Agents:(r+1)*s.Agents], b.label[slot*s.Agents:])
	spread(out.Mask[r*na:(r+1)*na], b.mask[slot*s.Agents:], s)
	spread(out.NextMask[r*na:(r+1)*na], b.nextMask[slot*s.Agents:], s)
	out.Reward[r], out.Done[r] = b.reward[slot], 0
	if b.done[slot] {
		out.Done[r] = 1
	}
}

// spread writes the bits of each agent's mask as zeros and ones.
func spread(dst []float32, bits []uint8, s Shape) {
	for i := range s.Agents {
		for a := range s.Action {
			dst[i*s.Action+a] = float32(bits[i] >> a & 1)
		}
	}
}
