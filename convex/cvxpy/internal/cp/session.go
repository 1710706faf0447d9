package cp

import (
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// Session is what the objects of one run share.
type Session struct {
	// Cache keeps solvers between runs; nil makes each solve anew.
	Cache *convex.Cache
	// Solved lists what was solved, in order.
	Solved []Solved
	// Flags are the silent mistakes found.
	Flags []Flag
	// Hint explains the last error of disciplined convex programming: the rules
	// that were broken, and what to write instead.
	Hint string

	values map[*convex.Expr][]float64 // of variables and parameters
	leaves map[*convex.Expr]*Expr     // one object for each
	costs  map[*convex.Expr]cost      // of the expressions made
	ids    int
}

// Solved is one outcome of Problem.solve.
type Solved struct {
	Line     int // where the problem was written
	Problem  *convex.Problem
	Program  *convex.Program
	Solution *convex.Solution
	Status   string // as the program sees it
}

type sessionKey struct{}

// NewSession gives the interpreter a session.
func NewSession(in *py.Interp) *Session {
	s := &Session{values: map[*convex.Expr][]float64{}, leaves: map[*convex.Expr]*Expr{}, costs: map[*convex.Expr]cost{}}
	in.SetLocal(sessionKey{}, s)
	return s
}

func sessionOf(in *py.Interp) *Session { return in.Local(sessionKey{}).(*Session) }

// nextID numbers variables, parameters and constraints as cvxpy does.
func (s *Session) nextID() int {
	s.ids++
	return s.ids
}

// Values are the values of all variables and parameters that have one.
func (s *Session) Values() map[*convex.Expr][]float64 { return s.values }

// Flag is a mistake that Python lets pass in silence.
type Flag struct {
	Line int
	// Rule names the mistake in a word, Text explains it, Recipe says what to
	// write instead.
	Rule, Text, Recipe string
}

// flag notes a mistake at the line that runs now, once for each line and rule.
func (s *Session) flag(in *py.Interp, rule, text, recipe string) {
	f := Flag{in.Line(), rule, text, recipe}
	for _, old := range s.Flags {
		if old.Line == f.Line && old.Rule == f.Rule {
			return
		}
	}
	if len(s.Flags) < 200 {
		s.Flags = append(s.Flags, f)
	}
}

// extra holds attributes that programs set on the objects of cvxpy.
type extra struct{ attrs *py.Namespace }

// Attrs are the attributes that the program has set.
func (x *extra) Attrs() *py.Namespace {
	if x.attrs == nil {
		x.attrs = &py.Namespace{}
	}
	return x.attrs
}
