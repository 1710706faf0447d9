package community

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/peerwatt/peerwatt/strict"
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
	line := strict.LineOf(n)
	for key := range strings.SplitSeq(strings.ReplaceAll(path, "[", ".["), ".") {
		if n = strict.Child(n, key); n == nil {
			break
		}
		line = strict.LineOf(n)
	}
	if line == 0 {
		return o.file
	}
	return fmt.Sprintf("%s:%d", o.file, line)
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
