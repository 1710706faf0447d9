package conic

import (
	"math"
	"slices"
)

// form is the reduced and scaled problem the iteration works on:
//
//	minimise ½x'Px + q'x
//	A_E x = b_E                      rows that are equations
//	s_k + sign_k w_{c(k)} = rhs_k    sides, s_k >= 0, w = (x, A_L x)
//	A_C x + s_C = b_C                cone rows, s_C in second-order cones
//
// It is scaled: x = beta D x̂, scaled row = E row / beta, scaled objective =
// c objective, where all factors are powers of two, so that scaling does not
// round.
type form struct {
	*structure
	n, rows int // columns; linear rows (equations and ranges)

	pVal, aVal []float64
	q, b       []float64 // b: linear rows (0 where ranges), cone rows
	isEq       []bool    // linear rows, for these values

	sides   int // number of sides in use, and for each of them:
	carrier []int32
	sign    []float64
	rhs     []float64
	row     []int32   // original row
	unit    []float64 // scaled s = unit s, scaled z = c/unit z

	soc []span // rows of each cone among the cone rows

	d, e    []float64 // columns; linear and cone rows
	beta, c float64
	sizeB   float64 // largest entries of b and q as given
	sizeQ   float64
	xUnit   []float64 // beta D
	rowUnit []float64 // E/beta: scaled multiplier = c/rowUnit multiplier
	colOut  []float64 // what unscales residuals of columns, rows and sides
	rowOut  []float64
	sideOut []float64

	// What presolve found in the present values.
	fixed        []float64  // original columns: value where fixed or pinned
	pinned       []bool     // kept columns whose bounds coincide
	loRow, hiRow []int32    // carriers: original rows that bound, or -1
	lo, hi       []float64  // carriers: bounds
	bound        []float64  // b with fixed and pinned columns moved over
	proof        []proofRow // of infeasibility, where there is one

	// d and e belong to this version of A and P and to these pinned columns.
	version, scaledFor int
	scaledPinned       []bool
}

// span is a range of rows, lo <= row < hi.
type span struct{ lo, hi int }

// proofRow is one entry of a multiplier that proves infeasibility.
type proofRow struct {
	row    int32
	weight float64
}

const unboundedFrom = 1e20 // a bound at least this large is none

func newForm(s *structure) *form {
	n, l, k := len(s.cols), len(s.linear), s.coneRows
	most := 0
	for _, kind := range s.kind {
		if kind == rowSide {
			most++
		}
	}
	f := &form{structure: s, n: n, rows: l,
		pVal: make([]float64, len(s.pIdx)), aVal: make([]float64, len(s.aIdx)), q: make([]float64, n), b: make([]float64, l+k), isEq: make([]bool, l),
		carrier: make([]int32, most), sign: make([]float64, most), rhs: make([]float64, most), row: make([]int32, most), unit: make([]float64, most),
		d: make([]float64, n), e: make([]float64, l+k), xUnit: make([]float64, n), rowUnit: make([]float64, l+k),
		colOut: make([]float64, n), rowOut: make([]float64, l+k), sideOut: make([]float64, most),
		fixed: make([]float64, len(s.orig.Q)), pinned: make([]bool, n), scaledPinned: make([]bool, n),
		loRow: make([]int32, n+l), hiRow: make([]int32, n+l), lo: make([]float64, n+l), hi: make([]float64, n+l),
		bound: make([]float64, len(s.orig.B)), version: 1}
	for _, c := range s.cones {
		f.soc = append(f.soc, span{c.start, c.start + len(c.kept)})
	}
	return f
}

// load brings the current values of the original problem into the form. Where
// they prove infeasibility by themselves, proof holds the multipliers.
func (f *form) load() {
	f.proof = nil
	p := f.orig
	f.sizeB, f.sizeQ = maxAbs(p.B), maxAbs(p.Q)
	copy(f.bound, p.B)
	for _, x := range f.fixes {
		f.fixed[x.col] = f.bound[x.row] / p.A.Val[x.at]
		f.move(x.col, f.fixed[x.col])
	}
	f.bounds(0)
	f.pin()
	f.bounds(1)
	f.checkConstants()
	f.values()
	if f.proof != nil {
		return
	}
	f.scale()
	f.emit()
	for j := range f.d {
		f.xUnit[j] = f.d[j] * f.beta
		f.colOut[j] = 1 / (f.xUnit[j] * f.c)
	}
	for i := range f.e {
		f.rowUnit[i] = f.e[i] / f.beta
		f.rowOut[i] = 1 / f.rowUnit[i]
	}
	for i, u := range f.unit[:f.sides] {
		f.sideOut[i] = 1 / u
	}
}

