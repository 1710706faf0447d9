// Package stdlib holds the modules of Python's standard library that experts'
// programs use: math, itertools, functools, operator, collections, dataclasses,
// typing, enum, abc, json, copy, random, statistics, time, warnings, traceback,
// contextlib and __future__.
//
// Find is the py.Finder that makes them. Nothing here reads a clock, a file or
// the environment: time counts calls, and random starts from a fixed seed
// where the program gives none, so that runs repeat.
package stdlib

import (
	_ "embed"
	"strings"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

// moduleNames lists what each module has in CPython 3.11: a name that is there
// and not here is this package's gap, not the program's mistake.
//
//go:embed names.txt
var moduleNames string

var makers = map[string]func(in *py.Interp) *py.Module{
	"math": mathModule, "itertools": itertoolsModule, "functools": functoolsModule, "operator": operatorModule,
	"collections": collectionsModule, "collections.abc": collectionsABCModule, "dataclasses": dataclassesModule,
	"typing": typingModule, "enum": enumModule, "abc": abcModule, "json": jsonModule, "copy": copyModule,
	"random": randomModule, "statistics": statisticsModule, "time": timeModule, "warnings": warningsModule,
	"traceback": tracebackModule, "contextlib": contextlibModule, "numbers": numbersModule,
	"__future__": func(*py.Interp) *py.Module { return py.Future() },
}

// Find makes the module of a name, nil where there is none of that name here.
func Find(in *py.Interp, name string) (*py.Module, error) {
	make := makers[name]
	if make == nil {
		return nil, nil
	}
	m := make(in)
	real := realNames(name)
	m.Missing = func(attr string) error {
		if real[attr] {
			return py.Unsupported("%s.%s is not supported", name, attr)
		}
		return nil
	}
	return m, nil
}

func realNames(module string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(moduleNames) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == module {
			for n := range strings.FieldsSeq(list) {
				set[n] = true
			}
		}
	}
	return set
}

// module makes a module of functions.
func module(name string, functions ...*py.Native) *py.Module {
	m := &py.Module{Name: name}
	for _, f := range functions {
		f.Module = name
		m.Set(f.Name, f)
	}
	return m
}

// fn makes a function of positional arguments.
func fn(name string, min, max int, f func(in *py.Interp, a []py.Value) (py.Value, error)) *py.Native {
	return &py.Native{Name: name, Min: min, Max: max, Fn: func(in *py.Interp, _ py.Value, a []py.Value) (py.Value, error) {
		return f(in, a)
	}}
}

// raw makes a function that sorts its arguments itself.
func raw(name string, f func(in *py.Interp, a py.Args) (py.Value, error)) *py.Native {
	return &py.Native{Name: name, Raw: func(in *py.Interp, _ py.Value, a py.Args) (py.Value, error) { return f(in, a) }}
}
