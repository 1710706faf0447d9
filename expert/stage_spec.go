package expert

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
	"github.com/peerwatt/peerwatt/profile"
)

// Call is what one question to a model was and cost.
type Call struct {
	Stage    string    `json:"stage"`
	Model    string    `json:"model"` // that answered, as the provider says
	Usage    llm.Usage `json:"usage"`
	CostUSD  *float64  `json:"cost_usd,omitempty"` // nil: no price is known
	Notes    []string  `json:"notes,omitempty"`
	Replayed bool      `json:"replayed,omitempty"`
}

// specForm is the form that a model fills in. Devices come first and every
// preference begins with the words that ask for it: weak models otherwise take
// ratings for wishes, and numbers out of the air.
type specForm struct {
	Devices     *Devices         `json:"devices,omitempty"`
	Preferences []specPreference `json:"preferences"`
}

type specPreference struct {
	Words    string   `json:"words"`
	Quantity Quantity `json:"quantity"`
	Relation Relation `json:"relation"`
	Value    float64  `json:"value"`
	From     string   `json:"from"`
	To       string   `json:"to"`
}

// specSchema is the form of a prosumer as a JSON schema: only what its devices
// have can be filled in. Models write in the schema's order, hence no maps.
func specSchema(x *community.Prosumer) *llm.Schema {
	const number, clock = `{"type":"number"}`, `{"type":"string","pattern":"^([01][0-9]|2[0-4]):(00|15|30|45)$"}`
	var ratings [][2]string
	for _, key := range ratingKeys(x) {
		ratings = append(ratings, [2]string{key, number})
	}
	preference := schemaObject([][2]string{
		{"words", `{"type":"string"}`}, {"quantity", schemaEnum(quantitiesOf(x))}, {"relation", schemaEnum([]Relation{AtLeast, AtMost})},
		{"value", number}, {"from", clock}, {"to", clock},
	})
	form := schemaObject([][2]string{{"devices", schemaObject(ratings)}, {"preferences", `{"type":"array","items":` + preference + `}`}})
	return &llm.Schema{Name: "wishes", Schema: json.RawMessage(form)}
}

// schemaObject is the schema of an object with these properties, all required,
// and no others.
func schemaObject(properties [][2]string) string {
	var names, parts []string
	for _, p := range properties {
		names = append(names, strconv.Quote(p[0]))
		parts = append(parts, strconv.Quote(p[0])+":"+p[1])
	}
	return `{"type":"object","additionalProperties":false,"required":[` + strings.Join(names, ",") + `],"properties":{` + strings.Join(parts, ",") + `}}`
}

func schemaEnum[T ~string](values []T) string {
	var quoted []string
	for _, v := range values {
		quoted = append(quoted, strconv.Quote(string(v)))
	}
	return `{"type":"string","enum":[` + strings.Join(quoted, ",") + `]}`
}

// preferences reads the form for a prosumer.
func (f *specForm) preferences(x *community.Prosumer) ([]Preference, error) {
	var list []Preference
	for i, e := range f.Preferences {
		p := Preference{Quantity: e.Quantity, Relation: e.Relation, Value: e.Value}
		var err error
		if e.To == "23:59" {
			e.To = "24:00"
		}
		if p.FromStep, err = StepAt(e.From); err == nil {
			p.ToStep, err = StepAt(e.To)
		}
		if p.FromStep == 0 && p.ToStep == profile.StepsPerDay {
			p.ToStep = 0 // all day
		}
		if err == nil {
			err = p.Validate(x)
		}
		if err != nil {
			return nil, fmt.Errorf("preferences[%d]: %w", i, err)
		}
		list = append(list, p)
	}
	return list, nil
}

// unnamed is the first value of the form that stands nowhere in the wish; nil
// where all do.
func (f *specForm) unnamed(wish string) error {
	named := numbersIn(wish)
	for i, e := range f.Preferences {
		if !slices.ContainsFunc(named, func(v float64) bool { return math.Abs(v-e.Value) <= 1e-3*max(math.Abs(v), 1e-2) }) {
			return fmt.Errorf("preferences[%d]: value is %v, which the wish does not name: leave out what the prosumer did not ask for", i, e.Value)
		}
	}
	return nil
}

// specCorrections is how often a form that cannot be is handed back.
const specCorrections = 2

// form is the question by which a model is asked to fill in the form.
func (s *Session) form() (llm.Request, error) {
	x := s.Spec.Prosumer
	r, err := prompt("spec", promptData{Wish: s.Wish, Quantities: quantitiesOf(x), Ratings: ratingKeys(x)})
	r.Schema, r.Sample, r.MaxTokens = specSchema(x), s.Sample, 2048
	return r, err
}

// read has a model fill in what the wish of a session means: one question of the
// talk about it. A form that cannot be leads to another, with what is wrong.
func (s *Session) read(ctx context.Context, m llm.Model, report *Reporter) error {
	r, err := s.form()
	if err != nil {
		return err
	}
	r.Messages = append(r.Messages, s.Talk...)
	answer, err := s.call(ctx, m, report, "spec", r)
	if err == nil {
		err = answer.Err()
	}
	if err != nil {
		return Final(err) // the client has tried again already
	}
	var form specForm
	last := len(s.Talk) == 2*specCorrections
	if err = llm.DecodeJSON(answer.Text, &form); err == nil {
		unnamed := form.unnamed(s.Wish)
		if unnamed != nil && last { // it may be in words that we do not know
			report.Note("doubtful", "", unnamed.Error())
			unnamed = nil
		}
		if err = unnamed; err == nil {
			err = s.fill(&form)
		}
	}
	switch {
	case err == nil:
		s.Talk = nil
		return nil
	case last:
		s.Talk = nil
		return Final(fmt.Errorf("%s does not fill in the form: %w", answer.Model, err))
	}
	report.Note("the form cannot be", "", err.Error())
	s.Talk = append(s.Talk, llm.Message{Role: llm.Assistant, Text: answer.Text},
		llm.Message{Role: llm.User, Text: "This cannot be: " + err.Error() + ". Answer with the whole corrected JSON object."})
	return nil
}

// fill takes over what a form says, all or nothing.
func (s *Session) fill(form *specForm) error {
	x, state := s.Spec.Prosumer, s.State
	if s.Devices != nil && form.Devices != nil {
		if err := form.Devices.Validate(x); err != nil {
			return fmt.Errorf("devices: %w", err)
		}
		x, state = form.Devices.Of(x), state.With(*form.Devices, x)
	}
	preferences, err := form.preferences(x)
	if err != nil {
		return err
	}
	if s.Devices != nil && form.Devices != nil {
		s.Devices = form.Devices
	}
	spec := *s.Spec
	spec.Prosumer, spec.Preferences = x, preferences
	s.Spec, s.State = &spec, state
	return nil
}

// model passes on what happens while a model answers.
func (r *Reporter) model(e llm.Event) {
	switch e.Kind {
	case llm.Writing, llm.Thinking:
		r.Tell(TraceEvent{Kind: Writing, Text: e.Text})
	case llm.Waiting, llm.Retrying, llm.Adapting:
		r.Tell(TraceEvent{Kind: Waiting, Text: e.Text, Seconds: e.Seconds})
	}
}
