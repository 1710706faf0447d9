package syntax

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

func (p *parser) simpleStmt() Stmt {
	t := p.tok()
	if t.Kind == NameToken {
		switch t.Text {
		case "pass":
			p.next()
			return &Pass{t.Pos}
		case "break":
			p.next()
			return &Break{t.Pos}
		case "continue":
			p.next()
			return &Continue{t.Pos}
		case "return":
			p.next()
			s := &Return{}
			if p.startsExpr() {
				s.Value = p.starExpressions()
			}
			s.Pos = p.from(t.Pos)
			return s
		case "raise":
			return p.raiseStmt()
		case "assert":
			p.next()
			s := &Assert{Test: p.expression()}
			if p.accept(",") {
				s.Msg = p.expression()
			}
			s.Pos = p.from(t.Pos)
			return s
		case "del":
			return p.delStmt()
		case "global":
			p.next()
			names := p.nameList()
			return &Global{p.from(t.Pos), names}
		case "nonlocal":
			p.next()
			names := p.nameList()
			return &Nonlocal{p.from(t.Pos), names}
		case "import":
			return p.importStmt()
		case "from":
			return p.importFrom()
		}
	}
	return p.exprOrAssign()
}

func (p *parser) nameList() []string {
	names := []string{p.identifier().Text}
	for p.accept(",") {
		names = append(names, p.identifier().Text)
	}
	return names
}

func (p *parser) identifier() Token {
	if !p.tok().isName() {
		p.invalid()
	}
	return p.next()
}

func (p *parser) raiseStmt() Stmt {
	t := p.next()
	s := &Raise{}
	if p.startsExpr() {
		s.Exc = p.expression()
		if p.accept("from") {
			s.Cause = p.expression()
		}
	}
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) delStmt() Stmt {
	t := p.next()
	e := p.starExpressions()
	if k := p.tok(); k.Kind != Newline && !k.is(";") {
		p.afterStatement()
	}
	s := &Delete{Targets: []Expr{e}}
	if tuple, ok := e.(*Tuple); ok && !tuple.Parens {
		s.Targets = tuple.Elts
	}
	for _, x := range s.Targets {
		if bad := invalidTarget(x, forDelete); bad != nil {
			p.fail(bad.Span(), "cannot delete %s", exprName(bad))
		}
	}
	s.Pos = p.from(t.Pos)
	return s
}

var augmented = map[string]Operator{
	"+=": Add, "-=": Sub, "*=": Mul, "@=": MatMul, "/=": Div, "%=": Mod, "&=": BitAnd, "|=": BitOr,
	"^=": BitXor, "<<=": LShift, ">>=": RShift, "**=": Pow, "//=": FloorDiv,
}

// exprOrAssign reads an expression statement or any assignment.
func (p *parser) exprOrAssign() Stmt {
	start := p.tok()
	open := start.is("(")
	first := p.exprOrYield()
	t := p.tok()
	switch {
	case t.is("="):
		return p.assign(first, start.Pos)
	case t.Kind == Op && len(t.Text) >= 2 && t.Text[len(t.Text)-1] == '=':
		op, ok := augmented[t.Text]
		if !ok {
			break
		}
		p.next()
		switch first.(type) {
		case *Name, *Attribute, *Subscript:
		default:
			p.exprOrYield() // what is wrong there comes first
			p.fail(first.Span(), "'%s' is an illegal expression for augmented assignment", exprName(first))
		}
		value := p.exprOrYield()
		return &AugAssign{p.from(start.Pos), first, op, value}
	case t.is(":"):
		return p.annotated(first, start.Pos, open)
	}
	return &ExprStmt{p.from(start.Pos), first}
}

func (p *parser) exprOrYield() Expr {
	if p.is("yield") {
		return p.yieldExpr()
	}
	return p.starExpressions()
}

