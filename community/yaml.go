package community

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
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
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if base := child(root, "preset"); base != nil {
		text, err := presetText(scalar(base))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: preset: %w", path, lineOf(base), err)
		}
		below, err := parse(scalar(base)+".yaml", text)
		if err != nil {
			return nil, err
		}
		forgetLines(below)
		if entry(root, "name") == nil {
			remove(below, "name")
		}
		root = merge(below, root)
	}
	if entry(root, "name") == nil {
		root = merge(root, mapping("name", name))
	}
	if root, err = expand(path, root); err != nil {
		return nil, err
	}
	s := &Scenario{}
	if err := yaml.NodeToValue(root, s, yaml.Strict()); err != nil {
		return nil, oneLine(path, err)
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

// parse returns the mapping that a YAML text holds, its keys and kinds of
// values checked against what a scenario knows.
func parse(path string, text []byte) (ast.Node, error) {
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, oneLine(path, err)
	}
	if len(f.Docs) != 1 {
		return nil, fmt.Errorf("%s: %d YAML documents: want one", path, len(f.Docs))
	}
	root := f.Docs[0].Body
	if _, ok := entries(root); !ok {
		return nil, fmt.Errorf("%s: no scenario in it: want keys such as preset: voltage-stress", path)
	}
	if err := checkShape(root, fileShape, ""); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return root, nil
}

// oneLine turns an error of the YAML library into one line with the position.
func oneLine(path string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		p := at.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s", path, p.Line, p.Column, at.GetMessage())
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", path, text)
}

// expand applies the changes and gives every prosumer what its archetype has,
// unless it says otherwise itself, and a name.
func expand(path string, root ast.Node) (ast.Node, error) {
	list, _ := child(root, "prosumers").(*ast.SequenceNode)
	if list == nil {
		list = ast.Sequence(token.New("-", "-", &token.Position{}), false)
	}
	archetypes, changes := child(root, "archetypes"), child(root, "change")
	count := map[string]int{}
	changed := map[string]bool{}
	var prosumers []ast.Node
	for _, p := range list.Values {
		archetype := scalar(child(p, "archetype"))
		if entry(p, "name") == nil {
			p = merge(p, mapping("name", fmt.Sprintf("%s_%d", archetype, count[archetype])))
		}
		count[archetype]++
		if template := child(archetypes, archetype); template != nil {
			p = merge(template, p)
		}
		name := scalar(child(p, "name"))
		if change := entry(changes, name); change != nil {
			changed[name] = true
			if change.Value.Type() == ast.NullType {
				continue
			}
			p = merge(p, change.Value)
		}
		prosumers = append(prosumers, p)
	}
	all, _ := entries(changes)
	for _, change := range all {
		if name := scalar(change.Key); !changed[name] {
			return nil, fmt.Errorf("%s:%d: change: there is no prosumer %q%s", path, lineOf(change.Key), name, didYouMean(name, names(prosumers)))
		}
	}
	expanded := ast.Sequence(list.Start, false)
	expanded.Values = prosumers
	root = merge(root, mapping("prosumers", ""))
	entry(root, "prosumers").Value = expanded
	for _, key := range []string{"preset", "archetypes", "change"} {
		remove(root, key)
	}
	return root, nil
}

func names(prosumers []ast.Node) []string {
	var all []string
	for _, p := range prosumers {
		all = append(all, scalar(child(p, "name")))
	}
	return all
}
