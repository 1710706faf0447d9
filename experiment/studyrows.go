package experiment

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
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

// Rows evaluates what the study has trained so far and its baselines. What was evaluated before is read from the folder days of the study, so
// that every table shares the same rows and an interrupted evaluation goes on.
func (s *Study) Rows(ctx context.Context, progress func(done, of int)) ([]Row, error) {
	trained, err := s.contenders()
	if err != nil {
		return nil, err
	}
	baselines, err := entrants(s.baselines)
	if err != nil {
		return nil, err
	}
	return s.play(ctx, append(baselines, trained...), s.days, progress)
}

// play evaluates contenders on some days.
func (s *Study) play(ctx context.Context, contenders []entrant, days []int, progress func(done, of int)) (rows []Row, err error) {
	for i, c := range contenders {
		more, err := s.played(ctx, c, days, func(done, _ int) { progress(i*len(days)+done, len(contenders)*len(days)) })
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// entrants are policies that need no training.
func entrants(names []string) (all []entrant, err error) {
	for _, name := range names {
		c, err := Builtin(name)
		if err != nil {
			return nil, err
		}
		all = append(all, entrant{Contender: c})
	}
	return all, nil
}

// entrant is a contender of a study with what tells it from others of its name.
type entrant struct {
	Contender
	digest string // of its policy file
}

// contenders are what the study has trained so far, and once more with the
// operator correcting.
func (s *Study) contenders() (all []entrant, err error) {
	var corrections []entrant
	for i, run := range s.Runs {
		for _, seed := range run.Spec.Seeds {
			path := filepath.Join(run.CellDir(seed), marl.PolicyFile)
			text, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			c, header, err := Trained(path)
			if err != nil {
				return nil, err
			}
			if header.Identity != run.identity {
				return nil, fmt.Errorf("%s was trained on other data than its run describes; remove it, or choose another --out", path)
			}
			c.Name = s.labels[i]
			sum := sha256.Sum256(text)
			digest := hex.EncodeToString(sum[:])
			all = append(all, entrant{c, digest})
			if s.correct {
				corrections = append(corrections, entrant{Corrected(c), digest})
			}
		}
	}
	return append(all, corrections...), nil
}

// keptRows are the rows of a contender as they stand on disk. Key is of everything
// that they depend on.
type keptRows struct {
	Key  string    `json:"key"`
	Days []keptDay `json:"days"`
}

type keptDay struct {
	env.DayResult
	Correction *CorrectionCount `json:"correction,omitempty"`
}

// played returns a contender's rows, from disk where they are known.
func (s *Study) played(ctx context.Context, c entrant, days []int, progress func(done, of int)) ([]Row, error) {
	world, err := WorldIdentity(s.World)
	if err != nil {
		return nil, err
	}
	key, err := digest(struct {
		World, Policy string
		Days          []int
	}{world, c.digest, days})
	if err != nil {
		return nil, err
	}
	name := c.Name
	if c.Trained {
		name += fmt.Sprintf("-seed-%d", c.Seed)
	}
	path := filepath.Join(s.Dir, "days", fmt.Sprintf("%s-%d-days.json", name, len(days)))
	var kept keptRows
	text, err := os.ReadFile(path)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err == nil && json.Unmarshal(text, &kept) == nil && kept.Key == key:
		return s.rowsOf(c, kept.Days, path)
	}
	rows, err := Evaluate(ctx, s.World, []Contender{c.Contender}, days, s.Workers, progress)
	if err != nil {
		return nil, err
	}
	kept = keptRows{Key: key}
	for _, r := range rows {
		kept.Days = append(kept.Days, keptDay{r.DayResult, r.Correction})
	}
	if err := writeJSON(path, kept); err != nil {
		return nil, err
	}
	return rows, writeJSON(clockOf(path), map[string]float64{"decision_s": decisionSeconds(rows)})
}

// rowsOf makes rows of what was kept.
func (s *Study) rowsOf(c entrant, days []keptDay, path string) ([]Row, error) {
	var clock struct {
		Seconds float64 `json:"decision_s"`
	}
	if text, err := os.ReadFile(clockOf(path)); err == nil { // a row without its time is a row nonetheless
		_ = json.Unmarshal(text, &clock)
	}
	var rows []Row
	for _, d := range days {
		d.DecisionTime = time.Duration(clock.Seconds * env.StepsPerDay * float64(time.Second))
		rows = append(rows, Row{Policy: c.Name, Seed: c.Seed, Trained: c.Trained, Date: s.World.DateOf(d.Day), DayResult: d.DayResult, Correction: d.Correction})
	}
	return rows, nil
}

// clockOf is where the clock readings beside a file of rows stand: the file
// itself is the same bytes for the same work.
func clockOf(path string) string { return strings.TrimSuffix(path, ".json") + ".timing.json" }

// writeJSON writes an object into a file, whose folder it makes.
func writeJSON(path string, of any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	if err := enc.Encode(of); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, b.Bytes(), 0o644)
}
