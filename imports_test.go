// Package peerwatt_test holds what concerns the whole module: the order in
// which its packages may import each other.
package peerwatt_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/peerwatt/peerwatt"

// order lists the packages from mathematics to use. A package may import only
// those that stand before it.
var order = []string{
	"convex/conic", "convex", "convex/cvxpy", "nn/kernel", "nn",
	"strict", "profile", "grid", "community", "market", "expert/reference", "dso", "env",
	"expert/llm", "expert", "marl/replay", "marl",
	"experiment", "live",
	"cmd/peerwatt",
}

// forbidden names imports that the order would allow but the design does not:
// mathematics knows nothing of energy, and learners meet experts only at env.
func forbidden(from, to string) bool {
	top := func(p string) string { return strings.Split(p, "/")[0] }
	switch {
	case top(from) == "convex":
		return top(to) != "convex"
	case top(from) == "nn":
		return top(to) != "nn"
	case top(from) == "marl":
		return top(to) == "expert"
	}
	return false
}

func TestImportsPointUpwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from, inside := strings.CutPrefix(p.ImportPath, module+"/")
		if !inside {
			continue
		}
		seen++
		rank := slices.Index(order, owner(from))
		if rank < 0 {
			t.Errorf("%s is not on the map: a new folder needs a reason that the list cannot hold", from)
			continue
		}
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			to, ours := strings.CutPrefix(imp, module+"/")
			if !ours || owner(to) == owner(from) {
				continue
			}
			if slices.Index(order, owner(to)) >= rank || forbidden(owner(from), owner(to)) {
				t.Errorf("%s imports %s, which does not stand above it", from, to)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no package of the module was looked at")
	}
}

// owner maps a folder inside a package (an embedded generator, internal data)
// to the package of the list that it belongs to.
func owner(path string) string {
	for p := path; ; {
		if slices.Contains(order, p) {
			return p
		}
		i := strings.LastIndex(p, "/")
		if i < 0 {
			return path
		}
		p = p[:i]
	}
}
