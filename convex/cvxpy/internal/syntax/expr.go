package syntax

import "strings"

// startsExpr reports whether the present token can begin an expression.
func (p *parser) startsExpr() bool {
	t := p.tok()
	switch t.Kind {
	case Number, String:
		return true
	case NameToken:
		switch t.Text {
		case "None", "True", "False", "not", "lambda", "await":
			return true
		}
		return !keywords[t.Text]
	case Op:
		switch t.Text {
		case "(", "[", "{", "-", "+", "~", "*", "...":
			return true
		}
	}
	return false
}

// afterStatement reports what is wrong with the token behind a complete
// statement.
func (p *parser) afterStatement() {
	prev := p.prev()
	if prev.isName() && (prev.Text == "print" || prev.Text == "exec") && p.startsExpr() {
		var arg Expr
		if p.probe(func() { arg = p.starExpressions() }) {
			p.fail(prev.Pos.to(arg.Span()), "Missing parentheses in call to '%s'. Did you mean %s(...)?", prev.Text, prev.Text)
		}
	}
	p.invalid()
}

// starExpressions reads expressions, maybe starred, that commas make a tuple.
func (p *parser) starExpressions() Expr { return p.tupleOf(p.starExpression) }

func (p *parser) tupleOf(item func() Expr) Expr {
	start := p.tok().Pos
	first := item()
	if !p.is(",") {
		return first
	}
	elts := []Expr{first}
	for p.accept(",") {
		if !p.startsExpr() {
			break
		}
		elts = append(elts, item())
	}
	return &Tuple{Pos: p.from(start), Elts: elts}
}

func (p *parser) starExpression() Expr {
	if t := p.tok(); p.accept("*") {
		x := p.binaryFrom("|")
		return &Starred{p.from(t.Pos), x}
	}
	return p.expression()
}

// starNamed is an element of a display: starred, named or plain.
func (p *parser) starNamed() Expr {
	if p.is("*") {
		return p.starExpression()
	}
	return p.named()
}

// named reads an expression with an optional name := before it.
func (p *parser) named() Expr {
	start := p.tok()
	e := p.expression()
	switch {
	case p.is(":="):
		name, ok := e.(*Name)
		if !ok {
			p.fail(e.Span(), "cannot use assignment expressions with %s", exprName(e))
		}
		p.next()
		value := p.expression()
		return &Walrus{p.from(start.Pos), name, value}
	case p.is("="):
		p.equalsInExpression(e)
	}
	return e
}

