// Package syntax reads Python 3.11 source: characters to tokens (Lexer),
// tokens to a tree (Parse), names to the places where their values live
// (Resolve, called by Parse).
//
// Every node knows the bytes it came from, since tracebacks point at them with
// carets, and a text that is not Python is refused in CPython's words. What
// Python allows and this interpreter does not (coroutines, complex numbers,
// type parameters) is refused with an Error whose Class is Unsupported: it is
// the interpreter's gap, not the author's mistake.
//
// The package runs nothing.
package syntax
