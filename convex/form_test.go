package convex

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// dense writes a form as a matrix, the constant in the last column. Parameters
// count as numbers theta.
func dense(f form, cols int, theta []float64) [][]float64 {
	m := make([][]float64, f.rows)
	for r := range m {
		m[r] = make([]float64, cols+1)
	}
	for k := range f.blocks {
		b := &f.blocks[k]
		for i := range b.n {
			col := int(b.col.at(i))
			if col == none {
				col = cols
			}
			m[b.row.at(i)][col] += b.val.at(i) * at(theta, b.par.at(i))
		}
	}
	return m
}

func sameMatrix(t *rapid.T, what string, got, want [][]float64) {
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, want %d", what, len(got), len(want))
	}
	for r := range got {
		for c := range got[r] {
			if math.Abs(got[r][c]-want[r][c]) > 1e-9*(1+math.Abs(want[r][c])) {
				t.Fatalf("%s: (%d, %d) is %v, want %v", what, r, c, got[r][c], want[r][c])
			}
		}
	}
}

// drawSeq draws n indices below limit, as a progression where that can be.
func drawSeq(t *rapid.T, n, limit int) seq {
	if rapid.Bool().Draw(t, "progression") {
		step := rapid.IntRange(-2, 2).Draw(t, "step")
		first := rapid.IntRange(0, limit-1).Draw(t, "first")
		last := first + step*(n-1)
		if last >= 0 && last < limit {
			return seq{first: int32(first), step: int32(step)}
		}
	}
	list := make([]int32, n)
	for i := range list {
		list[i] = int32(rapid.IntRange(0, limit-1).Draw(t, "index"))
	}
	return seq{list: list}
}

