package experiment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

// Study is what stands behind a table or figure of the paper: one run for every
// row or curve, each in its own folder, and all of them in one world. A cell, an
// algorithm (or a number of heads) with a seed, is the piece of work that is done
// apart; cells may be spread over processes that share the directory.
type Study struct {
	Dir    string
	Budget *Budget
	Runs   []*Run
	World  *env.World
	// Workers is how many processors may be used, 0 for all.
	Workers int

	labels    []string // of the runs
	baselines []string // policies beside what is trained
	days      []int    // that are evaluated
	lines     []string // policies that the curves of learning are held against
	correct   bool     // what is trained is evaluated with the operator correcting, too
}

// Table4 opens the study behind Table IV and Fig. 6 in a directory. The settings, such as "algorithm.episodes=100", are those of
// every training beside the budget's.
func (b *Budget) Table4(dir string, settings ...string) (*Study, error) {
	s, err := b.study(dir, b.comparison(), b.baselines, settings)
	if err == nil {
		s.correct = true
	}
	return s, err
}

// Fig7 opens the study behind Fig. 7.
func (b *Budget) Fig7(dir string, settings ...string) (*Study, error) {
	return b.study(dir, b.headCounts(), []string{"expert"}, settings)
}

func (b *Budget) study(dir string, variants []variant, baselines, settings []string) (*Study, error) {
	s := &Study{Dir: dir, Budget: b, baselines: baselines, lines: []string{scoreZero, "rule", "expert", scoreOne}}
	for _, v := range variants {
		seeds := "seeds=" + strings.ReplaceAll(fmt.Sprint(v.seeds), " ", ", ")
		spec, err := ReadSpec("", slices.Concat([]string{seeds}, v.settings, settings)...)
		if err != nil {
			return nil, err
		}
		if s.World == nil {
			if s.World, err = spec.World(); err != nil {
				return nil, err
			}
		}
		if err := s.add(v.label, spec); err != nil {
			return nil, err
		}
	}
	for k, day := range s.World.Year.Split().Test {
		if k%b.everyDay == 0 {
			s.days = append(s.days, day)
		}
	}
	if len(s.days) == 0 || len(s.World.Year.Split().Train) == 0 || len(s.World.Year.Split().Validate) == 0 {
		return nil, fmt.Errorf("community.year: %s lacks days to train, to validate or to test", s.World.Year.Name)
	}
	return s, nil
}

// add opens the run of a variant, the one that is there or a new one.
func (s *Study) add(label string, spec Spec) error {
	run, err := openIn(s.World, filepath.Join(s.Dir, label), spec)
	if err != nil {
		return err
	}
	if Holds(run.Dir) {
		theirs, err := ReadSpec(filepath.Join(run.Dir, specFile))
		if err != nil {
			return err
		}
		if different := theirs.Differences(spec); different != nil {
			return fmt.Errorf("%s holds a run of another specification: %s differs; choose another --out", run.Dir, different[0])
		}
	}
	run.discard = true
	s.Runs, s.labels = append(s.Runs, run), append(s.labels, label)
	return nil
}

// Progress says how far a study's trainings are.
type Progress struct {
	Cells, CellsDone       int
	Episodes, EpisodesDone int
	Doing                  string // such as "op, seed 3"
}

// Train trains part k of n (from 1) of the cells, every n-th of them, those that
// are not finished. Of the expert's plans it makes those that are missing first,
// of which planning is told.
func (s *Study) Train(ctx context.Context, k, n int, warn func(string), planning func(done, of int), progress func(Progress)) error {
	var p Progress
	var cells []cell
	episodes := map[cell]int{}
	number := 0
	for i := range s.longest() { // seed by seed, so that rows fill evenly
		for _, run := range s.Runs {
			if i >= len(run.Spec.Seeds) {
				continue
			}
			if number++; (number-1)%n != k-1 {
				continue
			}
			c := cell{run, run.Spec.Seeds[i]}
			p.Cells++
			p.Episodes += run.Spec.Algorithm.Episodes
			if run.finished(c.seed) {
				p.CellsDone++
				p.EpisodesDone += run.Spec.Algorithm.Episodes
				continue
			}
			cells = append(cells, c)
		}
	}
	progress(p)
	if err := s.prepare(ctx, cells, warn, planning); err != nil {
		return err
	}
	return trainCells(ctx, cells, s.processors(), func(c cell, m marl.Progress) {
		p.EpisodesDone += m.Episodes - episodes[c]
		episodes[c] = m.Episodes
		if m.Episodes == m.Of {
			p.CellsDone++
		}
		p.Doing = fmt.Sprintf("%s, seed %d", filepath.Base(c.run.Dir), c.seed)
		progress(p)
	})
}

// prepare writes the runs of cells down and gets them their expert, one for all
// that are advised alike.
func (s *Study) prepare(ctx context.Context, cells []cell, warn func(string), planning func(done, of int)) error {
	var advised *Run
	for _, c := range cells {
		if err := c.run.Create(); err != nil {
			return fmt.Errorf("cannot write the run: %w", err)
		}
		switch {
		case c.run.teacher != nil || !c.run.Spec.Algorithm.Imitates():
		case advised != nil && advised.Spec.Expert == c.run.Spec.Expert:
			c.run.teacher = advised.teacher
		default:
			c.run.Workers = s.processors()
			if err := c.run.Advise(ctx, warn, planning); err != nil {
				return err
			}
			advised = c.run
		}
	}
	return nil
}

func (s *Study) longest() int {
	most := 0
	for _, r := range s.Runs {
		most = max(most, len(r.Spec.Seeds))
	}
	return most
}

func (s *Study) processors() int { return (&Run{Workers: s.Workers}).workers() }

// Missing lists the cells that are not finished.
func (s *Study) Missing() (cells []string) {
	for i, run := range s.Runs {
		for _, seed := range run.Spec.Seeds {
			if !run.finished(seed) {
				cells = append(cells, fmt.Sprintf("%s, seed %d", s.labels[i], seed))
			}
		}
	}
	return cells
}

// finished tells whether a seed's training came to its end: its last validation
// is logged, after its policy was written.
func (r *Run) finished(seed uint64) bool {
	if _, err := os.Stat(filepath.Join(r.CellDir(seed), marl.PolicyFile)); err != nil {
		return false
	}
	e, err := r.eventsOf(seed)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(e, func(event map[string]any) bool {
		episode, _ := event["episode"].(float64)
		return event["event"] == "validate" && int(episode) == r.Spec.Algorithm.Episodes
	})
}

// dropped tells whether a seed's training came to its end and its checkpoint was
// discarded.
func (r *Run) dropped(seed uint64) bool {
	_, err := os.Stat(filepath.Join(r.CellDir(seed), marl.CheckpointDir))
	return errors.Is(err, fs.ErrNotExist) && r.finished(seed)
}
