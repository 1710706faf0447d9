package expert

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Hit is an entry that a search found.
type Hit struct {
	Entry Entry   `json:"entry"`
	Score float64 `json:"score"`
}

// Index finds entries by words, ranked by BM25 (Robertson, Zaragoza, "The
// Probabilistic Relevance Framework: BM25 and Beyond", Foundations and Trends in
// Information Retrieval 3(4), 2009), eq. (3.15).
type Index struct {
	entries []Entry
	counts  []map[string]float64 // of words, by entry
	length  []float64
	mean    float64            // length
	idf     map[string]float64 // inverse document frequency
	aliases map[string]string
}

// The free constants of BM25, at their usual values.
const (
	bm25Saturation = 1.2  // k1
	bm25Length     = 0.75 // b
)

// headWeight is how many times a word in an entry's name, title or aliases
// counts.
const headWeight = 3

// NewIndex indexes the entries of some kinds, all where none is named.
func (k *Knowledge) NewIndex(kinds ...string) *Index {
	x := &Index{idf: map[string]float64{}, aliases: k.Aliases}
	for _, e := range k.Entries {
		if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
			continue
		}
		counts := map[string]float64{}
		total := 0.0
		count := func(text string, weight float64) {
			for _, w := range words(text) {
				counts[w] += weight
				total += weight
			}
		}
		count(e.ID+" "+e.Title+" "+strings.Join(e.Aliases, " "), headWeight)
		count(e.Text+" "+e.Formula+" "+e.Signature+" "+e.Curvature, 1)
		x.entries, x.counts, x.length = append(x.entries, e), append(x.counts, counts), append(x.length, total)
		x.mean += total
		for w := range counts {
			x.idf[w]++
		}
	}
	n := float64(len(x.entries))
	x.mean /= max(n, 1)
	for w, df := range x.idf {
		x.idf[w] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	return x
}

// Search returns the best entries for some words, at most so many. Words of the
// alias table count as what they stand for, too. Equal scores are ordered by
// name.
func (x *Index) Search(query string, most int) []Hit {
	var hits []Hit
	terms := x.terms(query)
	for i, e := range x.entries {
		score := 0.0
		for _, w := range terms {
			f := x.counts[i][w]
			if f == 0 {
				continue
			}
			score += x.idf[w] * f * (bm25Saturation + 1) / (f + bm25Saturation*(1-bm25Length+bm25Length*x.length[i]/x.mean))
		}
		if score > 0 {
			hits = append(hits, Hit{e, score})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Entry.ID, b.Entry.ID))
	})
	return hits[:min(most, len(hits))]
}

// terms are the different words of a query and of what they stand for, in
// order, so that sums are the same every time.
func (x *Index) terms(query string) []string {
	list := words(query)
	for _, w := range strings.Fields(strings.ToLower(query)) {
		list = append(list, words(x.aliases[strings.Trim(w, ".,;:\"'`")])...)
	}
	for _, w := range words(query) {
		list = append(list, words(x.aliases[w])...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// words splits a text into lower-case words. A name such as cp.sum_squares is
// the words sum_squares, sum and squares; cp itself says nothing.
func words(text string) []string {
	var list []string
	add := func(w string) {
		if len(w) > 1 && w != "cp" && w != "np" && !stopWords[w] {
			list = append(list, strings.TrimSuffix(w, "'s"))
		}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}) {
		w = strings.Trim(w, "_")
		add(w)
		if strings.Contains(w, "_") {
			for part := range strings.SplitSeq(w, "_") {
				add(part)
			}
		}
	}
	return list
}

var stopWords = map[string]bool{
	"a": true, "an": true, "and": true, "as": true, "at": true, "be": true, "by": true, "for": true, "from": true, "in": true, "is": true,
	"it": true, "its": true, "no": true, "not": true, "of": true, "on": true, "one": true, "or": true, "so": true, "the": true, "there": true, "this": true,
	"to": true, "with": true, "are": true, "that": true, "which": true, "where": true, "we": true, "you": true, "can": true, "does": true,
}
