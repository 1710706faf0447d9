package community

import "time"

// Day is what loads, sun and wind do on one day: everything that a community
// does not decide. It is read-only.
type Day struct {
	Index int       // day of the year
	Date  time.Time // its midnight in UTC+1

	LoadKW, LoadKvar [][]float64   // [prosumer][step]
	AvailableKW      [][][]float64 // [prosumer][unit of RDGs][step]

	// BackgroundKW and BackgroundKvar are the demand of those who are no
	// prosumers, [step][bus index].
	BackgroundKW, BackgroundKvar [][]float64
}
