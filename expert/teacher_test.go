package expert

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
)

// messages collects what a teacher warns of.
type messages struct {
	sync.Mutex
	texts []string
}

func (m *messages) add(text string) {
	m.Lock()
	defer m.Unlock()
	m.texts = append(m.texts, text)
}

func newTeacher(t testing.TB, w *env.World, o TeacherOptions) (*Teacher, *messages) {
	t.Helper()
	m := &messages{}
	o.Warn = m.add
	teacher, err := NewTeacher(w, o)
	if err != nil {
		t.Fatal(err)
	}
	return teacher, m
}

// visits plays a day with a policy that knows nothing and returns what it visits.
func visits(t testing.TB, w *env.World, day int, init env.Initial) []env.Visit {
	t.Helper()
	e, err := env.New(w, env.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e.Reset(day, init)
	action := make([]float32, len(e.Agents())*env.ActionDim)
	random := env.Random{Seed: 3}
	out := make([]env.Visit, env.StepsPerDay)
	for k := range out {
		e.Visit(&out[k])
		if err := random.Act(e, action); err != nil {
			t.Fatal(err)
		}
		e.Step(action)
	}
	return out
}

// labels asks a teacher for the labels of what is visited.
func labels(t testing.TB, teacher *Teacher, day int, init env.Initial, visited []env.Visit) []float32 {
	t.Helper()
	agents := len(teacher.world.Agents())
	dst, weight := make([]float32, len(visited)*agents*env.ActionDim), make([]float32, len(visited)*agents)
	if err := teacher.Labels(day, init, visited, dst, weight); err != nil {
		t.Fatal(err)
	}
	for _, x := range dst {
		if !(x >= -1 && x <= 1) {
			t.Fatalf("a label of %v", x)
		}
	}
	if slices.ContainsFunc(weight, func(x float32) bool { return x != 1 }) {
		t.Fatal("a label is missing")
	}
	return dst
}

// TestLabels: the same from whoever asks, in any order and number at once, from
// memory, from disk and after the disk was damaged.
func TestLabels(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1, 6, 18)
	init := env.Initial{SOC: 0.3}
	visited := visits(t, w, 22, init)
	dir := t.TempDir()
	first, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	want := labels(t, first, 22, init, visited)
	if !slices.Equal(labels(t, first, 22, init, visited), want) {
		t.Error("asked again it says something else")
	}

	files, err := filepath.Glob(filepath.Join(dir, "*.plan"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the cache holds %v, %v", files, err)
	}
	second, warned := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if !slices.Equal(labels(t, second, 22, init, visited), want) {
				t.Error("from disk it says something else")
			}
			labels(t, second, 23, init, visited)
		})
	}
	group.Wait()
	if warned.texts != nil {
		t.Errorf("it warns: %v", warned.texts)
	}

	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func([]byte) []byte{
		"cut short":   func(b []byte) []byte { return b[:len(b)/2] },
		"a bit flips": func(b []byte) []byte { b[len(b)/3] ^= 4; return b },
		"empty":       func([]byte) []byte { return nil },
		"not ours":    func([]byte) []byte { return []byte("GIF89a") },
	} {
		if err := os.WriteFile(files[0], damage(slices.Clone(good)), 0o644); err != nil {
			t.Fatal(err)
		}
		teacher, warned := newTeacher(t, w, TeacherOptions{CacheDir: dir})
		if !slices.Equal(labels(t, teacher, 22, init, visited), want) {
			t.Errorf("%s: it says something else", name)
		}
		if len(warned.texts) != 1 || !strings.Contains(warned.texts[0], files[0]) {
			t.Errorf("%s: it warns %v", name, warned.texts)
		}
		if mended, err := os.ReadFile(files[0]); err != nil || !slices.Equal(mended, good) {
			t.Errorf("%s: the file is not mended (%v)", name, err)
		}
	}
}

// TestLabelsWithoutDisk: a cache that cannot be written costs time, no more.
func TestLabelsWithoutDisk(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1)
	dir := filepath.Join(t.TempDir(), "plans")
	teacher, warned := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	labels(t, teacher, 5, env.Evaluation, visits(t, w, 5, env.Evaluation)[:3])
	if len(warned.texts) != 1 || !strings.Contains(warned.texts[0], "could not be cached") {
		t.Errorf("it warns %v", warned.texts)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := NewTeacher(w, TeacherOptions{CacheDir: file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a cache in a file: %v", err)
	}
}

// TestReplanning: with plans from visited states the labels between them follow
// the new plan, and visits may come in parts.
func TestReplanning(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1, 6, 18)
	visited := visits(t, w, 22, env.Evaluation)
	dir := t.TempDir()
	never, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	often, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir, ReplanEvery: 24})
	a, b := labels(t, never, 22, env.Evaluation, visited), labels(t, often, 22, env.Evaluation, visited)
	row := len(a) / len(visited)
	if !slices.Equal(a[:24*row], b[:24*row]) {
		t.Error("before the first new plan the labels differ")
	}
	if slices.Equal(a[24*row:], b[24*row:]) {
		t.Error("new plans change nothing")
	}
	if !slices.Equal(labels(t, often, 22, env.Evaluation, visited), b) {
		t.Error("asked again it says something else")
	}
}

