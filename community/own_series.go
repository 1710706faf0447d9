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

// readOwn reads the file that prosumer i names, if it names one.
func (s *Scenario) readOwn(i int, y *profile.Year) (ownSeries, error) {
	p := &s.Prosumers[i]
	if p.SeriesCSV == "" {
		return ownSeries{}, nil
	}
	v := validator{path: fmt.Sprintf("prosumers[%d].", i), owner: p.Name}
	read, err := profile.ReadSeries(p.SeriesCSV, y)
	if err != nil {
		return ownSeries{}, fmt.Errorf("prosumer %s: %w", p.Name, err)
	}
	own := ownSeries{
		loadKW:     read.LoadKW,
		solarShare: v.ofRating(p, PV, read.SolarKW),
		windShare:  v.ofRating(p, Wind, read.WindKW),
	}
	return own, s.located(v.err)
}

// ofRating returns measured power as a share of the rating of all units of a
// kind, which a prosumer with such measurements must have.
func (v *validator) ofRating(p *Prosumer, kind string, kW []float64) []float64 {
	if kW == nil {
		return nil
	}
	ratingKW := 0.0
	for _, r := range p.RDGs {
		if r.Kind == kind {
			ratingKW += r.RatingKW
		}
	}
	if ratingKW == 0 {
		v.fail("series_csv", p.SeriesCSV, fmt.Sprintf("a %s unit among rdgs, or a file without the column", kind))
		return nil
	}
	return scaled(kW, 1/ratingKW)
}
