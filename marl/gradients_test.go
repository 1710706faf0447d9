package marl

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// holdActors holds the gradients of actors, given the loss that a group of
// agents with one actor moves down.
func holdActors(t *testing.T, a *actors, actors []*net64, loss func(group []int) float64) {
	t.Helper()
	for _, group := range a.groups {
		first := group[0]
		holdGradient(t, fmt.Sprintf("actor of %v", group), func() float64 { return loss(group) }, actors[first].data, a.steps[first].grads[0])
	}
}

// withActors runs a test with an actor for each agent, and with one for agents
// 0 and 2.
func withActors(t *testing.T, test func(t *testing.T, sharing string)) {
	for _, sharing := range []string{"none", "type"} {
		t.Run(sharing, func(t *testing.T) { test(t, sharing) })
	}
}

func TestMADDPGHasTheGradientsOfItsLosses(t *testing.T) { withActors(t, holdMADDPG) }

func holdMADDPG(t *testing.T, sharing string) {
	x := newTrial(t, "maddpg", 1, func(c *Config) { c.ActorSharing, c.MADDPG.PreTanhPenalty = sharing, 0.3 })
	m := x.learner.(*maddpg)
	actors := actors64(m.actors.team)
	x.update()
	q := newNet64(m.q.sets[0].nets[0].Params(), 0)
	loss := func() float64 {
		l := -all(x.rows, func(r row64) float64 {
			return q.of(flat(r.obs, perAgent64(3, func(i int) []float64 { return deterministic64(actors[i], r.obs[i], r.mask[i]) }))...)[0]
		})
		for i := range actors {
			l += 0.3 * all(x.rows, func(r row64) float64 {
				pre := actors[i].of(r.obs[i]...)
				return maskedMean(r.mask[i], func(a int) float64 { return pre[a] * pre[a] })
			})
		}
		return l
	}
	holdValue(t, "objective and regulariser", x.reported["actor_objective"]+x.reported["regulariser"], loss())
	holdActors(t, m.actors, actors, func([]int) float64 { return loss() })
}

func TestOPHasTheGradientsOfItsLosses(t *testing.T) { withActors(t, holdOP) }

func holdOP(t *testing.T, sharing string) {
	x := newTrial(t, "op", 1, func(c *Config) { c.ActorSharing = sharing })
	o := x.learner.(*op)
	for i := range o.dual.l {
		o.dual.l[i] = float32(i) - 1
	}
	actors, lambda := actors64(o.actors.team), []float64{math.Exp(-1), 1, math.Exp(1)}
	v, target := newNet64(o.v.sets[0].nets[0].Params(), 0), newNet64(o.v.targets[0][0].Params(), 0)
	before := nets64(o.q.sets[0].nets, 0)
	x.update()
	after := nets64(o.q.sets[0].nets, 0)

	lossQ := func() float64 {
		return all(x.rows, func(r row64) float64 {
			y := r.reward + 0.99*(1-r.done)*target.of(flat(r.next)...)[0]
			in := flat(r.obs, r.action)
			d1, d2 := before[0].of(in...)[0]-y, before[1].of(in...)[0]-y
			return 0.5 * r.weight * (d1*d1 + d2*d2)
		})
	}
	holdValue(t, "L_Q", x.reported["critic_loss"], lossQ())
	for z := range before {
		holdGradient(t, fmt.Sprintf("Q_%d", z), lossQ, before[z].data, o.q.sets[0].grads[z])
	}
	low := func(r row64) float64 {
		in := flat(r.obs, perAgent64(3, func(i int) []float64 {
			mu, sigma := gaussian64(actors[i], r.obs[i])
			return sample64(mu, sigma, r.xi[i], r.mask[i])
		}))
		return min(after[0].of(in...)[0], after[1].of(in...)[0])
	}
	lossV := func() float64 {
		return all(x.rows, func(r row64) float64 {
			d := v.of(flat(r.obs)...)[0] - low(r)
			return d * d
		})
	}
	holdValue(t, "L_V", x.reported["value_loss"], lossV())
	holdGradient(t, "V", lossV, v.data, o.v.sets[0].grads[0])

	w := func(i int) float64 {
		return meanOver(x.rows, i, func(r row64) float64 {
			mu, sigma := gaussian64(actors[i], r.obs[i])
			return math.Sqrt(1e-8 + maskedMean(r.mask[i], func(a int) float64 {
				return (mu[a]-r.expert[i][a])*(mu[a]-r.expert[i][a]) + sigma[a]*sigma[a]
			}))
		})
	}
	loss := func() float64 {
		l := -all(x.rows, low)
		for i := range actors {
			l += lambda[i] * w(i)
		}
		return l
	}
	holdValue(t, "W", x.reported["wasserstein"], (w(0)+w(1))/2) // agent 2 is told nothing
	holdActors(t, o.actors, actors, func([]int) float64 { return loss() })
	for i, want := range []float64{-lambda[0] * (w(0) - 0.05), -lambda[1] * (w(1) - 0.05), 0} {
		holdValue(t, "gradient of l", float64(o.dual.slope[i]), want)
	}
}

