package nn

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golden is one file of testdata/golden.
type golden struct {
	Size struct {
		N, O, A, Batch, Heads, Emb, Token, Out int
		Critic                                 []int
		DModel                                 int `json:"d_model"`
		EmbRows                                int `json:"emb_rows"`
	}
	Recipe struct {
		Critic     string
		Norm       bool
		LR, Gamma  float64
		ClipCritic float64 `json:"clip_critic"`
		XiInit     float32 `json:"xi_init"`
	}
	Batch struct {
		Obs, Act     [][][]float32
		Rew, Done, W []float64
		Device       []int
	}
	Weights, Grads map[string]any
	After          map[string]any `json:"after_1"`
	Forward        map[string][][][]float64
	GradNorm       float64            `json:"grad_norm"`
	ClipFactor     float64            `json:"clip_factor"`
	Deviation      map[string]float64 `json:"float32_relative_deviation"`
}

// flatten lists the numbers of nested JSON arrays.
func flatten(x any) []float64 {
	if v, ok := x.(float64); ok {
		return []float64{v}
	}
	var s []float64
	for _, e := range x.([]any) {
		s = append(s, flatten(e)...)
	}
	return s
}

// network makes the critic of a file with the weights under prefix.
func (g *golden) network(t *testing.T, prefix string) Network {
	s := g.Size
	var net Network
	if g.Recipe.Critic == "mh" {
		net = NewAttentionCritic(AttentionConfig{
			Tokens: s.N, In: s.O + s.A, EmbedRows: s.EmbRows, EmbedDim: s.Emb, Token: s.Token, DModel: s.DModel,
			Heads: s.Heads, OutHidden: s.Out, Norm: g.Recipe.Norm, XiInit: g.Recipe.XiInit,
		}, g.Batch.Device, NewRNG(1, 1))
	} else {
		net = NewMLP(MLPConfig{In: s.N * (s.O + s.A), Hidden: s.Critic, Out: 1}, NewRNG(1, 1))
		prefix += "mlp."
	}
	for _, v := range net.Params().Views {
		want, ok := g.Weights[prefix+v.Name]
		if !ok {
			t.Fatalf("no weights named %s", prefix+v.Name)
		}
		for i, x := range flatten(want) {
			v.Of(net.Params().Data)[i] = float32(x)
		}
	}
	return net
}

// input is (observation, action): tokens of each agent, or all side by side.
func (g *golden) input() Matrix {
	s := g.Size
	if g.Recipe.Critic == "mh" {
		x := NewTokens(s.N, s.Batch, s.O+s.A)
		for b := range s.Batch {
			for i := range s.N {
				x.SetRow(i*s.Batch+b, append(append([]float32(nil), g.Batch.Obs[b][i]...), g.Batch.Act[b][i]...))
			}
		}
		return x
	}
	x := NewInput(s.Batch, s.N*(s.O+s.A))
	var rows []float32
	for b := range s.Batch {
		for _, part := range [][][]float32{g.Batch.Obs[b], g.Batch.Act[b]} {
			for _, v := range part {
				rows = append(rows, v...)
			}
		}
	}
	x.SetRows(rows, x.Dim)
	return x
}

// agrees holds got against want within twice what PyTorch's own float32 run is
// off: the sums here are added up in another order than there.
func (g *golden) agrees(t *testing.T, part, name string, got []float32, want []float64) {
	t.Helper()
	var size, worst float64
	for i, w := range want {
		size = max(size, math.Abs(w))
		worst = max(worst, math.Abs(float64(got[i])-w))
	}
	if len(got) != len(want) || !(worst/(1e-3+size) <= 2*g.Deviation[part]) {
		t.Errorf("%s of %s is off by %.1e; PyTorch in float32 by %.1e", part, name, worst/(1e-3+size), g.Deviation[part])
	}
}

func TestGoldenCriticStep(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			var g golden
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(b, &g); err != nil {
				t.Fatal(err)
			}
			var nets []Network
			var grads [][]float32
			for _, twin := range []string{"q1", "q2"} {
				prefix := twin + ".0."
				net := g.network(t, prefix)
				w := net.NewWork(g.Size.Batch, nil)
				y := net.Forward(w, g.input())
				dy := NewTokens(y.Blocks, y.Batch, 1)
				var got []float32
				var want []float64
				for b := range y.Batch {
					for i := range y.Blocks {
						got = append(got, y.At(i*y.Batch+b, 0))
						want = append(want, g.Forward[twin][0][b][i])
						target := g.Batch.Rew[b] + g.Recipe.Gamma*(1-g.Batch.Done[b])*g.Forward["vt_next"][0][b][i]
						d := g.Batch.W[b] * (float64(y.At(i*y.Batch+b, 0)) - target)
						dy.Set(i*y.Batch+b, 0, float32(d/float64(y.Samples())))
					}
				}
				g.agrees(t, "forward", twin, got, want)
				gr := net.Params().NewGrads()
				net.Backward(w, dy, gr, Matrix{}, 0)
				for _, v := range net.Params().Views {
					name := prefix + v.Name
					if g.Recipe.Critic != "mh" {
						name = prefix + "mlp." + v.Name
					}
					g.agrees(t, "grads", name, v.Of(gr), flatten(g.Grads[name]))
				}
				nets, grads = append(nets, net), append(grads, gr)
			}
			norm := Norm(grads...)
			near(t, "gradient norm", norm, g.GradNorm, 5e-6*(1e-3+g.GradNorm))
			factor := ClipFactor(norm, g.Recipe.ClipCritic)
			near(t, "clip factor", float64(factor), g.ClipFactor, 5e-6)
			for z, net := range nets {
				NewAdam(len(grads[z]), g.Recipe.LR).Update(nil, net.Params().Data, grads[z], factor)
				for _, v := range net.Params().Views {
					name := []string{"q1.0.", "q2.0."}[z] + v.Name
					if g.Recipe.Critic != "mh" {
						name = []string{"q1.0.mlp.", "q2.0.mlp."}[z] + v.Name
					}
					g.agrees(t, "after_1", name, v.Of(net.Params().Data), flatten(g.After[name]))
				}
			}
		})
	}
}
