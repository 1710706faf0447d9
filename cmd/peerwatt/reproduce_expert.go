package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/expert"
)

const reproduceExpertHelp = `

Name a model to have it asked now; without one nothing is asked. What a model has
answered stands in --out, in a folder for each model, and counts in every later call:
call it once for each model that the table or figure is to have. FOLDERs of "expert
bench --dir" are replayed from their recordings and join in. The reference expert
stands there too, under that name; it is no language model.`

func reproduceTable3Command() *cobra.Command {
	var r expertReproduction
	cmd := &cobra.Command{
		Use:   "table3 [FOLDER...]",
		Short: "Table III: language models as experts",
		Long:  "table3 scores language models on the wishes of five prosumers, 10 trials each, and\nsets the rows beside those of the paper." + reproduceExpertHelp,
		Example: `  peerwatt reproduce table3                        # the reference expert beside the paper
  peerwatt reproduce table3 --provider deepseek --model deepseek-chat --max-cost 2
  peerwatt reproduce table3 --provider openai --model o3 --reasoning medium --max-cost 20
  peerwatt reproduce table3 runs/deepseek --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			results, err := r.results(cmd, args, experiment.Variants[:1])
			if err != nil {
				return err
			}
			if err := experiment.WriteTable3(r.out, results); err != nil {
				return err
			}
			if r.asJSON {
				return printJSON(cmd.OutOrStdout(), map[string]any{"ours": results, "paper": experiment.PaperTable3})
			}
			printTable(cmd.OutOrStdout(), experiment.Table3(results))
			fmt.Fprintln(cmd.OutOrStdout(), experiment.Table3Note)
			fmt.Fprintf(cmd.ErrOrStderr(), "table: %s\n", filepath.Join(r.out, "table3.md"))
			return nil
		},
	}
	r.add(cmd)
	return cmd
}

func reproduceFig5Command() *cobra.Command {
	var r expertReproduction
	cmd := &cobra.Command{
		Use:   "fig5 [FOLDER...]",
		Short: "Fig. 5: what the parts of the workflow are good for",
		Long: `fig5 runs the whole workflow, without retrieval, without correction, and the bare model,
and draws pass rate and accuracy with 95 % intervals, and, not in the paper, how many
programs are right. Of its own figure the paper gives no numbers; its whole workflow
is Table III. What variants ask alike is asked once, so differences are between
the same answers.` + reproduceExpertHelp,
		Example: `  peerwatt reproduce fig5 --provider deepseek --model deepseek-chat --max-cost 5
  peerwatt reproduce fig5 --provider llamacpp --model local --trials 1 --timeout 30m`,
		RunE: func(cmd *cobra.Command, args []string) error {
			results, err := r.results(cmd, args, experiment.Variants)
			if err != nil {
				return err
			}
			models := experiment.Ablations(results)
			for _, ending := range []string{".svg", ".png"} {
				path := filepath.Join(r.out, "fig5"+ending)
				if err := experiment.PlotFig5(path, models); err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "figure: %s\n", path)
			}
			if r.asJSON {
				return printJSON(cmd.OutOrStdout(), map[string]any{"models": models})
			}
			printTable(cmd.OutOrStdout(), experiment.BenchTable(results))
			fmt.Fprintln(cmd.OutOrStdout(), experiment.BenchNote)
			return nil
		},
	}
	r.add(cmd)
	return cmd
}

// expertReproduction is what table3 and fig5 have in common.
type expertReproduction struct {
	bench  benchFlags
	out    string
	asJSON bool
}

func (r *expertReproduction) add(cmd *cobra.Command) {
	r.bench.add(cmd)
	f := cmd.Flags()
	f.StringVar(&r.out, "out", filepath.Join("runs", "experts"), "the `FOLDER` that keeps what models answered, and the result")
	f.BoolVar(&r.asJSON, "json", false, "print the result as one JSON object")
}

// results asks the model that the flags name, and collects what is kept of all:
// the reference expert, models under --out, folders that are replayed.
func (r *expertReproduction) results(cmd *cobra.Command, folders []string, variants []experiment.Variant) ([]*experiment.BenchResult, error) {
	for _, dir := range folders {
		if !experiment.IsBench(dir) {
			return nil, badInput(fmt.Errorf("%s: want a folder of expert bench --dir", dir))
		}
	}
	w, err := r.bench.open()
	if err != nil {
		return nil, err
	}
	if m := r.bench.asked; m != nil {
		dir := experiment.ModelFolder(r.out, m.Settings())
		if err := os.MkdirAll(filepath.Join(dir, "calls"), 0o755); err != nil { // shared by the variants
			return nil, err
		}
		for _, v := range variants {
			if _, err := r.bench.run(cmd, w, m, v.Way, filepath.Join(dir, v.Name)); err != nil {
				return nil, err
			}
		}
	}
	// One trial of each request tells all of the reference expert.
	one := r.bench
	one.options.Trials = 1
	reference, err := one.run(cmd, w, nil, expert.WorkflowOptions{}, filepath.Join(r.out, "reference-expert", variants[0].Name))
	if err != nil {
		return nil, err
	}
	kept, err := experiment.KeptResults(r.out, variants)
	if err != nil {
		return nil, badInput(err)
	}
	results := append([]*experiment.BenchResult{reference}, kept...)
	for _, dir := range folders {
		result, err := replayBench(cmd, dir, r.bench.options.Workers)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}
