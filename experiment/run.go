package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

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

	identity string
}

// Start makes the directory of a new run. It must not hold another one.
func Start(dir string, spec Spec) (*Run, error) {
	r, err := open(dir, spec)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, specFile)); err == nil {
		return nil, fmt.Errorf("%s already holds a run; go on with --resume %s, or choose another --out", dir, dir)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := r.describe(); err != nil {
		return nil, err
	}
	return r, spec.Write(filepath.Join(dir, specFile))
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

func open(dir string, spec Spec) (*Run, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	world, err := spec.World()
	if err != nil {
		return nil, err
	}
	identity, err := spec.Identity(world)
	if err != nil {
		return nil, err
	}
	return &Run{Dir: dir, Spec: spec, World: world, identity: identity}, nil
}

// Names of the files of a run directory.
const (
	specFile       = "spec.yaml"
	versionFile    = "version.json"
	evaluationFile = "evaluation.csv"
	reportFile     = "report.html"
)

// describe writes what made the run.
func (r *Run) describe() error {
	text, err := json.MarshalIndent(map[string]any{
		"program": Version(), "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH, "processors": runtime.NumCPU(),
		"year": r.World.Year.Name, "year_source": r.World.Year.Source, "year_notes": r.World.Year.Notes,
		"year_sha256": r.World.Year.Checksum(), "identity": r.identity,
	}, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(r.Dir, versionFile), append(text, '\n'), 0o644)
}

// CellDir is the directory of a seed's training.
func (r *Run) CellDir(seed uint64) string {
	return filepath.Join(r.Dir, "seed-"+strconv.FormatUint(seed, 10))
}

// Train trains every seed, each from its checkpoint where there is one. When
// ctx is cancelled each writes a checkpoint first.
func (r *Run) Train(ctx context.Context) error {
	processors := r.Workers
	if processors < 1 {
		processors = runtime.GOMAXPROCS(0)
	}
	// A few trainings share the processors best when all run at once, each on
	// one goroutine; many take turns.
	atOnce := len(r.Spec.Seeds)
	if atOnce > 2*processors {
		atOnce = processors
	}
	var lock sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, seed := range r.Spec.Seeds {
		group.Go(func() error {
			dir := r.CellDir(seed)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			training := marl.Training{
				World: r.World, Environment: r.Spec.options(), Config: r.Spec.Algorithm, Seed: seed,
				Identity: r.identity, Dir: dir, Workers: max(1, processors/atOnce),
				Progress: func(p marl.Progress) {
					if r.Progress != nil {
						lock.Lock()
						defer lock.Unlock()
						r.Progress(seed, p)
					}
				},
			}
			_, err := training.Run(ctx)
			return err
		})
	}
	return group.Wait()
}

// Contenders returns what the run trained, seed by seed.
func (r *Run) Contenders() []Contender {
	var out []Contender
	for _, seed := range r.Spec.Seeds {
		path := filepath.Join(r.CellDir(seed), marl.PolicyFile)
		out = append(out, Contender{
			Name: r.Spec.Algorithm.Name, Seed: seed, Observation: r.Spec.Environment.Observation,
			New: func() (env.Policy, error) {
				p, err := marl.ReadPolicy(path)
				if errors.Is(err, fs.ErrNotExist) {
					return nil, fmt.Errorf("%s is not there: its training has not come to a validation yet; go on with --resume %s", path, r.Dir)
				}
				return p, err
			},
		})
	}
	return out
}

// Evaluate plays the test days with what the run trained and the given
// baselines, and stores the rows.
func (r *Run) Evaluate(ctx context.Context, baselines []Contender, progress func(done, of int)) ([]Row, error) {
	all := append(baselines[:len(baselines):len(baselines)], r.Contenders()...)
	rows, err := Evaluate(ctx, r.World, all, r.World.Year.Split().Test, r.Workers, progress)
	if err != nil {
		return nil, err
	}
	return rows, WriteRows(filepath.Join(r.Dir, evaluationFile), rows)
}
