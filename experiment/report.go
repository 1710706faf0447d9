package experiment

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

//go:embed report.html.tmpl
var reportText string

// reportData is what the page shows.
type reportData struct {
	Run       *Run
	Title     string
	Currency  string
	Sentences []string
	Rows      []reportRow
	CostBars  template.HTML
	Curves    []template.HTML
	Days      []reportDay
	Bills     []billRow
	BillsOf   string
	Key       template.HTML
	Metrics   []marl.Metric
	Spec      string
	Version   string
}

type reportRow struct {
	Summary
	Learned bool
	Below   string // the reference, in percent
}

type reportDay struct {
	Heading string
	Plots   []template.HTML
	Feeder  template.HTML
}

// billRow is what an agent pays on the mean test day.
type billRow struct {
	Agent, Type             string
	Alone, WithTrade, Saved float64
}

// Report writes report.html from the evaluated rows and returns its path.
func (r *Run) Report(ctx context.Context, rows []Row) (string, error) {
	data, err := r.reportData(ctx, rows)
	if err != nil {
		return "", err
	}
	page, err := template.New("report").Funcs(template.FuncMap{
		"f0":      func(x float64) string { return fmt.Sprintf("%.0f", x) },
		"f3":      func(x float64) string { return fmt.Sprintf("%.3f", x) },
		"f4":      func(x float64) string { return fmt.Sprintf("%.4f", x) },
		"percent": func(x float64) string { return fmt.Sprintf("%.4f %%", 100*x) },
		"score": func(x *float64) string {
			if x == nil {
				return ""
			}
			return fmt.Sprintf("%.3f", *x)
		},
		"micros": func(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d.Nanoseconds())/1000) },
	}).Parse(reportText)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		return "", err
	}
	path := filepath.Join(r.Dir, reportFile)
	return path, renameio.WriteFile(path, b.Bytes(), 0o644)
}

func (r *Run) reportData(ctx context.Context, rows []Row) (*reportData, error) {
	name := r.Spec.Algorithm.Name
	summaries := Summarise(rows)
	data := &reportData{
		Run: r, Title: fmt.Sprintf("%s on %s, %s", name, r.Spec.Community.Preset, r.World.Year.Name), Currency: r.World.Market.Currency(),
		Sentences: sentences(name, r.World.Market.Currency(), summaries),
		Key:       voltageKey(r.World.Scenario.Feeder.VMinPU, r.World.Scenario.Feeder.VMaxPU),
		Metrics:   marl.Metrics, Version: Version(),
	}
	reference := find(summaries, scoreZero)
	for _, s := range summaries {
		row := reportRow{Summary: s, Learned: s.Policy == name}
		if reference != nil {
			row.Below = fmt.Sprintf("%.1f %%", 100*(reference.Cost-s.Cost)/reference.Cost)
		}
		data.Rows = append(data.Rows, row)
	}
	var err error
	if data.CostBars, err = costBars(data.Currency, summaries); err != nil {
		return nil, err
	}
	validation, err := r.baselinesOnValidation(ctx, rows)
	if err != nil {
		return nil, err
	}
	if data.Curves, err = r.learningCurves(validation); err != nil {
		return nil, err
	}
	if data.Days, err = r.reportDays(rows); err != nil {
		return nil, err
	}
	data.Bills, data.BillsOf = r.bills(rows)
	spec, err := os.ReadFile(filepath.Join(r.Dir, specFile))
	if err != nil {
		return nil, err
	}
	data.Spec = string(spec)
	return data, nil
}

// sentences say in words what the table says.
func sentences(name, currency string, summaries []Summary) []string {
	learned, idle := find(summaries, name), find(summaries, scoreZero)
	if learned == nil || idle == nil {
		return nil
	}
	change := 100 * (idle.Cost - learned.Cost) / idle.Cost
	verb := "saves"
	if change < 0 {
		verb, change = "loses", -change
	}
	out := []string{fmt.Sprintf("On the %d test days the learned community costs %.0f %s a day and so %s %.1f %% against the same community with nobody controlling it but trade among peers (%.0f).",
		learned.Days, learned.Cost, currency, verb, change, idle.Cost)}
	return append(out, fmt.Sprintf("It leaves the voltage limits on %.4f %% of all bus-steps, against %.4f %%; the standard deviation of its cost over %d seeds is %.0f.",
		100*learned.ViolationShare, 100*idle.ViolationShare, len(learned.Seeds), learned.CostSeedsSD))
}

