package convex

import "slices"

// seq is a sequence of indices: first, first+step, ... or an explicit list.
// Slices, sums and broadcasts of variables stay progressions all the way, so
// that most of a model is moved around without touching single entries.
type seq struct {
	first, step int32
	list        []int32
}

// none stands where a block has no column (a constant) or no parameter.
const none = -1

func from(first int) seq { return seq{first: int32(first), step: 1} }
func same(value int) seq { return seq{first: int32(value)} }

func (s seq) at(i int) int32 {
	if s.list != nil {
		return s.list[i]
	}
	return s.first + s.step*int32(i)
}

// pick is the sequence s[at[0]], s[at[1]], ... of n entries.
func (s seq) pick(at seq, n int) seq {
	switch {
	case s.list == nil && at.list == nil:
		return seq{first: s.first + s.step*at.first, step: s.step * at.step}
	case s.list == nil && s.step == 0:
		return s
	case at.list == nil && at.step == 1:
		return seq{list: s.list[at.first : int(at.first)+n]}
	case s.list == nil && s.first == 0 && s.step == 1:
		return at
	}
	list := make([]int32, n)
	for i := range list {
		list[i] = s.at(int(at.at(i)))
	}
	return seq{list: list}
}

// weights is a sequence of numbers: scale times the list, or scale alone.
type weights struct {
	scale float64
	list  []float64
}

func (w weights) at(i int) float64 {
	if w.list != nil {
		return w.scale * w.list[i]
	}
	return w.scale
}

func (w weights) pick(at seq, n int) weights {
	if w.list == nil {
		return w
	}
	if at.list == nil && at.step == 1 {
		return weights{w.scale, w.list[at.first : int(at.first)+n]}
	}
	list := make([]float64, n)
	for i := range list {
		list[i] = w.list[at.at(i)]
	}
	return weights{w.scale, list}
}

// block is n terms of a form: to entry row[i] it adds
// val[i] * theta[par[i]] * x[col[i]], where a column or parameter `none`
// stands for the factor 1.
type block struct {
	n             int
	row, col, par seq
	val           weights
	byRow         *rowIndex // made when entries are looked up by row
}

// form is an affine function of the columns x with rows entries: the sum of
// its blocks. Its coefficients are affine in the parameters theta.
type form struct {
	rows   int
	blocks []block
}

// columns is the form x[first], ..., x[first+n-1].
func columns(first, n int) form {
	if n == 0 {
		return form{}
	}
	return form{n, []block{{n: n, row: from(0), col: from(first), par: same(none), val: weights{scale: 1}}}}
}

// constants is the form of constant entries.
func constants(values []float64) form {
	f := form{rows: len(values)}
	nonzero, equal := false, true
	for _, v := range values {
		nonzero = nonzero || v != 0
		equal = equal && v == values[0]
	}
	if !nonzero {
		return f
	}
	b := block{n: len(values), row: from(0), col: same(none), par: same(none)}
	if equal {
		b.val.scale = values[0]
	} else {
		b.val = weights{1, values}
	}
	f.blocks = []block{b}
	return f
}

// thetas is the form theta[first], ..., theta[first+n-1].
func thetas(first, n int) form {
	if n == 0 {
		return form{}
	}
	return form{n, []block{{n: n, row: from(0), col: same(none), par: from(first), val: weights{scale: 1}}}}
}

// sum adds forms of equal length.
func sum(fs ...form) form {
	out := form{rows: fs[0].rows}
	n := 0
	for _, f := range fs {
		n += len(f.blocks)
	}
	for _, f := range fs {
		if len(f.blocks) == n {
			return f
		}
		if out.blocks == nil {
			out.blocks = make([]block, 0, n)
		}
		out.blocks = append(out.blocks, f.blocks...)
	}
	return out
}

// scaled multiplies every entry by s.
func (f form) scaled(s float64) form {
	if s == 1 {
		return f
	}
	out := form{rows: f.rows}
	if s == 0 || len(f.blocks) == 0 {
		return out
	}
	out.blocks = slices.Clone(f.blocks)
	for i := range out.blocks {
		out.blocks[i].val.scale *= s
	}
	return out
}

// scaledRows multiplies entry r by s[r].
func (f form) scaledRows(s []float64) form {
	if len(s) > 0 {
		equal := true
		for _, v := range s {
			if v != s[0] {
				equal = false
				break
			}
		}
		if equal {
			return f.scaled(s[0])
		}
	}
	out := form{rows: f.rows, blocks: make([]block, 0, len(f.blocks))}
	for _, b := range f.blocks {
		if b.row.list == nil && b.row.step == 0 {
			b.val.scale *= s[b.row.first]
		} else {
			list := make([]float64, b.n)
			for i := range list {
				list[i] = b.val.at(i) * s[b.row.at(i)]
			}
			b.val = weights{1, list}
		}
		out.blocks = append(out.blocks, b)
	}
	return out
}