// TestFormsAreMatrices runs random operations on forms and on the matrices they
// stand for.
func TestFormsAreMatrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const cols = 5
		number := rapid.Float64Range(-3, 3)
		c := newCanon(nil)
		theta := make([]float64, 4)
		for i := range theta {
			theta[i] = number.Draw(t, "theta")
		}
		c.theta.n = len(theta)
		grow := func() {
			for len(theta) < c.theta.n {
				for _, d := range c.theta.defs {
					if d.first == len(theta) {
						for i := range d.n {
							theta = append(theta, at(theta, d.a.at(i))*at(theta, d.b.at(i)))
						}
					}
				}
			}
		}
		var f form
		rows := rapid.IntRange(1, 4).Draw(t, "rows")
		if rapid.Bool().Draw(t, "thetas") {
			f = thetas(0, rows)
		} else {
			f = columns(rapid.IntRange(0, cols-rows).Draw(t, "first"), rows)
		}
		m := dense(f, cols, theta)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			n := f.rows
			switch op := rapid.SampledFrom([]string{"gather", "scatter", "scale", "scaleRows", "add", "constant", "times", "left", "right", "split"}).Draw(t, "op"); op {
			case "gather":
				k := rapid.IntRange(1, 6).Draw(t, "n")
				at := drawSeq(t, k, n)
				f = f.gathered(at, k)
				w := make([][]float64, k)
				for i := range w {
					w[i] = m[at.at(i)]
				}
				m = w
			case "scatter":
				k := rapid.IntRange(1, 6).Draw(t, "n")
				to := drawSeq(t, n, k)
				f = f.scattered(to, k)
				w := zeros(k, cols+1)
				for i := range m {
					for j, v := range m[i] {
						w[to.at(i)][j] += v
					}
				}
				m = w
			case "scale":
				s := number.Draw(t, "s")
				f = f.scaled(s)
				m = mapped(m, func(_, _ int, v float64) float64 { return s * v })
			case "scaleRows":
				s := make([]float64, n)
				for i := range s {
					s[i] = number.Draw(t, "s")
				}
				f = f.scaledRows(s)
				m = mapped(m, func(r, _ int, v float64) float64 { return s[r] * v })
			case "add":
				first := rapid.IntRange(0, cols-1).Draw(t, "col")
				g := columns(first, 1).gathered(same(0), n)
				f = sum(f, g)
				m = mapped(m, func(_, c int, v float64) float64 {
					if c == first {
						v++
					}
					return v
				})
			case "constant":
				k := make([]float64, n)
				for i := range k {
					k[i] = number.Draw(t, "k")
				}
				f = sum(f, constants(k))
				m = mapped(m, func(r, c int, v float64) float64 {
					if c == cols {
						v += k[r]
					}
					return v
				})
			case "times":
				first := rapid.IntRange(0, len(theta)-1).Draw(t, "par")
				if n > len(theta)-first {
					continue
				}
				f = c.times(coefficients{n: n, theta: first}, f)
				grow()
				m = mapped(m, func(r, _ int, v float64) float64 { return theta[first+r] * v })
			case "left", "right":
				p := rapid.IntRange(1, 3).Draw(t, "p")
				k := coefficients{n: p * n}
				value := func(i int) float64 { return k.dense[i] }
				if p*n <= 4 && rapid.Bool().Draw(t, "parameters") {
					value = func(i int) float64 { return theta[i] }
				} else {
					k.dense = make([]float64, p*n)
					for i := range k.dense {
						if k.dense[i] = number.Draw(t, "entry"); rapid.IntRange(0, 2).Draw(t, "zero") == 0 {
							k.dense[i] = 0
						}
					}
				}
				w := zeros(p, cols+1)
				if op == "left" { // p x n times n x 1
					f = leftProduct(k, p, n, f, 1, &c.theta)
					for i := range p {
						for j := range n {
							for x, v := range m[j] {
								w[i][x] += value(i*n+j) * v
							}
						}
					}
				} else { // 1 x n times n x p
					f = rightProduct(f, 1, k, n, p, &c.theta)
					for i := range p {
						for j := range n {
							for x, v := range m[j] {
								w[i][x] += value(j*p+i) * v
							}
						}
					}
				}
				grow()
				m = w
			case "split":
				limit := rapid.IntRange(0, cols).Draw(t, "limit")
				beyond, below := f.split(int32(limit))
				sameMatrix(t, "later columns", dense(beyond, cols, theta), mapped(m, func(_, c int, v float64) float64 {
					if c == cols || c < limit {
						return 0
					}
					return v
				}))
				f = sum(beyond, below)
			}
			sameMatrix(t, "form", dense(f, cols, theta), m)
		}
	})
}

func zeros(r, c int) [][]float64 {
	m := make([][]float64, r)
	for i := range m {
		m[i] = make([]float64, c)
	}
	return m
}

func mapped(m [][]float64, f func(r, c int, v float64) float64) [][]float64 {
	w := zeros(len(m), len(m[0]))
	for r := range m {
		for c, v := range m[r] {
			w[r][c] = f(r, c, v)
		}
	}
	return w
}

// TestProgressionsStay shows that slices, sums and broadcasts of a variable stay
// progressions: their cost does not grow with their length.
func TestProgressionsStay(t *testing.T) {
	x := Variable("x", Mat(20, 96))
	for _, e := range []*Expr{
		x.At(3), x.At(3).Slice(1, 96), x.Index(All(), At(5)), Sum(x), x.Slice(2, 7), x.At(0).Index(Span(95, -97, -1)),
		BroadcastTo(x.At(0, 0), Vec(96)), x.At(1).Times(0.25).Minus(x.At(2)), Hstack(x.At(1), x.At(2)), Vstack(x.At(1), x.At(2)),
	} {
		c := newCanon(nil)
		f := c.form(e)
		if c.err != nil || e.Err() != nil {
			t.Fatal(c.err, e.Err())
		}
		for _, b := range f.blocks {
			if b.row.list != nil || b.col.list != nil || b.par.list != nil || b.val.list != nil {
				t.Errorf("%v lists its entries", e)
			}
		}
	}
}
