package env

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
)

// Detail is every variable of one step.
type Detail struct {
	Day, Step int
	Quote     market.Quote
	Clearing  market.Clearing
	Agents    []AgentDetail

	DemandKW, DemandKvar []float64 // by bus index, prosumers included
	VoltagePU            []float64 // by bus index
	// What the substation supplies and the lines lose; 0 when the power flow
	// diverged.
	SlackKW, SlackKvar, LossKW, LossKvar float64
	Status                               grid.Status

	Outcome Outcome
}

// AgentDetail is the part of a Detail that concerns one agent.
type AgentDetail struct {
	LoadKW, LoadKvar         float64
	WindAvailableKW, WindKW  float64
	PVAvailableKW, PVKW      float64
	SetPoint                 community.SetPoint
	SOCBefore, SOCAfter      float64
	ExchangeKW, ExchangeKvar float64 // > 0 injects
	P2PKW, GridKW            float64 // > 0 buys
	Cost                     community.Cost
	VoltagePU                float64
}

func newDetail(agents, buses int) Detail {
	return Detail{
		Agents:   make([]AgentDetail, agents),
		DemandKW: make([]float64, buses), DemandKvar: make([]float64, buses),
		VoltagePU: make([]float64, buses),
	}
}

// Last returns every variable of the last step, nil when there was none since
// Reset or Restore. It belongs to e and is valid until the next call that moves
// e. The first call after a step solves the power flow once more, for losses.
func (e *Env) Last() *Detail {
	if !e.hasLast {
		return nil
	}
	d := &e.last
	if e.lastComplete {
		return d
	}
	e.lastComplete = true
	n := e.world.Network
	copy(d.VoltagePU, e.voltagePU)
	for b := range e.demandP {
		d.DemandKW[b], d.DemandKvar[b] = n.KW(e.demandP[b]), n.KW(e.demandQ[b])
	}
	for i := range d.Agents {
		d.Agents[i].VoltagePU = e.voltagePU[e.world.bus[i]]
		e.splitSources(i, &d.Agents[i])
	}
	d.SlackKW, d.SlackKvar, d.LossKW, d.LossKvar = 0, 0, 0, 0
	if d.Status.Converged {
		e.solver.Solve(e.demandP, e.demandQ, e.world.Scenario.Feeder.SubstationPU, &e.flow)
		d.SlackKW, d.SlackKvar = n.KW(e.flow.SlackP), n.KW(e.flow.SlackQ)
		d.LossKW, d.LossKvar = n.KW(e.flow.LossP), n.KW(e.flow.LossQ)
	}
	return d
}

// splitSources divides what agent i's renewables gave between wind and sun.
func (e *Env) splitSources(i int, d *AgentDetail) {
	p := &e.world.Scenario.Prosumers[i]
	units := len(p.RDGs)
	available, power, reactive := make([]float64, units), make([]float64, units), make([]float64, units)
	for k, series := range e.data.AvailableKW[i] {
		available[k] = series[e.last.Step]
	}
	p.Split(d.SetPoint, available, power, reactive)
	d.WindAvailableKW, d.WindKW, d.PVAvailableKW, d.PVKW = 0, 0, 0, 0
	for k := range p.RDGs {
		if p.RDGs[k].Kind == community.Wind {
			d.WindAvailableKW += available[k]
			d.WindKW += power[k]
		} else {
			d.PVAvailableKW += available[k]
			d.PVKW += power[k]
		}
	}
}
