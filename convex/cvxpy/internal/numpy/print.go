package numpy

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// numpy's print options.
const (
	precision = 8
	threshold = 1000
	edgeItems = 3
	lineWidth = 75
)

// Repr is array([1., 2.]).
func (a *Array) Repr(in *py.Interp) (string, error) {
	var extras []string
	if a.size() == 0 && len(a.shape) != 1 || a.size() > threshold {
		extras = append(extras, "shape="+shapeSpaced(a.shape))
	}
	switch {
	case a.dtype == StrDType:
		extras = append(extras, "dtype='"+a.dtypeValue().text()+"'")
	case a.dtype == ObjectDType || a.size() == 0:
		extras = append(extras, "dtype="+a.dtype.String())
	}
	text, err := a.text(in, ", ", "array(", lineWidth-1, true)
	if err != nil {
		return "", err
	}
	if extras == nil {
		return "array(" + text + ")", nil
	}
	text = "array(" + text + ","
	extra := strings.Join(extras, ", ") + ")"
	last := len(text) - strings.LastIndexByte(text, '\n') - 1
	if last+len(extra)+1 > lineWidth {
		return text + "\n      " + extra, nil
	}
	return text + " " + extra, nil
}

// Str is [1. 2.].
func (a *Array) Str(in *py.Interp) (string, error) {
	if a.ndim() == 0 {
		return in.Str(a.item(a.off))
	}
	return a.text(in, " ", "", lineWidth, false)
}

// text prints the elements in nested brackets; prefix is what stands before
// them on the first line.
func (a *Array) text(in *py.Interp, sep, prefix string, width int, repr bool) (string, error) {
	if a.size() == 0 {
		return "[]", nil
	}
	if err := in.AllocN(min(a.size(), 4096), 48); err != nil {
		return "", err
	}
	p := &printer{a: a, sep: sep, summary: a.size() > threshold}
	texts, err := p.elements(in, p.shown(), repr)
	if err != nil {
		return "", err
	}
	p.texts = texts
	if a.ndim() == 0 {
		return texts[0], nil
	}
	return p.rows(0, strings.Repeat(" ", len(prefix)+1), width), nil
}

type printer struct {
	a       *Array
	sep     string
	summary bool
	texts   []string
	next    int
}

// visible lists the positions of a dimension that are printed; -1 stands for
// the dots.
func (p *printer) visible(n int) []int {
	var list []int
	if p.summary && n > 2*edgeItems {
		for k := range edgeItems {
			list = append(list, k)
		}
		list = append(list, -1)
		for k := n - edgeItems; k < n; k++ {
			list = append(list, k)
		}
		return list
	}
	for k := range n {
		list = append(list, k)
	}
	return list
}

// shown lists the places of the elements that are printed, in order.
func (p *printer) shown() []int {
	var places []int
	var walk func(dim, at int)
	walk = func(dim, at int) {
		if dim == p.a.ndim() {
			places = append(places, at)
			return
		}
		for _, k := range p.visible(p.a.shape[dim]) {
			if k >= 0 {
				walk(dim+1, at+k*p.a.strides[dim])
			}
		}
	}
	walk(0, p.a.off)
	return places
}

// rows prints dimension dim behind the hanging indent, in lines of width.
func (p *printer) rows(dim int, indent string, width int) string {
	list := p.visible(p.a.shape[dim])
	if dim == p.a.ndim()-1 {
		return "[" + p.line(list, indent, width) + "]"
	}
	gap := strings.TrimRight(p.sep, " ") + strings.Repeat("\n", p.a.ndim()-dim-1) + indent
	parts := make([]string, len(list))
	for n, k := range list {
		parts[n] = "..."
		if k >= 0 {
			parts[n] = p.rows(dim+1, indent+" ", width-1)
		}
	}
	return "[" + strings.Join(parts, gap) + "]"
}

