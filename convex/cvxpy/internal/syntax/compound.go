package syntax

// header expects the colon of a compound statement behind a test.
func (p *parser) header() {
	if p.tok().Kind == Newline {
		p.fail(p.tok().Pos, "expected ':'")
	}
	if !p.is(":") {
		p.invalid()
	}
	p.next()
}

func (p *parser) ifStmt(word string) Stmt {
	t := p.next()
	s := &If{Test: p.named()}
	p.header()
	s.Body = p.block("'"+word+"' statement", t.Line)
	if e := p.tok(); e.is("elif") {
		s.Else = []Stmt{p.ifStmt("elif")}
	} else {
		s.Else = p.elseBlock()
	}
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) elseBlock() []Stmt {
	t := p.tok()
	if !p.accept("else") {
		return nil
	}
	p.force(":")
	return p.block("'else' statement", t.Line)
}

func (p *parser) whileStmt() Stmt {
	t := p.next()
	s := &While{Test: p.named()}
	p.header()
	s.Body = p.block("'while' statement", t.Line)
	s.Else = p.elseBlock()
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) forStmt() Stmt {
	t := p.next()
	s := &For{Target: p.loopTargets()}
	p.expect("in")
	s.Iter = p.starExpressions()
	p.force(":")
	s.Body = p.block("'for' statement", t.Line)
	s.Else = p.elseBlock()
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) tryStmt() Stmt {
	t := p.next()
	p.force(":")
	s := &Try{Body: p.block("'try' statement", t.Line)}
	for p.is("except") {
		s.Handlers = append(s.Handlers, p.handler())
		if h := s.Handlers[len(s.Handlers)-1]; h.Type == nil && p.is("except") {
			p.fail(h.Pos, "default 'except:' must be last")
		}
	}
	if len(s.Handlers) > 0 {
		s.Else = p.elseBlock()
	}
	if f := p.tok(); p.accept("finally") {
		p.force(":")
		s.Finally = p.block("'finally' statement", f.Line)
	}
	if len(s.Handlers) == 0 && s.Finally == nil {
		p.fail(p.tok().Pos, "expected 'except' or 'finally' block")
	}
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) handler() Handler {
	t := p.next()
	h := Handler{}
	if p.is("*") {
		panic(unsupported(t.Pos, "exception groups (except*) are not supported"))
	}
	if !p.is(":") {
		if p.tok().Kind == Newline {
			p.fail(p.tok().Pos, "expected ':'")
		}
		start := p.tok()
		h.Type = p.expression()
		if p.is(",") {
			var end Pos
			if p.probe(func() {
				for p.accept(",") {
					p.expression()
				}
				if p.accept("as") {
					p.identifier()
				}
				end = p.prev().Pos
				p.expect(":")
			}) {
				p.fail(start.Pos.to(end), "multiple exception types must be parenthesized")
			}
		}
		if p.accept("as") {
			n := p.identifier()
			h.Target = &Name{Pos: n.Pos, ID: normalise(n.Text)}
		}
	}
	p.header()
	h.Body = p.block("'except' statement", t.Line)
	h.Pos = p.from(t.Pos)
	return h
}

func (p *parser) withStmt() Stmt {
	t := p.next()
	s := &With{}
	parens := p.is("(") && p.try(func() {
		p.next()
		for !p.is(")") {
			s.Items = append(s.Items, p.withItem())
			if !p.accept(",") {
				break
			}
		}
		p.expect(")")
		p.expect(":")
		p.i--
	})
	if !parens {
		s.Items = []WithItem{p.withItem()}
		for p.accept(",") {
			s.Items = append(s.Items, p.withItem())
		}
	}
	p.header()
	s.Body = p.block("'with' statement", t.Line)
	s.Pos = p.from(t.Pos)
	return s
}

func (p *parser) withItem() WithItem {
	item := WithItem{Context: p.expression()}
	if p.accept("as") {
		item.Target = p.primaryOrStar()
		if bad := invalidTarget(item.Target, forAssign); bad != nil {
			p.fail(bad.Span(), "cannot assign to %s", exprName(bad))
		}
	}
	return item
}

func (p *parser) primaryOrStar() Expr {
	if p.is("*") {
		return p.starExpression()
	}
	return p.primary()
}

func (p *parser) decorated() Stmt {
	start := p.tok()
	var decorators []Expr
	for p.accept("@") {
		decorators = append(decorators, p.named())
		p.expectKind(Newline)
	}
	switch {
	case p.is("def"):
		return p.functionDef(decorators, start.Pos)
	case p.is("class"):
		return p.classDef(decorators, start.Pos)
	case p.is("async"):
		panic(unsupported(p.tok().Pos, "coroutines (async) are not supported"))
	}
	p.invalid()
	return nil
}

func (p *parser) functionDef(decorators []Expr, _ Pos) Stmt {
	t := p.next()
	name := p.identifier()
	f := &FunctionDef{Name: &Name{Pos: name.Pos, ID: normalise(name.Text)}, Decorators: decorators}
	p.force("(")
	f.Params = p.params(")", true)
	if !p.is(")") {
		p.forgottenComma()
	}
	p.expect(")")
	if p.accept("->") {
		f.Returns = p.expression()
	}
	p.force(":")
	f.Body = p.block("function definition", t.Line)
	f.Doc = docstring(f.Body)
	f.Pos = p.from(t.Pos)
	return f
}

func (p *parser) classDef(decorators []Expr, _ Pos) Stmt {
	t := p.next()
	name := p.identifier()
	c := &ClassDef{Name: &Name{Pos: name.Pos, ID: normalise(name.Text)}, Decorators: decorators}
	if open := p.tok(); p.accept("(") {
		call := &Call{Plain: true}
		p.arguments(call, open)
		c.Args, c.Keywords = call.Args, call.Keywords
	}
	p.header()
	c.Body = p.block("class definition", t.Line)
	c.Doc = docstring(c.Body)
	c.Pos = p.from(t.Pos)
	return c
}
