package experiment

import (
	"fmt"
	"html/template"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/peerwatt/peerwatt/env"
)

// drawFeeder draws the network as a tree with every bus coloured by its
// voltage, and the prosumers' buses larger.
func drawFeeder(w *env.World, title string, voltagePU []float64) (template.HTML, error) {
	at := w.Network.Layout()
	limits := &w.Scenario.Feeder
	f := newFigure(title, "branches from the substation", "")
	f.Y.Tick.Marker = plot.ConstantTicks{}
	for _, b := range w.Network.Branches {
		i, _ := w.Network.Index(b.From)
		j, _ := w.Network.Index(b.To)
		f.line("", []float64{at[i].X, at[j].X}, []float64{at[i].Y, at[j].Y}, grey)
	}
	prosumer := map[int]bool{}
	for _, a := range w.Agents() {
		i, _ := w.Network.Index(a.BusID)
		prosumer[i] = true
	}
	buses := make(plotter.XYs, len(at))
	for i := range at {
		buses[i] = plotter.XY{X: at[i].X, Y: at[i].Y}
	}
	scatter, err := plotter.NewScatter(buses)
	if err != nil {
		return "", err
	}
	scatter.GlyphStyleFunc = func(i int) draw.GlyphStyle {
		s := draw.GlyphStyle{Shape: draw.CircleGlyph{}, Radius: 2.2, Color: voltageColour(voltagePU[i], limits.VMinPU, limits.VMaxPU)}
		if prosumer[i] {
			s.Radius = 4
		}
		return s
	}
	f.Add(scatter)
	f.HideY()
	f.Y.Min, f.Y.Max = f.Y.Min-1, f.Y.Max+1
	return f.svg(420, 300)
}

// voltageColour goes from vermilion at the lower limit over yellow-green in the
// middle to blue at the upper one; outside the limits it is black.
func voltageColour(v, low, high float64) color.Color {
	if v < low-env.TolerancePU || v > high+env.TolerancePU {
		return color.NRGBA{0, 0, 0, 255}
	}
	stops := []color.NRGBA{vermilion, orange, {240, 228, 66, 255}, green, blue}
	x := (v - low) / (high - low) * float64(len(stops)-1)
	x = max(0, min(float64(len(stops)-1), x))
	i := min(int(x), len(stops)-2)
	part := x - math.Floor(x)
	if int(x) != i {
		part = 1
	}
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + part*(float64(b)-float64(a)))) }
	a, b := stops[i], stops[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// voltageKey explains the colours in words and swatches.
func voltageKey(low, high float64) template.HTML {
	out := `<span class="key">`
	for k := range 5 {
		v := low + (high-low)*float64(k)/4
		c := color.NRGBAModel.Convert(voltageColour(v, low, high)).(color.NRGBA)
		out += fmt.Sprintf(`<i style="background:#%02x%02x%02x"></i>%.3g`, c.R, c.G, c.B, v)
	}
	return template.HTML(out + `<i style="background:#000"></i>outside</span>`) //nolint:gosec // numbers only
}

// costBars draws what every policy costs, with the standard deviation over
// seeds where there are several.
func costBars(currency string, summaries []Summary) (template.HTML, error) {
	f := newFigure("Cost on the test days", "", currency+" a day")
	values := make(plotter.Values, len(summaries))
	names := make([]string, len(summaries))
	var errors plotter.YErrors
	var tops plotter.XYs
	for i, s := range summaries {
		values[i], names[i] = s.Cost, s.Policy
		tops = append(tops, plotter.XY{X: float64(i), Y: s.Cost})
		errors = append(errors, struct{ Low, High float64 }{s.CostSeedsSD, s.CostSeedsSD})
	}
	bars, err := plotter.NewBarChart(values, vg.Points(26))
	if err != nil {
		return "", err
	}
	bars.Color, bars.LineStyle.Width = skyBlue, 0
	f.Add(bars)
	spread, err := plotter.NewYErrorBars(struct {
		plotter.XYs
		plotter.YErrors
	}{tops, errors})
	if err != nil {
		return "", err
	}
	f.Add(spread)
	f.NominalX(names...)
	return f.svg(420, 260)
}
