package marl

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/env"
)

// Config is the algorithm section of a specification; its names in YAML are
// those of the tags. Values that the paper gives are marked with its symbol;
// everything else is ours.
type Config struct {
	Name   string `json:"name"`   // which learner, see Names
	Preset string `json:"preset"` // where the defaults come from, see Preset

	Episodes       int `json:"episodes"`        // N_episode, days of training
	WarmupEpisodes int `json:"warmup_episodes"` // first episodes, of uniformly random actions and without updates
	Environments   int `json:"environments"`    // episodes collected side by side between updates
	ValidateEvery  int `json:"validate_every"`  // episodes between validations
	// TransitionsPerUpdate is how many new transitions pay for one update. It
	// does not depend on Environments.
	TransitionsPerUpdate int `json:"transitions_per_update"`

	BatchSize    int     `json:"batch_size"`    // B
	LearningRate float64 `json:"learning_rate"` // lr, of every Adam
	Discount     float64 `json:"discount"`      // gamma
	// NStep is how many steps a transition spans before the critic is asked: 1
	// in the paper. A target network hands values back one span at a time.
	NStep        int     `json:"n_step"`
	TargetRate   float64 `json:"target_rate"` // tau, eq. (36)
	ClipActor    float64 `json:"clip_actor"`  // largest gradient norm of an actor, 0 = none
	ClipCritic   float64 `json:"clip_critic"` // largest gradient norm of a critic, 0 = none
	ActorHidden  []int   `json:"actor_hidden"`
	CriticHidden []int   `json:"critic_hidden"`
	// CriticLayerNorm normalises the critics' hidden layers, which curbs what
	// they promise for actions that nobody has tried.
	CriticLayerNorm bool `json:"critic_layer_norm"`
	// Critic is shared (one joint critic, since the reward is global) or
	// per_agent (the paper's literal form, about N times the operations).
	Critic string `json:"critic"`
	// ActorSharing is none (the paper: an actor per agent) or type: agents of an
	// archetype share one, which averages out what a joint critic gets wrong
	// about each. They still decide alone, each from its own observation.
	ActorSharing string `json:"actor_sharing"`
	// StartIdle sets the actors' last bias so that they begin near the idle
	// action instead of at zero, which curtails half the sun.
	StartIdle bool `json:"start_idle"`
	// ActorLearningRate is lr of the actors where it differs; 0: LearningRate.
	ActorLearningRate float64 `json:"actor_learning_rate"`
	// CriticOnlyEpisodes are episodes after warm-up in which only critics learn,
	// so that actors do not follow one that knows nothing yet.
	CriticOnlyEpisodes int `json:"critic_only_episodes"`
	// Reward says what learners see of eq. (23).
	Reward RewardConfig `json:"reward"`

	Replay      ReplayConfig      `json:"replay"`
	Exploration ExplorationConfig `json:"exploration"`
	MADDPG      MADDPGConfig      `json:"maddpg"`
	MAAC        MAACConfig        `json:"maac"`
	TD3         TD3Config         `json:"td3"`
	MATD3BC     MATD3BCConfig     `json:"matd3bc"`
	MAGAIL      MAGAILConfig      `json:"magail"`
	APG         APGConfig         `json:"apg"`
	OP          OPConfig          `json:"op"`
	OPMH        OPMHConfig        `json:"op_mh"`
}

// ReplayConfig sizes the prioritised dual buffer, paper III-B5.
type ReplayConfig struct {
	Capacity    int     `json:"capacity"`     // N_B, transitions
	NormalShare float64 `json:"normal_share"` // of the capacity
	K           float64 `json:"k"`            // share of a batch from normal operation
	Alpha       float64 `json:"alpha"`        // exponent of the priorities
	BetaStart   float64 `json:"beta_start"`   // exponent of the importance weights, grows linearly
	BetaEnd     float64 `json:"beta_end"`
}

// RewardConfig turns the environment's reward, cost and voltage penalty, into
// the learners':
//
//	scale (r_cost + penalty_weight r_penalty - baseline)
//
// Validation and evaluation always use eq. (23) as it is.
type RewardConfig struct {
	Scale float64 `json:"scale"`
	// PenaltyWeight below 1 keeps the penalty, which in a winter step without
	// control is ten times the cost, from drowning everything else.
	PenaltyWeight float64 `json:"penalty_weight"`
	// Baseline is none, or idle: the reward of the same step of the same day
	// with nobody controlling. No action changes it, so the optimum stays, and
	// with it goes what weather and customers do to the reward, voltages
	// included: critics learn differences that actions make.
	Baseline string `json:"baseline"`
}

// ExplorationConfig is the Gaussian noise on the actions of deterministic
// actors, in units of the action range [-1, 1].
type ExplorationConfig struct {
	SigmaStart float64 `json:"sigma_start"`
	SigmaEnd   float64 `json:"sigma_end"`
	DecayShare float64 `json:"decay_share"` // share of the episodes over which it falls linearly
	// Correlation of the noise from one step to the next: ramps and batteries
	// only go far when it persists.
	Correlation float64 `json:"correlation"`
}

