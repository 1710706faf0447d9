package marl

import "github.com/peerwatt/peerwatt/nn"

// trained is a set of networks that one optimiser moves together, with the
// clipping norm they share.
type trained struct {
	nets  []nn.Network
	grads [][]float32
	adam  []*nn.Adam
	clip  float64

	norm   float64 // of the last gradient, before clipping
	factor float32 // what the last clipping left of it
}

func newTrained(lr, clip float64, nets ...nn.Network) *trained {
	t := &trained{clip: clip, nets: nets}
	for _, n := range nets {
		t.grads = append(t.grads, n.Params().NewGrads())
		t.adam = append(t.adam, nn.NewAdam(len(n.Params().Data), lr))
	}
	return t
}

// step clips the gradients and moves the parameters.
func (t *trained) step(pool *nn.Pool) {
	t.norm = nn.Norm(t.grads...)
	t.factor = nn.ClipFactor(t.norm, t.clip)
	for i, n := range t.nets {
		t.adam[i].Update(pool, n.Params().Data, t.grads[i], t.factor)
	}
}

// parts are what a checkpoint must hold.
func (t *trained) parts() []part {
	var ps []part
	for i, n := range t.nets {
		ps = append(ps, n.Params(), t.adam[i])
	}
	return ps
}
