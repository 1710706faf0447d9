package experiment

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/marl"
	"github.com/peerwatt/peerwatt/strict"
)

// ReadSpec reads a specification from a YAML file and applies settings such as
// "algorithm.episodes=400" to it. What neither names keeps its default, that of
// the algorithm's preset included. An empty path is a file without a word.
//
// Files that the specification names are relative to the folder it lies in,
// those of a setting to the working directory; in the result they are absolute.
func ReadSpec(path string, settings ...string) (Spec, error) {
	var root ast.Node
	name := "default"
	if path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return Spec{}, err
		}
		name = path
		if root, err = strict.Parse(path, text, reflect.TypeFor[Spec]()); err != nil {
			return Spec{}, err
		}
	}
	var set []string
	for _, s := range settings {
		key, over, err := parseSetting(s)
		if err != nil {
			return Spec{}, err
		}
		set = append(set, key)
		if root == nil {
			root = over
		} else {
			root = strict.Merge(root, over)
		}
	}
	spec, err := decodeSpec(name, root)
	if err != nil {
		return Spec{}, err
	}
	for _, f := range spec.files() {
		if *f.value == "" || f.isName(*f.value) || filepath.IsAbs(*f.value) {
			continue
		}
		if !slices.ContainsFunc(set, func(key string) bool { return key == f.key || strings.HasPrefix(f.key, key+".") }) {
			*f.value = filepath.Join(filepath.Dir(path), *f.value)
		}
		if *f.value, err = filepath.Abs(*f.value); err != nil {
			return Spec{}, err
		}
	}
	return spec, nil
}

// fileKey is a value of a specification that may name a file or folder.
type fileKey struct {
	key    string
	value  *string
	isName func(string) bool // of something that is built in
}

func (s *Spec) files() []fileKey {
	return []fileKey{
		{"community.preset", &s.Community.Preset, func(v string) bool { return slices.Contains(community.Presets(), v) }},
		{"community.year", &s.Community.Year, func(v string) bool { return v == "belgium-2015" || strings.Trim(v, "0123456789") == "" }},
		{"grid", &s.Grid, func(v string) bool { return v == "case141" }},
		{"market.prices_csv", &s.Market.PricesCSV, func(string) bool { return false }},
	}
}

func decodeSpec(name string, root ast.Node) (Spec, error) {
	spec := Default()
	if root == nil {
		return spec, nil
	}
	if algorithm := strict.Child(root, "algorithm"); algorithm != nil {
		if preset := strict.Child(algorithm, "preset"); preset != nil {
			c, err := marl.Preset(strict.Scalar(preset))
			if err != nil {
				return Spec{}, fmt.Errorf("%s:%d: %w", name, strict.LineOf(preset), err)
			}
			spec.Algorithm = c
			if c.Preset == "plus" {
				spec.Environment.Observation = "plus"
			}
		}
	}
	if err := strict.Decode(name, root, &spec); err != nil {
		return Spec{}, err
	}
	if err := spec.Validate(); err != nil {
		return Spec{}, fmt.Errorf("%s: %w", name, err)
	}
	return spec, nil
}

// parseSetting turns path.to.key=value into the key and a document. The value
// is YAML, so lists are written [1, 2].
func parseSetting(s string) (key string, root ast.Node, err error) {
	key, value, found := strings.Cut(s, "=")
	if !found || key == "" {
		return "", nil, fmt.Errorf("--set %q: want path=value, such as algorithm.episodes=400", s)
	}
	keys := strings.Split(key, ".")
	text := strings.Join(keys, ": {") + ": " + value + strings.Repeat("}", len(keys)-1)
	if root, err = strict.Parse("--set", []byte(text), reflect.TypeFor[Spec]()); err != nil {
		_, what, _ := strings.Cut(err.Error(), ": ") // without the line
		return "", nil, fmt.Errorf("--set %s: %s", s, what)
	}
	return key, root, nil
}

// Write stores the specification with every default filled in.
func (s *Spec) Write(path string) error {
	text, err := s.yaml()
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, text, 0o644)
}
