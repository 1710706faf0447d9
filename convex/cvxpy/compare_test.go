package cvxpy

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// comparison compares two answers.
type comparison struct {
	want, got      *expertRun
	entries, loose int // entries of variables, and those not unique
}

// run describes the first difference, "" where there is none.
func (c *comparison) run() string {
	w, g := c.want, c.got
	if d := cmp.Diff(w.Error, g.Error); d != "" {
		return "error (-CPython +here):\n" + d
	}
	if len(w.Solves) != len(g.Solves) {
		return fmt.Sprintf("%d solves, here %d", len(w.Solves), len(g.Solves))
	}
	for k := range w.Solves {
		if d := c.solve(&w.Solves[k], &g.Solves[k]); d != "" {
			return fmt.Sprintf("solve %d: %s", k, d)
		}
	}
	exact := c.loose == 0
	if d := sameText(w.Stdout, g.Stdout, exact); d != "" {
		return "printed: " + d
	}
	return sameValue("returned", w.Returned, g.Returned, reachOf(w.Returned), exact)
}

func (c *comparison) solve(w, g *expertSolve) string {
	if w.Status != g.Status {
		return fmt.Sprintf("status %s, here %s (objectives %v, %v)", w.Status, g.Status, w.Objective, g.Objective)
	}
	if !near(w.Objective, g.Objective, 1e-6) {
		return fmt.Sprintf("objective %v, here %v", w.Objective, g.Objective)
	}
	if len(w.Variables) != len(g.Variables) {
		return fmt.Sprintf("%d variables, here %d", len(w.Variables), len(g.Variables))
	}
	for k, v := range w.Variables {
		x := g.Variables[k]
		if v.Name != x.Name && !automatic.MatchString(v.Name) || len(v.Value) != len(x.Value) {
			return fmt.Sprintf("variable %d is %s with %d entries, here %s with %d", k, v.Name, len(v.Value), x.Name, len(x.Value))
		}
		reach := reachOf(v.Value)
		c.entries += len(v.Value)
		c.loose += len(v.Loose)
		for i := range v.Value {
			a, okA := v.Value[i].(float64)
			b, okB := x.Value[i].(float64)
			if !okA || !okB {
				return fmt.Sprintf("%s[%d] is %v, here %v", v.Name, i, v.Value[i], x.Value[i])
			}
			if !slices.Contains(v.Loose, i) && math.Abs(a-b) > 1e-4*reach {
				return fmt.Sprintf("%s[%d] is %v, here %v", v.Name, i, a, b)
			}
		}
	}
	return ""
}

// automatic is the name of a variable that was given none.
var automatic = regexp.MustCompile(`^var\d+$`)

// reachOf is the range of the numbers in a value, at least 0.01.
func reachOf(v any) float64 {
	reach := 0.01
	switch v := v.(type) {
	case float64:
		reach = math.Max(reach, math.Abs(v))
	case []any:
		for _, x := range v {
			reach = math.Max(reach, reachOf(x))
		}
	}
	return reach
}

func near(a, b any, tolerance float64) bool {
	x, okX := a.(float64)
	y, okY := b.(float64)
	if !okX || !okY {
		return okX == okY && a == b
	}
	return math.Abs(x-y) <= tolerance*math.Max(1, math.Abs(x))
}

// sameValue compares what was returned; numbers only where exact.
func sameValue(path string, w, g any, reach float64, exact bool) string {
	differ := func() string { return fmt.Sprintf("%s is %v, here %v", path, w, g) }
	switch x := w.(type) {
	case float64:
		y, ok := g.(float64)
		if !ok || exact && math.Abs(x-y) > 1e-4*reach {
			return differ()
		}
	case []any:
		y, ok := g.([]any)
		if !ok || len(x) != len(y) {
			return differ()
		}
		for k := range x {
			inner := reach
			if _, isNumber := x[k].(float64); !isNumber {
				inner = reachOf(x[k])
			}
			if d := sameValue(fmt.Sprintf("%s[%d]", path, k), x[k], y[k], inner, exact); d != "" {
				return d
			}
		}
	case map[string]any:
		y, ok := g.(map[string]any)
		if !ok || len(x) != len(y) {
			return differ()
		}
		for k := range x {
			if _, there := y[k]; !there {
				return differ()
			}
			if d := sameValue(path+"["+strconv.Quote(k)+"]", x[k], y[k], reachOf(x[k]), exact); d != "" {
				return d
			}
		}
	default:
		if w != g {
			return differ()
		}
	}
	return ""
}

var printedNumber = regexp.MustCompile(`-?\d+\.?\d*(?:[eE][-+]?\d+)?`)

// sameText compares what was printed: the words exactly, numbers as numbers
// where exact.
func sameText(w, g string, exact bool) string {
	a, b := printedNumber.FindAllString(w, -1), printedNumber.FindAllString(g, -1)
	blank := func(s string) string {
		return strings.Join(strings.Fields(printedNumber.ReplaceAllString(s, "#")), " ")
	}
	if blank(w) != blank(g) {
		return fmt.Sprintf("%q, here %q", w, g)
	}
	for k := range a {
		x, _ := strconv.ParseFloat(a[k], 64)
		y, _ := strconv.ParseFloat(b[k], 64)
		if exact && math.Abs(x-y) > 1e-3*math.Max(1, math.Abs(x)) {
			return fmt.Sprintf("%q, here %q", w, g)
		}
	}
	return ""
}
