package env

import (
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// Options chooses between readings of the decision problem.
type Options struct {
	// Observation is "paper" (default), eq. (22) and no more, or "plus".
	Observation string
	// WithoutTrade leaves every surplus and deficit to the grid.
	WithoutTrade bool
	// EndOnCollapse ends the day when the power flow has no solution or some
	// bus is more than 0.1 p.u. away from 1, and charges what is left of it
	// (see Outcome.Terminated). RunDay ignores it: evaluation never ends early.
	EndOnCollapse bool
}

// Env plays days of a world. It is not safe for concurrent use: make one per
// goroutine, or a Pool. Step, Observe and Mask do not allocate.
type Env struct {
	world    *World
	solver   *grid.Solver
	observer *observer
	trade    bool
	endEarly bool

	// The day: functions of its index and the initial state.
	day         int
	initial     Initial
	data        *community.Day
	buy, sell   [StepsPerDay]float64
	quotes      [StepsPerDay]market.Quote
	storedPrice float64

	// The state: what Save keeps.
	step       int
	done       bool
	soc, cdgKW []float64 // of every agent
	p2pKW      []float64 // of the step before
	gridKW     []float64 // likewise
	voltagePU  []float64 // of every bus, of the step before

	// What the present step brings, a function of day and step.
	loadKW, loadKvar []float64
	availableKW      []float64   // sum over an agent's units
	unitsKW          [][]float64 // available, of each unit

	demandP, demandQ []float64 // p.u., by bus index
	exchangeKW       []float64
	bids             market.Bids
	flow             grid.Flow

	last         Detail
	hasLast      bool
	lastComplete bool // what Last adds is there
}

// New makes an environment. It opens on the first day of the year.
func New(w *World, o Options) (*Env, error) {
	solver, err := grid.NewSolver(w.Network)
	if err != nil {
		return nil, err
	}
	observer, err := newObserver(w, o.Observation)
	if err != nil {
		return nil, err
	}
	n, buses := len(w.agents), len(w.Network.Buses)
	e := &Env{
		world: w, solver: solver, observer: observer,
		trade: !o.WithoutTrade, endEarly: o.EndOnCollapse,
		soc: make([]float64, n), cdgKW: make([]float64, n), p2pKW: make([]float64, n), gridKW: make([]float64, n),
		voltagePU: make([]float64, buses),
		loadKW:    make([]float64, n), loadKvar: make([]float64, n), availableKW: make([]float64, n),
		unitsKW: make([][]float64, n),
		demandP: make([]float64, buses), demandQ: make([]float64, buses),
		exchangeKW: make([]float64, n),
		bids: market.Bids{
			MarginalCostPerKWh:  make([]float64, n),
			MarginalValuePerKWh: make([]float64, n),
		},
		last: newDetail(n, buses),
	}
	for i := range w.Scenario.Prosumers {
		e.unitsKW[i] = make([]float64, len(w.Scenario.Prosumers[i].RDGs))
	}
	e.Reset(0, Evaluation)
	return e, nil
}

// World returns what the environment plays in.
func (e *Env) World() *World { return e.world }

// Agents returns the community in the order of actions and observations.
func (e *Env) Agents() []Agent { return e.world.agents }

// ObservationDim is the length of one agent's observation.
func (e *Env) ObservationDim() int { return len(e.observer.features) }

// StepIndex is the step to be decided, 0..95; 96 when the day is over.
func (e *Env) StepIndex() int { return e.step }

// DayIndex is the day of the year.
func (e *Env) DayIndex() int { return e.day }

// Done reports whether the day is over: Step may not be called.
func (e *Env) Done() bool { return e.done }

// Trades reports whether there is peer-to-peer trade.
func (e *Env) Trades() bool { return e.trade }

// Reset opens a day (0 <= day < Year.Days()) in an initial state.
func (e *Env) Reset(day int, init Initial) {
	e.open(day, init)
	e.step, e.done = 0, false
	for i := range e.soc {
		e.soc[i] = e.initialSOC(i)
		e.cdgKW[i], e.p2pKW[i], e.gridKW[i] = 0, 0, 0
	}
	e.bring()
	for i := range e.exchangeKW {
		e.exchangeKW[i], e.last.Agents[i].ExchangeKvar = e.world.Scenario.Prosumers[i].IdleExchange(e.data, i, 0)
	}
	e.solve()
}

// open loads what is given of a day.
func (e *Env) open(day int, init Initial) {
	if day < 0 || day >= e.world.Year.Days() {
		panic(fmt.Sprintf("env: day %d of %d", day, e.world.Year.Days()))
	}
	e.day, e.initial, e.hasLast = day, init, false
	e.data = e.world.Calendar.Day(day)
	for step := range StepsPerDay {
		q := e.world.Market.Quote(day, step)
		e.quotes[step], e.buy[step], e.sell[step] = q, q.Buy, q.Sell
	}
	e.storedPrice = e.world.Market.LowestBuy(day)
	e.observer.open(e)
}

// bring loads what the present step brings. After the last step, the last
// step's values stay.
func (e *Env) bring() {
	step := min(e.step, StepsPerDay-1)
	for i := range e.loadKW {
		e.loadKW[i], e.loadKvar[i] = e.data.LoadKW[i][step], e.data.LoadKvar[i][step]
		e.availableKW[i] = 0
		for k, series := range e.data.AvailableKW[i] {
			e.unitsKW[i][k] = series[step]
			e.availableKW[i] += series[step]
		}
	}
}

// initialSOC is the state of charge with which agent i began the day.
func (e *Env) initialSOC(i int) float64 {
	b := e.world.Scenario.Prosumers[i].BESS
	if b == nil {
		return 0
	}
	return min(max(e.initial.SOC, b.SOCMin), b.SOCMax)
}

// AgentState is the local state of eq. (22) in physical units.
type AgentState struct {
	Step                int
	BuyPrice, SellPrice float64 // per kWh
	AvailableKW         float64 // of all its renewable units
	LoadKW, LoadKvar    float64
	CDGKW               float64 // of the step before
	P2PKW, GridKW       float64 // of the step before, > 0 buys
	SOC                 float64
	VoltagePU           float64 // at its bus, of the step before
}

// State returns the local state of agent i.
func (e *Env) State(i int) AgentState {
	step := min(e.step, StepsPerDay-1)
	return AgentState{
		Step: e.step, BuyPrice: e.buy[step], SellPrice: e.sell[step],
		AvailableKW: e.availableKW[i], LoadKW: e.loadKW[i], LoadKvar: e.loadKvar[i],
		CDGKW: e.cdgKW[i], P2PKW: e.p2pKW[i], GridKW: e.gridKW[i], SOC: e.soc[i],
		VoltagePU: e.voltagePU[e.world.bus[i]],
	}
}

const stepHours = profile.StepHours
