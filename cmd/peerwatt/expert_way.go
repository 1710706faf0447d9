package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/expert"
)

// wayFlags are the flags by which a command chooses how a model gets from a wish
// to a program.
type wayFlags struct {
	path          string
	without, with []string
	bare          bool
	corrections   int
}

const waysHelp = `--path code is the paper's way: the model writes the model's text, names what of
cvxpy it needs, writes the program, corrects it after errors, and adds the trade.
--path specification is for weak models: they only fill in what the wish means,
and the reference expert's model follows from it.

--without retrieval,correction and --bare leave parts out, as Fig. 5 does.
--with lint,explain,probe,patches,best-of-3 adds what the paper has not: all mistakes
at once with fixes, why a problem has no solution, counterexamples from a comparison
with what the wish means, patches instead of rewriting, the best of several programs.
Such rows stand apart.`

func (f *wayFlags) add(cmd *cobra.Command, path string) {
	flags := cmd.Flags()
	flags.StringVar(&f.path, "path", path, "code or specification")
	flags.StringSliceVar(&f.without, "without", nil, "leave out `PARTS`: retrieval, correction")
	flags.BoolVar(&f.bare, "bare", false, "one call for the program, without any of the workflow")
	flags.StringSliceVar(&f.with, "with", nil, "add `PARTS` that the paper has not: lint, explain, probe, patches, best-of-N")
	flags.IntVar(&f.corrections, "corrections", usualCorrections, "corrections of a program at most")
}

// usualCorrections is the paper's number.
const usualCorrections = 5

func (f *wayFlags) options() (expert.WorkflowOptions, error) {
	o := expert.WorkflowOptions{Bare: f.bare}
	switch expert.Path(f.path) {
	case expert.CodePath:
	case expert.SpecificationPath:
		o.Path = expert.SpecificationPath
	default:
		return o, fmt.Errorf("--path is %q, want code or specification", f.path)
	}
	if f.corrections < 1 {
		return o, fmt.Errorf("--corrections is %d, want 1 or more, or --without correction", f.corrections)
	}
	if f.corrections != usualCorrections {
		o.MaxCorrections = f.corrections
	}
	for _, part := range f.without {
		switch part {
		case "retrieval":
			o.WithoutRetrieval = true
		case "correction":
			o.WithoutCorrection = true
		default:
			return o, fmt.Errorf("--without names %q, want retrieval or correction", part)
		}
	}
	for _, part := range f.with {
		n, best := strings.CutPrefix(part, "best-of-")
		switch {
		case part == "lint":
			o.Lint = true
		case part == "probe":
			o.Probe = true
		case part == "patches":
			o.Patches = true
		case part == "explain":
			o.Explain = true
		case best:
			var err error
			if o.BestOf, err = strconv.Atoi(n); err != nil || o.BestOf < 2 || o.BestOf > 16 {
				return o, fmt.Errorf("--with names %q, want best-of-2 to best-of-16", part)
			}
		default:
			return o, fmt.Errorf("--with names %q, want lint, explain, probe, patches or best-of-N", part)
		}
	}
	return o, nil
}
