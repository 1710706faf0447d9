package convex

import (
	"fmt"
	"strings"
)

// DCPError tells where a problem leaves the rules of disciplined convex
// programming.
type DCPError struct {
	Violations []Violation // of the objective first, then by constraint
}

// Violation is one objective or constraint that breaks the rules.
type Violation struct {
	Constraint *Constraint // nil: the objective
	Goal       string      // of the objective: "minimize" or "maximize"
	Text       string      // the objective's expression or the constraint, as cvxpy prints it
	Rule       string      // what breaks at the top, when every part is fine by itself
	Parts      []Part      // the innermost expressions that break a rule, in order of appearance
}

// Part is an expression of unknown curvature all of whose arguments are fine.
type Part struct {
	Expr *Expr
	Text string // as cvxpy prints it
	Rule string // the rule it breaks
}

func (e *DCPError) Error() string {
	var b strings.Builder
	b.WriteString("convex: the problem does not follow the rules of convex programming")
	for _, v := range e.Violations {
		what := "the objective"
		if v.Constraint != nil {
			what = "the constraint"
		}
		for _, p := range v.Parts {
			fmt.Fprintf(&b, "; in %s %s: %s: %s", what, v.Text, p.Text, p.Rule)
		}
		if v.Rule != "" {
			fmt.Fprintf(&b, "; %s %s: %s", what, v.Text, v.Rule)
		}
	}
	return b.String()
}

// checkDCP lists what breaks the rules, or returns nil.
func checkDCP(p *Problem) error {
	e := &DCPError{}
	if o := p.objective; !o.isDCP() {
		v := Violation{Goal: o.goal(), Text: o.expr.String(), Parts: parts(o.expr)}
		if len(v.Parts) == 0 {
			v.Rule = fmt.Sprintf("one can only minimize what is convex and maximize what is concave, this is to %s something %s", o.goal(), curveWord(o.expr))
		}
		e.Violations = append(e.Violations, v)
	}
	for _, c := range p.constraints {
		if c.IsDCP() {
			continue
		}
		v := Violation{Constraint: c, Text: c.String(), Parts: append(parts(c.lhs), parts(c.rhs)...)}
		if len(v.Parts) == 0 {
			switch c.kind {
			case lessEqual:
				v.Rule = fmt.Sprintf("the left side must be convex and the right side concave; they are %s and %s", curveWord(c.lhs), curveWord(c.rhs))
			case equal:
				v.Rule = fmt.Sprintf("both sides of an equation must be affine; they are %s and %s", curveWord(c.lhs), curveWord(c.rhs))
			default:
				v.Rule = fmt.Sprintf("the parts of a second-order cone must be affine; they are %s and %s", curveWord(c.lhs), curveWord(c.rhs))
			}
		}
		e.Violations = append(e.Violations, v)
	}
	if len(e.Violations) == 0 {
		return nil
	}
	return e
}

// parts lists the innermost nodes of unknown curvature, a shared one as often as
// it appears (as cvxpy does), but looks at no more than a thousand nodes.
func parts(e *Expr) []Part {
	var out []Part
	left := 1000
	var walk func(*Expr)
	walk = func(x *Expr) {
		if left--; x.convex || x.concave || left < 0 {
			return
		}
		innermost := true
		for _, a := range x.args {
			innermost = innermost && (a.convex || a.concave)
		}
		if innermost {
			out = append(out, Part{Expr: x, Text: x.String(), Rule: brokenRule(x)})
		}
		for _, a := range x.args {
			walk(a)
		}
	}
	walk(e)
	return out
}

// brokenRule says in words why a node has no curvature though its arguments have.
func brokenRule(e *Expr) string {
	switch e.atom.(type) {
	case multiplication, matrixProduct, kron:
		if e.args[0].vars && e.args[1].vars {
			return "a product of two expressions that both hold variables is neither convex nor concave"
		}
		k, x := e.args[0], e.args[1]
		if k.vars {
			k, x = x, k
		}
		return fmt.Sprintf("multiplying something %s needs a factor of known sign, and %v has entries of unknown or mixed sign", curveWord(x), k)
	case division:
		if e.args[1].vars {
			return "a quotient is convex or concave only when the denominator holds no variables (1/x is inv_pos(x), power(x, -1))"
		}
		return fmt.Sprintf("dividing something %s needs a denominator of known sign", curveWord(e.args[0]))
	case addition:
		return "a sum of convex and concave parts is neither convex nor concave"
	}
	convex, concave := e.atom.curve(e)
	kind := "neither convex nor concave"
	switch {
	case convex && concave:
		kind = "affine"
	case convex:
		kind = "convex"
	case concave:
		kind = "concave"
	}
	for i, a := range e.args {
		if a.convex && a.concave {
			continue
		}
		rises, falls := e.atom.monotone(e, i)
		trend := "neither rises nor falls in it everywhere"
		switch {
		case rises:
			trend = "rises in it"
		case falls:
			trend = "falls in it"
		}
		need := "affine"
		switch {
		case convex && rises, concave && falls:
			need = "convex"
		case concave && rises, convex && falls:
			need = "concave"
		}
		return fmt.Sprintf("%s is %s and %s, so its argument %v must be %s, but it is %s", e.Op(), kind, trend, a, need, curveWord(a))
	}
	return e.Op() + " is " + kind
}

func curveWord(e *Expr) string {
	switch {
	case !e.vars:
		return "constant"
	case e.convex && e.concave:
		return "affine"
	case e.convex:
		return "convex"
	case e.concave:
		return "concave"
	}
	return "neither convex nor concave"
}
