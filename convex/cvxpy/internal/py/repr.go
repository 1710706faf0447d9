package py

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Repr is repr(v).
func (in *Interp) Repr(v Value) (string, error) {
	if err := in.Step(1); err != nil {
		return "", err
	}
	switch x := v.(type) {
	case Str:
		if err := in.AllocN(len(x), 2); err != nil {
			return "", err
		}
		return quote(string(x)), nil
	case Int:
		return strconv.FormatInt(int64(x), 10), nil
	case Float:
		return FormatFloat(float64(x)), nil
	case Bool:
		if x {
			return "True", nil
		}
		return "False", nil
	case NoneType:
		return "None", nil
	case *BigInt:
		return in.bigText(x)
	case ellipsisType:
		return "Ellipsis", nil
	case notImplementedType:
		return "NotImplemented", nil
	case Reprer:
		if err := in.Enter(" while calling a Python object"); err != nil {
			return "", err
		}
		defer in.Leave()
		return x.Repr(in)
	}
	return in.reprContainer(v)
}

func (in *Interp) reprContainer(v Value) (string, error) {
	if err := in.Enter(" while getting the repr of an object"); err != nil {
		return "", err
	}
	defer in.Leave()
	if t := v.Type(); t.repr != nil {
		return t.repr(in, v)
	}
	switch x := v.(type) {
	case *List:
		return in.reprItems(v, "[", "]", x.Items)
	case *Tuple:
		if len(x.Items) == 1 {
			return in.reprItems(v, "(", ",)", x.Items)
		}
		return in.reprItems(v, "(", ")", x.Items)
	case *Set:
		return in.reprSet(x)
	case *Dict:
		return in.reprDict(x)
	case *SliceValue:
		s, err := in.reprItems(nil, "slice(", ")", []Value{x.Start, x.Stop, x.Step})
		return s, err
	}
	return in.defaultRepr(v), nil
}

// reprItems prints a container; one that contains itself prints as [...].
func (in *Interp) reprItems(v Value, open, closing string, items []Value) (string, error) {
	if v != nil {
		if in.printing[v] {
			return open + "..." + closing, nil
		}
		if in.printing == nil {
			in.printing = map[Value]bool{}
		}
		in.printing[v] = true
		defer delete(in.printing, v)
	}
	var b strings.Builder
	b.WriteString(open)
	for i, x := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		s, err := in.Repr(x)
		if err != nil {
			return "", err
		}
		if err := in.Alloc(2*len(s) + 4); err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	b.WriteString(closing)
	return b.String(), nil
}

func (in *Interp) reprSet(s *Set) (string, error) {
	open, closing := "{", "}"
	if s.frozen {
		open, closing = "frozenset({", "})"
	}
	if s.used == 0 {
		return s.Type().Name + "()", nil
	}
	return in.reprItems(s, open, closing, s.Keys())
}

func (in *Interp) reprDict(d *Dict) (string, error) {
	if in.printing[d] {
		return "{...}", nil
	}
	if in.printing == nil {
		in.printing = map[Value]bool{}
	}
	in.printing[d] = true
	defer delete(in.printing, d)
	var parts []string
	var err error
	d.Range(func(k, v Value) bool {
		var ks, vs string
		if ks, err = in.Repr(k); err != nil {
			return false
		}
		if vs, err = in.Repr(v); err != nil {
			return false
		}
		err = in.Alloc(2 * (len(ks) + len(vs) + 4))
		parts = append(parts, ks+": "+vs)
		return err == nil
	})
	return d.wrapRepr(in, "{"+strings.Join(parts, ", ")+"}"), err
}

// wrapRepr adds what subclasses of dict print around their items.
func (d *Dict) wrapRepr(in *Interp, items string) string {
	if d.class == nil || d.class.heap {
		return items
	}
	name := d.class.ShortName()
	switch {
	case name == "defaultdict":
		factory := "None"
		if d.Note != nil {
			factory, _ = in.Repr(d.Note)
		}
		return name + "(" + factory + ", " + items + ")"
	case d.used == 0:
		return name + "()"
	}
	return name + "(" + items + ")"
}

// defaultRepr prints objects that have no repr of their own. Addresses are the
// numbers of id(), so that runs repeat.
func (in *Interp) defaultRepr(v Value) string {
	at := func(what string) string { return fmt.Sprintf("<%s at 0x%x>", what, 0x7f0000000000+16*in.id(v)) }
	switch x := v.(type) {
	case *Type:
		return "<class '" + x.fullName() + "'>"
	case *Function:
		return at("function " + x.qualname)
	case *Native:
		if x.owner != nil {
			return "<method '" + x.Name + "' of '" + x.owner.ShortName() + "' objects>"
		}
		if strings.HasPrefix(x.Name, "__") {
			return at("method-wrapper '" + x.Name + "' of an object")
		}
		return "<built-in function " + x.Name + ">"
	case *BoundMethod:
		if n, ok := x.Fn.(*Native); ok {
			return at("built-in method " + n.Name + " of " + x.Self.Type().Name + " object")
		}
		if f, ok := x.Fn.(*Function); ok {
			s, _ := in.Repr(x.Self)
			return "<bound method " + f.qualname + " of " + s + ">"
		}
	case *Module:
		return "<module '" + x.Name + "'>"
	case *Generator:
		return at("generator object " + x.name)
	case *Instance:
		return at(x.class.fullName() + " object")
	}
	return at(v.Type().Name + " object")
}

func (t *Type) fullName() string {
	name := t.ShortName()
	if t.qualname != "" {
		name = t.qualname
	}
	if t.Module == "builtins" || t.Module == "" {
		return name
	}
	return t.Module + "." + name
}

// bigText is the decimal form of a big int, which CPython bounds.
func (in *Interp) bigText(x *BigInt) (string, error) {
	if x.big.BitLen() > maxDigits*10/3+10 {
		return "", ValueError.New("Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxDigits)
	}
	s := x.big.String()
	if len(strings.TrimPrefix(s, "-")) > maxDigits {
		return "", ValueError.New("Exceeds the limit (%d digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit", maxDigits)
	}
	return s, in.Alloc(len(s))
}

// maxDigits is CPython's limit for conversions between int and decimal str.
const maxDigits = 4300

// FormatFloat is repr of a float: the shortest digits that give it back.
func FormatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// Str is str(v).
func (in *Interp) Str(v Value) (string, error) {
	switch x := v.(type) {
	case Str:
		return string(x), nil
	case Strer:
		if err := in.Enter(" while calling a Python object"); err != nil {
			return "", err
		}
		defer in.Leave()
		return x.Str(in)
	}
	return in.Repr(v)
}
