package strict

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Entries returns the keys and values of a mapping.
func Entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// Entry returns the entry of a mapping under a key; nil if there is none.
func Entry(n ast.Node, key string) *ast.MappingValueNode {
	all, _ := Entries(n)
	for _, e := range all {
		if Scalar(e.Key) == key {
			return e
		}
	}
	return nil
}

// Remove takes a key out of a mapping.
func Remove(n ast.Node, key string) {
	if m, ok := n.(*ast.MappingNode); ok {
		m.Values = slices.DeleteFunc(m.Values, func(e *ast.MappingValueNode) bool { return Scalar(e.Key) == key })
	}
}

// Scalar returns the text of a key or of a value that is no mapping or list.
func Scalar(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return ""
	}
	return n.GetToken().Value
}

// Merge returns base overridden by over: mappings key by key, everything else
// as a whole; a key that is null in over is absent. Neither is changed.
func Merge(base, over ast.Node) ast.Node {
	below, ok := Entries(base)
	above, ok2 := Entries(over)
	if !ok || !ok2 {
		return over
	}
	merged := ast.Mapping(over.GetToken(), false)
	for _, e := range below {
		merged.Values = append(merged.Values, ast.MappingValue(e.Start, e.Key, e.Value))
	}
	for _, e := range above {
		key := Scalar(e.Key)
		switch old := Entry(merged, key); {
		case e.Value.Type() == ast.NullType:
			Remove(merged, key)
		case old != nil:
			old.Value = Merge(old.Value, e.Value)
		default:
			merged.Values = append(merged.Values, ast.MappingValue(e.Start, e.Key, e.Value))
		}
	}
	return merged
}

// Mapping returns a mapping with one entry that no file holds.
func Mapping(key, value string) ast.Node {
	text := func(s string) *ast.StringNode { return ast.String(token.String(s, s, &token.Position{})) }
	colon := token.MappingValue(&token.Position{})
	return ast.Mapping(colon, false, ast.MappingValue(colon, text(key), text(value)))
}

// ForgetLines takes the positions out of a preset, so that no error claims
// them to be in the user's file.
func ForgetLines(n ast.Node) {
	ast.Walk(noLines{}, n)
}

type noLines struct{}

func (v noLines) Visit(n ast.Node) ast.Visitor {
	if t := n.GetToken(); t != nil {
		t.Position = &token.Position{}
	}
	return v
}

// Child returns what stands under a key or an index such as "[3]"; nil if
// nothing does.
func Child(n ast.Node, key string) ast.Node {
	if index, ok := strings.CutPrefix(key, "["); ok {
		i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		list, isList := n.(*ast.SequenceNode)
		if err != nil || !isList || i >= len(list.Values) {
			return nil
		}
		return list.Values[i]
	}
	if e := Entry(n, key); e != nil {
		return e.Value
	}
	return nil
}

// LineOf returns the line of a node in the file read last; 0 if it comes from
// a preset.
func LineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
