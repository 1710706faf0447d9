package syntax

// params reads parameters up to closing (")" of a def, ":" of a lambda).
func (p *parser) params(closing string, annotated bool) *Params {
	ps := &Params{}
	seen := map[string]bool{}
	param := func() Param {
		t := p.identifier()
		q := Param{Pos: t.Pos, Name: normalise(t.Text)}
		if seen[q.Name] {
			p.fail(t.Pos, "duplicate argument '%s' in function definition", q.Name)
		}
		seen[q.Name] = true
		if annotated && p.accept(":") {
			q.Annotation = p.starExpression()
			q.Pos = p.from(t.Pos)
		}
		return q
	}
	for !p.is(closing) {
		switch t := p.tok(); {
		case ps.DoubleStar != nil:
			p.fail(t.Pos, "arguments cannot follow var-keyword argument")
		case t.is("/"):
			p.slash(ps, t)
		case t.is("*"):
			p.star(ps, param, closing)
		case t.is("**"):
			p.next()
			q := param()
			if eq := p.tok(); eq.is("=") {
				p.fail(eq.Pos, "var-keyword argument cannot have default value")
			}
			ps.DoubleStar = &q
		default:
			p.plainParam(ps, param)
		}
		if !p.accept(",") {
			break
		}
	}
	return ps
}

func (p *parser) slash(ps *Params, t Token) {
	switch {
	case ps.sawSlash:
		p.fail(t.Pos, "/ may appear only once")
	case ps.bareStar || ps.Star != nil:
		p.fail(t.Pos, "/ must be ahead of *")
	case len(ps.Pos) == 0:
		p.fail(t.Pos, "at least one argument must precede /")
	}
	p.next()
	ps.sawSlash = true
	ps.PosOnly = len(ps.Pos)
}

func (p *parser) star(ps *Params, param func() Param, closing string) {
	t := p.next()
	if ps.bareStar || ps.Star != nil {
		p.fail(t.Pos, "* argument may appear only once")
	}
	if p.is(",") || p.is(closing) {
		if p.is(closing) || p.at(1).is(closing) || p.at(1).is("**") {
			p.fail(t.Pos, "named arguments must follow bare *")
		}
		ps.bareStar = true
		return
	}
	q := param()
	if eq := p.tok(); eq.is("=") {
		p.fail(eq.Pos, "var-positional argument cannot have default value")
	}
	ps.Star = &q
}

func (p *parser) plainParam(ps *Params, param func() Param) {
	start := p.tok()
	q := param()
	var def Expr
	if eq := p.tok(); p.accept("=") {
		if p.is(",") || p.is(")") {
			p.fail(eq.Pos, "expected default value expression")
		}
		def = p.expression()
	}
	if ps.bareStar || ps.Star != nil {
		ps.KwOnly = append(ps.KwOnly, q)
		ps.KwDefaults = append(ps.KwDefaults, def)
		return
	}
	ps.Pos = append(ps.Pos, q)
	if def != nil {
		ps.Defaults = append(ps.Defaults, def)
	} else if len(ps.Defaults) > 0 {
		p.fail(start.Pos, "non-default argument follows default argument")
	}
}
