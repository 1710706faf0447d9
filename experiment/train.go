package experiment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/marl"
)

// Cells returns the seeds of part k of n (from 1) of a run: every n-th, so that
// n processes that each train their part train all of it. Parts may be empty.
func (r *Run) Cells(k, n int) []uint64 {
	var seeds []uint64
	for i, seed := range r.Spec.Seeds {
		if i%n == k-1 {
			seeds = append(seeds, seed)
		}
	}
	return seeds
}

// Train trains the given seeds, each from its checkpoint where there is one.
// When ctx is cancelled, or one of them fails, each of the others writes a
// checkpoint first. The error is that of the first seed that failed, or
// ctx's.
func (r *Run) Train(ctx context.Context, seeds []uint64) error {
	var cells []cell
	for _, seed := range seeds {
		cells = append(cells, cell{r, seed})
	}
	return trainCells(ctx, cells, r.workers(), func(c cell, p marl.Progress) {
		if r.Progress != nil {
			r.Progress(c.seed, p)
		}
	})
}

// cell is one training: the smallest piece of work that is done apart.
type cell struct {
	run  *Run
	seed uint64
}

// trainCells trains cells of any runs as Train does. Calls of progress do not
// overlap.
func trainCells(ctx context.Context, cells []cell, processors int, progress func(cell, marl.Progress)) error {
	// A few trainings share the processors best when all run at once, each on
	// one goroutine; many take turns.
	atOnce := len(cells)
	if atOnce > 2*processors {
		atOnce = processors
	}
	var lock sync.Mutex
	errs := make([]error, len(cells))
	group, trainings := errgroup.WithContext(ctx)
	group.SetLimit(max(1, atOnce))
	for i, c := range cells {
		group.Go(func() error {
			errs[i] = c.run.trainCell(trainings, c.seed, max(1, processors/atOnce), func(p marl.Progress) {
				lock.Lock()
				defer lock.Unlock()
				progress(c, p)
			})
			return errs[i]
		})
	}
	err := group.Wait()
	for _, e := range errs {
		if e = failure(e); e != nil {
			return e
		}
	}
	return err
}

// workers is how many processors the run may use.
func (r *Run) workers() int {
	if r.Workers < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return r.Workers
}

func (r *Run) trainCell(ctx context.Context, seed uint64, workers int, progress func(marl.Progress)) error {
	dir := r.CellDir(seed)
	if r.dropped(seed) {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, err := lockFile(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) {
		return fmt.Errorf("%s: another process trains seed %d; wait for it, or end it", dir, seed)
	}
	if err != nil {
		return err
	}
	defer unlock()
	training := marl.Training{
		World: r.World, Environment: r.Spec.options(), Config: r.Spec.Algorithm, Seed: seed,
		Identity: r.identity, Dir: dir, Workers: workers, Progress: progress,
	}
	if r.teacher != nil {
		training.Teacher = r.teacher
	}
	if _, err = training.Run(ctx); err != nil || !r.discard {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, marl.CheckpointDir))
}

// failure returns what went wrong in an error beside having been cancelled.
func failure(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, e := range joined.Unwrap() {
			rest = append(rest, failure(e))
		}
		return errors.Join(rest...)
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