// actorLearningRate is lr of the actors.
func (c *Config) actorLearningRate() float64 {
	if c.ActorLearningRate > 0 {
		return c.ActorLearningRate
	}
	return c.LearningRate
}

// exploration is the noise on actions: that of TD3 is constant.
func (c *Config) exploration() ExplorationConfig {
	x := c.Exploration
	if c.Name == "matd3bc" || c.Name == "magail" {
		x.SigmaStart, x.SigmaEnd = c.TD3.Exploration, c.TD3.Exploration
	}
	return x
}

// Imitates says whether the algorithm has use for an expert.
func (c *Config) Imitates() bool { return !slices.Contains([]string{"maddpg", "maac", "apg"}, c.Name) }

// spanDiscount is gamma over the steps that a transition spans.
func (c *Config) spanDiscount() float64 { return math.Pow(c.Discount, float64(c.NStep)) }

// of is what learners see of a step's outcome, but for the baseline.
func (c *RewardConfig) of(o env.Outcome) float64 {
	return c.Scale * (o.Reward + (1-c.PenaltyWeight)*o.Penalty)
}

// Presets lists the names that Preset accepts.
var Presets = []string{"cpu", "paper", "plus"}

// Preset returns the defaults of a preset: paper keeps the published values,
// cpu fits a day's work on two cores, plus is what does best here whatever the
// paper says.
func Preset(name string) (Config, error) {
	c := Config{
		Name: "maddpg", Preset: name,
		Episodes: 5000, WarmupEpisodes: 10, Environments: 1, ValidateEvery: 25, TransitionsPerUpdate: 1,
		BatchSize: 128, LearningRate: 1e-4, Discount: 0.99, NStep: 1, TargetRate: 0.005, ClipActor: 0.5, ClipCritic: 10,
		ActorHidden: []int{128, 128}, CriticHidden: []int{256, 256}, Critic: "shared", ActorSharing: "none",
		Reward:      RewardConfig{Scale: 1, PenaltyWeight: 1, Baseline: "none"},
		Replay:      ReplayConfig{Capacity: 100_000, NormalShare: 0.8, K: 0.8, Alpha: 0.6, BetaStart: 0.4, BetaEnd: 1},
		Exploration: ExplorationConfig{SigmaStart: 0.3, SigmaEnd: 0.05, DecayShare: 1. / 3},
		MADDPG:      MADDPGConfig{PreTanhPenalty: 1e-3},
		MAAC:        MAACConfig{Alpha: 0.01, Heads: 4, Hidden: 128, LogitPenalty: 1e-3},
		TD3:         TD3Config{Delay: 2, TargetSigma: 0.2, TargetClip: 0.5, Exploration: 0.1},
		MATD3BC:     MATD3BCConfig{Weight: 2.5},
		MAGAIL:      MAGAILConfig{Hidden: []int{128, 128}, LearningRate: 3e-4, CloningUpdates: 500, DiscriminatorUpdates: 10},
		APG:         APGConfig{VoltageMarginPU: 0.002, VoltageWeight: 1, PreTanhPenalty: 0, FinalRate: 0.1},
		OP: OPConfig{
			Lambda: 0.02, LambdaMin: 1e-4, LambdaMax: 10, Epsilon: 0.05, EpsilonEnd: 0.3, EpsilonFrom: 0.2, EpsilonTo: 0.6, DualLearningRate: 1e-4,
		},
		OPMH: OPMHConfig{
			Heads: 4, DModel: 64, Form: "norm", Attention: "differential", XiInit: 0.2, TokenHidden: 64, OutHidden: 64, Embedding: "agent", EmbeddingDim: 8,
		},
	}
	switch name {
	case "paper":
	case "cpu":
		// Why each differs from the paper is measured in
		// docs/adr/0010-learning-a-joint-critic-on-two-cores.md.
		c.Episodes, c.Environments, c.TransitionsPerUpdate, c.ValidateEvery = 5000, 8, 16, 100
		c.LearningRate, c.ActorLearningRate, c.TargetRate = 1e-3, 1e-4, 0.01
		c.CriticLayerNorm, c.CriticOnlyEpisodes = true, 100
		c.ActorSharing, c.StartIdle = "type", true
		c.Reward = RewardConfig{Scale: 10, PenaltyWeight: 0.1, Baseline: "idle"}
		c.Replay.BetaStart = 1
		c.Exploration = ExplorationConfig{SigmaStart: 0.2, SigmaEnd: 0.2, DecayShare: 1}
		c.MADDPG.PreTanhPenalty = 0.2
		// So many has the preset paper. With few, a multiplier that reaches 10 leaves
		// nothing but cloning: see docs/adr/0012-readings-of-the-six-learners.md.
		c.OP.DualUpdates, c.OP.LambdaMax = 480_000, 0.3
	case "plus":
		// Each choice has its ablation in docs/plus.md.
		c.Name = "apg"
		c.Episodes, c.Environments, c.ValidateEvery = 12_800, 4, 640
		c.LearningRate, c.Discount = 1e-3, 1
		c.ActorHidden, c.ActorSharing, c.StartIdle = []int{256, 256}, "type", true
		c.Reward.Scale = 10
		c.Exploration = ExplorationConfig{SigmaStart: 0.05, SigmaEnd: 0.05, DecayShare: 1}
	default:
		return Config{}, fmt.Errorf("algorithm.preset: %q is not one of %s", name, strings.Join(Presets, ", "))
	}
	return c, nil
}