// move takes a column of known value over to the right-hand side.
func (f *form) move(col int32, v float64) {
	a := f.orig.A
	for q := a.ColPtr[col]; q < a.ColPtr[col+1]; q++ {
		f.bound[a.RowIdx[q]] -= a.Val[q] * v
	}
}

// slack is how far a row may be off before it counts as violated: rounding.
func (f *form) slack(r int) float64 {
	return 1e-10 * max(1, math.Abs(f.orig.B[r]), math.Abs(f.bound[r]))
}

// bounds finds the tightest sides of variables (pass 0) or of linear rows
// (pass 1), and contradictions among them.
func (f *form) bounds(pass int) {
	from, to := 0, f.n
	if pass == 1 {
		from, to = f.n, f.n+f.rows
	}
	for c := from; c < to; c++ {
		f.lo[c], f.hi[c], f.loRow[c], f.hiRow[c] = math.Inf(-1), math.Inf(1), -1, -1
	}
	if pass == 1 {
		copy(f.isEq, f.equal)
	}
	val := f.orig.A.Val
	for r, kind := range f.kind {
		if kind != rowSide || int(f.to[r]) < from || int(f.to[r]) >= to {
			continue
		}
		c := f.to[r]
		if f.bound[r] >= unboundedFrom {
			continue
		}
		a := f.factor(r, val)
		switch v := f.bound[r] / a; {
		case a == 0:
			if f.bound[r] < -f.slack(r) {
				f.contradict(proofRow{int32(r), 1})
			}
		case pass == 1 && f.equal[int(c)-f.n]:
			rep := f.linear[int(c)-f.n]
			if d := f.bound[r] - a*f.bound[rep]; d < -f.slack(r) {
				f.contradict(proofRow{int32(r), 1}, proofRow{rep, -a})
			}
		case a > 0:
			if v < f.hi[c] {
				f.hi[c], f.hiRow[c] = v, int32(r)
			}
		default:
			if v > f.lo[c] {
				f.lo[c], f.loRow[c] = v, int32(r)
			}
		}
	}
	for c := from; c < to; c++ {
		lo, hi := f.lo[c], f.hi[c]
		if f.loRow[c] < 0 || f.hiRow[c] < 0 {
			continue
		}
		if gap := 1e-10 * max(1, math.Abs(lo), math.Abs(hi)); lo-hi > gap {
			l, h := int(f.loRow[c]), int(f.hiRow[c])
			f.contradict(proofRow{int32(l), 1 / math.Abs(f.factor(l, val))}, proofRow{int32(h), 1 / f.factor(h, val)})
		}
	}
}

// closed tells whether the bounds of carrier c leave no room between them.
func (f *form) closed(c int) bool {
	lo, hi := f.lo[c], f.hi[c]
	return f.loRow[c] >= 0 && f.hiRow[c] >= 0 && hi-lo <= 1e-10*max(1, math.Abs(lo), math.Abs(hi))
}

// factor is the coefficient of a side's carrier in its original row.
func (f *form) factor(r int, val []float64) float64 {
	c := int(f.to[r])
	if f.kind[r] != rowTwin {
		c -= f.n
	}
	if c < 0 {
		return val[f.lead[r]]
	}
	rep := int(f.linear[c])
	if rep == r {
		return 1
	}
	return val[f.lead[r]] / val[f.lead[rep]]
}

// pin masks the variables whose bounds coincide.
func (f *form) pin() {
	for c := range f.n {
		f.pinned[c] = f.closed(c)
		if f.pinned[c] {
			v := (f.lo[c] + f.hi[c]) / 2
			f.fixed[f.cols[c]] = v
			f.move(f.cols[c], v)
		}
	}
}

// checkConstants tests the rows that hold no variable.
func (f *form) checkConstants() {
	p := f.orig
	eachCone(p, func(c Cone, first int) {
		for r := first; r < first+c.Dim; r++ {
			v := f.bound[r]
			switch {
			case f.kind[r] == rowTwin:
				a := f.factor(r, p.A.Val)
				rep := f.linear[f.to[r]]
				if d := v - a*f.bound[rep]; math.Abs(d) > f.slack(r) {
					f.contradict(proofRow{int32(r), -math.Copysign(1, d)}, proofRow{rep, a * math.Copysign(1, d)})
				}
			case f.kind[r] != rowConstant || c.Kind == SOC && c.Dim > 1:
			case c.Kind == Zero && math.Abs(v) > f.slack(r):
				f.contradict(proofRow{int32(r), -math.Copysign(1, v)})
			case c.Kind != Zero && v < -f.slack(r):
				f.contradict(proofRow{int32(r), 1})
			}
		}
	})
	for _, c := range slices.Concat(f.constants, f.cones) {
		if !c.folds() {
			continue
		}
		h, t := f.bound[c.head], f.tail(&c)
		if h-t < -f.slack(int(c.head)) {
			proof := []proofRow{{c.head, 1}}
			for _, r := range c.constant[1:] {
				if t > 0 {
					proof = append(proof, proofRow{r, -f.bound[r] / t})
				}
			}
			f.contradict(proof...)
		}
	}
}

