// Package py runs the part of Python 3.11 in which experts write models. It
// evaluates the tree of package syntax and knows nothing of numpy or cvxpy:
// such bindings register modules (Interp.Modules) whose objects implement
// Value and, as far as they can do it, the protocols of protocol.go (binary
// operators with their reflected forms, comparisons that return objects,
// indexing, attributes, calls, iteration, truth).
//
// Entry points: Load makes a Program of source text once; New makes an
// interpreter for one run within a Budget; Interp.RunModule executes the
// program's body; Interp.Call calls a function that it defined.
//
// A failed run returns either an *Exc, a Python exception with the traceback
// that CPython 3.11 would print, or an *Abort, which no Python code can catch:
// a budget that was spent, or something that the interpreter does not support.
//
// There are no files, no network, no processes, no clock and no environment
// here, and nothing to reach them with.
package py
