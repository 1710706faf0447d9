package experiment

import (
	"context"
	"fmt"
	"math"
)

// comparisonData is what the page of several runs shows.
type comparisonData struct {
	Title       string
	Sentences   []string
	Table       Table
	Worlds      []comparisonWorld
	Differences Table
	Version     string
}

// comparisonWorld is the part of the page about the runs of one world.
type comparisonWorld struct {
	Heading          string // empty where there is one world
	Overview, Curves []Picture
	Better           Table // probabilities of improvement
}

func (c *Comparison) pageData(ctx context.Context, baselines *Baselines) (*comparisonData, error) {
	data := &comparisonData{
		Title: fmt.Sprintf("%d runs, side by side", len(c.Sides)), Sentences: c.sentences(),
		Table: c.Table(), Differences: c.Differences(), Version: Version(),
	}
	for _, world := range c.worlds {
		w, err := worldPictures(ctx, world, baselines)
		if err != nil {
			return nil, err
		}
		if !c.SameWorld() {
			w.Heading = labelOf(world)
		}
		data.Worlds = append(data.Worlds, w)
	}
	return data, nil
}

func worldPictures(ctx context.Context, world []Side, baselines *Baselines) (w comparisonWorld, err error) {
	var rows []Summary
	for _, r := range rowsOf(world, true) {
		s := r.Summary
		s.Policy = r.name()
		rows = append(rows, s)
	}
	first := world[0].Run
	currency := first.World.Market.Currency()
	costs, err := costBars(currency, rows)
	if err != nil {
		return w, err
	}
	violations, err := violationBars(rows)
	if err != nil {
		return w, err
	}
	w.Overview = []Picture{costs, violations}
	w.Better = ImprovementTable(Improvements(rowsByRun(world)))
	var runs []labelled
	for _, s := range world {
		e, err := s.Run.events()
		if err != nil {
			return w, err
		}
		runs = append(runs, labelled{s.Run.Spec.Algorithm.Name + ", " + s.Label, e})
	}
	validation, err := baselines.rows(ctx, first, "validate", first.World.Year.Split().Validate, nil)
	if err != nil {
		return w, err
	}
	w.Curves, err = learningCurves(runs, Summarise(validation), currency)
	return w, err
}

// rowsByRun are the rows of the runs of a world, what was trained under its run's
// name.
func rowsByRun(world []Side) (rows []Row) {
	for k, s := range world {
		for _, r := range s.Rows {
			if r.Trained {
				r.Policy += ", " + s.Label
			}
			if r.Trained || k == 0 {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// sentences say which run costs least, and whether that can be said at all.
func (c *Comparison) sentences() []string {
	if !c.SameWorld() {
		return []string{"These runs play in different worlds (community, year, feeder or market): their costs are not comparable, only what each gains against trade alone in its own world."}
	}
	var best, second *ComparisonRow
	for i := range c.Rows {
		r := &c.Rows[i]
		switch {
		case r.Seeds == nil:
		case best == nil || r.Cost < best.Cost:
			best, second = r, best
		case second == nil || r.Cost < second.Cost:
			second = r
		}
	}
	if best == nil || second == nil {
		return nil
	}
	first := fmt.Sprintf("Of these runs %s costs least on the test days, %s %s a day", best.Run, money(best.Cost), best.Currency)
	if best.Below != nil {
		side := "below"
		if *best.Below < 0 {
			side = "above"
		}
		first += fmt.Sprintf(", %.1f %% %s trade alone", 100*math.Abs(*best.Below), side)
	}
	gap, sd := second.Cost-best.Cost, max(best.CostSeedsSD, second.CostSeedsSD)
	verdict := "by one seed, that is"
	if len(best.Seeds) > 1 && len(second.Seeds) > 1 {
		verdict = "within"
		if gap > sd {
			verdict = "more than"
		}
		verdict += " the larger standard deviation over seeds, " + moneyLike(sd, best.Cost)
	}
	return []string{first + ".", fmt.Sprintf("The next, %s, costs %s more: %s.", second.Run, moneyLike(gap, best.Cost), verdict)}
}
