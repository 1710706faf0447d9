// Package numpy binds the part of numpy 2.4 that experts' programs use to the
// interpreter of package py: arrays of bool, int64, float64, str and object
// with any number of dimensions, views, broadcasting, indexing, reductions,
// linear algebra, seeded random streams that are numpy's own, and printing.
//
// Module is the entry: it makes the module that "import numpy" gives. Errors
// are worded as numpy words them. A name that numpy has and this package has
// not raises UnsupportedError; data types other than the above do so, too.
//
// Package numpy knows nothing of cvxpy. Objects that want numpy's functions to
// treat them in their own way implement Foreign.
package numpy
