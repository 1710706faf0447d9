package grid

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// mValue is a matrix of numbers (a scalar is 1 x 1) or, where text is set, something
// that is carried along but not calculated with: a string or a cell array.
type mValue struct {
	rows, cols int
	data       []float64 // row by row
	opaque     bool
	text       string
}

func mScalar(x float64) mValue { return mValue{rows: 1, cols: 1, data: []float64{x}} }

func (v mValue) isScalar() bool { return !v.opaque && v.rows == 1 && v.cols == 1 }

// mMaxNumbers bounds what one value may hold, mMaxDepth how deep brackets may nest.
const (
	mMaxNumbers = 1 << 24
	mMaxDepth   = 100
)

func (p *mProgram) expression() (mValue, error) {
	if p.depth++; p.depth > mMaxDepth {
		return mValue{}, errors.New("brackets nest too deep")
	}
	defer func() { p.depth-- }()
	return p.sum(false)
}

// sum parses a + b - c. Inside a matrix [1 -2] is two elements: a sign with space
// before but not after it starts the next one.
func (p *mProgram) sum(inMatrix bool) (mValue, error) {
	a, err := p.product(inMatrix)
	for err == nil && (p.is("+") || p.is("-")) {
		if after := p.tokens[p.at+1]; inMatrix && p.peek().spaced && !after.spaced {
			break
		}
		op := p.take().text
		var b mValue
		if b, err = p.product(inMatrix); err == nil {
			a, err = mApply(op, a, b)
		}
	}
	return a, err
}

func (p *mProgram) product(inMatrix bool) (mValue, error) {
	a, err := p.signed(inMatrix)
	for err == nil && (p.is("*") || p.is("/") || p.is(".*") || p.is("./")) {
		op := p.take().text
		var b mValue
		if b, err = p.signed(inMatrix); err == nil {
			a, err = mApply(op, a, b)
		}
	}
	return a, err
}

func (p *mProgram) signed(inMatrix bool) (mValue, error) {
	negative := false
	for p.is("-") || p.is("+") {
		negative = negative != (p.take().text == "-")
	}
	v, err := p.power(inMatrix)
	if err == nil && negative {
		v, err = mApply("*", mScalar(-1), v)
	}
	return v, err
}

func (p *mProgram) power(inMatrix bool) (mValue, error) {
	a, err := p.primary(inMatrix)
	for err == nil && (p.is("^") || p.is(".^")) {
		op := p.take().text
		negative := false
		for p.is("-") || p.is("+") {
			negative = negative != (p.take().text == "-")
		}
		var b mValue
		if b, err = p.primary(inMatrix); err != nil {
			break
		}
		if negative {
			if b, err = mApply("*", mScalar(-1), b); err != nil {
				break
			}
		}
		a, err = mApply(op, a, b)
	}
	return a, err
}

func (p *mProgram) primary(inMatrix bool) (mValue, error) {
	t := p.take()
	switch {
	case t.kind == mNumber:
		x, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return mValue{}, fmt.Errorf("cannot read the number %v", t)
		}
		return mScalar(x), nil
	case t.kind == mString:
		return mValue{opaque: true, text: t.text[1 : len(t.text)-1]}, nil
	case t.kind == mName:
		return p.named(t.text, inMatrix)
	case t.text == "(":
		v, err := p.expression()
		if err == nil {
			err = p.expect(")")
		}
		return v, err
	case t.text == "[":
		return p.matrix()
	case t.text == "{":
		return p.cells()
	}
	return mValue{}, fmt.Errorf("%v stands where a value is wanted", t)
}

// named evaluates a variable, a part of one, or a function.
func (p *mProgram) named(name string, inMatrix bool) (mValue, error) {
	v, known := p.names[name]
	if name == p.object && p.is(".") {
		p.take()
		field := p.take()
		if v, known = p.fields[field.text]; !known {
			return mValue{}, fmt.Errorf("%s.%s has no value yet", name, field.text)
		}
		name += "." + field.text
	}
	called := p.is("(") && !(inMatrix && p.peek().spaced)
	if !known {
		return p.call(name, called)
	}
	if !called {
		return v, nil
	}
	rows, cols, err := p.index(v)
	if err != nil {
		return mValue{}, fmt.Errorf("%s: %w", name, err)
	}
	part := mValue{rows: len(rows), cols: len(cols)}
	for _, r := range rows {
		for _, c := range cols {
			part.data = append(part.data, v.data[r*v.cols+c])
		}
	}
	return part, nil
}

func (p *mProgram) call(name string, called bool) (mValue, error) {
	if x, ok := mNumbers[name]; ok && !called {
		return mScalar(x), nil
	}
	f, ok := mFunctions[name]
	if !ok || !called {
		return mValue{}, fmt.Errorf("cannot evaluate `%s`", name)
	}
	p.take()
	v, err := p.expression()
	if err == nil {
		err = p.expect(")")
	}
	if err != nil {
		return mValue{}, err
	}
	if v.opaque {
		return mValue{}, fmt.Errorf("`%s` wants numbers", name)
	}
	out := mValue{rows: v.rows, cols: v.cols, data: make([]float64, len(v.data))}
	for i, x := range v.data {
		out.data[i] = f(x)
	}
	return out, nil
}

