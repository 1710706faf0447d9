package experiment

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/market"
	"github.com/peerwatt/peerwatt/marl"
)

// Key describes one value of a specification.
type Key struct {
	Path    string // "algorithm.replay.capacity"
	Meaning string
	Kind    string   // "text", "whole number", ...
	Choices []string // the values there are, nil where any of the kind will do
	Default string   // as YAML
}

// Keys describes every key of a specification, in order. Meanings are the
// comments of the fields: keydocs.go is made from them by
// `go test ./experiment -run TestKey -update`.
func Keys() []Key {
	var keys []Key
	walkKeys(reflect.ValueOf(Default()), "", func(path string, _ reflect.Type, _ reflect.StructField, v reflect.Value) {
		keys = append(keys, Key{Path: path, Meaning: keyDocs[path], Kind: kindOf(v.Type()), Choices: keyChoices[path], Default: defaultOf(v)})
	})
	return keys
}

// Values says in words which values a key takes.
func (k *Key) Values() string {
	if k.Choices == nil {
		return k.Kind
	}
	return "one of " + strings.Join(k.Choices, ", ")
}

// keyChoices lists the values of keys that have only a few.
var keyChoices = map[string][]string{
	"market.tariff":             market.Tariffs(),
	"market.rule":               market.Rules(),
	"environment.observation":   {"paper", "plus"},
	"expert.kind":               {"reference", "llm"},
	"algorithm.name":            marl.Names(),
	"algorithm.preset":          marl.Presets,
	"algorithm.critic":          {"shared", "per_agent"},
	"algorithm.reward.baseline": {"none", "idle"},
	"algorithm.actor_sharing":   {"none", "type"},
	"algorithm.op_mh.form":      {"norm", "literal"},
	"algorithm.op_mh.attention": {"differential", "standard"},
	"algorithm.op_mh.embedding": {"agent", "device"},
}

// keyMeanings stand where the comment of a field says too little to somebody
// who writes YAML.
var keyMeanings = map[string]string{
	"community.preset":                  fmt.Sprintf("a built-in community (%s) or the YAML file of one of your own", strings.Join(community.Presets(), ", ")),
	"market.tariff":                     "the grid's prices",
	"market.rule":                       "how the price among peers is found",
	"market.fee":                        "what the network operator charges each side of a trade, money per kWh",
	"market.sell":                       "the flat feed-in price of cny-tou, money per kWh; other tariffs have their own",
	"market.prices_csv":                 "a CSV file with day-ahead prices of your own for eur-belgium, column price_eur_per_kwh",
	"algorithm.name":                    "which learner",
	"algorithm.preset":                  "where the other values of this section come from unless they are given; plus shows agents environment.observation plus, too",
	"algorithm.batch_size":              "B, transitions in a batch",
	"algorithm.discount":                "gamma, of a reward one step later",
	"algorithm.target_rate":             "tau, eq. (36): share by which target networks follow after an update",
	"algorithm.actor_hidden":            "widths of the hidden layers of every actor",
	"algorithm.critic_hidden":           "widths of the hidden layers of every critic",
	"algorithm.reward.scale":            "multiplies the reward that learners see",
	"algorithm.replay.normal_share":     "share of the capacity that is for normal operation; the rest is for steps with violations",
	"algorithm.replay.beta_start":       "exponent of the importance weights at the start; grows linearly",
	"algorithm.replay.beta_end":         "exponent of the importance weights at the end",
	"algorithm.exploration.sigma_start": "standard deviation of the noise on actions at the start; actions lie in -1 .. 1",
	"algorithm.exploration.sigma_end":   "standard deviation of the noise after its decay",
	"algorithm.exploration.decay_share": "share of the episodes over which the noise falls linearly",
}

// walkKeys visits every leaf of a value of a documented struct: its path, the
// struct that holds it, its field and its value.
func walkKeys(v reflect.Value, path string, visit func(path string, in reflect.Type, f reflect.StructField, v reflect.Value)) {
	for k := range v.NumField() {
		f := v.Type().Field(k)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		below := strings.TrimPrefix(path+"."+key, ".")
		if f.Type.Kind() == reflect.Struct {
			walkKeys(v.Field(k), below, visit)
		} else {
			visit(below, v.Type(), f, v.Field(k))
		}
	}
}

func defaultOf(v reflect.Value) string {
	if v.Kind() == reflect.Slice {
		return strings.ReplaceAll(fmt.Sprint(v.Interface()), " ", ", ")
	}
	return fmt.Sprint(v.Interface())
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list of whole numbers"
	}
	return "whole number"
}

// Describe returns the specification as YAML with every value filled in and
// every key explained.
func (s *Spec) Describe() ([]byte, error) {
	comments := yaml.CommentMap{}
	for _, k := range Keys() {
		comments["$."+k.Path] = []*yaml.Comment{yaml.HeadComment(wrap(k.Meaning+" ("+k.Values()+")", 90)...)}
	}
	return s.yaml(yaml.WithComment(comments))
}

// yaml writes every value of the specification.
func (s *Spec) yaml(options ...yaml.EncodeOption) ([]byte, error) {
	var b bytes.Buffer
	options = append(options, yaml.UseJSONMarshaler(), yaml.IndentSequence(true))
	if err := yaml.NewEncoder(&b, options...).Encode(s); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// wrap breaks a text into lines, each with the blank that it begins with.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line += " " + word
	}
	return append(lines, line)
}
