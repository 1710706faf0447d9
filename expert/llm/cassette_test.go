package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRecordedAnswersReplayExactly(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		s := newServer(t, p, fails(500, "api_error", "x"), answers("one"), answers("two"), fails(400, "invalid_request_error", "too long"), answers("three"))
		c, _ := opened(t, s, p, func(c *Config) { c.Temperature, c.Price = hot(), &Price{InputPerM: 1, OutputPerM: 2} })
		dir := filepath.Join(t.TempDir(), "calls")
		recorder, err := Record(c, dir)
		if err != nil {
			t.Fatal(err)
		}
		requests := []Request{ask("a"), {Messages: ask("a").Messages, System: "You are terse.", Sample: "trial 2"}, ask("too long")}
		complete := func(m Model) (got []*Response, failures []string) {
			for _, r := range requests {
				res, err := m.Complete(context.Background(), r, nil)
				got = append(got, res)
				failures = append(failures, fmt.Sprint(err))
			}
			return got, failures
		}
		first, failed := complete(recorder)
		if s.calls() != 4 || first[0].Text != "one" || first[0].Attempts != 2 || first[1].Text != "two" || !strings.Contains(failed[2], "too long") {
			t.Fatalf("%d calls, %+v, %q", s.calls(), first, failed)
		}

		replay, err := Replay(c.Settings(), dir)
		if err != nil {
			t.Fatal(err)
		}
		again, failedAgain := complete(replay)
		ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Replayed" }, cmp.Ignore())
		if d := cmp.Diff(first, again, ignore); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(failed, failedAgain); d != "" {
			t.Error(d)
		}
		if s.calls() != 4 || !again[0].Replayed {
			t.Errorf("%d calls: the replay asked the model", s.calls())
		}

		// What failed is asked again when recording goes on, what was answered is not.
		third, _ := complete(recorder)
		if s.calls() != 5 || third[2].Text != "three" {
			t.Errorf("%d calls, %+v", s.calls(), third[2])
		}
		if got, _ := complete(replay); got[2].Text != "three" {
			t.Errorf("the replay gives %+v", got[2])
		}

		// The same words in other clothes are the same request; other settings are not.
		if _, err := replay.Complete(context.Background(), Request{System: "You are terse. \r\n", Messages: []Message{{User, "a\r\n"}}}, nil); err != nil {
			t.Error(err)
		}
		other := c.Settings()
		other.Model = "another"
		elsewhere, err := Replay(other, dir)
		if err != nil {
			t.Fatal(err)
		}
		_, err = elsewhere.Complete(context.Background(), ask("a"), nil)
		var e *Error
		if !errors.As(err, &e) || e.Kind != NotRecorded {
			t.Errorf("another model answered: %v", err)
		}
	})
}

// TestNoKeyIsKept: a server that repeats the key, and a user who writes it into
// a wish, must not get it into a file, an event or an error.
func TestNoKeyIsKept(t *testing.T) {
	bothProtocols(t, func(t *testing.T, p protocol) {
		s := newServer(t, p,
			fails(500, "api_error", "key "+secret+" crashed"),
			func(p protocol, w http.ResponseWriter) {
				w.Header().Set("X-Echo", secret)
				say(w, p.begin(), p.thought("they gave "+secret), p.text("your key is "+secret+"!"), p.end(Stopped, 1, 1, 0))
			},
			fails(400, "invalid_request_error", "bad key "+secret))
		c, _ := opened(t, s, p, nil)
		dir := t.TempDir()
		m, err := Record(c, dir)
		if err != nil {
			t.Fatal(err)
		}
		var heard strings.Builder
		watch := func(e Event) {
			if e.Kind != Writing && e.Kind != Thinking { // these go to the screen as they come
				heard.WriteString(e.Text)
			}
		}
		res, err := m.Complete(context.Background(), ask("My key is "+secret), watch)
		if err != nil {
			t.Fatal(err)
		}
		_, failure := m.Complete(context.Background(), ask("again"), watch)
		printed := fmt.Sprintf("%v %+v %#v %s %v %v %+v", c.key, c.key, c.key, c.key, res, failure, *res)
		for _, text := range []string{printed, heard.String()} {
			if strings.Contains(text, secret) {
				t.Errorf("the key is shown in %q", text)
			}
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(files) != 2 {
			t.Fatalf("%d files", len(files))
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds the key", f)
			}
			if !strings.Contains(string(text), `"failure"`) && !strings.Contains(string(text), `"model": "m-2"`) {
				t.Errorf("%s does not say which model answered", f)
			}
		}
	})
}

func TestBrokenRecordings(t *testing.T) {
	s := newServer(t, chatProtocol, answers("x"))
	c, _ := opened(t, s, chatProtocol, nil)
	dir := t.TempDir()
	m, err := Record(c, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Complete(context.Background(), ask("a"), nil); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, text := range []string{"", "{}", `{"key":"abc","response":{}}`, "{\x00"} {
		if err := os.WriteFile(files[0], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := m.Complete(context.Background(), ask("a"), nil)
		if err == nil {
			t.Fatalf("%q was taken for a recording", text)
		}
		contains(t, "the error", err.Error(), "remove it to ask the model again")
	}
	if _, err := Replay(c.Settings(), filepath.Join(dir, "nothing")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}
