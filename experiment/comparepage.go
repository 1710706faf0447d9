package experiment

import (
	"context"
	"fmt"
)

// comparisonData is what the page of several runs shows.
type comparisonData struct {
	Title       string
	Sentences   []string
	Table       Table
	Overview    []Picture
	Curves      []Picture
	Differences Table
	Version     string
}

func (c *Comparison) pageData(ctx context.Context) (*comparisonData, error) {
	data := &comparisonData{
		Title: fmt.Sprintf("%d runs, side by side", len(c.Sides)), Sentences: c.sentences(),
		Table: c.Table(), Differences: c.Differences(), Version: Version(),
	}
	rows, unit := make([]Summary, len(c.Rows)), c.Rows[0].Currency
	for i, r := range c.Rows {
		rows[i] = r.Summary
		if r.Run != "" {
			rows[i].Policy = r.Policy + ", " + r.Run
		}
		if r.Currency != unit {
			unit = "each its own money"
		}
	}
	learned := func(s *Summary) bool { return s.Seeds != nil }
	costs, err := costBars(unit, rows, learned)
	if err != nil {
		return nil, err
	}
	violations, err := violationBars(rows, learned)
	if err != nil {
		return nil, err
	}
	data.Overview = []Picture{costs, violations}

	var runs []labelled
	for _, s := range c.Sides {
		e, err := s.Run.events()
		if err != nil {
			return nil, err
		}
		runs = append(runs, labelled{s.Run.Spec.Algorithm.Name + ", " + s.Label, e})
	}
	var baselines []Summary
	if c.SameWorld {
		if baselines, err = c.Sides[0].Run.baselinesOnValidation(ctx, c.Sides[0].Rows); err != nil {
			return nil, err
		}
	}
	data.Curves, err = learningCurves(runs, baselines, unit)
	return data, err
}

// sentences say which run costs least, and whether that can be said at all.
func (c *Comparison) sentences() []string {
	if !c.SameWorld {
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
	name := func(r *ComparisonRow) string { return fmt.Sprintf("%s of %s", r.Policy, r.Run) }
	first := fmt.Sprintf("On the test days %s costs least, %s %s a day", name(best), money(best.Cost), best.Currency)
	if best.Below != nil {
		first += fmt.Sprintf(", %.1f %% below trade alone", 100**best.Below)
	}
	gap, sd := second.Cost-best.Cost, max(best.CostSeedsSD, second.CostSeedsSD)
	verdict := "only one seed each says so"
	switch {
	case len(best.Seeds) > 1 && len(second.Seeds) > 1 && gap > sd:
		verdict = fmt.Sprintf("more than the larger standard deviation over seeds, %s", money(sd))
	case len(best.Seeds) > 1 && len(second.Seeds) > 1:
		verdict = fmt.Sprintf("within the larger standard deviation over seeds, %s", money(sd))
	}
	return []string{first + ".", fmt.Sprintf("The next, %s, costs %s more: %s.", name(second), money(gap), verdict)}
}
