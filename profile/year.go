package profile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"time"
)

const (
	// StepsPerDay is the number of steps of a day.
	StepsPerDay = 96
	// StepHours is the length of a step in hours.
	StepHours = 0.25
)

const (
	step        = 15 * time.Minute
	stepSeconds = int64(step / time.Second)
)

// stampForm is how times are written, in files and in messages.
const stampForm = "2006-01-02T15:04Z"

// A Track is one quantity over a year, a value for each step.
type Track struct {
	Actual []float64
	// Forecast is what was known at noon of the day before. It is nil where
	// there is no forecast; it holds one value per step otherwise.
	Forecast []float64
}

// A Year is what weather and people did on each day of a year, and what was
// expected of them the day before. Index day*StepsPerDay + step is the mean
// over the quarter of an hour that starts there.
//
// A Year is read-only once made: BuiltIn hands the same one to every caller.
type Year struct {
	Name   string    // short, for tables and file names: "belgium-2015"
	Source string    // where the figures come from, one line
	Start  time.Time // the instant of 00:00 UTC+1 of day 0

	Load         Track // fraction of the year's peak
	Solar        Track // fraction of installed capacity
	WindOnshore  Track // fraction of installed capacity
	WindOffshore Track // fraction of installed capacity

	// PriceEURPerKWh is the wholesale price, nil when absent.
	PriceEURPerKWh []float64

	// Notes label everything that was repaired or synthesised. Every output
	// made of the year repeats them.
	Notes []string
}

// Days returns the number of days.
func (y *Year) Days() int { return len(y.Load.Actual) / StepsPerDay }

// Date returns the instant at which the day starts: midnight in UTC+1.
func (y *Year) Date(day int) time.Time { return y.Start.AddDate(0, 0, day).UTC() }

// Checksum returns the SHA-256 of the start and of all series, in hex. Two
// years with the same checksum drive the same simulation.
func (y *Year) Checksum() string {
	h := sha256.New()
	buf := make([]byte, 0, 1<<16)
	flush := func() { h.Write(buf); buf = buf[:0] }
	put := func(bits uint64) {
		buf = binary.LittleEndian.AppendUint64(buf, bits)
		if len(buf) == cap(buf) {
			flush()
		}
	}
	put(uint64(y.Start.Unix()))
	for _, series := range y.series() {
		put(uint64(len(series.values)))
		for _, v := range series.values {
			put(math.Float64bits(v))
		}
	}
	flush()
	return hex.EncodeToString(h.Sum(nil))
}

// named is one series of a year under the name its outputs carry.
type named struct {
	name   string
	values []float64
}

// series lists all series in a fixed order; absent ones are nil.
func (y *Year) series() []named {
	return []named{
		{"load", y.Load.Actual},
		{"load_forecast", y.Load.Forecast},
		{"solar", y.Solar.Actual},
		{"solar_forecast", y.Solar.Forecast},
		{"wind_onshore", y.WindOnshore.Actual},
		{"wind_onshore_forecast", y.WindOnshore.Forecast},
		{"wind_offshore", y.WindOffshore.Actual},
		{"wind_offshore_forecast", y.WindOffshore.Forecast},
		{"price_eur_per_kwh", y.PriceEURPerKWh},
	}
}
