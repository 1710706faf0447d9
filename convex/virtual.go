package convex

import "github.com/peerwatt/peerwatt/convex/conic"

// virtualBase is where virtual columns begin to count.
const virtualBase = 1 << 30

type virtualKind uint8

const (
	square virtualKind = iota // entry i is arg[i]^2; with a matrix, one entry arg' P arg
	norm                      // entry i is the norm of the i-th run of dim entries of arg
	peak                      // entry i is the largest entry r of the args with to[r] = i
)

// virtual is a run of n convex quantities that have no column of their own yet.
type virtual struct {
	kind   virtualKind
	first  int // virtual column, counted from virtualBase
	n      int
	arg    form
	matrix *quadratic // square only
	dim    int        // norm only
	peaks  []branch   // peak only
	node   *Expr
	column int  // of the epigraph, once there is one, else none
	factor form // of a square with a matrix: F arg with arg' P arg = |F arg|^2
}

// branch is one of the forms a peak is the largest of.
type branch struct {
	arg form
	to  seq
}

// quadratic is the matrix of a quadratic form: symmetric, row-major entries,
// and theta where they depend on parameters.
type quadratic struct {
	n     int
	val   []float64
	theta int // first entry, or none
}

func (c *canon) newVirtual(v *virtual) form {
	v.first, v.column = c.virtuals, none
	c.virtuals += v.n
	c.virtual = append(c.virtual, v)
	return columns(virtualBase+v.first, v.n)
}

// virtualAt finds the run that a virtual column belongs to, and its place in it.
func (c *canon) virtualAt(col int32) (*virtual, int) {
	k := int(col) - virtualBase
	lo, hi := 0, len(c.virtual)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; c.virtual[mid].first <= k {
			lo = mid
		} else {
			hi = mid
		}
	}
	return c.virtual[lo], k - c.virtual[lo].first
}

// replaced gives epigraph columns to the virtual columns that which selects.
func (c *canon) replaced(f form, which func(*virtual) bool) form {
	virtuals, rest := f.split(virtualBase)
	if len(virtuals.blocks) == 0 {
		return f
	}
	for _, b := range virtuals.blocks {
		cols := make([]int32, b.n)
		for i := range cols {
			cols[i] = b.col.at(i)
			if v, k := c.virtualAt(cols[i]); which(v) {
				cols[i] = int32(c.epigraphColumn(v) + k)
			}
		}
		b.col = seq{list: cols}
		if b.n > 0 && progressive(cols) {
			b.col = seq{first: cols[0], step: 1}
		}
		rest.blocks = append(rest.blocks, b)
	}
	return rest
}

func progressive(list []int32) bool {
	for i, v := range list {
		if v != list[0]+int32(i) {
			return false
		}
	}
	return true
}

// epigraphColumn makes columns t that bound the virtual quantities from above.
func (c *canon) epigraphColumn(v *virtual) int {
	if v.column != none {
		return v.column
	}
	v.column = c.newColumns(v.n, v.node)
	t := columns(v.column, v.n)
	switch v.kind {
	case square:
		arg, dim := v.arg, 1
		if v.matrix != nil {
			arg = c.factored(v)
			dim = arg.rows
		}
		c.rotated(arg, dim, t, constants(constantBound(1, v.n)))
	case norm:
		c.cones(stacked(v.n, strip{t, 1}, strip{v.arg, v.dim}), v.n, v.dim+1)
	case peak:
		for _, b := range v.peaks {
			c.rows(conic.NonNeg, sum(b.arg, t.gathered(b.to, b.arg.rows).scaled(-1)))
		}
	}
	return v.column
}

// strip is a form that is read width entries at a time.
type strip struct {
	form
	width int
}

// stacked interleaves strips into n runs: each run takes the next entries of
// every strip.
func stacked(n int, strips ...strip) form {
	total := 0
	for _, s := range strips {
		total += s.width
	}
	out := form{rows: n * total}
	offset := 0
	for _, s := range strips {
		to := seq{first: int32(offset), step: int32(total)}
		if s.width != 1 {
			list := make([]int32, n*s.width)
			for i := range list {
				list[i] = int32(i/s.width*total + offset + i%s.width)
			}
			to = seq{list: list}
		}
		out.blocks = append(out.blocks, s.scattered(to, out.rows).blocks...)
		offset += s.width
	}
	return out
}

// factored is F arg with arg' P arg = |F arg|^2, for a square with a matrix.
func (c *canon) factored(v *virtual) form {
	if v.factor.rows > 0 {
		return v.factor
	}
	q := v.matrix
	if q.theta != none {
		c.fail(errNeedsValues)
		return form{rows: 1}
	}
	f := factor(q.val, q.n)
	if rank := len(f) / q.n; rank > 0 {
		v.factor = leftProduct(coefficients{n: len(f), dense: f}, rank, q.n, v.arg, 1, &c.theta)
	} else {
		v.factor = form{rows: 1}
	}
	return v.factor
}
