package syntax

// This file walks the tree in CPython's order and feeds the resolver.

func (r *resolver) stmts(body []Stmt) {
	for _, s := range body {
		r.stmt(s)
	}
}

func (r *resolver) stmt(s Stmt) {
	defer r.enter(s.Span())()
	switch x := s.(type) {
	case *ExprStmt:
		r.expr(x.X)
	case *Assign:
		r.expr(x.Value)
		r.targets(x.Targets)
	case *AugAssign:
		r.target(x.Target)
		r.expr(x.Value)
	case *AnnAssign:
		r.annAssign(x)
	case *Return:
		if r.scope.Kind != FunctionScope {
			panic(syntaxError(x.Pos, "'return' outside function"))
		}
		r.optional(x.Value)
	case *Delete:
		r.targets(x.Targets)
	case *Raise:
		r.optional(x.Exc)
		r.optional(x.Cause)
	case *Assert:
		r.expr(x.Test)
		r.optional(x.Msg)
	case *Global:
		for _, name := range x.Names {
			r.declare(x.Pos, name, "global")
		}
	case *Nonlocal:
		if r.scope.Kind == ModuleScope {
			panic(syntaxError(x.Pos, "nonlocal declaration not allowed at module level"))
		}
		for _, name := range x.Names {
			r.declare(x.Pos, name, "nonlocal")
		}
	case *Import:
		r.imports(x.Names, true)
	case *ImportFrom:
		if len(x.Names) == 1 && x.Names[0].Name == "*" {
			if r.scope.Kind != ModuleScope {
				panic(syntaxError(x.Names[0].Pos, "import * only allowed at module level"))
			}
			break
		}
		r.imports(x.Names, false)
	case *Break:
		if r.loop == 0 {
			panic(syntaxError(x.Pos, "'break' outside loop"))
		}
	case *Continue:
		if r.loop == 0 {
			panic(syntaxError(x.Pos, "'continue' not properly in loop"))
		}
	default:
		r.compound(s)
	}
}

func (r *resolver) compound(s Stmt) {
	switch x := s.(type) {
	case *If:
		r.expr(x.Test)
		r.stmts(x.Body)
		r.stmts(x.Else)
	case *While:
		r.expr(x.Test)
		r.loopBody(x.Body)
		r.stmts(x.Else)
	case *For:
		r.expr(x.Iter)
		r.target(x.Target)
		r.loopBody(x.Body)
		r.stmts(x.Else)
	case *Try:
		r.stmts(x.Body)
		for _, h := range x.Handlers {
			r.optional(h.Type)
			if h.Target != nil {
				r.bind(h.Target)
			}
			r.stmts(h.Body)
		}
		r.stmts(x.Else)
		r.stmts(x.Finally)
	case *With:
		for _, item := range x.Items {
			r.expr(item.Context)
			if item.Target != nil {
				r.target(item.Target)
			}
		}
		r.stmts(x.Body)
	case *FunctionDef:
		r.function(x)
	case *ClassDef:
		r.classDef(x)
	case *Match:
		r.expr(x.Subject)
		for _, c := range x.Cases {
			r.pattern(c.Pattern)
			r.optional(c.Guard)
			r.stmts(c.Body)
		}
	}
}

func (r *resolver) loopBody(body []Stmt) {
	r.loop++
	r.stmts(body)
	r.loop--
}

func (r *resolver) annAssign(x *AnnAssign) {
	if n, ok := x.Target.(*Name); ok {
		if x.Simple || x.Value != nil {
			r.bind(n)
			r.scope.symbol(n.ID).annotated = true
		}
	} else {
		r.target(x.Target)
	}
	// CPython evaluates annotations of modules and classes only.
	if r.scope.Kind != FunctionScope || !x.Simple {
		r.expr(x.Annotation)
	}
	r.optional(x.Value)
}

func (r *resolver) declare(at Pos, name, word string) {
	name = r.mangle(name)
	y := r.scope.symbol(name)
	switch {
	case y.param:
		panic(syntaxError(at, "name '%s' is parameter and %s", name, word))
	case y.global && word == "nonlocal" || y.nonlocal && word == "global":
		panic(syntaxError(at, "name '%s' is nonlocal and global", name))
	case y.annotated:
		panic(syntaxError(at, "annotated name '%s' can't be %s", name, word))
	case y.assigned && !y.global && !y.nonlocal:
		panic(syntaxError(at, "name '%s' is assigned to before %s declaration", name, word))
	case y.used:
		panic(syntaxError(at, "name '%s' is used prior to %s declaration", name, word))
	}
	y.at = at
	if word == "global" {
		y.global = true
	} else {
		y.nonlocal = true
	}
}

