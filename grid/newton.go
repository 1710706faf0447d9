package grid

import "math"

const (
	newtonTolerance  = 1e-10 // of the last voltage step, p.u.; what remains after it is about its square
	maxNewtonSteps   = 40
	maxNewtonHalving = 12
)

// newton solves any network, meshed or radial, by Newton's method with branch
// currents as unknowns beside the voltages:
//
//	V_f - V_t - z I = 0                       for every branch
//	sum of I leaving + conj(S / V) = 0        for every bus but the slack
//
// Where an admittance matrix would hold 1/z (1.6e6 p.u. for a branch of j1e-5 ohm,
// infinity for a closed switch) this one holds z, so such branches cost no digits.
// Real and imaginary parts are kept apart: unknown u of bus or branch j stands at
// 2j and 2j+1, buses first. The slack keeps its place with the equation V = given.
type newton struct {
	buses, branches int
	slack           int     // bus index
	from, to        []int32 // bus index
	r, x            []float64
	jacobian        sparse
	load            [][4]int32 // where the derivatives of a bus's load stand: d(re, im) by d(e, f)
	lu              *lu
	u               []float64 // voltages, then currents
	residual, next  []float64
	step            []float64
}

func newNewton(n *Network) *newton {
	m := &newton{buses: len(n.Buses), branches: len(n.Branches)}
	index := make(map[int]int32, m.buses)
	for i, b := range n.Buses {
		index[b.ID] = int32(i)
	}
	m.slack = int(index[n.Slack])
	for _, b := range n.Branches {
		m.from, m.to = append(m.from, index[b.From]), append(m.to, index[b.To])
		m.r, m.x = append(m.r, b.ROhm/n.BaseOhm()), append(m.x, b.XOhm/n.BaseOhm())
	}
	m.assemble()
	m.lu = newLU(m.order(n))
	for _, a := range []*[]float64{&m.u, &m.residual, &m.next, &m.step} {
		*a = make([]float64, m.jacobian.n)
	}
	return m
}

// order chooses the order of elimination and the pivots: along a spanning tree,
// Ohm's law of a branch is solved for the voltage of the bus that it feeds and the
// balance of that bus for the current of the branch, leaves first. Both pivots are
// near 1, and only the branches that close loops make new entries.
func (m *newton) order(n *Network) (colOrder, prefer []int32) {
	tree, _ := n.spanningTree()
	node := make([]int32, m.branches) // of a current: the bus it feeds, or its own
	members := make([][]int32, m.buses, m.buses+m.branches)
	for i := range members {
		members[i] = []int32{int32(i)}
	}
	prefer = make([]int32, 2*(m.buses+m.branches))
	pair := func(unknown, equation int) {
		prefer[2*unknown], prefer[2*unknown+1] = int32(2*equation), int32(2*equation+1)
	}
	pair(m.slack, m.slack)
	for k := range node {
		node[k] = -1
	}
	for bus, k := range tree.BranchOf {
		if k >= 0 {
			node[k] = int32(bus)
			members[bus] = append(members[bus], int32(m.buses+k))
			pair(bus, m.buses+k)
			pair(m.buses+k, bus)
		}
	}
	for k := range node {
		if node[k] < 0 {
			node[k] = int32(len(members))
			members = append(members, []int32{int32(m.buses + k)})
			pair(m.buses+k, m.buses+k)
		}
	}
	neighbours := make([]map[int32]bool, len(members))
	for i := range neighbours {
		neighbours[i] = map[int32]bool{}
	}
	for k, own := range node {
		for _, i := range []int32{m.from[k], m.to[k]} {
			if i != own {
				neighbours[i][own] = true
				neighbours[own][i] = true
			}
		}
	}
	for _, j := range minimumDegree(neighbours) {
		for _, unknown := range members[j] {
			colOrder = append(colOrder, 2*unknown, 2*unknown+1)
		}
	}
	return colOrder, prefer
}

