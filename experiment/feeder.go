package experiment

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/peerwatt/peerwatt/env"
)

// drawFeeder draws the network as a tree with every bus coloured by its
// voltage; prosumers' buses are larger.
func drawFeeder(w *env.World, title string, voltagePU []float64) (Picture, error) {
	at := w.Network.Layout()
	limits := &w.Scenario.Feeder
	f := newFigure(title, "p.u.", "branches from the substation")
	f.Y.Tick.Marker = plot.ConstantTicks{}
	for _, b := range w.Network.Branches {
		i, _ := w.Network.Index(b.From)
		j, _ := w.Network.Index(b.To)
		f.stroke(plotter.XYs{{X: at[i].X, Y: -at[i].Y}, {X: at[j].X, Y: -at[j].Y}}, color.NRGBA{190, 190, 190, 255}, nil)
	}
	prosumer := map[int]bool{}
	for _, a := range w.Agents() {
		i, _ := w.Network.Index(a.BusID)
		prosumer[i] = true
	}
	buses := make(plotter.XYs, len(at))
	for i := range at {
		buses[i] = plotter.XY{X: at[i].X, Y: -at[i].Y}
	}
	radius := func(i int) vg.Length {
		if prosumer[i] {
			return 3.6
		}
		return 1.8
	}
	f.Add(
		&plotter.Scatter{XYs: buses, GlyphStyleFunc: func(i int) draw.GlyphStyle { // an outline, for the light colours
			return draw.GlyphStyle{Shape: draw.CircleGlyph{}, Radius: radius(i) + 0.4, Color: color.NRGBA{90, 90, 90, 255}}
		}},
		&plotter.Scatter{XYs: buses, GlyphStyleFunc: func(i int) draw.GlyphStyle {
			return draw.GlyphStyle{Shape: draw.CircleGlyph{}, Radius: radius(i), Color: voltageColour(voltagePU[i], limits.VMinPU, limits.VMaxPU)}
		}})
	f.HideY()
	f.pad(0.04)
	f.X.Min, f.X.Max = f.X.Min-0.02*f.X.Max, 1.02*f.X.Max
	for k := range 5 {
		v := limits.VMinPU + (limits.VMaxPU-limits.VMinPU)*float64(k)/4
		f.keys = append(f.keys, legendKey{fmt.Sprintf("%.4g", v), voltageColour(v, limits.VMinPU, limits.VMaxPU), "", true})
	}
	f.keys = append(f.keys, legendKey{"outside the limits", outsideColour, "", true})
	f.note = "Large: buses of prosumers."
	return f.picture(1.15 * figureHeight)
}

var outsideColour = color.NRGBA{0, 0, 0, 255}

// voltageColour goes from vermilion at the lower limit over yellow in the
// middle to blue at the upper one; outside the limits it is black.
func voltageColour(v, low, high float64) color.NRGBA {
	if v < low-env.TolerancePU || v > high+env.TolerancePU {
		return outsideColour
	}
	stops := []color.NRGBA{vermilion, orange, {240, 228, 66, 255}, green, blue}
	x := (v - low) / (high - low) * float64(len(stops)-1)
	x = max(0, min(float64(len(stops)-1), x))
	i := min(int(x), len(stops)-2)
	part := x - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + part*(float64(b)-float64(a)) + 0.5) }
	a, b := stops[i], stops[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
