package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// smallRun is a specification whose training takes about as long as starting
// the program, with many checkpoints.
const smallRun = `
algorithm: {episodes: 40, warmup_episodes: 4, validate_every: 5, environments: 2, transitions_per_update: 24, batch_size: 16, actor_hidden: [16], critic_hidden: [16]}
seeds: [1, 2]
`

// sameBytes are the files that do not depend on interruptions or workers.
var sameBytes = []string{
	"spec.yaml", "evaluation.csv",
	"seed-1/metrics.jsonl", "seed-1/policy.bin", "seed-1/checkpoint/state.bin", "seed-1/checkpoint/replay.log",
	"seed-2/metrics.jsonl", "seed-2/policy.bin", "seed-2/checkpoint/state.bin", "seed-2/checkpoint/replay.log",
}

func compareRunDirs(t *testing.T, want, got string) {
	t.Helper()
	for _, name := range sameBytes {
		a, err := os.ReadFile(filepath.Join(want, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(got, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from the uninterrupted run's (%d and %d bytes)", name, len(a), len(b))
		}
	}
}

// writeSpec stores a specification and returns its path.
func writeSpec(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// begin returns the command that starts the run in dir or goes on with it.
func begin(spec, dir, workers string) *exec.Cmd {
	args := []string{"run", spec, "--out", dir}
	if _, err := os.Stat(filepath.Join(dir, "spec.yaml")); err == nil {
		args = []string{"run", "--resume", dir}
	}
	return exec.Command("peerwatt", append(args, "--workers", workers, "--against", "none")...)
}

// TestKilledRunsEndInTheSameBytes kills a run at ten random moments, wherever
// they fall, goes on each time, and compares what comes of it with a run that
// nobody disturbed; and runs on one and on two workers with each other.
func TestKilledRunsEndInTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains for some seconds")
	}
	dir, spec := t.TempDir(), writeSpec(t, smallRun)
	whole := filepath.Join(dir, "whole")
	started := time.Now()
	if out, err := begin(spec, whole, "1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	length := time.Since(started)

	two := filepath.Join(dir, "two")
	if out, err := begin(spec, two, "2").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compareRunDirs(t, whole, two)

	random := rand.New(rand.NewPCG(20150101, 10))
	killed := filepath.Join(dir, "killed")
	kills, finished := 0, 0
	for kills < 10 || finished == 0 {
		cmd := begin(spec, killed, []string{"1", "2"}[random.IntN(2)])
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 10 { // then let it come to its end
			moment := time.AfterFunc(time.Duration(random.Int64N(int64(length))), func() { _ = cmd.Process.Kill() })
			defer moment.Stop()
		}
		err := cmd.Wait()
		exit := (*exec.ExitError)(nil)
		switch {
		case err == nil:
			finished++
			compareRunDirs(t, whole, killed)
			if err := os.RemoveAll(killed); err != nil { // the next kills hit another one
				t.Fatal(err)
			}
		case errors.As(err, &exit) && exit.ExitCode() == -1:
			kills++
		default:
			t.Fatalf("after %d kills: %v\n%s", kills, err, said.String())
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d runs finished and compared; undisturbed it took %v", kills, finished, length.Round(time.Millisecond))
}

// TestInterruptWritesACheckpoint interrupts a run whose only checkpoint before
// its end is the one that the interrupt makes.
func TestInterruptWritesACheckpoint(t *testing.T) {
	dir, spec := t.TempDir(), writeSpec(t, strings.ReplaceAll(smallRun, "validate_every: 5", "validate_every: 40"))
	whole, cut := filepath.Join(dir, "whole"), filepath.Join(dir, "cut")
	if out, err := begin(spec, whole, "1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	cmd := begin(spec, cut, "1")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return sizeOf(filepath.Join(cut, "seed-1/checkpoint/replay.log")) > 0 })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("ended with %v\n%s", err, said.String())
	}
	for _, want := range []string{
		"finishing the round and writing checkpoints; ctrl-C again ends without",
		"peerwatt: interrupted; what was done is kept. Go on with: peerwatt run --resume " + cut + "\n",
	} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it said\n%snot %q", said.String(), want)
		}
	}
	if sizeOf(filepath.Join(cut, "seed-1/checkpoint/state.bin")) == 0 {
		t.Error("it wrote no checkpoint")
	}
	if out, err := begin(spec, cut, "2").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compareRunDirs(t, whole, cut)
}

// TestSecondInterruptKills interrupts a run in a round that would take long,
// twice.
func TestSecondInterruptKills(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	spec := writeSpec(t, "algorithm: {episodes: 100000, warmup_episodes: 100000, environments: 20000}\nseeds: [1]\n")
	cmd := begin(spec, dir, "1")
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close()
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return sizeOf(filepath.Join(dir, "seed-1/lock")) == 0 })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		said, err := os.ReadFile(stderr.Name())
		return err == nil && bytes.Contains(said, []byte("finishing the round"))
	})
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for { // the handler goes soon after the message, not before it
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			exit := (*exec.ExitError)(nil)
			if !errors.As(err, &exit) || exit.ExitCode() != -1 {
				t.Errorf("ended with %v, want the signal", err)
			}
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// waitFor polls until something has come about, or has obviously failed to.
func waitFor(t *testing.T, come func() bool) {
	t.Helper()
	for range 2 * 60 * 200 {
		if come() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}

// sizeOf returns the size of a file, -1 where there is none.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return -1
	}
	return info.Size()
}
