package py

import "slices"

// Namespace holds named values in the order in which they came. The zero value
// is empty.
type Namespace struct {
	vars  map[string]Value
	names []string
}

// Get returns nil for a name that is not there.
func (n *Namespace) Get(name string) Value { return n.vars[name] }

// Set binds a name.
func (n *Namespace) Set(name string, v Value) {
	if n.vars == nil {
		n.vars = map[string]Value{}
	}
	if _, ok := n.vars[name]; !ok {
		n.names = append(n.names, name)
	}
	n.vars[name] = v
}

// Delete reports whether the name was there.
func (n *Namespace) Delete(name string) bool {
	if _, ok := n.vars[name]; !ok {
		return false
	}
	delete(n.vars, name)
	n.names = slices.DeleteFunc(n.names, func(s string) bool { return s == name })
	return true
}

// Names lists the names in order of definition.
func (n *Namespace) Names() []string { return n.names }

// dict copies the namespace into a Python dict.
func (n *Namespace) dict() *Dict {
	d := NewDict()
	for _, name := range n.names {
		d.SetStr(name, n.vars[name])
	}
	return d
}
