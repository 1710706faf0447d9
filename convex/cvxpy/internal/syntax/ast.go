package syntax

// Node is any part of the tree.
type Node interface{ Span() Pos }

// Expr is an expression, Stmt a statement, Pattern what stands behind case.
type (
	Expr    interface{ Node }
	Stmt    interface{ Node }
	Pattern interface{ Node }
)

// Operator is a binary or unary operator.
type Operator uint8

const (
	Add Operator = iota
	Sub
	Mul
	MatMul
	Div
	FloorDiv
	Mod
	Pow
	LShift
	RShift
	BitAnd
	BitOr
	BitXor
	Invert
	Not
	UAdd
	USub
)

var operatorText = [...]string{"+", "-", "*", "@", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "~", "not", "+", "-"}

func (o Operator) String() string { return operatorText[o] }

// Comparison is a comparison operator.
type Comparison uint8

const (
	Eq Comparison = iota
	NotEq
	Lt
	LtE
	Gt
	GtE
	Is
	IsNot
	In
	NotIn
)

var comparisonText = [...]string{"==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"}

func (c Comparison) String() string { return comparisonText[c] }

// Ellipsis is the Value of the Constant "...".
type Ellipsis struct{}

// Expressions.
type (
	// Constant is a literal: Value is nil, bool, int64, *big.Int, float64,
	// string, []byte or Ellipsis. Object is the evaluator's own form of it.
	Constant struct {
		Pos
		Value  any
		Object any
	}
	// Name is a variable; Ref says where it lives.
	Name struct {
		Pos
		ID  string
		Ref Ref
	}
	Attribute struct {
		Pos
		X    Expr
		Name string
	}
	Subscript struct {
		Pos
		X, Index Expr
	}
	// Slice stands only inside a Subscript; parts may be nil.
	Slice struct {
		Pos
		Lo, Hi, Step Expr
	}
	Call struct {
		Pos
		Func     Expr
		Args     []Expr // may hold Starred
		Keywords []Keyword
		// Plain says that no argument is starred.
		Plain bool
	}
	// Keyword is name=value, or **value where Name is empty.
	Keyword struct {
		Pos
		Name  string
		Value Expr
	}
	Binary struct {
		Pos
		Op          Operator
		Left, Right Expr
	}
	Unary struct {
		Pos
		Op Operator
		X  Expr
	}
	// Bool is "and" (And true) or "or" over two values or more.
	Bool struct {
		Pos
		And    bool
		Values []Expr
	}
	// Compare is a chain: First Ops[0] Rest[0] Ops[1] Rest[1] ...
	Compare struct {
		Pos
		First Expr
		Ops   []Comparison
		Rest  []Expr
	}
	// Conditional is Then if Test else Else.
	Conditional struct {
		Pos
		Test, Then, Else Expr
	}
	Lambda struct {
		Pos
		Params *Params
		Body   Expr
		Scope  *Scope
	}
	Tuple struct {
		Pos
		Elts   []Expr
		Parens bool // written with brackets of its own
	}
	List struct {
		Pos
		Elts []Expr
	}
	Set struct {
		Pos
		Elts []Expr
	}
	// Dict holds a nil key where a value is spread with **.
	Dict struct {
		Pos
		Keys, Values []Expr
	}
	// Comprehension is a list, set, dict (Key and Elt) or generator.
	Comprehension struct {
		Pos
		Kind  CompKind
		Key   Expr
		Elt   Expr
		Fors  []CompFor
		Scope *Scope
	}
	// Joined is an f-string: Constants of strings and Formatteds.
	Joined struct {
		Pos
		Parts []Expr
	}
	// Formatted is one {...} of an f-string; Conversion is 0, 'r', 's' or 'a'.
	Formatted struct {
		Pos
		X          Expr
		Conversion byte
		Spec       *Joined // nil if none
	}
	Starred struct {
		Pos
		X Expr
	}
	// Walrus is Target := X.
	Walrus struct {
		Pos
		Target *Name
		X      Expr
	}
	// Yield suspends a generator; From delegates. X may be nil.
	Yield struct {
		Pos
		X    Expr
		From bool
	}
)

// CompKind tells the four comprehensions apart.
type CompKind uint8

const (
	ListComp CompKind = iota
	SetComp
	DictComp
	GeneratorExp
)

