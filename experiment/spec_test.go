package experiment

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
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
		"algorithm: {preset: big}":            `:1: algorithm.preset: "big" is not one of cpu, paper`,
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
