package market

import (
	"fmt"
	"strings"

	"github.com/peerwatt/peerwatt/profile"
)

// Tariff is what the grid asks and pays over a year.
type Tariff interface {
	// Prices returns the buy and sell price per kWh in every step of a day.
	Prices(day int) (buy, sell [profile.StepsPerDay]float64)
	Currency() string // "CNY" or "EUR"
	Notes() []string  // what was synthesised
}

// tariffs are all there are. A new one is a file and a line here.
var tariffs = []struct {
	name string
	make func(Config, *profile.Year) (Tariff, error)
}{
	{"cny-tou", newCNYTimeOfUse},
	{"eur-belgium", newEURBelgium},
}

// Tariffs lists the names of the tariffs, the default first.
func Tariffs() []string {
	names := make([]string, len(tariffs))
	for i, t := range tariffs {
		names[i] = t.name
	}
	return names
}

func newTariff(c Config, y *profile.Year) (Tariff, error) {
	for _, t := range tariffs {
		if t.name == c.Tariff {
			return t.make(c, y)
		}
	}
	return nil, fmt.Errorf("market: tariff: there is no %q (want %s)", c.Tariff, strings.Join(Tariffs(), ", "))
}
