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
	Quantity string   `json:"quantity"` // a name of formQuantities
	Relation Relation `json:"relation"`
	Value    float64  `json:"value"`
	From     string   `json:"from"`
	To       string   `json:"to"`
}

// formQuantities are the names that quantities have in the form: weak models go
// by the sound of a name.
var formQuantities = map[Quantity]string{
	SOC: "battery_level", CDGKW: "generator_power", ChargeKW: "charging_power", DischargeKW: "discharging_power",
	ShedKW: "load_reduction", ImportKW: "network_import", ExportKW: "network_export",
}

// quantity reads a name of the form.
func (e *specPreference) quantity() (Quantity, error) {
	for q, name := range formQuantities {
		if e.Quantity == name {
			return q, nil
		}
	}
	return "", fmt.Errorf("quantity is %q: want one of the names of the form", e.Quantity)
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
		{"words", `{"type":"string"}`}, {"quantity", schemaEnum(formNames(x))}, {"relation", schemaEnum([]Relation{AtLeast, AtMost})},
		{"value", number}, {"from", clock}, {"to", clock},
	})
	form := schemaObject([][2]string{{"devices", schemaObject(ratings)}, {"preferences", `{"type":"array","items":` + preference + `}`}})
	return &llm.Schema{Name: "wishes", Schema: json.RawMessage(form)}
}

// formNames are the quantities of a prosumer by their names in the form.
func formNames(x *community.Prosumer) []string {
	var names []string
	for _, q := range quantitiesOf(x) {
		names = append(names, formQuantities[q])
	}
	return names
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
		p := Preference{Relation: e.Relation, Value: e.Value}
		var err error
		if e.From == "24:00" {
			e.From = "00:00"
		}
		if e.To == "23:59" {
			e.To = "24:00"
		}
		if p.Quantity, err = e.quantity(); err != nil {
			return nil, fmt.Errorf("preferences[%d]: %w", i, err)
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

// doubt says why a preference of the form may be none: its words do not name its
// value. "" where there is no doubt.
func (e *specPreference) doubt(wish string) string {
	words := e.Words
	if words == "" { // of a model that nothing holds to the form
		words = wish
	}
	near := func(v float64) bool { return math.Abs(v-e.Value) <= 1e-3*max(math.Abs(v), 1e-2) }
	if !slices.ContainsFunc(numbersIn(words), near) {
		return fmt.Sprintf("the words %q do not name the value %v", brief(words), e.Value)
	}
	return ""
}

// doubtful splits off the preferences that may be none, puts right what their words
// clearly say otherwise, and says why.
func (f *specForm) doubtful(wish string) (sure []specPreference, why []string) {
	for i := range f.Preferences {
		if doubt := f.Preferences[i].doubt(wish); doubt != "" {
			why = append(why, fmt.Sprintf("preferences[%d]: %s", i, doubt))
			continue
		}
		e := f.Preferences[i]
		if said := relationIn(e.Words); said != "" && said != e.Relation {
			why = append(why, fmt.Sprintf("preferences[%d]: the words %q say %s", i, brief(e.Words), said))
			e.Relation = said
		}
		sure = append(sure, e)
	}
	return sure, why
}

const leaveOut = "put it right, and leave out what the prosumer did not ask for"

// specCorrections is how often a form that cannot be is handed back.
const specCorrections = 2

// form is the question by which a model is asked to fill in the form.
func (s *Session) form() (llm.Request, error) {
	x := s.Spec.Prosumer
	r, err := prompt("spec", promptData{Wish: s.Wish, Quantities: formNames(x), Ratings: ratingKeys(x)})
	r.Schema, r.Sample, r.MaxTokens = specSchema(x), s.Sample, 2048
	return r, err
}

// read has a model fill in what the wish of a session means: one question of the
// talk about it. A form that cannot be leads to another, with what is wrong. So do,
// once, preferences that may be none; if they come again they are left out.
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
	if err = llm.DecodeJSON(answer.Text, &form); err == nil {
		sure, why := form.doubtful(s.Wish)
		told := slices.ContainsFunc(s.Talk, func(m llm.Message) bool { return strings.Contains(m.Text, leaveOut) })
		if why != nil && !told {
			err = fmt.Errorf("%s: %s", strings.Join(why, "; "), leaveOut)
		} else {
			for _, w := range why {
				report.Note("left out or put right", "", w)
			}
			form.Preferences = sure
			err = s.fill(&form)
		}
	}
	switch {
	case err == nil:
		s.Talk = nil
		return nil
	case len(s.Talk) == 2*specCorrections:
		s.Talk = nil
		return Final(fmt.Errorf("%s does not fill in the form: %w", answer.Model, err))
	}
	report.Wrong("the form cannot be", err.Error())
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