// Validate names the first value that cannot be, and what would be right.
func (c *Config) Validate() error {
	if !slices.Contains(Names(), c.Name) {
		return fmt.Errorf("algorithm.name: %q is not one of %s", c.Name, strings.Join(Names(), ", "))
	}
	if c.Critic != "shared" && c.Critic != "per_agent" {
		return fmt.Errorf("algorithm.critic: %q is neither shared nor per_agent", c.Critic)
	}
	if c.ActorSharing != "none" && c.ActorSharing != "type" {
		return fmt.Errorf("algorithm.actor_sharing: %q is neither none nor type", c.ActorSharing)
	}
	if c.Reward.Baseline != "none" && c.Reward.Baseline != "idle" {
		return fmt.Errorf("algorithm.reward.baseline: %q is neither none nor idle", c.Reward.Baseline)
	}
	for _, n := range []struct {
		name  string
		value int
		least int
	}{
		{"episodes", c.Episodes, 1}, {"warmup_episodes", c.WarmupEpisodes, 1}, {"environments", c.Environments, 1},
		{"validate_every", c.ValidateEvery, 1}, {"transitions_per_update", c.TransitionsPerUpdate, 1},
		{"critic_only_episodes", c.CriticOnlyEpisodes, 0}, {"batch_size", c.BatchSize, 1}, {"n_step", c.NStep, 1}, {"replay.capacity", c.Replay.Capacity, 2},
	} {
		if n.value < n.least {
			return fmt.Errorf("algorithm.%s: %d is below %d", n.name, n.value, n.least)
		}
	}
	for _, x := range []struct {
		name      string
		value     float64
		low, high float64
	}{
		{"learning_rate", c.LearningRate, 1e-9, 1}, {"actor_learning_rate", c.ActorLearningRate, 0, 1}, {"reward.scale", c.Reward.Scale, 1e-9, 1e9}, {"reward.penalty_weight", c.Reward.PenaltyWeight, 0, 1e3},
		{"discount", c.Discount, 0, 1}, {"target_rate", c.TargetRate, 0, 1},
		{"clip_actor", c.ClipActor, 0, math.MaxFloat32}, {"clip_critic", c.ClipCritic, 0, math.MaxFloat32},
		{"replay.normal_share", c.Replay.NormalShare, 0, 1}, {"replay.k", c.Replay.K, 0, 1},
		{"replay.alpha", c.Replay.Alpha, 0, 1}, {"replay.beta_start", c.Replay.BetaStart, 0, 1}, {"replay.beta_end", c.Replay.BetaEnd, 0, 1},
		{"exploration.sigma_start", c.Exploration.SigmaStart, 0, 2}, {"exploration.sigma_end", c.Exploration.SigmaEnd, 0, 2},
		{"exploration.decay_share", c.Exploration.DecayShare, 0, 1}, {"exploration.correlation", c.Exploration.Correlation, 0, 0.999},
	} {
		if !(x.value >= x.low && x.value <= x.high) { // a NaN fails too
			return fmt.Errorf("algorithm.%s: %v is outside %g .. %g", x.name, x.value, x.low, x.high)
		}
	}
	for _, h := range []struct {
		name   string
		widths []int
	}{{"actor_hidden", c.ActorHidden}, {"critic_hidden", c.CriticHidden}} {
		if len(h.widths) == 0 || slices.Min(h.widths) < 1 || slices.Max(h.widths) > 1<<14 {
			return fmt.Errorf("algorithm.%s: %v must list widths between 1 and 16384", h.name, h.widths)
		}
	}
	return cmp.Or(c.MADDPG.validate(), c.MAAC.validate(), c.TD3.validate(), c.MATD3BC.validate(), c.MAGAIL.validate(), c.APG.validate(), c.OP.validate(), c.OPMH.validate())
}

// Schedule says how far training has come; learners read their schedules from it.
type Schedule struct {
	Progress   float64 // finished share of the episodes, 0..1
	CriticOnly bool    // actors rest
}

// Linear goes from a to b over the first share of training, and stays.
func (s Schedule) Linear(a, b, share float64) float64 {
	if s.Progress >= share {
		return b
	}
	return a + (b-a)*s.Progress/share
}
