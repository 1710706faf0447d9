package profile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// elia is a server that speaks the interface of Elia's portal for the data sets of this
// package, and misbehaves as told.
type elia struct {
	*httptest.Server
	t     *testing.T
	mu    sync.Mutex
	asked []string       // "ods032 2024-01", with the attempt
	times map[string]int // attempts per window
	// misbehave answers instead of the server; it reports whether it did.
	misbehave func(w http.ResponseWriter, r *http.Request, window string, attempt int) bool
}

func newElia(t *testing.T) *elia {
	e := &elia{t: t, times: make(map[string]int)}
	e.Server = httptest.NewServer(http.HandlerFunc(e.serve))
	t.Cleanup(e.Close)
	return e
}

// attempts returns how often a window was asked for.
func (e *elia) attempts(window string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.times[window]
}

func (e *elia) serve(w http.ResponseWriter, r *http.Request) {
	var dataset, format string
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(path) != 8 || strings.Join(path[:5], "/") != "api/explore/v2.1/catalog/datasets" || path[6] != "exports" {
		http.NotFound(w, r)
		return
	}
	dataset, format = path[5], path[7]
	var from, to time.Time
	query := r.URL.Query()
	for _, part := range strings.Split(query.Get("where"), " AND ") {
		var err error
		if at, ok := strings.CutPrefix(part, "datetime >= date'"); ok {
			from, err = time.Parse(time.RFC3339, strings.TrimSuffix(at, "'"))
		} else if at, ok := strings.CutPrefix(part, "datetime < date'"); ok {
			to, err = time.Parse(time.RFC3339, strings.TrimSuffix(at, "'"))
		} else if part != "region = 'Belgium'" {
			err = fmt.Errorf("where: %s", part)
		}
		if err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"message": "ODSQL query is malformed: %v", "error_code": "ODSQLError"}`, err)
			return
		}
	}
	window := dataset + " " + from.In(zone).Format("2006-01")
	e.mu.Lock()
	e.times[window]++
	attempt := e.times[window]
	e.asked = append(e.asked, fmt.Sprintf("%s #%d", window, attempt))
	misbehave := e.misbehave
	e.mu.Unlock()
	if query.Get("timezone") != "UTC" || query.Get("limit") != "-1" || query.Get("select") == "" {
		e.t.Errorf("asked with %v", query)
	}
	if misbehave != nil && misbehave(w, r, window, attempt) {
		return
	}
	contentType, body := published(dataset, format, from, to)
	w.Header().Set("Content-Type", contentType+"; charset=utf-8")
	io.WriteString(w, body)
}

// published is what the portal holds for a window.
func published(dataset, format string, from, to time.Time) (contentType, body string) {
	var csv, json strings.Builder
	switch dataset {
	case "ods001":
		csv.WriteString("datetime;resolutioncode;totalload;mostrecentforecast;dayaheadforecast\n")
	case "ods032":
		csv.WriteString("datetime;resolutioncode;region;measured;mostrecentforecast;dayahead11hforecast;monitoredcapacity\n")
	case "ods031":
		csv.WriteString("datetime;resolutioncode;offshoreonshore;region;gridconnectiontype;measured;mostrecentforecast;dayahead11hforecast;monitoredcapacity\n")
	case "ods047":
		csv.WriteString("datetime;resolutioncode;positiveimbalanceprice\n")
	case "ods134":
		csv.WriteString("datetime;resolutioncode;imbalanceprice\n")
	}
	for at := from; at.Before(to); at = at.Add(step) {
		stamp := at.Format("2006-01-02T15:04:05+00:00")
		v := at.Unix() / 900 % 700
		switch dataset {
		case "ods001":
			fmt.Fprintf(&csv, "%s;PT15M;%d;%d;%d\n", stamp, 8000+v, 8001+v, 8002+v)
			fmt.Fprintf(&json, `,{"datetime":%q,"resolutioncode":"PT15M","totalload":%d,"mostrecentforecast":null,"dayaheadforecast":%d}`, stamp, 8000+v, 8002+v)
		case "ods032":
			fmt.Fprintf(&csv, "%s;PT15M;Belgium;%d;%d;%d;1000\n", stamp, v, v+1, v+2)
		case "ods031":
			fmt.Fprintf(&csv, "%s;PT15M;Offshore;Federal;Elia;%d;;%d;2000\n%s;PT15M;Onshore;Flanders;Dso;%d;;%d;1000\n", stamp, v, v+3, stamp, v+1, v+2)
		case "ods047", "ods134":
			fmt.Fprintf(&csv, "%s;PT15M;%d\n", stamp, v-100)
		}
	}
	if format == "json" {
		return "application/json", "[" + strings.TrimPrefix(json.String(), ",") + "]"
	}
	return "text/csv", csv.String()
}

// fetcher asks for load of two months, quickly.
func (e *elia) fetcher(folder string) *Fetcher {
	return &Fetcher{
		BaseURL: e.URL, Folder: folder, Format: "csv", Quantities: []Quantity{LoadQuantity},
		From: time.Date(2024, 2, 11, 0, 0, 0, 0, time.UTC), To: time.Date(2024, 3, 3, 0, 0, 0, 0, time.UTC),
		Retries: 3, Wait: time.Millisecond, MaxWait: 5 * time.Millisecond, Timeout: 10 * time.Second,
	}
}

func TestFetchBringsWholeMonths(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		e := newElia(t)
		f := e.fetcher(t.TempDir())
		f.Format = format
		pieces, err := f.Fetch(context.Background())
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if len(pieces) != 2 || pieces[0].Month != "2024-02" || pieces[0].Rows != 29*96 || pieces[1].Rows != 31*96 || pieces[0].Missing != 0 {
			t.Errorf("%s: %+v", format, pieces)
		}
		for i, piece := range pieces {
			file, err := readEliaFile(piece.Path)
			if err != nil {
				t.Fatal(err)
			}
			from, to := file.span()
			month := time.Date(2024, time.Month(2+i), 1, 0, 0, 0, 0, zone)
			if from != month.Unix() || to != month.AddDate(0, 1, 0).Unix() {
				t.Errorf("%s: %s covers %v to %v", format, piece.Path, time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC())
			}
		}
		// A second run has nothing to ask.
		e.asked = nil
		again, err := f.Fetch(context.Background())
		if err != nil || len(e.asked) != 0 || !again[0].Kept || again[1].Rows != 31*96 {
			t.Errorf("%s: second run asked %v: %+v, %v", format, e.asked, again, err)
		}
	}
}

// TestFetchPricesMoved: May 2024 is in two data sets.
func TestFetchPricesMoved(t *testing.T) {
	e := newElia(t)
	f := e.fetcher(t.TempDir())
	f.Quantities = []Quantity{PriceQuantity}
	f.From, f.To = time.Date(2024, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)
	pieces, err := f.Fetch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	rows := 0
	for _, piece := range pieces {
		got = append(got, piece.Dataset+" "+piece.Month)
		rows += piece.Rows
	}
	if want := "ods047 2024-04, ods047 2024-05, ods134 2024-05, ods134 2024-06"; strings.Join(got, ", ") != want {
		t.Errorf("asked %s, want %s", strings.Join(got, ", "), want)
	}
	if rows != (30+31+30)*96 {
		t.Errorf("%d rows for 91 days", rows)
	}
}

// TestFetchedFilesMakeAYear: all quantities, fetched and imported.
func TestFetchedFilesMakeAYear(t *testing.T) {
	e := newElia(t)
	f := e.fetcher(t.TempDir())
	f.Quantities = []Quantity{LoadQuantity, SolarQuantity, WindQuantity, PriceQuantity}
	if _, err := f.Fetch(context.Background()); err != nil {
		t.Fatal(err)
	}
	y, report, err := Import(f.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if y.Days() != 29+31 || y.Name != "import-2024-02-01-to-2024-03-31" || len(report.Findings) != 0 || len(report.Files) != 8 {
		t.Errorf("%s: %d days of %d files, findings %v", y.Name, y.Days(), len(report.Files), report.Findings)
	}
	for _, s := range y.series() {
		if len(s.values) != 60*StepsPerDay {
			t.Errorf("%s: %d values", s.name, len(s.values))
		}
	}
}

// TestFetchSurvivesMisbehaviour: whatever goes wrong once or twice, the files are whole in the
// end, and nothing but whole files was ever there.
func TestFetchSurvivesMisbehaviour(t *testing.T) {
	body := func(window string) string {
		from, err := time.ParseInLocation("ods001 2006-01", window, zone)
		if err != nil {
			t.Fatal(err)
		}
		_, text := published("ods001", "csv", from.UTC(), from.AddDate(0, 1, 0).UTC())
		return text
	}
	csv := func(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/csv; charset=utf-8") }
	for _, c := range []struct {
		name   string
		answer func(w http.ResponseWriter, window string)
		says   string // the reason given before the next attempt
	}{
		{"500", func(w http.ResponseWriter, _ string) { http.Error(w, "broken", http.StatusInternalServerError) }, "500 Internal Server Error"},
		{"503", func(w http.ResponseWriter, _ string) { http.Error(w, "busy", http.StatusServiceUnavailable) }, "503"},
		{"429 with Retry-After", func(w http.ResponseWriter, _ string) {
			w.Header().Set("Retry-After", "3600") // more than MaxWait
			http.Error(w, "slow down", http.StatusTooManyRequests)
		}, "429 Too Many Requests"},
		{"hang-up before the answer", func(http.ResponseWriter, string) { panic(http.ErrAbortHandler) }, "EOF"},
		{"hang-up in the middle", func(w http.ResponseWriter, window string) {
			csv(w)
			io.WriteString(w, body(window)[:20000])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "breaks off after"},
		{"cut in a row", func(w http.ResponseWriter, window string) {
			csv(w)
			io.WriteString(w, body(window)[:20011])
		}, "not whole"},
		{"cut between rows", func(w http.ResponseWriter, window string) {
			csv(w)
			text := body(window)[:20000]
			io.WriteString(w, text[:strings.LastIndex(text, "\n")+1])
		}, "are not in the answer"},
		{"empty", func(w http.ResponseWriter, _ string) { csv(w) }, "the file is empty"},
		{"wrong type", func(w http.ResponseWriter, window string) {
			w.Header().Set("Content-Type", "application/octet-stream")
			io.WriteString(w, body(window))
		}, `"application/octet-stream", want text/csv`},
		{"error page", func(w http.ResponseWriter, _ string) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<html><body>Maintenance</body></html>")
		}, `"text/html", want text/csv`},
		{"error page as a table", func(w http.ResponseWriter, _ string) {
			csv(w)
			io.WriteString(w, "<html><body>Maintenance</body></html>")
		}, "web page"},
		{"stalls", func(w http.ResponseWriter, window string) {
			csv(w)
			io.WriteString(w, body(window)[:5000])
			w.(http.Flusher).Flush()
			time.Sleep(600 * time.Millisecond)
		}, "breaks off after"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newElia(t)
			folder := t.TempDir()
			e.misbehave = func(w http.ResponseWriter, _ *http.Request, window string, attempt int) bool {
				if left, _ := filepath.Glob(filepath.Join(folder, "*", "*")); len(left) > 1 || len(left) == 1 && !strings.HasSuffix(left[0], "2024-02.csv") {
					t.Errorf("on disk before the answer: %v", left)
				}
				if attempt > 2 {
					return false
				}
				c.answer(w, window)
				return true
			}
			f := e.fetcher(folder)
			if c.name == "stalls" {
				f.Timeout = 300 * time.Millisecond
			}
			if c.name == "cut between rows" {
				// Cut twice at the same place is taken for a hole of the data.
				ask := e.misbehave
				e.misbehave = func(w http.ResponseWriter, r *http.Request, window string, attempt int) bool {
					return attempt == 1 && ask(w, r, window, attempt)
				}
			}
			var reasons []string
			f.Retrying = func(piece string, attempt int, err error) { reasons = append(reasons, err.Error()) }
			pieces, err := f.Fetch(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(pieces) != 2 || pieces[0].Rows != 29*96 || pieces[1].Rows != 31*96 {
				t.Errorf("%+v", pieces)
			}
			if len(reasons) == 0 {
				t.Error("no further attempt was told of")
			}
			for _, reason := range reasons {
				if !strings.Contains(reason, c.says) || strings.Contains(reason, e.URL) {
					t.Errorf("the reason is %q, want %q", reason, c.says)
				}
			}
		})
	}
}

// TestFetchReportsHoles: what Elia has not published is asked for twice and then taken, said
// so, and asked for again by the next run.
func TestFetchReportsHoles(t *testing.T) {
	e := newElia(t)
	hole := func(w http.ResponseWriter, r *http.Request, window string, attempt int) bool {
		if window != "ods001 2024-03" {
			return false
		}
		_, text := published("ods001", "csv", time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC), time.Date(2024, 3, 30, 23, 0, 0, 0, time.UTC))
		w.Header().Set("Content-Type", "text/csv")
		io.WriteString(w, text)
		return true
	}
	e.misbehave = hole
	f := e.fetcher(t.TempDir())
	pieces, err := f.Fetch(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if pieces[1].Missing != 96 || pieces[1].Rows != 30*96 || e.attempts("ods001 2024-03") != 2 {
		t.Errorf("%+v after %d attempts", pieces[1], e.attempts("ods001 2024-03"))
	}
	e.misbehave = nil
	pieces, err = f.Fetch(context.Background())
	if err != nil || pieces[1].Missing != 0 || pieces[1].Rows != 31*96 || !pieces[0].Kept {
		t.Errorf("%+v, %v", pieces, err)
	}
}

// TestFetchGivesUp: what stays wrong ends in one line that says what, and the months before are
// kept for the next run.
func TestFetchGivesUp(t *testing.T) {
	for _, c := range []struct {
		name     string
		answer   func(w http.ResponseWriter)
		want     string
		attempts int
	}{
		{"500", func(w http.ResponseWriter) { http.Error(w, "broken", http.StatusInternalServerError) }, "load (ods001) of 2024-03: the server answers 500 Internal Server Error", 4},
		{"429", func(w http.ResponseWriter) { http.Error(w, "slow", http.StatusTooManyRequests) }, "429 Too Many Requests", 4},
		{"bad query", func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"message": "unknown field", "error_code": "ODSQLError"}`)
		}, "400 Bad Request: unknown field", 1},
		{"no data set", func(w http.ResponseWriter) { http.Error(w, "?", http.StatusNotFound) }, "404 Not Found", 1},
		{"hang-up", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, "EOF", 4},
		{"other data", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/csv")
			io.WriteString(w, "datetime;imbalanceprice\n2024-03-01T00:00:00+00:00;1\n")
		}, "about price, not load", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newElia(t)
			e.misbehave = func(w http.ResponseWriter, _ *http.Request, window string, _ int) bool {
				if window != "ods001 2024-03" {
					return false
				}
				c.answer(w)
				return true
			}
			folder := t.TempDir()
			pieces, err := e.fetcher(folder).Fetch(context.Background())
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), e.URL) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if len(pieces) != 1 || pieces[0].Rows != 29*96 {
				t.Errorf("the month before: %+v", pieces)
			}
			// net/http itself asks once more where a connection it reuses is dropped.
			if n := e.attempts("ods001 2024-03"); n != c.attempts && !(c.name == "hang-up" && n == c.attempts+1) {
				t.Errorf("%d attempts, want %d", n, c.attempts)
			}
			left, _ := filepath.Glob(filepath.Join(folder, "*", "*"))
			if len(left) != 1 {
				t.Errorf("on disk: %v", left)
			}
		})
	}
}

