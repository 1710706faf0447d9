package env

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/peerwatt/peerwatt/community"
)

// A Feature is one entry of an agent's observation.
type Feature struct {
	Name     string `json:"name"` // carries the unit
	Unit     string `json:"unit"`
	ScaledBy Scale  `json:"scaled_by"`
}

// Scale names the quantity of an agent by which a feature is divided.
type Scale string

const (
	byOne    Scale = "1"
	byRDG    Scale = "renewables' rating"
	byLoad   Scale = "peak load"
	byCDG    Scale = "generator's rating"
	byLimits Scale = "voltage limits" // they lie at -1 and 1
)

// paperFeatures is eq. (22), with the time of day as an angle.
var paperFeatures = []Feature{
	{"time_sin", "1", byOne}, {"time_cos", "1", byOne},
	{"buy_price", "money/kWh", byOne}, {"sell_price", "money/kWh", byOne},
	{"rdg_available_kw", "kW", byRDG}, {"load_kw", "kW", byLoad},
	{"previous_cdg_kw", "kW", byCDG}, {"soc", "1", byOne}, {"previous_p2p_kw", "kW", byLoad},
	{"previous_voltage_pu", "p.u.", byLimits},
}

// Where an observation shows what its agent's actions move: its generator in the
// step before and its state of charge.
const (
	FeatureCDG = 6
	FeatureSOC = 7
)

// windows are the spans of the forecasts in preset plus, in steps from now: the
// first is the hour after the present step.
var windows = []struct {
	from, to int
	name     string
}{{1, 5, "0_1h"}, {5, 9, "1_2h"}, {9, 17, "2_4h"}, {17, 33, "4_8h"}, {33, 65, "8_16h"}}

// forecasts are what preset plus shows of coming windows: the agent's own sun and
// wind and load, and what is published for all: the load of the feeder (as a share
// of the case's nominal load), the region's sun and wind (as a share of what is
// rated) and the tariff.
var forecasts = []Feature{
	{"forecast_rdg_available_kw", "kW", byRDG}, {"forecast_load_kw", "kW", byLoad},
	{"forecast_feeder_load_share", "1", byOne}, {"forecast_sun_share", "1", byOne}, {"forecast_wind_share", "1", byOne},
	{"coming_buy_price", "money/kWh", byOne},
}

// plusFeatures adds to eq. (22) what an agent can know without asking others:
// its reactive load, what its own meter counted from the grid, the calendar, and
// forecasts.
func plusFeatures() []Feature {
	f := append(slices.Clone(paperFeatures),
		Feature{"load_kvar", "kvar", byLoad}, Feature{"previous_grid_kw", "kW", byLoad},
		Feature{"weekday_sin", "1", byOne}, Feature{"weekday_cos", "1", byOne},
		Feature{"season_sin", "1", byOne}, Feature{"season_cos", "1", byOne})
	for _, ahead := range forecasts {
		for _, w := range windows {
			f = append(f, Feature{ahead.Name + "_" + w.name, ahead.Unit, ahead.ScaledBy})
		}
	}
	return f
}

// observer turns an Env's state into observations:
// (value - offset) / scale, with fixed physical scales of each agent.
type observer struct {
	features []Feature
	plus     bool
	offset   [][]float64 // [agent][feature]
	scale    [][]float64
	values   []float64 // scratch, [feature]

	// Preset plus, of the day: running sums, so that means over windows are
	// differences. One more entry than steps.
	calendar              [4]float64
	availableSum, loadSum [][StepsPerDay + 1]float64 // [agent]
	feederSum             [StepsPerDay + 1]float64   // shares
	sunSum, windSum       [StepsPerDay + 1]float64   // shares
	buySum                [StepsPerDay + 1]float64
	nominalFeederKW       float64
	sunKW, windKW         float64 // rated in the community
}

func newObserver(w *World, preset string) (*observer, error) {
	o := &observer{}
	switch preset {
	case "", "paper":
		o.features = paperFeatures
	case "plus":
		o.features, o.plus = plusFeatures(), true
	default:
		return nil, fmt.Errorf("observation %q is unknown: there are paper and plus", preset)
	}
	o.values = make([]float64, len(o.features))
	for i := range w.Scenario.Prosumers {
		offset, scale := o.scaling(&w.Scenario.Prosumers[i], &w.Scenario.Feeder)
		o.offset, o.scale = append(o.offset, offset), append(o.scale, scale)
	}
	if o.plus {
		o.availableSum = make([][StepsPerDay + 1]float64, len(w.agents))
		o.loadSum = make([][StepsPerDay + 1]float64, len(w.agents))
		for _, b := range w.Network.Buses {
			o.nominalFeederKW += b.DemandKW
		}
		o.nominalFeederKW = orOne(o.nominalFeederKW)
		for i := range w.Scenario.Prosumers {
			for _, r := range w.Scenario.Prosumers[i].RDGs {
				*o.rated(r.Kind) += r.RatingKW
			}
		}
		o.sunKW, o.windKW = orOne(o.sunKW), orOne(o.windKW)
	}
	return o, nil
}

