package marl

import (
	"fmt"
	"slices"
	"strings"
)

// bounded is a value of an algorithm's section that must lie between two
// others.
type bounded struct {
	name      string
	value     float64
	low, high float64
}

func (x bounded) check(section string) error {
	if !(x.value >= x.low && x.value <= x.high) { // a NaN fails too
		return fmt.Errorf("algorithm.%s.%s: %v is outside %g .. %g", section, x.name, x.value, x.low, x.high)
	}
	return nil
}

// chosen is a word of an algorithm's section that must be one of a few.
type chosen struct {
	name, value string
	of          []string
}

func (x chosen) check(section string) error {
	if !slices.Contains(x.of, x.value) {
		return fmt.Errorf("algorithm.%s.%s: %q is not one of %s", section, x.name, x.value, strings.Join(x.of, ", "))
	}
	return nil
}

// widths are the hidden layers of a section's network.
type widths struct {
	name   string
	values []int
}

func (x widths) check(section string) error {
	if len(x.values) == 0 || slices.Min(x.values) < 1 || slices.Max(x.values) > 1<<14 {
		return fmt.Errorf("algorithm.%s.%s: %v must list widths between 1 and 16384", section, x.name, x.values)
	}
	return nil
}

// firstError checks the values of a section.
func firstError(section string, values ...interface{ check(section string) error }) error {
	for _, x := range values {
		if err := x.check(section); err != nil {
			return err
		}
	}
	return nil
}
