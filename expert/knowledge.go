package expert

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/peerwatt/peerwatt/community"
)

// Entry is a piece of what experts know: a part of the basic model, a device, or
// something of cvxpy.
type Entry struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"` // variable, constraint, objective, preference, parameter, device; atom, class, ... for cvxpy
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	// Aliases are other words by which it is looked for.
	Aliases []string `json:"aliases,omitempty"`

	// Of the basic model: the devices that it belongs to, separated by spaces,
	// or all, grid, p2p.
	Device   string `json:"device,omitempty"`
	Formula  string `json:"formula,omitempty"`
	Unit     string `json:"unit,omitempty"`
	Equation string `json:"equation,omitempty"` // in the paper

	// Of cvxpy.
	Signature string `json:"signature,omitempty"`
	Curvature string `json:"curvature,omitempty"`
	Example   string `json:"example,omitempty"`
}

// Knowledge is the knowledge base: entries and a table of other words for the
// words in them.
type Knowledge struct {
	Entries []Entry
	Aliases map[string]string
}

// knowledgeFile is the form of a JSON file.
type knowledgeFile struct {
	Entries []Entry           `json:"entries"`
	Aliases map[string]string `json:"aliases"`
}

//go:embed knowledge/*.json
var knowledgeFiles embed.FS

var builtinKnowledge = sync.OnceValue(func() *Knowledge {
	k := &Knowledge{Aliases: map[string]string{}}
	if err := k.addAll(knowledgeFiles, "knowledge"); err != nil {
		panic(err) // a test reads the embedded files
	}
	return k
})

// OpenKnowledge returns the built-in knowledge base, extended by every JSON file
// of the folders in the order of their names. An entry of an ID that is already
// there takes its place.
func OpenKnowledge(folders ...string) (*Knowledge, error) {
	b := builtinKnowledge()
	k := &Knowledge{Entries: slices.Clone(b.Entries), Aliases: map[string]string{}}
	for word, other := range b.Aliases {
		k.Aliases[word] = other
	}
	for _, dir := range folders {
		if err := k.addAll(os.DirFS(dir), "."); err != nil {
			return nil, fmt.Errorf("knowledge %s: %w", dir, err)
		}
	}
	return k, nil
}

func (k *Knowledge) addAll(files fs.FS, dir string) error {
	list, err := fs.ReadDir(files, dir)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.IsDir() || filepath.Ext(f.Name()) != ".json" {
			continue
		}
		text, err := fs.ReadFile(files, strings.TrimPrefix(dir+"/"+f.Name(), "./"))
		if err != nil {
			return err
		}
		if err := k.add(text); err != nil {
			return fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	return nil
}

func (k *Knowledge) add(text []byte) error {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	var f knowledgeFile
	if err := d.Decode(&f); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	for i, e := range f.Entries {
		if e.ID == "" || e.Kind == "" || e.Title == "" {
			return fmt.Errorf("entries[%d]: id, kind and title must be given", i)
		}
		at := slices.IndexFunc(k.Entries, func(old Entry) bool { return old.ID == e.ID })
		if at < 0 {
			k.Entries = append(k.Entries, e)
		} else {
			k.Entries[at] = e
		}
	}
	for word, other := range f.Aliases {
		k.Aliases[strings.ToLower(word)] = other
	}
	return nil
}

// modelKinds are those of the basic model, in the order in which they are
// written down.
var modelKinds = []struct{ kind, heading string }{
	{"parameter", "Time"}, {"variable", "Variables"}, {"constraint", "Constraints"}, {"objective", "Objective"}, {"preference", "Preferences"},
}

// BasicModel writes down the basic model, without trade among peers unless asked
// for: of some devices, of all where none is named.
func (k *Knowledge) BasicModel(trade bool, devices ...string) string {
	wanted := func(e Entry) bool {
		if e.Device == "p2p" {
			return trade
		}
		return len(devices) == 0 || e.Device == "all" || e.Device == "grid" ||
			slices.ContainsFunc(strings.Fields(e.Device), func(d string) bool { return slices.Contains(devices, d) })
	}
	var b strings.Builder
	for _, kind := range modelKinds {
		b.WriteString(kind.heading + ":\n")
		for _, e := range k.Entries {
			if e.Kind != kind.kind || !wanted(e) {
				continue
			}
			about := strings.Fields(e.Device)
			if e.Equation != "" {
				about = append(about, "eq. "+e.Equation)
			}
			fmt.Fprintf(&b, "- %s (%s): %s", e.Title, strings.Join(about, ", "), e.Formula)
			if e.Text != "" {
				b.WriteString(". " + e.Text)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// devicesOf are a prosumer's devices by their names in the knowledge base.
func devicesOf(x *community.Prosumer) []string {
	var list []string
	add := func(has bool, name string) {
		if has {
			list = append(list, name)
		}
	}
	has := func(kind string) bool {
		return slices.ContainsFunc(x.RDGs, func(r community.RDG) bool { return r.Kind == kind })
	}
	add(x.CDG != nil, "cdg")
	add(has(community.PV), "pv")
	add(has(community.Wind), "wt")
	add(x.BESS != nil, "bess")
	add(x.CL != nil, "cl")
	return list
}

// trade writes down what trade among peers adds to the model.
func (k *Knowledge) trade() string {
	var b strings.Builder
	for _, e := range k.Entries {
		if e.Device == "p2p" {
			fmt.Fprintf(&b, "- %s: %s. %s\n", e.Title, e.Formula, e.Text)
		}
	}
	return b.String()
}

// String is the entry as a model reads it.
func (e Entry) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s.", e.ID, e.Title)
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, " %s%s", label, text)
		}
	}
	line("", e.Formula)
	line("", e.Signature)
	if e.Curvature != "" {
		line("", "["+e.Curvature+"]")
	}
	line("", e.Text)
	if e.Example != "" {
		b.WriteString("\n    " + strings.ReplaceAll(e.Example, "\n", "\n    "))
	}
	return b.String()
}
