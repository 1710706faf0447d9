package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/convex"
	"github.com/peerwatt/peerwatt/convex/cvxpy"
)

func cvxpyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "cvxpy",
		Short: "Run models written in Python with cvxpy, without Python",
		Args:  checked(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(cvxpyRunCommand())
	return c
}

type cvxpyRunFlags struct {
	call, state string
	json        bool
	limit       time.Duration
}

func cvxpyRunCommand() *cobra.Command {
	var flags cvxpyRunFlags
	c := &cobra.Command{
		Use:   "run FILE.py",
		Short: "Run a Python program in the sandbox",
		Long: `Run a Python program that models with cvxpy and numpy, in a sandbox without
files, network, processes or environment, within budgets of time and memory. No
Python is needed.

Without --call the program runs as a script. With --call its function is called
with the JSON object of --state; lists of numbers arrive as numpy arrays.

Problems that are solved are shown with status, objective and variables;
an infeasible or unbounded one with the reason. Mistakes that Python lets pass
in silence, such as a * x for a product entry by entry, are noted.

The exit code is 1 where the program fails; its traceback then goes to stderr.`,
		Example: `  peerwatt cvxpy run model.py
  peerwatt cvxpy run model.py --call prosumer --state state.json --json`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case flags.limit <= 0:
				return badInput(fmt.Errorf("--limit %s: want a positive duration, such as 20s", flags.limit))
			case flags.state != "" && flags.call == "":
				return badInput(errors.New("--state without --call: name the function that takes the state, such as --call prosumer"))
			}
			return cvxpyRun(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], flags)
		},
	}
	c.Flags().StringVar(&flags.call, "call", "", "call this `FUNCTION` of the program")
	c.Flags().StringVar(&flags.state, "state", "", "JSON `FILE` with the function's argument (default no argument)")
	c.Flags().BoolVar(&flags.json, "json", false, "print one JSON object")
	c.Flags().DurationVar(&flags.limit, "limit", cvxpy.DefaultBudget().Time, "time limit")
	return c
}

func cvxpyRun(ctx context.Context, out, stderr io.Writer, path string, flags cvxpyRunFlags) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return badInput(err)
	}
	var args []any
	if flags.state != "" {
		state, err := readState(flags.state)
		if err != nil {
			return badInput(err)
		}
		args = append(args, state)
	}
	r := &cvxpy.Result{}
	p, err := cvxpy.Compile(filepath.Base(path), string(source))
	if err == nil {
		budget := cvxpy.DefaultBudget()
		budget.Time = flags.limit
		if flags.call == "" {
			r, err = p.Run(ctx, budget)
		} else {
			r, err = p.Call(ctx, budget, flags.call, args...)
		}
	}
	failed, _ := err.(*cvxpy.Error)
	a := newCVXPYAnswer(ctx, r, failed)
	if flags.json {
		if err := json.NewEncoder(out).Encode(a); err != nil {
			return err
		}
	} else {
		a.print(out)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(stderr, "%s:%d: note: %s: %s\n", filepath.Base(path), n.Line, n.Text, n.Recipe)
	}
	if failed == nil {
		return nil
	}
	fmt.Fprint(stderr, failed.Traceback)
	if failed.Hint != "" {
		fmt.Fprintln(stderr, "hint: "+failed.Hint)
	}
	return fmt.Errorf("%s: %w", path, err)
}

