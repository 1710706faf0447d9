package stdlib

import (
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/syntax"
)

// member is one member of an Enum.
type member struct {
	class *py.Type
	name  string
	value py.Value
}

// Type is the Enum's class.
func (m *member) Type() *py.Type { return m.class }

// GetAttr gives name and value.
func (m *member) GetAttr(_ *py.Interp, name string) (py.Value, error) {
	switch name {
	case "name", "_name_":
		return py.Str(m.name), nil
	case "value", "_value_":
		return m.value, nil
	}
	return nil, nil
}

// Repr is <Color.RED: 1>.
func (m *member) Repr(in *py.Interp) (string, error) {
	s, err := in.Repr(m.value)
	return "<" + m.class.ShortName() + "." + m.name + ": " + s + ">", err
}

// Str is Color.RED, or the value of an IntEnum or StrEnum.
func (m *member) Str(in *py.Interp) (string, error) {
	if m.class.Is(intEnumType) || m.class.Is(strEnumType) {
		return in.Str(m.value)
	}
	return m.class.ShortName() + "." + m.name, nil
}

// AsInt lets an IntEnum's member count as an int.
func (m *member) AsInt() (int64, bool) {
	n, ok := m.value.(py.Int)
	return int64(n), ok && m.class.Is(intEnumType)
}

// Binary is arithmetic of an IntEnum.
func (m *member) Binary(in *py.Interp, op syntax.Operator, other py.Value, reflected bool) (py.Value, error) {
	if !m.class.Is(intEnumType) && !m.class.Is(strEnumType) {
		return py.NotImplemented, nil
	}
	if o, ok := other.(*member); ok {
		other = o.value
	}
	if reflected {
		return in.Binary(op, other, m.value)
	}
	return in.Binary(op, m.value, other)
}

// Compare compares values of an IntEnum, identity of others.
func (m *member) Compare(in *py.Interp, op syntax.Comparison, other py.Value) (py.Value, error) {
	if !m.class.Is(intEnumType) && !m.class.Is(strEnumType) {
		return py.NotImplemented, nil
	}
	if o, ok := other.(*member); ok {
		other = o.value
	}
	return in.Compare(op, m.value, other)
}

// Hash goes with equality.
func (m *member) Hash(in *py.Interp) (int64, error) {
	if m.class.Is(intEnumType) || m.class.Is(strEnumType) {
		return in.Hash(m.value)
	}
	return in.Hash(py.Str(m.name))
}

// enumAuto is auto().
type enumAuto struct{}

var (
	enumType     = enumBase("Enum")
	intEnumType  = enumBase("IntEnum", enumType)
	strEnumType  = enumBase("StrEnum", enumType)
	enumAutoType = py.NewType("enum.auto")
)

func (enumAuto) Type() *py.Type { return enumAutoType }

func enumBase(name string, bases ...*py.Type) *py.Type {
	t := py.NewType("enum."+name, bases...).Open()
	t.Module = "enum"
	return t
}

func init() {
	enumAutoType.Constructor(func(*py.Interp, *py.Type, py.Args) (py.Value, error) { return enumAuto{}, nil })
	enumType.Derived(func(in *py.Interp, t *py.Type, body *py.Namespace) (*py.Type, error) {
		if err := in.AllocN(len(body.Names()), 256); err != nil {
			return nil, err
		}
		var members []*member
		last := py.Value(py.Int(0))
		for _, name := range body.Names() {
			v := body.Get(name)
			if strings.HasPrefix(name, "_") || py.IsDescriptor(v) {
				continue
			}
			if _, auto := v.(enumAuto); auto {
				var err error
				if t.Is(strEnumType) {
					v = py.Str(strings.ToLower(name))
				} else if v, err = in.Add(last, py.Int(1)); err != nil {
					return nil, err
				}
			}
			last = v
			m := &member{t, name, v}
			for _, old := range members { // an alias
				if eq, err := in.Equal(old.value, v); err != nil {
					return nil, err
				} else if eq {
					m = old
				}
			}
			if m.name == name {
				members = append(members, m)
			}
			t.Set(name, m)
		}
		t.Constructor(func(in *py.Interp, cls *py.Type, a py.Args) (py.Value, error) {
			if len(a.Pos) != 1 {
				return nil, py.Unsupported("making an Enum by call is not supported")
			}
			for _, m := range members {
				if eq, err := in.Equal(m.value, a.Pos[0]); eq || err != nil {
					return m, err
				}
			}
			return nil, py.ValueError.New("%s is not a valid %s", reprOf(in, a.Pos[0]), cls.Qualname())
		})
		list := func() []py.Value {
			out := make([]py.Value, len(members))
			for i, m := range members {
				out[i] = m
			}
			return out
		}
		t.ClassIter(list)
		t.ClassItem(func(in *py.Interp, _ *py.Type, key py.Value) (py.Value, error) {
			for _, m := range members {
				if py.Value(py.Str(m.name)) == key {
					return m, nil
				}
			}
			return nil, py.NewKeyError(key)
		})
		d := py.NewDict()
		for _, m := range members {
			d.SetStr(m.name, m)
		}
		t.Set("__members__", d)
		return t, nil
	})
}

func enumModule(*py.Interp) *py.Module {
	m := module("enum", fn("unique", 1, 1, func(_ *py.Interp, a []py.Value) (py.Value, error) { return a[0], nil }))
	m.Set("Enum", enumType)
	m.Set("IntEnum", intEnumType)
	m.Set("StrEnum", strEnumType)
	m.Set("auto", enumAutoType)
	return m
}
