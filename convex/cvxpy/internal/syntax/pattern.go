package syntax

// matchStmt reads a match statement, or returns nil where "match" turns out to
// be an ordinary name.
func (p *parser) matchStmt() Stmt {
	t := p.tok()
	i := p.i
	m := &Match{}
	ok := p.try(func() {
		p.next()
		m.Subject = p.tupleOf(p.starNamed)
		p.expect(":")
		p.expectKind(Newline)
		p.expectKind(Indent)
		if !p.is("case") {
			p.invalid()
		}
	})
	if !ok {
		p.i = i
		return nil
	}
	for p.is("case") {
		m.Cases = append(m.Cases, p.caseBlock())
	}
	p.expectKind(Dedent)
	m.Pos = p.from(t.Pos)
	return m
}

func (p *parser) caseBlock() Case {
	t := p.next()
	c := Case{Pattern: p.patterns()}
	if p.accept("if") {
		c.Guard = p.named()
	}
	p.header()
	c.Body = p.block("'case' statement", t.Line)
	c.Pos = p.from(t.Pos)
	return c
}

// patterns reads the pattern of a case: an open sequence or one pattern.
func (p *parser) patterns() Pattern {
	start := p.tok()
	first := p.maybeStarPattern()
	if _, star := first.(*MatchStar); !star && !p.is(",") {
		return first
	}
	list := []Pattern{first}
	for p.accept(",") {
		if p.is(":") || p.is("if") {
			break
		}
		list = append(list, p.maybeStarPattern())
	}
	return &MatchSequence{p.from(start.Pos), list}
}

func (p *parser) maybeStarPattern() Pattern {
	if t := p.tok(); p.accept("*") {
		s := &MatchStar{Target: p.captureName()}
		s.Pos = p.from(t.Pos)
		return s
	}
	return p.asPattern()
}

// captureName reads a name to bind; nil for the wildcard.
func (p *parser) captureName() *Name {
	n := p.identifier()
	if n.Text == "_" {
		return nil
	}
	return &Name{Pos: n.Pos, ID: normalise(n.Text)}
}

func (p *parser) asPattern() Pattern {
	defer p.enter()()
	start := p.tok()
	list := []Pattern{p.closedPattern()}
	for p.accept("|") {
		list = append(list, p.closedPattern())
	}
	pattern := list[0]
	if len(list) > 1 {
		pattern = &MatchOr{p.from(start.Pos), list}
	}
	if p.accept("as") {
		n := p.identifier()
		if n.Text == "_" {
			p.fail(n.Pos, "cannot use '_' as a target")
		}
		pattern = &MatchAs{p.from(start.Pos), pattern, &Name{Pos: n.Pos, ID: normalise(n.Text)}}
	}
	return pattern
}

func (p *parser) closedPattern() Pattern {
	t := p.tok()
	switch {
	case t.is("None"), t.is("True"), t.is("False"):
		c := p.atom().(*Constant)
		return &MatchSingleton{c.Pos, c}
	case t.Kind == Number, t.Kind == String, t.is("-"):
		e := p.binary(4)
		return &MatchValue{e.Span(), e}
	case t.is("["):
		return p.sequencePattern("]")
	case t.is("("):
		return p.sequencePattern(")")
	case t.is("{"):
		return p.mappingPattern()
	case t.isName():
		return p.namePattern()
	}
	p.invalid()
	return nil
}

func (p *parser) namePattern() Pattern {
	start := p.next()
	name := normalise(start.Text)
	if !p.is(".") && !p.is("(") {
		if name == "_" {
			return &MatchAs{Pos: start.Pos}
		}
		return &MatchAs{start.Pos, nil, &Name{Pos: start.Pos, ID: name}}
	}
	var e Expr = &Name{Pos: start.Pos, ID: name}
	for p.accept(".") {
		attr := p.identifier()
		e = &Attribute{p.from(start.Pos), e, normalise(attr.Text)}
	}
	if !p.accept("(") {
		return &MatchValue{p.from(start.Pos), e}
	}
	m := &MatchClass{Class: e}
	for !p.is(")") {
		if p.tok().isName() && p.at(1).is("=") {
			m.KwNames = append(m.KwNames, p.next().Text)
			p.next()
			m.KwPatterns = append(m.KwPatterns, p.asPattern())
		} else {
			if len(m.KwNames) > 0 {
				p.fail(p.tok().Pos, "positional patterns follow keyword patterns")
			}
			m.Patterns = append(m.Patterns, p.asPattern())
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect(")")
	m.Pos = p.from(start.Pos)
	return m
}

func (p *parser) sequencePattern(closing string) Pattern {
	start := p.next()
	var list []Pattern
	comma := closing == "]"
	for !p.is(closing) {
		list = append(list, p.maybeStarPattern())
		if !p.accept(",") {
			break
		}
		comma = true
	}
	p.expect(closing)
	if len(list) == 1 && !comma {
		if _, star := list[0].(*MatchStar); !star {
			return list[0] // a group
		}
	}
	return &MatchSequence{p.from(start.Pos), list}
}

func (p *parser) mappingPattern() Pattern {
	start := p.next()
	m := &MatchMapping{}
	for !p.is("}") {
		if p.accept("**") {
			m.Rest = p.captureName()
		} else {
			m.Keys = append(m.Keys, p.binary(0))
			p.expect(":")
			m.Patterns = append(m.Patterns, p.asPattern())
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect("}")
	m.Pos = p.from(start.Pos)
	return m
}
