package expert

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// TraceKind tells what a TraceEvent is.
type TraceKind string

// The kinds of TraceEvent.
const (
	Resumed TraceKind = "resumed" // a run goes on from a checkpoint
	Entered TraceKind = "entered" // a node begins
	Left    TraceKind = "left"    // a node is done
	Failed  TraceKind = "failed"  // a node failed
	Asked   TraceKind = "asked"   // words that go to a model
	Replied TraceKind = "replied" // its whole answer
	Writing TraceKind = "writing" // a piece of an answer; shown, never kept
	Waiting TraceKind = "waiting" // for a model: a rate limit or a retry
	Noted   TraceKind = "noted"   // what a node has to tell, with a text that may be long
)

// TraceEvent is something that happens in a run of a Graph.
type TraceEvent struct {
	Kind  TraceKind `json:"kind"`
	Step  int       `json:"step"` // nodes run before
	Try   int       `json:"try,omitempty"`
	Node  string    `json:"node,omitempty"`
	Title string    `json:"title,omitempty"`
	// Format of Text: "" is words, or the name of a language of code.
	Format  string  `json:"format,omitempty"`
	Wrong   bool    `json:"wrong,omitempty"` // what is noted is a mistake
	Text    string  `json:"text,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

// Reporter is how a node tells what it does; nil tells nobody.
type Reporter struct {
	watch func(TraceEvent)
	at    position
	try   int
}

// Tell reports an event of the node that runs.
func (r *Reporter) Tell(e TraceEvent) {
	if r == nil {
		return
	}
	e.Node = r.at.Next
	r.tell(e)
}

// Note reports something worth reading.
func (r *Reporter) Note(title, format, text string) {
	r.Tell(TraceEvent{Kind: Noted, Title: title, Format: format, Text: text})
}

// Wrong reports a mistake, such as code that fails.
func (r *Reporter) Wrong(title, text string) {
	r.Tell(TraceEvent{Kind: Noted, Title: title, Text: text, Wrong: true})
}

func (r *Reporter) tell(e TraceEvent) {
	if r.watch == nil {
		return
	}
	e.Step, e.Try = r.at.Step, r.try
	r.watch(e)
}

// Trace keeps the events of a run in a file, one JSON object a line, appended as
// they happen. It is safe for concurrent use.
type Trace struct {
	mu   sync.Mutex
	file *os.File
	err  error
}

// OpenTrace appends to a file.
func OpenTrace(path string) (*Trace, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return &Trace{file: f}, nil
}

// Keep writes an event down. What comes in pieces is not kept.
func (t *Trace) Keep(e TraceEvent) {
	if e.Kind == Writing {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	text, err := json.Marshal(e)
	if err == nil {
		_, err = t.file.Write(append(text, '\n'))
	}
	if t.err == nil {
		t.err = err
	}
}

// Close ends the trace and reports the first event that could not be kept.
func (t *Trace) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.file.Close(); t.err == nil {
		t.err = err
	}
	return t.err
}

// ReadTrace reads what a Trace kept. A last line that was cut off is left out.
func ReadTrace(r io.Reader) ([]TraceEvent, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var events []TraceEvent
	lines := strings.SplitAfter(string(text), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		var e TraceEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			if i == len(lines)-1 {
				break
			}
			return nil, fmt.Errorf("trace: line %d: %w", i+1, err)
		}
		events = append(events, e)
	}
	return events, nil
}
