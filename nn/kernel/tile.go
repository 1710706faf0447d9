package kernel

import "unsafe"

// tile describes C[i][0:32] = init + sum over kOut x kIn steps of
// A(i, k) * B[k][0:32] for rows i: the one loop under all three products.
// Between steps A moves by aK, between the kOut groups by aJump more; B always
// moves by 32. Distances are in elements here.
type tile struct {
	a, b, c         *float32
	aRow, aK, aJump int
	kIn, kOut       int
	cRow            int
}

func at(p *float32, i int) *float32 { return (*float32)(unsafe.Add(unsafe.Pointer(p), i*4)) }

// run computes m rows.
func (t *tile) run(m int, e Epilogue) {
	for i := range m {
		var acc [Lanes]float32
		if e.Bias != nil {
			for l := range acc {
				acc[l] = e.Bias[i]
			}
		}
		a, b := at(t.a, i*t.aRow), t.b
		for range t.kOut {
			for range t.kIn {
				x := *a
				row := (*[Lanes]float32)(unsafe.Pointer(b))
				for l := range acc {
					acc[l] = fma(x, row[l], acc[l])
				}
				a, b = at(a, t.aK), at(b, Lanes)
			}
			a = at(a, t.aJump)
		}
		if e.Activate {
			for l, v := range acc {
				acc[l] = max(v, e.Slope*v)
			}
		}
		if e.Gate != nil {
			for l, g := range e.Gate[i*Lanes : i*Lanes+Lanes] {
				if !(g > 0) {
					acc[l] *= e.Slope
				}
			}
		}
		*(*[Lanes]float32)(unsafe.Pointer(at(t.c, i*t.cRow))) = acc
	}
}

// runNarrow computes m rows of which only the first width lanes exist in c.
func (t *tile) runNarrow(c []float32, m, width int) {
	var buf [8 * Lanes]float32
	n := *t
	n.c, n.cRow = &buf[0], Lanes
	for i := 0; i < m; i += 8 {
		rows := min(8, m-i)
		n.a = at(t.a, i*t.aRow)
		n.run(rows, Epilogue{})
		for r := range rows {
			copy(c[(i+r)*t.cRow:][:width], buf[r*Lanes:])
		}
	}
}
