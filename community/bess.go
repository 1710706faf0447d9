package community

import "math"

// BESS is a battery, eqs. (5)-(7) and (17). Power > 0 charges.
type BESS struct {
	MinKW             float64 `json:"min_kw"` // < 0: largest discharge
	MaxKW             float64 `json:"max_kw"`
	EnergyKWh         float64 `json:"energy_kwh"`
	Efficiency        float64 `json:"efficiency"` // η, of each direction
	SOCMin            float64 `json:"soc_min"`
	SOCMax            float64 `json:"soc_max"`
	MaintenancePerKWh float64 `json:"maintenance_per_kwh"` // γ: money per kWh in either direction
}

// Step returns the state of charge after hours at powerKW, eq. (7) with the
// time step and the capacity that the paper leaves out. It does not clip; see
// Feasible.
func (b *BESS) Step(soc, powerKW, hours float64) float64 {
	if powerKW >= 0 {
		return soc + b.Efficiency*powerKW*hours/b.EnergyKWh
	}
	return soc + powerKW*hours/(b.Efficiency*b.EnergyKWh)
}

// Feasible returns the interval of power in kW, eqs. (5)-(7), that keeps the
// state of charge inside its bounds for hours. From a state outside them it
// can only move inwards or rest.
func (b *BESS) Feasible(soc, hours float64) (minKW, maxKW float64) {
	minKW = max(b.MinKW, -max(0, soc-b.SOCMin)*b.Efficiency*b.EnergyKWh/hours)
	maxKW = min(b.MaxKW, max(0, b.SOCMax-soc)*b.EnergyKWh/(b.Efficiency*hours))
	return minKW, maxKW
}

// Cost returns γ |P| times hours, eq. (17).
func (b *BESS) Cost(powerKW, hours float64) float64 {
	return b.MaintenancePerKWh * math.Abs(powerKW) * hours
}
