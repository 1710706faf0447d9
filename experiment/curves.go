package experiment

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
)

// curve is one metric over the episodes of a run: mean and standard deviation
// over its seeds at the episodes that all of them have reached.
type curve struct{ episode, mean, sd []float64 }

// readEvents reads a cell's metrics.jsonl.
func readEvents(dir string) ([]map[string]any, error) {
	path := filepath.Join(dir, "metrics.jsonl")
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var events []map[string]any
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var e map[string]any
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		events = append(events, e)
	}
	return events, lines.Err()
}

// readCurve returns a metric of the given kind of event over all seeds.
func readCurve(cells [][]map[string]any, event, key string) curve {
	var c curve
	var bySeed []map[float64]float64
	for _, events := range cells {
		s := map[float64]float64{}
		for _, e := range events {
			value, ok := e[key].(float64)
			episode, _ := e["episode"].(float64)
			if ok && e["event"] == event {
				s[episode] = value
				if len(bySeed) == 0 {
					c.episode = append(c.episode, episode)
				}
			}
		}
		bySeed = append(bySeed, s)
	}
	kept := c.episode[:0]
	for _, episode := range c.episode {
		var values []float64
		for _, s := range bySeed {
			if v, ok := s[episode]; ok {
				values = append(values, v)
			}
		}
		if len(values) < len(bySeed) {
			continue
		}
		mean, sd := meanSD(values)
		kept, c.mean, c.sd = append(kept, episode), append(c.mean, mean), append(c.sd, sd)
	}
	c.episode = kept
	return c
}

// learningCurves draws the validation curves of a run with a band of one
// standard deviation over seeds, against what the baselines reach on the
// validation days.
func (r *Run) learningCurves(baselines []Summary) ([]template.HTML, error) {
	var cells [][]map[string]any
	for _, seed := range r.Spec.Seeds {
		events, err := readEvents(r.CellDir(seed))
		if err != nil {
			return nil, err
		}
		cells = append(cells, events)
	}
	var out []template.HTML
	for _, panel := range []struct {
		key, title, unit string
		scale            float64
		baseline         func(Summary) float64
	}{
		{"reward", "Reward on the validation days", "reward a day", 1, func(s Summary) float64 { return s.Reward }},
		{"cost", "Cost on the validation days", r.World.Market.Currency() + " a day", 1, func(s Summary) float64 { return s.Cost }},
		{"violation_share", "Bus-steps outside the voltage limits", "%", 100, func(s Summary) float64 { return s.ViolationShare }},
	} {
		c := readCurve(cells, "validate", panel.key)
		f := newFigure(panel.title, "training episodes", panel.unit)
		low, high := make([]float64, len(c.mean)), make([]float64, len(c.mean))
		for i := range c.mean {
			c.mean[i] *= panel.scale
			low[i], high[i] = c.mean[i]-panel.scale*c.sd[i], c.mean[i]+panel.scale*c.sd[i]
		}
		f.band(c.episode, low, high, blue)
		f.line(r.Spec.Algorithm.Name, c.episode, c.mean, blue)
		for i, b := range baselines {
			f.horizontal(b.Policy, panel.scale*panel.baseline(b), series[i%len(series)])
		}
		svg, err := f.svg(380, 260)
		if err != nil {
			return nil, err
		}
		out = append(out, svg)
	}
	return out, nil
}
