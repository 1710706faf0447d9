package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
)

func reproduceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "One table or figure of the paper, beside the paper's own figures",
		Long: `reproduce works off what stands behind one table or figure of the paper, cell by
cell, and writes it as text, Markdown, CSV and JSON, figures as SVG and PNG, with
the paper's own figures beside ours. It may be interrupted, or killed, at any time:
the same command goes on where it was, and ends in the same bytes.`,
		Example: `  peerwatt reproduce table4 --budget smoke
  peerwatt reproduce fig7 --budget cpu --cell 2/8   # a task of an array job`,
	}
	cmd.AddCommand(reproduceTable3Command(), reproduceTable4Command(), reproduceFig5Command(), reproduceFig6Command(), reproduceFig7Command())
	return cmd
}

// studyFlags are what a person says about a study of trainings.
type studyFlags struct {
	name     string // of the subcommand
	folder   string // of its cells
	budget   string
	out      string
	cell     string
	settings []string
	workers  int
	asJSON   bool
}

// add gives cmd the flags.
func (f *studyFlags) add(cmd *cobra.Command) {
	var budgets []string
	for _, b := range experiment.Budgets {
		budgets = append(budgets, fmt.Sprintf("%s (%s)", b.Name, b.Meaning))
	}
	flags := cmd.Flags()
	flags.StringVar(&f.budget, "budget", "cpu", "how much work: "+strings.Join(budgets, "; "))
	flags.StringVar(&f.out, "out", "", "the `DIRECTORY` of cells and results (default: runs/"+f.folder+"-BUDGET)")
	flags.StringVar(&f.cell, "cell", "", "train only part `K/N` of the cells, such as 2/8, and write nothing else")
	flags.StringArrayVar(&f.settings, "set", nil, "change a value of every cell's specification: `PATH=VALUE`, such as algorithm.episodes=400")
	flags.IntVar(&f.workers, "workers", 0, "processors to use, 0 for all; the result does not depend on it")
	flags.BoolVar(&f.asJSON, "json", false, "print the result as one JSON object")
	_ = cmd.MarkFlagDirname("out") // fails only for flags that are not there
}

// studyOf opens what stands behind a table or figure in a directory.
type studyOf func(b *experiment.Budget, dir string, settings ...string) (*experiment.Study, error)

// study opens the study that the flags describe.
func (f *studyFlags) study(open studyOf) (*experiment.Study, error) {
	if f.workers < 0 {
		return nil, badInput(fmt.Errorf("--workers is %d, want 1 or more, or 0 for all processors", f.workers))
	}
	if _, _, err := parseCell(f.cell); err != nil {
		return nil, badInput(err)
	}
	b, err := experiment.OpenBudget(f.budget)
	if err != nil {
		return nil, badInput(err)
	}
	if f.out == "" {
		f.out = filepath.Join("runs", f.folder+"-"+b.Name)
	}
	s, err := open(b, f.out, f.settings...)
	if err != nil {
		return nil, badInput(err)
	}
	s.Workers = f.workers
	return s, nil
}

// train trains the cells that are meant. Done is false where the results are
// somebody else's to write.
func (f *studyFlags) train(cmd *cobra.Command, s *experiment.Study) (done bool, err error) {
	ctx, stderr := cmd.Context(), cmd.ErrOrStderr()
	part, parts, _ := parseCell(f.cell) // was checked
	planning := newBar(stderr, "expert's plans", 0)
	var bar *bar
	before := 0 // what was done before takes no time now
	err = s.Train(ctx, part, parts, planning.say, planning.of, func(p experiment.Progress) {
		if bar == nil {
			fmt.Fprintf(stderr, "%s: %d cells, %d of them finished\n", s.Dir, p.Cells, p.CellsDone)
			before = p.EpisodesDone
			bar = newBar(stderr, "training days", p.Episodes-before)
		}
		bar.set(p.EpisodesDone-before, fmt.Sprintf("%d of %d cells, %s", p.CellsDone, p.Cells, p.Doing))
	})
	planning.finish()
	if bar != nil {
		bar.finish()
	}
	switch {
	case errors.Is(err, context.Canceled):
		return false, fmt.Errorf("interrupted; what was done is kept. The same command goes on: %s", f.again(s.Dir))
	case err != nil:
		return false, fmt.Errorf("%w (what was done is kept; the same command goes on: %s)", err, f.again(s.Dir))
	case f.cell != "":
		f.cell = ""
		fmt.Fprintf(stderr, "part %d/%d is trained; when all are: %s\n", part, parts, f.again(s.Dir))
		return false, nil
	}
	return true, nil
}