func TestMATD3BCHasTheGradientsOfItsLosses(t *testing.T) { withActors(t, holdMATD3BC) }

func holdMATD3BC(t *testing.T, sharing string) {
	x := newTrial(t, "matd3bc", 1, func(c *Config) { c.ActorSharing = sharing })
	m := x.learner.(*matd3bc)
	actors, targetActors := actors64(m.actors.team), actors64(m.actors.target)
	before, targets := nets64(m.q.sets[0].nets, 0), nets64(m.q.targets[0], 0)
	x.update()
	q := newNet64(m.q.sets[0].nets[0].Params(), 0)
	holdTwins(t, x, &m.td3, before, targets, targetActors, func(r row64) float64 { return r.reward })

	value := func(r row64) float64 {
		return q.of(flat(r.obs, perAgent64(3, func(i int) []float64 { return deterministic64(actors[i], r.obs[i], r.mask[i]) }))...)[0]
	}
	c := 2.5 / all(x.rows, func(r row64) float64 { return math.Abs(value(r)) })
	cloning := func() float64 {
		l := 0.0
		for i := range actors {
			l += meanOver(x.rows, i, func(r row64) float64 {
				raw := actors[i].of(r.obs[i]...)
				return maskedMean(r.mask[i], func(a int) float64 {
					d := math.Tanh(raw[a]) - r.expert[i][a]
					return d * d
				})
			})
		}
		return l
	}
	holdValue(t, "cloning loss", x.reported["cloning_loss"], cloning())
	holdActors(t, m.actors, actors, func([]int) float64 { return cloning() - c*all(x.rows, value) })
}

// holdTwins holds L_Q of TD3's twins and its gradients.
func holdTwins(t *testing.T, x *trial, m *td3, before, targets, actors []*net64, reward func(row64) float64) {
	t.Helper()
	loss := func() float64 {
		return all(x.rows, func(r row64) float64 {
			next := flat(r.next, perAgent64(3, func(i int) []float64 {
				a := actors[i].of(r.next[i]...)
				for k := range a {
					noise := max(-0.5, min(0.5, 0.2*r.nextXi[i][k]))
					a[k] = r.nextMask[i][k] * max(-1, min(1, math.Tanh(a[k])+noise))
				}
				return a
			}))
			y := reward(r) + 0.99*(1-r.done)*min(targets[0].of(next...)[0], targets[1].of(next...)[0])
			in := flat(r.obs, r.action)
			d1, d2 := before[0].of(in...)[0]-y, before[1].of(in...)[0]-y
			return 0.5 * r.weight * (d1*d1 + d2*d2)
		})
	}
	holdValue(t, "L_Q", x.reported["critic_loss"], loss())
	for z := range before {
		holdGradient(t, fmt.Sprintf("Q_%d", z), loss, before[z].data, m.q.sets[0].grads[z])
	}
}

func TestMAGAILHasTheGradientsOfItsLosses(t *testing.T) { withActors(t, holdMAGAIL) }