// tail is the norm of the constant rows of a cone, its head apart.
func (f *form) tail(c *coneMap) float64 {
	t := 0.0
	for _, r := range c.constant {
		if r != c.head {
			t = math.Hypot(t, f.bound[r])
		}
	}
	return t
}

func (f *form) contradict(rows ...proofRow) {
	if f.proof == nil {
		f.proof = rows
	}
}

// values fills in the unscaled numbers of the reduced problem.
func (f *form) values() {
	p := f.orig
	for k, from := range f.aFrom {
		f.aVal[k] = p.A.Val[from]
	}
	for k, from := range f.pFrom {
		f.pVal[k] = p.P.Val[from]
	}
	if p.P == nil {
		for k, j := range f.cols {
			f.q[k] = p.Q[j]
		}
	} else {
		f.linearCost()
	}
	for c, pinned := range f.pinned {
		if pinned {
			f.q[c] = 0
			clear(f.aVal[f.aPtr[c]:f.aPtr[c+1]])
		}
		for k := f.pPtr[c]; k < f.pPtr[c+1]; k++ {
			if pinned || f.pinned[f.pIdx[k]] {
				f.pVal[k] = 0
			}
		}
	}
	for l, r := range f.linear {
		f.b[l] = 0
		if c := f.n + l; f.equal[l] {
			f.b[l] = f.bound[r]
		} else if f.closed(c) {
			f.isEq[l] = true
			f.b[l] = (f.lo[c] + f.hi[c]) / 2
		}
	}
	for i := range f.cones {
		c := &f.cones[i]
		for k, r := range c.kept {
			f.b[f.rows+c.start+k] = f.bound[r]
		}
		switch t := f.tail(c); {
		case c.folds():
			h := f.bound[c.head]
			f.b[f.rows+c.start] = math.Sqrt(max(0, (h-t)*(h+t)))
		case len(c.constant) > 0:
			f.b[f.rows+c.start+len(c.kept)-1] = t
		}
	}
}

// linearCost adds to q what fixed and pinned columns contribute through P.
func (f *form) linearCost() {
	p := f.orig
	known := func(j int) bool { return f.colTo[j] < 0 || f.pinned[f.colTo[j]] }
	for k, j := range f.cols {
		f.q[k] = p.Q[j]
	}
	for j := range p.P.Cols {
		for k := p.P.ColPtr[j]; k < p.P.ColPtr[j+1]; k++ {
			i := p.P.RowIdx[k]
			if known(i) && f.colTo[j] >= 0 {
				f.q[f.colTo[j]] += p.P.Val[k] * f.fixed[i]
			}
			if i != j && known(j) && f.colTo[i] >= 0 {
				f.q[f.colTo[i]] += p.P.Val[k] * f.fixed[j]
			}
		}
	}
}

// emit lists the sides that count, scaled: the tightest of each carrier.
func (f *form) emit() {
	f.sides = 0
	val := f.orig.A.Val
	put := func(c int, r int32, sign, bound, unit float64) {
		k := f.sides
		f.carrier[k], f.sign[k], f.row[k] = int32(c), sign, r
		f.rhs[k] = sign * bound * unit
		f.unit[k] = unit / math.Abs(f.factor(int(r), val))
		f.sides++
	}
	for c := range f.n + f.rows {
		if !f.free(c) {
			continue
		}
		unit := f.carrierUnit(c) / f.beta
		if r := f.loRow[c]; r >= 0 {
			put(c, r, -1, f.lo[c], unit)
		}
		if r := f.hiRow[c]; r >= 0 {
			put(c, r, 1, f.hi[c], unit)
		}
	}
}

// free tells whether carrier c can move between its bounds.
func (f *form) free(c int) bool {
	if c < f.n {
		return !f.pinned[c]
	}
	return !f.isEq[c-f.n]
}

// carrierUnit is what scaling by D and E alone multiplies carrier c by.
func (f *form) carrierUnit(c int) float64 {
	if c < f.n {
		return 1 / f.d[c]
	}
	return f.e[c-f.n]
}
