package experiment

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/peerwatt/peerwatt/profile"
)

func TestSpecificationsReadBackAsTheyWereWritten(t *testing.T) {
	spec, err := ReadSpec("", "algorithm.episodes=12", "seeds=[4, 5]", "algorithm.replay.k=0.7", "community.preset=paper-scale")
	if err != nil {
		t.Fatal(err)
	}
	if spec.Algorithm.Episodes != 12 || len(spec.Seeds) != 2 || spec.Algorithm.Replay.K != 0.7 || spec.Community.Preset != "paper-scale" {
		t.Errorf("settings were not applied: %+v", spec)
	}
	path := filepath.Join(t.TempDir(), "spec.yaml")
	if err := spec.Write(path); err != nil {
		t.Fatal(err)
	}
	again, err := ReadSpec(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(spec, again) {
		t.Errorf("read back\n%+v\nwant\n%+v", again, spec)
	}
}

func TestTheAlgorithmsPresetGivesItsDefaults(t *testing.T) {
	spec, err := ReadSpec("", "algorithm.preset=paper", "algorithm.batch_size=64")
	if err != nil {
		t.Fatal(err)
	}
	if spec.Algorithm.Episodes != 5000 || spec.Algorithm.TransitionsPerUpdate != 1 || spec.Algorithm.BatchSize != 64 {
		t.Errorf("got %+v", spec.Algorithm)
	}
}

func TestBadSpecificationsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"algoritm: {}":                        "did you mean algorithm?",
		"algorithm: {episode: 3}":             "did you mean episodes?",
		"algorithm: {name: ppo}":              `algorithm.name: "ppo" is not one of`,
		"algorithm: {preset: big}":            `:1: algorithm.preset: "big" is not one of cpu, paper, plus`,
		"algorithm: {episodes: 0}":            "algorithm.episodes: 0 is below 1",
		"algorithm: {learning_rate: .nan}":    "algorithm.learning_rate: NaN is outside",
		"algorithm: {actor_hidden: [0]}":      "algorithm.actor_hidden: [0] must list widths",
		"algorithm: {critic: none}":           "neither shared nor per_agent",
		"seeds: []":                           "seeds: the list is empty",
		"seeds: [1, 1]":                       "seeds: 1 stands there twice",
		"seeds: 3":                            "seeds: want a list",
		"environment: {observation: all}":     "neither paper nor plus",
		"algorithm: {reward: {baseline: no}}": "algorithm.reward.baseline",
	} {
		path := filepath.Join(t.TempDir(), "spec.yaml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadSpec(path)
		if err == nil {
			t.Errorf("%q was accepted", text)
			continue
		}
		if got := err.Error(); !strings.Contains(got, want) || !strings.Contains(got, path) || strings.Contains(got, "\n") {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestFilesAreRelativeToTheSpecification reads a specification from another
// folder than its own.
func TestFilesAreRelativeToTheSpecification(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("study/village.yaml", "preset: voltage-stress\nfeeder: {substation_pu: 1.01}\n")
	path := write("study/spec.yaml", "community: {preset: village.yaml, year: 2015}\ngrid: ../feeder\nmarket: {prices_csv: /srv/prices.csv}\n")
	spec, err := ReadSpec(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(dir, "study/village.yaml"), "2015", filepath.Join(dir, "feeder"), "/srv/prices.csv"}
	for i, f := range spec.files() {
		if *f.value != want[i] {
			t.Errorf("%s is %s, want %s", f.key, *f.value, want[i])
		}
	}
	t.Chdir(dir)
	for _, setting := range []string{"community.preset=study/village.yaml", "community={preset: study/village.yaml}"} {
		if spec, err = ReadSpec("study/spec.yaml", setting, "grid=case141", "market.prices_csv=''"); err != nil {
			t.Fatal(err)
		}
		if spec.Community.Preset != want[0] {
			t.Errorf("--set %s names %s, want %s", setting, spec.Community.Preset, want[0])
		}
	}
	w, err := spec.World()
	if err != nil {
		t.Fatal(err)
	}
	if w.Scenario.Feeder.SubstationPU != 1.01 {
		t.Errorf("the world is not that of the file: %+v", w.Scenario.Feeder)
	}
}

// TestIdentityIsOfContents: a world is the same wherever its files lie, and
// another one when they hold something else.
func TestIdentityIsOfContents(t *testing.T) {
	dir := t.TempDir()
	identity := func(name string, loadKW float64) string {
		year, err := profile.BuiltIn()
		if err != nil {
			t.Fatal(err)
		}
		load := make([]float64, len(year.Load.Actual))
		for i := range load {
			load[i] = loadKW
		}
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := profile.WriteSeries(filepath.Join(folder, "shop.csv"), profile.Series{LoadKW: load}, year.Start); err != nil {
			t.Fatal(err)
		}
		village := "name: village\npreset: voltage-stress\nchange:\n  commercial_0: {series_csv: shop.csv}\n"
		if err := os.WriteFile(filepath.Join(folder, "village.yaml"), []byte(village), 0o644); err != nil {
			t.Fatal(err)
		}
		spec := Default()
		spec.Community.Preset = filepath.Join(folder, "village.yaml")
		w, err := spec.World()
		if err != nil {
			t.Fatal(err)
		}
		id, err := spec.Identity(w)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	a, moved, changed := identity("a", 100), identity("b", 100), identity("c", 101)
	if a != moved {
		t.Error("moving the files changed the identity")
	}
	if a == changed {
		t.Error("another load has the same identity")
	}
}

func TestAGeneratedYearDependsOnItsSeed(t *testing.T) {
	sums := map[string]bool{}
	for _, settings := range [][]string{{"community.year=2030"}, {"community.year=2030", "community.year_seed=1"}, {"community.year=2030", "community.year_seed=2"}} {
		spec, err := ReadSpec("", settings...)
		if err != nil {
			t.Fatal(err)
		}
		w, err := spec.World()
		if err != nil {
			t.Fatal(err)
		}
		sums[w.Year.Checksum()] = true
	}
	if len(sums) != 2 {
		t.Errorf("%d different years of two seeds", len(sums))
	}
}

// TestYearsTooShortToSplitAreRefused imports ten days.
func TestYearsTooShortToSplitAreRefused(t *testing.T) {
	dir := t.TempDir()
	year := *profile.Generate(2030, 1)
	short := 10 * profile.StepsPerDay
	for _, track := range []*profile.Track{&year.Load, &year.Solar, &year.WindOnshore, &year.WindOffshore} {
		track.Actual, track.Forecast = track.Actual[:short], track.Forecast[:short]
	}
	if _, err := year.WriteElia(dir); err != nil {
		t.Fatal(err)
	}
	spec, err := ReadSpec("", "community.year="+dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(filepath.Join(t.TempDir(), "run"), spec)
	if err == nil || !strings.Contains(err.Error(), "community.year: ") || !strings.Contains(err.Error(), "to test: want some of each") {
		t.Errorf("got %v", err)
	}
}

func TestCellsAreAPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := &Run{Spec: Spec{Seeds: rapid.SliceOfDistinct(rapid.Uint64(), func(s uint64) uint64 { return s }).Draw(t, "seeds")}}
		n := rapid.IntRange(1, 12).Draw(t, "parts")
		var all []uint64
		for k := 1; k <= n; k++ {
			part := run.Cells(k, n)
			if len(part) > len(run.Spec.Seeds)/n+1 {
				t.Fatalf("part %d of %d has %d of %d seeds", k, n, len(part), len(run.Spec.Seeds))
			}
			all = append(all, part...)
		}
		slices.Sort(all)
		want := slices.Sorted(slices.Values(run.Spec.Seeds))
		if !slices.Equal(all, want) {
			t.Fatalf("the parts hold %v, the run %v", all, want)
		}
	})
}

func TestLabelsTellRunsApart(t *testing.T) {
	for _, c := range [][2][]string{
		{{"runs/a", "runs/b"}, {"a", "b"}},
		{{"x/runs/a", "y/runs/a", "b/"}, {"x/runs/a", "y/runs/a", "b"}},
		{{"a", "x/a"}, {"a", "x/a"}},
		{{"runs/one"}, {"one"}},
	} {
		if got := Labels(c[0]); !slices.Equal(got, c[1]) {
			t.Errorf("%q are labelled %q, want %q", c[0], got, c[1])
		}
	}
}

func TestOneProcessTrainsASeedAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(path); !errors.Is(err, errLocked) {
		t.Errorf("taken twice: %v", err)
	}
	unlock()
	again, err := lockFile(path)
	if err != nil {
		t.Fatalf("given back: %v", err)
	}
	again()
}

// FuzzReadSpec: no setting and no file makes it panic or answer in two lines.
func FuzzReadSpec(f *testing.F) {
	for _, s := range []string{"seeds=[1]", "algorithm.replay.k=1", "a.b=c", "=", "grid={", "algorithm={preset: paper}", "seeds=[1,[2]]", "algorithm.preset=[x]", "community=~"} {
		f.Add(s, "seeds: [1]\n")
	}
	for _, text := range []string{"", "algorithm: {name: x}", "? a\n: b", "- 1", "market: {fee: .inf}", "algorithm:\n  preset:\n    - cpu"} {
		f.Add("seeds=[1]", text)
	}
	f.Fuzz(func(t *testing.T, setting, text string) {
		path := filepath.Join(t.TempDir(), "spec.yaml")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, settings := range [][]string{{setting}, nil} {
			spec, err := ReadSpec(path, settings...)
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of two lines: %q", err)
			}
			if err == nil && spec.Validate() != nil {
				t.Errorf("accepted what is not valid: %v", spec.Validate())
			}
		}
	})
}
