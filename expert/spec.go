package expert

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/peerwatt/peerwatt/community"
)

// Spec is what a prosumer is and wants, as data: what the words of a wish mean.
// The reference model and a correct program both follow from it.
type Spec struct {
	Prosumer    *community.Prosumer `json:"prosumer"`
	Preferences []Preference        `json:"preferences"`
	// ReactivePricePerKvar2h makes reactive power unique, see community.Scenario.
	ReactivePricePerKvar2h float64 `json:"reactive_price_per_kvar2h"`
}

// Validate says which preference cannot be.
func (s *Spec) Validate() error {
	for i, p := range s.Preferences {
		if err := p.Validate(s.Prosumer); err != nil {
			return fmt.Errorf("preferences[%d]: %w", i, err)
		}
	}
	return nil
}

// DataSheet writes down the ratings of the devices that a prosumer has.
func (s *Spec) DataSheet() string {
	x := s.Prosumer
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "- "+format+"\n", args...) }
	if c := x.CDG; c != nil {
		line("CDG: P_CDG_min = %g kW, P_CDG_max = %g kW, R_CDG = %g kW per step, c = %g, b = %g", c.MinKW, c.MaxKW, c.RampKW, c.QuadraticPerKW2h, c.LinearPerKWh)
	}
	for k, name := range UnitNames(x) {
		line("%s: rating %g kW, S_%s = %g kVA", name, x.RDGs[k].RatingKW, name, x.RDGs[k].ApparentKVA)
	}
	if len(x.RDGs) > 0 {
		line("price of reactive power: r = %g", s.ReactivePricePerKvar2h)
	}
	if e := x.BESS; e != nil {
		line("BESS: P_BESS_min = %g kW, P_BESS_max = %g kW, E_BESS = %g kWh, eta = %g, SOC_min = %g, SOC_max = %g, gamma = %g per kWh",
			e.MinKW, e.MaxKW, e.EnergyKWh, e.Efficiency, e.SOCMin, e.SOCMax, e.MaintenancePerKWh)
	}
	if c := x.CL; c != nil {
		line("CL: alpha = %g, rho = %g per kWh", c.Alpha, c.CompensationPerKWh)
	}
	return b.String()
}

// StateKeys writes down what a program finds in its state.
func (s *Spec) StateKeys() string {
	x := s.Prosumer
	var b strings.Builder
	line := func(key, text string) { fmt.Fprintf(&b, "- state[\"%s\"]: %s\n", key, text) }
	line("current_time", "step of the day, 0 .. 95")
	line("lambda_(t)_(B)", "array of 96: buy price per kWh")
	line("lambda_(t)_(S)", "array of 96: sell price per kWh")
	line("lambda_(E)", "number: value of a kWh left in the battery at the end of the day")
	line("lambda_(DSO)", "number: fee per kWh traded with peers")
	line("P_(t)_(Load)", "array of 96: load, kW")
	line("Q_(t)_(Load)", "array of 96: reactive load, kvar")
	for _, name := range UnitNames(x) {
		line("P_(t,max)_("+name+")", "array of 96: available power, kW")
		line("Q_(t,max)_("+name+")", "array of 96: largest reactive power, kvar")
	}
	if x.BESS != nil {
		line("SOC_(0)", "number: state of charge before the first step, 0..1")
	}
	if x.CDG != nil {
		line("P_(0)_(CDG)", "number: generator power before the first step, kW")
	}
	return b.String()
}

// ActionNames are the names under which a program returns its decisions.
func ActionNames(x *community.Prosumer) []string {
	var names []string
	if x.CDG != nil {
		names = append(names, "P_CDG")
	}
	for _, unit := range UnitNames(x) {
		names = append(names, "P_"+unit, "Q_"+unit)
	}
	if x.BESS != nil {
		names = append(names, "P_BESS")
	}
	if x.CL != nil {
		names = append(names, "P_CL")
	}
	return names
}

//go:embed spec_program.tmpl
var specProgramText string

var specProgram = template.Must(template.New("program").Funcs(template.FuncMap{
	"preference": preferenceCode,
}).Parse(specProgramText))

// Program writes the specification as a program, without a language model: with
// trade among peers it returns the six parts, else it solves the prosumer alone
// and returns its decisions.
func (s *Spec) Program(trade bool) string {
	var b strings.Builder
	err := specProgram.Execute(&b, struct {
		*Spec
		X     *community.Prosumer
		Units []string
		Names []string
		Trade bool
	}{s, s.Prosumer, UnitNames(s.Prosumer), ActionNames(s.Prosumer), trade})
	if err != nil {
		panic(err) // the template and the types are ours; a test runs all archetypes
	}
	return b.String()
}

// preferenceCode returns the quantity of a preference as code, and its sides.
func preferenceCode(p Preference) map[string]any {
	quantity := map[Quantity]string{
		SOC: "SOC[steps]", CDGKW: "P_CDG[steps]", ChargeKW: "P_BESS[steps]", DischargeKW: "-P_BESS[steps]",
		ShedKW: "P_CL[steps]", ImportKW: "-P_EX[steps]", ExportKW: "P_EX[steps]",
	}[p.Quantity]
	relation, sign := "<=", "+"
	if p.Relation == AtLeast {
		relation, sign = ">=", "-"
	}
	steps := fmt.Sprintf("range(%d, %d)", p.FromStep, p.ToStep)
	switch {
	case p.FromStep == p.ToStep:
		steps = "range(T)"
	case p.FromStep > p.ToStep:
		steps = fmt.Sprintf("list(range(%d)) + list(range(%d, T))", p.ToStep, p.FromStep)
	}
	return map[string]any{"Words": p.String(), "Steps": steps, "Row": fmt.Sprintf("%s %s %v %s slack", quantity, relation, p.Value, sign)}
}
