package experiment

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/marl"
	"github.com/peerwatt/peerwatt/strict"
)

// ReadSpec reads a specification from a YAML file and applies settings such as
// "algorithm.episodes=400" to it. What neither names keeps its default, that of
// the algorithm's preset included. An empty path is a file without a word.
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
	for _, s := range settings {
		over, err := parseSetting(s)
		if err != nil {
			return Spec{}, err
		}
		if root == nil {
			root = over
		} else {
			root = strict.Merge(root, over)
		}
	}
	return decodeSpec(name, root)
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

// parseSetting turns path.to.key=value into a document. The value is YAML, so
// lists are written [1, 2].
func parseSetting(s string) (ast.Node, error) {
	path, value, found := strings.Cut(s, "=")
	if !found || path == "" {
		return nil, fmt.Errorf("--set %q: want path=value, such as algorithm.episodes=400", s)
	}
	keys := strings.Split(path, ".")
	text := strings.Join(keys, ": {") + ": " + value + strings.Repeat("}", len(keys)-1)
	return strict.Parse("--set "+s, []byte(text), reflect.TypeFor[Spec]())
}

// Write stores the specification with every default filled in.
func (s *Spec) Write(path string) error {
	text, err := yaml.MarshalWithOptions(s, yaml.UseJSONMarshaler(), yaml.IndentSequence(true))
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, text, 0o644)
}
