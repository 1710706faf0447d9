package syntax

// paren reads (...): a group, a tuple, a generator or a yield.
func (p *parser) paren() Expr {
	start := p.next()
	if p.accept(")") {
		return &Tuple{Pos: p.from(start.Pos), Parens: true}
	}
	if p.is("yield") {
		y := p.yieldExpr()
		p.closeBracket(")")
		return y
	}
	first := p.starNamed()
	if p.isFor() {
		p.plainTarget(first)
		return p.comprehension(GeneratorExp, nil, first, start.Pos, ")")
	}
	if !p.is(",") {
		p.closeBracket(")")
		if s, ok := first.(*Starred); ok {
			p.fail(s.Pos, "cannot use starred expression here")
		}
		return first
	}
	elts := p.elements(first, ")")
	p.comprehensionTarget(elts)
	p.closeBracket(")")
	return &Tuple{Pos: p.from(start.Pos), Elts: elts, Parens: true}
}

// elements reads the rest of a comma-separated display that began with first.
func (p *parser) elements(first Expr, closing string) []Expr {
	elts := []Expr{first}
	for p.accept(",") {
		if p.is(closing) {
			break
		}
		if !p.startsExpr() {
			p.invalid()
		}
		elts = append(elts, p.starNamed())
	}
	return elts
}

func (p *parser) isFor() bool {
	return p.is("for") || p.is("async") && p.at(1).is("for")
}

// comprehensionTarget catches [a, b for a, b in c].
func (p *parser) comprehensionTarget(elts []Expr) {
	if p.isFor() {
		p.fail(elts[0].Span().to(elts[len(elts)-1].Span()), "did you forget parentheses around the comprehension target?")
	}
}

func (p *parser) plainTarget(e Expr) {
	if s, ok := e.(*Starred); ok {
		p.fail(s.Pos, "iterable unpacking cannot be used in comprehension")
	}
}

func (p *parser) list() Expr {
	start := p.next()
	if p.accept("]") {
		return &List{Pos: p.from(start.Pos)}
	}
	first := p.starNamed()
	if p.isFor() {
		p.plainTarget(first)
		return p.comprehension(ListComp, nil, first, start.Pos, "]")
	}
	elts := p.elements(first, "]")
	p.comprehensionTarget(elts)
	p.closeBracket("]")
	return &List{Pos: p.from(start.Pos), Elts: elts}
}

// braces reads a dict, a set or a comprehension of either.
func (p *parser) braces() Expr {
	start := p.next()
	if p.accept("}") {
		return &Dict{Pos: p.from(start.Pos)}
	}
	if p.is("**") {
		return p.dict(start, nil)
	}
	first := p.starNamed()
	if p.is(":") {
		return p.dict(start, first)
	}
	if p.isFor() {
		p.plainTarget(first)
		return p.comprehension(SetComp, nil, first, start.Pos, "}")
	}
	elts := p.elements(first, "}")
	p.comprehensionTarget(elts)
	p.closeBracket("}")
	return &Set{Pos: p.from(start.Pos), Elts: elts}
}

// dict reads a dict display; key is its first key if that was read already.
func (p *parser) dict(start Token, key Expr) Expr {
	d := &Dict{}
	for {
		if key == nil && p.accept("**") {
			d.Keys = append(d.Keys, nil)
			d.Values = append(d.Values, p.binary(0))
			if p.isFor() {
				p.fail(p.prev().Pos, "dict unpacking cannot be used in dict comprehension")
			}
		} else {
			if key == nil {
				key = p.expression()
			}
			value := p.dictValue(key)
			if p.isFor() && len(d.Keys) == 0 {
				return p.comprehension(DictComp, key, value, start.Pos, "}")
			}
			d.Keys = append(d.Keys, key)
			d.Values = append(d.Values, value)
		}
		key = nil
		if !p.accept(",") || p.is("}") {
			break
		}
	}
	p.closeBracket("}")
	d.Pos = p.from(start.Pos)
	return d
}

func (p *parser) dictValue(key Expr) Expr {
	if !p.is(":") {
		p.forgottenComma()
		end := key.Span()
		p.fail(Pos{end.EndLine, end.EndCol - 1, end.EndLine, end.EndCol}, "':' expected after dictionary key")
	}
	colon := p.next()
	if p.is("}") || p.is(",") {
		p.fail(colon.Pos, "expression expected after dictionary key and ':'")
	}
	if star := p.tok(); star.is("*") {
		p.fail(star.Pos, "cannot use a starred expression in a dictionary value")
	}
	return p.expression()
}

// comprehension reads the clauses of a comprehension whose element was read.
func (p *parser) comprehension(kind CompKind, key, elt Expr, start Pos, closing string) Expr {
	fors, async := p.compFors()
	c := &Comprehension{Kind: kind, Key: key, Elt: elt, Fors: fors}
	p.closeBracket(closing)
	c.Pos = p.from(start)
	p.refuseAsync(c, async)
	return c
}

// refuseAsync refuses "async for": there are no asynchronous functions here
// in which it could stand.
func (p *parser) refuseAsync(c *Comprehension, async bool) {
	if async {
		p.fail(c.Pos, "asynchronous comprehension outside of an asynchronous function")
	}
}

func (p *parser) compFors() (fors []CompFor, async bool) {
	for p.isFor() {
		if p.accept("async") {
			async = true
		}
		p.next()
		f := CompFor{Target: p.loopTargets()}
		p.expect("in")
		f.Iter = p.disjunction()
		for p.accept("if") {
			f.Ifs = append(f.Ifs, p.condition())
		}
		fors = append(fors, f)
	}
	return fors, async
}

// condition is the test of a comprehension: no conditional expression, but an
// assignment expression is allowed.
func (p *parser) condition() Expr {
	start := p.tok()
	e := p.disjunction()
	if name, ok := e.(*Name); ok && p.accept(":=") {
		value := p.expression()
		return &Walrus{p.from(start.Pos), name, value}
	}
	if p.is("=") {
		p.equalsInExpression(e)
	}
	return e
}

// loopTargets reads the targets between "for" and "in".
func (p *parser) loopTargets() Expr {
	e := p.tupleOf(func() Expr {
		if p.is("*") {
			t := p.next()
			x := p.binary(0)
			return &Starred{p.from(t.Pos), x}
		}
		return p.binary(0)
	})
	if bad := invalidTarget(e, forLoop); bad != nil {
		p.fail(bad.Span(), "cannot assign to %s", exprName(bad))
	}
	return e
}