// assemble builds the Jacobian with the derivatives of the loads still zero.
func (m *newton) assemble() {
	type entry struct {
		row   int32
		value float64
	}
	cols := make([][]entry, 2*(m.buses+m.branches))
	add := func(row, col int32, value float64) { cols[col] = append(cols[col], entry{row, value}) }
	for i := range int32(m.buses) {
		own := 0.0
		if int(i) == m.slack {
			own = 1
		}
		add(2*i, 2*i, own)
		add(2*i+1, 2*i, 0)
		add(2*i, 2*i+1, 0)
		add(2*i+1, 2*i+1, own)
	}
	for k := range int32(m.branches) {
		b := int32(m.buses) + k
		for part := range int32(2) {
			for _, end := range []struct {
				bus  int32
				sign float64
			}{{m.from[k], 1}, {m.to[k], -1}} {
				add(2*b+part, 2*end.bus+part, end.sign)
				if int(end.bus) != m.slack {
					add(2*end.bus+part, 2*b+part, end.sign)
				}
			}
		}
		add(2*b, 2*b, -m.r[k])
		add(2*b+1, 2*b, -m.x[k])
		add(2*b, 2*b+1, m.x[k])
		add(2*b+1, 2*b+1, -m.r[k])
	}
	m.load = make([][4]int32, m.buses)
	a := &m.jacobian
	a.n = len(cols)
	a.colStart = append(a.colStart, 0)
	for j, col := range cols {
		for k, e := range col {
			if j < 2*m.buses && k < 2 { // a bus's own entries come first
				m.load[j/2][2*k+j%2] = int32(len(a.row))
			}
			a.row, a.value = append(a.row, e.row), append(a.value, e.value)
		}
		a.colStart = append(a.colStart, int32(len(a.row)))
	}
}

// solve runs Newton's method from a flat start. In the status, WorstBus is a bus
// index.
func (m *newton) solve(demandP, demandQ []float64, slackPU float64) Status {
	clear(m.u)
	for i := range m.buses {
		m.u[2*i] = slackPU
	}
	st := Status{Method: "newton", WorstBus: m.slack}
	norm := m.evaluate(m.u, demandP, demandQ, slackPU, m.residual)
	for st.Iterations < maxNewtonSteps {
		m.linearise(m.u, demandP, demandQ)
		if !m.lu.factor(&m.jacobian) {
			break
		}
		st.Iterations++
		copy(m.step, m.residual)
		m.lu.solve(m.step)
		m.step[2*m.slack], m.step[2*m.slack+1] = 0, 0 // exactly
		length, improved := 1.0, false
		for range maxNewtonHalving {
			for i, s := range m.step {
				m.next[i] = m.u[i] - length*s
			}
			if after := m.evaluate(m.next, demandP, demandQ, slackPU, m.residual); after < norm || after < 1e-14 {
				norm, improved = after, true
				break
			}
			length /= 2
		}
		if improved {
			m.u, m.next = m.next, m.u
		} else { // down among rounding errors, or nowhere to go
			m.evaluate(m.u, demandP, demandQ, slackPU, m.residual)
		}
		largest := 0.0
		for _, s := range m.step[:2*m.buses] {
			largest = max(largest, math.Abs(s))
		}
		st.Converged = largest < newtonTolerance && (!improved || length == 1)
		if st.Converged || !improved {
			break
		}
	}
	st.MismatchPU, st.WorstBus = m.mismatch()
	return st
}

