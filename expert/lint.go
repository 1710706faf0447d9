package expert

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

// Fix is a mistake that was mended without a model.
type Fix struct {
	Rule string `json:"rule"`
	Line int    `json:"line"` // of the code as it was then
	Text string `json:"text"` // that stands there now
}

// lint mends the mistakes of the present code that it knows how to, one after the
// other as the sandbox meets them, and says what is left.
func (w *workflow) lint(s *Session, r *Reporter, step int, err error, try func(string) (int, error)) (int, error) {
	const most = 40
	code := s.code()
	known := s.known()
	for range most {
		mended, fix := mend(*code, known, err)
		if fix == nil {
			break
		}
		*code = mended
		s.Fixes = append(s.Fixes, *fix)
		r.Note("mended: "+fix.Rule, "python", fmt.Sprintf("line %d: %s", fix.Line, fix.Text))
		if step, err = try(mended); err == nil {
			break
		}
	}
	return step, err
}

// mistake is one that has no mend: its name, and what to write instead.
type mistake struct {
	rule, recipe string
	line         int
}

// mistakes lists everything that is wrong with code, as far as it can be seen:
// what it fails with, what it would fail with if that statement were not there,
// and what Python lets pass in silence.
func (w *workflow) mistakes(ctx context.Context, s *Session, failure error, try func(string) (int, error)) string {
	const most = 10
	var found []mistake
	source := *s.code()
	for err := failure; err != nil && len(found) < most; {
		var e *cvxpy.Error
		if !errors.As(err, &e) || e.Line == 0 {
			break
		}
		found = append(found, mistake{e.Error(), e.Hint, e.Line})
		without, ok := withoutStatement(source, e.Line)
		if !ok {
			break
		}
		source = without
		_, err = try(source)
	}
	if p, err := NewProgram(source); err == nil {
		if result, _ := p.run(ctx, s.Spec.Prosumer, s.State); result != nil {
			for _, n := range result.Notes {
				found = append(found, mistake{n.Rule + ": " + n.Text, n.Recipe, n.Line})
			}
		}
	}
	var b strings.Builder
	for _, m := range found {
		fmt.Fprintf(&b, "\n- line %d: %s.", m.line, strings.TrimRight(brief(m.rule), ". "))
		if m.recipe != "" {
			b.WriteString(" " + strings.ToUpper(m.recipe[:1]) + m.recipe[1:])
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n\nAll mistakes found, and what to write instead:" + b.String()
}

// withoutStatement blanks a statement that only adds to something, such as a list
// of constraints or a sum of costs: what follows does not need it to run. Lines
// keep their numbers.
func withoutStatement(source string, line int) (string, bool) {
	lines := strings.Split(source, "\n")
	from, to := statementAt(lines, line-1)
	if from < 0 || !addsOnly.MatchString(lines[from]) {
		return "", false
	}
	lines = slices.Clone(lines)
	lines[from] = indentOf(lines[from]) + "pass"
	for i := from + 1; i < to; i++ {
		lines[i] = ""
	}
	return strings.Join(lines, "\n"), true
}

// statementAt returns the lines [from, to) of the statement that a line belongs
// to: lines within brackets or a long string belong together. from is -1 where
// there is no such line.
func statementAt(lines []string, at int) (from, to int) {
	depth, quote := 0, ""
	for i := 0; i < len(lines); i = to {
		from, to = i, i
		for to < len(lines) {
			depth, quote = scan(lines[to], depth, quote)
			to++
			if depth <= 0 && quote == "" && !strings.HasSuffix(lines[to-1], `\`) {
				break
			}
		}
		if from <= at && at < to {
			return from, to
		}
		depth, quote = 0, ""
	}
	return -1, -1
}

// scan follows brackets and strings through a line: depth is how many brackets
// are open, quote what ends the string that is.
func scan(line string, depth int, quote string) (int, string) {
	for i := 0; i < len(line); i++ {
		rest := line[i:]
		switch {
		case quote != "" && line[i] == '\\':
			i++
		case quote != "" && strings.HasPrefix(rest, quote):
			i += len(quote) - 1
			quote = ""
		case quote != "":
		case line[i] == '#':
			return depth, quote
		case strings.HasPrefix(rest, `"""`), strings.HasPrefix(rest, `'''`):
			quote = rest[:3]
			i += 2
		case line[i] == '"' || line[i] == '\'':
			quote = rest[:1]
		case strings.IndexByte("([{", line[i]) >= 0:
			depth++
		case strings.IndexByte(")]}", line[i]) >= 0:
			depth--
		}
	}
	if len(quote) == 1 {
		quote = "" // such a string ends with its line
	}
	return depth, quote
}

// known is what a program may speak of.
type known struct {
	keys    []string          // of the state
	symbols map[string]string // of the formulas, with the code of their values
}

var sheetEntry = regexp.MustCompile(`(\w+) = (-?[\d.e+-]+)`)

// known are the names that a session's formulas, data sheet and state have.
func (s *Session) known() known {
	k := known{keys: slices.Sorted(maps.Keys(s.State.Map(s.Spec.Prosumer))), symbols: map[string]string{
		"T": "96", "delta_t": "0.25", "current_time": `state["current_time"]`, "time_slot": `96 - state["current_time"]`,
	}}
	for _, m := range sheetEntry.FindAllStringSubmatch(s.Spec.DataSheet(), -1) {
		k.symbols[m[1]] = m[2]
	}
	array := func(name, key string) {
		k.symbols[name] = fmt.Sprintf(`np.asarray(state["%s"])[state["current_time"]:]`, key)
	}
	array("lambda_B", "lambda_(t)_(B)")
	array("lambda_S", "lambda_(t)_(S)")
	array("P_Load", "P_(t)_(Load)")
	array("Q_Load", "Q_(t)_(Load)")
	for _, unit := range UnitNames(s.Spec.Prosumer) {
		array("P_"+unit+"_available", "P_(t,max)_("+unit+")")
		array("Q_"+unit+"_limit", "Q_(t,max)_("+unit+")")
	}
	k.symbols["lambda_E"], k.symbols["lambda_DSO"] = `state["lambda_(E)"]`, `state["lambda_(DSO)"]`
	return k
}
