package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
)

func rolloutCommand() *cobra.Command {
	var world worldFlags
	var policy, day, observation, agentsCSV, busesCSV string
	var soc float64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rollout --policy POLICY --day DATE",
		Short: "Play one day and show or write every variable of every step",
		Long: `rollout lets a policy decide one day and shows what came of it.

--csv writes one row per step and agent: loads, available sun and wind, set
points, state of charge, exchange, trades, prices, costs and voltage. --buses
writes one row per step: demand and voltage of every bus, supply of the
substation, losses, violations and the reward. Numbers read back exactly, so
that with the ratings of "peerwatt community show --json" anyone can recompute
the two files. Powers are in kW and kvar (> 0: generators give, batteries
charge, flexible load is shed, exchange injects, p2p and grid buy), voltages in
p.u., money is the tariff's. Steps are quarters of an hour from midnight UTC+1.

The built-in policies:
` + policyHelp,
		Example: `  peerwatt rollout --policy rule --day 2015-01-20
  peerwatt rollout --policy none-p2p --day 2015-06-24 --csv day.csv --buses buses.csv
  peerwatt rollout --policy "cmd:python3 policy.py" --day 2015-06-24 --json`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if !(soc >= 0 && soc <= 1) {
				return badInput(fmt.Errorf("--soc is %v, want 0 to 1", soc))
			}
			w, err := world.open()
			if err != nil {
				return err
			}
			if day == "" {
				return badInput(fmt.Errorf("--day is missing: want a date such as %s", w.DateOf(0)))
			}
			index, err := w.FindDay(day)
			if err != nil {
				return badInput(err)
			}
			p, err := openPolicy(policy)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, closePolicy(p)) }()
			e, err := env.New(w, env.Options{Observation: observation})
			if err != nil {
				return badInput(err)
			}
			files, err := openRolloutFiles(w, agentsCSV, busesCSV)
			if err != nil {
				return err
			}
			defer files.cleanup()
			diary := newDiary(w, p.Name(), env.Initial{SOC: soc})
			diary.DayResult, err = env.RunDay(e, p, index, diary.Initial, func(d *env.Detail) {
				files.add(d)
				diary.add(d)
			})
			if err != nil {
				return err
			}
			if err := files.commit(); err != nil {
				return err
			}
			if asJSON {
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(diary)
			}
			return diary.print(cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&policy, "policy", "rule", "who decides: "+policyNames)
	flags.StringVar(&day, "day", "", "the `DATE` to play, such as 2015-01-20")
	flags.Float64Var(&soc, "soc", env.Evaluation.SOC, "state of charge of every battery at the start, 0 to 1")
	flags.StringVar(&observation, "observation", "paper", "what a cmd:PROGRAM sees: paper or plus")
	flags.StringVar(&agentsCSV, "csv", "", "write every variable of every step and agent to `FILE`")
	flags.StringVar(&busesCSV, "buses", "", "write demand and voltage of every bus and step to `FILE`")
	flags.BoolVar(&asJSON, "json", false, "print the day's result as one JSON object")
	world.add(cmd)
	return cmd
}

// rolloutFiles are the tables being written. They appear under their names only
// when the whole day went well.
type rolloutFiles struct {
	pending []*renameio.PendingFile
	buffers []*bufio.Writer
	tables  []rolloutTable
}

type rolloutTable interface {
	Add(*env.Detail)
	Flush() error
}

// openRolloutFiles prepares the tables whose path is not empty.
func openRolloutFiles(w *env.World, agents, buses string) (*rolloutFiles, error) {
	f := &rolloutFiles{}
	for _, t := range []struct {
		path  string
		table func(io.Writer) rolloutTable
	}{
		{agents, func(out io.Writer) rolloutTable { return env.NewAgentTable(out, w) }},
		{buses, func(out io.Writer) rolloutTable { return env.NewBusTable(out, w) }},
	} {
		if t.path == "" {
			continue
		}
		file, err := renameio.NewPendingFile(t.path, renameio.WithPermissions(0o644))
		if err != nil {
			f.cleanup()
			return nil, fmt.Errorf("cannot write %s: %w", t.path, err)
		}
		buffer := bufio.NewWriter(file)
		f.pending = append(f.pending, file)
		f.buffers = append(f.buffers, buffer)
		f.tables = append(f.tables, t.table(buffer))
	}
	return f, nil
}

func (f *rolloutFiles) add(d *env.Detail) {
	for _, t := range f.tables {
		t.Add(d)
	}
}

func (f *rolloutFiles) commit() error {
	for i, t := range f.tables {
		if err := errors.Join(t.Flush(), f.buffers[i].Flush()); err != nil {
			return err
		}
		if err := f.pending[i].CloseAtomicallyReplace(); err != nil {
			return err
		}
	}
	return nil
}

func (f *rolloutFiles) cleanup() {
	for _, file := range f.pending {
		_ = file.Cleanup()
	}
}
