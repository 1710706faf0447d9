package numpy

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// DType is an array's type of elements.
type DType uint8

// The types of elements, in the order in which they are promoted.
const (
	BoolDType DType = iota
	IntDType
	FloatDType
	StrDType
	ObjectDType
)

var dtypeNames = [...]string{"bool", "int64", "float64", "str", "object"}

func (d DType) String() string { return dtypeNames[d] }

// The scalar types.
var (
	genericType  = numpyType("generic")
	numberType   = numpyType("number", genericType)
	integerType  = numpyType("integer", numberType)
	signedType   = numpyType("signedinteger", integerType)
	inexactType  = numpyType("inexact", numberType)
	floatingType = numpyType("floating", inexactType)
	float64Type  = numpyType("float64", floatingType, py.FloatType)
	int64Type    = numpyType("int64", signedType)
	boolType     = numpyType("bool", genericType)
	strScalar    = numpyType("str_", genericType)
	objectScalar = numpyType("object_", genericType)
	arrayType    = numpyType("ndarray")
	dtypeType    = numpyType("dtype")
)

func numpyType(name string, bases ...*py.Type) *py.Type {
	t := py.NewType("numpy."+name, bases...)
	t.Module = "numpy"
	return t
}

// dtypeValue is a.dtype. width is the length of the longest string.
type dtypeValue struct {
	kind  DType
	width int
}

func (dtypeValue) Type() *py.Type { return dtypeType }

// Str is float64 or <U3.
func (d dtypeValue) Str(*py.Interp) (string, error) { return d.text(), nil }

func (d dtypeValue) text() string {
	if d.kind == StrDType {
		return "<U" + itoa(d.width)
	}
	return d.kind.String()
}

// Repr is dtype('float64').
func (d dtypeValue) Repr(*py.Interp) (string, error) {
	if d.kind == ObjectDType {
		return "dtype('O')", nil
	}
	return "dtype('" + d.text() + "')", nil
}

// Compare accepts everything that names a data type.
func (d dtypeValue) Compare(_ *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	if op != syntax.Eq && op != syntax.NotEq {
		return py.NotImplemented, nil
	}
	o, err := parseDType(other)
	if err != nil {
		if _, isStr := other.(py.Str); isStr {
			return nil, err
		}
		return py.Bool(op == syntax.NotEq), nil
	}
	return py.Bool((o == d.kind) == (op == syntax.Eq)), nil
}

// GetAttr gives name, kind and itemsize.
func (d dtypeValue) GetAttr(_ *py.Interp, name string) (py.Value, error) {
	switch name {
	case "name":
		if d.kind == StrDType {
			return py.Str("str" + itoa(d.width*32)), nil
		}
		return py.Str(d.kind.String()), nil
	case "kind":
		return py.Str("bifUO"[d.kind : d.kind+1]), nil
	case "itemsize":
		return py.Int([...]int{1, 8, 8, 4 * d.width, 8}[d.kind]), nil
	case "type":
		return scalarTypes[d.kind], nil
	}
	return nil, nil
}

var scalarTypes = [...]*py.Type{boolType, int64Type, float64Type, strScalar, objectScalar}

// parseDType reads what a program gives as dtype=.
func parseDType(v py.Value) (DType, error) {
	switch x := v.(type) {
	case dtypeValue:
		return x.kind, nil
	case py.NoneType:
		return FloatDType, nil
	case *py.Type:
		switch x {
		case py.FloatType, float64Type, floatingType:
			return FloatDType, nil
		case py.IntType, int64Type, integerType, signedType:
			return IntDType, nil
		case py.BoolType, boolType:
			return BoolDType, nil
		case py.StrType, strScalar:
			return StrDType, nil
		case objectScalar, py.ObjectType:
			return ObjectDType, nil
		}
		if x.Module != "numpy" {
			return ObjectDType, nil
		}
	case py.Str:
		switch x {
		case "float", "float64", "d", "f8", "<f8", "double":
			return FloatDType, nil
		case "int", "int64", "i8", "<i8", "l", "q":
			return IntDType, nil
		case "bool", "?", "b1", "bool_":
			return BoolDType, nil
		case "object", "O":
			return ObjectDType, nil
		case "str", "U":
			return StrDType, nil
		case "float32", "float16", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "complex", "complex128", "f4", "i4", "f", "i":
			return 0, py.Unsupported("the data type %s is not supported", string(x))
		}
		return 0, py.TypeError.New("data type '%s' not understood", string(x))
	case *unsupportedDType:
		return 0, py.Unsupported("the data type numpy.%s is not supported", x.name)
	}
	return 0, py.TypeError.New("Cannot interpret '%s' as a data type", plain(v))
}

// unsupportedDType stands for numpy.float32 and its like.
type unsupportedDType struct{ name string }

func (*unsupportedDType) Type() *py.Type { return py.TypeType }

// Call makes no scalar.
func (u *unsupportedDType) Call(*py.Interp, py.Args) (py.Value, error) {
	return nil, py.Unsupported("the data type numpy.%s is not supported", u.name)
}

// TestClass lets isinstance(x, np.float32) say no.
func (*unsupportedDType) TestClass(*py.Interp, *py.Type) (is, known bool) { return false, true }

func plain(v py.Value) string {
	s, err := py.Detached().Repr(v)
	if err != nil {
		return "?"
	}
	return s
}

func promote(a, b DType) DType { return max(a, b) }