// rated is how much of a kind of renewables the community has.
func (o *observer) rated(kind string) *float64 {
	if kind == community.Wind {
		return &o.windKW
	}
	return &o.sunKW
}

// scaling returns the offsets and scales of one agent's features.
func (o *observer) scaling(p *community.Prosumer, feeder *community.Feeder) (offset, scale []float64) {
	rdgKW, cdgKW := 0.0, 0.0
	for k := range p.RDGs {
		rdgKW += p.RDGs[k].RatingKW
	}
	if p.CDG != nil {
		cdgKW = p.CDG.MaxKW
	}
	by := map[Scale]float64{byOne: 1, byRDG: rdgKW, byLoad: p.PeakLoadKW, byCDG: cdgKW, byLimits: (feeder.VMaxPU - feeder.VMinPU) / 2}
	for _, f := range o.features {
		middle := 0.0
		if f.ScaledBy == byLimits {
			middle = (feeder.VMaxPU + feeder.VMinPU) / 2
		}
		offset, scale = append(offset, middle), append(scale, orOne(by[f.ScaledBy]))
	}
	return offset, scale
}

// orOne replaces the scale of a device that an agent lacks.
func orOne(x float64) float64 {
	if x > 0 {
		return x
	}
	return 1
}

// Features describes the entries of an observation. Callers do not write to it.
func (e *Env) Features() []Feature { return e.observer.features }

// Scaling returns the offsets and scales with which agent i observes: entry k
// is (value - offset[k]) / scale[k]. Callers do not write to them.
func (e *Env) Scaling(i int) (offset, scale []float64) {
	return e.observer.offset[i], e.observer.scale[i]
}

// Observe writes every agent's observation (agents x ObservationDim). When the
// day is over it shows midnight, with the last step's prices, sun and load.
func (e *Env) Observe(dst []float32) {
	dim := e.ObservationDim()
	mustLen("observation", len(dst), len(e.soc)*dim)
	angle := 2 * math.Pi * float64(e.step) / StepsPerDay
	sin, cos := math.Sincos(angle)
	v := e.observer.values
	for i := range e.soc {
		s := e.State(i)
		v[0], v[1] = sin, cos
		v[2], v[3] = s.BuyPrice, s.SellPrice
		v[4], v[5] = s.AvailableKW, s.LoadKW
		v[6], v[7], v[8], v[9] = s.CDGKW, s.SOC, s.P2PKW, s.VoltagePU
		if e.observer.plus {
			v[10], v[11] = s.LoadKvar, s.GridKW
			e.observer.ahead(i, e.step, v[12:])
		}
		offset, scale := e.observer.offset[i], e.observer.scale[i]
		for k, x := range v {
			dst[i*dim+k] = float32((x - offset[k]) / scale[k])
		}
	}
}

// open prepares the calendar and the running sums of a day.
func (o *observer) open(e *Env) {
	if !o.plus {
		return
	}
	w := e.world
	date := w.Year.Date(e.day).Add(time.Hour).UTC()
	o.calendar[0], o.calendar[1] = math.Sincos(2 * math.Pi * float64(date.Weekday()) / 7)
	o.calendar[2], o.calendar[3] = math.Sincos(2 * math.Pi * float64(date.YearDay()-1) / 365.25)
	forecast := w.Calendar.Forecast(e.day)
	for step := range StepsPerDay {
		feeder, sun, wind := 0.0, 0.0, 0.0
		for _, kW := range forecast.BackgroundKW[step] {
			feeder += kW
		}
		for i := range w.agents {
			available := 0.0
			for k, series := range forecast.AvailableKW[i] {
				available += series[step]
				if w.Scenario.Prosumers[i].RDGs[k].Kind == community.Wind {
					wind += series[step]
				} else {
					sun += series[step]
				}
			}
			o.availableSum[i][step+1] = o.availableSum[i][step] + available
			o.loadSum[i][step+1] = o.loadSum[i][step] + forecast.LoadKW[i][step]
			feeder += forecast.LoadKW[i][step]
		}
		o.feederSum[step+1] = o.feederSum[step] + feeder/o.nominalFeederKW
		o.sunSum[step+1] = o.sunSum[step] + sun/o.sunKW
		o.windSum[step+1] = o.windSum[step] + wind/o.windKW
		o.buySum[step+1] = o.buySum[step] + e.buy[step]
	}
}

// ahead writes the calendar and the windows of agent i after step.
func (o *observer) ahead(i, step int, dst []float64) {
	copy(dst, o.calendar[:])
	dst = dst[len(o.calendar):]
	sums := [...]*[StepsPerDay + 1]float64{ // in the order of forecasts
		&o.availableSum[i], &o.loadSum[i], &o.feederSum, &o.sunSum, &o.windSum, &o.buySum,
	}
	for k, w := range windows {
		// What lies behind midnight is the day's last step.
		from := min(step+w.from, StepsPerDay-1)
		to := max(min(step+w.to, StepsPerDay), from+1)
		for f, sum := range sums {
			dst[f*len(windows)+k] = (sum[to] - sum[from]) / float64(to-from)
		}
	}
}
