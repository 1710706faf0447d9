package community

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/profile"
)

// TolerancePU is how far outside its limits a voltage has to lie to count as a
// violation.
const TolerancePU = 1e-5

// Calibration says how often a year's voltages leave their limits. A bus-step
// is one bus in one step; both ends of the limits are counted apart.
type Calibration struct {
	Buses, Steps int
	Below, Above int // bus-steps outside by more than TolerancePU
	StepsOutside int // steps with any bus outside
	Unsolved     int // steps whose power flow has no solution; not in the counts

	Lowest, Highest Extreme
}

// Extreme is a voltage with its place.
type Extreme struct {
	VoltagePU float64
	BusID     int
	Time      time.Time
}

// BusSteps returns how many voltages were looked at.
func (c *Calibration) BusSteps() int { return c.Buses * (c.Steps - c.Unsolved) }

// BelowShare and AboveShare return the shares of bus-steps outside.
func (c *Calibration) BelowShare() float64 { return float64(c.Below) / float64(max(1, c.BusSteps())) }

// AboveShare is the share above the upper limit.
func (c *Calibration) AboveShare() float64 { return float64(c.Above) / float64(max(1, c.BusSteps())) }

// Calibrate solves every step of the year with a community that controls
// nothing, see [Prosumer.Idle]. progress, where given, is called with the days
// done after each; calls do not overlap. The result does not depend on the
// number of processors.
func Calibrate(ctx context.Context, c *Calendar, progress func(done, total int)) (Calibration, error) {
	days := make([]Calibration, c.year.Days())
	next, finished := make(chan int), make(chan int)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(next)
		for day := range days {
			select {
			case next <- day:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			idle, err := newIdleDay(c)
			if err != nil {
				return err
			}
			for day := range next {
				days[day] = idle.calibrate(c.make(day, false))
				select {
				case finished <- day:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	}
	result := make(chan error, 1)
	go func() { result <- group.Wait(); close(finished) }()
	done := 0
	for range finished {
		if done++; progress != nil {
			progress(done, len(days))
		}
	}
	if err := <-result; err != nil {
		return Calibration{}, fmt.Errorf("community: calibration: %w", err)
	}
	total := days[0]
	for _, d := range days[1:] {
		total.Add(d)
	}
	return total, nil
}

// Add counts what d counts as well: other steps of the same network.
func (c *Calibration) Add(d Calibration) {
	c.Buses = d.Buses
	c.Steps += d.Steps
	c.Below += d.Below
	c.Above += d.Above
	c.StepsOutside += d.StepsOutside
	c.Unsolved += d.Unsolved
	if c.Lowest.BusID == 0 || d.Lowest.BusID != 0 && d.Lowest.VoltagePU < c.Lowest.VoltagePU {
		c.Lowest = d.Lowest
	}
	if d.Highest.VoltagePU > c.Highest.VoltagePU {
		c.Highest = d.Highest
	}
}

// idleDay solves days of an idle community; one per goroutine.
type idleDay struct {
	scenario *Scenario
	network  *grid.Network
	buses    []int // bus index of every prosumer
	batch    *grid.Batch

	demandP, demandQ, vm []float64 // steps x buses, p.u.
	status               []grid.Status
}

func newIdleDay(c *Calendar) (*idleDay, error) {
	batch, err := grid.NewBatch(c.network)
	if err != nil {
		return nil, err
	}
	size := profile.StepsPerDay * len(c.network.Buses)
	d := &idleDay{
		scenario: c.scenario, network: c.network, batch: batch,
		demandP: make([]float64, size), demandQ: make([]float64, size), vm: make([]float64, size),
		status: make([]grid.Status, profile.StepsPerDay),
	}
	for _, p := range c.scenario.Prosumers {
		bus, _ := c.network.Index(p.Bus)
		d.buses = append(d.buses, bus)
	}
	return d, nil
}

func (d *idleDay) calibrate(day *Day) Calibration {
	n := len(d.network.Buses)
	for step := range profile.StepsPerDay {
		p, q := d.demandP[step*n:(step+1)*n], d.demandQ[step*n:(step+1)*n]
		copy(p, day.BackgroundKW[step])
		copy(q, day.BackgroundKvar[step])
		for i, bus := range d.buses {
			kW, kvar := d.scenario.Prosumers[i].IdleExchange(day, i, step)
			p[bus] -= kW
			q[bus] -= kvar
		}
		for bus := range n {
			p[bus], q[bus] = d.network.PerUnit(p[bus]), d.network.PerUnit(q[bus])
		}
	}
	f := &d.scenario.Feeder
	d.batch.SolveVM(d.demandP, d.demandQ, f.SubstationPU, d.vm, d.status)

	var c Calibration
	for step, s := range d.status {
		if !s.Converged {
			c.Buses = n
			c.Steps++
			c.Unsolved++
			continue
		}
		c.Count(d.network, f, day.Date.Add(time.Duration(step)*15*time.Minute), d.vm[step*n:(step+1)*n])
	}
	return c
}

// Count counts the voltages (p.u., by bus index) of one step.
func (c *Calibration) Count(n *grid.Network, f *Feeder, at time.Time, voltagePU []float64) {
	c.Buses = len(voltagePU)
	c.Steps++
	outside := c.Below + c.Above
	for bus, v := range voltagePU {
		id := n.Buses[bus].ID
		if c.Lowest.BusID == 0 || v < c.Lowest.VoltagePU {
			c.Lowest = Extreme{v, id, at}
		}
		if v > c.Highest.VoltagePU {
			c.Highest = Extreme{v, id, at}
		}
		switch {
		case v < f.VMinPU-TolerancePU:
			c.Below++
		case v > f.VMaxPU+TolerancePU:
			c.Above++
		}
	}
	if c.Below+c.Above > outside {
		c.StepsOutside++
	}
}
