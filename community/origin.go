package community

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// origin remembers where a scenario was read, so that a wrong value is
// reported with its line.
type origin struct {
	file string
	root ast.Node // after preset, changes and archetypes were merged
}

// at returns the file, with the line of a field such as "prosumers[3].bus"
// where that stands in the file, and not in the preset it starts from.
func (o *origin) at(path string) string {
	n := o.root
	line := lineOf(n)
	for key := range strings.SplitSeq(strings.ReplaceAll(path, "[", ".["), ".") {
		if n = child(n, key); n == nil {
			break
		}
		line = lineOf(n)
	}
	if line == 0 {
		return o.file
	}
	return fmt.Sprintf("%s:%d", o.file, line)
}

// child returns what stands under a key or an index such as "[3]"; nil if
// nothing does.
func child(n ast.Node, key string) ast.Node {
	if index, ok := strings.CutPrefix(key, "["); ok {
		i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		list, isList := n.(*ast.SequenceNode)
		if err != nil || !isList || i >= len(list.Values) {
			return nil
		}
		return list.Values[i]
	}
	if e := entry(n, key); e != nil {
		return e.Value
	}
	return nil
}

// lineOf returns the line of a node in the file read last; 0 if it comes from
// a preset.
func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// fieldError says that a field has a value it cannot have.
type fieldError struct {
	path  string // prosumers[3].bess.efficiency
	owner string // rural_0; empty outside the prosumers
	value any
	want  string
}

func (e fieldError) Error() string {
	owner := ""
	if e.owner != "" {
		owner = " (" + e.owner + ")"
	}
	return fmt.Sprintf("%s%s is %v: want %s", e.path, owner, e.value, e.want)
}