// CompFor is one "for Target in Iter if Ifs..." of a comprehension.
type CompFor struct {
	Target, Iter Expr
	Ifs          []Expr
}

// Params are a function's parameters. Defaults belong to the last of Pos;
// KwDefaults has an entry (maybe nil) for each of KwOnly.
type Params struct {
	Pos                []Param
	PosOnly            int // how many of Pos stand before "/"
	Defaults           []Expr
	Star               *Param // *args
	KwOnly             []Param
	KwDefaults         []Expr
	DoubleStar         *Param // **kwargs
	bareStar, sawSlash bool
}

// Param is one parameter.
type Param struct {
	Pos
	Name       string
	Annotation Expr
}

// Statements.
type (
	ExprStmt struct {
		Pos
		X Expr
	}
	Assign struct {
		Pos
		Targets []Expr
		Value   Expr
	}
	AugAssign struct {
		Pos
		Target Expr
		Op     Operator
		Value  Expr
	}
	// AnnAssign is Target: Annotation = Value; Value may be nil.
	AnnAssign struct {
		Pos
		Target, Annotation, Value Expr
		Simple                    bool
	}
	Return struct {
		Pos
		Value Expr
	}
	Delete struct {
		Pos
		Targets []Expr
	}
	Pass     struct{ Pos }
	Break    struct{ Pos }
	Continue struct{ Pos }
	Raise    struct {
		Pos
		Exc, Cause Expr
	}
	Assert struct {
		Pos
		Test, Msg Expr
	}
	Global struct {
		Pos
		Names []string
	}
	Nonlocal struct {
		Pos
		Names []string
	}
	Import struct {
		Pos
		Names []Alias
	}
	// ImportFrom has the one Alias "*" for a star import.
	ImportFrom struct {
		Pos
		Module string
		Level  int
		Names  []Alias
	}
	// Alias is Name as As; As is empty where absent. Target is where the name goes.
	Alias struct {
		Pos
		Name, As string
		Target   *Name
	}
	If struct {
		Pos
		Test       Expr
		Body, Else []Stmt
	}
	While struct {
		Pos
		Test       Expr
		Body, Else []Stmt
	}
	For struct {
		Pos
		Target, Iter Expr
		Body, Else   []Stmt
	}
	Try struct {
		Pos
		Body, Else, Finally []Stmt
		Handlers            []Handler
	}
	// Handler is one except clause; Type and Target may be nil.
	Handler struct {
		Pos
		Type   Expr
		Target *Name
		Body   []Stmt
	}
	With struct {
		Pos
		Items []WithItem
		Body  []Stmt
	}
	WithItem struct {
		Context, Target Expr
	}
	FunctionDef struct {
		Pos
		Name       *Name // where the function goes
		Params     *Params
		Returns    Expr
		Body       []Stmt
		Decorators []Expr
		Scope      *Scope
		Doc        string
	}
	ClassDef struct {
		Pos
		Name       *Name
		Args       []Expr
		Keywords   []Keyword
		Body       []Stmt
		Decorators []Expr
		Scope      *Scope
		Doc        string
	}
	Match struct {
		Pos
		Subject Expr
		Cases   []Case
	}
	Case struct {
		Pos
		Pattern Pattern
		Guard   Expr
		Body    []Stmt
	}
)

// Patterns.
type (
	// MatchValue compares with ==; MatchSingleton (None, True, False) with "is".
	MatchValue struct {
		Pos
		X Expr
	}
	MatchSingleton struct {
		Pos
		X *Constant
	}
	// MatchSequence may hold one MatchStar.
	MatchSequence struct {
		Pos
		Patterns []Pattern
	}
	MatchStar struct {
		Pos
		Target *Name // nil for *_
	}
	MatchMapping struct {
		Pos
		Keys     []Expr
		Patterns []Pattern
		Rest     *Name
	}
	MatchClass struct {
		Pos
		Class      Expr
		Patterns   []Pattern
		KwNames    []string
		KwPatterns []Pattern
	}
	// MatchAs binds Target (nil for the wildcard _) to what Pattern (nil: anything) matches.
	MatchAs struct {
		Pos
		Pattern Pattern
		Target  *Name
	}
	MatchOr struct {
		Pos
		Patterns []Pattern
	}
)

// Module is a whole program.
type Module struct {
	Name  string // file name in tracebacks
	Lines []string
	Body  []Stmt
	Scope *Scope
	Doc   string
}