// TestForecasts: a teacher that must not know the day teaches other actions.
func TestForecasts(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1, 6)
	visited := visits(t, w, 22, env.Evaluation)
	dir := t.TempDir()
	wise, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	blind, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir, Forecasts: true})
	if slices.Equal(labels(t, wise, 22, env.Evaluation, visited), labels(t, blind, 22, env.Evaluation, visited)) {
		t.Error("knowing the day changes nothing")
	}
}

// TestPrepare plans ahead and tells how far it is.
func TestPrepare(t *testing.T) {
	w := newWorld(t, "voltage-stress", 1, 6)
	dir := t.TempDir()
	teacher, _ := newTeacher(t, w, TeacherOptions{CacheDir: dir})
	var seen []int
	inits := []env.Initial{{SOC: 0.3}, {SOC: 0.7}}
	err := teacher.Prepare(t.Context(), []int{4, 5, 6}, inits, 2, func(done, total int) {
		if total != 6 {
			t.Errorf("%d in all", total)
		}
		seen = append(seen, done)
	})
	if err != nil || !slices.Equal(seen, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("%v, %v", seen, err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*.plan")); len(files) != 6 {
		t.Errorf("%d files", len(files))
	}
}

// TestKeys: whatever moves a plan moves its key.
func TestKeys(t *testing.T) {
	l := lesson{day: 40, init: env.Initial{SOC: 0.5}}
	keys := map[string]string{}
	add := func(what string, w *env.World, o TeacherOptions, l lesson) {
		o.CacheDir = t.TempDir()
		c, err := newPlanCache(w, o)
		if err != nil {
			t.Fatal(err)
		}
		key := c.key(l)
		for other, k := range keys {
			if k == key {
				t.Errorf("%s has the key of %s", what, other)
			}
		}
		keys[what] = key
	}
	change := func(f func(*community.Scenario)) *env.World {
		s := newWorld(t, "voltage-stress", 1, 6).Scenario
		f(s)
		w := newWorld(t, "voltage-stress", 1, 6)
		changed, err := env.NewWorld(s, w.Network, w.Year, w.Market)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	w := newWorld(t, "voltage-stress", 1, 6)
	add("the plan", w, TeacherOptions{}, l)
	add("another day", w, TeacherOptions{}, lesson{41, l.init})
	add("another charge", w, TeacherOptions{}, lesson{40, env.Initial{SOC: 0.3}})
	add("a margin", w, TeacherOptions{MarginPU: 1e-3}, l)
	add("forecasts", w, TeacherOptions{Forecasts: true}, l)
	add("another battery", change(func(s *community.Scenario) { s.Prosumers[0].BESS.EnergyKWh++ }), TeacherOptions{}, l)
	add("another limit", change(func(s *community.Scenario) { s.Feeder.VMinPU = 0.951 }), TeacherOptions{}, l)
	add("another seed", change(func(s *community.Scenario) { s.Seed++ }), TeacherOptions{}, l)
	add("another community", newWorld(t, "voltage-stress", 1, 7), TeacherOptions{}, l)

	c, err := newPlanCache(newWorld(t, "voltage-stress", 1, 6), TeacherOptions{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if c.key(l) != keys["the plan"] {
		t.Error("the same plan has two keys")
	}
}

// FuzzDecodeTrack reads anything without a crash, and what it accepts reads back.
func FuzzDecodeTrack(f *testing.F) {
	tr := &track{Targets: make([][]target, env.StepsPerDay)}
	for t := range tr.Targets {
		tr.Targets[t] = []target{{SOC: 0.5, CDGKW: float64(t)}}
	}
	good := encodeTrack(tr)
	f.Add(good)
	f.Add(good[:40])
	f.Add([]byte(trackMagic))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := decodeTrack(data, 1)
		if err != nil {
			return
		}
		if !slices.Equal(encodeTrack(tr), data) {
			t.Error("it does not read back")
		}
	})
}