func readState(path string) (map[string]any, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	state, err := cvxpy.DecodeState(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return state, nil
}

// cvxpyAnswer is what --json prints. Status and objective are those of the
// last problem solved.
type cvxpyAnswer struct {
	Status    *string         `json:"status"`
	Objective jsonNumber      `json:"objective"`
	Value     any             `json:"value"` // what the function returned
	Solves    []cvxpySolve    `json:"solves"`
	Stdout    string          `json:"stdout"`
	Notes     []cvxpy.Note    `json:"notes"`
	Warnings  []cvxpy.Warning `json:"warnings"`
	Error     *cvxpyError     `json:"error"`
	Steps     int64           `json:"steps"`
	Bytes     int64           `json:"bytes"`
}

type cvxpySolve struct {
	Line        int             `json:"line"`
	Status      string          `json:"status"`
	Objective   jsonNumber      `json:"objective"`
	Variables   []cvxpyVariable `json:"variables"`
	Explanation string          `json:"explanation,omitempty"` // of an infeasible or unbounded problem
}

type cvxpyVariable struct {
	Name  string       `json:"name"`
	Shape []int        `json:"shape"`
	Value []jsonNumber `json:"value"` // row by row
}

type cvxpyError struct {
	Kind      string `json:"kind"`
	Class     string `json:"class"`
	Text      string `json:"text"`
	Line      int    `json:"line"`
	Hint      string `json:"hint"`
	Traceback string `json:"traceback"`
}

func newCVXPYAnswer(ctx context.Context, r *cvxpy.Result, failed *cvxpy.Error) *cvxpyAnswer {
	a := &cvxpyAnswer{
		Objective: jsonNumber(math.NaN()), Value: jsonValue(r, r.Value), Stdout: r.Stdout,
		Solves: []cvxpySolve{}, Notes: append([]cvxpy.Note{}, r.Notes...), Warnings: append([]cvxpy.Warning{}, r.Warnings...),
		Steps: r.Spent.Steps, Bytes: r.Spent.Bytes,
	}
	for _, s := range r.Solves {
		a.Solves = append(a.Solves, newCVXPYSolve(ctx, s))
	}
	if n := len(a.Solves); n > 0 {
		a.Status, a.Objective = &a.Solves[n-1].Status, a.Solves[n-1].Objective
	}
	if failed != nil {
		a.Error = &cvxpyError{failed.Kind.String(), failed.Class, failed.Text, failed.Line, failed.Hint, failed.Traceback}
	}
	return a
}

func newCVXPYSolve(ctx context.Context, s cvxpy.Solve) cvxpySolve {
	out := cvxpySolve{Line: s.Line, Status: s.Status, Objective: jsonNumber(s.Solution.Objective), Variables: []cvxpyVariable{}}
	if why, err := s.Program.Explain(ctx, s.Solution); err == nil && why != nil {
		out.Explanation = why.String()
		return out
	}
	for _, e := range s.Problem.Variables() {
		out.Variables = append(out.Variables, cvxpyVariable{e.Name(), append([]int{}, e.Shape().Dims()...), jsonNumbers(s.Solution.Value(e))})
	}
	return out
}

func jsonNumbers(v []float64) []jsonNumber {
	out := make([]jsonNumber, len(v))
	for k, x := range v {
		out[k] = jsonNumber(x)
	}
	return out
}

// jsonValue makes what a function returned fit for JSON: expressions are
// objects with their text and, where they have one, their value.
func jsonValue(r *cvxpy.Result, v any) any {
	switch v := v.(type) {
	case float64:
		return jsonNumber(v)
	case []float64:
		return jsonNumbers(v)
	case [][]float64:
		rows := make([]any, len(v))
		for k, row := range v {
			rows[k] = jsonNumbers(row)
		}
		return rows
	case []any:
		items := make([]any, len(v))
		for k, x := range v {
			items[k] = jsonValue(r, x)
		}
		return items
	case map[string]any:
		items := make(map[string]any, len(v))
		for k, x := range v {
			items[k] = jsonValue(r, x)
		}
		return items
	case *convex.Expr:
		out := map[string]any{"expression": v.String(), "shape": append([]int{}, v.Shape().Dims()...), "value": nil}
		if x, err := r.Values(v); err == nil {
			out["value"] = jsonNumbers(x)
		}
		return out
	case *convex.Constraint:
		return map[string]any{"constraint": v.String()}
	case convex.Objective:
		return map[string]any{"objective": v.String()}
	case *convex.Problem:
		return map[string]any{"problem": v.Objective().String()}
	}
	return v
}

// print shows the answer to people.
func (a *cvxpyAnswer) print(out io.Writer) {
	io.WriteString(out, a.Stdout)
	for _, s := range a.Solves {
		fmt.Fprintf(out, "problem of line %d: %s", s.Line, s.Status)
		if s.Explanation != "" {
			fmt.Fprintf(out, ": %s\n", s.Explanation)
			continue
		}
		fmt.Fprintf(out, ", objective %.10g\n", s.Objective)
		for _, v := range s.Variables {
			fmt.Fprintf(out, "  %-12s %s\n", v.Name, brief(v.Value))
		}
	}
	if a.Value != nil {
		if text, err := json.Marshal(a.Value); err == nil {
			fmt.Fprintf(out, "returned %s\n", text)
		}
	}
}

// brief shows the first numbers of a list.
func brief(v []jsonNumber) string {
	const shown = 8
	text := ""
	for _, x := range v[:min(len(v), shown)] {
		text += fmt.Sprintf(" %.4g", float64(x))
	}
	if len(v) > shown {
		text += fmt.Sprintf(" ... (%d, from %.4g to %.4g)", len(v), float64(slices.Min(v)), float64(slices.Max(v)))
	}
	return text
}
