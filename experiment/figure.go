package experiment

import (
	"bytes"
	"html/template"
	"image/color"
	"regexp"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// figure is a plot in the style of the report.
type figure struct{ *plot.Plot }

// The report's colours: distinguishable in print and by the colour-blind
// (Okabe and Ito 2008).
var (
	black     = color.NRGBA{40, 40, 40, 255}
	grey      = color.NRGBA{150, 150, 150, 255}
	blue      = color.NRGBA{0, 114, 178, 255}
	orange    = color.NRGBA{230, 159, 0, 255}
	green     = color.NRGBA{0, 158, 115, 255}
	vermilion = color.NRGBA{213, 94, 0, 255}
	purple    = color.NRGBA{204, 121, 167, 255}
	skyBlue   = color.NRGBA{86, 180, 233, 255}
)

func newFigure(title, x, y string) figure {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	for _, font := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		font.Font.Variant, font.Font.Size, font.Color = "Sans", 10, black
	}
	p.Title.TextStyle.Font.Size = 12
	p.Title.Padding = 4
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = 6, -2
	p.BackgroundColor = color.Transparent
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.NRGBA{225, 225, 225, 255}, color.NRGBA{225, 225, 225, 255}
	p.Add(grid)
	return figure{p}
}

// line adds a series of y over x with a legend entry, none if label is empty.
func (f figure) line(label string, x, y []float64, c color.Color, dashes ...vg.Length) {
	l, err := plotter.NewLine(points(x, y))
	if err != nil {
		return // no points: nothing to draw
	}
	l.Color, l.Width, l.Dashes = c, 1.5, dashes
	f.Add(l)
	if label != "" {
		f.Legend.Add(label, l)
	}
}

// steps is line for values that hold over a whole interval.
func (f figure) steps(label string, x, y []float64, c color.Color, dashes ...vg.Length) {
	l, err := plotter.NewLine(points(x, y))
	if err != nil {
		return
	}
	l.Color, l.Width, l.Dashes, l.StepStyle = c, 1.5, dashes, plotter.PostStep
	f.Add(l)
	if label != "" {
		f.Legend.Add(label, l)
	}
}

// band fills the area between two series.
func (f figure) band(x, low, high []float64, c color.NRGBA) {
	outline := points(x, low)
	for i := len(x) - 1; i >= 0; i-- {
		outline = append(outline, plotter.XY{X: x[i], Y: high[i]})
	}
	p, err := plotter.NewPolygon(outline)
	if err != nil {
		return
	}
	c.A = 50
	p.Color, p.LineStyle.Width = c, 0
	f.Add(p)
}

// horizontal draws a dashed line across at y.
func (f figure) horizontal(label string, y float64, c color.Color) {
	l := plotter.NewFunction(func(float64) float64 { return y })
	l.Color, l.Width, l.Dashes = c, 1, []vg.Length{4, 3}
	f.Add(l)
	if label != "" {
		f.Legend.Add(label, l)
	}
	f.Y.Min, f.Y.Max = min(f.Y.Min, y), max(f.Y.Max, y)
}

func points(x, y []float64) plotter.XYs {
	out := make(plotter.XYs, len(x))
	for i := range x {
		out[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	return out
}

// svg draws the figure at a nominal size in points; in a page it is as wide as
// its column. The error can only be the drawing library's.
func (f figure) svg(width, height vg.Length) (template.HTML, error) {
	canvas := vgsvg.New(width, height)
	f.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return "", err
	}
	text := b.Bytes()
	text = text[bytes.Index(text, []byte("<svg")):]
	text = size.ReplaceAll(text, []byte("<svg"))
	text = comment.ReplaceAll(text, nil)
	text = family.ReplaceAll(text, []byte("font-family:system-ui,Helvetica,Arial,sans-serif"))
	return template.HTML(text), nil //nolint:gosec // drawn by ourselves from numbers and our own labels
}

var (
	size    = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"`)
	comment = regexp.MustCompile(`<!--.*?-->\n?`)
	family  = regexp.MustCompile(`font-family:[^;"]*`)
)

// hours marks every fourth hour of a day.
type hours struct{}

func (hours) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	for h := 0; h <= 24; h += 4 {
		out = append(out, plot.Tick{Value: float64(h), Label: strconv.Itoa(h)})
	}
	return out
}

// series are the colours of curves that have no meaning of their own, in order.
var series = []color.Color{grey, black, green, orange, purple, skyBlue}
