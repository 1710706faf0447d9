package env

import (
	"fmt"
	"math"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/market"
)

// Response is how a step of one agent answers small changes of its action and of
// the state it was in: partial derivatives, with everybody else's choices held
// fixed. They hold almost everywhere; on a kink they are those of one side.
type Response struct {
	// Of the reward, which is shared: by the agent's action, by its state of
	// charge, and per kW of its generator in the step before.
	Reward      [ActionDim]float64
	RewardBySOC float64
	RewardByCDG float64
	// Of the state of charge after the step.
	SOC, SOCBySOC float64 // by ActionBESS and by the one before
	// Of the generator's power, kW.
	CDG, CDGByCDG float64 // by ActionCDG, and per kW before
}

// A Responder tells how steps respond. What it takes for the reward is
//
//	-δ (Cost - StoredValue) - c w Σ_bus excess
//
// with the excess over limits that are tightened by a margin, and without the
// jump and the clip of eq. (25): those have no slope that says where to go. How
// voltages answer is LinDistFlow's estimate at the voltages that the power flow
// found. Trade among peers is taken to be matched in full. It is for one
// goroutine at a time.
type Responder struct {
	world         *World
	marginPU      float64
	penaltyWeight float64
	// By bus and agent, of the squared voltage, p.u. per kW and per kvar.
	byKW, byKvar [][]float64

	// Scratch: of the reward, by what each agent injects; an agent's units.
	rewardKW, rewardKvar, units []float64
}

// NewResponder makes a responder for a world. It fails where the network has
// loops.
func NewResponder(w *World, marginPU, penaltyWeight float64) (*Responder, error) {
	tree, err := w.Network.Tree()
	if err != nil {
		return nil, fmt.Errorf("how voltages respond: %w", err)
	}
	n, agents, perKW := len(w.Network.Buses), len(w.bus), w.Network.PerUnit(1)
	r := &Responder{world: w, marginPU: marginPU, penaltyWeight: penaltyWeight, byKW: make([][]float64, n), byKvar: make([][]float64, n),
		rewardKW: make([]float64, agents), rewardKvar: make([]float64, agents)}
	for b := range n {
		r.byKW[b], r.byKvar[b] = make([]float64, agents), make([]float64, agents)
	}
	for i, bus := range w.bus {
		carries := make([]bool, n) // branches that the agent's power flows through
		for b := bus; b >= 0; b = tree.Parent[b] {
			carries[b] = true
		}
		for _, b := range tree.Order {
			up := tree.Parent[b]
			if up < 0 {
				continue
			}
			r.byKW[b][i], r.byKvar[b][i] = r.byKW[up][i], r.byKvar[up][i]
			if carries[b] {
				r.byKW[b][i] += 2 * tree.R[b] * perKW
				r.byKvar[b][i] += 2 * tree.X[b] * perKW
			}
		}
	}
	return r, nil
}

// Respond writes how the last step of e answers, for every agent: before is the
// state in which it was taken, action what was done. It does not allocate.
func (r *Responder) Respond(e *Env, before *Visit, action []float32, dst []Response) {
	mustLen("action", len(action), len(e.soc)*ActionDim)
	mustLen("responses", len(dst), len(e.soc))
	delta := e.world.Scenario.Reward.DeltaPerCNY
	byKW, byKvar := r.rewardKW, r.rewardKvar
	clear(byKW)
	clear(byKvar)
	r.voltages(e, byKW, byKvar)
	for i := range dst {
		byKW[i] -= delta * injected(e.last.Quote, &e.last.Clearing, e.last.Agents[i].ExchangeKW, e.trade)
		r.units = r.units[:0]
		for _, series := range e.data.AvailableKW[i] {
			r.units = append(r.units, series[before.Step])
		}
		dst[i] = respond(&agentStep{
			p: &e.world.Scenario.Prosumers[i], sp: e.last.Agents[i].SetPoint, soc: before.SOC[i], cdgKW: before.CDGKW[i], unitsKW: r.units, loadKW: e.last.Agents[i].LoadKW,
			action: action[i*ActionDim : (i+1)*ActionDim], delta: delta, byKW: byKW[i], byKvar: byKvar[i],
		}, e.done, e.storedPrice)
	}
}

// voltages adds what a kW and a kvar of each agent do to the penalty.
func (r *Responder) voltages(e *Env, byKW, byKvar []float64) {
	if e.last.Outcome.Diverged {
		return // nothing says where to go
	}
	feeder, price := &e.world.Scenario.Feeder, r.penaltyWeight*e.world.Scenario.Reward.PenaltyC
	for b, v := range e.voltagePU {
		side := 0.0
		switch {
		case v < feeder.VMinPU+r.marginPU:
			side = 1 // a higher voltage is better
		case v > feeder.VMaxPU-r.marginPU:
			side = -1
		default:
			continue
		}
		slope := side * price / (2 * v)
		for i := range byKW {
			byKW[i] += slope * r.byKW[b][i]
			byKvar[i] += slope * r.byKvar[b][i]
		}
	}
}

