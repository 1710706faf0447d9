package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/marl"
)

// events are the lines of the metrics.jsonl of every seed of a run.
type events [][]map[string]any

// events reads what the trainings of a run have logged so far.
func (r *Run) events() (events, error) {
	var all events
	for _, seed := range r.Spec.Seeds {
		cell, err := r.eventsOf(seed)
		if err != nil {
			return nil, err
		}
		all = append(all, cell)
	}
	return all, nil
}

func (r *Run) eventsOf(seed uint64) (cell []map[string]any, err error) {
	path := filepath.Join(r.CellDir(seed), "metrics.jsonl")
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for n, line := range bytes.SplitAfter(text, []byte("\n")) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break // the last line of a training that goes on, or was killed
		}
		var e map[string]any
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n+1, err)
		}
		cell = append(cell, e)
	}
	return cell, nil
}

// episodes returns how many episodes each seed has logged.
func (e events) episodes() []int {
	var out []int
	for _, cell := range e {
		last := 0.0
		for _, event := range cell {
			episode, _ := event["episode"].(float64)
			last = max(last, episode)
		}
		out = append(out, int(last))
	}
	return out
}

// curve is one metric over the episodes of a run: mean and standard deviation
// over its seeds at the episodes that all of them have reached.
type curve struct{ episode, mean, sd []float64 }

// curve returns a metric of one kind of event.
func (e events) curve(kind, key string) curve {
	values := map[float64][]float64{}
	for _, cell := range e {
		for _, event := range cell {
			value, ok := event[key].(float64)
			episode, _ := event["episode"].(float64)
			if ok && event["event"] == kind {
				values[episode] = append(values[episode], value)
			}
		}
	}
	var c curve
	for episode, v := range values {
		if len(v) == len(e) {
			c.episode = append(c.episode, episode)
		}
	}
	slices.Sort(c.episode)
	for _, episode := range c.episode {
		mean, sd := meanSD(values[episode])
		c.mean, c.sd = append(c.mean, mean), append(c.sd, sd)
	}
	return c
}

// draw adds the curve times a scale, with a band of one standard deviation that
// stays above floor.
func (c curve) draw(f *figure, label string, scale, floor float64, colour int) {
	low, mean, high := make([]float64, len(c.mean)), make([]float64, len(c.mean)), make([]float64, len(c.mean))
	for i := range c.mean {
		mean[i] = scale * c.mean[i]
		low[i], high[i] = max(floor, mean[i]-scale*c.sd[i]), mean[i]+scale*c.sd[i]
	}
	f.band(c.episode, low, high, series[colour%len(series)])
	f.line(label, c.episode, mean, series[colour%len(series)])
}

// labelled is a run's learning under the name that its curve has.
type labelled struct {
	name   string
	events events
}

// learningCurves draws what runs reached on the validation days, and across
// what policies that do not learn reach there.
func learningCurves(runs []labelled, baselines []Summary, currency string) ([]Picture, error) {
	var out []Picture
	for _, panel := range learningPanels(currency) {
		p, err := panel.draw(runs, baselines).picture(figureHeight)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// learningPanel is one figure of validations over training.
type learningPanel struct {
	key, title, unit string
	scale, floor     float64
	baseline         func(Summary) float64
}

func learningPanels(currency string) []learningPanel {
	return []learningPanel{
		{"cost", "Cost", currency + " a day", 1, math.Inf(-1), func(s Summary) float64 { return s.Cost }},
		{"violation_share", "Voltage violations", "% of bus-steps", 100, 0, func(s Summary) float64 { return s.ViolationShare }},
		{"reward", "Reward", "a day", 1, math.Inf(-1), func(s Summary) float64 { return s.Reward }},
	}
}

func (p *learningPanel) draw(runs []labelled, baselines []Summary) *figure {
	f := newFigure(p.title, p.unit, "days of training")
	for i, r := range runs {
		r.events.curve("validate", p.key).draw(f, r.name, p.scale, p.floor, i)
	}
	f.across(baselines, func(s Summary) float64 { return p.scale * p.baseline(s) })
	f.pad(0.04)
	if f.Y.Min < p.floor {
		f.Y.Min = p.floor
	}
	return f
}

// across draws what baselines reach as horizontal lines, equal ones as one. The
// one that does nothing at all may be far off: where it would squeeze the rest
// it stands there in words.
func (f *figure) across(baselines []Summary, value func(Summary) float64) {
	colours := map[string]int{scoreZero: 6, "rule": 5, "expert": 2, "mpc": 3, scoreOne: 1}
	named := map[float64][]string{}
	for _, b := range baselines {
		named[value(b)] = append(named[value(b)], b.Policy)
	}
	draw := func(b Summary) {
		colour := grey
		if k, ok := colours[b.Policy]; ok {
			colour = series[k]
		}
		f.horizontal(strings.Join(named[value(b)], " = "), value(b), colour)
	}
	for _, b := range baselines {
		if b.Policy != "none" && slices.Index(named[value(b)], b.Policy) == slices.IndexFunc(named[value(b)], func(p string) bool { return p != "none" }) {
			draw(b)
		}
	}
	if idle := find(baselines, "none"); idle != nil && len(named[value(*idle)]) == 1 {
		v, low, high := value(*idle), f.Y.Min, f.Y.Max
		if low < high && max(low-v, v-high) > 0.3*(high-low) {
			f.note = fmt.Sprintf("none, beyond the picture, is at %.4g.", v)
		} else {
			draw(*idle)
		}
	}
}

// trainingCurves draws everything else that training logs, one small picture
// for each key of metrics.jsonl.
func trainingCurves(e events) ([]Picture, error) {
	var out []Picture
	for _, m := range marl.Metrics {
		c := e.curve("train", m.Key)
		if len(c.episode) < 2 || m.Key == "episode" || m.Key == "transitions" {
			continue
		}
		f := newFigure(m.Key, m.Unit, "days of training")
		c.draw(f, "", 1, math.Inf(-1), 0)
		f.note = m.Meaning
		p, err := f.picture(0.8 * figureHeight)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
