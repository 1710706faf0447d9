package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestDataFetch runs the command against a server that fails at first: what it prints and
// where, and that a second run asks for nothing.
func TestDataFetch(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			http.Error(w, "warming up", http.StatusServiceUnavailable)
			return
		}
		_, where, _ := strings.Cut(r.URL.Query().Get("where"), "datetime >= date'")
		first, _, _ := strings.Cut(where, "'")
		from, err := time.Parse(time.RFC3339, first)
		if err != nil {
			t.Errorf("where %q: %v", where, err)
		}
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprintln(w, "datetime;resolutioncode;totalload;dayaheadforecast")
		month := from.Add(time.Hour)
		for at := from; at.Before(month.AddDate(0, 1, 0).Add(-time.Hour)); at = at.Add(15 * time.Minute) {
			fmt.Fprintf(w, "%s;PT15M;9000;9100\n", at.Format(time.RFC3339))
		}
	}))
	defer server.Close()
	folder := filepath.Join(t.TempDir(), "elia")
	fetch := func(more ...string) (stdout, stderr string) {
		t.Helper()
		root := rootCommand()
		var out, errors bytes.Buffer
		root.SetOut(&out)
		root.SetErr(&errors)
		root.SetArgs(append([]string{"data", "fetch", "--from", "2023-02", "--to", "2023-03", "--what", "load", "--out", folder, "--base-url", server.URL}, more...))
		if err := root.ExecuteContext(context.Background()); err != nil {
			t.Fatal(err)
		}
		return out.String(), errors.String()
	}

	stdout, stderr := fetch()
	for _, want := range []string{"ods001  2023-02  2688  fetched", "ods001  2023-03  2976  fetched", "2 months in " + folder} {
		if !strings.Contains(stdout, want) {
			t.Errorf("stdout does not say %q:\n%s", want, stdout)
		}
	}
	if want := "load (ods001) of 2023-02: the server answers 503 Service Unavailable; attempt 2 of 6"; !strings.Contains(stderr, want) {
		t.Errorf("stderr does not say %q:\n%s", want, stderr)
	}

	before := asked.Load()
	stdout, _ = fetch("--json")
	var result struct {
		Folder string
		Pieces []struct {
			Month   string
			Rows    int
			Missing int `json:"missing_quarter_hours"`
			Kept    bool
		}
	}
	if err := json.Unmarshal([]byte(stdout), &result); err != nil {
		t.Fatalf("%v in %s", err, stdout)
	}
	if asked.Load() != before || len(result.Pieces) != 2 || !result.Pieces[0].Kept || result.Pieces[1].Rows != 2976 {
		t.Errorf("the second run asked %d times: %+v", asked.Load()-before, result)
	}
}
