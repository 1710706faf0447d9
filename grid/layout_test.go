package grid

import (
	"testing"

	"pgregory.net/rapid"
)

// TestLayout: no two buses share a place, no two branches of a tree cross, and
// every bus stands one step right of its parent.
func TestLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := randomNetwork(0).Draw(t, "network")
		checkLayout(t, n)
	})
	checkLayout(t, Case141())
}

func checkLayout(t interface{ Fatalf(string, ...any) }, n *Network) {
	at := n.Layout()
	tree, err := n.Tree()
	if err != nil {
		t.Fatalf("%v", err)
	}
	taken := map[Point]bool{}
	for _, p := range at {
		if taken[p] {
			t.Fatalf("two buses stand at %v", p)
		}
		taken[p] = true
	}
	for a, pa := range tree.Parent {
		if pa >= 0 && at[a].X != at[pa].X+1 {
			t.Fatalf("bus %d stands at %v, its parent at %v", n.Buses[a].ID, at[a], at[pa])
		}
		for b, pb := range tree.Parent {
			if pa < 0 || pb < 0 || at[a].X != at[b].X || pa == pb {
				continue
			}
			if (at[a].Y < at[b].Y) != (at[pa].Y < at[pb].Y) {
				t.Fatalf("the branches to buses %d and %d cross", n.Buses[a].ID, n.Buses[b].ID)
			}
		}
	}
}