// imports gives every alias the name that it binds: the first part of a dotted
// import without "as".
func (r *resolver) imports(names []Alias, dotted bool) {
	for i := range names {
		a := &names[i]
		id := a.As
		if id == "" {
			id = a.Name
			if dotted {
				for j := range len(id) {
					if id[j] == '.' {
						id = id[:j]
						break
					}
				}
			}
		}
		a.Target = &Name{Pos: a.Pos, ID: id}
		r.bind(a.Target)
	}
}

func (r *resolver) optional(e Expr) {
	if e != nil {
		r.expr(e)
	}
}

func (r *resolver) exprs(list []Expr) {
	for _, e := range list {
		r.optional(e)
	}
}

// elements visits what may hold starred expressions.
func (r *resolver) elements(list []Expr) {
	for _, e := range list {
		if s, ok := e.(*Starred); ok {
			e = s.X
		}
		r.expr(e)
	}
}

func (r *resolver) targets(list []Expr) {
	for _, e := range list {
		r.target(e)
	}
}

func (r *resolver) target(e Expr) {
	switch x := e.(type) {
	case *Name:
		r.bind(x)
	case *Tuple:
		r.unpack(x.Pos, x.Elts)
	case *List:
		r.unpack(x.Pos, x.Elts)
	case *Starred:
		panic(syntaxError(x.Pos, "starred assignment target must be in a list or tuple"))
	default:
		r.expr(e)
	}
}

func (r *resolver) unpack(at Pos, elts []Expr) {
	starred := false
	for _, e := range elts {
		if s, ok := e.(*Starred); ok {
			if starred {
				panic(syntaxError(at, "multiple starred expressions in assignment"))
			}
			starred = true
			e = s.X
		}
		r.target(e)
	}
}

func (r *resolver) expr(e Expr) {
	defer r.enter(e.Span())()
	switch x := e.(type) {
	case *Name:
		r.use(x)
	case *Attribute:
		r.expr(x.X)
		x.Name = r.mangle(x.Name)
	case *Subscript:
		r.expr(x.X)
		r.expr(x.Index)
	case *Slice:
		r.exprs([]Expr{x.Lo, x.Hi, x.Step})
	case *Call:
		r.expr(x.Func)
		r.elements(x.Args)
		r.keywords(x.Keywords)
	case *Binary:
		r.expr(x.Left)
		r.expr(x.Right)
	case *Unary:
		r.expr(x.X)
	case *Bool:
		r.exprs(x.Values)
	case *Compare:
		r.expr(x.First)
		r.exprs(x.Rest)
	case *Conditional:
		r.expr(x.Test)
		r.expr(x.Then)
		r.expr(x.Else)
	case *Tuple:
		r.elements(x.Elts)
	case *List:
		r.elements(x.Elts)
	case *Set:
		r.elements(x.Elts)
	case *Dict:
		for i := range x.Keys {
			r.optional(x.Keys[i])
			r.expr(x.Values[i])
		}
	case *Starred:
		panic(syntaxError(x.Pos, "can't use starred expression here"))
	case *Joined:
		r.exprs(x.Parts)
	case *Formatted:
		r.expr(x.X)
		if x.Spec != nil {
			r.expr(x.Spec)
		}
	default:
		r.binding(e)
	}
}

// binding handles the expressions that bind names or open scopes.
func (r *resolver) binding(e Expr) {
	switch x := e.(type) {
	case *Lambda:
		r.defaults(x.Params)
		s, done := r.open(FunctionScope, "<lambda>")
		x.Scope = s
		r.declareParams(x.Params)
		r.expr(x.Body)
		done()
	case *Comprehension:
		r.comprehension(x)
	case *Walrus:
		r.walrus(x)
	case *Yield:
		if r.scope.Kind != FunctionScope {
			panic(syntaxError(x.Pos, "'yield' outside function"))
		}
		if r.scope.inComp {
			panic(syntaxError(x.Pos, "'yield' inside %s", r.scope.compName()))
		}
		r.scope.Generator = true
		r.optional(x.X)
	}
}

func (s *Scope) compName() string {
	switch s.Name {
	case "<listcomp>":
		return "list comprehension"
	case "<setcomp>":
		return "set comprehension"
	case "<dictcomp>":
		return "dict comprehension"
	}
	return "generator expression"
}

