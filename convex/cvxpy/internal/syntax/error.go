package syntax

import "fmt"

// Error is a text that cannot be read. Class is SyntaxError, IndentationError,
// TabError or Unsupported.
type Error struct {
	Class string
	Msg   string
	Pos
	// Text is the source line that Pos.Line names; inside an f-string it is the
	// expression alone.
	Text string

	inFString bool
	// weak says that an error of the lexer gives way to an earlier one of the parser.
	weak bool
}

// Unsupported is the Class of what Python allows and this interpreter does not.
const Unsupported = "UnsupportedError"

func (e *Error) Error() string { return fmt.Sprintf("%s: %s (line %d)", e.Class, e.Msg, e.Line) }

func syntaxError(at Pos, format string, args ...any) *Error {
	return &Error{Class: "SyntaxError", Msg: fmt.Sprintf(format, args...), Pos: at}
}

func unsupported(at Pos, format string, args ...any) *Error {
	return &Error{Class: Unsupported, Msg: fmt.Sprintf(format, args...), Pos: at}
}
