package env

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Pool holds environments of one world and moves them in parallel. Each is
// independent of the others, so results do not depend on the number of workers.
type Pool struct {
	envs    []*Env
	workers int
}

// NewPool makes n environments that at most workers goroutines move at once.
func NewPool(w *World, o Options, n, workers int) (*Pool, error) {
	if n < 1 {
		return nil, fmt.Errorf("a pool of %d environments: want at least 1", n)
	}
	p := &Pool{workers: max(1, min(workers, n))}
	for range n {
		e, err := New(w, o)
		if err != nil {
			return nil, err
		}
		p.envs = append(p.envs, e)
	}
	return p, nil
}

// Envs returns the environments. They may be moved one by one between calls of
// the pool's methods.
func (p *Pool) Envs() []*Env { return p.envs }

// Each calls f for every environment, several at a time; f must only touch what
// belongs to environment i.
func (p *Pool) Each(f func(i int, e *Env)) {
	if p.workers == 1 {
		for i, e := range p.envs {
			f(i, e)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range p.workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(p.envs); i = int(next.Add(1)) - 1 {
				f(i, p.envs[i])
			}
		})
	}
	wg.Wait()
}

// Observe writes all observations (environments x agents x ObservationDim).
func (p *Pool) Observe(dst []float32) {
	size := len(dst) / len(p.envs)
	p.Each(func(i int, e *Env) { e.Observe(dst[i*size : (i+1)*size]) })
}

// Step steps all environments with their joint actions (environments x agents x
// ActionDim) and writes one outcome for each. None may be done.
func (p *Pool) Step(action []float32, out []Outcome) {
	size := len(action) / len(p.envs)
	mustLen("outcomes", len(out), len(p.envs))
	p.Each(func(i int, e *Env) { out[i] = e.Step(action[i*size : (i+1)*size]) })
}
