package py

import (
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// dunders are the special methods that programs call by name on built-in
// objects (x.__len__(), hasattr(x, "__iter__")). Each returns nil where the
// object has no such method.
var dunders map[string]func(in *Interp, v Value) Value

func init() {
	fn := func(name string, min, max int, f func(in *Interp, a []Value) (Value, error)) *Native {
		return &Native{Name: name, Min: min, Max: max, Fn: func(in *Interp, _ Value, a []Value) (Value, error) { return f(in, a) }}
	}
	dunders = map[string]func(in *Interp, v Value) Value{
		"__len__": func(in *Interp, v Value) Value {
			_, str := v.(Str)
			if _, ok := v.(Sized); !ok && !str || isInstance(v) {
				return nil
			}
			return fn("__len__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				n, err := in.Len(v)
				return Int(n), err
			})
		},
		"__iter__": func(in *Interp, v Value) Value {
			if !iterable(v) || isInstance(v) {
				return nil
			}
			return fn("__iter__", 0, 0, func(in *Interp, _ []Value) (Value, error) { return in.iterObject(v) })
		},
		"__next__": func(in *Interp, v Value) Value {
			it, ok := iteratorOf(v)
			if !ok || isInstance(v) {
				return nil
			}
			return fn("__next__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				x, err := it.Next(in)
				if x == nil && err == nil {
					err = StopIteration.New("")
				}
				return x, err
			})
		},
		"__getitem__": func(in *Interp, v Value) Value {
			switch v.(type) {
			case *List, *Tuple, *Dict, Str, *Range:
			case Indexer:
				if isInstance(v) {
					return nil
				}
			default:
				return nil
			}
			return fn("__getitem__", 1, 1, func(in *Interp, a []Value) (Value, error) { return in.GetItem(v, a[0]) })
		},
		"__setitem__": func(in *Interp, v Value) Value {
			switch v.(type) {
			case *List, *Dict:
			case ItemSetter:
				if isInstance(v) {
					return nil
				}
			default:
				return nil
			}
			return fn("__setitem__", 2, 2, func(in *Interp, a []Value) (Value, error) {
				return None, in.SetItem(v, a[0], a[1])
			})
		},
		"__contains__": func(in *Interp, v Value) Value {
			if !iterable(v) || isInstance(v) {
				return nil
			}
			return fn("__contains__", 1, 1, func(in *Interp, a []Value) (Value, error) {
				has, err := in.Contains(v, a[0])
				return Bool(has), err
			})
		},
		"__call__": func(in *Interp, v Value) Value {
			if !callable(v) || isInstance(v) {
				return nil
			}
			return v
		},
		"__hash__": func(in *Interp, v Value) Value {
			return fn("__hash__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				h, err := in.Hash(v)
				return Int(h), err
			})
		},
		"__repr__": func(in *Interp, v Value) Value {
			return fn("__repr__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				s, err := in.Repr(v)
				return Str(s), err
			})
		},
		"__str__": func(in *Interp, v Value) Value {
			return fn("__str__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				s, err := in.Str(v)
				return Str(s), err
			})
		},
		"__bool__": func(in *Interp, v Value) Value {
			switch v.(type) {
			case Int, Float, Bool, *BigInt, NoneType:
			default:
				return nil
			}
			return fn("__bool__", 0, 0, func(in *Interp, _ []Value) (Value, error) {
				b, err := in.Truth(v)
				return Bool(b), err
			})
		},
	}
	for op, name := range binaryNames {
		dunders["__"+name+"__"] = func(in *Interp, v Value) Value { return binaryDunder(v, syntax.Operator(op), name, false) }
		dunders["__r"+name+"__"] = func(in *Interp, v Value) Value { return binaryDunder(v, syntax.Operator(op), name, true) }
	}
	for op, name := range compareNames {
		dunders[name] = func(in *Interp, v Value) Value {
			return fn(name, 1, 1, func(in *Interp, a []Value) (Value, error) {
				r, err := in.Compare(syntax.Comparison(op), v, a[0])
				if Matches(err, TypeError) {
					return NotImplemented, nil
				}
				return r, err
			})
		}
	}
}

func isInstance(v Value) bool {
	_, ok := v.(*Instance)
	return ok
}

func iterable(v Value) bool {
	switch x := v.(type) {
	case *List, *Tuple, *Dict, *Set, *Range, Str:
		return true
	case *Instance:
		return x.class.lookup("__iter__") != nil
	case Iterable, Iterator:
		return true
	}
	return false
}

func binaryDunder(v Value, op syntax.Operator, name string, reflected bool) Value {
	_, operand := v.(Operand)
	_, seq := v.(sequence)
	if isInstance(v) || !isNumber(v) && !operand && (!seq || op != syntax.Add && op != syntax.Mul) {
		return nil
	}
	if reflected {
		name = "r" + name
	}
	return &Native{Name: "__" + name + "__", Min: 1, Max: 1, Fn: func(in *Interp, _ Value, a []Value) (Value, error) {
		if reflected {
			return in.binary(op, a[0], v)
		}
		return in.binary(op, v, a[0])
	}}
}
