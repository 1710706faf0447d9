package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestEveryCommandTeaches: whatever does something shows by an example how it
// is called, and the example calls it.
func TestEveryCommandTeaches(t *testing.T) {
	seen := 0
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			visit(sub)
		}
		if c.HasSubCommands() || c.Hidden || !strings.HasPrefix(c.CommandPath(), "peerwatt ") {
			return
		}
		seen++
		if c.Short == "" || !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("%s: its help has no example of it:\n%s", c.CommandPath(), c.Example)
		}
	}
	visit(rootCommand())
	if seen < 10 {
		t.Errorf("only %d commands were looked at", seen)
	}
}
