package grid

import "testing"

// BenchmarkPowerFlow141 solves the next of the 10,000 rows of peers_test.go, from a
// flat start, to 1e-9 (TestSweepAgreesWithNewton checks what comes out).
func BenchmarkPowerFlow141(b *testing.B) {
	n := Case141()
	s, err := NewSolver(n)
	if err != nil {
		b.Fatal(err)
	}
	p, q := peersDemand()
	size := len(n.Buses)
	vm := make([]float64, size)
	b.ReportAllocs()
	for row := 0; b.Loop(); row = (row + 1) % peersRows {
		at := row * size
		if st := s.SolveVM(p[at:at+size], q[at:at+size], 1, vm); !st.Converged {
			b.Fatal(st.Err())
		}
	}
}

// BenchmarkPowerFlow141Batch does the same 1,000 rows at a time; an operation is
// one power flow.
func BenchmarkPowerFlow141Batch(b *testing.B) {
	n := Case141()
	size := len(n.Buses)
	p, q := peersDemand()
	const rows = 1000
	vm, status := make([]float64, rows*size), make([]Status, rows)
	kernels := append(vectorKernels(), vectorKernel{name: "rows"})
	for i, k := range kernels {
		name := k.name
		if i == 0 {
			name = "best" // what NewBatch takes
		}
		b.Run(name, func(b *testing.B) {
			batch, err := NewBatch(n)
			if err != nil {
				b.Fatal(err)
			}
			batch.kernel = nil
			if k.lanes > 0 {
				batch.use(&k)
			}
			b.ReportAllocs()
			for done := 0; done < b.N; {
				first := done % peersRows
				count := min(rows, b.N-done)
				batch.SolveVM(p[first*size:], q[first*size:], 1, vm, status[:count])
				for _, st := range status[:count] {
					if !st.Converged {
						b.Fatal(st.Err())
					}
				}
				done += count
			}
		})
	}
}