// equalsInExpression words the error for "=" where only "==" or ":=" can stand.
func (p *parser) equalsInExpression(e Expr) {
	var value Expr
	ok := p.probe(func() {
		p.next()
		value = p.binary(0)
		if p.is("=") || p.is(":=") {
			p.invalid()
		}
	})
	if !ok {
		p.invalid()
	}
	if _, name := e.(*Name); name {
		p.fail(e.Span().to(value.Span()), "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
	}
	switch e.(type) {
	case *Attribute, *Subscript:
		p.fail(e.Span(), "cannot assign to %s here. Maybe you meant '==' instead of '='?", exprName(e))
	}
	if p.mayHint(e) {
		p.fail(e.Span(), "cannot assign to %s here. Maybe you meant '==' instead of '='?", exprName(e))
	}
	p.invalid()
}

// expression reads a conditional, a lambda or less.
func (p *parser) expression() Expr {
	defer p.enter()()
	start := p.tok()
	if start.is("lambda") {
		return p.lambda()
	}
	then := p.disjunction()
	if !p.is("if") {
		return then
	}
	p.next()
	test := p.disjunction()
	if !p.is("else") {
		if !p.is(":") {
			p.fail(then.Span().to(test.Span()), "expected 'else' after 'if' expression")
		}
		p.invalid()
	}
	p.next()
	other := p.expression()
	return &Conditional{p.from(start.Pos), test, then, other}
}

func (p *parser) lambda() Expr {
	start := p.next()
	params := p.params(":", false)
	p.expect(":")
	body := p.expression()
	return &Lambda{Pos: p.from(start.Pos), Params: params, Body: body}
}

func (p *parser) disjunction() Expr { return p.boolean("or", p.conjunction) }
func (p *parser) conjunction() Expr { return p.boolean("and", p.inversion) }

func (p *parser) boolean(word string, operand func() Expr) Expr {
	start := p.tok().Pos
	first := operand()
	if !p.is(word) {
		return first
	}
	values := []Expr{first}
	for p.accept(word) {
		values = append(values, operand())
	}
	return &Bool{p.from(start), word == "and", values}
}

func (p *parser) inversion() Expr {
	if t := p.tok(); t.is("not") {
		defer p.enter()()
		p.next()
		x := p.inversion()
		return &Unary{p.from(t.Pos), Not, x}
	}
	return p.comparison()
}

var comparisons = map[string]Comparison{"==": Eq, "!=": NotEq, "<": Lt, "<=": LtE, ">": Gt, ">=": GtE}

func (p *parser) comparison() Expr {
	start := p.tok().Pos
	first := p.binary(0)
	var ops []Comparison
	var rest []Expr
	for {
		t := p.tok()
		op, ok := comparisons[t.Text]
		switch {
		case ok && t.Kind == Op:
			p.next()
		case t.is("in"):
			p.next()
			op = In
		case t.is("is"):
			p.next()
			op = Is
			if p.accept("not") {
				op = IsNot
			}
		case t.is("not"):
			if !p.at(1).is("in") {
				p.next()
				p.invalid()
			}
			p.next()
			p.next()
			op = NotIn
		default:
			if ops == nil {
				return first
			}
			return &Compare{p.from(start), first, ops, rest}
		}
		ops = append(ops, op)
		rest = append(rest, p.binary(0))
	}
}

// levels are the left-associative binary operators from loose to tight.
var levels = []map[string]Operator{
	{"|": BitOr},
	{"^": BitXor},
	{"&": BitAnd},
	{"<<": LShift, ">>": RShift},
	{"+": Add, "-": Sub},
	{"*": Mul, "/": Div, "//": FloorDiv, "%": Mod, "@": MatMul},
}

func (p *parser) binaryFrom(string) Expr { return p.binary(0) }

func (p *parser) binary(level int) Expr {
	if level == len(levels) {
		return p.unary()
	}
	start := p.tok().Pos
	left := p.binary(level + 1)
	for {
		t := p.tok()
		op, ok := levels[level][t.Text]
		if !ok || t.Kind != Op {
			return left
		}
		p.next()
		right := p.binary(level + 1)
		left = &Binary{p.from(start), op, left, right}
	}
}

func (p *parser) unary() Expr {
	t := p.tok()
	var op Operator
	switch {
	case t.is("-"):
		op = USub
	case t.is("+"):
		op = UAdd
	case t.is("~"):
		op = Invert
	default:
		return p.power()
	}
	defer p.enter()()
	p.next()
	x := p.unary()
	return &Unary{p.from(t.Pos), op, x}
}

func (p *parser) power() Expr {
	start := p.tok()
	if start.is("await") {
		panic(unsupported(start.Pos, "coroutines (await) are not supported"))
	}
	base := p.primary()
	if !p.is("**") {
		return base
	}
	defer p.enter()()
	p.next()
	exponent := p.unary()
	return &Binary{p.from(start.Pos), Pow, base, exponent}
}

// primary reads an atom and its trailers: attributes, calls, subscripts.
func (p *parser) primary() Expr {
	start := p.tok().Pos
	e := p.atom()
	for {
		switch {
		case p.is("."):
			p.next()
			if !p.tok().isName() {
				p.invalid()
			}
			name := p.next().Text
			e = &Attribute{p.from(start), e, normalise(name)}
		case p.is("("):
			e = p.call(e, start)
		case p.is("["):
			p.next()
			index := p.slices()
			p.closeBracket("]")
			e = &Subscript{p.from(start), e, index}
		default:
			return e
		}
	}
}

func (p *parser) slices() Expr {
	start := p.tok().Pos
	first := p.slice()
	if !p.is(",") {
		if s, ok := first.(*Starred); ok {
			return &Tuple{Pos: s.Pos, Elts: []Expr{s}}
		}
		return first
	}
	elts := []Expr{first}
	for p.accept(",") {
		if p.is("]") {
			break
		}
		elts = append(elts, p.slice())
	}
	return &Tuple{Pos: p.from(start), Elts: elts}
}

func (p *parser) slice() Expr {
	start := p.tok().Pos
	var lo Expr
	if !p.is(":") {
		lo = p.starNamed()
		if !p.is(":") {
			return lo
		}
	}
	p.next()
	s := &Slice{Lo: lo}
	if !p.is(":") && !p.is(",") && !p.is("]") {
		s.Hi = p.expression()
	}
	if p.accept(":") && !p.is(",") && !p.is("]") {
		s.Step = p.expression()
	}
	s.Pos = p.from(start)
	return s
}

func (p *parser) yieldExpr() Expr {
	t := p.next()
	y := &Yield{}
	if p.accept("from") {
		y.From = true
		y.X = p.expression()
	} else if p.startsExpr() {
		y.X = p.starExpressions()
	}
	y.Pos = p.from(t.Pos)
	return y
}

func (p *parser) atom() Expr {
	t := p.tok()
	switch t.Kind {
	case NameToken:
		switch t.Text {
		case "None":
			p.next()
			return &Constant{Pos: t.Pos}
		case "True", "False":
			p.next()
			return &Constant{Pos: t.Pos, Value: t.Text == "True"}
		}
		if keywords[t.Text] {
			p.invalid()
		}
		p.next()
		return &Name{Pos: t.Pos, ID: normalise(t.Text)}
	case Number:
		p.next()
		return number(t)
	case String:
		return p.strings()
	case Op:
		switch t.Text {
		case "(":
			return p.paren()
		case "[":
			return p.list()
		case "{":
			return p.braces()
		case "...":
			p.next()
			return &Constant{Pos: t.Pos, Value: Ellipsis{}}
		}
	}
	p.invalid()
	return nil
}

// closeBracket expects the closing bracket of a display, call or subscript and
// says what may be missing before it.
func (p *parser) closeBracket(s string) {
	if p.is(s) {
		p.next()
		return
	}
	p.forgottenComma()
	p.invalid()
}

// forgottenComma raises CPython's hint where two expressions stand side by
// side inside brackets.
func (p *parser) forgottenComma() {
	if !p.startsExpr() || p.is("*") || p.is("-") || p.is("+") {
		return
	}
	first := p.lastOperand()
	if first == nil {
		return
	}
	var second Expr
	if p.probe(func() { second = p.expression() }) {
		p.fail(first.Span().to(second.Span()), "invalid syntax. Perhaps you forgot a comma?")
	}
}

// lastOperand re-reads the expression that ended just before the present token.
func (p *parser) lastOperand() Expr {
	end, far := p.i, p.far
	defer func() { p.i, p.far = end, far }()
	for start := end - 1; start >= 0; start-- {
		t := p.tokens[start]
		if t.Kind == Newline || t.Kind == Indent || t.Kind == Dedent {
			return nil
		}
		before := Token{}
		if start > 0 {
			before = p.tokens[start-1]
		}
		if !startsOperand(before) {
			continue
		}
		p.i = start
		if t.isName() && end == start+1 && p.tokens[end].Kind == String {
			return nil // NAME STRING: an unknown string prefix, say
		}
		var e Expr
		if p.probe(func() { e = p.disjunction() }) && p.i == end {
			return e
		}
	}
	return nil
}

// startsOperand reports whether a whole disjunction may begin behind t.
func startsOperand(t Token) bool {
	if t.Kind == Op {
		return strings.Contains("([{,:=:=**", t.Text)
	}
	return t.Kind == NameToken && (t.Text == "if" || t.Text == "else" || t.Text == "lambda" || t.Text == "in" || t.Text == "for")
}
