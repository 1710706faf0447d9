package grid

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

func TestCase141FullLoad(t *testing.T) {
	n := Case141()
	s, err := NewSolver(n)
	if err != nil {
		t.Fatal(err)
	}
	p, q := n.Demand(1)
	var f Flow
	if err := s.Solve(p, q, 1, &f).Err(); err != nil {
		t.Fatal(err)
	}
	near := func(name string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%s = %.12g, want %.12g", name, got, want)
		}
	}
	near("loss kW", n.KW(f.LossP), 632.695583, 1e-6)
	near("loss kvar", n.KW(f.LossQ), 467.650449, 1e-6)
	near("slack kW", n.KW(f.SlackP), 12577.320583, 1e-6)
	near("slack kvar", n.KW(f.SlackQ), 7870.264167, 1e-6)

	file, err := os.Open("testdata/case141_reference.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(n.Buses) {
		t.Fatalf("%d reference rows for %d buses", len(rows)-1, len(n.Buses))
	}
	for _, row := range rows[1:] {
		id, _ := strconv.Atoi(row[0])
		vm, _ := strconv.ParseFloat(row[1], 64)
		va, _ := strconv.ParseFloat(row[2], 64)
		i, ok := n.Index(id)
		if !ok {
			t.Fatalf("no bus %d", id)
		}
		near("|V| at bus "+row[0], f.VM[i], vm, 1e-9)
		near("angle at bus "+row[0], f.VA[i]*180/math.Pi, va, 1e-8)
	}
}
