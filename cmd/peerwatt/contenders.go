package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/marl"
)

// entry is what one argument of evaluate names.
type entry struct {
	arg        string
	run        *experiment.Run // that it is or lies in; nil for others
	contenders []experiment.Contender
	headers    []marl.PolicyHeader // of contenders that were trained
}

// openContenders makes contenders out of run directories, policy files and
// policy names, and the world that they play in: the one that flags describe,
// else the first run's.
func openContenders(args []string, flags *worldFlags, transfer bool) (*env.World, []experiment.Contender, error) {
	var entries []entry
	for i, arg := range args {
		if slices.Contains(args[:i], arg) {
			return nil, nil, fmt.Errorf("%s is named twice", arg)
		}
		e, err := openEntry(arg)
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, e)
	}
	w, spec, err := chooseWorld(entries, flags)
	if err != nil {
		return nil, nil, err
	}
	var trained []string
	for _, e := range entries {
		if e.headers != nil {
			trained = append(trained, e.arg)
		}
		for _, h := range e.headers {
			if err := mayPlay(e, h, w, spec, transfer); err != nil {
				return nil, nil, err
			}
		}
	}
	labels := experiment.Labels(trained)
	var out []experiment.Contender
	for _, e := range entries {
		for _, c := range e.contenders {
			if c.Trained && len(trained) > 1 {
				c.Name += " " + labels[slices.Index(trained, e.arg)]
			}
			out = append(out, c)
		}
	}
	return w, out, nil
}

func openEntry(arg string) (entry, error) {
	e := entry{arg: arg}
	info, err := os.Stat(arg)
	switch {
	// A name means the policy, whatever folder may be called so.
	case err != nil || slices.Contains(experiment.PolicyNames(), arg):
		c, err := policyContender(arg)
		if err != nil {
			return e, fmt.Errorf("%w, the directory of a run and a policy.bin", err)
		}
		e.contenders = []experiment.Contender{c}
		return e, nil
	case info.IsDir() && experiment.HoldsAgents(arg):
		c, h, err := experiment.Exported(arg)
		e.contenders, e.headers = []experiment.Contender{c}, []marl.PolicyHeader{h}
		return e, err
	case info.IsDir():
		if e.run, err = experiment.Resume(arg); err != nil {
			return e, err
		}
		var missing []uint64
		if e.contenders, missing, err = e.run.Contenders(); err != nil {
			return e, err
		}
		if missing != nil {
			return e, fmt.Errorf("%s: seeds %v have not come to a validation yet; go on with: peerwatt run --resume %s", arg, missing, arg)
		}
		for _, c := range e.contenders {
			_, h, err := experiment.Trained(filepath.Join(e.run.CellDir(c.Seed), marl.PolicyFile))
			if err != nil {
				return e, err
			}
			e.headers = append(e.headers, h)
		}
		return e, nil
	}
	c, h, err := experiment.Trained(arg)
	if err != nil {
		return e, err
	}
	e.contenders, e.headers = []experiment.Contender{c}, []marl.PolicyHeader{h}
	e.run, err = experiment.RunOf(arg)
	return e, err
}

// chooseWorld returns the world to play in and its specification.
func chooseWorld(entries []entry, flags *worldFlags) (*env.World, *experiment.Spec, error) {
	if !flags.given() {
		for _, e := range entries {
			if e.run != nil {
				return e.run.World, &e.run.Spec, nil
			}
		}
	}
	w, err := flags.build()
	return w, &flags.spec, err
}

// mayPlay refuses a policy that was trained for other prosumers or, unless that
// is meant, in another world.
func mayPlay(e entry, h marl.PolicyHeader, w *env.World, spec *experiment.Spec, transfer bool) error {
	if err := experiment.Fits(h, w); err != nil {
		return fmt.Errorf("%s: %w", e.arg, err)
	}
	if transfer {
		return nil
	}
	home, err := experiment.AtHome(h, w)
	if err != nil || home {
		return err
	}
	what := "another community, year, feeder or market"
	if e.run != nil {
		for _, key := range e.run.Spec.Differences(*spec) {
			if part, _, _ := strings.Cut(key, "."); part == "community" || part == "grid" || part == "market" {
				what = "another " + key
				break
			}
		}
	}
	return fmt.Errorf("%s: it was trained in another world (%s); costs would not be comparable. --transfer lets it play nonetheless", e.arg, what)
}

// policyContender makes a contender of a policy that needs no training.
func policyContender(name string) (experiment.Contender, error) {
	if strings.HasPrefix(name, "cmd:") {
		return experiment.Contender{Name: name, New: func() (env.Policy, error) { return openPolicy(name) }}, nil
	}
	c, err := experiment.Builtin(name)
	if err != nil {
		return c, fmt.Errorf("%w, cmd:PROGRAM", err)
	}
	return c, nil
}
