package community

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// entries returns the keys and values of a mapping.
func entries(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// entry returns the entry of a mapping under a key; nil if there is none.
func entry(n ast.Node, key string) *ast.MappingValueNode {
	all, _ := entries(n)
	for _, e := range all {
		if scalar(e.Key) == key {
			return e
		}
	}
	return nil
}

// remove takes a key out of a mapping.
func remove(n ast.Node, key string) {
	if m, ok := n.(*ast.MappingNode); ok {
		m.Values = slices.DeleteFunc(m.Values, func(e *ast.MappingValueNode) bool { return scalar(e.Key) == key })
	}
}

// scalar returns the text of a key or of a value that is no mapping or list.
func scalar(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return ""
	}
	return n.GetToken().Value
}

// merge returns base overridden by over: mappings key by key, everything else
// as a whole; a key that is null in over is absent. Neither is changed.
func merge(base, over ast.Node) ast.Node {
	below, ok := entries(base)
	above, ok2 := entries(over)
	if !ok || !ok2 {
		return over
	}
	merged := ast.Mapping(over.GetToken(), false)
	for _, e := range below {
		merged.Values = append(merged.Values, ast.MappingValue(e.Start, e.Key, e.Value))
	}
	for _, e := range above {
		key := scalar(e.Key)
		switch old := entry(merged, key); {
		case e.Value.Type() == ast.NullType:
			remove(merged, key)
		case old != nil:
			old.Value = merge(old.Value, e.Value)
		default:
			merged.Values = append(merged.Values, ast.MappingValue(e.Start, e.Key, e.Value))
		}
	}
	return merged
}

// mapping returns a mapping with one entry that no file holds.
func mapping(key, value string) ast.Node {
	text := func(s string) *ast.StringNode { return ast.String(token.String(s, s, &token.Position{})) }
	colon := token.MappingValue(&token.Position{})
	return ast.Mapping(colon, false, ast.MappingValue(colon, text(key), text(value)))
}

// forgetLines takes the positions out of a preset, so that no error claims
// them to be in the user's file.
func forgetLines(n ast.Node) {
	ast.Walk(noLines{}, n)
}

type noLines struct{}

func (v noLines) Visit(n ast.Node) ast.Visitor {
	if t := n.GetToken(); t != nil {
		t.Position = &token.Position{}
	}
	return v
}
