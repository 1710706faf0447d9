package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExpertAsksAModel asks a scripted server that fails once, and replays what
// it said when it is gone.
func TestExpertAsksAModel(t *testing.T) {
	const key = "sk-scripted-0123456789"
	t.Setenv("PEERWATT_SCRIPTED_KEY", key)
	calls := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") != "Bearer "+key || !strings.Contains(string(body), "Keep 60 % from six to ten") {
			t.Errorf("got %v, %s", r.Header, body)
		}
		if calls++; calls == 1 {
			w.Header().Set("Retry-After-Ms", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"model":"scripted-7","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":`+
			`"{\"preferences\":[{\"quantity\":\"battery_level\",\"relation\":\"at_least\",\"value\":0.6,\"from\":\"18:00\",\"to\":\"22:00\"}]}"}}],"usage":{"prompt_tokens":400,"completion_tokens":40}}`)
	}))
	run := filepath.Join(t.TempDir(), "run")
	peerwatt := func(args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		cmd := rootCommand()
		cmd.SetArgs(args)
		cmd.SetOut(&out)
		cmd.SetErr(&errs)
		if err := cmd.ExecuteContext(context.Background()); err != nil {
			t.Fatal(err)
		}
		return out.String(), errs.String()
	}
	ask := []string{"expert", "ask", "Keep 60 % from six to ten in the evening.", "--as", "residential_0", "--community", "paper-scale", "--path", "specification",
		"--provider", "custom", "--base-url", s.URL, "--key-env", "PEERWATT_SCRIPTED_KEY", "--model", "seven", "--price", "1,2", "--max-cost", "0.10", "--run", run}
	first, errs := peerwatt(ask...)
	for _, want := range []string{"the wish was read by scripted-7", "wish    state of charge at least 60 % from 18:00 to 22:00"} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not in:\n%s", want, first)
		}
	}
	if !strings.Contains(errs, "waiting") || calls != 2 {
		t.Errorf("%d calls, told: %s", calls, errs)
	}
	s.Close()
	for _, args := range [][]string{ask, {"expert", "replay", run}} {
		if again, _ := peerwatt(args...); again != first {
			t.Errorf("%v gives\n%s, not\n%s", args[:2], again, first)
		}
	}
	err := filepath.WalkDir(run, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(key)) {
			t.Errorf("%s holds the key", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
