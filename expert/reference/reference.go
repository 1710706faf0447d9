// Package reference is the human expert: each prosumer's energy management as
// an optimisation problem in package convex, written by hand after section
// II-A of the paper. It is what models written by language models are scored
// against, what the network operator joins into one problem (package dso), and
// so the expert that guides training.
//
// [New] writes the model of one prosumer for the steps ahead. Archetypes differ
// in the devices they own (package community) and in nothing else: there is one
// file per device, and New adds them up. [NewAlone] closes the model of a
// prosumer without peers and solves it; package dso joins many.
//
// Powers are in MW, energy in MWh and money in thousands, the units in which
// solvers do best; what goes in ([State]) or comes out (set points) is in kW,
// kWh and money. Signs are those of package community.
//
// The package knows no network and no market rule.
package reference

import (
	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/profile"
)

// Model is the problem of one prosumer over the steps ahead: minimise Cost +
// TieBreak subject to Constraints. Who trades with whom is left open: without
// a row that ties P2PMW it may trade with peers as much as it likes. Expressions
// are vectors with one entry per step. Devices that the prosumer lacks are nil.
type Model struct {
	Prosumer *community.Prosumer
	Steps    int

	CDG   *Generator
	RDGs  []*Renewable
	BESS  *Battery
	CL    *Shedding
	Trade *Trade

	ExchangeMW   *convex.Expr // P_EX, > 0 injects
	ExchangeMvar *convex.Expr // Q_EX, > 0 injects

	Cost        *convex.Expr // C_Cost, eq. (14), less what is stored at the end, in thousands of money
	TieBreak    *convex.Expr // makes reactive power unique; no cost reports it
	Constraints []*convex.Constraint

	loadMW, loadMvar *convex.Expr // parameters
}

// Options choose between readings of the model.
type Options struct {
	// ReactivePricePerKvar2h is the tiny price of TieBreak; a Scenario has it.
	ReactivePricePerKvar2h float64
	// WithoutReactive leaves out Q_RDG and eq. (4). Where no network asks for
	// reactive power its price makes it zero, and zero fits beside every active
	// power: the optimum is the same and the problem smaller.
	WithoutReactive bool
}

const (
	hours = profile.StepHours
	mega  = 1000 // kW in a MW, kWh in a MWh, money in a thousand
)

// New writes the model of p for the horizon of prices. Its numbers are
// parameters: Set gives them, again and again.
func New(p *community.Prosumer, prices *Prices, o Options) *Model {
	s := scope{prefix: p.Name + ".", steps: prices.Steps}
	m := &Model{
		Prosumer: p, Steps: prices.Steps,
		loadMW: s.parameter("P_Load"), loadMvar: s.parameter("Q_Load"),
		Cost: convex.Const(0), TieBreak: convex.Const(0),
	}
	supplyMW, supplyMvar := convex.Const(0), convex.Const(0)
	add := func(cost *convex.Expr, rows ...*convex.Constraint) {
		m.Cost = m.Cost.Plus(cost) // (14)
		m.Constraints = append(m.Constraints, rows...)
	}

	if p.CDG != nil { // (1), (2), (16)
		m.CDG = newGenerator(s, p.CDG)
		supplyMW = supplyMW.Plus(m.CDG.MW)
		add(m.CDG.Cost, m.CDG.Constraints...)
	}
	for k := range p.RDGs { // (3), (4)
		u := newRenewable(s, &p.RDGs[k], k, o)
		m.RDGs = append(m.RDGs, u)
		supplyMW, supplyMvar = supplyMW.Plus(u.MW), supplyMvar.Plus(u.Mvar)
		m.TieBreak = m.TieBreak.Plus(u.TieBreak)
		m.Constraints = append(m.Constraints, u.Constraints...)
	}
	if p.BESS != nil { // (5)-(7), (17)
		m.BESS = newBattery(s, p, prices)
		supplyMW = supplyMW.Minus(m.BESS.MW)
		add(m.BESS.Cost, m.BESS.Constraints...)
	}
	if p.CL != nil { // (8), (18)
		m.CL = newShedding(s, p.CL, m.loadMW)
		supplyMW = supplyMW.Plus(m.CL.MW)
		add(m.CL.Cost, m.CL.Constraints...)
	}
	m.Trade = newTrade(s, prices) // (15), (19)
	m.ExchangeMW = m.Trade.GridMW.Plus(m.Trade.P2PMW).Negate()
	m.ExchangeMvar = supplyMvar.Minus(m.loadMvar)
	add(m.Trade.Cost,
		supplyMW.Minus(m.loadMW).EQ(m.ExchangeMW).Named(s.prefix+"balance")) // (9), (10)
	return m
}

// scope names the variables and parameters of one prosumer's horizon.
type scope struct {
	prefix string
	steps  int
}

func (s scope) variable(name string, attrs ...convex.Attr) *convex.Expr {
	return convex.Variable(s.prefix+name, convex.Vec(s.steps), attrs...)
}

func (s scope) parameter(name string) *convex.Expr {
	return convex.Parameter(s.prefix+name, convex.Vec(s.steps))
}

func (s scope) number(name string) *convex.Expr {
	return convex.Parameter(s.prefix+name, convex.Scalar)
}

// before is x one step earlier: first, x[0], x[1], ...
func (s scope) before(first, x *convex.Expr) *convex.Expr {
	first = convex.Reshape(first, convex.Vec(1), convex.RowMajor)
	if s.steps == 1 {
		return first
	}
	return convex.Hstack(first, x.Slice(0, s.steps-1))
}
