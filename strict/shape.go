package strict

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// checkShape compares a node with the type it will be decoded into, so that a
// wrong key or kind of value is reported by its path, with the nearest key that
// would be right. Errors start with the line.
func checkShape(n ast.Node, t reflect.Type, path string) error {
	bad := func(n ast.Node, text string, args ...any) error {
		return fmt.Errorf("%d: %s", LineOf(n), fmt.Sprintf(text, args...))
	}
	switch n.Type() {
	case ast.NullType:
		return nil // absent
	case ast.AnchorType, ast.AliasType, ast.MergeKeyType, ast.TagType:
		return bad(n, "%s: anchors, aliases and tags are not read here", label(path))
	}
	switch t.Kind() {
	case reflect.Pointer:
		return checkShape(n, t.Elem(), path)
	case reflect.Slice:
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			return bad(n, "%s: want a list (lines that start with -)", label(path))
		}
		for i, item := range list.Values {
			if item.Type() == ast.NullType {
				return bad(item, "%s[%d] is empty: want keys and values", path, i)
			}
			if err := checkShape(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Struct, reflect.Map:
		all, ok := Entries(n)
		if _, list := n.(*ast.SequenceNode); list {
			return bad(n, "%s is a list: want keys and values below it", label(path))
		} else if !ok {
			return bad(n, "%s is %q: want keys and values below it", label(path), Scalar(n))
		}
		for _, e := range all {
			key := Scalar(e.Key)
			inner, known := fieldOf(t, key)
			below := strings.TrimPrefix(path+"."+key, ".")
			if !known {
				return bad(e.Key, "%s: there is no key %q%s", label(path), key, DidYouMean(key, keysOf(t)))
			}
			if err := checkShape(e.Value, inner, below); err != nil {
				return err
			}
		}
		return nil
	case reflect.Float64:
		if !isNumber(n) {
			return bad(n, "%s is %q: want a number%s", path, Scalar(n), unitOf(path))
		}
	case reflect.Int, reflect.Uint64:
		if n.Type() != ast.IntegerType || strings.HasPrefix(Scalar(n), "-") {
			return bad(n, "%s is %q: want a whole number from 0", path, Scalar(n))
		}
	case reflect.Bool:
		if n.Type() != ast.BoolType {
			return bad(n, "%s is %q: want true or false", path, Scalar(n))
		}
	case reflect.String:
		if _, list := n.(*ast.SequenceNode); list {
			return bad(n, "%s is a list: want a text", path)
		}
		if _, nested := Entries(n); nested {
			return bad(n, "%s has keys below it: want a text", path)
		}
	}
	return nil
}

// isNumber tells whether a node reads as a number. 1e-6, without a dot, is a
// text by the letter of YAML and a number to everybody who writes it.
func isNumber(n ast.Node) bool {
	switch n.Type() {
	case ast.FloatType, ast.IntegerType, ast.InfinityType, ast.NanType:
		return true
	case ast.StringType:
		_, err := strconv.ParseFloat(Scalar(n), 64)
		return err == nil
	}
	return false
}

// label names a path in an error; the top of the file has none.
func label(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// unitOf says in which unit a field is, as its name does.
func unitOf(path string) string {
	for _, u := range []struct{ suffix, unit string }{
		{"_kw", "kW"}, {"_per_kwh", "money per kWh"}, {"_kwh", "kWh"}, {"_kva", "kVA"}, {"_pu", "p.u."},
	} {
		if strings.HasSuffix(path, u.suffix) {
			return " of " + u.unit + ", without the unit"
		}
	}
	return ""
}

// fieldOf returns the type that stands under a key of a struct or map.
func fieldOf(t reflect.Type, key string) (reflect.Type, bool) {
	if t.Kind() == reflect.Map {
		return t.Elem(), true
	}
	for f := range fieldsOf(t) {
		if keyOf(f) == key {
			return f.Type, true
		}
	}
	return nil, false
}

// keysOf lists the keys of a struct.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range fieldsOf(t) {
		keys = append(keys, keyOf(f))
	}
	return keys
}

// fieldsOf yields the fields that have a key, those of embedded structs too.
func fieldsOf(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && !f.Anonymous && !yield(f) {
				return
			}
		}
	}
}

func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// DidYouMean names the candidate nearest to a word, or all of them.
func DidYouMean(word string, candidates []string) string {
	best, distance := "", len(word)/2+1
	for _, c := range candidates {
		if d := editDistance(word, c); d < distance {
			best, distance = c, d
		}
	}
	if best != "" {
		return fmt.Sprintf(" (did you mean %s?)", best)
	}
	return fmt.Sprintf(" (known: %s)", strings.Join(candidates, ", "))
}

// editDistance is Levenshtein's, by bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j]+1, row[j+1]+1)
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
