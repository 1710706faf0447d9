package experiment

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/renameio/v2"
)

// Side is one run of a comparison with its evaluated rows.
type Side struct {
	Label string
	Run   *Run
	Rows  []Row
}

// Comparison is what several runs reached, side by side.
type Comparison struct {
	Sides []Side
	Rows  []ComparisonRow
	// worlds groups the sides by the world they play in. Costs are comparable
	// within a world only.
	worlds [][]Side
}

// ComparisonRow is a policy of one run, or one that needs no training in the
// world of some.
type ComparisonRow struct {
	Run      string   `json:"run"` // empty for what needs no training, in a world that all share
	Currency string   `json:"currency"`
	Below    *float64 `json:"below_none_p2p_share"` // what its cost is below that of trade alone in its own world
	Summary
}

// name tells the rows of a comparison apart.
func (r *ComparisonRow) name() string {
	if r.Run == "" {
		return r.Policy
	}
	return r.Policy + ", " + r.Run
}

// Compare puts runs side by side, world by world.
func Compare(sides []Side) (*Comparison, error) {
	c := &Comparison{Sides: sides}
	var seen []string
	for _, s := range sides {
		world, err := WorldIdentity(s.Run.World)
		if err != nil {
			return nil, err
		}
		i := slices.Index(seen, world)
		if i < 0 {
			i = len(seen)
			seen, c.worlds = append(seen, world), append(c.worlds, nil)
		}
		c.worlds[i] = append(c.worlds[i], s)
	}
	for _, world := range c.worlds {
		c.Rows = append(c.Rows, rowsOf(world, c.SameWorld())...)
	}
	return c, nil
}

// SameWorld tells whether all runs play in one world.
func (c *Comparison) SameWorld() bool { return len(c.worlds) == 1 }

// rowsOf lists the policies of the runs of one world; those that need no
// training once.
func rowsOf(world []Side, only bool) []ComparisonRow {
	var baselines, trained []ComparisonRow
	for i, s := range world {
		summaries := Summarise(s.Rows)
		idle := find(summaries, scoreZero)
		for _, row := range summaries {
			r := ComparisonRow{Run: s.Label, Currency: s.Run.World.Market.Currency(), Summary: row}
			if idle != nil {
				if share, ok := below(row.Cost, idle.Cost); ok {
					r.Below = &share
				}
			}
			switch {
			case row.Seeds != nil:
				trained = append(trained, r)
			case i == 0:
				if r.Run = ""; !only {
					r.Run = labelOf(world)
				}
				baselines = append(baselines, r)
			}
		}
	}
	return append(baselines, trained...)
}

// labelOf names a world by the runs that play in it.
func labelOf(world []Side) string {
	var labels []string
	for _, s := range world {
		labels = append(labels, s.Label)
	}
	return strings.Join(labels, " + ")
}

// Labels names runs by the shortest ends of their paths that differ.
func Labels(dirs []string) []string {
	parts := make([][]string, len(dirs))
	for i, dir := range dirs {
		parts[i] = strings.Split(filepath.ToSlash(filepath.Clean(dir)), "/")
	}
	labels := make([]string, len(dirs))
	for i := range dirs {
		for n := 1; n <= len(parts[i]); n++ {
			labels[i] = strings.Join(parts[i][len(parts[i])-n:], "/")
			alone := true
			for j := range dirs {
				other := strings.Join(parts[j][max(0, len(parts[j])-n):], "/")
				alone = alone && (i == j || other != labels[i])
			}
			if alone {
				break
			}
		}
	}
	return labels
}

// Table shows the comparison.
func (c *Comparison) Table() Table {
	t := Table{Head: []string{
		"run", "algorithm", "seeds", "cost a day", "± seeds", "± days", "below " + scoreZero + ", %",
		"bus-steps outside, %", "worst, p.u.", "reward/day",
	}}
	for _, r := range c.Rows {
		name, algorithm, seeds, gain, sd := r.name(), "", "", "", ""
		if r.Seeds != nil {
			name, algorithm, seeds = r.Run, r.Policy, strconv.Itoa(len(r.Seeds))
		}
		if len(r.Seeds) > 1 {
			sd = moneyLike(r.CostSeedsSD, r.Cost)
		}
		if r.Below != nil {
			gain = fmt.Sprintf("%.1f", 100**r.Below)
		}
		t.Rows = append(t.Rows, TableRow{Learned: r.Seeds != nil, Cells: []string{
			name, algorithm, seeds, money(r.Cost) + " " + r.Currency, sd, moneyLike(r.CostDaysSD, r.Cost), gain,
			percent(r.ViolationShare), fmt.Sprintf("%.4f", r.ViolationWorstPU), fmt.Sprintf("%.3f", r.Reward),
		}})
	}
	return t.withoutEmpty()
}

// Differences shows what the specifications do not have in common.
func (c *Comparison) Differences() Table {
	t := Table{Head: []string{"key"}}
	var keys []string
	for _, s := range c.Sides {
		t.Head = append(t.Head, s.Label)
		for _, key := range c.Sides[0].Run.Spec.Differences(s.Run.Spec) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	for _, key := range keys {
		row := TableRow{Cells: []string{key}}
		for _, s := range c.Sides {
			walkKeys(reflect.ValueOf(s.Run.Spec), "", func(path string, _ reflect.Type, _ reflect.StructField, v reflect.Value) {
				if path == key {
					row.Cells = append(row.Cells, defaultOf(v))
				}
			})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

var comparisonColumns = []string{
	"run", "policy", "seeds", "days", "currency", "cost_per_day", "cost_sd_over_seeds", "cost_sd_over_days", "raw_cost_per_day", "below_none_p2p_share",
	"reward_per_day", "reward_sd_over_seeds", "violation_share", "violation_share_sd_over_seeds", "violation_mean_pu", "violation_worst_pu", "diverged_steps", "score",
}

// Write stores comparison.csv and comparison.html in a directory and returns
// their paths.
func (c *Comparison) Write(ctx context.Context, dir string, baselines *Baselines) (csvPath, htmlPath string, err error) {
	data, err := c.pageData(ctx, baselines)
	if err != nil {
		return "", "", err
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	optional := func(x *float64) string {
		if x == nil {
			return ""
		}
		return number(*x)
	}
	lines := [][]string{comparisonColumns}
	for _, r := range c.Rows {
		lines = append(lines, []string{
			r.Run, r.Policy, strconv.Itoa(len(r.Seeds)), strconv.Itoa(r.Days), r.Currency, number(r.Cost), number(r.CostSeedsSD), number(r.CostDaysSD), number(r.RawCost), optional(r.Below),
			number(r.Reward), number(r.RewardSeedsSD), number(r.ViolationShare), number(r.ViolationSeedsSD), number(r.ViolationMeanPU), number(r.ViolationWorstPU),
			strconv.Itoa(r.DivergedSteps), optional(r.Score),
		})
	}
	if err := out.WriteAll(lines); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", "", err
	}
	csvPath, htmlPath = filepath.Join(dir, "comparison.csv"), filepath.Join(dir, "comparison.html")
	if err := renameio.WriteFile(csvPath, b.Bytes(), 0o644); err != nil {
		return "", "", err
	}
	return csvPath, htmlPath, writePage(htmlPath, "comparison.html.tmpl", data)
}
