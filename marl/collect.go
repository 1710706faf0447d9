package marl

import (
	"math"
	"math/rand/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
	"github.com/peerwatt/peerwatt/nn"
)

// slot is what one of the environments side by side needs for an episode.
type slot struct {
	env     *env.Env
	actor   *actor
	episode *replay.Episode
	visits  []env.Visit
	days    []env.Outcome // of the steps, for the event

	// For learners from rounds, else nil.
	trace     *trace
	responder *env.Responder

	obs, mask    []float32
	noise, fresh []float32 // N x A standard normals
	err          error
}

func newSlot(e *env.Env, s replay.Shape, team *Team) *slot {
	return &slot{
		env: e, actor: team.actor(), episode: replay.NewEpisode(s, env.StepsPerDay),
		visits: make([]env.Visit, env.StepsPerDay), days: make([]env.Outcome, env.StepsPerDay),
		obs: make([]float32, s.Agents*s.Observation), mask: make([]float32, s.Agents*s.Action), noise: make([]float32, s.Agents*s.Action), fresh: make([]float32, s.Agents*s.Action),
	}
}

// TrainingSOC are the states of charge in which training days begin: one of
// them by day and epoch, so that an expert needs three plans a day.
var TrainingSOC = []float64{0.3, 0.5, 0.7}

// collect plays the next round of episodes, one in each environment, with the
// policies as they stand, has them labelled, and stores them in order.
func (r *trainer) collect() error {
	n := min(len(r.slots), r.Config.Episodes-r.episodes)
	sigma := r.sigma()
	r.envs.Each(func(i int, _ *env.Env) {
		if i < n {
			r.slots[i].err = r.play(r.slots[i], r.episodes+i, sigma)
		}
	})
	if r.rounds != nil {
		r.played = r.norm.Clone()
	}
	for _, s := range r.slots[:n] {
		if s.err != nil {
			return s.err
		}
		for t := range s.episode.Played {
			r.norm.Update(s.episode.Obs[t*len(s.obs) : (t+1)*len(s.obs)])
		}
		r.tally(s)
		if r.rounds != nil {
			continue
		}
		r.buffer.Add(s.episode)
		if err := r.log.Append(s.episode); err != nil {
			return err
		}
	}
	r.episodes += n
	r.means.add("sigma", float64(sigma))
	return nil
}

// play fills a slot with an episode. It is a function of the seed, the
// episode's number and the policies.
func (r *trainer) play(s *slot, episode int, sigma float32) error {
	day, init := r.opening(episode)
	rng := nn.NewRNG(r.Seed, streamEpisode+uint64(episode)<<8)
	e, ep := s.env, s.episode
	no, na, n := len(s.obs), len(s.noise), r.shape.Agents
	clear(ep.Expert)
	clear(ep.Label)
	baseline := r.baselines.of(e, day)
	e.Reset(day, init)
	for ep.Played = 0; !e.Done(); ep.Played++ {
		t := ep.Played
		obs, action := ep.Obs[t*no:(t+1)*no], ep.Action[t*na:(t+1)*na]
		e.Observe(obs)
		e.Mask(s.mask)
		packMask(ep.Mask[t*n:(t+1)*n], s.mask)
		e.Visit(&s.visits[t])
		if episode < r.Config.WarmupEpisodes {
			rng.FillUniform(action)
			for k := range action {
				action[k] = 2*action[k] - 1
			}
		} else {
			s.explore(rng, t, r.Config.Exploration.Correlation)
			r.norm.Apply(s.obs, obs)
			s.actor.act(s.obs, s.noise, sigma, action)
			if s.trace != nil {
				copy(s.trace.obs[t*no:], s.obs)
			}
		}
		for k := range action {
			action[k] *= s.mask[k] // what has no effect is no action
		}
		out := e.Step(action)
		if s.trace != nil {
			s.responder.Respond(e, &s.visits[t], action, s.trace.responses[t*n:(t+1)*n])
		}
		ep.Reward[t] = float32(r.Config.Reward.of(out) - baseline[t])
		ep.Done[t], ep.Violation[t] = out.Done, out.Violation
		s.days[t] = out
	}
	e.Observe(ep.Obs[ep.Played*no : (ep.Played+1)*no])
	clear(ep.Mask[ep.Played*n : (ep.Played+1)*n])
	if r.Teacher == nil {
		return nil
	}
	if err := r.Teacher.Labels(day, init, s.visits[:ep.Played], ep.Expert[:ep.Played*na], ep.Label[:ep.Played*n]); err != nil {
		return r.errIn("labels of "+r.World.DateOf(day), err)
	}
	return nil
}

// explore draws the noise of step t: standard normals that are correlated from
// step to step.
func (s *slot) explore(rng *nn.RNG, t int, correlation float64) {
	rng.FillNormal(s.fresh)
	if t == 0 {
		copy(s.noise, s.fresh)
		return
	}
	keep, add := float32(correlation), float32(math.Sqrt(1-correlation*correlation))
	for k := range s.noise {
		s.noise[k] = keep*s.noise[k] + add*s.fresh[k]
	}
}

// opening says which day an episode plays and how it begins: every training
// day once an epoch, in an order of its own.
func (r *trainer) opening(episode int) (day int, init env.Initial) {
	train := r.World.Year.Split().Train
	epoch, k := episode/len(train), episode%len(train)
	rng := rand.New(nn.NewRNG(r.Seed, streamDays+uint64(epoch)<<8))
	day = train[rng.Perm(len(train))[k]]
	return day, env.Initial{SOC: TrainingSOC[(day+epoch)%len(TrainingSOC)]}
}

// packMask turns N x A zeros and ones into a byte per agent.
func packMask(dst []uint8, mask []float32) {
	per := len(mask) / len(dst)
	for i := range dst {
		dst[i] = 0
		for a := range per {
			if mask[i*per+a] != 0 {
				dst[i] |= 1 << a
			}
		}
	}
}

// tally adds an episode to the event in the making.
func (r *trainer) tally(s *slot) {
	var raw, stored, reward, discounted, outside, excess, worst float64
	discount := 1.0
	for _, o := range s.days[:s.episode.Played] {
		raw += o.Cost
		stored += o.StoredValue
		reward += o.Reward
		discounted += discount * o.Reward
		discount *= env.Discount
		outside += float64(o.OutsideBuses)
		excess += o.ExcessPU
		worst = max(worst, o.WorstPU)
	}
	r.means.add("cost", raw-stored)
	r.means.add("raw_cost", raw)
	r.means.add("reward", reward)
	r.means.add("discounted_return", discounted)
	r.means.add("violation_share", outside/float64(len(r.World.Network.Buses)*s.episode.Played))
	if outside > 0 {
		r.means.add("violation_mean_pu", excess/outside)
	}
	r.means.max("violation_worst_pu", worst)
}
