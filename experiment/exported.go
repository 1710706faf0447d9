package experiment

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl"
)

// agentFiles is the pattern of the files of single agents in a folder, in the
// order of the community.
const agentFiles = "*.policy"

// Export writes the policy of one agent, or of each of them where agent is empty,
// from a policy file into files of their own in a folder: all that the agent
// needs, nothing of the others. It returns the files.
func Export(policyPath, agent, dir string) ([]string, error) {
	p, err := marl.ReadPolicy(policyPath)
	if err != nil {
		return nil, err
	}
	agents := []string{agent}
	if agent == "" {
		agents = p.Header.Agents
	}
	var paths []string
	for _, name := range agents {
		own, err := p.Of(name)
		if err != nil {
			return nil, err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		path := filepath.Join(dir, fmt.Sprintf("%02d-%s.policy", slices.Index(p.Header.Agents, name)+1, name))
		if err := own.Write(path); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// HoldsAgents tells whether a folder holds the files of single agents.
func HoldsAgents(dir string) bool {
	files, err := filepath.Glob(filepath.Join(dir, agentFiles))
	return err == nil && len(files) > 0
}

// Exported returns the contender in which every agent decides by its own file of
// a folder, from its own observation alone, and what the files say together.
func Exported(dir string) (Contender, marl.PolicyHeader, error) {
	read := func() (all []*marl.Policy, err error) {
		files, err := filepath.Glob(filepath.Join(dir, agentFiles)) // sorted
		if err != nil {
			return nil, err
		}
		for _, path := range files {
			p, err := marl.ReadPolicy(path)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		}
		return all, nil
	}
	all, err := read()
	if err != nil {
		return Contender{}, marl.PolicyHeader{}, err
	}
	if len(all) == 0 {
		return Contender{}, marl.PolicyHeader{}, fmt.Errorf("%s holds no %s: want the files that `peerwatt export` wrote", dir, agentFiles)
	}
	h := all[0].Header
	h.Agents = nil
	for _, p := range all {
		if p.Header.Observation != h.Observation || p.Header.Identity != h.Identity {
			return Contender{}, h, fmt.Errorf("%s: the policies of %s and %s come of different trainings", dir, all[0].Header.Agents[0], p.Header.Agents[0])
		}
		h.Agents = append(h.Agents, p.Header.Agents...)
	}
	return Contender{
		Name: h.Algorithm, Seed: h.Seed, Trained: true, Observation: h.Observation,
		New: func() (env.Policy, error) {
			all, err := read()
			if err != nil {
				return nil, err
			}
			local, err := marl.NewLocal(all)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", dir, err)
			}
			return env.Decentralised(local), nil
		},
	}, h, nil
}
