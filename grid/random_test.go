package grid

import (
	"fmt"
	"math"

	"pgregory.net/rapid"
)

// randomNetwork draws a network of 2 to 60 buses with numbers in no order: a
// random tree with branches in both directions, some of them without impedance,
// plus up to loops branches that close loops.
func randomNetwork(loops int) *rapid.Generator[*Network] {
	return rapid.Custom(func(t *rapid.T) *Network {
		size := rapid.IntRange(2, 60).Draw(t, "buses")
		ids := rapid.Permutation(numbers(100, size)).Draw(t, "ids")
		n := &Network{Name: "random", BaseMVA: 10, BaseKV: 12.47, Slack: ids[0], SlackPU: 1}
		for i, id := range ids {
			b := Bus{ID: id}
			if i > 0 && rapid.Bool().Draw(t, "loaded") {
				b.DemandKW = rapid.Float64Range(-200, 300).Draw(t, "kW")
				b.DemandKvar = rapid.Float64Range(-100, 200).Draw(t, "kvar")
			}
			n.Buses = append(n.Buses, b)
		}
		branch := func(from, to int, least float64) Branch {
			if rapid.Bool().Draw(t, "turn") {
				from, to = to, from
			}
			return Branch{
				From: ids[from], To: ids[to],
				ROhm: rapid.Float64Range(least, 0.1).Draw(t, "r"),
				XOhm: rapid.Float64Range(least, 0.1).Draw(t, "x"),
			}
		}
		for i := 1; i < size; i++ {
			b := branch(rapid.IntRange(max(0, i-8), i-1).Draw(t, "parent"), i, 0)
			if rapid.IntRange(0, 9).Draw(t, "switch") == 0 {
				b.ROhm, b.XOhm = 0, rapid.SampledFrom([]float64{0, 1e-5}).Draw(t, "switch x")
			}
			n.Branches = append(n.Branches, b)
		}
		for range loops {
			from, to := rapid.IntRange(0, size-1).Draw(t, "from"), rapid.IntRange(0, size-1).Draw(t, "to")
			if from != to {
				n.Branches = append(n.Branches, branch(from, to, 1e-3))
			}
		}
		return n
	})
}

func numbers(first, count int) []int {
	s := make([]int, count)
	for i := range s {
		s[i] = first + i
	}
	return s
}

// checkFlow holds a converged flow to the equations themselves, independent of
// how it was found: Ohm's law on every branch, the balance of power at every bus,
// and the sums that a Flow reports.
func checkFlow(n *Network, p, q []float64, slackPU float64, f *Flow) error {
	const tolerance = 1e-10
	v := make([]complex128, len(n.Buses))
	for i := range v {
		v[i] = complex(f.VM[i]*math.Cos(f.VA[i]), f.VM[i]*math.Sin(f.VA[i]))
	}
	slack, _ := n.Index(n.Slack)
	if f.VM[slack] != slackPU || f.VA[slack] != 0 {
		return fmt.Errorf("slack voltage is %v at %v rad", f.VM[slack], f.VA[slack])
	}
	balance := make([]complex128, len(n.Buses)) // leaving each bus
	for i := range balance {
		balance[i] = complex(p[i], q[i])
	}
	loss := complex(0, 0)
	for k, b := range n.Branches {
		from, _ := n.Index(b.From)
		to, _ := n.Index(b.To)
		sent := complex(f.BranchP[k], f.BranchQ[k])
		current := conj(sent / v[from])
		z := complex(b.ROhm, b.XOhm) / complex(n.BaseOhm(), 0)
		if e := v[from] - v[to] - z*current; !(abs(e) < tolerance) {
			return fmt.Errorf("branch %d-%d: Ohm's law is off by %v p.u.", b.From, b.To, e)
		}
		lost := z * current * conj(current)
		balance[from] += sent
		balance[to] -= sent - lost
		loss += lost
	}
	for i, e := range balance {
		if i == slack {
			e -= complex(f.SlackP, f.SlackQ)
		}
		if !(abs(e) < tolerance) {
			return fmt.Errorf("bus %d: power is off by %v p.u.", n.Buses[i].ID, e)
		}
	}
	if e := loss - complex(f.LossP, f.LossQ); !(abs(e) < tolerance) {
		return fmt.Errorf("losses are off by %v p.u.", e)
	}
	return nil
}

func abs(c complex128) float64     { return math.Hypot(real(c), imag(c)) }
func conj(c complex128) complex128 { return complex(real(c), -imag(c)) }