// baselinesOnValidation plays the validation days with the built-in policies
// among the rows, for the lines in the learning curves.
func (r *Run) baselinesOnValidation(ctx context.Context, rows []Row) ([]Summary, error) {
	var baselines []Contender
	for _, s := range Summarise(rows) {
		if slices.Contains(env.PolicyNames, s.Policy) {
			name := s.Policy
			baselines = append(baselines, Contender{Name: name, New: func() (env.Policy, error) { return env.BuiltinPolicy(name) }})
		}
	}
	validation, err := Evaluate(ctx, r.World, baselines, r.World.Year.Split().Validate, r.Workers, nil)
	return Summarise(validation), err
}

// reportDays shows the test days on which the first seed's policy saves most
// and least against the idle community.
func (r *Run) reportDays(rows []Row) ([]reportDay, error) {
	learned := r.Contenders()[0]
	idle := Contender{Name: scoreZero, New: func() (env.Policy, error) { return env.BuiltinPolicy(scoreZero) }}
	cost := map[string]float64{}
	for _, row := range rows {
		if row.Policy == scoreZero {
			cost[row.Date] = row.Cost
		}
	}
	var ours []Row
	for _, row := range rows {
		if _, ok := cost[row.Date]; ok && row.Policy == learned.Name && row.Seed == learned.Seed {
			ours = append(ours, row)
		}
	}
	if len(ours) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(ours, func(a, b Row) int {
		x, y := cost[a.Date]-a.Cost, cost[b.Date]-b.Cost
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var out []reportDay
	for k, row := range []Row{ours[0], ours[len(ours)-1]} {
		log, err := playDay(r.World, learned, row.Day)
		if err != nil {
			return nil, err
		}
		before, err := playDay(r.World, idle, row.Day)
		if err != nil {
			return nil, err
		}
		plots, err := log.plots(r.World, before)
		if err != nil {
			return nil, err
		}
		feeder, err := drawFeeder(r.World, fmt.Sprintf("Voltages at %s, the day's lowest", clock(log.lowestStep)), log.voltages[log.lowestStep])
		if err != nil {
			return nil, err
		}
		out = append(out, reportDay{
			Heading: fmt.Sprintf("The day with the %s saving: %s, %.0f against %.0f (seed %d)",
				[]string{"largest", "smallest"}[k], row.Date, row.Cost, cost[row.Date], row.Seed),
			Plots: plots, Feeder: feeder,
		})
	}
	return out, nil
}

// clock writes a step as the time at which it starts.
func clock(step int) string { return fmt.Sprintf("%02d:%02d", step/4, step%4*15) }

// bills averages what every agent pays under the first seed's policy, with
// trade and for the same set points with the grid alone.
func (r *Run) bills(rows []Row) ([]billRow, string) {
	learned := r.Contenders()[0]
	out := make([]billRow, len(r.World.Agents()))
	days := 0.0
	for _, row := range rows {
		if row.Policy == learned.Name && row.Seed == learned.Seed {
			days++
			for i, b := range row.PerAgent {
				out[i].Alone += b.WithoutTrade
				out[i].WithTrade += b.WithTrade
			}
		}
	}
	for i, a := range r.World.Agents() {
		out[i].Agent, out[i].Type = a.Name, a.Type
		out[i].Alone /= max(1, days)
		out[i].WithTrade /= max(1, days)
		out[i].Saved = out[i].Alone - out[i].WithTrade
	}
	return out, fmt.Sprintf("%s, seed %d", learned.Name, learned.Seed)
}
