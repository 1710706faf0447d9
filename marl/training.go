package marl

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// Training is one learner on one world with one seed: a cell of an experiment.
type Training struct {
	World       *env.World
	Environment env.Options
	Config      Config
	Seed        uint64
	Teacher     env.Teacher // gives the expert's actions; nil for none
	// Identity describes everything else that the result depends on (data,
	// scenario, teacher). A checkpoint only continues the same identity.
	Identity string
	Dir      string           // where the cell's files go; must exist
	Workers  int              // goroutines; changes the speed and nothing else
	Progress func(Progress)   // called after every round, may be nil
	Clock    func() time.Time // for timing.jsonl; nil is time.Now
}

// Progress says how far a training is.
type Progress struct {
	Episodes, Of int
	BestReturn   float64 // of the validations so far; NaN before the first
	LastCost     float64 // of the last validation, currency a day; NaN before the first
}

// Result is what a training leaves: files in Dir (see the package comment), and
// its best validation.
type Result struct {
	BestEpisode int
	BestReturn  float64
}

// Streams of random numbers. Each purpose has its own, keyed by what it is for,
// so that no draw depends on how work was spread over workers.
const (
	streamWeights = iota
	streamUpdates
	streamDays    // + epoch << 8
	streamEpisode // + episode << 8
)

// trainer is the state of a training between two rounds: all of it is in a
// checkpoint.
type trainer struct {
	*Training
	shape     replay.Shape
	learner   Learner
	rounds    roundLearner // the learner, where it learns from rounds
	buffer    *replay.Dual
	log       *replay.Log
	norm      *nn.Normalizer
	played    *nn.Normalizer // that of the last round's days, for learners from rounds
	updateRNG *nn.RNG        // sampling and update noise
	means     means          // of the event in the making

	episodes int
	updates  int
	best     record
	last     record

	pool      *nn.Pool
	envs      *env.Pool
	baselines *baselines
	events    *events
	batch     *Batch
	slots     []*slot
}

// record remembers a validation.
type record struct {
	Episode int     `json:"episode"`
	Return  float64 `json:"return"`
	Cost    float64 `json:"cost"`
	Any     bool    `json:"any"` // whether there was one
}

// Run trains until the configured number of episodes, continuing from the
// checkpoint in Dir where there is one. When ctx is cancelled it finishes the
// round in hand, writes a checkpoint and returns ctx's error; running it again
// goes on from there, and ends in the same bytes as a run without the break.
func (t *Training) Run(ctx context.Context) (*Result, error) {
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	defer r.close()

	saved := r.episodes
	for r.episodes < t.Config.Episodes {
		if ctx.Err() != nil {
			if r.episodes > saved {
				err = r.checkpoint()
			}
			return nil, errors.Join(context.Cause(ctx), err)
		}
		before := r.episodes
		if err := r.collect(); err != nil {
			return nil, err
		}
		if r.rounds != nil {
			r.learnRound(before)
		} else {
			r.learn()
		}
		every := t.Config.ValidateEvery
		if r.episodes/every > before/every || r.episodes == t.Config.Episodes {
			if err := r.validate(); err != nil {
				return nil, err
			}
			if err := r.checkpoint(); err != nil {
				return nil, err
			}
			saved = r.episodes
		}
		r.progress()
	}
	return &Result{BestEpisode: r.best.Episode, BestReturn: r.best.Return}, nil
}

// learn does the updates that the transitions collected so far pay for.
func (r *trainer) learn() {
	c := &r.Config
	paid := max(0, r.episodes-c.WarmupEpisodes) * env.StepsPerDay / c.TransitionsPerUpdate
	s := r.schedule()
	beta := c.Replay.BetaStart + (c.Replay.BetaEnd-c.Replay.BetaStart)*s.Progress
	for ; r.updates < paid; r.updates++ {
		r.buffer.Sample(beta, r.updateRNG, &r.batch.Batch)
		r.norm.Apply(r.batch.Obs, r.batch.Obs)
		r.norm.Apply(r.batch.NextObs, r.batch.NextObs)
		r.learner.Update(r.batch, s, r.means.add)
		r.buffer.SetPriorities(r.batch.Refs, r.batch.Priority)
		for _, p := range r.batch.Priority {
			r.means.add("priority", float64(p))
		}
	}
	r.means.add("beta", beta)
}

// learnRound learns from the round that began with that episode, unless its days
// were for warming up.
func (r *trainer) learnRound(first int) {
	if first < r.Config.WarmupEpisodes {
		return
	}
	var days []*trace
	for _, s := range r.slots[:r.episodes-first] {
		s.trace.steps = s.episode.Played
		days = append(days, s.trace)
	}
	r.rounds.LearnRound(days, r.played, r.schedule(), r.means.add)
	r.updates++
}

