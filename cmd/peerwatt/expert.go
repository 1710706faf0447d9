package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/expert/llm"
)

func expertCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "expert",
		Short: "Turn a prosumer's words into a strategy",
		Long: `expert turns what a prosumer says into what its devices do.

A language model reads the wish; it is any of these (--provider), with the key in
the environment:

` + providerTable() + `
Without --provider the reference expert plans: the human-written models, which
read no wishes.`,
		Args: checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(expertAskCommand(), expertBenchCommand(), expertReplayCommand())
	return cmd
}

func providerTable() string {
	var b strings.Builder
	for _, p := range llm.Providers() {
		key := strings.Join(p.KeyEnv, " or ")
		if p.Local {
			key = "no key"
		}
		fmt.Fprintf(&b, "  %-10s %-32s %s\n", p.Name, key, strings.TrimSpace(p.BaseURL+" "+p.Note))
	}
	return b.String()
}

// modelFlags are the flags by which a command chooses a language model.
type modelFlags struct {
	config      llm.Config
	reasoning   string
	temperature float64
	price       string
	ceiling     float64
}

func (f *modelFlags) add(cmd *cobra.Command) {
	flags, c := cmd.Flags(), &f.config
	flags.StringVar(&c.Provider, "provider", "", "who answers, see peerwatt expert --help (default nobody: the reference expert)")
	flags.StringVar(&c.Model, "model", "", "the model's `NAME` as the provider calls it")
	flags.StringVar(&c.BaseURL, "base-url", "", "another address than the provider's")
	flags.StringVar(&c.KeyEnv, "key-env", "", "the environment `VARIABLE` that holds the key, if not the usual one")
	flags.StringVar(&f.reasoning, "reasoning", "", "off, on, low, medium or high (default as the provider likes)")
	flags.Float64Var(&f.temperature, "temperature", 0.5, "of sampling; left out where a model refuses it")
	flags.IntVar(&c.MaxTokens, "max-tokens", llm.DefaultMaxTokens, "bound of a completion, reasoning included")
	flags.IntVar(&c.RequestsPerMinute, "requests-per-minute", 0, "rate limit (default none)")
	flags.IntVar(&c.TokensPerMinute, "tokens-per-minute", 0, "rate limit (default none)")
	flags.DurationVar(&c.Timeout, "timeout", 10*time.Minute, "give up an attempt at a call after so long; slow local models need more")
	flags.Float64Var(&f.ceiling, "max-cost", 0, "stop before calls cost more than so many US `DOLLARS`")
	flags.StringVar(&f.price, "price", "", "the model's price as `INPUT,OUTPUT` in US dollars per million tokens, where the built-in table has none")
}

// open returns the model, nil where none is wanted.
func (f *modelFlags) open() (llm.Model, error) {
	if f.config.Provider == "" {
		if f.config.Model != "" || f.config.BaseURL != "" {
			return nil, badInput(fmt.Errorf("--model or --base-url without --provider: want one such as llamacpp, or custom for any address"))
		}
		return nil, nil
	}
	f.config.Reasoning, f.config.Temperature = llm.Reasoning(f.reasoning), &f.temperature
	budget, err := llm.NewBudget(f.ceiling)
	if err != nil {
		return nil, badInput(fmt.Errorf("--max-cost: %w", err))
	}
	f.config.Budget = budget
	if f.price != "" {
		price, err := llm.ParsePrice(f.price)
		if err != nil {
			return nil, badInput(fmt.Errorf("--price: %w", err))
		}
		f.config.Price = &price
	}
	c, err := llm.Open(f.config)
	if err != nil {
		return nil, badInput(fmt.Errorf("%w (peerwatt expert --help lists providers)", err))
	}
	return c, nil
}
