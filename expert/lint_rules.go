package expert

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

// addsOnly is a statement that adds to a list or a sum.
var addsOnly = regexp.MustCompile(`^[ \t]*\w+(\.append\(|\.extend\(|[ \t]*\+=)`)

// rule mends one kind of mistake: where an exception's class and text fit, it
// changes the statement that raised it, or with whole set the program.
type rule struct {
	name  string
	class string // "" fits all
	text  *regexp.Regexp
	whole bool
	mend  func(p place) string
}

// place is where a rule applies.
type place struct {
	code               string   // what is changed: the statement, or the program
	statement, program string   // in any case
	groups             []string // of the exception's text
	known
}

// replacing is a mend that replaces what an expression finds.
func replacing(find, by string) func(place) string {
	re := regexp.MustCompile(find)
	return func(p place) string { return re.ReplaceAllString(p.code, by) }
}

// mend changes code so that it does not fail in this way any more. The fix is nil
// where no rule does.
func mend(source string, k known, err error) (string, *Fix) {
	class, text, line := "", err.Error(), 0
	var e *cvxpy.Error
	if errors.As(err, &e) {
		class, text, line = e.Class, strings.TrimSpace(e.Text), e.Line
	}
	lines := strings.Split(source, "\n")
	from, to := statementAt(lines, line-1)
	for _, r := range rules {
		groups := r.text.FindStringSubmatch(text)
		if r.class != "" && r.class != class || groups == nil || !r.whole && from < 0 {
			continue
		}
		p := place{code: source, program: source, groups: groups, known: k}
		if from >= 0 {
			p.statement = strings.Join(lines[from:to], "\n")
		}
		var mended string
		if r.whole {
			mended = r.mend(p)
		} else {
			p.code = p.statement
			mended = strings.Join(slices.Concat(lines[:from], []string{r.mend(p)}, lines[to:]), "\n")
		}
		if mended != source {
			at := firstDifference(lines, strings.Split(mended, "\n"))
			return mended, &Fix{Rule: r.name, Line: at + 1, Text: strings.TrimSpace(strings.Split(mended+"\n", "\n")[at])}
		}
	}
	return source, nil
}

