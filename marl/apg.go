package marl

import (
	"math"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/nn"
	"github.com/peerwatt/peerwatt/nn/kernel"
)

// APGConfig holds what only APG has.
type APGConfig struct {
	// VoltageMarginPU tightens the limits that it is charged for leaving, p.u.
	VoltageMarginPU float64 `json:"voltage_margin_pu"`
	// VoltageWeight is what it is charged, in units of c of eq. (25).
	VoltageWeight float64 `json:"voltage_weight"`
	// PreTanhPenalty is the price of the squared distance of an actor's output
	// before its tanh from where it began.
	PreTanhPenalty float64 `json:"pre_tanh_penalty"`
	// FinalRate is the share of the learning rate that is left at the end; it
	// falls linearly.
	FinalRate float64 `json:"final_rate"`
}

// apg follows analytic policy gradients: devices, market and feeder are known, so
// that the slope of a day's return by every action is known in closed form
// (env.Responder), and no critic has to guess it. It carries that slope through
// the day, from the last step to the first:
//
//	L_mu = -mean over days sum_t gamma^t r_t
//	g_t  = -gamma^t dr_t/da_t + l_{t+1} ds_{t+1}/da_t                     by mu(o_t)
//	l_t  = -gamma^t dr_t/ds_t + l_{t+1} ds_{t+1}/ds_t + g_t dmu(o_t)/ds_t  by the state
//
// with the agent's state of charge and its generator's power as s; what else it
// observes (its trades and voltage of the step before) is taken as given. As the
// reward is shared, every agent follows the community's return.
type apg struct {
	state
	config *Config
	pool   *nn.Pool
	actors *actors
	shape  struct{ agents, obs, act int }
	steer  [][2]float64 // per agent, see Problem.Steer

	rooms   []*apgRoom // per group
	penalty []float64  // per group
	days    []*trace
	norm    *nn.Normalizer
	rate    float64
	learn   func(worker, group int)
}

// apgRoom is the memory in which a group of agents is carried through a round. Its
// samples are the agents' days: agent m's day d is sample m D + d.
type apgRoom struct {
	x, raw, said, slope []nn.Matrix // by step
	work                []nn.Work
	dx                  nn.Matrix
	charge, gen         []float32 // l: of the loss by state of charge and generator's kW
	grads               []float32
}

func newAPG(c *Config, p Problem, rng *nn.RNG, pool *nn.Pool) Learner {
	a := &apg{config: c, pool: pool, actors: newActors(c, p, false, rng), steer: p.Steer}
	a.shape.agents, a.shape.obs, a.shape.act = p.Shape.Agents, p.Shape.Observation, p.Shape.Action
	a.penalty = make([]float64, len(a.actors.groups))
	for _, g := range a.actors.groups {
		a.rooms = append(a.rooms, a.room(len(g)*c.Environments))
	}
	a.state = a.actors.parts()
	a.learn = a.learnGroup
	return a
}

func (a *apg) room(samples int) *apgRoom {
	net := a.actors.team.nets[0]
	r := &apgRoom{raw: make([]nn.Matrix, env.StepsPerDay), dx: nn.NewMatrix(samples, 2), charge: make([]float32, samples), gen: make([]float32, samples), grads: net.Params().NewGrads()}
	for range env.StepsPerDay {
		r.x = append(r.x, nn.NewMatrix(samples, a.shape.obs))
		r.said = append(r.said, nn.NewMatrix(samples, a.shape.act))
		r.slope = append(r.slope, nn.NewMatrix(samples, a.shape.act))
		r.work = append(r.work, net.NewWork(samples, nil))
	}
	return r
}

func (a *apg) Team() *Team { return a.actors.team }

// Update does nothing: APG learns from rounds.
func (a *apg) Update(*Batch, Schedule, func(string, float64)) {}

func (a *apg) tightened() (float64, float64) {
	return a.config.APG.VoltageMarginPU, a.config.APG.VoltageWeight
}

// LearnRound moves every actor once.
func (a *apg) LearnRound(days []*trace, norm *nn.Normalizer, s Schedule, report func(string, float64)) {
	a.days, a.norm = days, norm
	a.rate = a.config.actorLearningRate() * s.Linear(1, a.config.APG.FinalRate, 1)
	a.pool.Run(len(a.actors.groups), a.learn)
	report("regulariser", sum(a.penalty))
	report("actor_grad_norm", a.actors.gradNorm())
}

