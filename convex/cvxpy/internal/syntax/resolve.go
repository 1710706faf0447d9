package syntax

// resolve finds, for every name of a module, where its value lives, and checks
// what CPython's symbol table and compiler check.
func resolve(m *Module) {
	r := &resolver{}
	m.Scope = &Scope{Kind: ModuleScope, Name: "<module>", symbols: map[string]*symbol{}}
	r.scope = m.Scope
	r.stmts(m.Body)
	r.analyse(m.Scope)
}

type resolver struct {
	scope *Scope
	depth int
	loop  int // nesting of loops in the present function
	class string
}

func (r *resolver) enter(at Pos) func() {
	r.depth++
	if r.depth > maxDepth {
		panic(&Error{Class: "RecursionError", Msg: "maximum recursion depth exceeded during compilation", Pos: at})
	}
	r.scope.Depth = max(r.scope.Depth, r.depth)
	return func() { r.depth-- }
}

// open starts a scope inside the present one and returns what closes it.
func (r *resolver) open(kind ScopeKind, name string) (*Scope, func()) {
	outer, depth, loop := r.scope, r.depth, r.loop
	s := &Scope{Kind: kind, Name: name, Qualname: name, parent: outer, symbols: map[string]*symbol{}}
	if outer.Qualname != "" {
		s.Qualname = outer.Qualname + "." + name
		if outer.Kind == FunctionScope {
			s.Qualname = outer.Qualname + ".<locals>." + name
		}
	}
	outer.nested = append(outer.nested, s)
	r.scope, r.loop = s, 0
	return s, func() { r.scope, r.depth, r.loop = outer, depth, loop }
}

func (s *Scope) symbol(name string) *symbol {
	y := s.symbols[name]
	if y == nil {
		y = &symbol{slot: -1}
		s.symbols[name] = y
		s.order = append(s.order, name)
	}
	return y
}

// use notes that a name is read.
func (r *resolver) use(n *Name) {
	n.ID = r.mangle(n.ID)
	r.scope.symbol(n.ID).used = true
	r.scope.names = append(r.scope.names, n)
}

// bind notes that a name is assigned or deleted.
func (r *resolver) bind(n *Name) {
	n.ID = r.mangle(n.ID)
	r.bindIn(r.scope, n)
}

func (r *resolver) bindIn(s *Scope, n *Name) {
	y := s.symbol(n.ID)
	y.assigned = true
	y.at = n.Pos
	s.names = append(s.names, n)
}

// mangle applies the rule for __private names inside a class.
func (r *resolver) mangle(name string) string {
	if r.class == "" || len(name) < 3 || name[:2] != "__" || name[len(name)-2:] == "__" {
		return name
	}
	class := r.class
	for class != "" && class[0] == '_' {
		class = class[1:]
	}
	if class == "" {
		return name
	}
	return "_" + class + name
}

// analyse decides where the names of s and of all scopes inside it live. The
// scopes inside come second, since they capture what s owns; CellSlots of s
// are known once they are done.
func (r *resolver) analyse(s *Scope) {
	for _, name := range s.order {
		y := s.symbols[name]
		own := y.assigned && !y.nonlocal && !y.global
		switch {
		case s.Kind == ModuleScope || y.global:
			y.kind = RefGlobal
		case own && s.Kind == ClassScope:
			y.kind = RefName
		case own:
			y.kind, y.slot = RefLocal, len(s.Slots)
			s.Slots = append(s.Slots, name)
		default:
			s.placeFree(name, y)
		}
	}
	for _, inner := range s.nested {
		r.analyse(inner)
	}
	for _, u := range s.names {
		y := s.symbols[u.ID]
		kind := y.kind
		if y.cell && kind == RefLocal {
			kind = RefCell
		}
		u.Ref = Ref{kind, y.slot}
	}
}

// placeFree places a name that s reads but does not own.
func (s *Scope) placeFree(name string, y *symbol) {
	slot, ok := s.capture(name)
	switch {
	case ok && s.Kind == ClassScope && !y.nonlocal:
		y.kind, y.slot = RefNameCell, slot
	case ok:
		y.kind, y.slot = RefCell, slot
	case y.nonlocal:
		panic(syntaxError(y.at, "no binding for nonlocal '%s' found", name))
	case s.Kind == ClassScope:
		y.kind = RefName
	default:
		y.kind = RefGlobal
	}
}

// capture finds name in an enclosing function and threads its cell down to a
// slot of s.
func (s *Scope) capture(name string) (slot int, ok bool) {
	if slot, ok := s.captured[name]; ok {
		return slot, true
	}
	p := s.parent
	if p == nil || p.Kind == ModuleScope {
		return 0, false
	}
	y := p.symbols[name]
	var from int
	switch {
	case p.Kind == FunctionScope && y != nil && y.global:
		return 0, false
	case p.Kind == FunctionScope && y != nil && y.assigned && !y.nonlocal:
		if !y.cell {
			y.cell = true
			p.CellSlots = append(p.CellSlots, y.slot)
		}
		from = y.slot
	default:
		if from, ok = p.capture(name); !ok {
			return 0, false
		}
	}
	slot = len(s.Slots)
	s.Slots = append(s.Slots, name)
	s.Free = append(s.Free, Capture{from, slot})
	if s.captured == nil {
		s.captured = map[string]int{}
	}
	s.captured[name] = slot
	return slot, true
}
