package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// Cassette keeps the answers of a model in a folder, a JSON file for each, and
// gives them again for the same request: same provider, model, settings, words
// and sample. It is safe for concurrent use.
type Cassette struct {
	dir      string
	settings Settings
	model    Model // nil: nothing but the recordings answers
}

// Record returns a model that asks m only what the folder has no answer to, and
// keeps what it answers.
func Record(m Model, dir string) (*Cassette, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("recordings: %w", err)
	}
	return &Cassette{dir: dir, settings: m.Settings(), model: m}, nil
}

// Replay returns a model that answers from the folder alone, as the model with
// these settings did, failures included.
func Replay(s Settings, dir string) (*Cassette, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("recordings: %w", err)
	}
	setDefault(&s.MaxTokens, DefaultMaxTokens)
	return &Cassette{dir: dir, settings: s}, nil
}

// Settings returns those of the model that answers or answered.
func (c *Cassette) Settings() Settings { return c.settings }

const recordingVersion = 1

// recording is what a file of a cassette holds.
type recording struct {
	Version  int       `json:"version"`
	Key      string    `json:"key"`
	Recorded string    `json:"recorded"` // date, UTC
	Settings Settings  `json:"settings"`
	Request  Request   `json:"request"`
	Response *Response `json:"response,omitempty"`
	// Failure stands where the model gave no answer. A recorder asks again; a
	// replay fails in the same way.
	Failure *Error `json:"failure,omitempty"`
}

// Complete answers from the folder, or asks the model and keeps its answer.
func (c *Cassette) Complete(ctx context.Context, r Request, watch func(Event)) (*Response, error) {
	r = normal(r)
	key, err := c.key(r)
	if err != nil {
		return nil, err
	}
	kept, err := c.load(key)
	if err != nil {
		return nil, err
	}
	switch {
	case kept != nil && kept.Response != nil && kept.Failure == nil:
		return replayed(kept.Response, watch), nil
	case c.model == nil && kept != nil:
		return replayed(kept.Response, watch), kept.Failure
	case c.model == nil:
		return nil, &Error{Kind: NotRecorded, Provider: c.settings.Provider,
			Text: fmt.Sprintf("%s has no answer of %s to this request (%s)", c.dir, c.settings.Model, key[:16]),
			Hint: "run it with the model once, with the same settings and prompts"}
	}
	res, err := c.model.Complete(ctx, r, watch)
	var failure *Error
	if err != nil {
		if !errors.As(err, &failure) || failure.Kind == OverCeiling || failure.Kind == NotRecorded {
			return res, err
		}
	}
	if e := c.save(key, r, res, failure); e != nil {
		return res, errors.Join(err, e)
	}
	return res, err
}

func replayed(r *Response, watch func(Event)) *Response {
	if r == nil {
		return nil
	}
	r.Replayed = true
	if watch != nil {
		watch(Event{Kind: Writing, Text: r.Text, Attempt: 1})
	}
	return r
}

// normal takes out of a request what does not change its meaning: the line ends
// of other systems, and spaces at the ends of lines and texts.
func normal(r Request) Request {
	tidy := func(s string) string {
		lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
		for i, line := range lines {
			lines[i] = strings.TrimRight(line, " \t")
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	r.System = tidy(r.System)
	msgs := make([]Message, len(r.Messages))
	for i, m := range r.Messages {
		msgs[i] = Message{m.Role, tidy(m.Text)}
	}
	r.Messages = msgs
	return r
}

// key is the digest of everything that an answer depends on.
func (c *Cassette) key(r Request) (string, error) {
	text, err := json.Marshal(struct {
		Version  int
		Settings Settings
		Request  Request
	}{recordingVersion, c.settings, r})
	if err != nil {
		return "", fmt.Errorf("request: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (c *Cassette) path(key string) string { return filepath.Join(c.dir, key[:32]+".json") }

func (c *Cassette) load(key string) (*recording, error) {
	path := c.path(key)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var k recording
	if err := json.Unmarshal(text, &k); err != nil {
		return nil, fmt.Errorf("%s is no recording: %w; remove it to ask the model again", path, err)
	}
	if k.Key != key || k.Response == nil && k.Failure == nil {
		return nil, fmt.Errorf("%s is not the recording that its name says; remove it to ask the model again", path)
	}
	return &k, nil
}

func (c *Cassette) save(key string, r Request, res *Response, failure *Error) error {
	if s, ok := c.model.(interface{ scrub(string) string }); ok {
		r = scrubbed(r, s.scrub)
	}
	text, err := json.MarshalIndent(recording{
		Version: recordingVersion, Key: key, Recorded: time.Now().UTC().Format(time.DateOnly),
		Settings: c.settings, Request: r, Response: res, Failure: failure,
	}, "", " ")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(c.path(key), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("cannot keep the answer: %w", err)
	}
	return nil
}

// scrubbed takes the key out of a request, in case that somebody wrote theirs
// into a wish.
func scrubbed(r Request, scrub func(string) string) Request {
	r.System = scrub(r.System)
	for i := range r.Messages {
		r.Messages[i].Text = scrub(r.Messages[i].Text)
	}
	return r
}

func (c *Client) scrub(s string) string { return c.key.scrub(s) }

// SpentUSD is what the calls recorded in a folder have cost together, as far as
// their prices are known; nothing where there is no such folder.
func SpentUSD(dir string) (float64, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		var k recording
		if err := json.Unmarshal(text, &k); err != nil {
			return 0, fmt.Errorf("%s is no recording: %w; remove it to ask the model again", path, err)
		}
		if k.Response != nil && k.Response.CostUSD != nil {
			sum += *k.Response.CostUSD
		}
	}
	return sum, nil
}
