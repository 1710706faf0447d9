package experiment

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// little is a budget of two quick learners, and of two numbers of heads.
var little = &Budget{
	Name: "little", settings: append([]string{"algorithm.preset=cpu"}, tiny...),
	seeds: []uint64{1, 2}, headsSeeds: []uint64{1, 2}, everyDay: 21, heads: []int{0, 2},
}

func littleStudy(t *testing.T, dir string) *Study {
	t.Helper()
	variants := []variant{
		{"maddpg", append(slices.Clone(little.settings), "algorithm.name=maddpg"), little.seeds},
		{"maac", append(slices.Clone(little.settings), "algorithm.name=maac", "algorithm.maac.hidden=8"), little.seeds},
	}
	s, err := little.study(dir, variants, []string{"none-p2p", "rule"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.correct, s.lines = true, []string{"none-p2p", "rule"} // which play fast
	return s
}

// wholeStudy is worked off in one go, for tests that look at it.
var wholeStudy string

func whole(t *testing.T) *Study {
	t.Helper()
	if wholeStudy == "" {
		s := littleStudy(t, filepath.Join(scratch, "study"))
		finish(t, s)
		wholeStudy = s.Dir
	}
	return littleStudy(t, wholeStudy)
}

// finish trains what is missing and writes the table.
func finish(t *testing.T, s *Study) {
	t.Helper()
	if err := s.Train(t.Context(), 1, 1, nil, nil, func(Progress) {}); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Rows(t.Context(), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.WriteTable4(s.Table4(rows), rows); err != nil {
		t.Fatal(err)
	}
}

// results are the files of a study that must not depend on how it was made.
func results(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, pattern := range []string{"table4.*", "marl-eval.json", "days/*.json", "*/seed-*/policy.bin", "*/seed-*/metrics.jsonl", "*/spec.yaml"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, ".timing.json") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[strings.TrimPrefix(path, dir)] = text
		}
	}
	return out
}

// TestStudiesEndInTheSameBytes: whether in one go, or interrupted in training and
// in evaluation, on one processor, or in parts as an array job works them off.
func TestStudiesEndInTheSameBytes(t *testing.T) {
	want := results(t, whole(t).Dir)
	if len(want) < 3+1+2+4+4+4+4+2 {
		t.Fatalf("only %d files", len(want))
	}
	check := func(how, dir string) {
		got := results(t, dir)
		for name, text := range want {
			if !bytes.Equal(got[name], text) {
				t.Errorf("%s: %s differs", how, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d files, want %d", how, len(got), len(want))
		}
	}

	broken := littleStudy(t, t.TempDir())
	broken.Workers = 1
	for _, after := range []int{4, 10, 20} { // episodes
		ctx, cancel := context.WithCancel(t.Context())
		err := littleAgain(t, broken).Train(ctx, 1, 1, nil, nil, func(p Progress) {
			if p.EpisodesDone >= after {
				cancel()
			}
		})
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if littleAgain(t, broken).Missing() == nil {
		t.Error("it was finished before it was evaluated: this tests nothing")
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := littleAgain(t, broken).Rows(ctx, func(done, _ int) {
		if done == 5 {
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	cancel()
	finish(t, littleAgain(t, broken))
	check("interrupted", broken.Dir)

	parts := littleStudy(t, t.TempDir())
	for _, k := range []int{3, 1, 2} {
		if err := littleAgain(t, parts).Train(t.Context(), k, 3, nil, nil, func(Progress) {}); err != nil {
			t.Fatal(err)
		}
	}
	if missing := parts.Missing(); missing != nil {
		t.Errorf("all parts leave %v", missing)
	}
	before := results(t, parts.Dir)
	finish(t, littleAgain(t, parts))
	check("in parts", parts.Dir)
	for name, text := range results(t, parts.Dir) {
		if old, there := before[name]; there && !bytes.Equal(old, text) {
			t.Errorf("%s was trained twice", name)
		}
	}
	if _, err := os.Stat(filepath.Join(parts.Dir, "maac", "seed-1", "checkpoint")); err == nil {
		t.Error("the checkpoint of a finished cell is still there")
	}
}

// littleAgain opens a study anew, as another process does.
func littleAgain(t *testing.T, s *Study) *Study {
	again := littleStudy(t, s.Dir)
	again.Workers = s.Workers
	return again
}

func TestStudyOfAnotherSpecification(t *testing.T) {
	dir := t.TempDir()
	s := littleStudy(t, dir)
	if err := s.Runs[0].Create(); err != nil {
		t.Fatal(err)
	}
	_, err := little.study(dir, []variant{{"maddpg", little.settings, little.seeds}}, nil, []string{"algorithm.discount=0.5"})
	if err == nil || !strings.Contains(err.Error(), "algorithm.discount differs; choose another --out") {
		t.Errorf("got %v", err)
	}
}

// TestTable4StandsBesideThePaper: the paper's figures are those of its Table IV,
// each beside the algorithm it belongs to.
func TestTable4StandsBesideThePaper(t *testing.T) {
	s := whole(t)
	text, err := os.ReadFile(filepath.Join(s.Dir, "table4.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		name := strings.Fields(line + " . .")[1]
		cells := map[string][]string{"maddpg": {"6586.45", "340.76", "3.66e-03", "8.47e-04"}, "maac": {"5940.32", "220.49", "2.02e-03", "7.29e-04"}}[name]
		for _, want := range cells {
			if !strings.Contains(line, "| "+want+" |") {
				t.Errorf("the row of %s lacks %s: %s", name, want, line)
			}
		}
	}
	best := slices.MinFunc(paperTable4, func(a, b paperRow) int { return int(a.cost - b.cost) })
	if best.algorithm != "op_mh" || len(paperTable4) != 6 {
		t.Errorf("the paper's best is %s", best.algorithm)
	}
	for _, want := range []string{"maddpg+dso", "Not finished"} {
		if strings.Contains(string(text), want) != (want == "maddpg+dso") {
			t.Errorf("%q in %s", want, text)
		}
	}
}

// TestFiguresOfTheirPoints: Fig. 6 has a curve for each quantity of each of the
// paper's algorithms, Fig. 7 deviations that follow from the costs of its rows.
func TestFiguresOfTheirPoints(t *testing.T) {
	s := whole(t)
	f6, err := s.Fig6(t.Context(), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(f6.Curves) != 6 || !slices.Equal(f6.Curves[1].Episode, []float64{2, 4, 6}) || f6.Curves[1].Quantity != "cost" {
		t.Errorf("curves %+v", f6.Curves)
	}
	if err := s.WriteFig6(f6); err != nil {
		t.Fatal(err)
	}

	heads, err := little.study(t.TempDir(), little.headCounts()[:1], []string{"expert"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for i, cost := range []float64{100, 90, 130} {
		date := "2015-01-25"
		if i == 0 {
			rows = append(rows, row("expert", 0, date, cost, 0))
			continue
		}
		r := row("heads-0", uint64(i), date, cost, 0)
		rows = append(rows, r)
	}
	f7, err := heads.Fig7(rows)
	if err != nil {
		t.Fatal(err)
	}
	if len(f7.Points) != 2 || !slices.Equal(f7.Points[0].Deviation, []float64{10, 30}) || math.Abs(f7.Points[0].Mean-20) > 1e-12 || f7.Points[1].Attention != "standard" {
		t.Errorf("points %+v", f7.Points)
	}
	if f7.Points[0].SD != math.Sqrt(200) {
		t.Errorf("a standard deviation of %v", f7.Points[0].SD)
	}
	if err := heads.WriteFig7(f7); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"fig7.svg", "fig7.png", "fig7.csv", "fig7.json", "fig7.md"} {
		if info, err := os.Stat(filepath.Join(heads.Dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBudgetsAreSpecifications: every cell of every budget is a specification that
// holds, and what the paper fixes is as the paper has it.
func TestBudgetsAreSpecifications(t *testing.T) {
	for i := range Budgets {
		b := &Budgets[i]
		for _, v := range slices.Concat(b.comparison(), b.headCounts()) {
			spec, err := ReadSpec("", v.settings...)
			if err != nil {
				t.Errorf("%s, %s: %v", b.Name, v.label, err)
				continue
			}
			a := &spec.Algorithm
			if b.Name == "paper" && (a.Episodes != 5000 || a.BatchSize != 128 || a.LearningRate != 1e-4 || a.Discount != 0.99 || a.Replay.Capacity != 1e5 || a.Replay.K != 0.8 || a.OP.Lambda != 0.02 || a.OP.Epsilon != 0.05 || len(v.seeds) != 5) {
				t.Errorf("%s is not the paper's Table II: %+v", v.label, a)
			}
			if b.Name == "cpu" && v.label != "plus" && a.Episodes < 800 {
				t.Errorf("%s trains for %d episodes", v.label, a.Episodes)
			}
		}
		if n := len(b.headCounts()); n != 2*len(b.heads)-1 {
			t.Errorf("%s has %d variants of heads", b.Name, n)
		}
	}
	if _, err := OpenBudget("huge"); err == nil || !strings.Contains(err.Error(), "smoke, cpu, paper") {
		t.Errorf("a budget that is not there: %v", err)
	}
}