// walrus binds in the function around the comprehensions it stands in.
func (r *resolver) walrus(x *Walrus) {
	if r.scope.compIters > 0 {
		panic(syntaxError(x.Pos, "assignment expression cannot be used in a comprehension iterable expression"))
	}
	r.expr(x.X)
	if !r.scope.inComp {
		r.bind(x.Target)
		return
	}
	s := r.scope
	for s.inComp {
		if y := s.symbols[x.Target.ID]; y != nil && y.assigned {
			panic(syntaxError(x.Pos, "assignment expression cannot rebind comprehension iteration variable '%s'", x.Target.ID))
		}
		s = s.parent
	}
	if s.Kind == ClassScope {
		panic(syntaxError(x.Pos, "assignment expression within a comprehension cannot be used in a class body"))
	}
	// The owner holds the name; the comprehension writes through to it.
	y := s.symbol(x.Target.ID)
	if !y.global && !y.nonlocal {
		y.assigned = true
	}
	inner := r.scope.symbol(x.Target.ID)
	if s.Kind == ModuleScope || y.global {
		inner.global = true
	} else {
		inner.nonlocal = true
	}
	inner.assigned = true
	r.scope.names = append(r.scope.names, x.Target)
}

func (r *resolver) keywords(list []Keyword) {
	seen := map[string]bool{}
	for _, k := range list {
		if k.Name != "" && seen[k.Name] {
			panic(syntaxError(k.Pos, "keyword argument repeated: %s", k.Name))
		}
		seen[k.Name] = true
		r.expr(k.Value)
	}
}

func (r *resolver) comprehension(x *Comprehension) {
	name := [...]string{"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}[x.Kind]
	// The first iterable belongs to the enclosing scope.
	r.scope.compIters++
	r.expr(x.Fors[0].Iter)
	r.scope.compIters--
	s, done := r.open(FunctionScope, name)
	s.inComp = true
	s.Generator = x.Kind == GeneratorExp
	x.Scope = s
	arg := s.symbol(".0")
	arg.assigned, arg.param = true, true
	for i, f := range x.Fors {
		r.target(f.Target)
		if i > 0 {
			s.compIters++
			r.expr(f.Iter)
			s.compIters--
		}
		r.exprs(f.Ifs)
	}
	r.optional(x.Key)
	r.expr(x.Elt)
	done()
}

func (r *resolver) defaults(p *Params) {
	r.exprs(p.Defaults)
	r.exprs(p.KwDefaults)
}

// declareParams puts the parameters into the first slots.
func (r *resolver) declareParams(p *Params) {
	add := func(q *Param) {
		q.Name = r.mangle(q.Name)
		y := r.scope.symbol(q.Name)
		y.param, y.assigned = true, true
	}
	for i := range p.Pos {
		add(&p.Pos[i])
	}
	for i := range p.KwOnly {
		add(&p.KwOnly[i])
	}
	if p.Star != nil {
		add(p.Star)
	}
	if p.DoubleStar != nil {
		add(p.DoubleStar)
	}
}

func (r *resolver) annotations(x *FunctionDef) {
	one := func(q *Param) {
		if q != nil {
			r.optional(q.Annotation)
		}
	}
	for i := range x.Params.Pos {
		one(&x.Params.Pos[i])
	}
	for i := range x.Params.KwOnly {
		one(&x.Params.KwOnly[i])
	}
	one(x.Params.Star)
	one(x.Params.DoubleStar)
	r.optional(x.Returns)
}

func (r *resolver) function(x *FunctionDef) {
	r.exprs(x.Decorators)
	r.defaults(x.Params)
	r.annotations(x)
	r.bind(x.Name)
	s, done := r.open(FunctionScope, x.Name.ID)
	x.Scope = s
	r.declareParams(x.Params)
	r.stmts(x.Body)
	done()
}

func (r *resolver) classDef(x *ClassDef) {
	r.exprs(x.Decorators)
	r.elements(x.Args)
	r.keywords(x.Keywords)
	r.bind(x.Name)
	class := r.class
	s, done := r.open(ClassScope, x.Name.ID)
	r.class = x.Name.ID
	x.Scope = s
	r.stmts(x.Body)
	r.class = class
	done()
}

func (r *resolver) pattern(p Pattern) {
	defer r.enter(p.Span())()
	switch x := p.(type) {
	case *MatchValue:
		r.expr(x.X)
	case *MatchSequence:
		for _, q := range x.Patterns {
			r.pattern(q)
		}
	case *MatchStar:
		if x.Target != nil {
			r.bind(x.Target)
		}
	case *MatchMapping:
		r.exprs(x.Keys)
		for _, q := range x.Patterns {
			r.pattern(q)
		}
		if x.Rest != nil {
			r.bind(x.Rest)
		}
	case *MatchClass:
		r.expr(x.Class)
		for _, q := range x.Patterns {
			r.pattern(q)
		}
		for _, q := range x.KwPatterns {
			r.pattern(q)
		}
	case *MatchAs:
		if x.Pattern != nil {
			r.pattern(x.Pattern)
		}
		if x.Target != nil {
			r.bind(x.Target)
		}
	case *MatchOr:
		for _, q := range x.Patterns {
			r.pattern(q)
		}
	}
}
