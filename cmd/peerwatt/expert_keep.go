package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/experiment"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// ask answers a question and keeps everything where a folder is named; what the
// calls kept there have cost counts against the budget.
func (o *askOptions) ask(cmd *cobra.Command, q *question, w *env.World, m llm.Model, budget *llm.Budget) (err error) {
	progress := &askProgress{out: cmd.ErrOrStderr()}
	run := expert.RunOptions{Watch: progress.show}
	if o.run == "" {
		return o.answer(cmd, q, w, m, run)
	}
	if err := os.MkdirAll(o.run, 0o755); err != nil {
		return err
	}
	if err := q.keep(o.inRun("ask.json")); err != nil {
		return err
	}
	if m != nil {
		spent, err := llm.SpentUSD(o.inRun("calls"))
		if err != nil {
			return err
		}
		budget.Charge(spent)
		if m, err = llm.Record(m, o.inRun("calls")); err != nil {
			return err
		}
	}
	trace, err := expert.OpenTrace(o.inRun("trace.jsonl"))
	if err != nil {
		return err
	}
	run.Checkpoint = o.inRun("state.json")
	run.Watch = func(e expert.TraceEvent) { progress.show(e); trace.Keep(e) }
	defer func() {
		err = errors.Join(err, trace.Close(), writeTracePage(o.inRun("trace.jsonl"), o.inRun("trace.html")))
	}()
	return o.answer(cmd, q, w, m, run)
}

// keep writes the question down. A folder of another question is not written over.
func (q *question) keep(path string) error {
	text, err := json.MarshalIndent(q, "", " ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if old, err := os.ReadFile(path); err == nil && string(old) != string(text) {
		return badInput(fmt.Errorf("%s is of another question: give --run another folder", path))
	}
	return renameio.WriteFile(path, text, 0o644)
}

func writeTracePage(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	events, err := expert.ReadTrace(f)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := expert.WriteTracePage(&b, "A wish on its way to a strategy", events); err != nil {
		return err
	}
	return renameio.WriteFile(to, []byte(b.String()), 0o644)
}

func expertReplayCommand() *cobra.Command {
	var o askOptions
	var workers int
	cmd := &cobra.Command{
		Use:   "replay FOLDER",
		Short: "Run a kept question or benchmark again from its recordings, without any model",
		Long: `replay takes the folder that "expert ask --run" or "expert bench --dir" kept and runs
the workflow again: every call of the model is answered from the recordings, so it
needs no key and no network, costs nothing, and prints the same.`,
		Example: `  peerwatt expert replay runs/ask
  peerwatt expert replay runs/deepseek --json`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return badInput(err)
			}
			if !experiment.IsBench(args[0]) {
				return o.replay(cmd, args[0])
			}
			r, err := replayBench(cmd, args[0], workers)
			if err != nil {
				return err
			}
			return printBench(cmd, r, o.asJSON)
		},
	}
	o.add(cmd)
	cmd.Flags().IntVar(&workers, "workers", 1, "trials of a benchmark at a time; the result does not depend on it")
	return cmd
}

// replayBench runs a kept benchmark again from its recordings.
func replayBench(cmd *cobra.Command, dir string, workers int) (*experiment.BenchResult, error) {
	if workers < 1 {
		return nil, badInput(fmt.Errorf("--workers is %d, want 1 or more", workers))
	}
	bar := newBar(cmd.ErrOrStderr(), "replaying", 0)
	defer bar.finish()
	r, err := experiment.ReplayBench(cmd.Context(), dir, workers, trialsOf(bar))
	return r, badInput(err)
}

// replay answers a kept question again.
func (o *askOptions) replay(cmd *cobra.Command, dir string) error {
	kept := *o
	kept.run = dir
	path := kept.inRun("ask.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return badInput(fmt.Errorf("%w (want a folder of expert ask --run or expert bench --dir)", err))
	}
	var q question
	if err := json.Unmarshal(text, &q); err != nil {
		return badInput(fmt.Errorf("%s is damaged: %w", path, err))
	}
	w, err := q.Open()
	if err == nil {
		err = q.check(w)
	}
	if err != nil {
		return badInput(fmt.Errorf("%s: %w", path, err))
	}
	var m llm.Model
	if q.Settings != nil {
		if m, err = llm.Replay(*q.Settings, kept.inRun("calls")); err != nil {
			return badInput(err)
		}
	}
	return o.answer(cmd, &q, w, m, expert.RunOptions{})
}

// askProgress shows the stages of a question.
type askProgress struct{ out io.Writer }

func (p *askProgress) show(e expert.TraceEvent) {
	switch e.Kind {
	case expert.Entered:
		fmt.Fprintf(p.out, "%s ...\n", e.Title)
	case expert.Waiting:
		fmt.Fprintf(p.out, "  waiting %.0f s: %s\n", e.Seconds, e.Text)
	case expert.Noted:
		if e.Format == "" {
			line, _, more := strings.Cut(e.Text, "\n")
			if more {
				line += " ..."
			}
			fmt.Fprintf(p.out, "  %s: %s\n", e.Title, line)
		}
	case expert.Resumed:
		fmt.Fprintln(p.out, "going on from where it stopped")
	}
}