func (r *trainer) schedule() Schedule {
	c := &r.Config
	return Schedule{
		Progress:   float64(r.episodes) / float64(c.Episodes),
		CriticOnly: r.episodes < c.WarmupEpisodes+c.CriticOnlyEpisodes,
	}
}

// sigma is the exploration of deterministic actors.
func (r *trainer) sigma() float32 {
	x := r.Config.exploration()
	return float32(r.schedule().Linear(x.SigmaStart, x.SigmaEnd, x.DecayShare))
}

func (r *trainer) progress() {
	if r.Progress == nil {
		return
	}
	p := Progress{Episodes: r.episodes, Of: r.Config.Episodes, BestReturn: math.NaN(), LastCost: math.NaN()}
	if r.best.Any {
		p.BestReturn, p.LastCost = r.best.Return, r.last.Cost
	}
	r.Progress(p)
}

// open makes the trainer, from the checkpoint where there is one.
func (t *Training) open() (*trainer, error) {
	if err := t.Config.Validate(); err != nil {
		return nil, err
	}
	if t.Teacher == nil && t.Config.Imitates() {
		return nil, fmt.Errorf("algorithm.name: %s learns from an expert, and there is none; name one, or choose maddpg or maac", t.Config.Name)
	}
	workers := max(1, t.Workers)
	envs, err := env.NewPool(t.World, t.Environment, t.Config.Environments, workers)
	if err != nil {
		return nil, err
	}
	first := envs.Envs()[0]
	shape := replay.Shape{Agents: len(t.World.Agents()), Observation: first.ObservationDim(), Action: env.ActionDim}
	pool := nn.NewPool(workers)
	learner, err := NewLearner(t.Config, t.problem(first, shape), nn.NewRNG(t.Seed, streamWeights), pool)
	if err != nil {
		return nil, err
	}
	c := t.Config.Replay
	rounds, _ := learner.(roundLearner)
	if rounds != nil {
		c.Capacity = 2 // nothing is stored
	}
	r := &trainer{
		Training: t, shape: shape, learner: learner, rounds: rounds, pool: pool, envs: envs,
		buffer: replay.NewDual(shape, replay.Config{
			Capacity: c.Capacity, NormalShare: c.NormalShare, K: c.K, Alpha: c.Alpha, PriorityFloor: priorityFloor,
			NStep: t.Config.NStep, Discount: t.Config.Discount,
		}),
		norm:      nn.NewNormalizer(shape.Agents * shape.Observation),
		updateRNG: nn.NewRNG(t.Seed, streamUpdates),
		means:     newMeans(),
		baselines: newBaselines(t.Config.Reward),
		batch:     &Batch{Batch: *replay.NewBatch(shape, t.Config.BatchSize), Priority: make([]float32, t.Config.BatchSize)},
	}
	r.batch.Noise = r.updateRNG
	for _, e := range envs.Envs() {
		s := newSlot(e, shape, learner.Team())
		if rounds != nil {
			margin, penalty := rounds.tightened()
			s.trace = newTrace(shape)
			if s.responder, err = env.NewResponder(t.World, margin, penalty); err != nil {
				r.close()
				return nil, err
			}
		}
		r.slots = append(r.slots, s)
	}
	if err := r.resume(); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// priorityFloor is added to every priority before its exponent.
const priorityFloor = 1e-6

// problem tells the learner what it learns on. Where actors start idle, the
// idle action is that of noon: at night the sun's part has no meaning.
func (t *Training) problem(e *env.Env, s replay.Shape) Problem {
	p := Problem{Shape: s}
	for i := range t.World.Agents() {
		_, scale := e.Scaling(i)
		p.Steer = append(p.Steer, [2]float64{1 / scale[env.FeatureCDG], 1 / scale[env.FeatureSOC]})
	}
	for _, a := range t.World.Agents() {
		p.Agents = append(p.Agents, a.Name)
		p.Types = append(p.Types, a.Type)
	}
	if t.Config.StartIdle {
		p.Start = make([]float32, s.Agents*s.Action)
		e.Reset(t.World.Year.Split().Train[0], env.Evaluation)
		for e.StepIndex() <= env.StepsPerDay/2 {
			e.IdleAction(p.Start)
			e.Step(p.Start)
		}
	}
	return p
}

func (r *trainer) close() {
	r.pool.Close()
	if r.log != nil {
		_ = r.log.Close() // synced at every checkpoint; what came after is cut off on resume
	}
	if r.events != nil {
		r.events.close()
	}
}

// now reads the clock, for timing.jsonl only.
func (r *trainer) now() time.Time {
	if r.Clock != nil {
		return r.Clock()
	}
	return time.Now()
}

// errIn names the cell's seed.
func (t *Training) errIn(what string, err error) error {
	return fmt.Errorf("seed %d: %s: %w", t.Seed, what, err)
}
