package env

import (
	"math"

	"github.com/peerwatt/peerwatt/market"
)

const (
	// TolerancePU is how far outside its limits a voltage must be to count.
	TolerancePU = 1e-5
	// collapsePU is the distance from 1 p.u. at which EndOnCollapse ends a day.
	collapsePU = 0.1
)

// Outcome is what a step brought.
type Outcome struct {
	// Reward is eq. (23), shared by all agents:
	// -δ (Cost - StoredValue) - Penalty.
	Reward float64
	Cost   float64 // money of this step, of all prosumers, eq. (14)
	// StoredValue is paid with the last step: the change of stored energy over
	// the day at Market.LowestBuy. With it the return of a day is complete.
	StoredValue float64
	// Penalty is eq. (25): a once for any bus outside its limits and c times
	// ExcessPU, clipped.
	Penalty float64

	Violation    bool    // some bus lies outside by more than TolerancePU
	OutsideBuses int     // how many
	ExcessPU     float64 // how far, summed over them
	WorstPU      float64 // how far at most
	// Diverged: the power flow has no solution. It is read as a collapse: 0
	// p.u. at every bus but the substation, hence all of them outside.
	Diverged bool

	// Done: the day is over, after step 96 or early.
	Done bool
	// Terminated: the day ended early (Options.EndOnCollapse). Reward then
	// charges every remaining step with the cost of the idle community without
	// trade and the penalty at its clip, so that ending does not pay.
	Terminated bool
	// NotNumbers counts action components that were NaN, read as 0.
	NotNumbers int
}

// Step takes the joint action (agents x ActionDim; see the package comment) for
// the present step and moves on to the next. It must not be called when the day
// is over.
func (e *Env) Step(action []float32) Outcome {
	if e.done {
		panic("env: Step after the end of the day")
	}
	mustLen("action", len(action), len(e.soc)*ActionDim)
	var out Outcome
	out.NotNumbers = e.operate(action)
	e.match()
	out.Diverged = !e.solve()
	e.judge(&out)
	e.pay(&out)
	e.last.Outcome, e.hasLast, e.lastComplete = out, true, false

	e.done = out.Done
	e.step++
	e.bring()
	return out
}

// operate moves the devices: eqs. (1)-(10). It counts actions that are NaN.
func (e *Env) operate(action []float32) (notNumbers int) {
	e.last.Day, e.last.Step, e.last.Quote = e.day, e.step, e.quotes[e.step]
	for i := range e.soc {
		a := action[i*ActionDim : (i+1)*ActionDim]
		for _, x := range a {
			if x != x {
				notNumbers++
			}
		}
		p := &e.world.Scenario.Prosumers[i]
		sp := e.setPoint(i, a)
		d := &e.last.Agents[i]
		d.SetPoint = sp
		d.LoadKW, d.LoadKvar = e.loadKW[i], e.loadKvar[i]
		d.SOCBefore = e.soc[i]
		if b := p.BESS; b != nil {
			// The power is feasible; the bounds only catch rounding.
			e.soc[i] = min(max(b.Step(e.soc[i], sp.BESSKW, stepHours), b.SOCMin), b.SOCMax)
		}
		d.SOCAfter = e.soc[i]
		e.cdgKW[i] = sp.CDGKW
		d.ExchangeKW, d.ExchangeKvar = p.Exchange(sp, e.loadKW[i], e.loadKvar[i])
		e.exchangeKW[i] = d.ExchangeKW
		d.Cost = p.DeviceCost(sp, stepHours)
	}
	return notNumbers
}

// match runs the market: eqs. (15), (19) and (20).
func (e *Env) match() {
	q := e.quotes[e.step]
	var bids *market.Bids
	if e.world.Market.UsesBids() {
		e.bid()
		bids = &e.bids
	}
	e.world.Market.Clear(q, e.exchangeKW, bids, e.trade, &e.last.Clearing)
	for i := range e.last.Agents {
		d := &e.last.Agents[i]
		d.P2PKW, d.GridKW = e.last.Clearing.P2PKW[i], e.last.Clearing.GridKW[i]
		d.Cost.Grid, d.Cost.P2P = market.Charge(q, &e.last.Clearing, i, stepHours)
		e.p2pKW[i], e.gridKW[i] = d.P2PKW, d.GridKW
	}
}