// TestFetchReplacesBrokenFiles: a month that is on disk but not whole is fetched again.
func TestFetchReplacesBrokenFiles(t *testing.T) {
	e := newElia(t)
	folder := t.TempDir()
	f := e.fetcher(folder)
	if err := os.MkdirAll(filepath.Join(folder, "ods001"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "ods001", "2024-02.csv"), []byte("datetime;totalload\n2024-02-0"), 0o666); err != nil {
		t.Fatal(err)
	}
	pieces, err := f.Fetch(context.Background())
	if err != nil || pieces[0].Kept || pieces[0].Rows != 29*96 {
		t.Errorf("%+v, %v", pieces, err)
	}
}

func TestFetchStops(t *testing.T) {
	e := newElia(t)
	ctx, cancel := context.WithCancel(context.Background())
	e.misbehave = func(http.ResponseWriter, *http.Request, string, int) bool {
		if e.attempts("ods001 2024-03") > 0 {
			cancel()
			time.Sleep(50 * time.Millisecond)
		}
		return false
	}
	pieces, err := e.fetcher(t.TempDir()).Fetch(ctx)
	if !errors.Is(err, context.Canceled) || len(pieces) != 1 {
		t.Errorf("%d pieces, %v", len(pieces), err)
	}
}

func TestFetchRefusesBadInput(t *testing.T) {
	for name, spoil := range map[string]func(f *Fetcher){
		"format":   func(f *Fetcher) { f.Format = "parquet" },
		"quantity": func(f *Fetcher) { f.Quantities = []Quantity{"rain"} },
		"months":   func(f *Fetcher) { f.To = f.From.AddDate(0, -2, 0) },
		"address":  func(f *Fetcher) { f.BaseURL = "opendata.elia.be" },
	} {
		f := &Fetcher{BaseURL: EliaURL, Format: "csv", Quantities: []Quantity{LoadQuantity}, From: time.Now(), To: time.Now()}
		spoil(f)
		if _, err := f.Fetch(context.Background()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestFetchUnwritable: a folder that cannot be made is an error, not a loss.
func TestFetchUnwritable(t *testing.T) {
	e := newElia(t)
	blocker := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocker, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := e.fetcher(blocker).Fetch(context.Background()); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("%v", err)
	}
}
