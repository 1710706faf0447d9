// Command peerwatt trains, evaluates and inspects communities of prosumers that
// trade energy with each other on a distribution network.
//
// main only wires: every subcommand is one file of this folder and calls the
// package that does the work. Results go to stdout, everything else to stderr.
// Exit codes: 0 done, 1 the work failed, 2 the input was wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run()) }

// run executes the command line and returns the exit code. The first
// interrupt cancels the context, so that work in hand is saved; a second one
// kills the process as usual.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)

	root := rootCommand()
	stdout := &careful{out: os.Stdout}
	root.SetOut(stdout)
	err := root.ExecuteContext(ctx)
	if err == nil && stdout.err != nil {
		err = fmt.Errorf("cannot write the result: %w", stdout.err)
	}
	if err == nil {
		return 0
	}
	text := err.Error()
	if text == context.Canceled.Error() {
		text = "interrupted"
	}
	fmt.Fprintf(os.Stderr, "peerwatt: %s\n", text)
	var bad badInputError
	if errors.As(err, &bad) {
		return 2
	}
	return 1
}

// careful remembers the first error of what it writes to, so that a result
// that did not reach the user is no success.
type careful struct {
	out io.Writer
	err error
}

func (c *careful) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "peerwatt",
		Short: "Real-time peer-to-peer energy trading on a distribution network",
		Long: `peerwatt lets a community of prosumers on one distribution network trade energy
with each other in real time, and trains a team of agents to decide every
15 minutes what each prosumer's devices do.`,
		Example: `  peerwatt run                              # train and evaluate on the built-in year
  peerwatt grid solve --case case141 --json # power flow of the 141-bus feeder`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			hint := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
			}
			return badInput(fmt.Errorf("unknown command %q%s (peerwatt --help lists them)", args[0], hint))
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return badInput(fmt.Errorf("%w (%s --help lists the flags)", err, cmd.CommandPath()))
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.AddCommand(
		runCommand(),
		evaluateCommand(),
		reportCommand(),
		reproduceCommand(),
		convexCommand(),
		cvxpyCommand(),
		communityCommand(),
		dataCommand(),
		gridCommand(),
		envCommand(),
		expertCommand(),
		exportCommand(),
		rolloutCommand(),
	)
	return root
}

// badInputError marks an error as the user's to mend: exit code 2.
type badInputError struct{ error }

func (e badInputError) Unwrap() error { return e.error }

// badInput marks err, if any, as caused by what the user gave.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return badInputError{err}
}

// checked makes an argument check of cobra report a wrong number of arguments
// as bad input.
func checked(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return badInput(fmt.Errorf("%w (%s --help shows how it is used)", err, cmd.CommandPath()))
		}
		return nil
	}
}