// scattered sends entry r to entry to[r] of a form with rows entries; entries
// that meet add up.
func (f form) scattered(to seq, rows int) form {
	out := form{rows: rows, blocks: make([]block, 0, len(f.blocks))}
	for _, b := range f.blocks {
		b.row, b.byRow = to.pick(b.row, b.n), nil
		out.blocks = append(out.blocks, b)
	}
	return out
}

// gathered is the form whose entry i is entry at[i], for n entries.
func (f form) gathered(at seq, n int) form {
	if at.list == nil && at.first == 0 && at.step == 1 && n == f.rows {
		return f
	}
	out := form{rows: n}
	if n == 0 {
		return out
	}
	for k := range f.blocks {
		if b, ok := f.blocks[k].gathered(at, n, f.rows); ok {
			out.blocks = append(out.blocks, b)
		}
	}
	return out
}

func (b *block) gathered(at seq, n, rows int) (block, bool) {
	if b.row.list == nil && at.list == nil && (b.row.step == 1 || b.row.step == -1) {
		// Entry at.first + i*at.step is term k0 + i*dk; keep the i for which
		// the block has that term.
		k0, dk := int((at.first-b.row.first)*b.row.step), int(at.step*b.row.step)
		lo, hi := 0, n
		switch {
		case dk > 0:
			lo = max(lo, ceilDiv(-k0, dk))
			hi = min(hi, ceilDiv(b.n-k0, dk))
		case dk < 0:
			lo = max(lo, ceilDiv(k0-b.n+1, -dk))
			hi = min(hi, ceilDiv(k0+1, -dk))
		case k0 < 0 || k0 >= b.n:
			return block{}, false
		}
		if lo >= hi {
			return block{}, false
		}
		m := hi - lo
		terms := seq{first: int32(k0 + lo*dk), step: int32(dk)}
		return b.picked(terms, m, from(lo)), true
	}
	if b.byRow == nil {
		b.byRow = indexRows(b, rows)
	}
	total := 0
	for i := range n {
		total += b.byRow.count(at.at(i))
	}
	if total == 0 {
		return block{}, false
	}
	terms, to := make([]int32, 0, total), make([]int32, 0, total)
	for i := range n {
		for _, k := range b.byRow.terms(at.at(i)) {
			terms, to = append(terms, k), append(to, int32(i))
		}
	}
	return b.picked(seq{list: terms}, total, seq{list: to}), true
}

func (b *block) picked(terms seq, n int, to seq) block {
	return block{n: n, row: to, col: b.col.pick(terms, n), par: b.par.pick(terms, n), val: b.val.pick(terms, n)}
}

func ceilDiv(a, b int) int {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}

// rowIndex lists the terms of a block by the entry they belong to.
type rowIndex struct{ ptr, term []int32 }

func indexRows(b *block, rows int) *rowIndex {
	x := &rowIndex{ptr: make([]int32, rows+1), term: make([]int32, b.n)}
	for i := range b.n {
		x.ptr[b.row.at(i)+1]++
	}
	for r := range rows {
		x.ptr[r+1] += x.ptr[r]
	}
	next := append([]int32(nil), x.ptr[:rows]...)
	for i := range b.n {
		r := b.row.at(i)
		x.term[next[r]] = int32(i)
		next[r]++
	}
	return x
}

func (x *rowIndex) count(row int32) int     { return int(x.ptr[row+1] - x.ptr[row]) }
func (x *rowIndex) terms(row int32) []int32 { return x.term[x.ptr[row]:x.ptr[row+1]] }

// split separates the terms in columns limit and beyond from the others.
func (f form) split(limit int32) (beyond, below form) {
	beyond.rows, below.rows = f.rows, f.rows
	if !f.reaches(limit) {
		below.blocks = f.blocks
		return beyond, below
	}
	for k := range f.blocks {
		b := &f.blocks[k]
		hits := b.countFrom(limit)
		switch hits {
		case b.n:
			beyond.blocks = append(beyond.blocks, *b)
		case 0:
			below.blocks = append(below.blocks, *b)
		default:
			in, out := make([]int32, 0, hits), make([]int32, 0, b.n-hits)
			for i := range b.n {
				if b.col.at(i) >= limit {
					in = append(in, int32(i))
				} else {
					out = append(out, int32(i))
				}
			}
			part := func(list []int32) block {
				s := seq{list: list}
				return b.picked(s, len(list), b.row.pick(s, len(list)))
			}
			beyond.blocks, below.blocks = append(beyond.blocks, part(in)), append(below.blocks, part(out))
		}
	}
	return beyond, below
}

// reaches tells whether f has terms in columns limit and beyond.
func (f form) reaches(limit int32) bool {
	for k := range f.blocks {
		if f.blocks[k].countFrom(limit) > 0 {
			return true
		}
	}
	return false
}

// countFrom counts the terms in columns limit and beyond.
func (b *block) countFrom(limit int32) int {
	if b.col.list == nil && b.n > 0 {
		first, last := b.col.at(0) >= limit, b.col.at(b.n-1) >= limit
		switch {
		case first && last:
			return b.n
		case !first && !last:
			return 0
		}
	}
	n := 0
	for i := range b.n {
		if b.col.at(i) >= limit {
			n++
		}
	}
	return n
}
