package expert

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// StoredProgram is a program with the six parts that is kept to be run again,
// for each new state and without any model: what it stands for, and where it
// came from.
type StoredProgram struct {
	// For is a prosumer by its name, or an archetype: all its prosumers, who must
	// own the devices that the program was written for.
	For    string `json:"for"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of the file
	Wish   string `json:"wish"`   // in words
	// Spec is what the wish means: what the program is verified against.
	Spec *Spec `json:"spec"`

	Model        string        `json:"model"` // that wrote it, as its provider says, or "reference expert"
	Settings     *llm.Settings `json:"settings,omitempty"`
	PromptSHA256 string        `json:"prompt_sha256,omitempty"` // of the prompts that it was asked by
	VerifiedAt   time.Time     `json:"verified_at"`

	Source string `json:"-"`
}

// programStore is the file program.json of a folder of stored programs.
type programStore struct {
	Version  int             `json:"version"`
	Programs []StoredProgram `json:"programs"`
}

const (
	storeFile    = "program.json"
	storeVersion = 1
	mostSource   = 1 << 20 // bytes of a program
)

// StoreProgram verifies a program against its specification and puts it into a
// folder of stored programs, in the place of one for the same prosumers. It gives
// File, SHA256 and VerifiedAt their values.
func StoreProgram(ctx context.Context, dir string, w *env.World, p StoredProgram) error {
	store, err := readStore(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		store = &programStore{Version: storeVersion}
	case err != nil:
		return err
	}
	p.File, p.SHA256 = fileName(p.For), digestOf(p.Source)
	if _, err := p.verify(ctx, w); err != nil {
		return err
	}
	p.VerifiedAt = time.Now().UTC().Truncate(time.Second)
	if k := slices.IndexFunc(store.Programs, func(q StoredProgram) bool { return q.For == p.For }); k >= 0 {
		store.Programs[k] = p
	} else {
		store.Programs = append(store.Programs, p)
	}
	text, err := json.MarshalIndent(store, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(dir, p.File), []byte(p.Source), 0o644); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, storeFile), append(text, '\n'), 0o644)
}

// readStore reads a folder and holds its programs against their digests.
func readStore(dir string) (*programStore, error) {
	path := filepath.Join(dir, storeFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no stored programs: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	var s programStore
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Version != storeVersion {
		return nil, fmt.Errorf("%s: version is %d: want %d", path, s.Version, storeVersion)
	}
	for i := range s.Programs {
		p := &s.Programs[i]
		fail := func(format string, args ...any) (*programStore, error) {
			return nil, fmt.Errorf("%s: programs[%d]: %s", path, i, fmt.Sprintf(format, args...))
		}
		switch {
		case p.For == "" || slices.ContainsFunc(s.Programs[:i], func(q StoredProgram) bool { return q.For == p.For }):
			return fail("for is %q: want an archetype or the name of a prosumer, each once", p.For)
		case p.Spec == nil || p.Spec.Prosumer == nil:
			return fail("spec is missing: without it the program cannot be verified")
		case p.File != filepath.Base(p.File) || !strings.HasSuffix(p.File, ".py"):
			return fail("file is %q: want the name of a Python file in the same folder", p.File)
		}
		info, err := os.Stat(filepath.Join(dir, p.File))
		if err != nil {
			return fail("%v", err)
		}
		if !info.Mode().IsRegular() || info.Size() > mostSource {
			return fail("%s is no file of at most %d bytes", p.File, mostSource)
		}
		source, err := os.ReadFile(filepath.Join(dir, p.File))
		if err != nil {
			return fail("%v", err)
		}
		if digest := digestOf(string(source)); digest != p.SHA256 {
			return fail("%s has changed since it was verified: its sha256 is %s, want %s", p.File, digest, p.SHA256)
		}
		p.Source = string(source)
	}
	return &s, nil
}

// StoredDigest names what the programs of a folder say and whom they are for.
func StoredDigest(dir string) (string, error) {
	s, err := readStore(dir)
	if err != nil {
		return "", err
	}
	return s.digest(), nil
}

func (s *programStore) digest() string {
	var lines []string
	for _, p := range s.Programs {
		lines = append(lines, p.For+" "+p.SHA256)
	}
	slices.Sort(lines)
	return digestOf(strings.Join(lines, "\n"))
}

// verify reads the program and holds it against its specification. It is nil
// where it is for nobody of the community.
func (p *StoredProgram) verify(ctx context.Context, w *env.World) (*Program, error) {
	who, err := p.prosumers(w.Scenario)
	if err != nil || len(who) == 0 {
		return nil, err
	}
	program, err := NewProgram(p.Source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	x := &w.Scenario.Prosumers[who[0]]
	spec := &Spec{Prosumer: x, Preferences: p.Spec.Preferences, ReactivePricePerKvar2h: p.Spec.ReactivePricePerKvar2h}
	if err := spec.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	const anyDay, soc = 0, 0.5
	prober := &Prober{Spec: spec, Base: NewState(x, w.Calendar.Day(anyDay), who[0], w.Market, 0, soc, 0)}
	found, err := prober.Probe(ctx, program.at(ctx, x))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("%s is not the model of %s: %s", p.File, p.For, found[0].Words)
	}
	return program, nil
}

// prosumers lists whom the program is for.
func (p *StoredProgram) prosumers(s *community.Scenario) ([]int, error) {
	var who []int
	for i := range s.Prosumers {
		x := &s.Prosumers[i]
		if x.Name != p.For && string(x.Archetype) != p.For {
			continue
		}
		if !sameDevices(x, p.Spec.Prosumer) {
			return nil, fmt.Errorf("%s was written for devices with other ratings than those of %s: have one written for it", p.File, x.Name)
		}
		who = append(who, i)
	}
	if who == nil && !slices.Contains(community.Archetypes, community.Archetype(p.For)) {
		return nil, fmt.Errorf("%s is for %q: the community has no such prosumer, and there is no such archetype", p.File, p.For)
	}
	return who, nil
}

// sameDevices tells whether a model that holds devices as numbers fits both.
func sameDevices(x, y *community.Prosumer) bool {
	return reflect.DeepEqual(x.CDG, y.CDG) && slices.Equal(x.RDGs, y.RDGs) && reflect.DeepEqual(x.BESS, y.BESS) && reflect.DeepEqual(x.CL, y.CL)
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// fileName is the name of a program's file, a different one for everybody.
func fileName(of string) string {
	name := unfit.ReplaceAllString(of, "_")
	if name != of {
		name += "_" + digestOf(of)[:8]
	}
	return name + ".py"
}

func digestOf(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:])
}