var mNumbers = map[string]float64{"pi": math.Pi, "Inf": math.Inf(1), "NaN": math.NaN()}

var mFunctions = map[string]func(float64) float64{
	"sqrt": math.Sqrt, "abs": math.Abs, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan,
	"asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
}

// index parses (rows, columns) and returns what it selects, from zero.
func (p *mProgram) index(v mValue) (rows, cols []int, err error) {
	if v.opaque {
		return nil, nil, errors.New("cannot take a part of something that is no matrix")
	}
	if err := p.expect("("); err != nil {
		return nil, nil, err
	}
	for i, size := range []int{v.rows, v.cols} {
		var picked []int
		if p.accept(":") {
			for k := range size {
				picked = append(picked, k)
			}
		} else {
			which, err := p.expression()
			if err != nil {
				return nil, nil, err
			}
			if which.opaque {
				return nil, nil, errors.New("an index is no number")
			}
			for _, x := range which.data {
				if x != math.Trunc(x) || !(x >= 1 && x <= float64(size)) {
					return nil, nil, fmt.Errorf("there is no row or column %v: the matrix has %d x %d", x, v.rows, v.cols)
				}
				picked = append(picked, int(x)-1)
			}
		}
		if i == 0 {
			rows = picked
			err = p.expect(",")
		} else {
			cols = picked
			err = p.expect(")")
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%w: an index has a row and a column", err)
		}
	}
	if len(rows)*len(cols) > mMaxNumbers {
		return nil, nil, errors.New("the part is too large")
	}
	return rows, cols, nil
}

// matrix parses what follows `[`: elements parted by space or comma, rows by
// semicolon or line end.
func (p *mProgram) matrix() (mValue, error) {
	if p.depth++; p.depth > mMaxDepth {
		return mValue{}, errors.New("brackets nest too deep")
	}
	defer func() { p.depth-- }()
	var m mValue
	width := 0 // of the row in hand
	endRow := func() error {
		if width == 0 {
			return nil
		}
		if m.rows > 0 && width != m.cols {
			return fmt.Errorf("row %d of the matrix has %d numbers, the rows before it %d", m.rows+1, width, m.cols)
		}
		m.rows, m.cols, width = m.rows+1, width, 0
		return nil
	}
	for {
		switch {
		case p.accept("]"):
			err := endRow()
			return m, err
		case p.is(";") || p.peek().kind == mNewline:
			line := p.take().line
			if err := endRow(); err != nil {
				return mValue{}, fmt.Errorf("table line %d: %w", line, err)
			}
		case p.accept(","):
		case p.peek().kind == mEnd:
			return mValue{}, errors.New("the matrix is not closed by `]`")
		default:
			line := p.peek().line
			v, err := p.sum(true)
			if err == nil && !v.isScalar() {
				err = errors.New("an element of a matrix is not one number")
			}
			if err != nil {
				return mValue{}, fmt.Errorf("table line %d: %w", line, err)
			}
			if len(m.data) == mMaxNumbers {
				return mValue{}, errors.New("the matrix is too large")
			}
			m.data = append(m.data, v.data[0])
			width++
		}
	}
}

// cells skips a cell array: case files keep names in them.
func (p *mProgram) cells() (mValue, error) {
	for depth := 1; depth > 0; {
		switch t := p.take(); {
		case t.kind == mEnd:
			return mValue{}, errors.New("the cell array is not closed by `}`")
		case t.kind == mSymbol && t.text == "{":
			depth++
		case t.kind == mSymbol && t.text == "}":
			depth--
		}
	}
	return mValue{opaque: true}, nil
}

// mApply evaluates a op b, number by number; one of the two may be a single number.
func mApply(op string, a, b mValue) (mValue, error) {
	if a.opaque || b.opaque {
		return mValue{}, fmt.Errorf("`%s` wants numbers", op)
	}
	switch op {
	case "*":
		if !a.isScalar() && !b.isScalar() {
			return mValue{}, errors.New("cannot evaluate a product of matrices: want `.*` or a number")
		}
	case "/":
		if !b.isScalar() {
			return mValue{}, errors.New("cannot evaluate a division by a matrix: want `./` or a number")
		}
	case "^":
		if !a.isScalar() || !b.isScalar() {
			return mValue{}, errors.New("cannot evaluate a power of a matrix: want `.^`")
		}
	}
	out := a
	if a.isScalar() {
		out = b
	}
	if !a.isScalar() && !b.isScalar() && (a.rows != b.rows || a.cols != b.cols) {
		return mValue{}, fmt.Errorf("`%s` wants matrices of one size, not %d x %d and %d x %d", op, a.rows, a.cols, b.rows, b.cols)
	}
	data := make([]float64, len(out.data))
	for i := range data {
		x, y := a.data[0], b.data[0]
		if !a.isScalar() {
			x = a.data[i]
		}
		if !b.isScalar() {
			y = b.data[i]
		}
		switch op {
		case "+":
			data[i] = x + y
		case "-":
			data[i] = x - y
		case "*", ".*":
			data[i] = x * y
		case "/", "./":
			data[i] = x / y
		case "^", ".^":
			data[i] = math.Pow(x, y)
		}
	}
	return mValue{rows: out.rows, cols: out.cols, data: data}, nil
}
