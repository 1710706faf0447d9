package experiment

import (
	"bytes"
	"html/template"
	"image/color"
	"regexp"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// figure is a plot in the style of the reports. Title, unit and legend stand
// around it in the page, where they wrap and cover no curve.
type figure struct {
	*plot.Plot
	title, unit, note string
	keys              []legendKey
}

// legendKey explains one mark of a figure.
type legendKey struct {
	Label  string
	colour color.NRGBA
	Dashes string // of a line: "" or "4 3"
	Dot    bool   // a dot and no line
}

// Colour is the mark's colour as HTML has it, "#0072b2".
func (k legendKey) Colour() string { return htmlColour(k.colour) }

// Picture is a finished figure, as the pages show it.
type Picture struct {
	Title, Unit, Note string
	SVG               template.HTML
	Keys              []legendKey
}

// The reports' colours: distinguishable in print and by the colour-blind
// (Okabe and Ito 2008).
var (
	black     = color.NRGBA{40, 40, 40, 255}
	grey      = color.NRGBA{140, 140, 140, 255}
	blue      = color.NRGBA{0, 114, 178, 255}
	orange    = color.NRGBA{230, 159, 0, 255}
	green     = color.NRGBA{0, 158, 115, 255}
	vermilion = color.NRGBA{213, 94, 0, 255}
	purple    = color.NRGBA{204, 121, 167, 255}
	skyBlue   = color.NRGBA{86, 180, 233, 255}
	faint     = color.NRGBA{228, 228, 228, 255}
)

// series are the colours of curves that have none of their own, in order.
var series = []color.NRGBA{blue, vermilion, green, purple, skyBlue, orange, black}

var dashed = []vg.Length{4, 3}

func newFigure(title, unit, x string) *figure {
	p := plot.New()
	p.X.Label.Text = x
	for _, style := range []*draw.TextStyle{&p.X.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label} {
		style.Font.Variant, style.Font.Size, style.Color = "Sans", textSize, black
	}
	p.X.Label.Padding = 2
	p.BackgroundColor = color.Transparent
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = grey, grey
		axis.Tick.Length = 4
		axis.Tick.Marker = fewTicks{}
	}
	return &figure{Plot: p, title: title, unit: unit}
}

// textSize is that of the figures' text. A figure of figureWidth points fills
// a column of 20 to 26 rem, so it shows at 11 to 14 pixels.
const (
	textSize     = 10
	figureWidth  = 300
	figureHeight = 190
)

// line adds a series of y over x with a legend entry, none if label is empty.
func (f *figure) line(label string, x, y []float64, c color.NRGBA, dashes ...vg.Length) {
	if len(x) == 0 {
		return
	}
	f.stroke(points(x, y), c, dashes)
	f.explain(label, c, dashes, false)
}

// steps is line for values that hold from one edge to the next: there is one
// edge more than values.
func (f *figure) steps(label string, edges, y []float64, c color.NRGBA, dashes ...vg.Length) {
	var outline plotter.XYs
	for i, v := range y {
		outline = append(outline, plotter.XY{X: edges[i], Y: v}, plotter.XY{X: edges[i+1], Y: v})
	}
	if len(outline) > 0 {
		f.stroke(outline, c, dashes)
		f.explain(label, c, dashes, false)
	}
}

func (f *figure) stroke(points plotter.XYs, c color.NRGBA, dashes []vg.Length) {
	l := &plotter.Line{XYs: points, LineStyle: draw.LineStyle{Color: c, Width: 1.5, Dashes: dashes}}
	f.Add(l)
}

// band fills the area between two series.
func (f *figure) band(x, low, high []float64, c color.NRGBA) {
	if len(x) == 0 {
		return
	}
	outline := points(x, low)
	for i := len(x) - 1; i >= 0; i-- {
		outline = append(outline, plotter.XY{X: x[i], Y: high[i]})
	}
	c.A = 50
	f.Add(&plotter.Polygon{XYs: []plotter.XYs{outline}, Color: c})
}

// horizontal draws a dashed line across at y.
func (f *figure) horizontal(label string, y float64, c color.NRGBA) {
	l := plotter.NewFunction(func(float64) float64 { return y })
	l.LineStyle = draw.LineStyle{Color: c, Width: 1.2, Dashes: dashed}
	f.Add(l)
	f.explain(label, c, dashed, false)
	f.Y.Min, f.Y.Max = min(f.Y.Min, y), max(f.Y.Max, y)
}

func (f *figure) explain(label string, c color.NRGBA, dashes []vg.Length, dot bool) {
	if label == "" {
		return
	}
	pattern := ""
	if len(dashes) > 0 {
		pattern = "4 3"
	}
	f.keys = append(f.keys, legendKey{label, c, pattern, dot})
}

// pad widens the range of y by a share of it at both ends, so that curves do
// not run along the frame.
func (f *figure) pad(share float64) {
	room := share * (f.Y.Max - f.Y.Min)
	f.Y.Min, f.Y.Max = f.Y.Min-room, f.Y.Max+room
}

func points(x, y []float64) plotter.XYs {
	out := make(plotter.XYs, len(x))
	for i := range x {
		out[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	return out
}

// picture draws the figure. The error can only be the drawing library's.
func (f *figure) picture(height vg.Length) (Picture, error) {
	canvas := vgsvg.New(figureWidth, height)
	f.Draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return Picture{}, err
	}
	text := b.Bytes()
	text = text[bytes.Index(text, []byte("<svg")):]
	text = size.ReplaceAll(text, []byte(`<svg role="img" aria-label="`+template.HTMLEscapeString(f.title)+`"`))
	text = comment.ReplaceAll(text, nil)
	text = font.ReplaceAll(text, []byte("font-family:'Liberation Sans',Arial,Helvetica,sans-serif;font-size:"))
	return Picture{
		Title: f.title, Unit: f.unit, Note: f.note, Keys: f.keys,
		SVG: template.HTML(text), //nolint:gosec // drawn by ourselves from numbers and our own labels
	}, nil
}

var (
	size    = regexp.MustCompile(`<svg width="[^"]*" height="[^"]*"`)
	comment = regexp.MustCompile(`<!--.*?-->\n?`)
	// The library measures text in Liberation Sans; Arial and Helvetica are as
	// wide.
	font = regexp.MustCompile(`font-family:[^"]*?font-size:`)
)

func htmlColour(c color.NRGBA) string {
	const digits = "0123456789abcdef"
	b := []byte{'#'}
	for _, v := range []uint8{c.R, c.G, c.B} {
		b = append(b, digits[v>>4], digits[v&15])
	}
	return string(b)
}
