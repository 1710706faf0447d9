package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// question is what ask.json of a run holds: all that an answer depends on.
type question struct {
	Settings *llm.Settings  `json:"settings,omitempty"` // nil: no model
	Currency string         `json:"currency"`
	Session  expert.Session `json:"session"`
}

func expertAskCommand() *cobra.Command {
	var world worldFlags
	var model modelFlags
	var as, day, run string
	var soc float64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ask WISH",
		Short: "Find the strategy of a day for a wish in plain language",
		Long: `ask plans one prosumer's day. A language model reads the wish and says which
preferences it holds; the reference expert's model of the prosumer's devices
plans under them, without peers. The answer tells what the day costs, what it
would cost without the wishes, and with devices that rest.

--as names the prosumer whose devices, loads and weather are meant (peerwatt
community show lists them). --run keeps everything in a folder: the calls of the
model, a trace that reads as a page (trace.html), and the point to go on from, so
that the same command never pays twice.`,
		Example: `  peerwatt expert ask "Keep 60 % in the battery from 18:00 to 22:00." --as residential_0 --day 2015-07-01 \
      --provider llamacpp --model local --run runs/ask
  peerwatt expert ask "Cheap, please." --as hub_0 --day 2015-01-20    # the reference expert`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(args[0]) == "" {
				return badInput(errors.New("the wish is empty: say what you want, in quotes"))
			}
			if !(soc >= 0 && soc <= 1) {
				return badInput(fmt.Errorf("--soc is %v, want 0 to 1", soc))
			}
			w, err := world.open()
			if err != nil {
				return err
			}
			q := &question{Currency: w.Market.Currency()}
			if q.Session, err = newSession(w, args[0], as, day, soc); err != nil {
				return badInput(err)
			}
			m, err := model.open()
			if err != nil {
				return err
			}
			if m != nil {
				s := m.Settings()
				q.Settings = &s
			}
			return askExpert(cmd, q, m, run, asJSON)
		},
	}
	world.add(cmd)
	model.add(cmd)
	f := cmd.Flags()
	f.StringVar(&as, "as", "residential_0", "the prosumer that asks")
	f.StringVar(&day, "day", "2015-07-01", "the `DATE`")
	f.Float64Var(&soc, "soc", 0.5, "state of charge at midnight, 0 to 1")
	f.StringVar(&run, "run", "", "keep calls, trace and state in this `FOLDER`, and go on from it")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func newSession(w *env.World, wish, as, date string, soc float64) (expert.Session, error) {
	day, err := w.FindDay(date)
	if err != nil {
		return expert.Session{}, err
	}
	var names []string
	for i := range w.Scenario.Prosumers {
		x := &w.Scenario.Prosumers[i]
		if names = append(names, x.Name); x.Name != as {
			continue
		}
		return expert.Session{
			Wish: wish, Spec: &expert.Spec{Prosumer: x, ReactivePricePerKvar2h: w.Scenario.ReactivePricePerKvar2h},
			State: expert.NewState(x, w.Calendar.Day(day), i, w.Market, 0, soc, 0),
		}, nil
	}
	return expert.Session{}, fmt.Errorf("--as %q: want one of %s", as, strings.Join(names, ", "))
}

// askExpert runs the workflow, in a folder where one is given.
func askExpert(cmd *cobra.Command, q *question, m llm.Model, run string, asJSON bool) error {
	o := expert.RunOptions{}
	progress := &askProgress{out: cmd.ErrOrStderr()}
	o.Watch = progress.show
	if run != "" {
		if err := os.MkdirAll(run, 0o755); err != nil {
			return err
		}
		if err := keepQuestion(filepath.Join(run, "ask.json"), q); err != nil {
			return err
		}
		if m != nil {
			recorder, err := llm.Record(m, filepath.Join(run, "calls"))
			if err != nil {
				return err
			}
			m = recorder
		}
		path := filepath.Join(run, "trace.jsonl")
		trace, err := expert.OpenTrace(path)
		if err != nil {
			return err
		}
		o.Checkpoint = filepath.Join(run, "state.json")
		o.Watch = func(e expert.TraceEvent) { progress.show(e); trace.Keep(e) }
		defer func() {
			trace.Close()
			_ = tracePage(path, filepath.Join(run, "trace.html"))
		}()
	}
	return answer(cmd.Context(), cmd.OutOrStdout(), q, m, o, asJSON)
}

