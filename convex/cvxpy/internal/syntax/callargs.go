package syntax

// call reads the arguments of a call to f.
func (p *parser) call(f Expr, start Pos) Expr {
	open := p.next()
	c := &Call{Func: f, Plain: true}
	p.arguments(c, open)
	c.Pos = p.from(start)
	return c
}

// arguments reads what stands between the brackets of a call or class head.
func (p *parser) arguments(c *Call, open Token) {
	doubleStar := false
	for !p.is(")") {
		t := p.tok()
		switch {
		case t.is("*"):
			p.next()
			x := p.expression()
			if doubleStar {
				p.fail(t.Pos, "iterable argument unpacking follows keyword argument unpacking")
			}
			c.Args = append(c.Args, &Starred{p.from(t.Pos), x})
			c.Plain = false
		case t.is("**"):
			p.next()
			x := p.expression()
			c.Keywords = append(c.Keywords, Keyword{Pos: p.from(t.Pos), Value: x})
			c.Plain, doubleStar = false, true
		case t.Kind == NameToken && p.at(1).is("="):
			p.keyword(c, t)
		default:
			p.positional(c, open, doubleStar)
		}
		if !p.accept(",") {
			break
		}
	}
	p.closeBracket(")")
}

func (p *parser) keyword(c *Call, t Token) {
	switch t.Text {
	case "True", "False", "None":
		p.fail(t.Pos.to(p.at(1).Pos), "cannot assign to %s", t.Text)
	}
	if keywords[t.Text] {
		p.invalid()
	}
	p.next()
	eq := p.next()
	if p.is(")") || p.is(",") {
		p.fail(t.Pos.to(eq.Pos), "expected argument value expression")
	}
	value := p.expression()
	if p.isFor() {
		p.fail(t.Pos.to(eq.Pos), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
	}
	c.Keywords = append(c.Keywords, Keyword{Pos: p.from(t.Pos), Name: normalise(t.Text), Value: value})
}

func (p *parser) positional(c *Call, open Token, doubleStar bool) {
	start := p.tok()
	if !p.startsExpr() {
		p.invalid()
	}
	e := p.expression()
	if p.is(":=") {
		name, ok := e.(*Name)
		if !ok {
			p.fail(e.Span(), "cannot use assignment expressions with %s", exprName(e))
		}
		p.next()
		value := p.expression()
		e = &Walrus{p.from(start.Pos), name, value}
	}
	if eq := p.tok(); eq.is("=") {
		p.fail(e.Span().to(eq.Pos), "expression cannot contain assignment, perhaps you meant \"==\"?")
	}
	if p.isFor() {
		e = p.argumentGenerator(c, e, open)
	}
	if len(c.Keywords) > 0 {
		if p.is(",") || p.is(")") {
			if doubleStar {
				p.fail(p.tok().Pos, "positional argument follows keyword argument unpacking")
			}
			p.fail(p.tok().Pos, "positional argument follows keyword argument")
		}
	}
	c.Args = append(c.Args, e)
}

// argumentGenerator reads f(x for x in y), where the generator must stand
// alone; its stretch includes the call's brackets, as in CPython.
func (p *parser) argumentGenerator(c *Call, elt Expr, open Token) Expr {
	g := &Comprehension{Kind: GeneratorExp, Elt: elt}
	fors, async := p.compFors()
	g.Fors = fors
	g.Pos = p.from(elt.Span())
	p.refuseAsync(g, async)
	alone := len(c.Args) == 0 && len(c.Keywords) == 0
	if alone && p.is(",") && p.at(1).is(")") {
		alone = false
	}
	if !alone || p.is(",") {
		p.fail(g.Pos, "Generator expression must be parenthesized")
	}
	if p.is(")") {
		g.Pos = open.Pos.to(p.tok().Pos)
	}
	return g
}
