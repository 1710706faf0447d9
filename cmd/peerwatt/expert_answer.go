package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert"
)

// printAnswer shows the model that was found, what the day costs, what the
// operator did, and the strategy as bars and by the hour.
func printAnswer(w io.Writer, q *question, s *expert.Session, currency string, code bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, planned by %s\n", s.Spec.Prosumer.Name, q.Day, plannedBy(q, s))
	if s.Devices != nil && *s.Devices != (expert.Devices{}) {
		fmt.Fprintf(&b, "device  %s, from the wish\n", s.Devices)
	}
	for _, p := range s.Spec.Preferences {
		fmt.Fprintf(&b, "wish    %s\n", p)
	}
	if s.Model != "" {
		fmt.Fprintf(&b, "\nThe model:\n%s\n", strings.TrimSpace(s.Model))
	}
	if code {
		fmt.Fprintf(&b, "\nThe program:\n%s\n", strings.TrimSpace(s.Program))
	}
	printCosts(&b, s, currency, q.Market.Rule)
	b.WriteString("\nThe network operator:\n")
	for _, line := range s.Verdict.Lines() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	b.WriteString("\n")
	printBars(&b, s)
	b.WriteString("\n")
	printHours(&b, s)
	_, err := io.WriteString(w, b.String())
	return err
}

// plannedBy says whose model it is and who read the wish.
func plannedBy(q *question, s *expert.Session) string {
	switch {
	case len(s.Calls) == 0:
		return "the " + expert.ReferenceExpert + ", who reads no wishes"
	case q.Options.Path == expert.SpecificationPath:
		return "the " + expert.ReferenceExpert + "; the wish was read by " + s.Calls[len(s.Calls)-1].Model
	}
	return "a program of " + s.Calls[len(s.Calls)-1].Model
}

func printCosts(b *strings.Builder, s *expert.Session, currency, rule string) {
	a, v := s.Advice, s.Verdict
	fmt.Fprintf(b, "\nThe day costs, in %s (below 0: earns):\n", currency)
	for _, row := range []struct {
		what string
		cost float64
	}{
		{"devices rest", a.CostIdle}, {"alone, without wishes", a.CostWithoutWishes}, {"alone, with the wishes", a.Cost},
		{"with trade, if the network had no limits", v.CostUnlimited}, {"with trade, as the operator has it", v.Cost},
	} {
		fmt.Fprintf(b, "  %-42s %10.2f\n", row.what, row.cost)
	}
	if v.Cost > a.Cost {
		fmt.Fprintf(b, "The operator minimises what all pay together; the price rule %s leaves this prosumer worse off than alone; --market shadow-price pays by what a kWh is worth to the community.\n", rule)
	}
}

// column is a quantity of the strategy, by step.
type column struct {
	name   string
	values []float64
}

// columns are what a prosumer does and gets.
func columns(s *expert.Session) []column {
	points, x, t := s.Strategy(), s.Spec.Prosumer, s.State.CurrentTime
	of := func(f func(community.SetPoint) float64) []float64 {
		var y []float64
		for _, p := range points {
			y = append(y, f(p))
		}
		return y
	}
	list := []column{{"load kW", s.State.LoadKW[t:]}}
	add := func(there bool, name string, f func(community.SetPoint) float64) {
		if there {
			list = append(list, column{name, of(f)})
		}
	}
	add(x.CDG != nil, "CDG kW", func(p community.SetPoint) float64 { return p.CDGKW })
	add(len(x.RDGs) > 0, "RDG kW", func(p community.SetPoint) float64 { return p.RDGKW })
	add(x.BESS != nil, "BESS kW", func(p community.SetPoint) float64 { return p.BESSKW })
	add(x.CL != nil, "CL kW", func(p community.SetPoint) float64 { return p.CLKW })
	return append(list, column{"peers kW", s.Verdict.P2PKW}, column{"grid kW", s.Verdict.GridKW}, column{"buy /kWh", s.State.BuyPerKWh[t:]})
}

const perHour = 4

// printBars shows every quantity over the day, half an hour a mark.
func printBars(b *strings.Builder, s *expert.Session) {
	list := columns(s)
	if s.Verdict.SOC != nil {
		list = append(list, column{"SOC", s.Verdict.SOC})
	}
	marks := []rune("▁▂▃▄▅▆▇█")
	for _, c := range list {
		half := means(c.values, perHour/2)
		low, high := min(0, slices.Min(half)), max(0, slices.Max(half))
		fmt.Fprintf(b, "%-9s", c.name)
		for _, v := range half {
			level := 0.0
			if high > low {
				level = (v - low) / (high - low)
			}
			b.WriteRune(marks[min(int(level*float64(len(marks))), len(marks)-1)])
		}
		fmt.Fprintf(b, "  %.4g to %.4g\n", low, high)
	}
}

// printHours shows every quantity by the hour; charge is at its end.
func printHours(b *strings.Builder, s *expert.Session) {
	list := columns(s)
	fmt.Fprintf(b, "%-6s", "time")
	for _, c := range list {
		fmt.Fprintf(b, " %9s", c.name)
	}
	b.WriteString("  SOC %\n")
	for h := range len(list[0].values) / perHour {
		fmt.Fprintf(b, "%-6s", expert.ClockOf(s.State.CurrentTime+h*perHour))
		for i, c := range list {
			digits := 1
			if i == len(list)-1 {
				digits = 3 // the price
			}
			unit := math.Pow10(digits)
			fmt.Fprintf(b, " %9.*f", digits, math.Round(unit*means(c.values, perHour)[h])/unit+0) // +0: no -0.0
		}
		soc := "-"
		if s.Verdict.SOC != nil {
			soc = fmt.Sprintf("%.0f", 100*s.Verdict.SOC[(h+1)*perHour-1])
		}
		fmt.Fprintf(b, " %6s\n", soc)
	}
}

// means are those of so many values at a time.
func means(values []float64, n int) []float64 {
	var out []float64
	for k := 0; k+n <= len(values); k += n {
		sum := 0.0
		for _, v := range values[k : k+n] {
			sum += v
		}
		out = append(out, sum/float64(n))
	}
	return out
}
