package experiment

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// BenchSpec says everything that the figures of a benchmark of language models
// depend on, beside what the model answers.
type BenchSpec struct {
	// Settings are those of the model; nil where the reference expert is scored.
	Settings *llm.Settings `json:"settings,omitempty"`
	Place
	Options expert.BenchOptions `json:"options"`
}

// BenchResult is what a model, or the reference expert, made of its trials.
type BenchResult struct {
	Name   string         `json:"name"` // who answered, as the provider says
	Spec   BenchSpec      `json:"spec"`
	Score  expert.Score   `json:"score"`
	Notes  []string       `json:"notes,omitempty"`
	Trials []expert.Trial `json:"trials"`
}

// BenchProgress is told of every trial that is done.
type BenchProgress func(done, total int, t expert.Trial)

// Run asks the model, in a folder where one is named: calls, trials and the
// result are kept there, and the same call goes on from there. budget is charged
// with what the calls kept there have cost.
func (b *BenchSpec) Run(ctx context.Context, m llm.Model, w *env.World, dir string, budget *llm.Budget, progress BenchProgress) (*BenchResult, error) {
	o := b.Options
	if dir != "" {
		if err := b.Claim(dir); err != nil {
			return nil, err
		}
		o.Dir = dir
		if m != nil {
			calls := callsOf(dir)
			spent, err := llm.SpentUSD(calls)
			if err != nil {
				return nil, err
			}
			budget.Charge(spent)
			if m, err = llm.Record(m, calls); err != nil {
				return nil, err
			}
		}
	}
	r, err := b.result(ctx, m, w, o, progress)
	if err != nil || dir == "" {
		return r, err
	}
	return r, r.write(dir)
}

const (
	benchFile  = "bench.json"
	resultFile = "result.json"
)

// callsOf is the folder of a benchmark's calls: its own, or one that stands
// beside it, which benchmarks of the same model share: what they ask alike is
// asked once.
func callsOf(dir string) string {
	shared := filepath.Join(filepath.Dir(filepath.Clean(dir)), "calls")
	if _, err := os.Stat(shared); err == nil {
		return shared
	}
	return filepath.Join(dir, "calls")
}

// Claim makes a folder that of this benchmark. One of another is not touched.
func (b *BenchSpec) Claim(dir string) error {
	text, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, benchFile)
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		return renameio.WriteFile(path, append(text, '\n'), 0o644)
	case err != nil:
		return err
	case !bytes.Equal(bytes.TrimSpace(old), text):
		return fmt.Errorf("%s is of a benchmark with other settings or prompts: want another folder", path)
	}
	return nil
}

func (b *BenchSpec) result(ctx context.Context, m llm.Model, w *env.World, o expert.BenchOptions, progress BenchProgress) (*BenchResult, error) {
	trials, err := expert.Bench(ctx, m, w, o, progress)
	if err != nil {
		return nil, err
	}
	r := &BenchResult{Name: expert.ReferenceExpert, Spec: *b, Score: expert.NewScore(trials), Notes: expert.Notes(trials), Trials: trials}
	for i := range trials {
		trials[i].Seconds = 0 // clock readings stay with the trials
		r.Name = trials[i].Model
	}
	return r, nil
}

// write keeps the result as JSON and as a table of trials.
func (r *BenchResult) write(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(dir, resultFile), append(text, '\n'), 0o644); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := expert.WriteTrials(&b, r.Trials); err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(dir, "trials.csv"), b.Bytes(), 0o644)
}

// IsBench tells whether a folder is that of a benchmark.
func IsBench(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, benchFile))
	return err == nil
}

// ReplayBench runs the benchmark of a folder again from its recordings, without
// any model. It touches nothing there.
func ReplayBench(ctx context.Context, dir string, workers int, progress BenchProgress) (*BenchResult, error) {
	b, w, err := openBench(dir)
	if err != nil {
		return nil, err
	}
	var m llm.Model
	if b.Settings != nil {
		if m, err = llm.Replay(*b.Settings, callsOf(dir)); err != nil {
			return nil, err
		}
	}
	o := b.Options
	o.Workers = workers
	return b.result(ctx, m, w, o, progress)
}

func openBench(dir string) (*BenchSpec, *env.World, error) {
	path := filepath.Join(dir, benchFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%w (want a folder of expert bench --dir)", err)
	}
	var b BenchSpec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		return nil, nil, fmt.Errorf("%s is damaged: %w", path, err)
	}
	w, err := b.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return &b, w, nil
}

// KeptResults reads what stands under a folder of language models: their variants,
// as far as they are done.
func KeptResults(dir string, variants []Variant) ([]*BenchResult, error) {
	var results []*BenchResult
	models, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, model := range models {
		for _, v := range variants {
			path := filepath.Join(dir, model.Name(), v.Name, resultFile)
			text, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) || !model.IsDir() {
				continue
			}
			r := &BenchResult{}
			if err == nil {
				err = json.Unmarshal(text, r)
			}
			if err != nil {
				return nil, fmt.Errorf("%s is damaged: %w; remove it and run the benchmark again", path, err)
			}
			if r.Spec.Settings != nil { // else the reference expert
				results = append(results, r)
			}
		}
	}
	return results, nil
}
