package nn

import (
	"runtime"
	"testing"

	"github.com/peerwatt/peerwatt/nn/kernel"
)

// The engine's workload W: one update of 20 agents with critics of their own,
// batch 128, joint observation 180, joint action 100; two Q 280-256-256-1, V
// and its target 180-256-256-1, actor 9-256-256-10; forward, backward, Adam.
// Like PyTorch it derives the frozen Q by all of its inputs, so that both do
// 9.43 GFLOP, although an actor needs the gradient of its 5 actions only.
const (
	wAgents, wBatch  = 20, 128
	wObs, wAct       = 9, 5
	wJoint, wActions = wAgents * wObs, wAgents * wAct
)

// wAgent is one agent's networks and optimisers.
type wAgent struct {
	q          [2]*MLP
	v, vt      *MLP
	actor      *MLP
	oq         [2]*Adam
	ov, oactor *Adam
	acting     Work // keeps the actor's activations between its forward and backward
}

// wWorker is the memory of one worker.
type wWorker struct {
	q              [2]Work
	v              Work
	gq, gv, gactor []float32
	y, dy, dv      Matrix
	dx             [2]Matrix
	dout           Matrix
}

type workloadW struct {
	pool        *Pool
	agents      []*wAgent
	workers     []*wWorker
	sa, s2      Matrix // (observation, action) of the replay, next observation
	sat         Matrix // (observation, a~)
	reward      []float32
	noise       Matrix
	act, update func(worker, agent int)
}

func newWorkloadW(pool *Pool) *workloadW {
	r := NewRNG(1, 0)
	net := func(in, out int) *MLP {
		return NewMLP(MLPConfig{In: in, Hidden: []int{256, 256}, Out: out}, r)
	}
	w := &workloadW{
		pool: pool, sa: NewInput(wBatch, wJoint+wActions), s2: NewMatrix(wBatch, wJoint),
		sat: NewMatrix(wBatch, wJoint+wActions), reward: make([]float32, wBatch), noise: NewMatrix(wBatch, wActions),
	}
	rows := make([]float32, wBatch*(wJoint+wActions))
	r.FillNormal(rows)
	w.sa.SetRows(rows, wJoint+wActions)
	w.sat.SetRows(rows, wJoint+wActions)
	r.FillNormal(w.s2.Data)
	r.FillNormal(w.reward)
	r.FillNormal(w.noise.Data)
	for range wAgents {
		a := &wAgent{v: net(wJoint, 1), actor: net(wObs, 2*wAct)}
		a.vt = a.v.Clone().(*MLP)
		for z := range a.q {
			a.q[z] = net(wJoint+wActions, 1)
			a.oq[z] = NewAdam(len(a.q[z].Params().Data), 1e-4)
		}
		a.ov, a.oactor = NewAdam(len(a.v.Params().Data), 1e-4), NewAdam(len(a.actor.Params().Data), 1e-4)
		a.acting = a.actor.NewWork(wBatch, nil)
		w.agents = append(w.agents, a)
	}
	for range pool.Workers() {
		a := w.agents[0]
		k := &wWorker{
			v: a.v.NewWork(wBatch, nil), gq: a.q[0].Params().NewGrads(), gv: a.v.Params().NewGrads(), gactor: a.actor.Params().NewGrads(),
			y: NewMatrix(wBatch, 1), dy: NewMatrix(wBatch, 1), dv: NewMatrix(wBatch, 1), dout: NewMatrix(wBatch, 2*wAct),
		}
		for z := range k.q {
			k.q[z] = a.q[z].NewWork(wBatch, nil)
			k.dx[z] = NewMatrix(wBatch, wJoint+wActions)
		}
		w.workers = append(w.workers, k)
	}
	w.act = func(_, i int) { w.sample(i) }
	w.update = func(worker, i int) { w.step(w.workers[worker], i) }
	return w
}

// sample draws agent i's action a~ = clip(mu + sigma*xi).
func (w *workloadW) sample(i int) {
	a := w.agents[i]
	out := a.actor.Forward(a.acting, w.sa.Features(i*wObs, (i+1)*wObs))
	for p := range out.Panels() {
		mu, sigma := out.Panel(p)[:wAct*Lanes], out.Panel(p)[wAct*Lanes:]
		kernel.Tanh(mu, mu)
		kernel.Sigmoid(sigma, sigma)
		to, xi := w.sat.Features(wJoint+i*wAct, wJoint+(i+1)*wAct).Panel(p), w.noise.Features(i*wAct, (i+1)*wAct).Panel(p)
		for j := range to {
			to[j] = min(1, max(-1, mu[j]+(0.01+0.49*sigma[j])*xi[j]))
		}
	}
}

