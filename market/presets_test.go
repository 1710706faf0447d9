package market

import (
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// TestPresetsCost holds the presets' sizes to what the design asks of them in
// money: the average step of an idle community costs between 0.05 and 0.1 of
// reward, with trade and without, and paper-scale's day is near the paper's
// 4,840 CNY.
func TestPresetsCost(t *testing.T) {
	y, err := profile.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(DefaultConfig(), y)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range community.Presets() {
		s, err := community.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		calendar, err := community.NewCalendar(s, y, grid.Case141())
		if err != nil {
			t.Fatal(err)
		}
		alone, together := 0.0, 0.0 // per day
		for day := range y.Days() {
			d := calendar.Day(day)
			alone += m.IdleCost(s.Prosumers, d, false) / float64(y.Days())
			together += m.IdleCost(s.Prosumers, d, true) / float64(y.Days())
		}
		if together >= alone {
			t.Errorf("%s: trade saves nothing: %.0f with, %.0f without", name, together, alone)
		}
		perStep := s.Reward.DeltaPerCNY * alone / profile.StepsPerDay
		if perStep < 0.05 || perStep > 0.1 {
			t.Errorf("%s: an idle step costs %.3f of reward, want 0.05 to 0.1", name, perStep)
		}
		if name == "paper-scale" && (alone < 4400 || alone > 5300) {
			t.Errorf("%s: an idle day costs %.0f CNY, want about 4,840", name, alone)
		}
		t.Logf("%s: %.0f CNY a day without trade, %.0f with; %.3f of reward a step", name, alone, together, perStep)
	}
}
