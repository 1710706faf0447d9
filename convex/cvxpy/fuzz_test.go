package cvxpy

import (
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// fuzzBudget is small, so that many programs run in little time.
func fuzzBudget() Budget {
	return Budget{Steps: 30_000, Bytes: 8 << 20, Depth: 200, Output: 1 << 12, Time: 10 * time.Second}
}

// FuzzRun runs whatever comes: it may fail, but only with a clear error.
func FuzzRun(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c.source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		runCounted(t, source, fuzzBudget())
	})
}

// corpus is all programs of testdata.
func corpus(tb testing.TB) []chunk {
	var list []chunk
	for _, path := range programFiles(tb) {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, chunks(string(text))...)
	}
	for _, path := range expertFiles(tb) {
		sources := expertSources(tb, path)
		for _, name := range slices.Sorted(maps.Keys(sources)) {
			list = append(list, chunk{name, sources[name]})
		}
	}
	return list
}

var words = regexp.MustCompile(`\w+|[^\w\s]|\s+`)

// Pieces that mutations put in place of a piece of the same kind.
var (
	names = []string{
		"x", "self", "a", "b", "f", "np", "len", "sum", "max", "sorted", "iter", "next", "zip", "map", "print", "str", "int",
		"list", "dict", "set", "isinstance", "getattr", "append", "shape", "items", "join", "format", "__class__", "__init__",
		"__add__", "__eq__", "__len__", "range", "math", "sqrt", "reshape", "T", "None", "True",
		"cp", "Variable", "multiply", "maximum", "value", "solve", "norm", "time_slot", "constraints", "hstack", "square",
	}
	numbers   = []string{"0", "1", "2", "-1", "1e308", "10**30", "2**63", "10**9", "0.1", "1e-320", "1000000", "float('nan')"}
	operators = []string{"+", "-", "*", "/", "//", "%", "**", "@", "<", ">", "&", "|", "^"}
	values    = []string{
		"None", "''", "[]", "{}", "()", "range(10**9)", "lambda x: x", "[0][::-1]", "f'{1:>10}'", "'a' * 10**7", "[0] * 10**6",
		"np.array([1.0, 2.0])", "np.zeros((2, 0))", "np.float64(1)", "(i for i in range(10**9))", "[x for x in range(10**9)]",
		"cp.Variable(3)", "cp.Variable((2, 3))", "cp.Variable(10**9)", "cp.Variable(10**5)", "cp.Variable(0)", "cp.Parameter(value=2)",
		"cp.Constant(np.ones((3, 3)))", "cp.norm(cp.Variable(4))", "cp.kron(np.ones((300, 300)), np.ones((300, 300)))",
		"sum(range(10**9))", "__import__('os')", "super()", "(x := 3)", "2 ** 10 ** 8", "1 if 0 else 2",
	}
	pieces = []string{
		"\n", "\n    ", ":", ",", "(", ")", "[", "]", "{", "}", "while True:", "try:", "except:", "finally:", "yield ", "return ",
		"raise ", "del ", "global x", "import os", "class A:", "def f():", "*args", "**kw", "\\", "#", "'", "\"", "else:", "lambda:",
	}
)

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// mutate changes a program in a few places: mostly a name for a name, a number
// for a number, an operator for an operator, so that most results still run.
func mutate(r *rand.Rand, a, b string) string {
	toks, other := words.FindAllString(a, -1), words.FindAllString(b, -1)
	if len(toks) == 0 || len(other) == 0 {
		return a
	}
	for range 1 + r.IntN(4) {
		i := r.IntN(len(toks))
		t := toks[i]
		switch c := t[0]; {
		case r.IntN(40) == 0:
			toks[i] = pick(r, pieces)
		case r.IntN(40) == 0:
			toks[i] += pick(r, other)
		case c >= '0' && c <= '9':
			toks[i] = pick(r, append(numbers, values...))
		case strings.Contains("+-*/%@<>&|^", t):
			toks[i] = pick(r, operators)
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			switch r.IntN(4) {
			case 0:
				toks[i] = pick(r, values)
			case 1:
				toks[i] = pick(r, other)
			default:
				toks[i] = pick(r, names)
			}
		}
	}
	return strings.Join(toks, "")
}

// TestFuzzedPrograms runs ten thousand programs that differ from those of
// testdata in a few places: each ends within its budget, with a clear error if
// with one.
func TestFuzzedPrograms(t *testing.T) {
	programs := corpus(t)
	r := rand.New(rand.NewPCG(1, 2))
	ends := map[string]int{}
	for range 10_000 {
		source := mutate(r, programs[r.IntN(len(programs))].source, programs[r.IntN(len(programs))].source)
		class, allocated := runCounted(t, source, fuzzBudget())
		ends[class]++
		if limit := uint64(fuzzBudget().Bytes) * 8; allocated > limit {
			t.Errorf("allocated %d MB of at most %d:\n%s", allocated>>20, limit>>20, source)
		}
		if class == "InternalError" || class == "ArgumentError" {
			t.Errorf("%s:\n%s", class, source)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("how they ended: %v", ends)
	for _, class := range []string{"None", "SyntaxError", "NameError", "TypeError", "BudgetError"} {
		if ends[class] == 0 {
			t.Errorf("no program ended in %s: the mutations do not reach far", class)
		}
	}
}
