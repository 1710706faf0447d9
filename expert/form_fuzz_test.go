package expert

import (
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// FuzzForm: whatever a model writes into the form, either it is refused or every
// preference and rating is one that the prosumer can have.
func FuzzForm(f *testing.F) {
	w := theWorld(f, "paper-scale")
	spec, state := caseOf(f, w, community.Hub, 1)
	f.Add(formOf(spec.Preferences), "Keep 60 % from 18:00 to 22:00")
	f.Add(`{"devices":{"battery_kwh":200,"pv_kw":1e300},"preferences":[]}`, "")
	f.Add(`{"preferences":[{"words":"half","quantity":"battery_level","relation":"at_least","value":0.5,"from":"24:00","to":"23:59"}]}`, "half full")
	f.Add(`{"preferences":[{"quantity":"network_import","relation":"at_most","value":-1e308,"from":"00:00","to":"00:15"}]}`, "1,5 MW, 30 percent, -1e308")
	f.Fuzz(func(t *testing.T, text, wish string) {
		var form specForm
		if llm.DecodeJSON(text, &form) != nil {
			return
		}
		form.Preferences, _ = form.doubtful(wish)
		s := &Session{Wish: wish, Spec: &Spec{Prosumer: spec.Prosumer}, State: state, Devices: &Devices{}}
		if s.fill(&form) != nil {
			return
		}
		if err := s.Spec.Validate(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if b := s.Spec.Prosumer.BESS; !(b.EnergyKWh > 0 && b.MaxKW > 0 && b.EnergyKWh <= maxRating) {
			t.Errorf("%s: battery %+v", text, b)
		}
		for _, p := range s.Spec.Preferences {
			_ = p.String()
		}
		_ = s.Spec.Program(true)
	})
}
