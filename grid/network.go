package grid

import (
	"errors"
	"fmt"
	"math"
)

// Bus is a node of the network with its nominal demand.
type Bus struct {
	ID         int     // published number, unique within the network
	DemandKW   float64 // > 0 consumes
	DemandKvar float64 // > 0 consumes
}

// Branch is a series impedance between two buses. It has no shunt, tap or rating.
type Branch struct {
	From, To   int // bus IDs
	ROhm, XOhm float64
}

// Network is a balanced three-phase network at one voltage level, seen as its
// single-phase equivalent. Slices that other packages hand to a solver (demand,
// voltage) follow the order of Buses: "bus index" means the place there, "bus
// ID" the published number.
type Network struct {
	Name     string
	BaseMVA  float64 // three-phase power base
	BaseKV   float64 // line-to-line voltage base
	Slack    int     // ID of the bus that holds the voltage and supplies the rest
	SlackPU  float64 // its voltage by the source of the network; 0 if that gives none
	Buses    []Bus
	Branches []Branch
}

// Index returns the bus index of a bus ID. It searches, so look IDs up once
// and keep the index where speed matters.
func (n *Network) Index(busID int) (index int, ok bool) {
	for i := range n.Buses {
		if n.Buses[i].ID == busID {
			return i, true
		}
	}
	return 0, false
}

// PerUnit converts kW or kvar to p.u. of the power base.
func (n *Network) PerUnit(kW float64) float64 { return kW / (1000 * n.BaseMVA) }

// KW converts p.u. of the power base to kW or kvar.
func (n *Network) KW(perUnit float64) float64 { return perUnit * (1000 * n.BaseMVA) }

// BaseOhm returns the impedance base.
func (n *Network) BaseOhm() float64 { return n.BaseKV * n.BaseKV / n.BaseMVA }

// Demand returns the nominal demand of every bus in p.u., multiplied by scale.
func (n *Network) Demand(scale float64) (demandP, demandQ []float64) {
	demandP, demandQ = make([]float64, len(n.Buses)), make([]float64, len(n.Buses))
	for i, b := range n.Buses {
		demandP[i] = n.PerUnit(scale * b.DemandKW)
		demandQ[i] = n.PerUnit(scale * b.DemandKvar)
	}
	return demandP, demandQ
}

// Validate reports the first reason why the network cannot be solved: bases,
// doubled or missing buses, branches to nowhere, figures that are no numbers,
// buses without a path to the slack.
func (n *Network) Validate() error {
	if !(n.BaseMVA > 0) || math.IsInf(n.BaseMVA, 0) {
		return fmt.Errorf("power base is %v MVA: want a positive number", n.BaseMVA)
	}
	if !(n.BaseKV > 0) || math.IsInf(n.BaseKV, 0) {
		return fmt.Errorf("voltage base is %v kV: want a positive number", n.BaseKV)
	}
	if !(n.SlackPU >= 0) || math.IsInf(n.SlackPU, 0) {
		return fmt.Errorf("slack voltage is %v p.u.: want a positive number", n.SlackPU)
	}
	if len(n.Branches) == 0 {
		return errors.New("there is no branch: want at least two buses and a branch between them")
	}
	index := make(map[int]int, len(n.Buses))
	for i, b := range n.Buses {
		if _, twice := index[b.ID]; twice {
			return fmt.Errorf("bus %d stands twice", b.ID)
		}
		index[b.ID] = i
		if !finite(b.DemandKW) || !finite(b.DemandKvar) {
			return fmt.Errorf("bus %d: demand is %v kW, %v kvar: want finite numbers", b.ID, b.DemandKW, b.DemandKvar)
		}
	}
	if _, ok := index[n.Slack]; !ok {
		return fmt.Errorf("slack bus %d is not among the buses", n.Slack)
	}
	neighbours := make([][]int, len(n.Buses))
	for _, b := range n.Branches {
		f, okF := index[b.From]
		t, okT := index[b.To]
		switch {
		case !okF:
			return fmt.Errorf("branch %d-%d: there is no bus %d", b.From, b.To, b.From)
		case !okT:
			return fmt.Errorf("branch %d-%d: there is no bus %d", b.From, b.To, b.To)
		case f == t:
			return fmt.Errorf("branch %d-%d starts and ends at the same bus", b.From, b.To)
		case !finite(b.ROhm) || !finite(b.XOhm):
			return fmt.Errorf("branch %d-%d: impedance is %v + j%v ohm: want finite numbers", b.From, b.To, b.ROhm, b.XOhm)
		case b.ROhm < 0:
			return fmt.Errorf("branch %d-%d: resistance is %v ohm: want at least 0", b.From, b.To, b.ROhm)
		}
		neighbours[f] = append(neighbours[f], t)
		neighbours[t] = append(neighbours[t], f)
	}
	reached := make([]bool, len(n.Buses))
	stack := []int{index[n.Slack]}
	reached[index[n.Slack]] = true
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, j := range neighbours[i] {
			if !reached[j] {
				reached[j] = true
				stack = append(stack, j)
			}
		}
	}
	for i, ok := range reached {
		if !ok {
			return fmt.Errorf("bus %d has no path to slack bus %d", n.Buses[i].ID, n.Slack)
		}
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
