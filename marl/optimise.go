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

// appendState and readState save networks and moments for a checkpoint.
func (t *trained) appendState(b []byte) ([]byte, error) {
	for i, n := range t.nets {
		var err error
		if b, err = appendSection(b, n.Params()); err != nil {
			return nil, err
		}
		if b, err = appendSection(b, t.adam[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (t *trained) readState(b []byte) ([]byte, error) {
	for i, n := range t.nets {
		var err error
		if b, err = readSection(b, n.Params()); err != nil {
			return nil, err
		}
		if b, err = readSection(b, t.adam[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}
