package env

import (
	"fmt"
	"time"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/profile"
)

// StepsPerDay is the length of an episode.
const StepsPerDay = profile.StepsPerDay

// ActionDim is the number of an agent's action components, in the order of
// eq. (21): CDG, RDG active, RDG reactive, BESS, CL.
const ActionDim = 5

// The components of an action, in the order of eq. (21).
const (
	ActionCDG = iota
	ActionRDG
	ActionRDGQ
	ActionBESS
	ActionCL
)

// ActionNames names the components of an action, in their order.
var ActionNames = [ActionDim]string{"cdg", "rdg", "rdg_q", "bess", "cl"}

// World is everything that stays the same from day to day. It is read-only and
// safe for concurrent use.
type World struct {
	Scenario *community.Scenario
	Network  *grid.Network
	Year     *profile.Year
	Market   *market.Market
	Calendar *community.Calendar

	agents []Agent
	bus    []int // bus index of every agent
}

// Agent describes one prosumer to policies and learners.
type Agent struct {
	Name  string          // "commercial_0"
	Type  string          // the archetype, by which learners may group agents
	BusID int             // published number of its bus
	Mask  [ActionDim]bool // which devices it owns
}

// NewWorld joins the parts of a world. It fails when the scenario does not fit
// the network.
func NewWorld(s *community.Scenario, n *grid.Network, y *profile.Year, m *market.Market) (*World, error) {
	calendar, err := community.NewCalendar(s, y, n)
	if err != nil {
		return nil, err
	}
	w := &World{Scenario: s, Network: n, Year: y, Market: m, Calendar: calendar}
	for i := range s.Prosumers {
		p := &s.Prosumers[i]
		index, ok := n.Index(p.Bus)
		if !ok {
			return nil, fmt.Errorf("prosumer %s: bus %d is not in network %s", p.Name, p.Bus, n.Name)
		}
		w.bus = append(w.bus, index)
		w.agents = append(w.agents, Agent{
			Name: p.Name, Type: string(p.Archetype), BusID: p.Bus,
			Mask: [ActionDim]bool{p.CDG != nil, len(p.RDGs) > 0, len(p.RDGs) > 0, p.BESS != nil, p.CL != nil},
		})
	}
	return w, nil
}

// Agents returns the community in the order of actions and observations.
// Callers do not write to it.
func (w *World) Agents() []Agent { return w.agents }

// FindDay returns the index of the day with this date (2006-01-02, in UTC+1),
// or an error that names the span of the year.
func (w *World) FindDay(date string) (int, error) {
	y := w.Year
	first, last := w.DateOf(0), w.DateOf(y.Days()-1)
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0, fmt.Errorf("day %q is not a date like %s", date, first)
	}
	start, _ := time.Parse(time.DateOnly, first)
	day := int(t.Sub(start).Hours() / 24)
	if t.Before(start) || day >= y.Days() {
		return 0, fmt.Errorf("day %s is not in year %s, which runs from %s to %s", date, y.Name, first, last)
	}
	return day, nil
}

// DateOf returns the date of a day in UTC+1, as 2006-01-02.
func (w *World) DateOf(day int) string {
	return w.Year.Date(day).Add(time.Hour).UTC().Format(time.DateOnly)
}
