package env

import (
	"fmt"
	"slices"
)

// Snapshot is the state inside a day: an Env of the same world and options that
// restores it goes on bit for bit as the one that saved it. It shares no memory
// with an Env, and every encoding that keeps float64 exactly keeps it.
type Snapshot struct {
	Day       int       `json:"day"`
	Step      int       `json:"step"`
	Done      bool      `json:"done"`
	Initial   Initial   `json:"initial"`
	SOC       []float64 `json:"soc"`
	CDGKW     []float64 `json:"cdg_kw"`
	P2PKW     []float64 `json:"p2p_kw"`
	GridKW    []float64 `json:"grid_kw"`
	VoltagePU []float64 `json:"voltage_pu"` // by bus index
}

// Save returns the present state.
func (e *Env) Save() Snapshot {
	return Snapshot{
		Day: e.day, Step: e.step, Done: e.done, Initial: e.initial,
		SOC: slices.Clone(e.soc), CDGKW: slices.Clone(e.cdgKW), P2PKW: slices.Clone(e.p2pKW), GridKW: slices.Clone(e.gridKW),
		VoltagePU: slices.Clone(e.voltagePU),
	}
}

// Restore puts e into a saved state. It fails, and leaves e as it was, when the
// snapshot is not one of this world.
func (e *Env) Restore(s Snapshot) error {
	agents, buses := len(e.soc), len(e.voltagePU)
	switch {
	case s.Day < 0 || s.Day >= e.world.Year.Days():
		return fmt.Errorf("snapshot of day %d: the year has %d days", s.Day, e.world.Year.Days())
	case s.Step < 0 || s.Step > StepsPerDay || s.Step == StepsPerDay && !s.Done:
		return fmt.Errorf("snapshot at step %d of %d", s.Step, StepsPerDay)
	case len(s.SOC) != agents || len(s.CDGKW) != agents || len(s.P2PKW) != agents || len(s.GridKW) != agents:
		return fmt.Errorf("snapshot of %d agents: the community has %d", len(s.SOC), agents)
	case len(s.VoltagePU) != buses:
		return fmt.Errorf("snapshot of %d buses: the network has %d", len(s.VoltagePU), buses)
	}
	e.open(s.Day, s.Initial)
	e.step, e.done = s.Step, s.Done
	copy(e.soc, s.SOC)
	copy(e.cdgKW, s.CDGKW)
	copy(e.p2pKW, s.P2PKW)
	copy(e.gridKW, s.GridKW)
	copy(e.voltagePU, s.VoltagePU)
	e.bring()
	return nil
}