func (p *parser) annotated(target Expr, start Pos, parens bool) Stmt {
	switch x := target.(type) {
	case *Name, *Attribute, *Subscript:
	case *Tuple, *List:
		at := x.Span()
		if t, ok := x.(*Tuple); ok && !t.Parens {
			at = t.Elts[0].Span()
		}
		p.fail(at, "only single target (not %s) can be annotated", exprName(x))
	default:
		if p.probe(func() { p.next(); p.expression() }) {
			p.fail(x.Span(), "illegal target for annotation")
		}
		p.invalid()
	}
	p.next()
	s := &AnnAssign{Target: target, Annotation: p.expression()}
	_, name := target.(*Name)
	s.Simple = name && !parens
	if p.accept("=") {
		s.Value = p.exprOrYield()
	}
	s.Pos = p.from(start)
	return s
}

func (p *parser) assign(first Expr, start Pos) Stmt {
	s := &Assign{}
	value := first
	for p.is("=") {
		p.checkAssignable(value)
		s.Targets = append(s.Targets, value)
		p.next()
		value = p.exprOrYield()
	}
	s.Value = value
	s.Pos = p.from(start)
	return s
}

// checkAssignable refuses what cannot stand on the left of "=", which comes next.
func (p *parser) checkAssignable(target Expr) {
	bad := invalidTarget(target, forAssign)
	if bad == nil {
		return
	}
	// A single comparison-like line gets the hint about "==".
	hint := target
	if t, ok := target.(*Tuple); ok && !t.Parens {
		hint = t.Elts[len(t.Elts)-1]
	}
	_, plain := hint.(*Name)
	if (plain && hint != target || p.mayHint(hint)) && p.probe(func() {
		p.next()
		p.binary(0)
		if p.is("=") || p.is(":=") {
			p.invalid()
		}
	}) {
		if _, name := hint.(*Name); name {
			p.fail(hint.Span().to(p.prev().Pos), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
		}
		p.fail(hint.Span(), "cannot assign to %s here. Maybe you meant '==' instead of '='?", exprName(hint))
	}
	p.fail(bad.Span(), "cannot assign to %s", exprName(bad))
}

// mayHint reports whether CPython's rule about "=" for "==" looks at e.
func (p *parser) mayHint(e Expr) bool {
	for _, t := range p.tokens[:p.i] {
		if t.Line == e.Span().Line && t.Col == e.Span().Col {
			if t.is("True") || t.is("False") || t.is("None") {
				return false
			}
			break
		}
	}
	switch x := e.(type) {
	case *Constant:
		switch x.Value.(type) {
		case nil, bool:
			return false
		}
	case *Tuple, *List, *Compare, *Bool, *Conditional, *Lambda, *Yield, *Starred, *Name, *Attribute, *Subscript:
		return false
	case *Unary:
		return x.Op != Not
	case *Comprehension:
		return x.Kind != GeneratorExp
	}
	return true
}

func (p *parser) importStmt() Stmt {
	t := p.next()
	s := &Import{}
	for {
		start := p.tok()
		a := Alias{Name: p.dottedName()}
		if p.accept("as") {
			a.As = p.identifier().Text
		}
		a.Pos = p.from(start.Pos)
		s.Names = append(s.Names, a)
		if !p.accept(",") {
			break
		}
	}
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) dottedName() string {
	name := p.identifier().Text
	for p.accept(".") {
		name += "." + p.identifier().Text
	}
	return name
}

func (p *parser) importFrom() Stmt {
	t := p.next()
	s := &ImportFrom{}
	for {
		if p.accept(".") {
			s.Level++
		} else if p.accept("...") {
			s.Level += 3
		} else {
			break
		}
	}
	if s.Level == 0 || !p.is("import") {
		s.Module = p.dottedName()
	}
	p.expect("import")
	if star := p.tok(); p.accept("*") {
		s.Names = []Alias{{Pos: star.Pos, Name: "*"}}
		s.Pos = p.from(t.Pos)
		return s
	}
	parens := p.accept("(")
	for {
		start := p.identifier()
		a := Alias{Name: start.Text}
		if p.accept("as") {
			a.As = p.identifier().Text
		}
		a.Pos = p.from(start.Pos)
		s.Names = append(s.Names, a)
		if !p.accept(",") {
			break
		}
		if parens && p.is(")") {
			break
		}
		if !parens && p.tok().Kind == Newline {
			p.fail(p.tok().Pos, "trailing comma not allowed without surrounding parentheses")
		}
	}
	if parens {
		p.expect(")")
	}
	s.Pos = p.from(t.Pos)
	return s
}
