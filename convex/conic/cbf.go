package conic

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ReadCBF reads a problem in the Conic Benchmark Format, versions 1 to 4, as
// far as it is linear or second-order conic: cones F, L+, L-, L=, Q and QR
// (2 x0 x1 >= |x2:|²). Integer variables, semidefinite, exponential and power
// cones and CHANGE are refused. H. A. Friberg, "CBLIB 2014: a benchmark library
// for conic mixed-integer and continuous optimization", Math. Prog. Comp. 8
// (2016).
func ReadCBF(r io.Reader) (*File, error) {
	c := &cbfParser{file: &File{}}
	c.in = bufio.NewScanner(r)
	c.in.Buffer(make([]byte, 0, 4096), maxLineBytes)
	for {
		key, ok, err := c.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return c.finish()
		}
		if err := c.keyword(key); err != nil {
			return nil, err
		}
	}
}

// cbfCone is a run of variables or constraints in one cone.
type cbfCone struct {
	name string
	dim  int
}

type cbfParser struct {
	in   *bufio.Scanner
	line int
	file *File

	vars, cons         []cbfCone
	n, m               int
	haveVars, haveCons bool
	q                  []float64
	a                  triplets
	b                  []float64
}

func (c *cbfParser) fail(format string, args ...any) error { return lineError(c.line, format, args...) }

// next returns the next line that is neither blank nor a comment.
func (c *cbfParser) next() (string, bool, error) {
	for c.in.Scan() {
		c.line++
		line := strings.TrimSpace(c.in.Text())
		if line != "" && line[0] != '#' {
			return line, true, nil
		}
	}
	if err := c.in.Err(); err != nil {
		return "", false, scanError(c.line, err)
	}
	return "", false, nil
}

// fields returns the fields of the next line, of which there must be count.
func (c *cbfParser) fields(what string, count int) ([]string, error) {
	line, ok, err := c.next()
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(line)
	if !ok || len(fields) != count {
		return nil, c.fail("%s: %d fields, want %d", what, len(fields), count)
	}
	return fields, nil
}

func (c *cbfParser) keyword(key string) error {
	switch key {
	case "VER":
		f, err := c.fields(key, 1)
		if err != nil {
			return err
		}
		if v, err := strconv.Atoi(f[0]); err != nil || v < 1 || v > 4 {
			return c.fail("version %q: want 1 to 4", f[0])
		}
		return nil
	case "OBJSENSE":
		f, err := c.fields(key, 1)
		if err != nil {
			return err
		}
		if f[0] != "MIN" && f[0] != "MAX" {
			return c.fail("OBJSENSE %q: want MIN or MAX", f[0])
		}
		c.file.Maximise = f[0] == "MAX"
		return nil
	case "VAR":
		if c.haveVars {
			return c.fail("a second VAR")
		}
		c.haveVars = true
		var err error
		c.vars, c.n, err = c.cones(key)
		c.q = make([]float64, c.n)
		return err
	case "CON":
		if c.haveCons {
			return c.fail("a second CON")
		}
		c.haveCons = true
		var err error
		c.cons, c.m, err = c.cones(key)
		c.b = make([]float64, c.m)
		return err
	case "OBJACOORD":
		return c.coordinates(key, []int{c.n}, func(at []int, v float64) { c.q[at[0]] += v })
	case "OBJBCOORD":
		f, err := c.fields(key, 1)
		if err != nil {
			return err
		}
		c.file.Constant, err = c.number(f[0])
		return err
	case "ACOORD":
		return c.coordinates(key, []int{c.m, c.n}, func(at []int, v float64) { c.a.add(at[0], at[1], v) })
	case "BCOORD":
		return c.coordinates(key, []int{c.m}, func(at []int, v float64) { c.b[at[0]] += v })
	case "INT":
		return c.fail("INT: integer variables are not supported")
	case "PSDVAR", "PSDCON", "OBJFCOORD", "FCOORD", "HCOORD", "DCOORD":
		return c.fail("%s: semidefinite cones are not supported", key)
	case "POWCONES", "POW*CONES", "CHANGE":
		return c.fail("%s is not supported", key)
	}
	return c.fail("unknown keyword %q", key)
}