// again is the command that goes on.
func (f *studyFlags) again(dir string) string {
	line := "peerwatt reproduce " + f.name + " --budget " + f.budget + " --out " + dir
	for _, set := range f.settings {
		line += fmt.Sprintf(" --set %q", set)
	}
	if f.cell != "" {
		line += " --cell " + f.cell
	}
	return line
}

// shown is a result with what a terminal shows of it.
type shown struct {
	result any
	table  experiment.Table
	note   string
}

// command makes a subcommand that trains a study's cells, makes its result and
// writes it beside them.
func (f *studyFlags) command(cmd *cobra.Command, open studyOf, result func(ctx context.Context, s *experiment.Study, progress func(done, of int)) (shown, error)) *cobra.Command {
	cmd.Args = checked(cobra.NoArgs)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := f.study(open)
		if err != nil {
			return err
		}
		if done, err := f.train(cmd, s); err != nil || !done {
			return err
		}
		bar := newBar(cmd.ErrOrStderr(), "evaluating days", 0)
		r, err := result(cmd.Context(), s, bar.of)
		bar.finish()
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("interrupted; what was done is kept. The same command goes on: %s", f.again(s.Dir))
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "results: %s\n", filepath.Join(s.Dir, f.name+".*"))
		if f.asJSON {
			return printJSON(cmd.OutOrStdout(), r.result)
		}
		printTable(cmd.OutOrStdout(), r.table)
		fmt.Fprintln(cmd.OutOrStdout(), r.note)
		return nil
	}
	f.add(cmd)
	return cmd
}

func reproduceTable4Command() *cobra.Command {
	f := studyFlags{name: "table4", folder: "comparison"}
	return f.command(&cobra.Command{
		Use:   "table4",
		Short: "Table IV: the six algorithms on the test days",
		Long: `table4 trains the paper's six algorithms, behaviour cloning alone and the preset
plus, each with several seeds, and plays the test days with all of them, as they are
and with the operator correcting, and with the policies that need no training. It
writes table4.md, table4.csv, table4.json and marl-eval.json beside the cells.`,
		Example: `  peerwatt reproduce table4 --budget smoke
  peerwatt reproduce table4 --budget cpu --out runs/table4
  for k in 1 2 3 4; do peerwatt reproduce table4 --budget paper --cell $k/4 & done; wait`,
	}, (*experiment.Budget).Table4, func(ctx context.Context, s *experiment.Study, progress func(done, of int)) (shown, error) {
		rows, err := s.Rows(ctx, progress)
		if err != nil {
			return shown{}, err
		}
		t := s.Table4(rows)
		return shown{t, t.Table(), t.Note()}, s.WriteTable4(t, rows)
	})
}

func reproduceFig6Command() *cobra.Command {
	f := studyFlags{name: "fig6", folder: "comparison"}
	return f.command(&cobra.Command{
		Use:   "fig6",
		Short: "Fig. 6: reward, cost and violations on the validation days over training",
		Long: `fig6 draws what the six algorithms reach on the validation days while they learn:
mean and standard deviation over seeds. The cells are those of table4, in the same
directory. It writes fig6.svg, fig6.png, fig6.csv, fig6.json and fig6.md.`,
		Example: `  peerwatt reproduce fig6 --budget smoke`,
	}, (*experiment.Budget).Table4, func(ctx context.Context, s *experiment.Study, progress func(done, of int)) (shown, error) {
		t, err := s.Fig6(ctx, progress)
		if err != nil {
			return shown{}, err
		}
		return shown{t, t.LastTable(), t.Note()}, s.WriteFig6(t)
	})
}

func reproduceFig7Command() *cobra.Command {
	f := studyFlags{name: "fig7", folder: "fig7"}
	return f.command(&cobra.Command{
		Use:   "fig7",
		Short: "Fig. 7: deviation from the expert's cost over the number of attention heads",
		Long: `fig7 trains OP-MH with 0, 1, 2, 4, 8 and 16 attention heads, with differential and
with standard attention, each with several seeds, and draws how far the cost of the
test days is from the expert's. It writes fig7.svg, fig7.png, fig7.csv, fig7.json
and fig7.md beside the cells.`,
		Example: `  peerwatt reproduce fig7 --budget smoke
  peerwatt reproduce fig7 --budget cpu --cell 2/8`,
	}, (*experiment.Budget).Fig7, func(ctx context.Context, s *experiment.Study, progress func(done, of int)) (shown, error) {
		rows, err := s.Rows(ctx, progress)
		if err != nil {
			return shown{}, err
		}
		t, err := s.Fig7(rows)
		if err != nil {
			return shown{}, err
		}
		return shown{t, t.Table(), t.Note()}, s.WriteFig7(t)
	})
}
