package experiment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// tiny are settings of a run that takes a second.
var tiny = []string{
	"algorithm.episodes=6", "algorithm.warmup_episodes=2", "algorithm.validate_every=2", "algorithm.environments=2", "algorithm.transitions_per_update=24",
	"algorithm.batch_size=16", "algorithm.actor_hidden=[8]", "algorithm.critic_hidden=[8]",
}

// played is a run that was trained and evaluated, shared by tests that only
// look at it.
type played struct {
	run  *Run
	rows []Row
	page string // path of its report
}

var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "experiment"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(scratch); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

var twoSeeds = sync.OnceValues(func() (*played, error) { return playTiny("two", "seeds=[1, 2]") })
var faster = sync.OnceValues(func() (*played, error) {
	return playTiny("faster", "seeds=[1, 2]", "algorithm.learning_rate=0.01")
})
var sunny = sync.OnceValues(func() (*played, error) {
	return playTiny("sunny", "seeds=[1]", "community.preset=solar-stress", "market.tariff=eur-belgium")
})

func playTiny(name string, settings ...string) (*played, error) {
	spec, err := ReadSpec("", append(tiny, settings...)...)
	if err != nil {
		return nil, err
	}
	run, err := New(filepath.Join(scratch, name), spec)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	if err := run.Create(); err != nil {
		return nil, err
	}
	if err := run.Train(ctx, spec.Seeds); err != nil {
		return nil, err
	}
	p := &played{run: run}
	if p.rows, err = run.Evaluate(ctx, idle(), nil); err != nil {
		return nil, err
	}
	p.page, err = run.Report(ctx, p.rows, idle())
	return p, err
}

// idle are baselines that play fast.
func idle() *Baselines {
	b := &Baselines{}
	for _, name := range []string{"none", "none-p2p", "rule"} {
		c, err := Builtin(name)
		if err != nil {
			panic(err) // they are built in
		}
		b.Contenders = append(b.Contenders, c)
	}
	return b
}

func must[T any](t *testing.T, get func() (T, error)) T {
	t.Helper()
	v, err := get()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
