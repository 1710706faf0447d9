package community

// CDG is a conventional distributed generator, eqs. (1)-(2) and (16).
type CDG struct {
	MinKW            float64 `json:"min_kw"`
	MaxKW            float64 `json:"max_kw"`
	RampKW           float64 `json:"ramp_kw"`            // R_max: largest change from one step to the next
	QuadraticPerKW2h float64 `json:"quadratic_per_kw2h"` // c: money per kW² and hour
	LinearPerKWh     float64 `json:"linear_per_kwh"`     // b: money per kWh
}

// Feasible returns the interval of power in kW, eqs. (1)-(2), that can follow
// previousKW.
func (c *CDG) Feasible(previousKW float64) (minKW, maxKW float64) {
	minKW = max(c.MinKW, previousKW-c.RampKW)
	maxKW = min(c.MaxKW, previousKW+c.RampKW)
	return minKW, max(minKW, maxKW)
}

// Cost returns c P² + b P times hours, eq. (16).
func (c *CDG) Cost(powerKW, hours float64) float64 {
	return (c.QuadraticPerKW2h*powerKW + c.LinearPerKWh) * powerKW * hours
}

// MarginalCostPerKWh returns b + 2 c P: what one more kWh costs at powerKW.
func (c *CDG) MarginalCostPerKWh(powerKW float64) float64 {
	return c.LinearPerKWh + 2*c.QuadraticPerKW2h*powerKW
}
