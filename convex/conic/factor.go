package conic

// factor holds the numbers of L and D.
type factor struct {
	*symbolic
	val     []float64 // L by supernodes
	inv     []float64 // 1/D
	work    []float64 // dense row
	part    []float64 // of the dense row: one supernode
	next    []int32   // rows of a supernode that are done
	boosted int       // pivots replaced in the last factorisation
}

// boost is what a pivot lost to rounding is replaced by.
const boost = 1e-3

func newFactor(s *symbolic) *factor {
	return &factor{symbolic: s, val: make([]float64, s.valPtr[len(s.valPtr)-1]), inv: make([]float64, s.n), work: make([]float64, s.n),
		part: make([]float64, s.widest), next: make([]int32, len(s.first)-1)}
}

// run factorises the matrix with upper triangle (upPtr, upIdx, upVal) without
// its diagonal and diagonal diag, both in the permuted order, plus delta times
// sign, which holds 1 and -1 for positive and negative pivots. No pivot is
// smaller than delta but through rounding: such a one is replaced.
//
// It goes row by row: row k of L solves a triangular system with the rows above
// it (Davis, "Direct Methods for Sparse Linear Systems", 2006, section 4.7), a
// supernode at a time.
func (f *factor) run(upPtr, upIdx []int32, upVal, diag, sign []float64, delta float64) {
	y, inv := f.work, f.inv
	clear(f.next)
	f.boosted = 0
	for k := range f.n {
		lo, hi := upPtr[k], upPtr[k+1]
		idx, up := upIdx[lo:hi], upVal[lo:hi]
		up = up[:len(idx)]
		for t, i := range idx {
			y[i] = up[t]
		}
		d := diag[k] + sign[k]*delta
		for _, s := range f.member[f.memPtr[k]:f.memPtr[k+1]] {
			from := f.first[s]
			if f.first[s+1] == from+1 {
				yi := y[from]
				y[from] = 0
				done := f.next[s]
				f.next[s] = done + 1
				base := f.valPtr[s]
				rows := f.rows[f.rowPtr[s]:][:done]
				vals := f.val[base:][: done+1 : done+1]
				for t, r := range rows {
					y[r] -= vals[t] * yi
				}
				l := yi * inv[from]
				vals[done] = l
				d -= l * yi
				continue
			}
			d -= f.wide(s, y)
		}
		if own := f.owner[k]; int(f.first[own]) < k {
			d -= f.triangle(own, k, y)
		}
		if !(d*sign[k] > delta/2) {
			d = sign[k] * boost
			f.boosted++
		}
		inv[k] = 1 / d
	}
}

// wide computes the entries of the current row in a wide supernode above it and
// takes their effect on the rest of the row. It returns what they subtract
// from the pivot.
func (f *factor) wide(s int32, y []float64) float64 {
	from, to := int(f.first[s]), int(f.first[s+1])
	w := to - from
	part := f.part[:w]
	f.solveTriangle(s, w, y[from:to], part)
	clear(y[from:to])
	done := int(f.next[s])
	f.next[s]++
	base := int(f.valPtr[s]) + w*(w-1)/2
	panel := f.val[base : base+(done+1)*w]
	rows := f.rows[f.rowPtr[s]:][:done]
	for t, r := range rows {
		y[r] -= dotLanes(panel[t*w:t*w+w], part)
	}
	return scaledRow(panel[done*w:], part, f.inv[from:to])
}

// triangle does the same for the part of row k within its own supernode.
func (f *factor) triangle(s int32, k int, y []float64) float64 {
	from := int(f.first[s])
	w := k - from
	part := f.part[:w]
	f.solveTriangle(s, w, y[from:k], part)
	clear(y[from:k])
	base := int(f.valPtr[s]) + w*(w-1)/2
	return scaledRow(f.val[base:base+w], part, f.inv[from:k])
}

// solveTriangle solves with the leading w rows of the unit triangle of s.
func (f *factor) solveTriangle(s int32, w int, y, out []float64) {
	at := int(f.valPtr[s])
	out[0] = y[0]
	for t := 1; t < w; t++ {
		out[t] = y[t] - dotLanes(f.val[at:at+t], out[:t])
		at += t
	}
}

// scaledRow sets row = part/D and returns their product.
func scaledRow(row, part, inv []float64) float64 {
	row, inv = row[:len(part)], inv[:len(part)]
	sum := 0.0
	for t, v := range part {
		l := v * inv[t]
		row[t] = l
		sum += l * v
	}
	return sum
}

// solve replaces x, in the permuted order, by the solution of LDL'x = x.
func (f *factor) solve(x []float64) {
	count := len(f.first) - 1
	for s := range count {
		from := int(f.first[s])
		rows := f.rows[f.rowPtr[s]:f.rowPtr[s+1]]
		w := int(f.first[s+1]) - from
		base := int(f.valPtr[s])
		if w == 1 {
			xj := x[from]
			vals := f.val[base:][:len(rows)]
			for t, r := range rows {
				x[r] -= vals[t] * xj
			}
			x[from] = xj * f.inv[from]
			continue
		}
		xs := x[from : from+w]
		for t := 1; t < w; t++ {
			xs[t] -= dotLanes(f.val[base:base+t], xs[:t])
			base += t
		}
		panel := f.val[base:]
		for t, r := range rows {
			x[r] -= dotLanes(panel[t*w:t*w+w], xs)
		}
		for t := range xs {
			xs[t] *= f.inv[from+t]
		}
	}
	for s := count - 1; s >= 0; s-- {
		from := int(f.first[s])
		rows := f.rows[f.rowPtr[s]:f.rowPtr[s+1]]
		w := int(f.first[s+1]) - from
		base := int(f.valPtr[s])
		if w == 1 {
			vals := f.val[base:][:len(rows)]
			sum := x[from]
			for t, r := range rows {
				sum -= vals[t] * x[r]
			}
			x[from] = sum
			continue
		}
		xs := x[from : from+w]
		base += w * (w - 1) / 2
		panel := f.val[base:]
		for t, r := range rows {
			subtract(xs, panel[t*w:t*w+w], x[r])
		}
		for t := w - 1; t > 0; t-- {
			base -= t
			subtract(xs[:t], f.val[base:base+t], xs[t])
		}
	}
}

// dotLanes returns a'b, summed in four lanes. The slices have one length.
func dotLanes(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		x, y := a[i:i+4:i+4], b[i:i+4:i+4]
		s0 += x[0] * y[0]
		s1 += x[1] * y[1]
		s2 += x[2] * y[2]
		s3 += x[3] * y[3]
	}
	sum := (s0 + s2) + (s1 + s3)
	for ; i < len(a); i++ {
		sum += a[i] * b[i]
	}
	return sum
}

// subtract sets y -= c x.
func subtract(y, x []float64, c float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] -= c * x[i]
	}
}
