package py

import (
	_ "embed"
	"slices"
	"strings"
)

// realNames lists what CPython's built-in types have: a name that is there and
// not here is the interpreter's gap, any other is the program's mistake.
//
//go:embed names.txt
var realNames string

func init() {
	types := map[string]*Type{}
	for _, t := range []*Type{
		ObjectType, IntType, BoolType, FloatType, StrType, ListType, TupleType, DictType, SetType, FrozenSetType,
		rangeType, sliceType, TypeType, functionType, generatorType, propertyType, noneType, BaseException,
		methodType, viewTypes[0], viewTypes[1], viewTypes[2], nativeType, moduleType,
	} {
		types[t.Name] = t
	}
	for line := range strings.Lines(realNames) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "builtins" {
			have := builtinNames()
			builtinDir = strings.Fields(list)
			for _, n := range builtinDir {
				if have.Get(n) == nil && !strings.HasPrefix(n, "_") {
					unsupportedBuiltin[n] = true
				}
			}
			continue
		}
		types[name].Real(strings.Fields(list)...)
	}
}

// builtinDir lists CPython's built-in names in their order there.
var builtinDir []string

// unsupportedBuiltin holds the built-in names of CPython that are not here.
var unsupportedBuiltin = map[string]bool{}

// Real says which attributes the type has in Python.
func (t *Type) Real(names ...string) *Type {
	t.real = append(t.real, names...)
	slices.Sort(t.real)
	return t
}

// pythonNames lists what the type itself has in Python.
func pythonNames(t *Type) []string { return t.real }

// missingInPython returns an UnsupportedError where Python has the attribute.
func missingInPython(t *Type, name string) error {
	for _, m := range t.mro {
		if _, ok := slices.BinarySearch(m.real, name); ok {
			if m == ObjectType && t.heap {
				return nil
			}
			return Unsupported("%s.%s is not supported", t.ShortName(), name)
		}
	}
	return nil
}
