package env

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// session speaks with a server in the test's own process.
type session struct {
	t   testing.TB
	in  io.WriteCloser
	out *bufio.Scanner
	end chan error
}

func serve(t testing.TB, e *Env) *session {
	requests, in := io.Pipe()
	out, replies := io.Pipe()
	s := &session{t: t, in: in, out: bufio.NewScanner(out), end: make(chan error, 1)}
	s.out.Buffer(nil, maxLine)
	go func() {
		s.end <- Serve(context.Background(), e, requests, replies)
		replies.Close()
	}()
	return s
}

// ask sends one line and decodes the reply into reply.
func (s *session) ask(line string, reply any) {
	s.t.Helper()
	if _, err := fmt.Fprintln(s.in, line); err != nil {
		s.t.Fatal(err)
	}
	if !s.out.Scan() {
		s.t.Fatalf("no reply to %s", line)
	}
	if err := json.Unmarshal(s.out.Bytes(), reply); err != nil {
		s.t.Fatalf("%s: %v", s.out.Text(), err)
	}
}

// TestProtocolIsTheGoInterface plays the same days over JSON lines and in Go
// and wants the same bits at every step.
func TestProtocolIsTheGoInterface(t *testing.T) {
	w := world(t, "voltage-stress")
	for _, o := range []Options{{}, {Observation: "plus", WithoutTrade: true}} {
		far, near := newEnv(t, w, o), newEnv(t, w, o)
		s := serve(t, far)
		var spec Spec
		s.ask(`{"type":"spec"}`, &spec)
		if !reflect.DeepEqual(spec, near.Spec()) {
			t.Errorf("the spec reads back differently: %.300v", spec)
		}
		action := make([]float32, len(w.agents)*ActionDim)
		for _, c := range []struct {
			date string
			soc  float64
		}{{"2015-01-20", 0.5}, {"2015-06-30", 0.1234567890123456}} {
			near.Reset(mustDay(t, w, c.date), Initial{SOC: c.soc})
			var m observationMessage
			reset, _ := json.Marshal(map[string]any{"type": "reset", "day": c.date, "soc": c.soc})
			s.ask(string(reset), &m)
			same(t, near, m, c.date)
			for !near.Done() {
				_ = Random{Seed: 4}.Act(near, action)
				line, _ := json.Marshal(map[string]any{"type": "step", "step": near.StepIndex(), "action": rows(action, len(w.agents))})
				near.Step(action)
				m = observationMessage{}
				s.ask(string(line), &m)
				same(t, near, m, c.date)
				if near.StepIndex()%40 == 7 {
					m = observationMessage{}
					s.ask(`{"type":"observe"}`, &m)
					same(t, near, m, c.date)
				}
			}
		}
		var closed struct{ Type string }
		s.ask(`{"type":"close"}`, &closed)
		if err := <-s.end; err != nil || closed.Type != "closed" {
			t.Errorf("closed with %q, %v", closed.Type, err)
		}
	}
}

// same holds a message against an environment of this process, bit for bit.
func same(t *testing.T, e *Env, m observationMessage, date string) {
	t.Helper()
	n := len(e.Agents())
	observation, mask := make([]float32, n*e.ObservationDim()), make([]float32, n*ActionDim)
	e.Observe(observation)
	e.Mask(mask)
	if m.Type != "observation" || m.Day != date || m.Step != e.StepIndex() || m.Done != e.Done() ||
		!reflect.DeepEqual(m.Observation, rows(observation, n)) || !reflect.DeepEqual(m.Mask, rows(mask, n)) {
		t.Fatalf("step %d: the message differs from the environment", e.StepIndex())
	}
	if e.Last() == nil {
		if m.Outcome != nil {
			t.Fatal("an outcome before the first step")
		}
		return
	}
	x := e.Last().Outcome
	want := outcomeMessage{x.Reward, x.Cost, x.StoredValue, x.Penalty, x.Violation, x.OutsideBuses, x.ExcessPU, x.WorstPU, x.Diverged, x.Terminated}
	if m.Outcome == nil || *m.Outcome != want {
		t.Fatalf("step %d: outcome %+v, want %+v", e.StepIndex(), m.Outcome, want)
	}
}

// TestTradeFlagOfReset: it holds for that day alone.
func TestTradeFlagOfReset(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	s := server{env: e, trade: true, action: make([]float32, len(w.agents)*ActionDim)}
	for _, c := range []struct {
		line string
		want bool
	}{
		{`{"type":"reset","day":"2015-01-20","trade":false}`, false},
		{`{"type":"reset","day":"2015-01-20"}`, true},
	} {
		if _, err := s.answer([]byte(c.line)); err != nil || e.Trades() != c.want {
			t.Errorf("%s: trade is %v, %v", c.line, e.Trades(), err)
		}
	}
}

