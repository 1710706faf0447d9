package syntax

type targetUse uint8

const (
	forAssign targetUse = iota
	forDelete
	forLoop
)

// invalidTarget returns the part of e that cannot be assigned to (or deleted),
// nil if all can.
func invalidTarget(e Expr, use targetUse) Expr {
	each := func(elts []Expr) Expr {
		for _, x := range elts {
			if bad := invalidTarget(x, use); bad != nil {
				return bad
			}
		}
		return nil
	}
	switch x := e.(type) {
	case *Name, *Attribute, *Subscript:
		return nil
	case *Tuple:
		return each(x.Elts)
	case *List:
		return each(x.Elts)
	case *Starred:
		if use == forDelete {
			return e
		}
		return invalidTarget(x.X, use)
	case *Compare:
		if use == forLoop && len(x.Ops) > 0 && x.Ops[0] == In {
			return invalidTarget(x.First, use)
		}
	}
	return e
}

// exprName is what CPython's messages call an expression.
func exprName(e Expr) string {
	switch x := e.(type) {
	case *Attribute:
		return "attribute"
	case *Subscript:
		return "subscript"
	case *Starred:
		return "starred"
	case *Name:
		return "name"
	case *List:
		return "list"
	case *Tuple:
		return "tuple"
	case *Lambda:
		return "lambda"
	case *Call:
		return "function call"
	case *Binary, *Unary, *Bool:
		return "expression"
	case *Comprehension:
		return [...]string{"list comprehension", "set comprehension", "dict comprehension", "generator expression"}[x.Kind]
	case *Yield:
		return "yield expression"
	case *Dict:
		return "dict literal"
	case *Set:
		return "set display"
	case *Joined, *Formatted:
		return "f-string expression"
	case *Constant:
		switch v := x.Value.(type) {
		case nil:
			return "None"
		case bool:
			if v {
				return "True"
			}
			return "False"
		case Ellipsis:
			return "ellipsis"
		}
		return "literal"
	case *Compare:
		return "comparison"
	case *Conditional:
		return "conditional expression"
	case *Walrus:
		return "named expression"
	}
	return "expression"
}