// line prints the last dimension, broken where a line grows too long.
func (p *printer) line(list []int, indent string, width int) string {
	width -= max(len(strings.TrimRight(p.sep, " ")), 1)
	var b strings.Builder
	line := indent
	for n, k := range list {
		word := "..."
		if k >= 0 {
			word = p.texts[p.next]
			p.next++
		}
		if runes(line)+runes(word) > width && len(line) > len(indent) {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += word
		if n < len(list)-1 {
			line += p.sep
		}
	}
	b.WriteString(line)
	return b.String()[len(indent):]
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// elements formats the elements to equal width.
func (p *printer) elements(in *py.Interp, places []int, repr bool) ([]string, error) {
	a := p.a
	texts := make([]string, len(places))
	switch a.dtype {
	case FloatDType:
		xs := make([]float64, len(places))
		for k, at := range places {
			xs[k] = a.f[at]
		}
		return formatFloats(xs), nil
	case BoolDType:
		for k, at := range places {
			texts[k] = "False"
			if a.b[at] {
				texts[k] = "True"
				if a.ndim() > 0 {
					texts[k] = " True"
				}
			}
		}
	case IntDType:
		for k, at := range places {
			texts[k] = strconv.FormatInt(a.i[at], 10)
		}
	case StrDType:
		for k, at := range places {
			s, err := in.Repr(py.Str(a.s[at]))
			if err != nil {
				return nil, err
			}
			texts[k] = s
		}
		return texts, nil
	case ObjectDType:
		for k, at := range places {
			s, err := in.Repr(a.o[at])
			if err != nil {
				return nil, err
			}
			if err := in.Alloc(len(s)); err != nil {
				return nil, err
			}
			texts[k] = s
		}
		return texts, nil
	}
	if a.ndim() > 0 {
		padLeft(texts)
	}
	return texts, nil
}

func padLeft(texts []string) {
	w := 0
	for _, t := range texts {
		w = max(w, len(t))
	}
	for k, t := range texts {
		texts[k] = strings.Repeat(" ", w-len(t)) + t
	}
}

// formatFloats prints floats as numpy does: the fewest digits that tell them
// apart (at most 8 behind the point), aligned at the point.
func formatFloats(xs []float64) []string {
	largest, smallest := 0.0, math.Inf(1)
	for _, x := range xs {
		a := math.Abs(x)
		if a == 0 || math.IsInf(a, 0) || a != a {
			continue
		}
		largest = math.Max(largest, a)
		smallest = math.Min(smallest, a)
	}
	exponent := largest > 0 && (largest >= 1e8 || smallest < 1e-4 || largest/smallest > 1e3)
	if exponent {
		return exponentForms(xs)
	}
	left, right := 0, 0
	wholes, fractions := make([]string, len(xs)), make([]string, len(xs))
	for k, x := range xs {
		if math.IsInf(x, 0) || x != x {
			continue
		}
		s := strconv.FormatFloat(x, 'f', -1, 64)
		if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i-1 > precision {
			s = strconv.FormatFloat(x, 'f', precision, 64)
			s = strings.TrimRight(s, "0")
		}
		w, f, _ := strings.Cut(s, ".")
		wholes[k], fractions[k] = w, f
		left = max(left, len(w))
		right = max(right, len(f))
	}
	texts := make([]string, len(xs))
	for k, x := range xs {
		if wholes[k] != "" {
			texts[k] = strings.Repeat(" ", left-len(wholes[k])) + wholes[k] + "." + fractions[k] + strings.Repeat(" ", right-len(fractions[k]))
			continue
		}
		texts[k] = special(x)
	}
	padLeft(texts)
	return texts
}

func special(x float64) string {
	switch {
	case x != x:
		return "nan"
	case x > 0:
		return "inf"
	}
	return "-inf"
}

// exponentForms prints floats as 1.5e+10 with equal numbers of digits.
func exponentForms(xs []float64) []string {
	digits := 0
	for _, x := range xs {
		if math.IsInf(x, 0) || x != x {
			continue
		}
		digits = max(digits, min(significant(x)-1, precision))
	}
	texts := make([]string, len(xs))
	for k, x := range xs {
		if math.IsInf(x, 0) || x != x {
			texts[k] = special(x)
			continue
		}
		s := strconv.FormatFloat(x, 'e', digits, 64)
		if digits == 0 {
			s = strings.Replace(s, "e", ".e", 1)
		}
		texts[k] = s
	}
	padLeft(texts)
	return texts
}

// significant counts the digits of the shortest form, at most precision behind
// the point.
func significant(x float64) int {
	s := strconv.FormatFloat(x, 'e', -1, 64)
	mantissa, _, _ := strings.Cut(s, "e")
	mantissa = strings.TrimPrefix(mantissa, "-")
	if _, f, ok := strings.Cut(mantissa, "."); ok && len(f) > precision {
		mantissa, _, _ = strings.Cut(strconv.FormatFloat(math.Abs(x), 'e', precision, 64), "e")
		mantissa = strings.TrimRight(mantissa, "0")
	}
	return len(strings.ReplaceAll(mantissa, ".", ""))
}
