package syntax

// RefKind says where a variable lives.
type RefKind uint8

const (
	// RefGlobal: the module's names, then the builtins.
	RefGlobal RefKind = iota
	// RefLocal: slot Index of the running function.
	RefLocal
	// RefCell: slot Index holds a cell shared with other functions.
	RefCell
	// RefName: the class body's names, then as RefGlobal.
	RefName
	// RefNameCell: the class body's names, then the cell in slot Index.
	RefNameCell
)

// Ref is a resolved variable.
type Ref struct {
	Kind  RefKind
	Index int
}

// ScopeKind tells what a Scope belongs to.
type ScopeKind uint8

const (
	ModuleScope ScopeKind = iota
	FunctionScope
	ClassScope
)

// Scope is what the evaluator must know of a function, class body, module,
// lambda or comprehension before it runs it.
type Scope struct {
	Kind ScopeKind
	// Name is the code's name in tracebacks; Qualname adds the enclosing ones.
	Name, Qualname string
	// Slots names the local variables: parameters first (in the order Pos,
	// KwOnly, Star, DoubleStar), then other locals, then the cells of enclosing
	// functions.
	Slots []string
	// CellSlots are the slots of own variables that inner functions share.
	CellSlots []int
	// Free says, for each captured cell, from which slot of the enclosing frame
	// it comes and into which slot here it goes.
	Free []Capture
	// Generator says that the body yields.
	Generator bool
	// Depth is how deeply the tree below nests; it bounds the evaluator's stack.
	Depth int

	parent    *Scope
	nested    []*Scope
	symbols   map[string]*symbol
	order     []string
	names     []*Name
	captured  map[string]int
	inComp    bool
	compIters int // > 0 while inside the iterable of a comprehension's for
}

// Capture moves a cell from the enclosing frame's slot From to slot To.
type Capture struct{ From, To int }

// symbol is what one scope knows of one name.
type symbol struct {
	param, assigned, used, annotated bool
	global, nonlocal                 bool
	at                               Pos
	kind                             RefKind
	slot                             int
	cell                             bool // inner functions share it
}
