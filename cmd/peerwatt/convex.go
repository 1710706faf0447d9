package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/convex/conic"
)

func convexCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "convex",
		Short: "Solve convex optimisation problems",
		Args:  checked(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(convexSolveCommand())
	return c
}

type convexSolveFlags struct {
	json      bool
	repeat    int
	tolerance float64
	limit     time.Duration
}

func convexSolveCommand() *cobra.Command {
	var flags convexSolveFlags
	c := &cobra.Command{
		Use:   "solve FILE",
		Short: "Solve a linear, quadratic or second-order cone program from a file",
		Long: `Solve a linear, quadratic or second-order cone program.

FILE ends in .mps or .qps (free or fixed format), .cbf, or .json, each also with
.gz behind it. The JSON form is

  {"n": 2, "m": 3, "P": {"i": [0], "j": [0], "v": [2]}, "q": [1, 1],
   "A": {"i": [0, 1, 2], "j": [0, 1, 1], "v": [-1, -1, 1]}, "b": [0, 0, 4],
   "cones": [{"type": "nonneg", "dim": 3}]}

for min 1/2 x'Px + q'x, Ax + s = b, s in the cones (zero, nonneg, soc), with the
upper triangle of P and indices from zero.

The exit code is 0 only where the answer is solved; infeasible and unbounded
problems are reported with their proof and end with code 1.`,
		Example: `  peerwatt convex solve afiro.mps
  peerwatt convex solve problem.json --json --repeat 5`,
		Args: checked(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case flags.repeat < 1:
				return badInput(fmt.Errorf("--repeat %d: want at least 1", flags.repeat))
			case !(flags.tolerance > 0 && flags.tolerance < 1):
				return badInput(fmt.Errorf("--tolerance %g: want a number between 0 and 1, such as 1e-8", flags.tolerance))
			case flags.limit < 0:
				return badInput(fmt.Errorf("--limit %s: want a positive duration, such as 30s", flags.limit))
			}
			return convexSolve(cmd.Context(), cmd.OutOrStdout(), args[0], flags)
		},
	}
	c.Flags().BoolVar(&flags.json, "json", false, "print one JSON object with x, s and z")
	c.Flags().IntVar(&flags.repeat, "repeat", 1, "solve `N` times from scratch; solve_ms is the median of the processor times")
	c.Flags().Float64Var(&flags.tolerance, "tolerance", 1e-8, "relative residuals and gap to reach")
	c.Flags().DurationVar(&flags.limit, "limit", 0, "time limit per solve, such as 30s (default none)")
	return c
}

// jsonNumber is null in JSON where it is not finite: JSON has no infinities.
type jsonNumber float64

func (n jsonNumber) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// convexSolution is what --json prints.
type convexSolution struct {
	Status         string     `json:"status"`
	Objective      jsonNumber `json:"objective"`
	X              []float64  `json:"x"`
	S              []float64  `json:"s"`
	Z              []float64  `json:"z"`
	Iterations     int        `json:"iterations"`
	PrimalResidual jsonNumber `json:"primal_residual"`
	DualResidual   jsonNumber `json:"dual_residual"`
	Gap            jsonNumber `json:"gap"`
	SolveMS        float64    `json:"solve_ms"`
}

func convexSolve(ctx context.Context, out io.Writer, path string, flags convexSolveFlags) error {
	file, err := conic.ReadFile(path)
	if err != nil {
		return badInput(err)
	}
	settings := conic.Settings{FeasTol: flags.tolerance, GapTol: flags.tolerance, TimeLimit: flags.limit}
	times := make([]float64, flags.repeat)
	var r *conic.Result
	for k := range times {
		runtime.GC() // what the file reader or the last round left is not this solve's
		start := processorTime()
		if r, err = conic.Solve(ctx, file.Problem, settings); err != nil {
			return err
		}
		times[k] = float64(processorTime()-start) / float64(time.Millisecond)
	}
	slices.Sort(times)
	median := times[len(times)/2]
	if len(times)%2 == 0 {
		median = (times[len(times)/2-1] + median) / 2
	}
	if err := printSolution(out, file, r, median, flags.json); err != nil {
		return err
	}
	return r.Status.Err()
}

func printSolution(out io.Writer, file *conic.File, r *conic.Result, ms float64, asJSON bool) error {
	sol := convexSolution{Status: r.Status.String(), Objective: jsonNumber(math.NaN()), X: r.X, S: r.S, Z: r.Z, Iterations: r.Iterations,
		PrimalResidual: jsonNumber(r.PrimalResidual), DualResidual: jsonNumber(r.DualResidual), Gap: jsonNumber(r.Gap), SolveMS: ms}
	if r.Status != conic.PrimalInfeasible && r.Status != conic.DualInfeasible {
		sol.Objective = jsonNumber(file.Objective(r.Objective))
	}
	if asJSON {
		return json.NewEncoder(out).Encode(sol)
	}
	fmt.Fprintf(out, "%s: %d columns, %d rows\n", file.Name, len(file.Problem.Q), len(file.Problem.B))
	fmt.Fprintf(out, "status           %s\n", sol.Status)
	if !math.IsNaN(float64(sol.Objective)) {
		fmt.Fprintf(out, "objective        %.10g\n", sol.Objective)
	}
	fmt.Fprintf(out, "iterations       %d\n", sol.Iterations)
	fmt.Fprintf(out, "primal residual  %.2e\n", sol.PrimalResidual)
	fmt.Fprintf(out, "dual residual    %.2e\n", sol.DualResidual)
	fmt.Fprintf(out, "gap              %.2e\n", sol.Gap)
	fmt.Fprintf(out, "processor time   %.2f ms\n", sol.SolveMS)
	return nil
}
