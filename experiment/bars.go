package experiment

import (
	"image/color"
	"math"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bar is one row of a bar chart.
type bar struct {
	name      string
	value, sd float64
	label     string
	colour    color.NRGBA
}

// bars draws one bar below the other, the first on top, with the standard
// deviation where there is one and the value in words behind.
func bars(title, unit string, all []bar) (Picture, error) {
	f := newFigure(title, unit, "")
	slices.Reverse(all)
	names := make([]string, len(all))
	values, spread := plotter.XYs{}, plotter.XErrors{}
	labels := plotter.XYLabels{}
	for i, b := range all {
		names[i] = b.name
		one, err := plotter.NewBarChart(plotter.Values{b.value}, 13)
		if err != nil {
			return Picture{}, err
		}
		one.Horizontal, one.XMin, one.Color, one.LineStyle.Width = true, float64(i), b.colour, 0
		f.Add(one)
		if b.sd > 0 {
			values = append(values, plotter.XY{X: b.value, Y: float64(i)})
			spread = append(spread, struct{ Low, High float64 }{b.sd, b.sd})
		}
		labels.XYs = append(labels.XYs, plotter.XY{X: max(0, b.value+b.sd), Y: float64(i)})
		labels.Labels = append(labels.Labels, b.label)
	}
	if len(values) > 0 {
		e, err := plotter.NewXErrorBars(struct {
			plotter.XYs
			plotter.XErrors
		}{values, spread})
		if err != nil {
			return Picture{}, err
		}
		e.LineStyle.Color = black
		f.Add(e)
	}
	text, err := plotter.NewLabels(labels)
	if err != nil {
		return Picture{}, err
	}
	for i := range text.TextStyle {
		text.TextStyle[i].Font.Variant, text.TextStyle[i].Font.Size, text.TextStyle[i].Color = "Sans", textSize, black
		text.TextStyle[i].YAlign = draw.YCenter
	}
	text.Offset = vg.Point{X: 4}
	f.Add(text)
	f.NominalY(names...)
	f.Y.Min, f.Y.Max = -0.7, float64(len(all))-0.3
	f.X.Min = min(0, f.X.Min)
	if f.X.Max <= f.X.Min {
		f.X.Max = f.X.Min + 1
	}
	return f.picture(vg.Length(34 + 21*len(all)))
}

// costBars and violationBars show what a table's rows cost and how often they
// break the limits; the rows that learned are blue.
func costBars(currency string, rows []Summary) (Picture, error) {
	var all []bar
	for i := range rows {
		s := &rows[i]
		all = append(all, bar{s.Policy, s.Cost, s.CostSeedsSD, plusMinus(money(s.Cost), moneyLike(s.CostSeedsSD, s.Cost), s), barColour(s)})
	}
	return bars("Cost", currency+" a day, mean of the test days", all)
}

func violationBars(rows []Summary) (Picture, error) {
	var all []bar
	for i := range rows {
		s := &rows[i]
		all = append(all, bar{s.Policy, 100 * s.ViolationShare, 100 * s.ViolationSeedsSD,
			plusMinus(percent(s.ViolationShare), percentLike(s.ViolationSeedsSD, s.ViolationShare), s), barColour(s)})
	}
	return bars("Voltage violations", "% of all bus-steps of the test days", all)
}

func barColour(s *Summary) color.NRGBA {
	if s.Seeds != nil {
		return blue
	}
	return color.NRGBA{178, 190, 200, 255}
}

func plusMinus(value, sd string, s *Summary) string {
	if len(s.Seeds) < 2 {
		return value
	}
	return value + " ± " + sd
}

// savings shows what each day's cost is below that of the reference, the mean
// over seeds with their range.
func savings(currency string, rows []Row, learned, reference string) (Picture, error) {
	f := newFigure("Saved on each test day", currency+" against "+reference, "")
	base := map[string]float64{}
	byDay := map[string][]float64{}
	var dates []string
	for _, r := range rows {
		if r.Policy == reference {
			base[r.Date] = r.Cost
		}
	}
	for _, r := range rows {
		if r.Policy != learned {
			continue
		}
		if _, known := byDay[r.Date]; !known {
			dates = append(dates, r.Date)
		}
		byDay[r.Date] = append(byDay[r.Date], base[r.Date]-r.Cost)
	}
	for _, c := range []color.NRGBA{blue, vermilion} {
		var dots plotter.XYs
		for i, date := range dates {
			mean, _ := meanSD(byDay[date])
			if (mean >= 0) != (c == blue) {
				continue
			}
			dots = append(dots, plotter.XY{X: float64(i), Y: mean})
			f.stroke(plotter.XYs{{X: float64(i), Y: slices.Min(byDay[date])}, {X: float64(i), Y: slices.Max(byDay[date])}}, c, nil)
		}
		if len(dots) > 0 {
			f.Add(&plotter.Scatter{XYs: dots, GlyphStyle: draw.GlyphStyle{Color: c, Radius: 1.8, Shape: draw.CircleGlyph{}}})
		}
	}
	if len(dates) > 0 {
		f.horizontal("", 0, black)
		f.X.Tick.Marker = months(dates)
		f.keys = []legendKey{{"cheaper than " + reference, blue, "", true}, {"dearer", vermilion, "", true}}
		f.note = "Day by day. Dot: mean over seeds; line: their range."
	}
	f.pad(0.05)
	return f.picture(figureHeight)
}

// months marks the first of the dates of every second month.
type months []string

func (m months) Ticks(_, _ float64) []plot.Tick {
	var out []plot.Tick
	seen := 0
	for i, date := range m {
		if i > 0 && date[:7] == m[i-1][:7] {
			continue
		}
		if day, err := time.Parse(time.DateOnly, date); err == nil && seen%2 == 0 {
			out = append(out, plot.Tick{Value: float64(i), Label: day.Format("Jan")})
		}
		seen++
	}
	return out
}

// fewTicks marks about four values, so that long labels do not meet.
type fewTicks struct{}

func (fewTicks) Ticks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/2)))
	for _, factor := range []float64{1, 2, 5} {
		if (high-low)/(factor*step) <= 5 {
			step *= factor
			break
		}
	}
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var out []plot.Tick
	for k := math.Ceil(low / step); k*step <= high; k++ {
		v := k * step
		out = append(out, plot.Tick{Value: v, Label: strconv.FormatFloat(v+0, 'f', decimals, 64)})
	}
	return out
}
