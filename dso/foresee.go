package dso

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
)

// Foresight is what a community does to its feeder when it knows every day
// beforehand and holds the limits as well as its devices can.
type Foresight struct {
	community.Calibration
	CostPerDay float64 // money, less the value of what is stored at the end
	// NetworkDays are the days on which the cheapest plan without a network would
	// have broken a limit.
	NetworkDays int
	// Conflicts are the limits that no plan holds, day by day.
	Conflicts []DayConflict
}

// DayConflict is a conflict with its day of the year.
type DayConflict struct {
	Day int
	Conflict
}

// Foresee plans days of the year with foresight, from a state of charge each, and
// counts what the AC power flow says of the voltages. progress, where given, is
// called with the days done after each; calls do not overlap. The result does not
// depend on the number of processors.
func Foresee(ctx context.Context, s *community.Scenario, n *grid.Network, c *community.Calendar, m *market.Market, days []int, soc float64, progress func(done, total int)) (*Foresight, error) {
	each := make([]Foresight, len(days))
	next := make(chan int)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(next)
		for k := range days {
			select {
			case next <- k:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	var mutex sync.Mutex
	done := 0
	for range min(runtime.GOMAXPROCS(0), len(days)) {
		group.Go(func() error {
			o, err := New(s, n, Options{})
			if err != nil {
				return err
			}
			for k := range next {
				plan, err := o.Plan(ctx, Start(s, m, c.Day(days[k]), soc))
				if err != nil {
					return fmt.Errorf("day %d: %w", days[k], err)
				}
				each[k].count(n, &s.Feeder, days[k], c.Day(days[k]).Date, plan)
				mutex.Lock()
				if done++; progress != nil {
					progress(done, len(days))
				}
				mutex.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	f := &Foresight{}
	for _, d := range each {
		f.Add(d.Calibration)
		f.CostPerDay += d.CostPerDay / float64(len(days))
		f.NetworkDays += d.NetworkDays
		f.Conflicts = append(f.Conflicts, d.Conflicts...)
	}
	return f, nil
}

// count counts a day.
func (f *Foresight) count(n *grid.Network, limits *community.Feeder, day int, date time.Time, p *Plan) {
	for step, v := range p.VoltagePU {
		f.Count(n, limits, date.Add(time.Duration(step)*15*time.Minute), v)
	}
	f.CostPerDay = p.Cost
	if p.Network {
		f.NetworkDays++
	}
	for _, c := range p.Conflicts {
		f.Conflicts = append(f.Conflicts, DayConflict{day, c})
	}
}
