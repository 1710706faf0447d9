package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/marl"
)

func exportCommand() *cobra.Command {
	var out, agent string
	var seed uint64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "export RUN_OR_POLICY",
		Short: "Write a trained policy as one small file for every agent",
		Long: `export takes the policy that a run's training chose and writes a file for every
agent, or for one: its network, what normalises its observation, and its name. That
is all that the agent needs to decide in the field, from what it sees itself; nothing
of the other agents is in it.

"peerwatt evaluate DIRECTORY" plays the files of a folder, each agent by its own.`,
		Example: `  peerwatt export runs/default --out agents
  peerwatt evaluate agents none-p2p
  peerwatt export runs/default --seed 2 --agent commercial_0 --out shop`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := policyOf(args[0], seed)
			if err != nil {
				return badInput(err)
			}
			_, header, err := experiment.Trained(path)
			if err != nil {
				return badInput(err)
			}
			if agent != "" && !slices.Contains(header.Agents, agent) {
				return badInput(fmt.Errorf("--agent is %q, want one of %v", agent, header.Agents))
			}
			if out == "" {
				return badInput(fmt.Errorf("--out is missing: the directory for the agents' files"))
			}
			files, err := experiment.Export(path, agent, out)
			if err != nil {
				return fmt.Errorf("cannot write the agents' files: %w", err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), map[string]any{"policy": path, "algorithm": header.Algorithm, "seed": header.Seed, "files": files})
			}
			for _, f := range files {
				fmt.Fprintln(cmd.OutOrStdout(), f)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&out, "out", "", "the `DIRECTORY` for the files")
	flags.StringVar(&agent, "agent", "", "only this agent, by its `NAME`")
	flags.Uint64Var(&seed, "seed", 0, "of a run, the training with this seed (default: the first)")
	flags.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

// policyOf finds the policy file that an argument means: itself, or that of a
// seed of the run in the directory.
func policyOf(arg string, seed uint64) (string, error) {
	info, err := os.Stat(arg)
	if err != nil || !info.IsDir() {
		return arg, err
	}
	run, err := experiment.Resume(arg)
	if err != nil {
		return "", err
	}
	if seed == 0 {
		seed = run.Spec.Seeds[0]
	}
	if !slices.Contains(run.Spec.Seeds, seed) {
		return "", fmt.Errorf("--seed is %d, the run %s has %v", seed, arg, run.Spec.Seeds)
	}
	return filepath.Join(run.CellDir(seed), marl.PolicyFile), nil
}
