package marl

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// world is the default community on the built-in year, made once.
var world = sync.OnceValues(func() (*env.World, error) {
	s, err := community.Preset("voltage-stress")
	if err != nil {
		return nil, err
	}
	y, err := profile.BuiltIn()
	if err != nil {
		return nil, err
	}
	m, err := market.New(market.DefaultConfig(), y)
	if err != nil {
		return nil, err
	}
	return env.NewWorld(s, grid.Case141(), y, m)
})

// small returns a training that takes a second, in a directory of its own.
func small(t testing.TB, workers int) *Training {
	t.Helper()
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Preset("cpu")
	if err != nil {
		t.Fatal(err)
	}
	c.Episodes, c.WarmupEpisodes, c.CriticOnlyEpisodes, c.Environments, c.ValidateEvery = 14, 2, 3, 3, 6
	c.BatchSize, c.TransitionsPerUpdate, c.Replay.Capacity = 32, 16, 1000
	c.ActorHidden, c.CriticHidden = []int{16}, []int{24, 16}
	c.OPMH.DModel, c.OPMH.TokenHidden, c.OPMH.OutHidden = 16, 16, 16
	c.MAAC.Hidden = 16
	c.MAGAIL.Hidden, c.MAGAIL.CloningUpdates, c.MAGAIL.DiscriminatorUpdates = []int{16, 16}, 20, 10
	return &Training{World: w, Config: c, Seed: 3, Teacher: noon{}, Identity: "test", Dir: t.TempDir(), Workers: workers}
}

// noon is a teacher with an opinion on half of the steps.
type noon struct{}

func (noon) Labels(day int, init env.Initial, visited []env.Visit, dst, weight []float32) error {
	perStep, agents := len(dst)/len(visited), len(weight)/len(visited)
	for k, v := range visited {
		for i := range dst[k*perStep : (k+1)*perStep] {
			dst[k*perStep+i] = float32(v.SOC[0]) - float32(day)/1000
		}
		for i := range agents {
			weight[k*agents+i] = float32(v.Step % 2)
		}
	}
	return nil
}

// leaves are the files of a training that must not depend on how it ran.
func leaves(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{"metrics.jsonl", PolicyFile, checkpointFile, replayFile} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

func mustEqual(t *testing.T, what string, got, want map[string][]byte) {
	t.Helper()
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s: %s differs (%d and %d bytes)", what, name, len(got[name]), len(want[name]))
		}
	}
}

func TestResultsDoNotDependOnWorkersOrInterruptions(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) { runInAllWays(t, name) })
	}
}

// runInAllWays trains with one worker, with two, and with interruptions, and
// holds everything that is left against each other.
func runInAllWays(t *testing.T, name string) {
	one := small(t, 1)
	one.Config.Name = name
	if _, err := one.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := leaves(t, one.Dir)
	critics := name == "apg" || len(trainEvents(t, one.Dir, "critic_loss")) > 0 // APG has none
	if !critics || len(trainEvents(t, one.Dir, "actor_grad_norm")) == 0 {
		t.Error("critics or actors did not learn: there is nothing to hold")
	}

	two := small(t, 2)
	two.Config.Name = name
	if _, err := two.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, "two workers", leaves(t, two.Dir), want)

	// Interrupted after every round, and continued by a new process each time.
	broken, rounds := small(t, 2), 0
	broken.Config.Name = name
	for done := false; !done; rounds++ {
		ctx, cancel := context.WithCancel(t.Context())
		broken.Progress = func(Progress) { cancel() }
		_, err := broken.Run(ctx)
		done = err == nil
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		cancel()
		if rounds > 50 {
			t.Fatal("the training does not come to an end")
		}
	}
	if rounds < 4 {
		t.Fatalf("only %d interruptions", rounds)
	}
	mustEqual(t, "interrupted", leaves(t, broken.Dir), want)

	// Running a finished training again changes nothing.
	broken.Progress = nil
	if _, err := broken.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, "run again", leaves(t, broken.Dir), want)
}

// TestWhatAKilledRunWroteLateIsWrittenAgain puts into the files what a run
// killed between two checkpoints leaves there.
func TestWhatAKilledRunWroteLateIsWrittenAgain(t *testing.T) {
	whole := small(t, 1)
	if _, err := whole.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := leaves(t, whole.Dir)

	killed := small(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	killed.Progress = func(p Progress) {
		if p.Episodes >= 6 {
			cancel()
		}
	}
	if _, err := killed.Run(ctx); err == nil {
		t.Fatal("the training was not interrupted")
	}
	for _, name := range []string{"metrics.jsonl", replayFile} {
		f, err := os.OpenFile(filepath.Join(killed.Dir, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, `{"event":"train","half a line`)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	killed.Progress = nil
	if _, err := killed.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, "killed", leaves(t, killed.Dir), want)
}

func TestCheckpointsOfAnotherTrainingAreRefused(t *testing.T) {
	first := small(t, 1)
	first.Config.Episodes = 6
	if _, err := first.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Training){
		"seed":      func(x *Training) { x.Seed++ },
		"algorithm": func(x *Training) { x.Config.LearningRate *= 2 },
		"community": func(x *Training) { x.Identity = "another" },
	} {
		other := *first
		change(&other)
		if _, err := other.Run(t.Context()); err == nil {
			t.Errorf("went on with another %s", name)
		}
	}
	path := filepath.Join(first.Dir, checkpointFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 3, 100, len(b) / 2, len(b) - 1} {
		if err := os.WriteFile(path, b[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := first.Run(t.Context()); err == nil {
			t.Errorf("a checkpoint cut to %d bytes was accepted", n)
		}
	}
}

func TestAStoredPolicyDecidesAsTheTrainedOne(t *testing.T) {
	tr := small(t, 1)
	if _, err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPolicy(filepath.Join(tr.Dir, PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	e, err := env.New(tr.World, tr.Environment)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	days := tr.World.Year.Split().Validate
	for _, d := range days {
		r, err := env.RunDay(e, p, d, env.Evaluation, nil)
		if err != nil {
			t.Fatal(err)
		}
		total += r.DiscountedReward / float64(len(days))
	}
	r, err := tr.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if total != r.best.Return {
		t.Errorf("the stored policy earns %v on the validation days, the trained one %v", total, r.best.Return)
	}
	b, err := os.ReadFile(filepath.Join(tr.Dir, PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(b) {
		if n%97 == 0 || n > len(b)-8 {
			if _, err := decodePolicy(b[:n]); err == nil {
				t.Fatalf("a policy cut to %d bytes was accepted", n)
			}
		}
	}
}