// evaluate fills the equations' residual at u and returns its norm; infinite
// where a voltage is too small to divide by.
func (m *newton) evaluate(u, demandP, demandQ []float64, slackPU float64, residual []float64) float64 {
	for i := range m.buses {
		e, f := u[2*i], u[2*i+1]
		if i == m.slack {
			residual[2*i], residual[2*i+1] = e-slackPU, f
			continue
		}
		v := e*e + f*f
		if !(v > 1e-6) {
			return math.Inf(1)
		}
		residual[2*i] = (demandP[i]*e + demandQ[i]*f) / v
		residual[2*i+1] = (demandP[i]*f - demandQ[i]*e) / v
	}
	for k := range m.branches {
		b, f, t := 2*(m.buses+k), 2*int(m.from[k]), 2*int(m.to[k])
		re, im := u[b], u[b+1]
		residual[b] = u[f] - u[t] - (m.r[k]*re - m.x[k]*im)
		residual[b+1] = u[f+1] - u[t+1] - (m.r[k]*im + m.x[k]*re)
		if f != 2*m.slack {
			residual[f] += re
			residual[f+1] += im
		}
		if t != 2*m.slack {
			residual[t] -= re
			residual[t+1] -= im
		}
	}
	sum := 0.0
	for _, x := range residual {
		sum += x * x
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return math.Sqrt(sum)
}

// linearise puts the derivatives of the load currents at u into the Jacobian.
func (m *newton) linearise(u, demandP, demandQ []float64) {
	for i := range m.buses {
		if i == m.slack {
			continue
		}
		// conj(S/V) = (P - jQ) (e + jf) / v with v = e² + f².
		e, f, p, q := u[2*i], u[2*i+1], demandP[i], demandQ[i]
		v := e*e + f*f
		re, im := (p*e+q*f)/v, (p*f-q*e)/v
		at := &m.load[i]
		a := m.jacobian.value
		a[at[0]] = (p - 2*e*re) / v
		a[at[1]] = (q - 2*f*re) / v
		a[at[2]] = (-q - 2*e*im) / v
		a[at[3]] = (p - 2*f*im) / v
	}
}

// mismatch returns the largest power imbalance at a bus, of the residual in
// hand, and the bus index.
func (m *newton) mismatch() (worst float64, bus int) {
	bus = m.slack
	for i := range m.buses {
		if i == m.slack {
			continue
		}
		d := math.Hypot(m.residual[2*i], m.residual[2*i+1]) * math.Hypot(m.u[2*i], m.u[2*i+1])
		if math.IsNaN(d) { // this bus's demand is no number
			return d, i
		}
		if d > worst {
			worst, bus = d, i
		}
	}
	return worst, bus
}

// flow reads the solved power flow off the unknowns.
func (m *newton) flow(demandP, demandQ []float64, out *Flow) {
	for i := range m.buses {
		e, f := m.u[2*i], m.u[2*i+1]
		out.VM[i], out.VA[i] = math.Hypot(e, f), math.Atan2(f, e)
	}
	out.LossP, out.LossQ = 0, 0
	out.SlackP, out.SlackQ = demandP[m.slack], demandQ[m.slack]
	for k := range m.branches {
		b, f, t := 2*(m.buses+k), int(m.from[k]), int(m.to[k])
		re, im := m.u[b], m.u[b+1]
		e, g := m.u[2*f], m.u[2*f+1]
		p, q := e*re+g*im, g*re-e*im
		out.BranchP[k], out.BranchQ[k] = p, q
		l := re*re + im*im
		out.LossP += m.r[k] * l
		out.LossQ += m.x[k] * l
		if f == m.slack {
			out.SlackP += p
			out.SlackQ += q
		}
		if t == m.slack {
			out.SlackP -= p - m.r[k]*l
			out.SlackQ -= q - m.x[k]*l
		}
	}
}

// sensitivity is Solver.Sensitivity: one transposed solve per bus asked for.
func (m *newton) sensitivity(f *Flow, demandP, demandQ []float64, buses []int, dVdP, dVdQ []float64) bool {
	for i := range m.buses {
		m.u[2*i], m.u[2*i+1] = f.VM[i]*math.Cos(f.VA[i]), f.VM[i]*math.Sin(f.VA[i])
	}
	m.linearise(m.u, demandP, demandQ)
	if !m.lu.factor(&m.jacobian) {
		return false
	}
	for row, bus := range buses {
		clear(m.step)
		m.step[2*bus], m.step[2*bus+1] = m.u[2*bus]/f.VM[bus], m.u[2*bus+1]/f.VM[bus]
		m.lu.solveTransposed(m.step)
		for i := range m.buses {
			e, g := m.u[2*i], m.u[2*i+1]
			v := e*e + g*g
			re, im := m.step[2*i], m.step[2*i+1]
			if i == m.slack {
				re, im = 0, 0
			}
			dVdP[row*m.buses+i] = (re*e + im*g) / v
			dVdQ[row*m.buses+i] = (re*g - im*e) / v
		}
	}
	return true
}
