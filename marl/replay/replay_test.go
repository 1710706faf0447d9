package replay

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

var shape = Shape{Agents: 3, Observation: 4, Action: 2}

// episode returns an episode whose every number tells where it came from.
func episode(k, steps int, violation func(t int) bool) *Episode {
	e := NewEpisode(shape, steps)
	fill := func(x []float32, base float32) {
		for i := range x {
			x[i] = base + float32(i)
		}
	}
	fill(e.Obs, float32(1000*k))
	fill(e.Action, float32(2000*k))
	fill(e.Expert, float32(3000*k))
	fill(e.Label, float32(k))
	fill(e.Reward, float32(100*k))
	for i := range e.Mask {
		e.Mask[i] = uint8(i % 4)
	}
	for t := range steps {
		e.Violation[t] = violation(t)
	}
	e.Done[steps-1] = true
	return e
}

func config(capacity int) Config {
	return Config{NStep: 1, Discount: 0.9, Capacity: capacity, NormalShare: 0.8, K: 0.8, Alpha: 0.6, PriorityFloor: 1e-6}
}

func TestSumTreeFindsTheLeafAReferenceScanFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SliceOfN(rapid.Float64Range(0, 3), 1, 40).Draw(t, "w")
		tree := newSumTree(len(w))
		for i, x := range w {
			tree.set(i, x)
		}
		other := newSumTree(len(w))
		other.restore(w)
		if !reflect.DeepEqual(tree, other) {
			t.Fatal("a restored tree differs from one built leaf by leaf")
		}
		if tree.total() == 0 {
			return
		}
		x := rapid.Float64Range(0, 1).Draw(t, "x") * tree.total() * (1 - 1e-12)
		got := tree.find(x)
		if w[got] == 0 {
			t.Fatalf("found leaf %d, which has no weight", got)
		}
		before := 0.0
		for _, v := range w[:got] {
			before += v
		}
		if x < before-1e-9 || x > before+w[got]+1e-9 {
			t.Fatalf("leaf %d covers [%v, %v], asked for %v", got, before, before+w[got], x)
		}
	})
}

func TestEachBufferDrawsInProportionToItsWeights(t *testing.T) {
	d := NewDual(shape, config(100))
	d.Add(episode(1, 20, func(t int) bool { return t%4 == 0 }))
	refs, prio := []Ref{}, []float32{}
	for slot := range d.normal.size {
		refs, prio = append(refs, Ref{false, slot}), append(prio, float32(slot))
	}
	d.SetPriorities(refs, prio)
	rng := rand.New(rand.NewPCG(1, 2))
	b, hits := NewBatch(shape, 50), make([]float64, d.normal.size)
	const rounds = 4000
	for range rounds {
		d.Sample(0.4, rng, b)
		for _, ref := range b.Refs {
			if !ref.Violation {
				hits[ref.Slot]++
			}
		}
	}
	// The violation buffer holds 5 of the 10 that k = 0.8 asks for.
	for slot, h := range hits {
		want := 45 * rounds * d.normal.tree.weight(slot) / d.normal.tree.total()
		if math.Abs(h-want) > 6*math.Sqrt(want)+1 {
			t.Errorf("slot %d drawn %v times, want about %.0f", slot, h, want)
		}
	}
}

func TestImportanceWeightsUndoThePrioritiesAtBetaOne(t *testing.T) {
	d := NewDual(shape, config(200))
	d.Add(episode(0, 40, func(int) bool { return false }))
	refs, prio := make([]Ref, 40), make([]float32, 40)
	for i := range refs {
		refs[i], prio[i] = Ref{false, i}, float32(i+1)
	}
	d.SetPriorities(refs, prio)
	b := NewBatch(shape, 16)
	rng := rand.New(rand.NewPCG(3, 4))
	sum := 0.0
	const rounds = 20000
	for range rounds {
		d.Sample(1, rng, b)
		scale := 0.0 // undo the division by the largest
		for r := range b.Refs {
			scale += float64(b.Weight[r]) * d.normal.tree.weight(b.Refs[r].Slot)
		}
		n := float64(b.Size)
		unit := d.normal.tree.total() / 40 * n / scale
		for r := range b.Refs {
			sum += float64(b.Reward[r]) * float64(b.Weight[r]) * unit / n
		}
	}
	if mean := sum / rounds; math.Abs(mean-19.5) > 0.1 {
		t.Errorf("weighted mean reward %.3f, want the plain mean 19.5", mean)
	}
}