// learnGroup carries the agents of a group, who share an actor, through the days.
func (a *apg) learnGroup(_, group int) {
	members := a.actors.groups[group]
	trained := a.actors.steps[members[0]]
	r, net := a.rooms[group], a.actors.team.nets[members[0]]
	total := trained.grads[0]
	clear(total)
	clear(r.charge)
	clear(r.gen)
	a.penalty[group] = 0
	for t := range env.StepsPerDay {
		a.forward(r, net, members, t)
	}
	for t := env.StepsPerDay - 1; t >= 0; t-- {
		a.penalty[group] += a.slopes(r, members, t)
		net.Backward(r.work[t], r.slope[t], r.grads, r.dx, env.FeatureCDG)
		a.carry(r, members)
		for i, g := range r.grads {
			total[i] += g
		}
	}
	trained.adam[0].LR = a.rate
	trained.step(nil)
}

// forward says what the group does at step t.
func (a *apg) forward(r *apgRoom, net *nn.MLP, members []int, t int) {
	x := r.x[t]
	for m, i := range members {
		for d, day := range a.days {
			at := (t*a.shape.agents + i) * a.shape.obs
			x.SetRow(m*a.config.Environments+d, day.obs[at:at+a.shape.obs])
		}
	}
	r.raw[t] = net.Forward(r.work[t], x)
	for p := range x.Panels() {
		kernel.Tanh(r.said[t].Panel(p), r.raw[t].Panel(p))
	}
}

// slopes sets the loss's slope by what actors say before their tanh at step t, and
// moves that by the state from after the step to before it, but for what goes
// through the actor. It returns the price of outputs far from where they began.
func (a *apg) slopes(r *apgRoom, members []int, t int) (penalty float64) {
	slope := r.slope[t]
	slope.Zero()
	by := 1 / float64(len(a.days))
	scale := float32(by * a.config.Reward.Scale * math.Pow(a.config.Discount, float64(t)))
	pull := float32(2 * a.config.APG.PreTanhPenalty * by / env.StepsPerDay)
	for m, i := range members {
		start := a.actors.team.startOf(i)
		for d, day := range a.days {
			if t >= day.steps {
				continue
			}
			k := m*a.config.Environments + d
			x := &day.responses[t*a.shape.agents+i]
			charge, gen := r.charge[k], r.gen[k]
			for c := range a.shape.act {
				g := -scale * float32(x.Reward[c])
				switch c {
				case env.ActionBESS:
					g += charge * float32(x.SOC)
				case env.ActionCDG:
					g += gen * float32(x.CDG)
				}
				mu, off := r.said[t].At(k, c), r.raw[t].At(k, c)-start[c]
				slope.Set(k, c, g*(1-mu*mu)+pull*off)
				penalty += float64(pull) / 2 * float64(off*off)
			}
			r.charge[k] = charge*float32(x.SOCBySOC) - scale*float32(x.RewardBySOC)
			r.gen[k] = gen*float32(x.CDGByCDG) - scale*float32(x.RewardByCDG)
		}
	}
	return penalty
}

// carry adds what the state does through the actor: dx is the slope by the two
// features that show it.
func (a *apg) carry(r *apgRoom, members []int) {
	for m, i := range members {
		gen := float32(a.steer[i][0] * a.norm.Scale(i*a.shape.obs+env.FeatureCDG))
		charge := float32(a.steer[i][1] * a.norm.Scale(i*a.shape.obs+env.FeatureSOC))
		for d := range a.days {
			k := m*a.config.Environments + d
			r.gen[k] += r.dx.At(k, 0) * gen
			r.charge[k] += r.dx.At(k, env.FeatureSOC-env.FeatureCDG) * charge
		}
	}
}

func (c *APGConfig) validate() error {
	return firstError("apg",
		bounded{"voltage_margin_pu", c.VoltageMarginPU, 0, 0.05}, bounded{"voltage_weight", c.VoltageWeight, 0, 1e6},
		bounded{"pre_tanh_penalty", c.PreTanhPenalty, 0, 1e6}, bounded{"final_rate", c.FinalRate, 0, 1},
	)
}