// cones reads "total count" and count lines "cone dimension".
func (c *cbfParser) cones(key string) ([]cbfCone, int, error) {
	f, err := c.fields(key, 2)
	if err != nil {
		return nil, 0, err
	}
	total, err := c.count(f[0], maxDimension)
	if err != nil {
		return nil, 0, err
	}
	runs, err := c.count(f[1], maxDimension)
	if err != nil {
		return nil, 0, err
	}
	var list []cbfCone
	sum := 0
	for range runs {
		f, err := c.fields(key, 2)
		if err != nil {
			return nil, 0, err
		}
		dim, err := c.count(f[1], total-sum)
		if err != nil {
			return nil, 0, err
		}
		switch f[0] {
		case "F", "L+", "L-", "L=", "Q":
		case "QR":
			if dim < 2 {
				return nil, 0, c.fail("cone QR of dimension %d: want at least 2", dim)
			}
		default:
			return nil, 0, c.fail("cone %q is not supported: want F, L+, L-, L=, Q or QR", f[0])
		}
		list = append(list, cbfCone{f[0], dim})
		sum += dim
	}
	if sum != total {
		return nil, 0, c.fail("%s: the cones hold %d, the total is %d", key, sum, total)
	}
	return list, total, nil
}

func (c *cbfParser) coordinates(key string, limits []int, set func(at []int, v float64)) error {
	f, err := c.fields(key, 1)
	if err != nil {
		return err
	}
	count, err := c.count(f[0], math.MaxInt32)
	if err != nil {
		return err
	}
	at := make([]int, len(limits))
	for range count {
		f, err := c.fields(key, len(limits)+1)
		if err != nil {
			return err
		}
		for k, limit := range limits {
			if at[k], err = c.count(f[k], limit-1); err != nil {
				return err
			}
		}
		v, err := c.number(f[len(limits)])
		if err != nil {
			return err
		}
		set(at, v)
	}
	return nil
}

func (c *cbfParser) count(s string, most int) (int, error) {
	v, err := strconv.Atoi(s)
	if err != nil || v < 0 || v > most {
		return 0, c.fail("%q: want an integer from 0 to %d", s, most)
	}
	return v, nil
}

func (c *cbfParser) number(s string) (float64, error) {
	v, err := parseNumber(s)
	if err != nil || !finite(v) {
		return 0, c.fail("%q is not a finite number", s)
	}
	return v, nil
}

// affine is one row of an affine expression: entries of x and a constant.
type affine struct {
	cols []int
	vals []float64
	b    float64
}

func (c *cbfParser) finish() (*File, error) {
	if !c.haveVars {
		return nil, fmt.Errorf("the file declares no variables (keyword VAR)")
	}
	b := &builder{n: c.n, q: c.q}
	rows := make([]affine, c.m)
	for i, v := range c.b {
		rows[i].b = v
	}
	for k, i := range c.a.i {
		rows[i].cols = append(rows[i].cols, c.a.j[k])
		rows[i].vals = append(rows[i].vals, c.a.v[k])
	}
	for _, k := range c.cons {
		k.add(b, rows[:k.dim])
		rows = rows[k.dim:]
	}
	first := 0
	for _, k := range c.vars {
		if k.name != "F" {
			own := make([]affine, k.dim)
			for i := range own {
				own[i] = affine{cols: []int{first + i}, vals: []float64{1}}
			}
			k.add(b, own)
		}
		first += k.dim
	}
	if c.file.Maximise {
		scaleBy(b.q, -1)
	}
	p, err := b.build()
	if err != nil {
		return nil, err
	}
	c.file.Problem = p
	return c.file, nil
}

// add states that the rows lie in the cone.
func (k cbfCone) add(b *builder, rows []affine) {
	put := func(r *rowBlock, parts ...part) {
		rhs := 0.0
		for _, p := range parts {
			rhs += p.by * p.row.b
		}
		at := r.row(rhs)
		for _, p := range parts {
			for i, col := range p.row.cols {
				r.add(at, col, -p.by*p.row.vals[i])
			}
		}
	}
	switch k.name {
	case "L=", "L+", "L-":
		block, by := &b.kinds[NonNeg], 1.0
		if k.name == "L=" {
			block = &b.kinds[Zero]
		} else if k.name == "L-" {
			by = -1
		}
		for i := range rows {
			put(block, part{&rows[i], by})
		}
	case "Q", "QR":
		if k.dim == 0 {
			return
		}
		b.socDims = append(b.socDims, k.dim)
		if k.name == "QR" {
			// 2 x0 x1 >= |t|² is |((x0-x1)/√2, t)| <= (x0+x1)/√2.
			h := math.Sqrt2 / 2
			put(&b.soc, part{&rows[0], h}, part{&rows[1], h})
			put(&b.soc, part{&rows[0], h}, part{&rows[1], -h})
			rows = rows[2:]
		}
		for i := range rows {
			put(&b.soc, part{&rows[i], 1})
		}
	}
}

// part is a row times a number.
type part struct {
	row *affine
	by  float64
}
