package nn

import (
	"sync"
	"sync/atomic"
)

// Pool is a fixed set of workers that share out the indices of a loop. A nil
// Pool does all of it in the calling goroutine.
//
// Which worker gets which index is not determined, so f must write to places
// that depend on the index alone; then results do not depend on the workers.
type Pool struct {
	workers int
	start   []chan struct{}
	done    sync.WaitGroup
	next    atomic.Int64
	n       int
	f       func(worker, index int)
}

// NewPool starts workers-1 goroutines; the caller of Run is the last worker.
func NewPool(workers int) *Pool {
	p := &Pool{workers: max(1, workers)}
	for w := 1; w < p.workers; w++ {
		c := make(chan struct{}, 1)
		p.start = append(p.start, c)
		go func() {
			for range c {
				p.work(w)
				p.done.Done()
			}
		}()
	}
	return p
}

// Workers returns the number of workers, at least 1.
func (p *Pool) Workers() int {
	if p == nil {
		return 1
	}
	return p.workers
}

// Run calls f(worker, index) once for every index below n, with
// 0 <= worker < Workers(), and returns when all calls have. It does not
// allocate when f already exists. Calls of Run must not overlap or nest.
func (p *Pool) Run(n int, f func(worker, index int)) {
	if p == nil || p.workers == 1 || n <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	p.n, p.f = n, f
	p.next.Store(0)
	helpers := min(len(p.start), n-1)
	p.done.Add(helpers)
	for _, c := range p.start[:helpers] {
		c <- struct{}{}
	}
	p.work(0)
	p.done.Wait()
	p.f = nil
}

func (p *Pool) work(worker int) {
	for {
		i := int(p.next.Add(1)) - 1
		if i >= p.n {
			return
		}
		p.f(worker, i)
	}
}

// Close ends the goroutines. The pool must be idle and is not used again.
func (p *Pool) Close() {
	if p == nil {
		return
	}
	for _, c := range p.start {
		close(c)
	}
}
