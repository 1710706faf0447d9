package conic

import (
	"math"
	"slices"
)

// scale chooses D, E and c and applies them to P, A, q and b: Ruiz's
// equilibration of [P A'; A 0] ("A scaling algorithm to equilibrate both rows
// and columns norms in matrices", RAL-TR-2001-034), one factor per cone,
// rounded to powers of two.
func (f *form) scale() {
	if f.scaledFor != f.version || !slices.Equal(f.pinned, f.scaledPinned) {
		f.equilibrate()
		f.scaledFor = f.version
		copy(f.scaledPinned, f.pinned)
	}
	d, e := f.d, f.e
	for j := range f.n {
		dj := d[j]
		for k := f.aPtr[j]; k < f.aPtr[j+1]; k++ {
			f.aVal[k] *= dj * e[f.aIdx[k]]
		}
		for k := f.pPtr[j]; k < f.pPtr[j+1]; k++ {
			f.pVal[k] *= dj * d[f.pIdx[k]]
		}
		f.q[j] *= dj
	}
	for i := range f.b {
		f.b[i] *= e[i]
	}
	beta := f.sizeScale()
	for i := range f.b {
		f.b[i] /= beta
	}
	for k := range f.pVal {
		f.pVal[k] *= beta
	}
	f.beta = beta
	f.c = f.costScale()
	for k := range f.pVal {
		f.pVal[k] *= f.c
	}
	for j := range f.q {
		f.q[j] *= f.c
	}
	f.c /= beta
}

// sizeScale is a typical size of the right-hand sides.
func (f *form) sizeScale() float64 {
	sq, n := 0.0, 0.0
	see := func(v float64) {
		if v != 0 {
			sq += v * v
			n++
		}
	}
	for _, v := range f.b {
		see(v)
	}
	for c := range f.n + f.rows {
		if !f.free(c) {
			continue
		}
		unit := f.carrierUnit(c)
		if f.loRow[c] >= 0 {
			see(unit * f.lo[c])
		}
		if f.hiRow[c] >= 0 {
			see(unit * f.hi[c])
		}
	}
	if n == 0 {
		return 1
	}
	return powerOfTwo(math.Sqrt(sq / n))
}

// costScale brings the larger of |q| and the mean column of P to about one.
func (f *form) costScale() float64 {
	most, mean := 0.0, 0.0
	for _, v := range f.q {
		most = max(most, math.Abs(v))
	}
	if len(f.pVal) > 0 {
		col := make([]float64, f.n)
		for j := range f.n {
			for k := f.pPtr[j]; k < f.pPtr[j+1]; k++ {
				v, i := math.Abs(f.pVal[k]), f.pIdx[k]
				col[i], col[j] = max(col[i], v), max(col[j], v)
			}
		}
		for _, v := range col {
			mean += v / float64(f.n)
		}
	}
	return powerOfTwo(1 / clampScale(max(most, mean)))
}

const ruizPasses = 10

func (f *form) equilibrate() {
	d, e := f.d, f.e
	for i := range d {
		d[i] = 1
	}
	for i := range e {
		e[i] = 1
	}
	col, row := make([]float64, f.n), make([]float64, len(e))
	for range ruizPasses {
		clear(col)
		clear(row)
		for j := range f.n {
			dj, most := d[j], col[j]
			for k := f.aPtr[j]; k < f.aPtr[j+1]; k++ {
				i := f.aIdx[k]
				v := math.Abs(f.aVal[k]) * dj * e[i]
				most = max(most, v)
				row[i] = max(row[i], v)
			}
			for k := f.pPtr[j]; k < f.pPtr[j+1]; k++ {
				i := f.pIdx[k]
				v := math.Abs(f.pVal[k]) * dj * d[i]
				most = max(most, v)
				col[i] = max(col[i], v)
			}
			col[j] = most
		}
		for i := range f.cones {
			c := &f.cones[i]
			cone := row[f.rows+c.start : f.rows+c.start+len(c.kept)]
			most := 0.0
			for _, v := range cone {
				most = max(most, v)
			}
			for k := range cone {
				cone[k] = most
			}
		}
		worst := 0.0
		for j, v := range col {
			v = clampScale(v)
			worst = max(worst, math.Abs(1-v))
			d[j] = limitScale(d[j] / math.Sqrt(v))
		}
		for i, v := range row {
			v = clampScale(v)
			worst = max(worst, math.Abs(1-v))
			e[i] = limitScale(e[i] / math.Sqrt(v))
		}
		if worst < 0.1 {
			break
		}
	}
	for j := range d {
		d[j] = powerOfTwo(d[j])
	}
	for i := range e {
		e[i] = powerOfTwo(e[i])
	}
}

// clampScale leaves empty rows and columns alone.
func clampScale(v float64) float64 {
	if v < 1e-12 {
		return 1
	}
	return v
}

func limitScale(v float64) float64 { return min(max(v, 1e-6), 1e6) }

// powerOfTwo rounds v > 0 to a power of two, evenly on the logarithmic scale.
func powerOfTwo(v float64) float64 {
	frac, exp := math.Frexp(v) // frac in [0.5, 1)
	if frac >= math.Sqrt2/2 {
		exp++
	}
	return math.Ldexp(0.5, exp)
}
