package community

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/peerwatt/peerwatt/strict"
)

// file is what a scenario's YAML holds beside the fields of Scenario: three
// keys that save writing, gone once a file is read.
//
//	preset: voltage-stress   # start from it; everything below overrides
//	archetypes:              # what every prosumer of an archetype has
//	  rural: {peak_load_kw: 150}
//	change:                  # prosumers of the preset, by name; null: it leaves
//	  rural_0: {bus: 60}
//	  hub_3: null
type file struct {
	Preset     string               `json:"preset"`
	Archetypes map[string]Prosumer  `json:"archetypes"`
	Change     map[string]*Prosumer `json:"change"`
	Scenario
}

// Open returns a preset by its name, or reads a scenario from a file.
func Open(presetOrPath string) (*Scenario, error) {
	for _, name := range Presets() {
		if presetOrPath == name {
			return Preset(name)
		}
	}
	s, err := Load(presetOrPath)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("community: there is no preset and no file %q (presets: %s)", presetOrPath, strings.Join(Presets(), ", "))
	}
	return s, err
}

// Load reads a scenario from a YAML file. Errors are one line with the file,
// the line, the field, its value and what would be right.
func Load(path string) (*Scenario, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("community: %w", err)
	}
	return Parse(path, text)
}

// Parse reads a scenario from the text of a YAML file called path, which
// errors name and relative paths start from. It may start from a preset.
// Scenarios that were marshalled to YAML or JSON read back as they were.
func Parse(path string, text []byte) (*Scenario, error) {
	root, err := parse(path, text)
	if err != nil {
		return nil, err
	}
	if strict.Entry(root, "name") == nil {
		root = strict.Merge(root, strict.Mapping("name", strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))))
	}
	if root, err = onPreset(path, root); err != nil {
		return nil, err
	}
	if root, err = expand(path, root); err != nil {
		return nil, err
	}
	s := &Scenario{}
	if err := strict.Decode(path, root, s); err != nil {
		return nil, err
	}
	for i := range s.Prosumers {
		if csv := &s.Prosumers[i].SeriesCSV; *csv != "" && !filepath.IsAbs(*csv) {
			*csv = filepath.Join(filepath.Dir(path), *csv)
		}
	}
	s.origin = &origin{file: path, root: root}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// onPreset puts a scenario on top of the preset that it starts from, if any,
// which may itself start from one.
func onPreset(path string, root ast.Node) (ast.Node, error) {
	base := strict.Child(root, "preset")
	if base == nil {
		return root, nil
	}
	name := strict.Scalar(base)
	text, err := presetText(name)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: preset: %w", path, strict.LineOf(base), err)
	}
	below, err := parse(name+".yaml", text)
	if err != nil {
		return nil, err
	}
	if below, err = onPreset(name+".yaml", below); err != nil {
		return nil, err
	}
	strict.ForgetLines(below)
	return strict.Merge(below, root), nil
}

// parse returns the mapping that a scenario's text holds.
func parse(path string, text []byte) (ast.Node, error) {
	return strict.Parse(path, text, reflect.TypeFor[file]())
}

// expand applies the changes and gives every prosumer what its archetype has,
// unless it says otherwise itself, and a name.
func expand(path string, root ast.Node) (ast.Node, error) {
	list, _ := strict.Child(root, "prosumers").(*ast.SequenceNode)
	if list == nil {
		list = ast.Sequence(token.New("-", "-", &token.Position{}), false)
	}
	archetypes, changes := strict.Child(root, "archetypes"), strict.Child(root, "change")
	count := map[string]int{}
	changed := map[string]bool{}
	var prosumers []ast.Node
	for _, p := range list.Values {
		archetype := strict.Scalar(strict.Child(p, "archetype"))
		if strict.Entry(p, "name") == nil {
			p = strict.Merge(p, strict.Mapping("name", fmt.Sprintf("%s_%d", archetype, count[archetype])))
		}
		count[archetype]++
		if template := strict.Child(archetypes, archetype); template != nil {
			p = strict.Merge(template, p)
		}
		name := strict.Scalar(strict.Child(p, "name"))
		if change := strict.Entry(changes, name); change != nil {
			changed[name] = true
			if change.Value.Type() == ast.NullType {
				continue
			}
			p = strict.Merge(p, change.Value)
		}
		prosumers = append(prosumers, p)
	}
	all, _ := strict.Entries(changes)
	for _, change := range all {
		if name := strict.Scalar(change.Key); !changed[name] {
			return nil, fmt.Errorf("%s:%d: change: there is no prosumer %q%s", path, strict.LineOf(change.Key), name, strict.DidYouMean(name, names(prosumers)))
		}
	}
	expanded := ast.Sequence(list.Start, false)
	expanded.Values = prosumers
	root = strict.Merge(root, strict.Mapping("prosumers", ""))
	strict.Entry(root, "prosumers").Value = expanded
	for _, key := range []string{"preset", "archetypes", "change"} {
		strict.Remove(root, key)
	}
	return root, nil
}

func names(prosumers []ast.Node) []string {
	var all []string
	for _, p := range prosumers {
		all = append(all, strict.Scalar(strict.Child(p, "name")))
	}
	return all
}
