// Package community describes the prosumers of section II-A of the paper: who
// owns which devices (Table I), what these can do, eqs. (1)-(8), how they add
// up at the connection point, eqs. (9)-(10), what they cost, eqs. (14) and
// (16)-(18), and how much load, sun and wind every quarter of an hour of a
// year brings.
//
// Start with [Preset], [Load] or [Open] for a [Scenario]; [NewCalendar] joins
// it with a year of profiles and a network into days. The methods of
// [Prosumer], [CDG], [RDG], [BESS] and [CL] are pure functions that neither
// allocate nor clip: callers ask for the feasible interval first.
//
// The package knows nothing of prices (package market), of voltages (package
// grid) or of rewards being earned (package env); it only carries the reward's
// constants, since they belong to a community's size.
package community

// Archetype is a row of Table I: what kind of customer a prosumer is.
type Archetype string

// The archetypes of Table I.
const (
	Commercial  Archetype = "commercial"
	Rural       Archetype = "rural"
	Industrial  Archetype = "industrial"
	Residential Archetype = "residential"
	Hub         Archetype = "hub"
)

// Archetypes lists the archetypes in the order of Table I.
var Archetypes = []Archetype{Commercial, Rural, Industrial, Residential, Hub}

// Scenario is a community on a feeder: everything about it that does not
// change from day to day. The names in YAML and JSON are those of the tags.
// Money is in the currency of the tariff that the scenario is used with.
type Scenario struct {
	Name string `json:"name"`
	// Seed decides the site-specific deviations of load, sun and wind.
	Seed      uint64     `json:"seed"`
	Feeder    Feeder     `json:"feeder"`
	Reward    Reward     `json:"reward"`
	Prosumers []Prosumer `json:"prosumers"`
	// ReactivePricePerKvar2h is the tiny price r in r Q² per hour by which
	// every model makes reactive set points unique. No cost reports it.
	ReactivePricePerKvar2h float64 `json:"reactive_price_per_kvar2h"`

	origin *origin // where it was read, for error messages; nil if built in code
}

// Feeder holds what a scenario says about the network and its other customers.
type Feeder struct {
	SubstationPU float64 `json:"substation_pu"` // voltage of the slack bus
	VMinPU       float64 `json:"voltage_min_pu"`
	VMaxPU       float64 `json:"voltage_max_pu"`
	// BackgroundScale times the case's demand is the yearly peak of those who
	// are no prosumers.
	BackgroundScale float64         `json:"background_scale"`
	BackgroundShape BackgroundShape `json:"background_shape"`
}

// BackgroundShape is the rule by which the demand of those who are no
// prosumers varies over the year.
type BackgroundShape string

const (
	// Belgium lets every bus follow the national load.
	Belgium BackgroundShape = "belgium"
	// ResidentialCommercial lets buses follow households and commerce in turn:
	// the valleys are deeper than the nation's, which industry fills.
	ResidentialCommercial BackgroundShape = "residential-commercial"
)

// Reward holds the constants of eqs. (23)-(25) as package env reads them.
type Reward struct {
	DeltaPerCNY float64 `json:"delta_per_cny"` // δ, per unit of money
	PenaltyA    float64 `json:"penalty_a"`     // once for any bus outside its limits
	PenaltyC    float64 `json:"penalty_c"`     // per p.u. outside, summed over buses
	PenaltyClip float64 `json:"penalty_clip"`  // the penalty of one step at most
}

// Prosumer is one agent: a customer with devices at a bus of the network. A
// nil device is one that it lacks.
type Prosumer struct {
	Name      string    `json:"name"` // commercial_0
	Archetype Archetype `json:"archetype"`
	Bus       int       `json:"bus"` // ID, as published
	// PeakLoadKW is the yearly peak of the load's shape; a cold or a busy day
	// may exceed it a little. It comes on top of the case's demand at the bus.
	PeakLoadKW  float64 `json:"peak_load_kw"`
	PowerFactor float64 `json:"power_factor"` // of the load, lagging
	CDG         *CDG    `json:"cdg,omitempty"`
	RDGs        []RDG   `json:"rdgs,omitempty"`
	BESS        *BESS   `json:"bess,omitempty"`
	CL          *CL     `json:"cl,omitempty"`
	// SeriesCSV names a file with the prosumer's own measurements in UTC and kW,
	// see [profile.ReadSeries]. Its columns load_kw, solar_kw and wind_kw replace
	// what the year and the ratings would give. A relative path starts from the
	// scenario's file.
	SeriesCSV string `json:"series_csv,omitempty"`
}
