package nn

import (
	"sync/atomic"
	"testing"
)

func TestPoolRunsEveryIndexOnce(t *testing.T) {
	pools := []*Pool{nil, NewPool(0), NewPool(1), NewPool(2), NewPool(5)}
	for _, p := range pools {
		for _, n := range []int{0, 1, 2, 3, 100} {
			for range 20 {
				counts := make([]atomic.Int32, n)
				p.Run(n, func(worker, i int) {
					if worker < 0 || worker >= p.Workers() {
						t.Errorf("worker %d of %d", worker, p.Workers())
					}
					counts[i].Add(1)
				})
				for i := range counts {
					if c := counts[i].Load(); c != 1 {
						t.Fatalf("%d workers: index %d of %d ran %d times", p.Workers(), i, n, c)
					}
				}
			}
		}
		p.Close()
	}
}

func BenchmarkPool(b *testing.B) {
	p := NewPool(2)
	defer p.Close()
	f := func(_, _ int) {}
	for b.Loop() {
		p.Run(2, f)
	}
}
