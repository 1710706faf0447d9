package convex

import (
	"math"
	"strconv"
	"strings"
)

// numpyString prints values as str(array) does in numpy, and matrices as cvxpy
// prints its constants (two decimals, long ones shortened).
func numpyString(v []float64, s Shape) string {
	switch {
	case s.rank == 0:
		return pythonFloat(v[0])
	case s.rank == 2:
		return numpyMatrix(v, s.rows(), s.cols())
	}
	const threshold, edge = 1000, 3
	if len(v) > threshold {
		shown := append(append([]float64(nil), v[:edge]...), v[len(v)-edge:]...)
		text := numpyFloats(shown)
		return "[" + strings.Join(text[:edge], " ") + " ... " + strings.Join(text[edge:], " ") + "]"
	}
	return numpyLine(numpyFloats(v), "[", "]")
}

// numpyLine joins words and breaks lines at numpy's width of 75 characters.
func numpyLine(words []string, opening, closing string) string {
	line := opening
	var lines []string
	for i, w := range words {
		switch {
		case i == 0:
		case len(line)+1+len(w) > 75-len(closing):
			lines = append(lines, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", len(opening))
		default:
			line += " "
		}
		line += w
	}
	return strings.Join(append(lines, line+closing), "\n")
}

// numpyMatrix prints with two decimals; beyond 5 entries only two at each end
// of a dimension longer than four.
func numpyMatrix(v []float64, rows, cols int) string {
	const threshold, edge = 5, 2
	if rows*cols == 0 {
		return "[]"
	}
	if rows == 1 && cols <= 1000 {
		if line := numpyLine(numpyFloats(v), "[[", "]]"); !strings.Contains(line, "\n") {
			return line // cvxpy takes its own format for what numpy spreads over lines
		}
	}
	short := rows*cols > threshold
	lines := make([]string, 0, rows)
	for _, i := range shownIndices(rows, edge, short) {
		if i < 0 {
			lines = append(lines, "...")
			continue
		}
		words := make([]string, 0, cols)
		for _, j := range shownIndices(cols, edge, short) {
			if j < 0 {
				words = append(words, "...")
			} else {
				words = append(words, strconv.FormatFloat(v[i*cols+j], 'f', 2, 64))
			}
		}
		lines = append(lines, "["+strings.Join(words, " ")+"]")
	}
	return "[" + strings.Join(lines, "\n ") + "]"
}

// shownIndices lists 0 to n-1, with -1 in place of the middle where a long
// dimension is shortened.
func shownIndices(n, edge int, short bool) []int {
	var out []int
	for i := range n {
		switch {
		case !short || n <= 2*edge || i < edge || i >= n-edge:
			out = append(out, i)
		case i == edge:
			out = append(out, -1)
		}
	}
	return out
}

// pythonFloat prints a number as Python's repr does.
func pythonFloat(x float64) string {
	if special, ok := notFinite(x); ok {
		return special
	}
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func notFinite(x float64) (string, bool) {
	switch {
	case math.IsNaN(x):
		return "nan", true
	case math.IsInf(x, 1):
		return "inf", true
	case math.IsInf(x, -1):
		return "-inf", true
	}
	return "", false
}

// numpyFloats prints the entries of a vector to 8 digits, padded to one width.
func numpyFloats(v []float64) []string {
	lo, hi := math.Inf(1), 0.0
	for _, x := range v {
		if a := math.Abs(x); a != 0 && !math.IsInf(a, 0) && !math.IsNaN(a) {
			lo, hi = math.Min(lo, a), math.Max(hi, a)
		}
	}
	scientific := hi > 0 && (hi >= 1e8 || lo < 1e-4 || hi/lo > 1000)
	digits := make([]string, len(v))
	left, right, expDigits := 0, 0, 0
	for i, x := range v {
		if special, ok := notFinite(x); ok {
			digits[i] = special
			continue
		}
		format := byte('f')
		if scientific {
			format = 'e'
		}
		s := strconv.FormatFloat(x, format, -1, 64)
		mantissa, exp, _ := strings.Cut(s, "e")
		whole, fraction, _ := strings.Cut(mantissa, ".")
		if len(fraction) > 8 {
			s = strconv.FormatFloat(x, format, 8, 64)
			mantissa, exp, _ = strings.Cut(s, "e")
			whole, fraction, _ = strings.Cut(mantissa, ".")
			fraction = strings.TrimRight(fraction, "0")
		}
		digits[i] = whole + "." + fraction
		if scientific {
			digits[i] += "e" + exp
		}
		left, right, expDigits = max(left, len(whole)), max(right, len(fraction)), max(expDigits, len(exp))
	}
	for _, s := range digits {
		if !strings.Contains(s, ".") { // inf and nan reach over the point
			left = max(left, len(s)-1-right)
		}
	}
	for i, s := range digits {
		whole, rest, ok := strings.Cut(s, ".")
		if !ok { // inf and nan end where the numbers do
			digits[i] = strings.Repeat(" ", max(0, left+1+right-len(s))) + s
			continue
		}
		fraction, exp, _ := strings.Cut(rest, "e")
		s = strings.Repeat(" ", left-len(whole)) + whole + "." + fraction
		if scientific {
			s += strings.Repeat("0", right-len(fraction)) + "e" + exp[:1] + strings.Repeat("0", expDigits-len(exp)) + exp[1:]
		} else {
			s += strings.Repeat(" ", right-len(fraction))
		}
		digits[i] = s
	}
	return digits
}