// bid states what a kWh costs or is worth to each prosumer, for the price rules
// that ask. A seller's last kWh comes from the dearest source it uses; a
// buyer's spares the cheapest source it left unused, and has no price of its
// own where there is none.
func (e *Env) bid() {
	for i := range e.last.Agents {
		p := &e.world.Scenario.Prosumers[i]
		sp := e.last.Agents[i].SetPoint
		cost, value := 0.0, math.NaN()
		if c := p.CDG; c != nil {
			marginal := c.MarginalCostPerKWh(sp.CDGKW)
			if sp.CDGKW > 0 {
				cost = max(cost, marginal)
			}
			if sp.CDGKW < c.MaxKW {
				value = marginal
			}
		}
		if b := p.BESS; b != nil && sp.BESSKW < 0 {
			cost = max(cost, b.MaintenancePerKWh)
		}
		if c := p.CL; c != nil {
			if sp.CLKW > 0 {
				cost = max(cost, c.CompensationPerKWh)
			}
			if sp.CLKW < c.Alpha*e.loadKW[i] && !(value <= c.CompensationPerKWh) {
				value = c.CompensationPerKWh
			}
		}
		e.bids.MarginalCostPerKWh[i], e.bids.MarginalValuePerKWh[i] = cost, value
	}
	e.bids.ShadowPricePerKWh = math.NaN()
}

// solve runs the power flow of the present exchanges, eqs. (11)-(12), and
// reports whether it has a solution.
func (e *Env) solve() bool {
	n := e.world.Network
	step := min(e.step, StepsPerDay-1)
	perKW := n.PerUnit(1)
	backgroundKW, backgroundKvar := e.data.BackgroundKW[step], e.data.BackgroundKvar[step]
	for b := range e.demandP {
		e.demandP[b] = backgroundKW[b] * perKW
		e.demandQ[b] = backgroundKvar[b] * perKW
	}
	for i, b := range e.world.bus {
		e.demandP[b] -= e.exchangeKW[i] * perKW
		e.demandQ[b] -= e.last.Agents[i].ExchangeKvar * perKW
	}
	substation := e.world.Scenario.Feeder.SubstationPU
	e.last.Status = e.solver.SolveVM(e.demandP, e.demandQ, substation, e.voltagePU)
	if e.last.Status.Converged {
		return true
	}
	slack, _ := n.Index(n.Slack)
	clear(e.voltagePU)
	e.voltagePU[slack] = substation
	return false
}

// judge holds the voltages against their limits, eq. (13), and says whether
// the day is over.
func (e *Env) judge(out *Outcome) {
	feeder := &e.world.Scenario.Feeder
	collapsed := out.Diverged
	for _, v := range e.voltagePU {
		if excess := max(v-feeder.VMaxPU, feeder.VMinPU-v); excess > TolerancePU {
			out.OutsideBuses++
			out.ExcessPU += excess
			out.WorstPU = max(out.WorstPU, excess)
		}
		if math.Abs(v-1) > collapsePU {
			collapsed = true
		}
	}
	out.Violation = out.OutsideBuses > 0
	last := e.step == StepsPerDay-1
	out.Terminated = e.endEarly && collapsed && !last
	out.Done = last || out.Terminated
}

// pay sums up costs and makes the reward, eqs. (23)-(25).
func (e *Env) pay(out *Outcome) {
	r := &e.world.Scenario.Reward
	for i := range e.last.Agents {
		out.Cost += e.last.Agents[i].Cost.Total()
	}
	if out.Violation {
		out.Penalty = min(r.PenaltyClip, r.PenaltyA+r.PenaltyC*out.ExcessPU)
	}
	if out.Done {
		out.StoredValue = e.storedEnergyKWh() * e.storedPrice
	}
	out.Reward = -r.DeltaPerCNY*(out.Cost-out.StoredValue) - out.Penalty
	if out.Terminated {
		for step := e.step + 1; step < StepsPerDay; step++ {
			out.Reward -= r.DeltaPerCNY*e.IdleCost(step) + r.PenaltyClip
		}
	}
}

// storedEnergyKWh is what all batteries hold more than at the day's start.
func (e *Env) storedEnergyKWh() float64 {
	kWh := 0.0
	for i := range e.soc {
		if b := e.world.Scenario.Prosumers[i].BESS; b != nil {
			kWh += (e.soc[i] - e.initialSOC(i)) * b.EnergyKWh
		}
	}
	return kWh
}

// IdleCost is what a step (0..95) of the open day costs when nobody controls or
// trades anything.
func (e *Env) IdleCost(step int) float64 {
	cost := 0.0
	for i := range e.soc {
		exchangeKW, _ := e.world.Scenario.Prosumers[i].IdleExchange(e.data, i, step)
		cost += gridBill(e.quotes[step], exchangeKW)
	}
	return cost
}

// gridBill is eq. (15) of one step for a prosumer without peers.
func gridBill(q market.Quote, exchangeKW float64) float64 {
	if exchangeKW > 0 {
		return -q.Sell * exchangeKW * stepHours
	}
	return -q.Buy * exchangeKW * stepHours
}