// TestBadLinesGetAnError and the session goes on from the state it was in.
func TestBadLinesGetAnError(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	s := serve(t, e)
	row := "[0,0,0,0,0]"
	action := strings.TrimSuffix(strings.Repeat(row+",", len(w.agents)), ",")
	bad := []struct{ line, want string }{
		{`{"type":"observe"}`, "no day is open"},
		{`{"type":"step","action":[` + action + `]}`, "no day is open"},
		{`{"type":"reset","day":"2015-01-20"}`, ""},
		{``, "it breaks off"},
		{`{"type":"step"`, "it breaks off"},
		{`step`, "not a request"},
		{`[1,2]`, "not a request"},
		{`{"type":"step","action":[` + action + `]} {}`, "more than one JSON object"},
		{`{"type":"stepp"}`, `type "stepp" is unknown`},
		{`{"type":"step","actions":[]}`, `unknown field "actions"`},
		{`{"type":"step"}`, "action has 0 rows, want one for each of 20 agents"},
		{`{"type":"step","action":[` + row + `]}`, "action has 1 rows"},
		{`{"type":"step","action":[` + strings.Replace(action, row, "[0,0,0,0]", 1) + `]}`, "action[0] (commercial_0) has 4 numbers, want 5"},
		{`{"type":"step","action":[` + strings.Replace(action, row, "[0,0,null,0,0]", 1) + `]}`, "null is not a number"},
		{`{"type":"step","action":[` + strings.Replace(action, row, "[0,0,\"1\",0,0]", 1) + `]}`, "is not a number"},
		{`{"type":"step","action":[` + strings.Replace(action, row, "[0,0,1e60,0,0]", 1) + `]}`, "is not a number"},
		{`{"type":"step","action":[` + strings.Replace(action, row, "[0,0,NaN,0,0]", 1) + `]}`, "not a request"},
		{`{"type":"step","step":3,"action":[` + action + `]}`, "action for step 3, but it is step 0"},
		{`{"type":"reset"}`, `reset wants a day such as "2015-01-01"`},
		{`{"type":"reset","day":"20 January"}`, "is not a date"},
		{`{"type":"reset","day":"2016-01-20"}`, "runs from 2015-01-01 to 2015-12-31"},
		{`{"type":"reset","day":"2015-01-21","soc":1.5}`, "soc is 1.5, want 0 to 1"},
	}
	for k, c := range bad {
		var m errorMessage
		s.ask(c.line, &m)
		if c.want == "" {
			continue
		}
		if m.Type != "error" || m.Line != k+1 || !strings.Contains(m.Error, c.want) || strings.Contains(m.Error, "\n") {
			t.Errorf("%s: %+v, want %q", c.line, m, c.want)
		}
	}
	near := newEnv(t, w, Options{})
	near.Reset(mustDay(t, w, "2015-01-20"), Evaluation)
	var m observationMessage
	s.ask(`{"type":"observe"}`, &m)
	same(t, near, m, "2015-01-20")
	for !near.Done() {
		near.Step(make([]float32, len(w.agents)*ActionDim))
		m = observationMessage{}
		s.ask(`{"type":"step","action":[`+action+`]}`, &m)
		same(t, near, m, "2015-01-20")
	}
	var after errorMessage
	s.ask(`{"type":"step","action":[`+action+`]}`, &after)
	if !strings.Contains(after.Error, "the day is over") {
		t.Errorf("a 97th step: %+v", after)
	}
	s.in.Close()
	if err := <-s.end; err != nil {
		t.Errorf("the end of the input: %v", err)
	}
}

func TestServeEnds(t *testing.T) {
	e := newEnv(t, world(t, "voltage-stress"), Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	never, _ := io.Pipe()
	if err := Serve(ctx, e, never, io.Discard); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
	endless := io.MultiReader(bytes.NewReader(make([]byte, maxLine+1)), strings.NewReader("\n"))
	if err := Serve(context.Background(), e, endless, io.Discard); err == nil || !strings.Contains(err.Error(), "line 1: longer than") {
		t.Errorf("an endless line: %v", err)
	}
}

// FuzzRequest: no line makes the server panic or leave the state it is in.
func FuzzRequest(f *testing.F) {
	for _, line := range []string{
		`{"type":"spec"}`, `{"type":"reset","day":"2015-07-01","soc":0.5,"trade":true}`, `{"type":"observe"}`,
		`{"type":"step","step":0,"action":[[0,1,-1,0.5,1e-3]]}`, `{"type":"close"}`, `{"type":"step","action":null}`,
		`{"type":"step","action":[[null]]}`, `{"soc":1e999}`, `{"day":"0000-00-00","type":"reset"}`, "", "\x00", `{"type":"reset","day":"9999-12-31"}`,
	} {
		f.Add([]byte(line))
	}
	w := world(f, "voltage-stress")
	e := newEnv(f, w, Options{})
	s := server{env: e, trade: true, opened: true, action: make([]float32, len(w.agents)*ActionDim)}
	f.Fuzz(func(t *testing.T, line []byte) {
		before := e.Save()
		reply, err := s.answer(line)
		if err != nil && !reflect.DeepEqual(e.Save(), before) {
			t.Errorf("%q gave %v and changed the state", line, err)
		}
		if err := send(io.Discard, reply); err != nil {
			t.Errorf("%q has a reply that cannot be sent: %v", line, err)
		}
	})
}
