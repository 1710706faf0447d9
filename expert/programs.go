package expert

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/dso"
	"github.com/peerwatt/peerwatt/env"
)

// Programs are the stored programs of a community's prosumers, ready to be run
// in the place of their reference models, state by state, without any model of
// language. Prosumers without one keep their reference model. So does, for the
// plan at hand, one whose program fails there: that is counted and warned of, and
// no run is lost for it. They are safe for concurrent use; nil stands for none.
type Programs struct {
	world  *env.World
	of     []*Program // by prosumer; nil: the reference model
	digest string
	warn   func(string)

	mutex    sync.Mutex
	failures []int // by prosumer
}

// LoadPrograms reads a folder of stored programs for a world: it holds each
// against its digest, runs it in the sandbox and probes it against what its wish
// means. warn is told of programs that fail later on; nil: nobody is. Calls may
// overlap.
func LoadPrograms(ctx context.Context, dir string, w *env.World, warn func(string)) (*Programs, error) {
	store, err := readStore(dir)
	if err != nil {
		return nil, err
	}
	n := len(w.Scenario.Prosumers)
	p := &Programs{world: w, of: make([]*Program, n), warn: warn, failures: make([]int, n)}
	if p.warn == nil {
		p.warn = func(string) {}
	}
	named := make([]bool, n)
	for _, stored := range store.Programs {
		program, err := stored.verify(ctx, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, storeFile), err)
		}
		who, _ := stored.prosumers(w.Scenario) // verified
		for _, i := range who {
			if byName := w.Scenario.Prosumers[i].Name == stored.For; byName || !named[i] {
				p.of[i], named[i] = program, byName
			}
		}
	}
	p.digest = store.digest()
	return p, nil
}

// Digest names what the programs say and whom they are for; "" for none.
func (p *Programs) Digest() string {
	if p == nil {
		return ""
	}
	return p.digest
}

// Failures is how often programs failed and a reference model stood in.
func (p *Programs) Failures() int {
	if p == nil {
		return 0
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	sum := 0
	for _, n := range p.failures {
		sum += n
	}
	return sum
}

// plan has the operator plan the rest of a day with the programs' models. Where
// the joint problem has no solution for the sake of some programs, it is planned
// without these; where the solver finds none, without all.
func (p *Programs) plan(ctx context.Context, o *dso.Operator, s *dso.Situation) (*dso.Plan, error) {
	if p == nil {
		return o.Plan(ctx, s)
	}
	members, err := p.members(ctx, s)
	if err != nil {
		return nil, err
	}
	joined := *s
	for {
		joined.Members = members
		plan, err := o.Plan(ctx, &joined)
		var unsolvable *dso.MemberError
		var whose []int
		switch {
		case err == nil:
			return plan, nil
		case errors.As(err, &unsolvable):
			whose = unsolvable.Prosumers
		case errors.Is(err, convex.ErrNotSolved):
			for i := range members {
				whose = append(whose, i)
			}
		}
		dropped := false
		for _, i := range whose {
			if members[i].P2PMW != nil {
				p.fail(i, s, err)
				members[i], dropped = dso.Member{}, true
			}
		}
		if !dropped {
			return nil, err
		}
	}
}

// members runs the programs at a situation.
func (p *Programs) members(ctx context.Context, s *dso.Situation) ([]dso.Member, error) {
	members := make([]dso.Member, len(p.of))
	for i, program := range p.of {
		if program == nil {
			continue
		}
		x := &p.world.Scenario.Prosumers[i]
		parts, err := program.Parts(ctx, x, NewState(x, s.Day, i, s.Market, s.First, s.SOC[i], s.CDGKW[i]))
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			p.fail(i, s, err)
		default:
			members[i] = parts.Member(x)
		}
	}
	return members, nil
}

// fail counts a failure, and warns of a prosumer's first, 10th, 100th, ...
func (p *Programs) fail(i int, s *dso.Situation, err error) {
	p.mutex.Lock()
	p.failures[i]++
	n := p.failures[i]
	p.mutex.Unlock()
	power := n
	for power%10 == 0 {
		power /= 10
	}
	if power == 1 {
		p.warn(fmt.Sprintf("the program of %s failed at %s, %s (%d so far); the reference model stands in: %v",
			p.world.Scenario.Prosumers[i].Name, p.world.DateOf(s.Day.Index), ClockOf(s.First), n, err))
	}
}
