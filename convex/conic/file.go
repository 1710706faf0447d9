package conic

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// File is a problem as a file states it.
type File struct {
	Name     string
	Problem  *Problem
	Constant float64  // of the objective, as the file states it
	Maximise bool     // Problem minimises the negated objective
	Columns  []string // names, where the format has them
}

// Objective turns the objective of the Problem into the file's.
func (f *File) Objective(minimum float64) float64 {
	if f.Maximise {
		minimum = -minimum
	}
	return minimum + f.Constant
}

// Limits of what a reader takes in, so that a small or a packed file cannot
// ask for all memory.
const (
	maxFileBytes = 1 << 30 // unpacked
	maxLineBytes = 1 << 20
	maxDimension = 1 << 20 // rows or columns that a file may declare without listing them
)

// ReadFile reads a problem from a .mps, .qps, .cbf or .json file, the
// same with .gz behind it included. An error names the file, the place and
// what would be right.
func ReadFile(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	name := strings.ToLower(filepath.Base(path))
	var in io.Reader = bufio.NewReaderSize(file, 1<<16)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: not a gzip file: %w", path, err)
		}
		defer z.Close()
		in, name = z, strings.TrimSuffix(name, ".gz")
	}
	in = &cappedReader{in, maxFileBytes}
	var f *File
	switch filepath.Ext(name) {
	case ".mps", ".qps":
		f, err = ReadMPS(in)
	case ".cbf":
		f, err = ReadCBF(in)
	case ".json":
		f, err = ReadJSON(in)
	default:
		return nil, fmt.Errorf("%s: unknown kind of file: want .mps, .qps, .cbf or .json, or one of these with .gz", path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// cappedReader fails, rather than ending early, once its bytes are used up.
type cappedReader struct {
	r    io.Reader
	left int64
}

func (c *cappedReader) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("more than %d bytes", int64(maxFileBytes))
	}
	if int64(len(b)) > c.left {
		b = b[:c.left]
	}
	n, err := c.r.Read(b)
	c.left -= int64(n)
	return n, err
}

// lineError says where in a text file something is wrong.
func lineError(line int, format string, args ...any) error {
	return fmt.Errorf("line %d: %w", line, fmt.Errorf(format, args...))
}

// scanError words what bufio.Scanner reports.
func scanError(line int, err error) error {
	if errors.Is(err, bufio.ErrTooLong) {
		return lineError(line+1, "longer than %d bytes", maxLineBytes)
	}
	return err
}

// builder collects the rows of a problem. Rows of one kind of cone may be added
// in any order; build sorts them by kind.
type builder struct {
	n       int
	q       []float64
	quad    triplets
	kinds   [2]rowBlock // Zero, NonNeg
	soc     rowBlock
	socDims []int
}

type triplets struct {
	i, j []int
	v    []float64
}

func (t *triplets) add(i, j int, v float64) {
	t.i, t.j, t.v = append(t.i, i), append(t.j, j), append(t.v, v)
}

type rowBlock struct {
	triplets
	b []float64
}

// row starts a row with right-hand side b and returns its number in the block.
func (r *rowBlock) row(b float64) int {
	r.b = append(r.b, b)
	return len(r.b) - 1
}

// single adds a row with one entry.
func (r *rowBlock) single(col int, v, b float64) { r.add(r.row(b), col, v) }

// bounds adds lo <= x[col] <= hi.
func (b *builder) bounds(col int, lo, hi float64) {
	if lo == hi {
		b.kinds[Zero].single(col, 1, lo)
		return
	}
	if !math.IsInf(lo, -1) {
		b.kinds[NonNeg].single(col, -1, -lo)
	}
	if !math.IsInf(hi, 1) {
		b.kinds[NonNeg].single(col, 1, hi)
	}
}

func (b *builder) build() (*Problem, error) {
	p := &Problem{Q: b.q}
	all := triplets{}
	put := func(r *rowBlock) {
		first := len(p.B)
		for k, i := range r.i {
			all.add(first+i, r.j[k], r.v[k])
		}
		p.B = append(p.B, r.b...)
	}
	for kind := range b.kinds {
		if n := len(b.kinds[kind].b); n > 0 {
			put(&b.kinds[kind])
			p.Cones = append(p.Cones, Cone{Kind(kind), n})
		}
	}
	put(&b.soc)
	for _, d := range b.socDims {
		p.Cones = append(p.Cones, Cone{SOC, d})
	}
	var err error
	if p.A, err = NewCSC(len(p.B), b.n, all.i, all.j, all.v); err != nil {
		return nil, err
	}
	if len(b.quad.v) > 0 {
		if p.P, err = NewCSC(b.n, b.n, b.quad.i, b.quad.j, b.quad.v); err != nil {
			return nil, err
		}
	}
	return p, p.Validate()
}
