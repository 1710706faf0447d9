package experiment

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"gonum.org/v1/plot"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
	"github.com/peerwatt/peerwatt/marl/replay"
)

// Fig7 is Fig. 7: how far the cost of OP-MH is from the expert's, over the number
// of attention heads, for both kinds of attention.
type Fig7 struct {
	Currency   string      `json:"currency"`
	Budget     string      `json:"budget"`
	Days       int         `json:"days"`
	ExpertCost float64     `json:"expert_cost_per_day"`
	Missing    []string    `json:"missing,omitempty"`
	Points     []Fig7Point `json:"points"`
}

// Fig7Point is a number of heads with a kind of attention.
type Fig7Point struct {
	Heads      int       `json:"heads"`
	Attention  string    `json:"attention"`
	Parameters int       `json:"critic_parameters"`
	Deviation  []float64 `json:"deviation_percent"` // of every seed, as eq. (40): |C - C_expert| / C_expert
	Mean       float64   `json:"mean_percent"`
	SD         float64   `json:"sd_over_seeds_percent"`
	Cost       float64   `json:"cost_per_day"`
	Violation  float64   `json:"violation_share"`
}

// Fig7 makes the figure of evaluated rows.
func (s *Study) Fig7(rows []Row) (*Fig7, error) {
	summaries := Summarise(rows)
	expert := find(summaries, "expert")
	if expert == nil {
		return nil, fmt.Errorf("fig7: the expert is not among the rows")
	}
	f := &Fig7{Currency: s.World.Market.Currency(), Budget: s.Budget.Name, Days: len(s.days), ExpertCost: expert.Cost, Missing: s.Missing()}
	for i, run := range s.Runs {
		summary := find(summaries, s.labels[i])
		if summary == nil {
			continue
		}
		parameters, err := s.criticParameters(run)
		if err != nil {
			return nil, err
		}
		m := run.Spec.Algorithm.OPMH
		p := Fig7Point{Heads: m.Heads, Attention: m.Attention, Parameters: parameters, Cost: summary.Cost, Violation: summary.ViolationShare}
		for _, seed := range summary.Seeds {
			ours := slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Policy != s.labels[i] || r.Seed != seed })
			cost := meanOf(ours, func(r Row) float64 { return r.Cost })
			p.Deviation = append(p.Deviation, 100*math.Abs(cost-expert.Cost)/expert.Cost)
		}
		p.Mean, p.SD = meanSD(p.Deviation)
		f.Points = append(f.Points, p)
		if m.Heads == 0 { // without attention both kinds are one
			p.Attention = "standard"
			f.Points = append(f.Points, p)
		}
	}
	return f, nil
}

// criticParameters counts what a run's critic has to learn.
func (s *Study) criticParameters(r *Run) (int, error) {
	e, err := env.New(s.World, r.Spec.options())
	if err != nil {
		return 0, err
	}
	p := marl.Problem{Shape: replay.Shape{Agents: len(s.World.Agents()), Observation: e.ObservationDim(), Action: env.ActionDim}}
	for _, a := range s.World.Agents() {
		p.Agents, p.Types = append(p.Agents, a.Name), append(p.Types, a.Type)
	}
	return marl.CriticParameters(&r.Spec.Algorithm, p), nil
}

// figure draws both curves over the numbers of heads.
func (f *Fig7) figure() *figure {
	g := newFigure("Deviation from the expert's cost", "% of it", "attention heads")
	var heads []int
	for _, p := range f.Points {
		if !slices.Contains(heads, p.Heads) {
			heads = append(heads, p.Heads)
		}
	}
	slices.Sort(heads)
	for k, attention := range []string{"differential", "standard"} {
		var x, low, mean, high []float64
		for _, h := range heads {
			i := slices.IndexFunc(f.Points, func(p Fig7Point) bool { return p.Heads == h && p.Attention == attention })
			if i < 0 {
				continue
			}
			p := &f.Points[i]
			x, mean = append(x, float64(slices.Index(heads, h))), append(mean, p.Mean)
			low, high = append(low, max(0, p.Mean-p.SD)), append(high, p.Mean+p.SD)
		}
		g.band(x, low, high, series[k])
		g.line(attention+" attention", x, mean, series[k])
	}
	ticks := plot.ConstantTicks{}
	for i, h := range heads {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: strconv.Itoa(h)})
	}
	g.X.Tick.Marker = ticks
	g.pad(0.05)
	g.Y.Min = max(0, g.Y.Min)
	return g
}

// Table shows the points.
func (f *Fig7) Table() Table {
	t := Table{Head: []string{"heads", "attention", "critic parameters", "seeds", "deviation, %", "± seeds", "cost, " + f.Currency + "/day", "bus-steps outside"}}
	for _, p := range f.Points {
		t.Rows = append(t.Rows, TableRow{Cells: []string{
			strconv.Itoa(p.Heads), p.Attention, strconv.Itoa(p.Parameters), strconv.Itoa(len(p.Deviation)),
			fmt.Sprintf("%.2f", p.Mean), fmt.Sprintf("%.2f", p.SD), money(p.Cost), scientific(p.Violation),
		}})
	}
	return t
}

// Note says what the figure shows.
func (f *Fig7) Note() string {
	return fmt.Sprintf("Cost of %d test days less that of the expert (%s %s a day), as a share of it, eq. (40): mean over trainings, shaded one standard deviation. "+
		"Both kinds of attention have as many parameters: projections of the same sizes, and idle ones in place of the vectors of xi, eq. (32), where there are none. "+
		"The paper's Fig. 7 has no figures to read off; of it the text says that the deviation falls much from 0 to 1 and to 2 heads and hardly from 8 to 16, and is lower with differential attention.",
		f.Days, money(f.ExpertCost), f.Currency) + missingNote(f.Missing)
}

// WriteFig7 stores the figure as SVG and PNG, its points as Markdown, CSV and
// JSON.
func (s *Study) WriteFig7(f *Fig7) error {
	for _, name := range []string{"fig7.svg", "fig7.png"} {
		if err := writeFigures(filepath.Join(s.Dir, name), 1, f.figure()); err != nil {
			return err
		}
	}
	return s.write("fig7", f, f.Table(), f.Table().Markdown()+"\n"+f.Note()+"\n")
}
