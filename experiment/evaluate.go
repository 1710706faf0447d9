package experiment

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/env"
)

// Row is one contender on one day.
type Row struct {
	Policy  string
	Seed    uint64
	Trained bool
	Date    string
	env.DayResult
	// Correction is what the operator changed, where it corrects; see Corrected.
	Correction *CorrectionCount
}

// Evaluate plays every day with every contender and returns a row for each
// pair, contender by contender, day by day. Rows do not depend on the number of
// workers; only their decision times do. Calls of progress, which may be nil, do
// not overlap.
func Evaluate(ctx context.Context, w *env.World, contenders []Contender, days []int, workers int, progress func(done, of int)) ([]Row, error) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	rows := make([]Row, len(contenders)*len(days))
	var lock sync.Mutex
	done := 0
	finished := func() {
		if progress != nil {
			lock.Lock()
			defer lock.Unlock()
			done++
			progress(done, len(rows))
		}
	}
	for c, contender := range contenders {
		next := make(chan int)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error {
			defer close(next)
			for d := range days {
				select {
				case next <- d:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
		for range min(workers, len(days)) {
			group.Go(func() error {
				return play(ctx, w, contender, days, next, rows[c*len(days):], finished)
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// play lets one worker's own copy of a contender decide the days it is given.
func play(ctx context.Context, w *env.World, c Contender, days []int, next <-chan int, rows []Row, finished func()) (err error) {
	policy, err := c.New()
	if err != nil {
		return err
	}
	if closer, ok := policy.(interface{ Close() error }); ok {
		defer func() {
			if e := closer.Close(); err == nil {
				err = e
			}
		}()
	}
	e, err := env.New(w, env.Options{Observation: c.Observation})
	if err != nil {
		return err
	}
	for d := range next {
		result, err := env.RunDay(e, policy, days[d], env.Evaluation, nil)
		if err != nil {
			return err
		}
		rows[d] = Row{Policy: c.Name, Seed: c.Seed, Trained: c.Trained, Date: w.DateOf(days[d]), DayResult: result}
		if p, ok := policy.(*corrected); ok {
			if rows[d].Correction, err = p.corrections(ctx); err != nil {
				return err
			}
		}
		finished()
	}
	return nil
}

// evaluationColumns are those of evaluation.csv. Clock readings are not among
// them: the file is the same bytes for the same run.
var evaluationColumns = []string{
	"policy", "seed", "date", "cost", "raw_cost", "stored_value", "reward", "discounted_reward",
	"bus_steps", "outside_bus_steps", "excess_pu", "mean_excess_pu", "worst_excess_pu", "diverged_steps", "traded_kwh",
}

// WriteRows writes rows as CSV.
func WriteRows(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	if err := out.Write(evaluationColumns); err != nil {
		return err
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for _, r := range rows {
		if err := out.Write([]string{
			r.Policy, strconv.FormatUint(r.Seed, 10), r.Date, number(r.Cost), number(r.RawCost), number(r.StoredValue),
			number(r.Reward), number(r.DiscountedReward), strconv.Itoa(r.BusSteps), strconv.Itoa(r.Outside),
			number(r.ExcessPU), number(r.MeanExcessPU), number(r.WorstPU), strconv.Itoa(r.DivergedSteps), number(r.TradedKWh),
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Evaluate plays the test days with the baselines and with what the run has
// trained so far, and stores the rows.
func (r *Run) Evaluate(ctx context.Context, baselines *Baselines, progress func(done, of int)) ([]Row, error) {
	trained, _, err := r.Contenders()
	if err != nil {
		return nil, err
	}
	days := r.World.Year.Split().Test
	before := len(baselines.Contenders) * len(days)
	onward := func(offset int) func(done, of int) {
		if progress == nil {
			return nil
		}
		return func(done, _ int) { progress(offset+done, before+len(trained)*len(days)) }
	}
	rows, err := baselines.rows(ctx, r, "test", days, onward(0))
	if err != nil {
		return nil, err
	}
	ours, err := Evaluate(ctx, r.World, trained, days, r.Workers, onward(before))
	if err != nil {
		return nil, err
	}
	rows = slices.Concat(rows, ours)
	var b bytes.Buffer
	if err := WriteRows(&b, rows); err != nil {
		return nil, err
	}
	return rows, renameio.WriteFile(filepath.Join(r.Dir, evaluationFile), b.Bytes(), 0o644)
}

// decisionSeconds is the mean time of one decision of the whole community.
func decisionSeconds(rows []Row) float64 {
	total := time.Duration(0)
	for _, r := range rows {
		total += r.DecisionTime
	}
	return total.Seconds() / float64(max(1, len(rows)*env.StepsPerDay))
}
