package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// comprehension evaluates a list, set or dict comprehension in a frame of its
// own, or makes the generator of a generator expression.
func (f *frame) comprehension(x *syntax.Comprehension) (Value, error) {
	first, err := f.eval(x.Fors[0].Iter)
	if err != nil {
		return nil, err
	}
	it, err := f.in.Iter(first)
	if err != nil {
		return nil, f.at(x, err)
	}
	c := &frame{in: f.in, module: f.module, scope: x.Scope, names: f.names}
	c.slots = make([]Value, len(x.Scope.Slots))
	c.openCells(f.capture(x.Scope))
	if x.Kind == syntax.GeneratorExp {
		g := newGenerator(f.in, c, nil)
		g.name = x.Scope.Qualname
		g.body = func() (Value, error) {
			return None, c.compFor(x, 0, it, func() error {
				v, err := c.eval(x.Elt)
				if err != nil {
					return err
				}
				_, err = g.yield(v)
				if err != nil {
					return c.at(x.Elt, err)
				}
				return nil
			})
		}
		return g, nil
	}
	if err := f.in.enterCall(x.Scope); err != nil {
		return nil, f.at(x, err)
	}
	c.back, f.in.frame = f, c
	v, err := c.collect(x, it)
	f.in.frame = f
	f.in.leaveCall(x.Scope)
	if err != nil {
		return nil, f.at(x, err)
	}
	return v, nil
}

// collect runs the loops of a comprehension that is not a generator.
func (c *frame) collect(x *syntax.Comprehension, it Iterator) (Value, error) {
	switch x.Kind {
	case syntax.ListComp:
		list := &List{}
		err := c.compFor(x, 0, it, func() error {
			v, err := c.eval(x.Elt)
			if err != nil {
				return err
			}
			list.Items = append(list.Items, v)
			return c.in.Alloc(2 * valueSize)
		})
		return list, err
	case syntax.SetComp:
		set := NewSet(false)
		err := c.compFor(x, 0, it, func() error {
			v, err := c.eval(x.Elt)
			if err != nil {
				return err
			}
			if _, err = set.Add(c.in, v); err != nil {
				return c.at(x, err)
			}
			return nil
		})
		return set, err
	}
	dict := NewDict()
	err := c.compFor(x, 0, it, func() error {
		k, err := c.eval(x.Key)
		if err != nil {
			return err
		}
		v, err := c.eval(x.Elt)
		if err != nil {
			return err
		}
		if err := dict.Set(c.in, k, v); err != nil {
			return c.atPos(spanOf(x.Key, x.Elt), x, err)
		}
		return nil
	})
	return dict, err
}

func spanOf(a, b syntax.Node) syntax.Pos {
	p, q := a.Span(), b.Span()
	return syntax.Pos{Line: p.Line, Col: p.Col, EndLine: q.EndLine, EndCol: q.EndCol}
}

// compFor runs the n-th "for" over it and calls emit for each innermost turn.
func (c *frame) compFor(x *syntax.Comprehension, n int, it Iterator, emit func() error) error {
	spec := &x.Fors[n]
	for {
		if err := c.in.Step(1); err != nil {
			return c.at(x, err)
		}
		v, err := it.Next(c.in)
		if err != nil {
			return c.at(x, err)
		}
		if v == nil {
			return nil
		}
		if err := c.assign(spec.Target, v); err != nil {
			return err
		}
		ok, err := c.passes(spec.Ifs)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if n+1 == len(x.Fors) {
			if err := emit(); err != nil {
				return err
			}
			continue
		}
		if err := c.inner(x, n+1, emit); err != nil {
			return err
		}
	}
}

func (c *frame) passes(ifs []syntax.Expr) (bool, error) {
	for _, e := range ifs {
		if ok, err := c.test(e); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c *frame) inner(x *syntax.Comprehension, n int, emit func() error) error {
	v, err := c.eval(x.Fors[n].Iter)
	if err != nil {
		return err
	}
	it, err := c.in.Iter(v)
	if err != nil {
		return c.at(x, err)
	}
	return c.compFor(x, n, it, emit)
}