func answer(ctx context.Context, out io.Writer, q *question, m llm.Model, o expert.RunOptions, asJSON bool) error {
	s := q.Session
	if err := expert.Workflow(m, expert.WorkflowOptions{Path: expert.SpecificationPath}).Run(ctx, &s, o); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(out).Encode(s)
	}
	return printAdvice(out, &s, q.Currency)
}

// keepQuestion writes the question down. A folder of another question is not
// written over.
func keepQuestion(path string, q *question) error {
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

func tracePage(from, to string) error {
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
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Run a kept question again from its recordings, without any model",
		Long: `replay takes the folder that ask --run kept and runs the workflow again: every
call of the model is answered from the recordings, so it needs no key and no
network, and costs nothing.`,
		Example: `  peerwatt expert replay runs/ask`,
		Args:    checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := os.ReadFile(filepath.Join(args[0], "ask.json"))
			if err != nil {
				return badInput(fmt.Errorf("%w (want a folder of expert ask --run)", err))
			}
			var q question
			if err := json.Unmarshal(text, &q); err != nil || q.Session.Spec == nil || q.Session.Spec.Prosumer == nil || q.Session.State == nil {
				return badInput(fmt.Errorf("%s: ask.json is damaged", args[0]))
			}
			var m llm.Model
			if q.Settings != nil {
				if m, err = llm.Replay(*q.Settings, filepath.Join(args[0], "calls")); err != nil {
					return badInput(err)
				}
			}
			return answer(cmd.Context(), cmd.OutOrStdout(), &q, m, expert.RunOptions{}, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
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
			fmt.Fprintf(p.out, "  %s: %s\n", e.Title, e.Text)
		}
	case expert.Resumed:
		fmt.Fprintln(p.out, "going on from where it stopped")
	}
}

// printAdvice shows the strategy by the hour and what it is worth.
func printAdvice(w io.Writer, s *expert.Session, currency string) error {
	var b strings.Builder
	who := "reference expert"
	if n := len(s.Calls); n > 0 {
		who = "reference expert; the wish was read by " + s.Calls[n-1].Model
	}
	fmt.Fprintf(&b, "%s, planned by the %s\n", s.Spec.Prosumer.Name, who)
	for _, p := range s.Spec.Preferences {
		fmt.Fprintf(&b, "wish     %s\n", p)
	}
	a := s.Advice
	fmt.Fprintf(&b, "cost     %10.2f %s\n", a.Cost, currency)
	fmt.Fprintf(&b, "         %10.2f %s without the wishes\n", a.CostWithoutWishes, currency)
	fmt.Fprintf(&b, "         %10.2f %s with devices that rest\n\n", a.CostIdle, currency)
	fmt.Fprintf(&b, "%-6s %9s %9s %9s %9s %9s %6s\n", "time", "load kW", "CDG kW", "RDG kW", "BESS kW", "CL kW", "SOC %")
	const perHour = 4
	for k := 0; k+perHour <= len(a.SetPoints); k += perHour {
		var load, cdg, rdg, bess, cl float64
		for t := k; t < k+perHour; t++ {
			sp := a.SetPoints[t]
			load += s.State.LoadKW[s.State.CurrentTime+t] / perHour
			cdg, rdg, bess, cl = cdg+sp.CDGKW/perHour, rdg+sp.RDGKW/perHour, bess+sp.BESSKW/perHour, cl+sp.CLKW/perHour
		}
		soc := "-"
		if a.SOC != nil {
			soc = fmt.Sprintf("%.0f", 100*a.SOC[k+perHour-1])
		}
		fmt.Fprintf(&b, "%-6s %9.1f %9.1f %9.1f %9.1f %9.1f %6s\n", expert.ClockOf(s.State.CurrentTime+k), load, cdg, rdg, bess, cl, soc)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
