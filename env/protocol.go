package env

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// ProtocolVersion is the version of the JSON lines that Serve and Process
// speak; Spec carries it.
const ProtocolVersion = 1

// Spec tells a program in any language what it plays with. It is the reply to
// {"type":"spec"} and the first line that a Process sends.
type Spec struct {
	Type        string      `json:"type"` // "spec"
	Protocol    int         `json:"protocol"`
	Community   string      `json:"community"`
	Network     string      `json:"network"`
	Year        string      `json:"year"`
	Source      string      `json:"source"` // of the year's figures
	Currency    string      `json:"currency"`
	StepsPerDay int         `json:"steps_per_day"`
	StepHours   float64     `json:"step_hours"`
	Components  []string    `json:"components"` // of an agent's action
	Features    []Feature   `json:"features"`   // of an agent's observation
	Agents      []AgentSpec `json:"agents"`
	Days        DaysSpec    `json:"days"`
}

// AgentSpec is one agent of a Spec.
type AgentSpec struct {
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Bus    int       `json:"bus"`
	Owns   []uint8   `json:"owns"`   // 1 where it owns the device of a component
	Offset []float64 `json:"offset"` // an observation is (value - offset) / scale
	Scale  []float64 `json:"scale"`
}

// DaysSpec says which dates train, validate and test.
type DaysSpec struct {
	Train    []string `json:"train"`
	Validate []string `json:"validate"`
	Test     []string `json:"test"`
}

// Spec describes e.
func (e *Env) Spec() Spec {
	w := e.world
	s := Spec{
		Type: "spec", Protocol: ProtocolVersion,
		Community: w.Scenario.Name, Network: w.Network.Name, Year: w.Year.Name, Source: w.Year.Source,
		Currency: w.Market.Currency(), StepsPerDay: StepsPerDay, StepHours: stepHours,
		Components: ActionNames[:], Features: e.Features(),
	}
	for i, a := range w.agents {
		offset, scale := e.Scaling(i)
		spec := AgentSpec{Name: a.Name, Type: a.Type, Bus: a.BusID, Offset: offset, Scale: scale}
		for _, owned := range a.Mask {
			spec.Owns = append(spec.Owns, map[bool]uint8{true: 1}[owned])
		}
		s.Agents = append(s.Agents, spec)
	}
	split := w.Year.Split()
	s.Days = DaysSpec{w.dates(split.Train), w.dates(split.Validate), w.dates(split.Test)}
	return s
}

func (w *World) dates(days []int) []string {
	dates := make([]string, 0, len(days))
	for _, day := range days {
		dates = append(dates, w.DateOf(day))
	}
	return dates
}

// observationMessage is what there is to decide on: the reply to reset, step
// and observe, and what a Process sends at every step.
type observationMessage struct {
	Type        string          `json:"type"` // "observation"
	Day         string          `json:"day"`
	Step        int             `json:"step"`
	Done        bool            `json:"done"`
	Observation [][]float32     `json:"observation"` // [agent][feature]
	Mask        [][]float32     `json:"mask"`        // [agent][action component]
	Outcome     *outcomeMessage `json:"outcome,omitempty"`
}

// outcomeMessage is an Outcome in JSON.
type outcomeMessage struct {
	Reward       float64 `json:"reward"`
	Cost         float64 `json:"cost"`
	StoredValue  float64 `json:"stored_value"`
	Penalty      float64 `json:"penalty"`
	Violation    bool    `json:"violation"`
	OutsideBuses int     `json:"outside_buses"`
	ExcessPU     float64 `json:"excess_pu"`
	WorstPU      float64 `json:"worst_excess_pu"`
	Diverged     bool    `json:"diverged"`
	Terminated   bool    `json:"terminated"`
}

type errorMessage struct {
	Type  string `json:"type"` // "error"
	Line  int    `json:"line"` // counted from 1
	Error string `json:"error"`
}

// message describes the present state, with the last step's outcome.
func (e *Env) message() observationMessage {
	n := len(e.Agents())
	observation := make([]float32, n*e.ObservationDim())
	mask := make([]float32, n*ActionDim)
	e.Observe(observation)
	e.Mask(mask)
	m := observationMessage{
		Type: "observation", Day: e.world.DateOf(e.day), Step: e.step, Done: e.done,
		Observation: rows(observation, n), Mask: rows(mask, n),
	}
	if e.hasLast {
		out := e.last.Outcome
		m.Outcome = &outcomeMessage{
			Reward: out.Reward, Cost: out.Cost, StoredValue: out.StoredValue, Penalty: out.Penalty,
			Violation: out.Violation, OutsideBuses: out.OutsideBuses, ExcessPU: out.ExcessPU, WorstPU: out.WorstPU,
			Diverged: out.Diverged, Terminated: out.Terminated,
		}
	}
	return m
}

// rows cuts a joint vector into one row for each of n agents.
func rows(v []float32, n int) [][]float32 {
	dim := len(v) / n
	out := make([][]float32, n)
	for i := range out {
		out[i] = own(v, i, dim)
	}
	return out
}

// request is a line from a program: all fields of all requests.
type request struct {
	Type   string     `json:"type"`
	Day    string     `json:"day"`
	SOC    *float64   `json:"soc"`
	Trade  *bool      `json:"trade"`
	Step   *int       `json:"step"`
	Action [][]number `json:"action"`
	Error  string     `json:"error"`
}

// number is a float32 that refuses null, which encoding/json would skip.
type number float32

func (n *number) UnmarshalJSON(text []byte) error {
	x, err := strconv.ParseFloat(string(text), 32)
	if err != nil || math.IsInf(x, 0) || x != x {
		return fmt.Errorf("%s is not a number of an action", bytes.TrimSpace(text))
	}
	*n = number(x)
	return nil
}

// parseRequest reads one line strictly.
func parseRequest(line []byte) (request, error) {
	var r request
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it breaks off")
		}
		return r, fmt.Errorf(`not a request such as {"type":"observe"}: %w`, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("more than one JSON object on a line")
	}
	return r, nil
}

// jointAction checks a step's action for the present step of e and flattens it
// into dst.
func (r *request) jointAction(e *Env, dst []float32) error {
	agents := e.Agents()
	if r.Step != nil && *r.Step != e.step {
		return fmt.Errorf("action for step %d, but it is step %d", *r.Step, e.step)
	}
	if len(r.Action) != len(agents) {
		return fmt.Errorf("action has %d rows, want one for each of %d agents", len(r.Action), len(agents))
	}
	for i, row := range r.Action {
		if len(row) != ActionDim {
			return fmt.Errorf("action[%d] (%s) has %d numbers, want %d: %v", i, agents[i].Name, len(row), ActionDim, ActionNames)
		}
		for k, x := range row {
			dst[i*ActionDim+k] = float32(x)
		}
	}
	return nil
}

// send writes one message as one line.
func send(w io.Writer, message any) error {
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