// firstDifference is the first line in which two programs differ.
func firstDifference(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// inCvxpy turns numpy's functions into those of cvxpy.
func inCvxpy(p place) string {
	names := map[string]string{
		"absolute": "abs", "fabs": "abs", "array": "hstack", "asarray": "hstack", "concatenate": "hstack", "append": "hstack", "linalg.norm": "norm",
	}
	return numpyFunction.ReplaceAllStringFunc(p.code, func(call string) string {
		name := strings.TrimSuffix(call[strings.IndexByte(call, '.')+1:], "(")
		if other, ok := names[name]; ok {
			name = other
		}
		return "cp." + name + "("
	})
}

// earlierInCvxpy does so where names of the statement were given their values: an
// array of expressions fails only once it is used.
func earlierInCvxpy(p place) string {
	lines := strings.Split(p.code, "\n")
	for i, line := range lines {
		m := assigned.FindStringSubmatch(line)
		if m != nil && slices.Contains(identifier.FindAllString(p.statement, -1), m[1]) {
			lines[i] = inCvxpy(place{code: line})
		}
	}
	return strings.Join(lines, "\n")
}

var (
	assigned   = regexp.MustCompile(`^[ \t]*(\w+)[ \t]*=[ \t]*(?:np|numpy)\.(?:hstack|vstack|array|concatenate|cumsum|append)\(.*[A-Za-z_]`)
	identifier = regexp.MustCompile(`[A-Za-z_]\w*`)
)

var numpyFunction = regexp.MustCompile(`\b(?:np|numpy)\.(maximum|minimum|max|min|abs|absolute|fabs|square|sqrt|power|sum|multiply|hstack|vstack|cumsum|diff|array|asarray|concatenate|linalg\.norm)\(`)

var renamed = map[string]string{
	"mul_elemwise": "multiply", "mul": "multiply", "sum_entries": "sum", "max_elemwise": "maximum", "min_elemwise": "minimum", "max_entries": "max", "dot": "scalar_product",
	"absolute": "abs", "concatenate": "hstack", "l1_norm": "norm1", "Minimise": "Minimize",
}

// rules are tried in order.
var rules = []rule{
	{"marks of Markdown", "SyntaxError", regexp.MustCompile(``), true, replacing("(?m)^[ \t]*```.*$\n?", "")},
	{"dots left over", "SyntaxError", regexp.MustCompile(``), true, replacing(`,[ \t]*\.\.\.[ \t]*([}\])])`, "$1")},
	{"missing import", "NameError", regexp.MustCompile(`^name '(cp|cvxpy|np|numpy)' is not defined`), true, func(p place) string {
		return map[string]string{"cp": "import cvxpy as cp", "cvxpy": "import cvxpy", "np": "import numpy as np", "numpy": "import numpy"}[p.groups[1]] + "\n" + p.code
	}},
	{"symbol without a value", "NameError", regexp.MustCompile(`^name '(\w+)' is not defined$`), true, withSymbol},
	{"import that is not there", "", regexp.MustCompile(`(?i)import|module`), false, replacing(`^([ \t]*)(?:import|from)[ \t](?s:.*)$`, "${1}pass")},
	{"name of the function", "NameError", regexp.MustCompile(`must define the function prosumer\(state\); it defines (\w+)$`), true, func(p place) string {
		return strings.Replace(p.code, "def "+p.groups[1]+"(", "def prosumer(", 1)
	}},
	{"key of the state", "KeyError", regexp.MustCompile(`^['"](.+)['"]$`), true, withKey},
	{"chained comparison", "Exception", regexp.MustCompile(`^Cannot evaluate the truth value of a constraint`), false, unchained},
	{"function of numpy", "", regexp.MustCompile(`calling a NumPy function|Expression\.\w+\(\) got an unexpected keyword|setting an array element with a sequence|diff requires input|all the input arrays must have|truth value of a constraint`), false, inCvxpy},
	{"function of numpy", "", regexp.MustCompile(`setting an array element with a sequence|truth value of a constraint|object does not support`), true, earlierInCvxpy},
	{"built-in function", "NotImplementedError", regexp.MustCompile(`^Strict inequalities`), false, func(p place) string {
		return builtinOfOne.ReplaceAllString(builtinOfTwo.ReplaceAllString(p.code, "${1}cp.${2}imum(${3}"), "${1}cp.$2(")
	}},
	{"built-in function", "TypeError", regexp.MustCompile(`built-in abs function`), false, replacing(`(^|[^\w.])abs\(`, "${1}cp.abs(")},
	{"strict inequality", "NotImplementedError", regexp.MustCompile(`^Strict inequalities`), false, replacing(`([^<>=!])([<>])([^<>=])`, "$1$2=$3")},
	{"solver that is not there", "", regexp.MustCompile(`is not installed|has no attribute '[A-Z_]+'`), false, replacing(`solver[ ]*=[ ]*[\w."']+`, "solver=cp.CLARABEL")},
	{"function of numpy", "AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(zeros|ones|inf|pi|array|asarray|arange|eye|where|clip|full)'`), false, func(p place) string {
		return strings.ReplaceAll(p.code, "cp."+p.groups[1], "np."+p.groups[1])
	}},
	{"function of cvxpy", "AttributeError", regexp.MustCompile(`^module 'numpy' has no attribute '(Variable|sum_squares|pos|neg|norm|quad_form|Problem|Minimize)'`), false, func(p place) string {
		return strings.ReplaceAll(p.code, "np."+p.groups[1], "cp."+p.groups[1])
	}},
	{"name in cvxpy", "AttributeError", regexp.MustCompile(`^module 'cvxpy' has no attribute '(\w+)'`), false, func(p place) string {
		if name, ok := renamed[p.groups[1]]; ok {
			return strings.ReplaceAll(p.code, "cp."+p.groups[1]+"(", "cp."+name+"(")
		}
		return p.code
	}},
	{"list among constraints", "", regexp.MustCompile(`invalid constraint of type <class 'list'>|^constraints\[\d+\] is a list`), true, replacing(`(\w+)\.append\(\[(.*)\]\)`, "$1 += [$2]")},
	{"assignment to a variable", "TypeError", regexp.MustCompile(`^'\w+' object does not support item assignment`), false, func(p place) string {
		list := listOfConstraints.FindStringSubmatch(p.program)
		if list == nil {
			return p.code
		}
		return assignment.ReplaceAllString(p.code, "${1}"+list[1]+".append($2 == $3)")
	}},
	{"difference of one step", "ValueError", regexp.MustCompile(`^Must have k >= 0 and X must have < k`), false, replacing(`cp\.diff\((\w+)\)`, "($1[1:] - $1[:-1])")},
	{"root of squares", "DCPError", regexp.MustCompile(``), true, replacing(`cp\.sqrt\((?:cp\.square\((\w+)\)|(\w+)[ ]?\*\*[ ]?2) \+ (?:cp\.square\((\w+)\)|(\w+)[ ]?\*\*[ ]?2)\)`, "cp.norm(cp.vstack([$1$2, $3$4]), axis=0)")},
	{"objective instead of cost", "", regexp.MustCompile(`without cp\.Minimize$`), true, replacing(`\b(?:cp|cvxpy)\.Minimize\(`, "(")},
}

