package experiment

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/peerwatt/peerwatt/expert"
)

// Variant is a bar of Fig. 5: the workflow with parts left out.
type Variant struct {
	Name   string // of its folder, and in the legend
	Way    expert.WorkflowOptions
	colour color.NRGBA
}

// Variants are the bars of Fig. 5, the whole workflow first.
var Variants = []Variant{
	{"full", expert.WorkflowOptions{}, blue},
	{"without-retrieval", expert.WorkflowOptions{WithoutRetrieval: true}, green},
	{"without-correction", expert.WorkflowOptions{WithoutCorrection: true}, orange},
	{"bare", expert.WorkflowOptions{Bare: true}, vermilion},
}

// Ablation is a model with the results of the variants, nil where one is missing.
type Ablation struct {
	Name    string         `json:"name"`
	Results []*BenchResult `json:"variants"` // as Variants
}

// Ablations groups results by model: those that are a bar of Fig. 5.
func Ablations(results []*BenchResult) []Ablation {
	var models []Ablation
	for _, r := range results {
		k := slices.IndexFunc(Variants, func(v Variant) bool { return v.Way.String() == r.Spec.Options.Workflow.String() })
		if k < 0 {
			continue
		}
		i := slices.IndexFunc(models, func(m Ablation) bool { return m.Name == r.Model() })
		if i < 0 {
			i = len(models)
			models = append(models, Ablation{Name: r.Model(), Results: make([]*BenchResult, len(Variants))})
		}
		models[i].Results[k] = r
	}
	return models
}

// PlotFig5 draws pass rate, accuracy and, apart from the paper, the share of right
// programs of models and variants, with 95 % intervals, into an SVG or PNG file.
func PlotFig5(path string, models []Ablation) error {
	share := func(of func(*expert.Score) expert.Interval) func(*expert.Score) (float64, float64, float64) {
		return func(s *expert.Score) (float64, float64, float64) {
			i := of(s)
			return 100 * i.Share, 100 * i.Low, 100 * i.High
		}
	}
	var panels []*figure
	for _, p := range []struct {
		title string
		of    func(*expert.Score) (value, low, high float64)
	}{
		{"Pass rate", share(func(s *expert.Score) expert.Interval { return s.Passed })},
		{"Accuracy of the programs that passed", func(s *expert.Score) (float64, float64, float64) {
			return s.Accuracy.Value, s.Accuracy.Low, s.Accuracy.High
		}},
		{"Programs that are right (not in the paper)", share(func(s *expert.Score) expert.Interval { return s.Right })},
	} {
		f, err := barGroups(p.title, "%", models, p.of)
		if err != nil {
			return err
		}
		panels = append(panels, f)
	}
	return writeFigures(path, len(panels), panels...)
}

// barGroups draws a group of bars for each model, one for each variant.
func barGroups(title, unit string, models []Ablation, of func(*expert.Score) (value, low, high float64)) (*figure, error) {
	const width = 14
	f := newFigure(title, unit, "")
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	f.NominalX(names...)
	for k, v := range Variants {
		values := make(plotter.Values, len(models))
		var tops plotter.XYs
		var spread plotter.YErrors
		offset := width * (vg.Length(k) - vg.Length(len(Variants)-1)/2)
		for i, m := range models {
			r := m.Results[k]
			if r == nil {
				continue
			}
			value, low, high := of(&r.Score)
			values[i] = value
			tops = append(tops, plotter.XY{X: float64(i), Y: value})
			spread = append(spread, struct{ Low, High float64 }{value - low, high - value})
		}
		bars, err := plotter.NewBarChart(values, width-2)
		if err != nil {
			return nil, err
		}
		bars.Color, bars.LineStyle.Width, bars.Offset = v.colour, 0, offset
		f.Add(bars)
		if len(tops) > 0 {
			f.Add(&whiskers{tops, spread, offset})
		}
		f.explain(v.Name, v.colour, nil, true)
	}
	f.X.Min, f.X.Max = -0.6, float64(len(models))-0.4
	f.Y.Min, f.Y.Max = 0, 105
	return f, nil
}

// whiskers are error bars beside the place that they belong to.
type whiskers struct {
	plotter.XYs
	plotter.YErrors
	offset vg.Length
}

// Plot draws them.
func (w *whiskers) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := draw.LineStyle{Color: black, Width: 1}
	const cap = 3
	for i, at := range w.XYs {
		middle := x(at.X) + w.offset
		low, high := y(at.Y-w.YErrors[i].Low), y(at.Y+w.YErrors[i].High)
		c.StrokeLine2(line, middle, low, middle, high)
		c.StrokeLine2(line, middle-cap, low, middle+cap, low)
		c.StrokeLine2(line, middle-cap, high, middle+cap, high)
	}
}
