package expert

import (
	"math"

	"github.com/peerwatt/peerwatt/community"
)

// persistence is the part of a forecast's error that is still there a step later.
const persistence = 0.9

// expected is what a forecast of the day before becomes in a step: what the step
// brings is known to everybody, and where the forecast was wrong there it is
// taken to be wrong by a little less in every later step. Steps before stay as
// they were forecast.
func expected(s *community.Scenario, forecast, actual *community.Day, step int) *community.Day {
	d := *forecast
	d.LoadKW, d.LoadKvar = corrected(forecast.LoadKW, actual.LoadKW, step), corrected(forecast.LoadKvar, actual.LoadKvar, step)
	d.AvailableKW = make([][][]float64, len(forecast.AvailableKW))
	for i, units := range forecast.AvailableKW {
		d.AvailableKW[i] = corrected(units, actual.AvailableKW[i], step)
		for k, kW := range d.AvailableKW[i] {
			for t := range kW {
				kW[t] = min(kW[t], s.Prosumers[i].RDGs[k].RatingKW)
			}
		}
	}
	d.BackgroundKW = correctedSteps(forecast.BackgroundKW, actual.BackgroundKW, step)
	d.BackgroundKvar = correctedSteps(forecast.BackgroundKvar, actual.BackgroundKvar, step)
	return &d
}

// corrected corrects series of a forecast, one in each row. What is forecast to be
// nothing, as the sun at night, stays nothing.
func corrected(forecast, actual [][]float64, step int) [][]float64 {
	out := make([][]float64, len(forecast))
	for i, row := range forecast {
		out[i] = append([]float64(nil), row...)
		off := actual[i][step] - row[step]
		out[i][step] = actual[i][step]
		for t := step + 1; t < len(row); t++ {
			off *= persistence
			if row[t] > 0 {
				out[i][t] = max(0, row[t]+off)
			}
		}
	}
	return out
}

// correctedSteps does the same for series with a step in each row.
func correctedSteps(forecast, actual [][]float64, step int) [][]float64 {
	out := append([][]float64(nil), forecast...)
	out[step] = actual[step]
	for t := step + 1; t < len(out); t++ {
		left := math.Pow(persistence, float64(t-step))
		out[t] = make([]float64, len(forecast[t]))
		for b, x := range forecast[t] {
			out[t][b] = max(0, x+left*(actual[step][b]-forecast[step][b]))
		}
	}
	return out
}
