package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

// Run is a specification with the directory that holds what comes of it.
type Run struct {
	Dir   string
	Spec  Spec
	World *env.World

	// Workers is how many goroutines train and evaluate; 0: one per processor.
	// It changes the speed and nothing else.
	Workers int
	// Progress is told how far each seed's training is; may be nil. Calls do not
	// overlap.
	Progress func(seed uint64, p marl.Progress)

	identity string      // see Spec.Identity
	teacher  env.Teacher // see Advise
	// discard drops the checkpoint of a training that is finished, which holds all
	// of replay, where nobody will go on with it.
	discard bool
}

// Names of the files of a run directory.
const (
	specFile       = "spec.yaml"
	versionFile    = "version.json"
	evaluationFile = "evaluation.csv"
	reportFile     = "report.html"
)

// New prepares a run in a directory that must not hold another one. It writes
// nothing; see Create.
func New(dir string, spec Spec) (*Run, error) {
	r, err := open(dir, spec)
	if err != nil {
		return nil, err
	}
	if Holds(dir) {
		return nil, fmt.Errorf("%s already holds a run; go on with --resume %s, or choose another --out", dir, dir)
	}
	return r, nil
}

// Resume opens the run that a directory holds.
func Resume(dir string) (*Run, error) {
	path := filepath.Join(dir, specFile)
	spec, err := ReadSpec(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run: there is no %s", dir, path)
	}
	if err != nil {
		return nil, err
	}
	return open(dir, spec)
}

// Join opens the run in dir to work on it beside other processes: the one that
// is there, which must have the same specification, or a new one.
func Join(dir string, spec Spec) (*Run, error) {
	if !Holds(dir) {
		return New(dir, spec)
	}
	r, err := Resume(dir)
	if err != nil {
		return nil, err
	}
	if different := r.Spec.Differences(spec); different != nil {
		return nil, fmt.Errorf("%s holds a run of another specification: %s differs; choose another --out", dir, different[0])
	}
	return r, nil
}

// Holds tells whether a directory holds a run.
func Holds(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, specFile))
	return err == nil
}

func open(dir string, spec Spec) (*Run, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	world, err := spec.World()
	if err != nil {
		return nil, err
	}
	return openIn(world, dir, spec)
}

// openIn opens a run in the world that its specification describes.
func openIn(world *env.World, dir string, spec Spec) (*Run, error) {
	split := world.Year.Split()
	if len(split.Train) == 0 || len(split.Validate) == 0 || len(split.Test) == 0 {
		return nil, fmt.Errorf("community.year: %s has %d days to train, %d to validate and %d to test: want some of each, as a whole month has",
			world.Year.Name, len(split.Train), len(split.Validate), len(split.Test))
	}
	identity, err := spec.Identity(world)
	if err != nil {
		return nil, err
	}
	return &Run{Dir: dir, Spec: spec, World: world, identity: identity}, nil
}

// Create makes the directory with the specification and what made it. Where the
// run is there already it changes nothing.
func (r *Run) Create() error {
	if Holds(r.Dir) {
		return nil
	}
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string]any{
		"program": Version(), "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "processors": runtime.NumCPU(),
		"year": r.World.Year.Name, "year_source": r.World.Year.Source, "year_notes": r.World.Year.Notes,
		"year_sha256": r.World.Year.Checksum(), "identity": r.identity,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(r.Dir, versionFile), append(text, '\n'), 0o644); err != nil {
		return err
	}
	// Last: a directory with a specification is a run.
	return r.Spec.Write(filepath.Join(r.Dir, specFile))
}

// CellDir is the directory of a seed's training.
func (r *Run) CellDir(seed uint64) string {
	return filepath.Join(r.Dir, "seed-"+strconv.FormatUint(seed, 10))
}

// Differences lists the keys whose values differ between two specifications.
func (s *Spec) Differences(other Spec) []string {
	theirs := map[string]any{}
	walkKeys(reflect.ValueOf(other), "", func(path string, _ reflect.Type, _ reflect.StructField, v reflect.Value) {
		theirs[path] = v.Interface()
	})
	var keys []string
	walkKeys(reflect.ValueOf(*s), "", func(path string, _ reflect.Type, _ reflect.StructField, v reflect.Value) {
		if !reflect.DeepEqual(v.Interface(), theirs[path]) {
			keys = append(keys, path)
		}
	})
	return keys
}
