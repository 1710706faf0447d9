package convex

import (
	"slices"
	"sync"

	"github.com/peerwatt/peerwatt/convex/conic"
)

// engine is a conic solver with the structure and settings it was made for.
type engine struct {
	solver   *conic.Solver
	problem  *conic.Problem // its structure; the values are those of the maker
	settings conic.Settings
}

// acquire returns a solver that holds the program's present data: its own, one
// of the same structure from the cache, or a new one.
func (g *Program) acquire(s conic.Settings) (*engine, error) {
	p := g.form.problem
	if e := g.engine; e != nil && e.settings == s {
		return e, e.solver.Update(g.form.varying())
	}
	if g.cache != nil {
		if e := g.cache.take(p, s); e != nil {
			return e, e.solver.Update(conic.Data{P: p.P.Val, Q: p.Q, A: p.A.Val, B: p.B})
		}
	}
	solver, err := conic.New(p, s)
	if err != nil {
		return nil, err
	}
	g.counts.add(solver.Stats(), conic.Stats{})
	g.engine = &engine{solver: solver, problem: p, settings: s}
	return g.engine, nil
}

// varying is the data that parameters can change.
func (m *canonical) varying() conic.Data {
	of := func(p *patched) []float64 {
		if len(p.patches) == 0 {
			return nil
		}
		return p.now
	}
	return conic.Data{P: of(&m.p), Q: of(&m.q), A: of(&m.a), B: of(&m.b)}
}

// release gives the solver back to the cache, if there is one.
func (g *Program) release(e *engine) {
	if g.cache != nil {
		g.engine = nil
		g.cache.put(e)
	}
}

// Cache keeps solvers by the structure of their problems, so that a model built
// anew with other numbers, as an interpreter does at each step of a day, reuses
// ordering and symbolic factorisation. It is safe for concurrent use.
type Cache struct {
	mu     sync.Mutex
	most   int
	byHash map[uint64][]*engine
	recent []*engine // idle solvers, least recently used first
}

// NewCache keeps up to n idle solvers.
func NewCache(n int) *Cache { return &Cache{most: n, byHash: map[uint64][]*engine{}} }

// Compile compiles a problem into a program that takes its solver from the
// cache whenever it solves, and gives it back.
func (c *Cache) Compile(p *Problem) (*Program, error) {
	g, err := p.Compile()
	if g != nil {
		g.cache = c
	}
	return g, err
}

func (c *Cache) take(p *conic.Problem, s conic.Settings) *engine {
	h := structureHash(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.byHash[h] {
		if e.settings == s && sameStructure(e.problem, p) {
			c.remove(h, e)
			return e
		}
	}
	return nil
}

func (c *Cache) put(e *engine) {
	h := structureHash(e.problem)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byHash[h] = append(c.byHash[h], e)
	c.recent = append(c.recent, e)
	for len(c.recent) > c.most {
		old := c.recent[0]
		c.remove(structureHash(old.problem), old)
	}
}

func (c *Cache) remove(h uint64, e *engine) {
	same := func(x *engine) bool { return x == e }
	c.recent = slices.DeleteFunc(c.recent, same)
	if c.byHash[h] = slices.DeleteFunc(c.byHash[h], same); len(c.byHash[h]) == 0 {
		delete(c.byHash, h)
	}
}

// structureHash is FNV-1a over cones and sparsity.
func structureHash(p *conic.Problem) uint64 {
	h := uint64(14695981039346656037)
	mix := func(v int) { h = (h ^ uint64(v)) * 1099511628211 }
	for _, c := range p.Cones {
		mix(int(c.Kind))
		mix(c.Dim)
	}
	for _, m := range []*conic.CSC{p.P, p.A} {
		mix(m.Cols)
		for _, v := range m.ColPtr {
			mix(v)
		}
		for _, v := range m.RowIdx {
			mix(v)
		}
	}
	return h
}

func sameStructure(a, b *conic.Problem) bool {
	return slices.Equal(a.Cones, b.Cones) &&
		slices.Equal(a.A.ColPtr, b.A.ColPtr) && slices.Equal(a.A.RowIdx, b.A.RowIdx) &&
		slices.Equal(a.P.ColPtr, b.P.ColPtr) && slices.Equal(a.P.RowIdx, b.P.RowIdx)
}
