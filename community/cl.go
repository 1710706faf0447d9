package community

import "math"

// CL is the part of a load that can be shed, eqs. (8) and (18).
type CL struct {
	Alpha              float64 `json:"alpha"`                // share of the load
	CompensationPerKWh float64 `json:"compensation_per_kwh"` // ρ: money per kWh shed
}

// Feasible returns the interval of reduction in kW, eq. (8).
func (c *CL) Feasible(loadKW float64) (minKW, maxKW float64) {
	return 0, c.Alpha * loadKW
}

// Cost returns ρ |P| times hours, eq. (18).
func (c *CL) Cost(powerKW, hours float64) float64 {
	return c.CompensationPerKWh * math.Abs(powerKW) * hours
}
