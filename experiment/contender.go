package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/marl"
)

// Contender is a policy to be evaluated. New returns a fresh one, since days
// are played in parallel; the policy is closed by its evaluation if it is an
// io.Closer.
type Contender struct {
	Name string // the row's name: an algorithm's or a policy's
	Seed uint64 // of its training
	// Trained sets apart policies that came of a training.
	Trained bool
	New     func() (env.Policy, error)
	// Observation is the preset that the policy reads, paper if empty.
	Observation string
}

// PolicyNames lists the policies that need no training: those of env, and the
// expert's.
func PolicyNames() []string { return slices.Concat(env.PolicyNames, expert.PolicyNames) }

// OpenPolicy returns the policy of such a name, or of expert:DIR and mpc:DIR with
// the programs stored in a folder.
func OpenPolicy(name string) (env.Policy, error) {
	kind, _, _ := strings.Cut(name, ":")
	switch {
	case slices.Contains(env.PolicyNames, name):
		return env.BuiltinPolicy(name)
	case slices.Contains(expert.PolicyNames, kind):
		return expert.NewPolicy(name, expert.PolicyOptions{Warn: func(message string) { fmt.Fprintln(os.Stderr, message) }})
	}
	return nil, fmt.Errorf("policy %q is unknown; there are %s, expert:DIR, mpc:DIR", name, strings.Join(PolicyNames(), ", "))
}

// Builtin returns the contender of a policy that needs no training.
func Builtin(name string) (Contender, error) {
	if _, err := OpenPolicy(name); err != nil {
		return Contender{}, err
	}
	return Contender{Name: name, New: func() (env.Policy, error) { return OpenPolicy(name) }}, nil
}

// Trained returns the contender of a policy file, and what its file says of it.
func Trained(path string) (Contender, marl.PolicyHeader, error) {
	p, err := marl.ReadPolicy(path)
	if err != nil {
		return Contender{}, marl.PolicyHeader{}, err
	}
	return Contender{
		Name: p.Header.Algorithm, Seed: p.Header.Seed, Trained: true, Observation: p.Header.Observation,
		New: func() (env.Policy, error) { return marl.ReadPolicy(path) },
	}, p.Header, nil
}

// Contenders returns what the run has trained so far, seed by seed, and the
// seeds whose training has not come to a validation yet. It fails where there
// are no others.
func (r *Run) Contenders() (trained []Contender, missing []uint64, err error) {
	for _, seed := range r.Spec.Seeds {
		path := filepath.Join(r.CellDir(seed), marl.PolicyFile)
		c, header, err := Trained(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, seed)
			continue
		case err != nil:
			return nil, nil, fmt.Errorf("%w; to train seed %d again, remove %s and go on with --resume %s", err, seed, r.CellDir(seed), r.Dir)
		case header.Identity != r.identity:
			return nil, nil, fmt.Errorf("%s was trained on other data than %s describes: it, or a file that it names, has changed since",
				path, filepath.Join(r.Dir, specFile))
		}
		trained = append(trained, c)
	}
	if trained == nil {
		return nil, nil, fmt.Errorf("%s has trained nothing yet that could be evaluated; go on with --resume %s", r.Dir, r.Dir)
	}
	return trained, missing, nil
}

// RunOf opens the run that a policy file still lies in; nil if it lies alone.
func RunOf(policyPath string) (*Run, error) {
	dir := filepath.Dir(filepath.Dir(filepath.Clean(policyPath)))
	if !Holds(dir) {
		return nil, nil
	}
	r, err := Resume(dir)
	if err != nil {
		return nil, err
	}
	for _, seed := range r.Spec.Seeds {
		ours, err1 := os.Stat(filepath.Join(r.CellDir(seed), marl.PolicyFile))
		theirs, err2 := os.Stat(policyPath)
		if err1 == nil && err2 == nil && os.SameFile(ours, theirs) {
			return r, nil
		}
	}
	return nil, nil
}

// Fits says why a trained policy cannot play in a world at all, nil if it can:
// it must have been trained for the same agents.
func Fits(h marl.PolicyHeader, w *env.World) error {
	agents := w.Agents()
	if len(agents) != len(h.Agents) {
		return fmt.Errorf("it was trained for a community of %d, %s has %d", len(h.Agents), w.Scenario.Name, len(agents))
	}
	for i, a := range agents {
		if h.Agents[i] != a.Name {
			return fmt.Errorf("it was trained for another community: its agent %d is %s, that of %s is %s", i+1, h.Agents[i], w.Scenario.Name, a.Name)
		}
	}
	return nil
}

// AtHome tells whether a policy was trained in this world.
func AtHome(h marl.PolicyHeader, w *env.World) (bool, error) {
	world, err := WorldIdentity(w)
	return strings.HasPrefix(h.Identity, world+"."), err
}
