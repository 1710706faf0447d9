package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/peerwatt/peerwatt/grid"
)

// TestGridPeer speaks the protocol of the benchmark as its other side does.
func TestGridPeer(t *testing.T) {
	n := grid.Case141()
	size := len(n.Buses)
	var raw []byte
	scales := []float64{5, 1, 0.5, 2}
	for _, scale := range scales {
		for _, reactive := range []bool{false, true} {
			for _, b := range n.Buses {
				kw := b.DemandKW
				if reactive {
					kw = b.DemandKvar
				}
				raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(scale*kw))
			}
		}
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "raw.f64"), filepath.Join(dir, "vm.f64")
	if err := os.WriteFile(in, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PEERS_RAW", in)
	t.Setenv("PEERS_VM_OUT", out)
	t.Setenv("PEERS_FIRST", "1")
	t.Setenv("PEERS_ROWS", "3")
	solver, err := grid.NewSolver(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range [][]string{{"grid", "peer"}, {"grid", "peer", "--single"}} {
		var stdout bytes.Buffer
		root := rootCommand()
		root.SetArgs(mode)
		root.SetOut(&stdout)
		if err := root.Execute(); err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Version, Mode string
			Seconds       float64
			CPUSeconds    float64 `json:"cpu_seconds"`
		}
		if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil || answer.Version == "" || answer.Mode == "" || !(answer.Seconds > 0) {
			t.Fatalf("%s: %v", stdout.Bytes(), err)
		}
		bytes, err := os.ReadFile(out)
		if err != nil || len(bytes) != 3*size*8 {
			t.Fatalf("%d bytes: %v", len(bytes), err)
		}
		for k, scale := range scales[1:] {
			p, q := n.Demand(scale)
			var want grid.Flow
			if err := solver.Solve(p, q, 1, &want).Err(); err != nil {
				t.Fatal(err)
			}
			for i := range size {
				got := math.Float64frombits(binary.LittleEndian.Uint64(bytes[8*(k*size+i):]))
				if !(math.Abs(got-want.VM[i]) < 1e-8) {
					t.Fatalf("row %d: |V| at index %d is %v, want %v", k+1, i, got, want.VM[i])
				}
			}
		}
	}
	t.Setenv("PEERS_ROWS", "4")
	root := rootCommand()
	root.SetArgs([]string{"grid", "peer"})
	if err := root.Execute(); err == nil {
		t.Error("rows past the end of the file were solved")
	}
}
