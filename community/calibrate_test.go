package community

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// TestPresetsBreakTheLimits holds the presets to the balance that the design
// asks for when nobody controls: voltage-stress sags on 0.5 to 5 % of
// bus-steps and never rises above the upper limit, solar-stress breaks both on
// at least 0.3 %, paper-scale hardly any.
func TestPresetsBreakTheLimits(t *testing.T) {
	for name, want := range map[string]struct{ belowMin, belowMax, aboveMin, aboveMax float64 }{
		"voltage-stress": {0.005, 0.05, 0, 0},
		"solar-stress":   {0.003, 0.05, 0.003, 0.05},
		"paper-scale":    {0, 0.001, 0, 0},
	} {
		r, err := Calibrate(context.Background(), calendarOf(t, presetOf(t, name)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Steps != 35040 || r.Buses != 141 || r.Unsolved != 0 {
			t.Errorf("%s: %d steps of %d buses, %d unsolved", name, r.Steps, r.Buses, r.Unsolved)
		}
		below, above := r.BelowShare(), r.AboveShare()
		if below < want.belowMin || below > want.belowMax || above < want.aboveMin || above > want.aboveMax {
			t.Errorf("%s: %.3f %% below, %.3f %% above, want %+v", name, 100*below, 100*above, want)
		}
		t.Logf("%s: %.3f %% below, %.3f %% above, lowest %+v, highest %+v", name, 100*below, 100*above, r.Lowest, r.Highest)
	}
}

// TestCalibrateOnAnyNumberOfProcessors compares the whole result.
func TestCalibrateOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const days30 = 30
	january := *builtInYear(t)
	for _, series := range []*[]float64{
		&january.Load.Actual, &january.Load.Forecast, &january.Solar.Actual, &january.Solar.Forecast,
		&january.WindOnshore.Actual, &january.WindOnshore.Forecast,
	} {
		*series = (*series)[:days30*profile.StepsPerDay]
	}
	calendar, err := NewCalendar(presetOf(t, "solar-stress"), &january, grid.Case141())
	if err != nil {
		t.Fatal(err)
	}
	var results []Calibration
	for _, processors := range []int{1, 3} {
		runtime.GOMAXPROCS(processors)
		days := 0
		r, err := Calibrate(context.Background(), calendar, func(done, total int) {
			if days++; done != days || total != days30 {
				t.Errorf("day %d reported as %d of %d", days, done, total)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if results[0] != results[1] {
		t.Errorf("one processor says %+v, three say %+v", results[0], results[1])
	}
}

func TestCalibrateStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Calibrate(ctx, calendarOf(t, presetOf(t, "voltage-stress")), func(done, _ int) {
		if done == 3 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want it cancelled", err)
	}
}
