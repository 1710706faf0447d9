package env

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The test binary is its own child: with this variable it speaks the protocol
// as a policy would, in one of several ways.
const childVariable = "PEERWATT_TEST_CHILD"

func TestMain(m *testing.M) {
	if how := os.Getenv(childVariable); how != "" {
		child(how)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is a policy in another program.
func child(how string) {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, maxLine)
	answers := 0
	for in.Scan() {
		var m struct {
			Type        string
			Step        int
			Observation [][]float32
			Mask        [][]float32
		}
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		if m.Type == "closed" {
			os.Exit(0)
		}
		if m.Type != "observation" {
			continue
		}
		switch answers++; {
		case answers < 5:
		case how == "dies":
			fmt.Fprintln(os.Stderr, "Traceback: nothing good\nValueError: out of luck")
			os.Exit(4)
		case how == "leaves":
			os.Exit(0)
		case how == "sleeps":
			time.Sleep(time.Hour)
		case how == "chats":
			fmt.Println("step", m.Step, "is easy")
		case how == "gives up":
			fmt.Println(`{"type":"error","error":"no plan\nfor this day"}`)
			continue
		case how == "asks":
			fmt.Println(`{"type":"observe"}`)
			continue
		case how == "short":
			fmt.Println(`{"type":"step","action":[[1,2,3,4,5]]}`)
			continue
		}
		action := make([][]float32, len(m.Observation))
		for i, o := range m.Observation {
			for k := range ActionDim { // something that depends on what is seen
				action[i] = append(action[i], min(max(o[4+k]-m.Mask[i][k]/3, -1), 1))
			}
		}
		line, _ := json.Marshal(map[string]any{"type": "step", "step": m.Step, "action": action})
		fmt.Println(string(line))
	}
}

// sameInGo is what child does, without a process.
type sameInGo struct{}

func (sameInGo) Name() string { return "same" }

func (sameInGo) Act(v *View, action []float32) error {
	for k := range action {
		action[k] = min(max(v.Observation[4+k]-v.Mask[k]/3, -1), 1)
	}
	return nil
}

func process(t *testing.T, how string, timeout time.Duration) *Process {
	t.Helper()
	t.Setenv(childVariable, how)
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProcess(executable+" -test.run=none", timeout)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// TestProcessIsThePolicyInGo: a day over a pipe is the day of the same policy
// in this process.
func TestProcessIsThePolicyInGo(t *testing.T) {
	w := world(t, "voltage-stress")
	p := process(t, "well", 0)
	e := newEnv(t, w, Options{})
	far, err := RunDay(e, p, 19, Evaluation, nil)
	if err != nil {
		t.Fatal(err)
	}
	near, err := RunDay(e, Decentralised(sameInGo{}), 19, Evaluation, nil)
	if err != nil {
		t.Fatal(err)
	}
	far.DecisionTime, near.DecisionTime = 0, 0
	if !reflect.DeepEqual(far, near) {
		t.Errorf("over the pipe %+v, in Go %+v", far, near)
	}
	if err := p.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestProcessesThatFail(t *testing.T) {
	w := world(t, "voltage-stress")
	e := newEnv(t, w, Options{})
	for how, want := range map[string]string{
		"dies":     "step 4: the program ended with exit status 4; it said: ValueError: out of luck",
		"leaves":   "step 4: the program closed its output before it answered",
		"sleeps":   "step 4: the program gave no answer within 200ms",
		"chats":    `step 4: the program answered "step 4 is easy": not a request`,
		"gives up": "step 4: the program gave up: no plan for this day",
		"asks":     `step 4: the program answered with type "observe"`,
		"short":    "step 4: action has 1 rows, want one for each of 20 agents",
	} {
		timeout := time.Minute
		if how == "sleeps" {
			timeout = 200 * time.Millisecond
		}
		p := process(t, how, timeout)
		_, err := RunDay(e, p, 19, Evaluation, nil)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", how, err, want)
		}
		// The program is gone; a new day starts it anew.
		if _, err := RunDay(e, p, 20, Evaluation, nil); err == nil || !strings.Contains(err.Error(), "step 4") {
			t.Errorf("%s, the second time: %v", how, err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("%s: close: %v", how, err)
		}
	}
	if _, err := NewProcess("  ", 0); err == nil {
		t.Error("an empty command was taken")
	}
	p, err := NewProcess("/nowhere/policy --fast", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := RunDay(e, p, 19, Evaluation, nil); err == nil || !strings.Contains(err.Error(), "cannot start /nowhere/policy") {
		t.Errorf("a program that is not there: %v", err)
	}
}
