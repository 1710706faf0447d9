package experiment

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/marl"
)

// reportData is what the page of one run shows.
type reportData struct {
	Run        *Run
	Title      string
	Currency   string
	Sentences  []string
	Unfinished string
	Table      Table
	Overview   []Picture // cost, violations, savings
	Paired     Table     // what was trained against what was not, day by day
	Better     Table     // probabilities of improvement
	Curves     []Picture
	Training   []Picture
	Days       []reportDay
	Bills      Table
	Notes      []string
	Metrics    []marl.Metric
	Spec       string
	Version    string
}

// reportDay is one day in pictures.
type reportDay struct {
	Heading  string
	Pictures []Picture
}

// Report writes report.html from the rows of Evaluate and returns its path.
func (r *Run) Report(ctx context.Context, rows []Row, baselines *Baselines) (string, error) {
	data, err := r.reportData(ctx, rows, baselines)
	if err != nil {
		return "", err
	}
	path := filepath.Join(r.Dir, reportFile)
	return path, writePage(path, "report.html.tmpl", data)
}

func (r *Run) reportData(ctx context.Context, rows []Row, baselines *Baselines) (*reportData, error) {
	summaries := Summarise(rows)
	currency := r.World.Market.Currency()
	data := &reportData{
		Run: r, Title: fmt.Sprintf("%s on %s, %s", r.Spec.Algorithm.Name, r.World.Scenario.Name, r.World.Year.Name), Currency: currency,
		Sentences: r.sentences(summaries), Table: SummaryTable(currency, summaries), Bills: r.bills(rows),
		Paired: PairedTable(currency, PairedDays(rows)), Better: ImprovementTable(Improvements(rows)),
		Notes:   slices.Concat(r.World.Year.Notes, r.World.Market.Notes()),
		Metrics: marl.Metrics, Version: Version(),
	}
	events, err := r.events()
	if err != nil {
		return nil, err
	}
	data.Unfinished = r.unfinished(events)
	if data.Overview, err = r.overview(rows, summaries); err != nil {
		return nil, err
	}
	validation, err := baselines.rows(ctx, r, "validate", r.World.Year.Split().Validate, nil)
	if err != nil {
		return nil, err
	}
	if data.Curves, err = learningCurves([]labelled{{r.Spec.Algorithm.Name, events}}, Summarise(validation), currency); err != nil {
		return nil, err
	}
	if data.Training, err = trainingCurves(events); err != nil {
		return nil, err
	}
	if data.Days, err = r.reportDays(rows); err != nil {
		return nil, err
	}
	spec, err := r.Spec.yaml()
	if err != nil {
		return nil, err
	}
	data.Spec = string(spec)
	return data, nil
}

// unfinished says how far a run is that has not come to its end.
func (r *Run) unfinished(e events) string {
	var behind []string
	for i, done := range e.episodes() {
		if of := r.Spec.Algorithm.Episodes; done < of {
			behind = append(behind, fmt.Sprintf("seed %d has trained %d of %d days", r.Spec.Seeds[i], done, of))
		}
	}
	if behind == nil {
		return ""
	}
	return "This run is not finished: " + strings.Join(behind, ", ") + "."
}

// overview draws the table.
func (r *Run) overview(rows []Row, summaries []Summary) ([]Picture, error) {
	currency := r.World.Market.Currency()
	costs, err := costBars(currency, summaries)
	if err != nil {
		return nil, err
	}
	violations, err := violationBars(summaries)
	if err != nil {
		return nil, err
	}
	out := []Picture{costs, violations}
	if find(summaries, scoreZero) != nil {
		days, err := savings(currency, rows, r.Spec.Algorithm.Name, scoreZero)
		if err != nil {
			return nil, err
		}
		out = append(out, days)
	}
	return out, nil
}

// bills averages what every agent pays: in an idle community and in the learned
// one, with trade and for the same set points with the grid alone.
func (r *Run) bills(rows []Row) Table {
	agents := r.World.Agents()
	type pair struct{ alone, trade, count float64 }
	sums := map[string][]pair{}
	for _, row := range rows {
		if sums[row.Policy] == nil {
			sums[row.Policy] = make([]pair, len(agents))
		}
		for i, b := range row.PerAgent {
			s := &sums[row.Policy][i]
			s.alone, s.trade, s.count = s.alone+b.WithoutTrade, s.trade+b.WithTrade, s.count+1
		}
	}
	t := Table{Head: []string{"prosumer", "bus", "nobody controls, alone", "nobody controls, with trade", "learned, alone", "learned, with trade", "saved by trade", "saved in all"}}
	idle, learned := sums[scoreZero], sums[r.Spec.Algorithm.Name]
	if idle == nil || learned == nil {
		return t
	}
	total := make([]float64, 6)
	add := func(name, bus string, values []float64) {
		row := TableRow{Cells: []string{name, bus}}
		for _, v := range values {
			row.Cells = append(row.Cells, money(v))
		}
		t.Rows = append(t.Rows, row)
	}
	for i, a := range agents {
		x, y := idle[i], learned[i]
		values := []float64{x.alone / x.count, x.trade / x.count, y.alone / y.count, y.trade / y.count,
			(y.alone - y.trade) / y.count, x.alone/x.count - y.trade/y.count}
		for k, v := range values {
			total[k] += v
		}
		add(a.Name, fmt.Sprint(a.BusID), values)
	}
	add("all", "", total)
	return t
}
