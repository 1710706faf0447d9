package py

import "slices"

// This file gives classes abstract methods (module abc).

// AbstractMethod is a function that a class must override.
type AbstractMethod struct{ Fn Value }

var abstractType = newRooted("function")

// Type makes an AbstractMethod a Value.
func (*AbstractMethod) Type() *Type { return abstractType }

// Call runs the method's own body (through super()).
func (m *AbstractMethod) Call(in *Interp, a Args) (Value, error) { return in.Call(m.Fn, a) }

// abstract lists the abstract methods that a class did not override.
func (t *Type) abstract() []string {
	var names []string
	seen := map[string]bool{}
	for _, m := range t.mro {
		for _, n := range m.attrs.Names() {
			if seen[n] {
				continue
			}
			seen[n] = true
			v := m.attrs.Get(n)
			if p, ok := v.(*Property); ok {
				v = p.get
			}
			if _, ok := v.(*AbstractMethod); ok {
				names = append(names, n)
			}
		}
	}
	slices.Sort(names)
	return names
}

func abstractError(t *Type, names []string) error {
	list := joinStrings(names, ", ")
	return TypeError.New("Can't instantiate abstract class %s with abstract method%s %s", t.ShortName(), plural(len(names)), list)
}
