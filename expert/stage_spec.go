package expert

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
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

// specAnswer is the form that a model fills in.
type specAnswer struct {
	Preferences []struct {
		Quantity Quantity `json:"quantity"`
		Relation Relation `json:"relation"`
		Value    float64  `json:"value"`
		From     string   `json:"from"`
		To       string   `json:"to"`
	} `json:"preferences"`
	Devices *Devices `json:"devices,omitempty"`
}

// specSchema is the form as a JSON schema, with a part for devices where it is
// wanted.
func specSchema(devices bool) *llm.Schema {
	const number = `{"type":"number"}`
	required, part := `"preferences"`, ""
	if devices {
		required += `,"devices"`
		part = `,"devices":{"type":"object","additionalProperties":false,"required":["battery_kwh","battery_kw","generator_kw","pv_kw","wind_kw"],"properties":{` +
			`"battery_kwh":` + number + `,"battery_kw":` + number + `,"generator_kw":` + number + `,"pv_kw":` + number + `,"wind_kw":` + number + `}}`
	}
	return &llm.Schema{Name: "wishes", Schema: json.RawMessage(`{"type":"object","additionalProperties":false,"required":[` + required + `],"properties":{` +
		`"preferences":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["quantity","relation","value","from","to"],"properties":{` +
		`"quantity":{"type":"string","enum":["soc","cdg_kw","charge_kw","discharge_kw","shed_kw","import_kw","export_kw"]},` +
		`"relation":{"type":"string","enum":["at_least","at_most"]},"value":` + number + `,"from":{"type":"string"},"to":{"type":"string"}}}}` + part + `}}`)}
}

// preferences reads the form for a prosumer.
func (a *specAnswer) preferences(x *community.Prosumer) ([]Preference, error) {
	var list []Preference
	for i, e := range a.Preferences {
		p := Preference{Quantity: e.Quantity, Relation: e.Relation, Value: e.Value}
		var err error
		if p.FromStep, err = StepAt(e.From); err == nil {
			p.ToStep, err = StepAt(e.To)
		}
		if p.FromStep == 0 && p.ToStep == 96 {
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

// specCorrections is how often a form that cannot be is handed back.
const specCorrections = 2

// read has a model fill in what the wish of a session means. A form that cannot
// be is handed back with what is wrong with it.
func (s *Session) read(ctx context.Context, m llm.Model, report *Reporter) error {
	asked := s.Devices != nil
	r, err := prompt("spec", promptData{Wish: s.Wish, Devices: asked})
	if err != nil {
		return err
	}
	r.Schema, r.Sample, r.MaxTokens = specSchema(asked), s.Sample, 2048
	for correction := 0; ; correction++ {
		report.Tell(TraceEvent{Kind: Asked, Text: r.System + "\n\n" + r.Messages[len(r.Messages)-1].Text})
		answer, err := m.Complete(ctx, r, report.model)
		if answer != nil {
			s.Calls = append(s.Calls, Call{"spec", answer.Model, answer.Usage, answer.CostUSD, answer.Notes, answer.Replayed})
		}
		if err == nil {
			report.Tell(TraceEvent{Kind: Replied, Text: answer.Text, Format: "json"})
			err = answer.Err()
		}
		if err != nil {
			return Final(err) // the client has tried again already
		}
		var form specAnswer
		if err = llm.DecodeJSON(answer.Text, &form); err == nil {
			err = s.fill(&form)
		}
		if err == nil {
			return nil
		}
		if correction == specCorrections {
			return Final(fmt.Errorf("%s does not fill in the form: %w", answer.Model, err))
		}
		report.Note("the form cannot be", "", err.Error())
		r.Messages = append(r.Messages, llm.Message{Role: llm.Assistant, Text: answer.Text},
			llm.Message{Role: llm.User, Text: "This cannot be: " + err.Error() + ". Answer with the whole corrected JSON object."})
	}
}

// fill takes over what a form says, all or nothing.
func (s *Session) fill(form *specAnswer) error {
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
