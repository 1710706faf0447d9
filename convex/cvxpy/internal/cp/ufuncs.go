package cp

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// ufuncOperators are the numpy functions that cvxpy answers with an operator
// when the expression x stands second and a, an array, first.
var ufuncOperators = map[string]func(in *py.Interp, x *Expr, a py.Value) (py.Value, error){
	"add":           reflected(syntax.Add),
	"subtract":      reflected(syntax.Sub),
	"multiply":      reflected(syntax.Mul),
	"divide":        reflected(syntax.Div),
	"matmul":        reflected(syntax.MatMul),
	"power":         reflected(syntax.Pow),
	"equal":         mirrored(syntax.Eq),
	"less":          mirrored(syntax.Gt),
	"less_equal":    mirrored(syntax.GtE),
	"greater":       mirrored(syntax.Lt),
	"greater_equal": mirrored(syntax.LtE),
}

func reflected(op syntax.Operator) func(*py.Interp, *Expr, py.Value) (py.Value, error) {
	return func(in *py.Interp, x *Expr, a py.Value) (py.Value, error) { return x.Binary(in, op, a, true) }
}

func mirrored(op syntax.Comparison) func(*py.Interp, *Expr, py.Value) (py.Value, error) {
	return func(in *py.Interp, x *Expr, a py.Value) (py.Value, error) { return x.Compare(in, op, a) }
}
