package expert

import (
	_ "embed"
	"fmt"
	"os"
	"reflect"
	"strings"
	"text/template"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/strict"
)

// Wish is what a prosumer asks for: its words, and what they mean.
type Wish struct {
	Archetype   community.Archetype `json:"archetype"`
	Name        string              `json:"name"`
	Text        string              `json:"text"`
	Preferences []Preference        `json:"preferences"`
}

// WishTable holds wishes as templates, which Of fills in for a prosumer.
type WishTable struct {
	Commercial  []wishTemplate `json:"commercial"`
	Rural       []wishTemplate `json:"rural"`
	Industrial  []wishTemplate `json:"industrial"`
	Residential []wishTemplate `json:"residential"`
	Hub         []wishTemplate `json:"hub"`
}

type wishTemplate struct {
	Name        string               `json:"name"`
	Text        string               `json:"text"`
	Preferences []preferenceTemplate `json:"preferences"`
}

// preferenceTemplate is a preference whose value may be a share of a rating.
type preferenceTemplate struct {
	Quantity Quantity `json:"quantity"`
	Relation Relation `json:"relation"`
	Value    float64  `json:"value,omitempty"`
	Share    float64  `json:"share,omitempty"`
	From     string   `json:"from,omitempty"`
	To       string   `json:"to,omitempty"`
}

//go:embed wishes.yaml
var wishesYAML []byte

// Wishes returns the wishes that are part of the program: five for each
// archetype.
func Wishes() *WishTable {
	t, err := parseWishes("wishes.yaml", wishesYAML)
	if err != nil {
		panic(err) // a test reads the embedded file
	}
	return t
}

// ReadWishes reads a table of your own in the same form.
func ReadWishes(path string) (*WishTable, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseWishes(path, text)
}

func parseWishes(path string, text []byte) (*WishTable, error) {
	root, err := strict.Parse(path, text, reflect.TypeFor[WishTable]())
	if err != nil {
		return nil, err
	}
	var t WishTable
	if err := strict.Decode(path, root, &t); err != nil {
		return nil, err
	}
	return &t, nil
}

// Of returns the wishes of a prosumer's archetype, with its own ratings in their
// words and values.
func (t *WishTable) Of(x *community.Prosumer) ([]Wish, error) {
	of := map[community.Archetype][]wishTemplate{
		community.Commercial: t.Commercial, community.Rural: t.Rural, community.Industrial: t.Industrial,
		community.Residential: t.Residential, community.Hub: t.Hub,
	}
	var list []Wish
	for _, w := range of[x.Archetype] {
		wish, err := w.of(x)
		if err != nil {
			return nil, fmt.Errorf("wish %q of %s: %w", w.Name, x.Name, err)
		}
		list = append(list, wish)
	}
	return list, nil
}

func (w wishTemplate) of(x *community.Prosumer) (Wish, error) {
	out := Wish{Archetype: x.Archetype, Name: w.Name}
	for i, t := range w.Preferences {
		p, err := t.of(x)
		if err != nil {
			return out, fmt.Errorf("preferences[%d]: %w", i, err)
		}
		out.Preferences = append(out.Preferences, p)
	}
	t, err := template.New(w.Name).Funcs(template.FuncMap{
		"wish": func(i int) (string, error) {
			if i < 0 || i >= len(out.Preferences) {
				return "", fmt.Errorf("there is no preference %d", i)
			}
			p := out.Preferences[i]
			if p.Quantity == SOC {
				return fmt.Sprintf("%g %%", p.Value*100), nil
			}
			return kW(p.Value), nil
		},
		"generator": func() string { return kW(x.CDG.MaxKW) },
		"solar":     func() string { return kW(ratingOf(x, community.PV)) },
		"wind":      func() string { return kW(ratingOf(x, community.Wind)) },
		"storage":   func() string { return fmt.Sprintf("%g kWh and %g kW", x.BESS.EnergyKWh, x.BESS.MaxKW) },
	}).Parse(w.Text)
	if err != nil {
		return out, err
	}
	var b strings.Builder
	if err := t.Execute(&b, nil); err != nil {
		return out, err
	}
	out.Text = strings.Join(strings.Fields(b.String()), " ")
	return out, nil
}

func kW(v float64) string { return fmt.Sprintf("%g kW", v) }

func ratingOf(x *community.Prosumer, kind string) float64 {
	sum := 0.0
	for _, r := range x.RDGs {
		if kind == "" || r.Kind == kind {
			sum += r.RatingKW
		}
	}
	return sum
}

func (t preferenceTemplate) of(x *community.Prosumer) (Preference, error) {
	p := Preference{Quantity: t.Quantity, Relation: t.Relation, Value: t.Value}
	if t.Quantity != SOC {
		rating, err := ratingFor(t.Quantity, x)
		if err != nil {
			return p, err
		}
		p.Value = t.Share * rating
	}
	var err error
	if t.From != "" {
		if p.FromStep, err = StepAt(t.From); err != nil {
			return p, err
		}
	}
	if t.To != "" {
		if p.ToStep, err = StepAt(t.To); err != nil {
			return p, err
		}
	}
	return p, p.Validate(x)
}

// ratingFor is the rating of which a preference's share is a part.
func ratingFor(q Quantity, x *community.Prosumer) (float64, error) {
	switch {
	case q == CDGKW && x.CDG != nil:
		return x.CDG.MaxKW, nil
	case q == ChargeKW && x.BESS != nil:
		return x.BESS.MaxKW, nil
	case q == DischargeKW && x.BESS != nil:
		return -x.BESS.MinKW, nil
	case q == ShedKW && x.CL != nil:
		return x.CL.Alpha * x.PeakLoadKW, nil
	case q == ImportKW:
		return x.PeakLoadKW, nil
	case q == ExportKW && len(x.RDGs) > 0:
		return ratingOf(x, ""), nil
	}
	return 0, fmt.Errorf("%s of a prosumer without such a device", q)
}
