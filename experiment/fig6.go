package experiment

import (
	"context"
	"path/filepath"
)

// Fig6 is Fig. 6: what the algorithms reach on the validation days over training.
type Fig6 struct {
	Currency string      `json:"currency"`
	Budget   string      `json:"budget"`
	Days     int         `json:"validation_days"`
	Missing  []string    `json:"missing,omitempty"`
	Curves   []Fig6Curve `json:"curves"`
	// Baselines are policies without training, on the same days.
	Baselines []Summary `json:"baselines"`

	panels []*figure
}

// Fig6Curve is one quantity of one algorithm: mean and standard deviation over its
// seeds, at the episodes that all of them have reached.
type Fig6Curve struct {
	Algorithm string    `json:"algorithm"`
	Quantity  string    `json:"quantity"` // reward, cost or violation_share
	Episode   []float64 `json:"episode"`
	Mean      []float64 `json:"mean"`
	SD        []float64 `json:"sd_over_seeds"`
}

// Fig6 makes the figure of what the study's six algorithms have logged so far.
func (s *Study) Fig6(ctx context.Context, progress func(done, of int)) (*Fig6, error) {
	days := s.World.Year.Split().Validate
	lines, err := entrants(s.lines)
	if err != nil {
		return nil, err
	}
	rows, err := s.play(ctx, lines, days, progress)
	if err != nil {
		return nil, err
	}
	f := &Fig6{Currency: s.World.Market.Currency(), Budget: s.Budget.Name, Days: len(days), Baselines: Summarise(rows)}
	for i := range f.Baselines {
		f.Baselines[i].DecisionSeconds = 0 // a clock reading
	}
	var runs []labelled
	for i, run := range s.Runs {
		row := paperRowOf(s.labels[i])
		if row == nil { // cloning and plus, whose days are not of the same kind
			continue
		}
		e, err := run.events()
		if err != nil {
			return nil, err
		}
		runs = append(runs, labelled{row.name, e})
		for _, quantity := range []string{"reward", "cost", "violation_share"} {
			c := e.curve("validate", quantity)
			f.Curves = append(f.Curves, Fig6Curve{s.labels[i], quantity, c.episode, c.mean, c.sd})
		}
	}
	f.Missing = s.Missing()
	panels := learningPanels(f.Currency)
	for _, k := range []int{2, 0, 1} { // in the paper's order
		f.panels = append(f.panels, panels[k].draw(runs, f.Baselines))
	}
	return f, nil
}

// Table lists the points of all curves.
func (f *Fig6) Table() Table {
	t := Table{Head: []string{"algorithm", "quantity", "episode", "mean", "sd_over_seeds"}}
	for _, c := range f.Curves {
		for i := range c.Episode {
			t.Rows = append(t.Rows, TableRow{Cells: []string{c.Algorithm, c.Quantity, exact(c.Episode[i]), exact(c.Mean[i]), exact(c.SD[i])}})
		}
	}
	return t
}

// LastTable shows where the curves end.
func (f *Fig6) LastTable() Table {
	t := Table{Head: []string{"algorithm", "episodes", "reward/day", "± seeds", "cost, " + f.Currency + "/day", "± seeds", "bus-steps outside", "± seeds"}}
	for i := 0; i+2 < len(f.Curves); i += 3 {
		cells := []string{f.Curves[i].Algorithm}
		if n := len(f.Curves[i].Episode); n > 0 {
			reward, cost, outside := f.Curves[i], f.Curves[i+1], f.Curves[i+2]
			cells = append(cells, exact(reward.Episode[n-1]), moneyLike(reward.Mean[n-1], 1), moneyLike(reward.SD[n-1], 1),
				money(cost.Mean[n-1]), moneyLike(cost.SD[n-1], cost.Mean[n-1]), scientific(outside.Mean[n-1]), scientific(outside.SD[n-1]))
		} else {
			cells = append(cells, "0", "", "", "", "", "", "")
		}
		t.Rows = append(t.Rows, TableRow{Cells: cells})
	}
	return t
}

// WriteFig6 stores the figure as SVG and PNG, its points as CSV and JSON.
func (s *Study) WriteFig6(f *Fig6) error {
	for _, name := range []string{"fig6.svg", "fig6.png"} {
		if err := writeFigures(filepath.Join(s.Dir, name), 3, f.panels...); err != nil {
			return err
		}
	}
	return s.write("fig6", f, f.Table(), f.LastTable().Markdown()+"\n"+f.Note()+"\n")
}

// Note says what the figure shows.
func (f *Fig6) Note() string {
	return "Validation days (the first of every month), deterministic policies: mean over trainings, shaded one standard deviation. Dashed: policies without training. " +
		"The paper's Fig. 6 has no figures to read off; of it the text says that OP-MH converges fastest, to a low cost with minimal fluctuations, and that its violations decline rapidly." + missingNote(f.Missing)
}
