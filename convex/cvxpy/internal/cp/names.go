package cp

import (
	_ "embed"
	"slices"
	"strings"
)

// realNames lists what cvxpy's module and objects have (a name that is there and
// not here is this package's gap, any other is the program's mistake), and which
// of its modules define the classes.
//
//go:embed names.txt
var realNames string

func namesOf(what string) []string {
	for line := range strings.Lines(realNames) {
		if name, list, _ := strings.Cut(strings.TrimSpace(line), ":"); name == what {
			return strings.Fields(list)
		}
	}
	return nil
}

// moduleOf is the module that defines a class.
func moduleOf(class string) string {
	for line := range strings.Lines(realNames) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		if m, ok := strings.CutPrefix(name, "module "); ok && slices.Contains(strings.Fields(list), class) {
			return m
		}
	}
	return "cvxpy"
}