// injected is what the community pays more where a prosumer injects a kW more
// than the given exchange, eqs. (15) and (19): the grid's price on the side that
// is left over, and the operator's fee where the kW changes what is traded.
func injected(q market.Quote, c *market.Clearing, exchangeKW float64, trade bool) float64 {
	short := c.DeficitKW > c.SurplusKW // the community as a whole buys
	_, _, room := q.Band()
	if !trade || !room { // everybody for itself
		if exchangeKW > 0 {
			return -q.Sell * stepHours
		}
		return -q.Buy * stepHours
	}
	switch {
	case exchangeKW > 0 && short: // replaces what another buys from the grid
		return (2*q.Fee - q.Buy) * stepHours
	case exchangeKW > 0:
		return -q.Sell * stepHours
	case short:
		return -q.Buy * stepHours
	}
	return (-q.Sell - 2*q.Fee) * stepHours // leaves a peer to sell to the grid
}

// agentStep is one agent's step.
type agentStep struct {
	p            *community.Prosumer
	sp           community.SetPoint
	soc, cdgKW   float64 // before
	unitsKW      []float64
	loadKW       float64
	action       []float32
	delta        float64
	byKW, byKvar float64 // of the reward, by what it injects
}

func respond(s *agentStep, last bool, storedPrice float64) (out Response) {
	b := s.p.Bounds(s.cdgKW, s.soc, s.unitsKW, s.loadKW, stepHours)
	if c := s.p.CDG; c != nil {
		slope, low, high := placed(b.Lo.CDGKW, b.Hi.CDGKW, s.action[ActionCDG])
		out.CDG = slope
		if b.Lo.CDGKW > c.MinKW {
			out.CDGByCDG += low
		}
		if b.Hi.CDGKW < c.MaxKW {
			out.CDGByCDG += high
		}
		perKW := s.byKW - s.delta*c.MarginalCostPerKWh(s.sp.CDGKW)*stepHours
		out.Reward[ActionCDG], out.RewardByCDG = perKW*out.CDG, perKW*out.CDGByCDG
	}
	if x := s.p.BESS; x != nil {
		slope, low, high := placed(b.Lo.BESSKW, b.Hi.BESSKW, s.action[ActionBESS])
		bySOC := 0.0 // kW of power that the bounds move
		if b.Lo.BESSKW > x.MinKW && s.soc > x.SOCMin {
			bySOC -= low * x.Efficiency * x.EnergyKWh / stepHours
		}
		if b.Hi.BESSKW < x.MaxKW && s.soc < x.SOCMax {
			bySOC += -high * x.EnergyKWh / (x.Efficiency * stepHours)
		}
		stored := stepHours / (x.Efficiency * x.EnergyKWh) // state of charge per kW
		wear := -x.MaintenancePerKWh * stepHours
		if s.sp.BESSKW >= 0 {
			stored, wear = stepHours*x.Efficiency/x.EnergyKWh, -wear
		}
		out.SOC, out.SOCBySOC = stored*slope, 1+stored*bySOC
		perKW := -s.byKW - s.delta*wear
		out.Reward[ActionBESS], out.RewardBySOC = perKW*slope, perKW*bySOC
		if last {
			worth := s.delta * storedPrice * x.EnergyKWh
			out.Reward[ActionBESS] += worth * out.SOC
			out.RewardBySOC += worth * out.SOCBySOC
		}
	}
	if c := s.p.CL; c != nil {
		slope, _, _ := placed(b.Lo.CLKW, b.Hi.CLKW, s.action[ActionCL])
		out.Reward[ActionCL] = (s.byKW - s.delta*c.CompensationPerKWh*stepHours) * slope
	}
	if len(s.p.RDGs) > 0 {
		slope, _, _ := placed(b.Lo.RDGKW, b.Hi.RDGKW, s.action[ActionRDG])
		limit := s.p.ReactiveLimit(s.sp.RDGKW, s.unitsKW)
		slopeQ, low, high := placed(-limit, limit, s.action[ActionRDGQ])
		out.Reward[ActionRDG] = (s.byKW + s.byKvar*(high-low)*s.limitPerKW()) * slope
		out.Reward[ActionRDGQ] = s.byKvar * slopeQ
	}
	return out
}

// limitPerKW is how the reactive limit of all inverters moves with the active
// power that they share.
func (s *agentStep) limitPerKW() float64 {
	available := 0.0
	for _, kW := range s.unitsKW {
		available += kW
	}
	if available == 0 {
		return 0
	}
	sum := 0.0
	for k := range s.p.RDGs {
		r := &s.p.RDGs[k]
		share := s.unitsKW[k] / available
		power := s.sp.RDGKW * share
		disc := math.Sqrt(max(0, r.ApparentKVA*r.ApparentKVA-power*power))
		if s.unitsKW[k] >= r.MinAvailableShare*r.RatingKW && disc > 0 && !(r.ReactiveShare > 0 && disc > r.ReactiveShare*r.ApparentKVA) {
			sum -= power / disc * share
		}
	}
	return sum
}

// placed is how within(lo, hi, a) moves with a, lo and hi. An action that is cut
// off moves nothing, but its bound does.
func placed(lo, hi float64, a float32) (byAction, byLow, byHigh float64) {
	switch {
	case a >= 1:
		return 0, 0, 1
	case a <= -1:
		return 0, 1, 0
	}
	at := 0.5 + 0.5*float64(a)
	return (hi - lo) / 2, 1 - at, at
}
