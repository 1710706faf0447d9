package py

// This file finds the name that the author may have meant, by the edit
// distance that CPython uses (Python/suggestions.c).

const (
	moveCost      = 2
	caseCost      = 1
	maxNameLen    = 40
	maxCandidates = 750
)

// suggestion returns the candidate nearest to name, "" where none is near.
func suggestion(candidates []string, name string) string {
	if len(candidates) >= maxCandidates {
		return ""
	}
	best, bestCost := "", 1<<30
	for _, c := range candidates {
		if c == name {
			continue
		}
		limit := min((len(name)+len(c)+3)*moveCost/6, bestCost-1)
		if cost := editCost(name, c, limit); cost <= limit {
			best, bestCost = c, cost
		}
	}
	return best
}

func substitution(a, b byte) int {
	if a == b {
		return 0
	}
	lower := func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}
	if lower(a) == lower(b) {
		return caseCost
	}
	return moveCost
}

// editCost is the weighted Levenshtein distance, or more than limit.
func editCost(a, b string, limit int) int {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if a == "" || b == "" {
		return (len(a) + len(b)) * moveCost
	}
	if len(a) > maxNameLen || len(b) > maxNameLen {
		return limit + 1
	}
	if len(b) < len(a) {
		a, b = b, a
	}
	if (len(b)-len(a))*moveCost > limit {
		return limit + 1
	}
	row := make([]int, len(a))
	for i := range row {
		row[i] = (i + 1) * moveCost
	}
	result := 0
	for bi := range len(b) {
		distance := bi * moveCost
		result = distance
		least := 1 << 30
		for i := range len(a) {
			substitute := distance + substitution(b[bi], a[i])
			distance = row[i]
			result = min(min(result, distance)+moveCost, substitute)
			row[i] = result
			least = min(least, result)
		}
		if least > limit {
			return limit + 1
		}
	}
	return result
}

func didYouMean(s string) string {
	if s == "" {
		return ""
	}
	return ". Did you mean: '" + s + "'?"
}
