package expert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/expert/llm"
)

// TestReferenceExpertScoresAll: the human expert's own programs, run in the
// sandbox like those of a model, pass, are right and are as accurate as can be.
func TestReferenceExpertScoresAll(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	o := BenchOptions{Trials: 1, SOC: 0.5, Day: 150}
	if os.Getenv("PEERWATT_TEST_FULL") != "" {
		o.Wishes = "all"
	}
	trials, err := Bench(context.Background(), nil, w, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := NewScore(trials)
	if s.Passed.Share != 1 || s.Right.Share != 1 || s.Accuracy.Value < 99.999 || s.Tokens.Value != 0 {
		t.Errorf("%+v", s)
	}
	for _, x := range trials {
		if x.Model != ReferenceExpert || !x.SemanticallyRight {
			t.Errorf("%+v", x)
		}
	}
}

// reader is a model that fills in the form rightly, but for some archetypes.
type reader struct {
	t     *testing.T
	mu    sync.Mutex
	calls int
	until int // then it cannot be asked; 0: always
}

func (m *reader) Settings() llm.Settings {
	return llm.Settings{Provider: "custom", Model: "reader", MaxTokens: llm.DefaultMaxTokens}
}

func (m *reader) Complete(_ context.Context, r llm.Request, _ func(llm.Event)) (*llm.Response, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.until > 0 && m.calls >= m.until {
		return nil, &llm.Error{Kind: llm.NoCredit, Provider: "custom", Text: "nothing left"}
	}
	m.calls++
	usd := 0.01
	answer := &llm.Response{Model: "reader-1", Finish: llm.Stopped, CostUSD: &usd, Usage: llm.Usage{CompletionTokens: 50, ReasoningTokens: 20}, Notes: []string{"temperature left out"}}
	for _, x := range firstOf(m.t, "voltage-stress") {
		wishes, err := Wishes().Of(x)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(r.Messages[0].Text, strings.TrimSpace(wishes[0].Text)) {
			continue
		}
		preferences := wishes[0].Preferences
		switch x.Archetype {
		case community.Rural:
			preferences = nil // forgets the wish
		case community.Hub:
			answer.Text = "no form at all"
			return answer, nil
		}
		answer.Text = formOf(preferences)
		return answer, nil
	}
	return nil, errors.New("an unknown wish")
}

// TestBenchGoesOn runs out of credit half-way, goes on, and comes to the same
// trials as a run without a stop, as three workers, and as a replay.
func TestBenchGoesOn(t *testing.T) {
	w := theWorld(t, "voltage-stress")
	o := BenchOptions{Trials: 2, SOC: 0.5, Day: 150, Workflow: WorkflowOptions{Path: SpecificationPath}}
	whole := &reader{t: t}
	want, err := Bench(context.Background(), whole, w, o, nil)
	if err != nil {
		t.Fatal(err)
	}

	o.Dir, o.Workers = t.TempDir(), 3
	calls := filepath.Join(o.Dir, "calls")
	m := &reader{t: t, until: 4}
	ask := func() ([]Trial, error) {
		recorder, err := llm.Record(m, calls)
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		trials, err := Bench(context.Background(), recorder, w, o, func(done, total int, _ Trial) {
			if told++; done != told || total != len(want) {
				t.Errorf("told of %d of %d, want %d of %d", done, total, told, len(want))
			}
		})
		return trials, err
	}
	var cannot *llm.Error
	if _, err := ask(); !errors.As(err, &cannot) || cannot.Kind != llm.NoCredit {
		t.Fatalf("no credit is told as %v", err)
	}
	m.until = 0
	got, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	if spent, err := llm.SpentUSD(calls); err != nil || math.Abs(spent-0.01*float64(whole.calls)) > 1e-9 || m.calls != whole.calls {
		t.Errorf("%d calls for %v dollars, want %d: %v", m.calls, spent, whole.calls, err)
	}
	again, err := ask()
	if err != nil || m.calls != whole.calls {
		t.Errorf("what was done was asked again: %d calls, %v", m.calls, err)
	}
	replay, err := llm.Replay(m.Settings(), calls)
	if err != nil {
		t.Fatal(err)
	}
	o.Dir = ""
	replayed, err := Bench(context.Background(), replay, w, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, trials := range map[string][]Trial{"stopped": got, "again": again, "replay": replayed} {
		for i := range trials {
			trials[i].Seconds = 0
		}
		a, _ := json.Marshal(trials)
		b, _ := json.Marshal(want)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s", name, cmp.Diff(want, trials))
		}
	}

	s := NewScore(got)
	if s.Trials != 10 || s.Passed != Wilson(8, 10) || s.Right != Wilson(6, 10) || s.Tokens.Value != 50 || s.Answer.Value != 30 {
		t.Errorf("%+v", s)
	}
	if s.CostUSD == nil || math.Abs(*s.CostUSD-0.01*float64(whole.calls)) > 1e-9 {
		t.Errorf("cost %v", s.CostUSD)
	}
	if s.Accuracy.Value >= 100 || s.Accuracy.Low > s.Accuracy.Value || s.Accuracy.High < s.Accuracy.Value {
		t.Errorf("accuracy %+v", s.Accuracy)
	}
	if notes := Notes(got); len(notes) != 1 || notes[0] != "temperature left out" {
		t.Errorf("notes %q", notes)
	}
	var csv bytes.Buffer
	if err := WriteTrials(&csv, got); err != nil || strings.Count(csv.String(), "\n") != 11 {
		t.Errorf("%v: %s", err, csv.String())
	}
}

// TestMeans holds the intervals against a table: t(0.975, 3) = 3.182446.
func TestMeans(t *testing.T) {
	m := newMean([]float64{1, 2, 3, 4})
	half := 3.182446305 * math.Sqrt(5./3) / 2
	if m.N != 4 || m.Value != 2.5 || math.Abs(m.High-2.5-half) > 1e-6 || math.Abs(m.Low-math.Max(0, 2.5-half)) > 1e-6 {
		t.Errorf("%+v, half %v", m, half)
	}
	if one := newMean([]float64{7}); one.Low != 7 || one.High != 7 || newMean(nil).String("%v") != "" {
		t.Errorf("%+v", one)
	}
}
