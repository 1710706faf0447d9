package env

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// Serve plays e for a program that writes requests to in and reads replies from
// out: one JSON object on a line, one reply for each request, in order. Requests:
//
//	{"type":"spec"}                                    agents, observation, action, days
//	{"type":"reset","day":"2015-07-01","soc":0.5}      opens a day (soc defaults to 0.5;
//	                                                   "trade":false forbids peer-to-peer trade)
//	{"type":"step","action":[[cdg,rdg,rdg_q,bess,cl],...]}  takes the joint action, each in [-1, 1];
//	                                                   "step":N, if given, must be the present step
//	{"type":"observe"}                                 repeats the present observation
//	{"type":"close"}                                   ends the session, as the end of in does
//
// Replies are a Spec, an observation or {"type":"closed"}. A request that makes
// no sense gets {"type":"error","line":N,"error":"..."}, changes nothing, and
// the session goes on. Numbers are written so that they read back exactly.
//
// Serve returns nil when the session was closed or ended, ctx's error when it
// was cancelled, or what went wrong in reading and writing.
func Serve(ctx context.Context, e *Env, in io.Reader, out io.Writer) error {
	s := server{env: e, trade: e.trade, action: make([]float32, len(e.Agents())*ActionDim)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := readLines(ctx, in)
	for number := 1; ; number++ {
		var line readLine
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line = <-lines:
		}
		if errors.Is(line.err, io.EOF) {
			return nil
		}
		if line.err != nil {
			return fmt.Errorf("line %d: %w", number, line.err)
		}
		reply, err := s.answer(line.text)
		if err != nil {
			reply = errorMessage{Type: "error", Line: number, Error: err.Error()}
		}
		if err := send(out, reply); err != nil {
			return err
		}
		if s.closed {
			return nil
		}
	}
}

type server struct {
	env    *Env
	trade  bool // unless a reset says otherwise
	action []float32
	opened bool
	closed bool
}

// answer handles one request.
func (s *server) answer(line []byte) (any, error) {
	r, err := parseRequest(line)
	if err != nil {
		return nil, err
	}
	switch r.Type {
	case "spec":
		return s.env.Spec(), nil
	case "reset":
		return s.reset(&r)
	case "step":
		return s.step(&r)
	case "observe":
		if !s.opened {
			return nil, errNoDay
		}
		return s.env.message(), nil
	case "close":
		s.closed = true
		return closedMessage, nil
	}
	return nil, fmt.Errorf("type %q is unknown: there are spec, reset, step, observe and close", r.Type)
}

var (
	errNoDay      = errors.New(`no day is open: send {"type":"reset","day":"YYYY-MM-DD"} first`)
	closedMessage = struct {
		Type string `json:"type"`
	}{"closed"}
)

func (s *server) reset(r *request) (any, error) {
	if r.Day == "" {
		return nil, fmt.Errorf("reset wants a day such as %q", s.env.world.DateOf(0))
	}
	day, err := s.env.world.FindDay(r.Day)
	if err != nil {
		return nil, err
	}
	init := Evaluation
	if r.SOC != nil {
		init.SOC = *r.SOC
	}
	if !(init.SOC >= 0 && init.SOC <= 1) {
		return nil, fmt.Errorf("soc is %v, want 0 to 1", init.SOC)
	}
	s.env.trade = s.trade
	if r.Trade != nil {
		s.env.trade = *r.Trade
	}
	s.env.Reset(day, init)
	s.opened = true
	return s.env.message(), nil
}

func (s *server) step(r *request) (any, error) {
	if !s.opened {
		return nil, errNoDay
	}
	if s.env.done {
		return nil, errors.New("the day is over: reset opens another")
	}
	if err := r.jointAction(s.env, s.action); err != nil {
		return nil, err
	}
	s.env.Step(s.action)
	return s.env.message(), nil
}

// maxLine bounds a line, so that a stream without newlines ends in an error
// and not in all memory.
const maxLine = 16 << 20

type readLine struct {
	text []byte
	err  error
}

// readLines reads in until its end or first error, which is the last value
// sent, or until ctx ends, which it notices between lines.
func readLines(ctx context.Context, in io.Reader) <-chan readLine {
	lines := make(chan readLine)
	pass := func(l readLine) bool {
		select {
		case lines <- l:
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		scanner := bufio.NewScanner(in)
		scanner.Buffer(nil, maxLine)
		for scanner.Scan() {
			if !pass(readLine{text: bytes.Clone(scanner.Bytes())}) {
				return
			}
		}
		err := scanner.Err()
		switch {
		case err == nil:
			err = io.EOF
		case errors.Is(err, bufio.ErrTooLong):
			err = fmt.Errorf("longer than %d bytes", maxLine)
		}
		pass(readLine{err: err})
	}()
	return lines
}
