package profile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

// EliaURL is where Elia publishes its data sets, without a key.
const EliaURL = "https://opendata.elia.be"

// A Fetcher downloads Elia's data sets in pieces of a month, so that an interrupted download
// goes on where it stopped: a month that is on disk and whole is not asked for again. Import
// reads the folder.
type Fetcher struct {
	BaseURL    string // EliaURL, or a server that speaks the same interface
	Folder     string // pieces go to Folder/ods032/2024-01.csv
	Format     string // "csv" or "json"
	Quantities []Quantity
	From, To   time.Time     // first and last month, any day of it
	Recent     bool          // also the last days, from the near-real-time data sets
	Retries    int           // attempts after the first
	Wait       time.Duration // before the second attempt; doubles, up to MaxWait
	MaxWait    time.Duration // also bounds what a server may ask for by Retry-After
	Timeout    time.Duration // of one attempt, with its body

	// Progress, if set, is called before each piece with the number of pieces done.
	Progress func(done, all int, piece string)
	// Retrying, if set, is called before each further attempt with what went wrong.
	Retrying func(piece string, attempt int, err error)
}

// A Piece is what became of one month of one data set.
type Piece struct {
	Quantity Quantity `json:"quantity"`
	Dataset  string   `json:"dataset"`
	Month    string   `json:"month"` // "2024-01", "recent"
	Path     string   `json:"path"`
	Rows     int      `json:"rows"`
	Missing  int      `json:"missing_quarter_hours"` // asked for and not published, the worst series
	Kept     bool     `json:"kept"`                  // was on disk already
}

// maxBody is more than a month of any data set by far.
const maxBody = 64 << 20

// Check reports what is wrong with the question before anything is asked.
func (f *Fetcher) Check() error {
	_, err := f.windows()
	return err
}

// Fetch downloads what is not there yet and returns all pieces, in order. On an error, those
// before it are on disk.
func (f *Fetcher) Fetch(ctx context.Context) ([]Piece, error) {
	windows, err := f.windows()
	if err != nil {
		return nil, err
	}
	transport := cleanhttp.DefaultPooledClient()
	transport.Timeout = f.Timeout
	defer transport.CloseIdleConnections()
	var pieces []Piece
	for i, w := range windows {
		if f.Progress != nil {
			f.Progress(i, len(windows), w.name())
		}
		piece, err := f.fetch(ctx, transport, w)
		if err != nil {
			if stopped := context.Cause(ctx); stopped != nil {
				err = stopped
			}
			return pieces, fmt.Errorf("%s: %w", w.name(), err)
		}
		pieces = append(pieces, piece)
	}
	if f.Progress != nil {
		f.Progress(len(windows), len(windows), "")
	}
	return pieces, nil
}

// fetch brings one piece to disk.
func (f *Fetcher) fetch(ctx context.Context, transport *http.Client, w window) (Piece, error) {
	piece := Piece{Quantity: w.quantity, Dataset: w.dataset, Month: w.month,
		Path: filepath.Join(f.Folder, w.dataset, w.month+"."+f.Format)}
	if w.bounded() {
		if on, err := readEliaFile(piece.Path); err == nil && w.missing(on) == 0 {
			piece.Kept, piece.Rows = true, len(on.rows)
			return piece, nil
		}
	}
	var body []byte
	var wrong error // with the latest attempt
	client := &retryablehttp.Client{
		HTTPClient: transport, RetryMax: f.Retries, RetryWaitMin: f.Wait, RetryWaitMax: f.MaxWait,
		Backoff: func(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
			return min(most, retryablehttp.DefaultBackoff(least, most, attempt, resp))
		},
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			wrong = err
			var refused refusedError
			if errors.As(err, &refused) {
				return false, nil
			}
			if err == nil && resp.StatusCode != http.StatusOK {
				wrong = fmt.Errorf("the server answers %s", resp.Status)
			}
			return retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		},
		RequestLogHook: func(_ retryablehttp.Logger, _ *http.Request, attempt int) {
			if attempt > 0 && f.Retrying != nil {
				f.Retrying(w.name(), attempt, plain(wrong))
			}
		},
	}
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, w.url(f.BaseURL, f.Format), nil)
	if err != nil {
		return piece, err
	}
	answer := answer{window: w, format: f.Format}
	request.SetResponseHandler(func(resp *http.Response) (err error) {
		defer resp.Body.Close()
		body, piece.Rows, piece.Missing, err = answer.read(resp)
		return err
	})
	if _, err := client.Do(request); err != nil {
		return piece, plain(wrong)
	}
	if err := os.MkdirAll(filepath.Dir(piece.Path), 0o777); err != nil {
		return piece, err
	}
	return piece, renameio.WriteFile(piece.Path, body, 0o666)
}

// plain takes the address, which is long and says nothing new, off an error.
func plain(err error) error {
	var addressed *url.Error
	if errors.As(err, &addressed) {
		return addressed.Err
	}
	return err
}

// refusedError is an answer that a second question would not change.
type refusedError struct{ error }

// answer checks what the server sends for a window. A month may have holes where Elia has
// published nothing; a body that was cut off looks the same. So a month with holes is asked
// for again, and believed if it comes back with as many rows.
type answer struct {
	window   window
	format   string
	rowsHeld int
}

func (a *answer) read(resp *http.Response) (body []byte, rows, missing int, err error) {
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, 0, 0, fmt.Errorf("the answer breaks off after %d bytes: %w", len(body), err)
	case len(body) > maxBody:
		return nil, 0, 0, refusedError{fmt.Errorf("the answer is longer than %d MB", maxBody>>20)}
	case resp.StatusCode != http.StatusOK:
		return nil, 0, 0, refusedError{fmt.Errorf("the server answers %s%s", resp.Status, detail(body))}
	}
	want := map[string]string{"csv": "text/csv", "json": "application/json"}[a.format]
	if got, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); got != want {
		return nil, 0, 0, fmt.Errorf("the server answers %q, want %s: a proxy or a maintenance page?", got, want)
	}
	file, err := parseElia(a.window.name(), bytes.NewReader(body))
	if err != nil {
		return nil, 0, 0, fmt.Errorf("the answer is not whole: %w", err)
	}
	if file.quantity != a.window.quantity {
		return nil, 0, 0, refusedError{fmt.Errorf("the answer is about %s, not %s", file.quantity, a.window.quantity)}
	}
	rows, missing = len(file.rows), a.window.missing(file)
	if missing > 0 && rows != a.rowsHeld {
		a.rowsHeld = rows
		return nil, 0, 0, fmt.Errorf("%d quarters of an hour are not in the answer", missing)
	}
	return body, rows, missing, nil
}

// detail is what Elia's interface says about an error, if it says anything.
func detail(body []byte) string {
	var said struct {
		Message string `json:"message"`
		Code    string `json:"error_code"`
	}
	if json.Unmarshal(body, &said) != nil || said.Message == "" {
		return ""
	}
	return ": " + strings.Join(strings.Fields(said.Message), " ")
}
