package experiment

import "context"

// Baselines are the policies without training that runs are compared with. In
// each world they play once, however many runs there are.
type Baselines struct {
	Contenders []Contender
	// LeftOut is told of those that cannot play in a world; nil: that ends the
	// evaluation.
	LeftOut func(name string, err error)

	played map[string][]Row // by world and kind of days
}

// rows returns what the baselines make of some days of a run's world.
func (b *Baselines) rows(ctx context.Context, r *Run, kind string, days []int, progress func(done, of int)) ([]Row, error) {
	world, err := WorldIdentity(r.World)
	if err != nil {
		return nil, err
	}
	if rows, ok := b.played[world+kind]; ok {
		return rows, nil
	}
	var rows []Row
	for i, c := range b.Contenders {
		more, err := Evaluate(ctx, r.World, []Contender{c}, days, r.Workers, func(done, _ int) {
			if progress != nil {
				progress(i*len(days)+done, len(b.Contenders)*len(days))
			}
		})
		switch {
		case err == nil:
			rows = append(rows, more...)
		case ctx.Err() != nil || b.LeftOut == nil:
			return nil, err
		case kind == "test": // once is enough
			b.LeftOut(c.Name, err)
		}
	}
	if b.played == nil {
		b.played = map[string][]Row{}
	}
	b.played[world+kind] = rows
	return rows, nil
}