func holdMAGAIL(t *testing.T, sharing string) {
	x := newTrial(t, "magail", 1, func(c *Config) { c.ActorSharing = sharing })
	m := x.learner.(*magail)
	actors, targetActors := actors64(m.actors.team), actors64(m.actors.target)
	before, targets := nets64(m.q.sets[0].nets, 0), nets64(m.q.targets[0], 0)
	judge := newNet64(m.judge.net.Params(), leak)
	x.update()

	logit := func(i int, obs, action, mask []float64) float64 {
		id := make([]float64, 3)
		id[i] = 1
		masked := make([]float64, len(action))
		for a := range masked {
			masked[a] = mask[a] * action[a]
		}
		return judge.of(append(append(append([]float64{}, obs...), masked...), id...)...)[0]
	}
	lossD := func() float64 {
		l := 0.0
		for i := range 3 {
			l += meanOver(x.rows, i, func(r row64) float64 {
				mine, experts := logit(i, r.obs[i], r.action[i], r.mask[i]), logit(i, r.obs[i], r.expert[i], r.mask[i])
				return 0.5 * (math.Log(1+math.Exp(mine)) + math.Log(1+math.Exp(-experts)))
			})
		}
		return l / 2 // agent 2 is told nothing
	}
	holdValue(t, "L_D", x.reported["discriminator_loss"], lossD())
	holdGradient(t, "discriminator", lossD, judge.data, m.judge.moves.grads[0])

	// Seen with the weights before the step, which judge has.
	holdTwins(t, x, &m.td3, before, targets, targetActors, func(r row64) float64 {
		total := 0.0
		for i := range 3 {
			total += logit(i, r.obs[i], r.action[i], r.mask[i])
		}
		return total / 3
	})
	q := newNet64(m.q.sets[0].nets[0].Params(), 0)
	holdActors(t, m.actors, actors, func([]int) float64 {
		return -all(x.rows, func(r row64) float64 {
			return q.of(flat(r.obs, perAgent64(3, func(i int) []float64 { return deterministic64(actors[i], r.obs[i], r.mask[i]) }))...)[0]
		})
	})
}

func TestMAACHasTheGradientsOfItsLosses(t *testing.T) { withActors(t, holdMAAC) }

func holdMAAC(t *testing.T, sharing string) {
	x := newTrial(t, "maac", 2, func(c *Config) { c.ActorSharing = sharing })
	m := x.learner.(*maac)
	for i := range m.critic.encoders { // gains and shifts that matter
		for _, v := range m.critic.encoders[i].Params().Views {
			if strings.HasPrefix(v.Name, "norms") {
				for k := range v.Of(m.critic.encoders[i].Params().Data) {
					v.Of(m.critic.encoders[i].Params().Data)[k] += 0.1 * float32(k%5-2)
				}
			}
		}
	}
	actors, targetActors := actors64(m.actors.team), actors64(m.actors.target)
	q, target := attending64{attendingNets64(m.critic), 2}, attending64{attendingNets64(m.target), 2}
	x.update()
	after := attending64{attendingNets64(m.critic), 2}

	const alpha, penalty = 0.01, 0.1
	loss := func() float64 {
		return all(x.rows, func(r row64) float64 {
			density := make([]float64, 3)
			next := perAgent64(3, func(i int) []float64 {
				mu, sigma := gaussian64(targetActors[i], r.next[i])
				density[i] = density64(sigma, r.nextXi[i], r.nextMask[i])
				return sample64(mu, sigma, r.nextXi[i], r.nextMask[i])
			})
			ahead, _ := target.of(r.next, next)
			values, squares := q.of(r.obs, r.action)
			l := penalty * squares
			for i, v := range values {
				d := v - r.reward - 0.99*(1-r.done)*(ahead[i]-alpha*density[i])
				l += 0.5 * r.weight * d * d / 3
			}
			return l
		})
	}
	holdValue(t, "L_Q", x.reported["critic_loss"]+x.reported["logit_penalty"], loss())
	for k, net := range q.nets {
		holdGradient(t, fmt.Sprintf("network %d of the critic", k), loss, net.data, m.step.grads[k])
	}

	actions := make([][][]float64, len(x.rows)) // of all agents, before their step
	for b, r := range x.rows {
		actions[b] = perAgent64(3, func(i int) []float64 {
			mu, sigma := gaussian64(actors[i], r.obs[i])
			return sample64(mu, sigma, r.xi[i], r.mask[i])
		})
	}
	lossOf := func(i int) float64 { // the others' actions held fixed
		l := 0.0
		for b, r := range x.rows {
			mu, sigma := gaussian64(actors[i], r.obs[i])
			a := append([][]float64{}, actions[b]...)
			a[i] = sample64(mu, sigma, r.xi[i], r.mask[i])
			values, _ := after.of(r.obs, a)
			l += (alpha*density64(sigma, r.xi[i], r.mask[i]) - values[i]) / float64(len(x.rows))
		}
		return l
	}
	holdValue(t, "objective", x.reported["actor_objective"], (lossOf(0)+lossOf(1)+lossOf(2))/3)
	holdActors(t, m.actors, actors, func(group []int) float64 {
		l := 0.0
		for _, i := range group {
			l += lossOf(i)
		}
		return l
	})
}
