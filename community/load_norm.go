package community

import (
	"time"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// customerOf says whose day shape an archetype's load follows.
var customerOf = map[Archetype]profile.Customer{
	Commercial:  profile.Commerce,
	Rural:       profile.Farm,
	Industrial:  profile.Industry,
	Residential: profile.Household,
	Hub:         profile.Mixed,
}

// loadNorm is the nation's mean load by month, kind of day and step: what the
// shapes of customers know already. The load divided by it is what they do not
// know: cold spells and the surprises of a day. Public holidays are working days
// here and Sundays in the shapes, so on those ten days loads come out a fifth
// too low.
type loadNorm [12][3][profile.StepsPerDay]float64

func newLoadNorm(y *profile.Year) loadNorm {
	var norm loadNorm
	var count [12][3]float64
	for day := range y.Days() {
		month, kind := monthAndKind(y.Date(day))
		count[month][kind]++
		for step := range profile.StepsPerDay {
			norm[month][kind][step] += y.Load.Actual[stepOfYear(day, step)]
		}
	}
	for month := range norm {
		for kind := range norm[month] {
			for step := range norm[month][kind] {
				norm[month][kind][step] /= max(1, count[month][kind])
			}
		}
	}
	return norm
}

// factor returns load over its norm; 1 where neither is above zero.
func (n *loadNorm) factor(load float64, date time.Time, step int) float64 {
	month, kind := monthAndKind(date)
	if norm := n[month][kind][step]; norm > 0 {
		return load / norm
	}
	return 1
}

// monthAndKind sorts a day that starts at the instant date: its month from 0,
// and 0 for a working day, 1 for Saturday, 2 for Sunday.
func monthAndKind(date time.Time) (month, kind int) {
	date = date.In(zone)
	switch date.Weekday() {
	case time.Saturday:
		kind = 1
	case time.Sunday:
		kind = 2
	}
	return int(date.Month()) - 1, kind
}

// zone is the clock that days are cut by.
var zone = time.FixedZone("UTC+1", 3600)

// commerceFromKW is the nominal demand from which a bus counts as commerce
// where the background is [ResidentialCommercial]; smaller ones are homes. On
// the 141-bus feeder that is 60 % of the demand at a quarter of the buses.
const commerceFromKW = 150

func backgroundCustomers(n *grid.Network) []profile.Customer {
	customers := make([]profile.Customer, len(n.Buses))
	for i, b := range n.Buses {
		if b.DemandKW >= commerceFromKW {
			customers[i] = profile.Commerce
		}
	}
	return customers
}