var (
	builtinOfTwo      = regexp.MustCompile(`(^|[^\w.])(max|min)\(([^()]*(?:\([^()]*\)[^()]*)*,)`)
	builtinOfOne      = regexp.MustCompile(`(^|[^\w.])(max|min)\(`)
	listOfConstraints = regexp.MustCompile(`(?m)^[ \t]*(con\w*)[ \t]*=[ \t]*\[`)
	assignment        = regexp.MustCompile(`^([ \t]*)(\w+\[[^\]=]*\])[ \t]*=[ \t]*([^=](?s:.*))$`)
	chain             = regexp.MustCompile(`(?s)^([ \t]*)(.*?)([^<>=!])(<=|>=|==)(.*?)(<=|>=|==)(.*?)([ \t]*)$`)
	appended          = regexp.MustCompile(`^([ \t]*)(\w+)\.append\(((?s:.*))\)[ \t]*$`)
)

// unchained writes comparisons such as 0 <= x <= 5, in a list or appended to one,
// as two.
func unchained(p place) string {
	if m := appended.FindStringSubmatch(p.code); m != nil {
		if two := unchainedItem(m[3]); two != m[3] {
			return m[1] + m[2] + " += [" + two + "]"
		}
	}
	open := strings.IndexByte(p.code, '[')
	end := strings.LastIndexByte(p.code, ']')
	if open < 0 || end < open {
		return p.code
	}
	var items []string
	for _, item := range itemsOf(p.code[open+1 : end]) {
		items = append(items, unchainedItem(item))
	}
	return p.code[:open+1] + strings.Join(items, ",") + p.code[end:]
}

func unchainedItem(item string) string {
	m := chain.FindStringSubmatch(item)
	if m == nil || strings.Contains(item, " for ") {
		return item
	}
	middle := strings.TrimSpace(m[5])
	return m[1] + m[2] + m[3] + m[4] + " " + middle + ", " + middle + " " + m[6] + m[7] + m[8]
}

// itemsOf splits what stands in a list at its commas.
func itemsOf(list string) []string {
	var items []string
	depth, quote, from := 0, "", 0
	for i := range len(list) {
		depth, quote = scan(list[i:i+1], depth, quote)
		if depth == 0 && list[i] == ',' {
			items, from = append(items, list[from:i]), i+1
		}
	}
	return append(items, list[from:])
}

var beginOfFunction = regexp.MustCompile(`(?m)^([ \t]*)def[ \t]+\w+[ \t]*\([ \t]*state\b[^\n]*:[ \t]*(?:#.*)?\n`)

// withSymbol gives a symbol of the formulas its value where the function begins.
func withSymbol(p place) string {
	value, ok := p.symbols[p.groups[1]]
	at := beginOfFunction.FindStringSubmatchIndex(p.code)
	if !ok || at == nil {
		return p.code
	}
	return p.code[:at[1]] + p.code[at[2]:at[3]] + "    " + p.groups[1] + " = " + value + "\n" + p.code[at[1]:]
}

// withKey writes a key of the state as it is, where letters and digits are the
// same.
func withKey(p place) string {
	plain := func(key string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, key)
	}
	var same []string
	for _, k := range p.keys {
		if plain(k) == plain(p.groups[1]) {
			same = append(same, k)
		}
	}
	if len(same) != 1 || same[0] == p.groups[1] {
		return p.code
	}
	r := strings.NewReplacer(`"`+p.groups[1]+`"`, `"`+same[0]+`"`, `'`+p.groups[1]+`'`, `'`+same[0]+`'`)
	return r.Replace(p.code)
}
