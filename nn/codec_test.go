package nn

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func saved(t interface{ Fatal(...any) }, m interface{ MarshalBinary() ([]byte, error) }) []byte {
	b, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParamsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := NewMLP(drawMLP(t), NewRNG(rapid.Uint64().Draw(t, "seed"), 0))
		b := saved(t, m.params)
		other := NewMLP(m.config, NewRNG(1, 1))
		var blank Params
		for _, p := range []*Params{other.params, &blank} {
			if err := p.UnmarshalBinary(b); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(saved(t, p), b) {
				t.Fatal("saved twice, the bytes differ")
			}
		}
	})
}

func TestDamagedParamsAreRefused(t *testing.T) {
	m := NewMLP(MLPConfig{In: 2, Hidden: []int{3}, Out: 1}, NewRNG(1, 0))
	b := saved(t, m.params)
	before := append([]float32(nil), m.params.Data...)
	for i := range b {
		damaged := append([]byte(nil), b...)
		damaged[i] ^= 0x10
		if err := m.params.UnmarshalBinary(damaged); err == nil {
			t.Errorf("a flipped bit in byte %d went unnoticed", i)
		}
		if err := m.params.UnmarshalBinary(b[:i]); err == nil {
			t.Errorf("the first %d bytes were taken for the whole", i)
		}
	}
	for i, v := range m.params.Data {
		if v != before[i] {
			t.Fatalf("a refused file changed parameter %d", i)
		}
	}
}

func TestAnotherNetworksParamsAreRefusedByName(t *testing.T) {
	r := NewRNG(1, 0)
	m := NewMLP(MLPConfig{In: 2, Hidden: []int{3}, Out: 1}, r)
	for _, c := range []struct {
		other Network
		want  string
	}{
		{NewMLP(MLPConfig{In: 2, Hidden: []int{4}, Out: 1}, r), `"layers.0.weight" of 4x2, want "layers.0.weight" of 3x2`},
		{NewMLP(MLPConfig{In: 2, Out: 1}, r), `"layers.0.weight" of 1x2`},
		{NewMLP(MLPConfig{In: 2, Hidden: []int{3, 1}, Out: 1}, r), `saved network has 6 tensors, want 4; "layers.2.weight" is too many`},
		{NewMLP(MLPConfig{In: 2, Hidden: []int{3}, Out: 1, LayerNorm: true}, r), `"norms.0.weight"`},
	} {
		err := m.params.UnmarshalBinary(saved(t, c.other.Params()))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestAdamComesBack(t *testing.T) {
	o := NewAdam(5, 1e-3)
	p, g := []float32{1, 2, 3, 4, 5}, []float32{1, -1, 2, -2, 0}
	o.Update(nil, p, g, 1)
	b := saved(t, o)
	q := append([]float32(nil), p...)
	var other Adam
	if err := other.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	o.Update(nil, p, g, 0.5)
	other.Update(nil, q, g, 0.5)
	if !bytes.Equal(saved(t, o), saved(t, &other)) {
		t.Error("the restored optimiser went another way")
	}
	for i := range p {
		if p[i] != q[i] {
			t.Errorf("parameter %d is %g, restored %g", i, p[i], q[i])
		}
	}
	if err := NewAdam(4, 1).UnmarshalBinary(b); err == nil || !strings.Contains(err.Error(), "5 parameters, want 4") {
		t.Errorf("state of another size: %v", err)
	}
	for i := range b {
		damaged := append([]byte(nil), b...)
		damaged[i] ^= 1
		if err := other.UnmarshalBinary(damaged); err == nil {
			t.Errorf("a flipped bit in byte %d went unnoticed", i)
		}
	}
}

// What UnmarshalBinary takes, AppendBinary gives back byte for byte.
func FuzzParams(f *testing.F) {
	f.Add(saved(f, NewMLP(MLPConfig{In: 2, Hidden: []int{3}, Out: 1}, NewRNG(1, 0)).params))
	f.Add([]byte(paramsMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Params
		if p.UnmarshalBinary(b) == nil && !bytes.Equal(saved(t, &p), b) {
			t.Errorf("%x came back different", b)
		}
	})
}

func FuzzAdam(f *testing.F) {
	f.Add(saved(f, NewAdam(3, 1e-4)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var o Adam
		if o.UnmarshalBinary(b) == nil && !bytes.Equal(saved(t, &o), b) {
			t.Errorf("%x came back different", b)
		}
	})
}

func FuzzNormalizer(f *testing.F) {
	z := NewNormalizer(2)
	z.Update([]float32{1, 2})
	f.Add(saved(f, z))
	f.Fuzz(func(t *testing.T, b []byte) {
		var z Normalizer
		if z.UnmarshalBinary(b) == nil && !bytes.Equal(saved(t, &z), b) {
			t.Errorf("%x came back different", b)
		}
	})
}

func FuzzRNG(f *testing.F) {
	f.Add(saved(f, NewRNG(1, 2)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r RNG
		if r.UnmarshalBinary(b) == nil && !bytes.Equal(saved(t, &r), b) {
			t.Errorf("%x came back different", b)
		}
	})
}
