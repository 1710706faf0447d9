package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert"
)

// scriptedModel is a local server in a language model's place, for scripts. It
// answers every stage of the workflow for the first prosumer of each archetype of
// the default community: rightly for most, with code that needs a correction for
// the rural one, and never with code that runs for the industrial one.
type scriptedModel struct {
	t     *testing.T
	once  sync.Once
	truth map[string]*expert.Spec // by archetype
	wish  map[string]string
}

func newScriptedModel(t *testing.T) *httptest.Server {
	s := httptest.NewServer(&scriptedModel{t: t})
	t.Cleanup(s.Close)
	return s
}

func (m *scriptedModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.once.Do(m.prepare)
	var body struct {
		Messages []struct{ Role, Content string }
	}
	text, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(text, &body); err != nil || len(body.Messages) < 2 {
		m.t.Errorf("request %s: %v", text, err)
		return
	}
	var words []string
	for _, message := range body.Messages[1:] {
		words = append(words, message.Content)
	}
	said, _ := json.Marshal(m.answer(body.Messages[0].Content, strings.Join(words, "\n")))
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"model":"scripted-1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":100,"completion_tokens":%d}}`,
		said, len(said)/4)
}

func (m *scriptedModel) prepare() {
	m.truth, m.wish = map[string]*expert.Spec{}, map[string]string{}
	s, err := community.Open(community.Presets()[0])
	if err != nil {
		m.t.Error(err)
		return
	}
	for i := range s.Prosumers {
		x := &s.Prosumers[i]
		a := string(x.Archetype)
		if m.truth[a] != nil {
			continue
		}
		wishes, err := expert.Wishes().Of(x)
		if err != nil {
			m.t.Error(err)
			return
		}
		m.truth[a] = &expert.Spec{Prosumer: x, Preferences: wishes[0].Preferences, ReactivePricePerKvar2h: s.ReactivePricePerKvar2h}
		m.wish[a] = strings.TrimSpace(wishes[0].Text)
	}
}

// answer is what the model says to a stage, known by its rules.
func (m *scriptedModel) answer(rules, words string) string {
	who := "" // the archetype that it is about: by its wish, later by a mark that the answers carry
	for a, wish := range m.wish {
		if strings.Contains(words, wish) || strings.Contains(words, "# of "+a) {
			who = a
		}
	}
	code := func(trade bool) string {
		return "```python\n# of " + who + "\n" + m.truth[who].Program(trade) + "\n```"
	}
	switch {
	case strings.Contains(rules, "fill in a form") && who != "":
		return form(m.truth[who].Preferences)
	case strings.Contains(rules, "fill in a form"):
		devices := ""
		if strings.Contains(words, "200 kWh and 50 kW") {
			devices = `"devices":{"battery_kwh":200,"battery_kw":50,"pv_kw":0},`
		}
		return `{` + devices + `"preferences":[{"words":"Keep 60 %","quantity":"battery_level","relation":"at_least","value":0.6,"from":"18:00","to":"22:00"}]}`
	case who == "":
		return "I do not know who asks."
	case strings.Contains(rules, "energy management of prosumers"):
		return "## Devices\n# of " + who + "\n## Variables\n## Constraints\n## Preferences\n## Objective\n"
	case strings.Contains(rules, `{"atoms"`):
		return `{"atoms": ["cp.sum", "cp.abs"]}`
	case who == "industrial":
		return "```python\nimport cvxpy as cp\n# of industrial\ndef prosumer(state):\n    return cp.nothing(state)\n```"
	case strings.Contains(rules, "You correct"):
		return code(strings.Contains(rules, "six things"))
	case who == "rural" && !strings.Contains(rules, "You add trade"):
		return "```python\nimport cvxpy as cp\n# of rural\ndef prosumer(state)\n    return 1\n```"
	}
	return code(strings.Contains(rules, "six things"))
}

// form fills in the form for preferences.
func form(preferences []expert.Preference) string {
	names := map[expert.Quantity]string{
		expert.SOC: "battery_level", expert.CDGKW: "generator_power", expert.ShedKW: "load_reduction",
	}
	var parts []string
	for _, p := range preferences {
		to := p.ToStep
		if p.FromStep == p.ToStep {
			to = 96
		}
		parts = append(parts, fmt.Sprintf(`{"words":"","quantity":%q,"relation":%q,"value":%v,"from":%q,"to":%q}`,
			names[p.Quantity], p.Relation, p.Value, expert.ClockOf(p.FromStep), expert.ClockOf(to)))
	}
	return `{"preferences":[` + strings.Join(parts, ",") + `]}`
}
