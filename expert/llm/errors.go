package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Kind says what stopped a call.
type Kind int

// The kinds of Error.
const (
	// BadRequest: the provider will not answer this request (4xx).
	BadRequest Kind = iota
	// Denied: the key is missing, wrong, or not allowed (401, 403).
	Denied
	// NoModel: there is no such model or address (404).
	NoModel
	// NoCredit: the account has no money or quota left; waiting does not help.
	NoCredit
	// Busy: a rate limit or an overloaded server (429, 408, 409, 529).
	Busy
	// Failed: the server failed (5xx).
	Failed
	// Unreachable: no connection, or it broke before an answer.
	Unreachable
	// Cut: the answer broke off.
	Cut
	// Garbage: what arrived is not the protocol.
	Garbage
	// Endless: the answer went on beyond every bound.
	Endless
	// Slow: nothing arrived in time.
	Slow
	// OverCeiling: the call could have passed the cost ceiling and was not made.
	OverCeiling
	// NotRecorded: a replay has no answer to the request.
	NotRecorded
)

// Error is why a model did not answer.
type Error struct {
	Kind     Kind
	Provider string
	// Status of the HTTP answer; 0 without one.
	Status int
	// Text says what happened, in the provider's words where it has any.
	Text string
	// Hint says what to do.
	Hint string
	// RetryAfter is how long the server asks to wait; 0 where it does not say.
	RetryAfter time.Duration
	// Param is the parameter that the provider refused, where it says so.
	Param string
}

// Error is one line.
func (e *Error) Error() string {
	s := e.Provider + ": " + firstLine(e.Text)
	if e.Status != 0 {
		s = fmt.Sprintf("%s: HTTP %d: %s", e.Provider, e.Status, firstLine(e.Text))
	}
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// Passing tells whether the same call may succeed later.
func (e *Error) Passing() bool {
	switch e.Kind {
	case Busy, Failed, Unreachable, Cut, Garbage, Slow:
		return true
	}
	return false
}

// kindOf sorts an HTTP status; code is the provider's own word for it.
func kindOf(status int, code string) Kind {
	switch {
	case code == "insufficient_quota" || code == "billing_error" || status == 402:
		return NoCredit
	case status == 401 || status == 403:
		return Denied
	case status == 404:
		return NoModel
	case status == 408 || status == 409 || status == 425 || status == 429 || status == 529:
		return Busy
	case status >= 500:
		return Failed
	}
	return BadRequest
}

// transportError sorts what went wrong below the protocol: begun tells whether
// any of the answer had arrived.
func transportError(err error, begun bool) *Error {
	var (
		syntax *json.SyntaxError
		typed  *json.UnmarshalTypeError
		dns    *net.OpError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Slow, Text: "no answer in time"}
	case errors.As(err, &syntax) || errors.As(err, &typed):
		return &Error{Kind: Garbage, Text: "the answer is not the JSON of the protocol: " + err.Error()}
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || begun:
		return &Error{Kind: Cut, Text: "the answer broke off: " + err.Error()}
	case errors.As(err, &dns):
		return &Error{Kind: Unreachable, Text: dns.Error()}
	}
	return &Error{Kind: Unreachable, Text: err.Error()}
}
