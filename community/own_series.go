package community

import (
	"fmt"

	"github.com/peerwatt/peerwatt/profile"
)

// ownSeries are a prosumer's own measurements over the year; nil where it has
// none.
type ownSeries struct {
	loadKW                []float64
	solarShare, windShare []float64 // of the rating of all its units of the kind
}

func (s *Scenario) readOwn(i int, _ *profile.Year) (ownSeries, error) {
	if s.Prosumers[i].SeriesCSV != "" {
		return ownSeries{}, fmt.Errorf("prosumer %s: series_csv cannot be read yet", s.Prosumers[i].Name)
	}
	return ownSeries{}, nil
}
