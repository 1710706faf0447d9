package convex

// coefficients are the entries of an operand without variables: numbers, a
// sparse matrix, or a run of theta.
type coefficients struct {
	n      int
	dense  []float64
	sparse *Matrix
	theta  int // first entry, when neither of the others is set
}

// coefficients reads a factor without variables.
func (c *canon) coefficients(e *Expr) coefficients {
	if k, ok := e.atom.(*constant); ok && k.sparse != nil {
		return coefficients{n: e.Size(), sparse: k.sparse}
	}
	if !e.params || c.values != nil {
		return coefficients{n: e.Size(), dense: c.numbers(e)}
	}
	return coefficients{n: e.Size(), theta: c.theta.of(e)}
}

// times multiplies entry r of f by coefficient r.
func (c *canon) times(k coefficients, f form) form {
	if k.sparse != nil {
		k.dense = k.sparse.full()
	}
	if k.dense != nil || k.n == 0 {
		return f.scaledRows(k.dense)
	}
	out := form{rows: f.rows, blocks: append([]block(nil), f.blocks...)}
	for i := range out.blocks {
		b := &out.blocks[i]
		b.par = c.theta.product(from(k.theta).pick(b.row, b.n), b.par, b.n)
	}
	return out
}

// leftProduct is the matrix product K F of p x k coefficients and a form of k x
// q entries; t takes the products of parameters and may be nil when K has none.
func leftProduct(k coefficients, p, inner int, f form, q int, t *thetaTable) form {
	byColumn := k.columnsOf(p, inner)
	return f.expanded(p*q, t, func(row int32) (term []entry, place func(int32) int32) {
		col := row % int32(q)
		return byColumn(row / int32(q)), func(i int32) int32 { return i*int32(q) + col }
	})
}

// rightProduct is F K for a form of p x k entries and k x q coefficients.
func rightProduct(f form, p int, k coefficients, inner, q int, t *thetaTable) form {
	byRow := k.rowsOf(inner, q)
	return f.expanded(p*q, t, func(row int32) (term []entry, place func(int32) int32) {
		base := row / int32(inner) * int32(q)
		return byRow(row % int32(inner)), func(j int32) int32 { return base + j }
	})
}

// entry is a nonzero of a row or column of coefficients.
type entry struct {
	at    int32
	value float64
	par   int32
}

// expanded replaces each term of entry r by the given multiples of it.
func (f form) expanded(rows int, t *thetaTable, of func(row int32) ([]entry, func(int32) int32)) form {
	out := form{rows: rows}
	for k := range f.blocks {
		b := &f.blocks[k]
		total := 0
		for i := range b.n {
			entries, _ := of(b.row.at(i))
			total += len(entries)
		}
		if total == 0 {
			continue
		}
		nb := block{n: total, val: weights{1, make([]float64, 0, total)}}
		row, term, par := make([]int32, 0, total), make([]int32, 0, total), make([]int32, 0, total)
		plain := true
		for i := range b.n {
			entries, place := of(b.row.at(i))
			for _, e := range entries {
				row, term, par = append(row, place(e.at)), append(term, int32(i)), append(par, e.par)
				nb.val.list = append(nb.val.list, b.val.at(i)*e.value)
				plain = plain && e.par == none
			}
		}
		nb.row = seq{list: row}
		nb.col = b.col.pick(seq{list: term}, total)
		nb.par = b.par.pick(seq{list: term}, total)
		if !plain {
			nb.par = t.product(seq{list: par}, nb.par, total)
		}
		out.blocks = append(out.blocks, nb)
	}
	return out
}

// columnsOf gives access to the nonzeros of a p x q matrix by column.
func (k coefficients) columnsOf(p, q int) func(int32) []entry {
	lists := make([][]entry, q)
	k.each(p, q, func(i, j int32, value float64, par int32) {
		lists[j] = append(lists[j], entry{i, value, par})
	})
	return func(j int32) []entry { return lists[j] }
}

// rowsOf gives access to the nonzeros of a p x q matrix by row.
func (k coefficients) rowsOf(p, q int) func(int32) []entry {
	lists := make([][]entry, p)
	k.each(p, q, func(i, j int32, value float64, par int32) {
		lists[i] = append(lists[i], entry{j, value, par})
	})
	return func(i int32) []entry { return lists[i] }
}

// each visits the nonzeros of a p x q matrix row by row; entries of theta count
// as nonzero.
func (k coefficients) each(p, q int, visit func(i, j int32, value float64, par int32)) {
	switch {
	case k.sparse != nil:
		for i := range p {
			for at := k.sparse.ptr[i]; at < k.sparse.ptr[i+1]; at++ {
				visit(int32(i), k.sparse.idx[at], k.sparse.val[at], none)
			}
		}
	case k.dense != nil:
		for i := range p {
			for j, v := range k.dense[i*q : (i+1)*q] {
				if v != 0 {
					visit(int32(i), int32(j), v, none)
				}
			}
		}
	default:
		for i := range p {
			for j := range q {
				visit(int32(i), int32(j), 1, int32(k.theta+i*q+j))
			}
		}
	}
}
