package marl

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestPresetsAreValidForEveryAlgorithm(t *testing.T) {
	for _, preset := range Presets {
		for _, name := range Names() {
			c, err := Preset(preset)
			if err != nil {
				t.Fatal(err)
			}
			c.Name = name
			if err := c.Validate(); err != nil {
				t.Errorf("%s, %s: %v", preset, name, err)
			}
		}
	}
}

// TestPaperHasThePublishedValues is Table II.
func TestPaperHasThePublishedValues(t *testing.T) {
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		symbol    string
		got, want float64
	}{
		{"lr", c.LearningRate, 1e-4}, {"N_episode", float64(c.Episodes), 5000}, {"gamma", c.Discount, 0.99},
		{"N_B", float64(c.Replay.Capacity), 1e5}, {"B", float64(c.BatchSize), 128},
		{"lambda", c.OP.Lambda, 0.02}, {"eps", c.OP.Epsilon, 0.05}, {"k", c.Replay.K, 0.8},
	} {
		if x.got != x.want {
			t.Errorf("%s is %v, the paper says %v", x.symbol, x.got, x.want)
		}
	}
}

func TestImpossibleValuesAreNamed(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"algorithm.name: \"sarsa\" is not one of apg, maac, maddpg": func(c *Config) { c.Name = "sarsa" },
		"algorithm.maddpg.pre_tanh_penalty: NaN":                    func(c *Config) { c.MADDPG.PreTanhPenalty = math.NaN() },
		"algorithm.maac.heads: 3 does not divide hidden, 128":       func(c *Config) { c.MAAC.Heads = 3 },
		"algorithm.maac.heads: 0 is outside 1 .. 64":                func(c *Config) { c.MAAC.Heads = 0 },
		"algorithm.maac.alpha: -1":                                  func(c *Config) { c.MAAC.Alpha = -1 },
		"algorithm.td3.delay: 0":                                    func(c *Config) { c.TD3.Delay = 0 },
		"algorithm.matd3bc.weight: -2.5":                            func(c *Config) { c.MATD3BC.Weight = -2.5 },
		"algorithm.magail.hidden: []":                               func(c *Config) { c.MAGAIL.Hidden = nil },
		"algorithm.magail.learning_rate: 0":                         func(c *Config) { c.MAGAIL.LearningRate = 0 },
		"algorithm.op.lambda: 20 is outside 0.0001 .. 10":           func(c *Config) { c.OP.Lambda = 20 },
		"algorithm.op.epsilon: 3":                                   func(c *Config) { c.OP.Epsilon = 3 },
		"algorithm.op.epsilon_to: 0.1 is outside 0.2 .. 1":          func(c *Config) { c.OP.EpsilonTo = 0.1 },
		"algorithm.op_mh.heads: 5 does not fit d_model 64":          func(c *Config) { c.OPMH.Heads = 5 },
		"algorithm.op_mh.heads: -1":                                 func(c *Config) { c.OPMH.Heads = -1 },
		"algorithm.op_mh.form: \"\" is not one of norm":             func(c *Config) { c.OPMH.Form = "" },
		"algorithm.op_mh.attention: \"soft\" is not one of":         func(c *Config) { c.OPMH.Attention = "soft" },
		"algorithm.op_mh.embedding: \"x\" is not one of":            func(c *Config) { c.OPMH.Embedding = "x" },
	} {
		c, err := Preset("paper")
		if err != nil {
			t.Fatal(err)
		}
		change(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTD3ExploresWithConstantNoise(t *testing.T) {
	c, err := Preset("paper")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][2]float64{
		"maddpg":  {c.Exploration.SigmaStart, c.Exploration.SigmaEnd},
		"matd3bc": {0.1, 0.1}, "magail": {0.1, 0.1},
	} {
		c.Name = name
		if x := c.exploration(); x.SigmaStart != want[0] || x.SigmaEnd != want[1] {
			t.Errorf("%s explores with %v .. %v, want %v", name, x.SigmaStart, x.SigmaEnd, want)
		}
	}
}

func TestImitatorsWantAnExpert(t *testing.T) {
	for _, name := range Names() {
		tr := small(t, 1)
		tr.Config.Name, tr.Teacher = name, nil
		r, err := tr.open()
		if r != nil {
			r.close()
		}
		if wants := !slices.Contains([]string{"maddpg", "maac", "apg"}, name); wants != (err != nil) {
			t.Errorf("%s without an expert: %v", name, err)
		} else if wants && !strings.Contains(err.Error(), "expert") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
