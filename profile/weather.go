package profile

import (
	"math/rand/v2"
)

// weather is what blows and shines over a year, hour by hour, as a fraction of
// capacity.
type weather struct {
	onshore, offshore, sun []float64
}

// The parts of a year that chance decides have a stream each, so that a change to one
// leaves the others as they are.
const (
	streamSun uint64 = iota + 1
	streamOnshore
	streamOffshore
	streamSunForecast
	streamWindForecast
	streamWeather
	streamLoad
)

// addWeather brings hourly weather to steps, adds day-ahead forecasts, and says so in the
// notes.
func (y *Year) addWeather(w weather, seed uint64) {
	v := loadVariations()
	stream := func(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

	clear := clearSky(y.Start, 4*len(w.sun))
	y.Solar.Actual = refineSun(w.sun, clear, &v.Solar, stream(streamSun))
	y.WindOnshore.Actual = refineWind(w.onshore, &v.WindOnshore, stream(streamOnshore))
	y.WindOffshore.Actual = refineWind(w.offshore, &v.WindOffshore, stream(streamOffshore))
	y.Solar.Forecast = forecastSun(w.sun, clear, y.Start, stream(streamSunForecast))
	y.WindOnshore.Forecast, y.WindOffshore.Forecast = forecastWind(w.onshore, w.offshore, stream(streamWindForecast))

	y.Notes = append(y.Notes,
		"sun and wind inside the hour are synthesised: hourly means as given, 15-minute steps as large at each level and time as in "+
			v.Solar.Source+" and "+v.WindOnshore.Source+" and offshore",
		"day-ahead forecasts of sun and wind are synthesised: the error paths of Elia's real forecasts (sun 2023 and 2024, wind January to April 2025), lent by similar days",
	)
}