// step updates agent i's critics and actor.
func (w *workloadW) step(k *wWorker, i int) {
	a := w.agents[i]
	target := a.vt.Forward(k.v, w.s2)
	for b := range wBatch {
		k.y.Data[b] = w.reward[b] + 0.99*target.Data[b]
	}
	for z, q := range a.q {
		value := q.Forward(k.q[z], w.sa)
		for b := range wBatch {
			k.dy.Data[b] = (value.Data[b] - k.y.Data[b]) / wBatch
		}
		q.Backward(k.q[z], k.dy, k.gq, Matrix{}, 0)
		a.oq[z].Update(nil, q.Params().Data, k.gq, 1)
	}

	// The frozen critics at a~: their minimum is V's target and the actor's aim.
	q1, q2 := a.q[0].Forward(k.q[0], w.sat), a.q[1].Forward(k.q[1], w.sat)
	value := a.v.Forward(k.v, w.sa.Features(0, wJoint))
	for b := range wBatch {
		k.dv.Data[b] = (value.Data[b] - min(q1.Data[b], q2.Data[b])) * 2 / wBatch
	}
	for z := range a.q {
		for b := range wBatch {
			k.dy.Data[b] = 0
			if (q1.Data[b] <= q2.Data[b]) == (z == 0) {
				k.dy.Data[b] = -1.0 / wBatch
			}
		}
		a.q[z].Backward(k.q[z], k.dy, nil, k.dx[z], 0)
	}
	a.v.Backward(k.v, k.dv, k.gv, Matrix{}, 0)
	a.ov.Update(nil, a.v.Params().Data, k.gv, 1)
	Polyak(a.vt.Params().Data, a.v.Params().Data, 0.005)

	out := a.acting.(*mlpWork).acts[2]
	d1, d2 := k.dx[0].Features(wJoint+i*wAct, wJoint+(i+1)*wAct), k.dx[1].Features(wJoint+i*wAct, wJoint+(i+1)*wAct)
	for p := range out.Panels() {
		g1, g2, d, o := d1.Panel(p), d2.Panel(p), k.dout.Panel(p), out.Panel(p)
		xi := w.noise.Features(i*wAct, (i+1)*wAct).Panel(p)
		for j := range wAct * Lanes {
			mu, s := o[j], o[j+wAct*Lanes]
			g := g1[j] + g2[j]
			if m := mu + (0.01+0.49*s)*xi[j]; m < -1 || m > 1 {
				g = 0
			}
			d[j] = g * (1 - mu*mu)
			d[j+wAct*Lanes] = g * xi[j] * 0.49 * s * (1 - s)
		}
	}
	a.actor.Backward(a.acting, k.dout, k.gactor, Matrix{}, 0)
	a.oactor.Update(nil, a.actor.Params().Data, k.gactor, 1)
}

func (w *workloadW) Update() {
	w.pool.Run(wAgents, w.act)
	w.pool.Run(wAgents, w.update)
}

func BenchmarkEngineW(b *testing.B) {
	pool := NewPool(runtime.GOMAXPROCS(0))
	defer pool.Close()
	w := newWorkloadW(pool)
	w.Update()
	b.ReportAllocs()
	start := cpuTime()
	for b.Loop() {
		w.Update()
	}
	b.ReportMetric((cpuTime()-start).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	b.ReportMetric(9.43*float64(b.N)/b.Elapsed().Seconds(), "GFLOP/s")
}

// workloadW2 is the engine's workload W2: one attention critic over 20 tokens
// of 128 features, batch 128; forward, backward, Adam.
type workloadW2 struct {
	net    *AttentionCritic
	work   Work
	adam   *Adam
	x, dy  Matrix
	reward []float32
	grads  []float32
	pool   *Pool
}

func newWorkloadW2(pool *Pool) *workloadW2 {
	r := NewRNG(1, 0)
	kinds := make([]int, wAgents)
	for i := range kinds {
		kinds[i] = i
	}
	net := NewAttentionCritic(AttentionConfig{
		Tokens: wAgents, In: wObs + wAct, EmbedRows: wAgents, EmbedDim: 8, Token: 128, DModel: 128, Heads: 4, OutHidden: 128,
		Norm: true, XiInit: 0.2,
	}, kinds, r)
	n := len(net.Params().Data)
	w := &workloadW2{
		net: net, work: net.NewWork(wBatch, pool), adam: NewAdam(n, 1e-4), grads: make([]float32, n), pool: pool,
		x: NewTokens(wAgents, wBatch, wObs+wAct), dy: NewTokens(wAgents, wBatch, 1), reward: make([]float32, wBatch),
	}
	r.FillNormal(w.x.Data)
	r.FillNormal(w.reward)
	return w
}

// Update takes one step and returns the mean square error before it.
func (w *workloadW2) Update() float64 {
	y := w.net.Forward(w.work, w.x)
	var loss float64
	for i := range wAgents {
		for b := range wBatch {
			d := y.Data[i*wBatch+b] - w.reward[b]
			loss += float64(d) * float64(d)
			w.dy.Data[i*wBatch+b] = 2 * d / (wAgents * wBatch)
		}
	}
	w.net.Backward(w.work, w.dy, w.grads, Matrix{}, 0)
	w.adam.Update(w.pool, w.net.Params().Data, w.grads, 1)
	return loss / (wAgents * wBatch)
}

func BenchmarkEngineW2(b *testing.B) {
	pool := NewPool(runtime.GOMAXPROCS(0))
	defer pool.Close()
	w := newWorkloadW2(pool)
	first := w.Update()
	b.ReportAllocs()
	start := cpuTime()
	var last float64
	for b.Loop() {
		last = w.Update()
	}
	b.ReportMetric((cpuTime()-start).Seconds()*1e3/float64(b.N), "cpu-ms/op")
	if !(last < first) {
		b.Errorf("the loss went from %g to %g", first, last)
	}
}