func TestBatchRowsAreTheTransitionsThatWereStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(10, 60).Draw(t, "capacity")
		d := NewDual(shape, config(capacity))
		n := rapid.IntRange(1, 6).Draw(t, "episodes")
		odd := rapid.IntRange(1, 9).Draw(t, "every")
		for k := range n {
			d.Add(episode(k, 12, func(t int) bool { return t%odd == 0 }))
		}
		b := NewBatch(shape, rapid.IntRange(1, 32).Draw(t, "batch"))
		d.Sample(0.5, rand.New(rand.NewPCG(9, 9)), b)
		for r := range b.Size {
			k, step := int(b.Reward[r])/100, int(b.Reward[r])%100
			e := episode(k, 12, func(t int) bool { return t%odd == 0 })
			no, na := shape.obs(), shape.act()
			if e.Violation[step] != b.Refs[r].Violation {
				t.Fatalf("row %d lies in the wrong buffer", r)
			}
			equal(t, "Obs", b.Obs[r*no:(r+1)*no], e.Obs[step*no:(step+1)*no])
			equal(t, "NextObs", b.NextObs[r*no:(r+1)*no], e.Obs[(step+1)*no:(step+2)*no])
			equal(t, "Action", b.Action[r*na:(r+1)*na], e.Action[step*na:(step+1)*na])
			equal(t, "Expert", b.Expert[r*na:(r+1)*na], e.Expert[step*na:(step+1)*na])
			equal(t, "Label", b.Label[r*3:(r+1)*3], e.Label[step*3:(step+1)*3])
			if (b.Done[r] == 1) != e.Done[step] {
				t.Fatalf("row %d: done %v", r, b.Done[r])
			}
			for i, m := range b.Mask[r*na : (r+1)*na] {
				if want := float32(e.Mask[step*3+i/2] >> (i % 2) & 1); m != want {
					t.Fatalf("row %d: mask %v, want %v", r, m, want)
				}
			}
			if b.Weight[r] <= 0 || b.Weight[r] > 1 {
				t.Fatalf("weight %v", b.Weight[r])
			}
		}
	})
}

func TestTransitionsSpanSeveralSteps(t *testing.T) {
	c := config(100)
	c.NStep = 3
	d := NewDual(shape, c)
	e := episode(1, 6, func(int) bool { return false })
	d.Add(e)
	b := NewBatch(shape, 60)
	d.Sample(0, rand.New(rand.NewPCG(1, 1)), b)
	seen := map[int]bool{}
	for r, ref := range b.Refs {
		step := ref.Slot
		seen[step] = true
		want, next := 0.0, min(step+3, 6)
		for k := next - 1; k >= step; k-- {
			want = float64(e.Reward[k]) + 0.9*want
		}
		if math.Abs(float64(b.Reward[r])-want) > 1e-4 || (b.Done[r] == 1) != (step >= 3) {
			t.Errorf("step %d: reward %v, want %v; done %v", step, b.Reward[r], want, b.Done[r])
		}
		if no := shape.obs(); b.NextObs[r*no] != e.Obs[next*no] {
			t.Errorf("step %d does not lead to step %d", step, next)
		}
	}
	if len(seen) != 6 {
		t.Errorf("saw %d of 6 steps", len(seen))
	}
}

func equal(t *rapid.T, name string, got, want []float32) {
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %v, want %v", name, got, want)
	}
}

func TestLogAndPrioritiesRestoreTheBuffersExactly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "replay.log")
	log, err := OpenLog(path, shape, 12, 0)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDual(shape, config(40))
	rng, b := rand.New(rand.NewPCG(5, 6)), NewBatch(shape, 8)
	for k := range 5 {
		e := episode(k, 12, func(t int) bool { return t%3 == 0 })
		d.Add(e)
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
		d.Sample(0.4, rng, b)
		prio := make([]float32, 8)
		for i := range prio {
			prio[i] = rng.Float32()
		}
		d.SetPriorities(b.Refs, prio)
	}
	var state bytes.Buffer
	if err := d.Save(&state); err != nil {
		t.Fatal(err)
	}
	// A killed run has written one more episode and half of another.
	if err := log.Append(episode(9, 12, func(int) bool { return false })); err != nil {
		t.Fatal(err)
	}
	if _, err := log.file.Write([]byte("half an episode")); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}

	again, err := OpenLog(path, shape, 12, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	back := NewDual(shape, config(40))
	if err := again.Replay(back.Add); err != nil {
		t.Fatal(err)
	}
	if err := back.Restore(&state); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d, back) {
		t.Error("the restored buffers differ from those saved")
	}
}

func TestDamagedLogsAreNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "replay.log")
	log, err := OpenLog(path, shape, 12, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Append(episode(1, 12, func(int) bool { return false })); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLog(path, shape, 12, 2); err == nil {
		t.Error("a log shorter than its checkpoint was accepted")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[100] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	log, err = OpenLog(path, shape, 12, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if err := log.Replay(func(*Episode) {}); err == nil {
		t.Error("a flipped bit went unnoticed")
	}
}

func BenchmarkSample128(b *testing.B) {
	s := Shape{Agents: 20, Observation: 10, Action: 5}
	d := NewDual(s, Config{Capacity: 1e5, NormalShare: 0.8, K: 0.8, Alpha: 0.6, PriorityFloor: 1e-6})
	for range 200 {
		e := NewEpisode(s, 96)
		for t := range e.Violation {
			e.Violation[t] = t%20 == 0
		}
		d.Add(e)
	}
	rng, batch := rand.New(rand.NewPCG(1, 1)), NewBatch(s, 128)
	prio := make([]float32, 128)
	b.ReportAllocs()
	for b.Loop() {
		d.Sample(0.4, rng, batch)
		for i := range prio {
			prio[i] = rng.Float32()
		}
		d.SetPriorities(batch.Refs, prio)
	}
}
