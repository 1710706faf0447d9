package community

import "github.com/peerwatt/peerwatt/profile"

// ownSeries are a prosumer's own measurements over the year; nil where it has
// none.
type ownSeries struct {
	loadKW                []float64
	solarShare, windShare []float64 // of the rating of all its units of the kind
}

func (s *Scenario) readOwn(p *Prosumer, y *profile.Year) (ownSeries, error) {
	return ownSeries{}, nil
}
