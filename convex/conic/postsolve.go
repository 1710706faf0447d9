package conic

import "math"

// expandX returns the full x of a reduced, unscaled one; for a ray, fixed and
// pinned columns do not move.
func (f *form) expandX(x []float64, ray bool) []float64 {
	full := make([]float64, len(f.colTo))
	for j, c := range f.colTo {
		switch {
		case c >= 0 && !f.pinned[c]:
			full[j] = x[c]
		case !ray:
			full[j] = f.fixed[j]
		}
	}
	return full
}

// complete gives the rows that presolve removed their multipliers, so that
// Px + q + A'z = 0 in fixed and pinned columns. grad: Px + q by columns, zero
// for a proof of infeasibility.
func (f *form) complete(z, grad []float64) {
	a := f.orig.A
	gradient := func(j int32) float64 {
		sum := grad[j]
		for q := a.ColPtr[j]; q < a.ColPtr[j+1]; q++ {
			sum += a.Val[q] * z[a.RowIdx[q]]
		}
		return sum
	}
	for c, pinned := range f.pinned {
		if !pinned {
			continue
		}
		// Both bounds hold with equality: the one that pushes back.
		g := gradient(f.cols[c])
		r := f.hiRow[c]
		if g > 0 {
			r = f.loRow[c]
		}
		z[r] += math.Abs(g / f.factor(int(r), a.Val))
	}
	for k := len(f.fixes) - 1; k >= 0; k-- {
		x := f.fixes[k]
		z[x.row] = -gradient(x.col) / a.Val[x.at]
	}
}

// expandZ returns the multipliers of all rows for those of the form, unscaled
// by mult (1/c, or a normalisation of a proof).
func (f *form) expandZ(it *iterate, mult float64) []float64 {
	z := make([]float64, len(f.kind))
	val := f.orig.A.Val
	for l, eq := range f.isEq {
		if !eq {
			continue
		}
		y := it.y[l] * f.rowUnit[l] * mult
		if f.equal[l] {
			z[f.linear[l]] = y
			continue
		}
		// A range whose limits coincide: the side that pushes.
		r := f.hiRow[f.n+l]
		if y < 0 {
			r = f.loRow[f.n+l]
		}
		z[r] = math.Abs(y / f.factor(int(r), val))
	}
	for i, r := range f.row[:f.sides] {
		z[r] = it.z[i] * f.unit[i] * mult
	}
	for i := range f.cones {
		c := &f.cones[i]
		at := func(k int) float64 { return it.zc[c.start+k] * f.rowUnit[f.rows+c.start+k] * mult }
		for k, r := range c.kept {
			z[r] = at(k)
		}
		switch t := f.tail(c); {
		case len(c.constant) == 0:
		case c.folds():
			// (h, t) stood for one number sqrt(h² - t²): hyperbolic rotation back.
			h := f.bound[c.head]
			if root := math.Sqrt(max(0, (h-t)*(h+t))); root > 0 {
				z0 := z[c.head]
				z[c.head] = z0 * h / root
				for _, r := range c.constant[1:] {
					z[r] = -z0 * f.bound[r] / root
				}
			}
		case t > 0:
			z0 := z[c.constant[0]]
			for _, r := range c.constant {
				z[r] = z0 * f.bound[r] / t
			}
		}
	}
	return z
}

// expandS returns the slack of all rows at x (full): the iterate's own where it
// has one, b - Ax where presolve removed the row, 0 for equations. A ray has
// b = 0.
func (f *form) expandS(it *iterate, x []float64, mult float64, ray bool) []float64 {
	p := f.orig
	s := make([]float64, len(p.B))
	if !ray {
		copy(s, p.B)
	}
	for j, xj := range x {
		for q := p.A.ColPtr[j]; q < p.A.ColPtr[j+1]; q++ {
			s[p.A.RowIdx[q]] -= p.A.Val[q] * xj
		}
	}
	for i, r := range f.row[:f.sides] {
		s[r] = it.s[i] / f.unit[i] * mult
	}
	eachCone(p, func(c Cone, first int) {
		for r := first; r < first+c.Dim; r++ {
			switch {
			case c.Kind == Zero:
				s[r] = 0
			case f.kind[r] == rowSide:
				s[r] = max(s[r], 0)
			}
		}
	})
	for i := range f.cones {
		c := &f.cones[i]
		for k, r := range c.kept {
			if k == 0 && c.folds() || k == len(c.kept)-1 && len(c.constant) > 0 && r == c.constant[0] {
				continue // constants keep b
			}
			s[r] = it.sc[c.start+k] / f.rowUnit[f.rows+c.start+k] * mult
		}
	}
	return s
}
