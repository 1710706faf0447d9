package grid

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestMATPOWERConversions writes the built-in feeder as MATPOWER's own file has
// it, ohms and kVA in the tables and their conversion in code, and reads it back.
func TestMATPOWERConversions(t *testing.T) {
	want := Case141()
	var m strings.Builder
	m.WriteString("function mpc = feeder\n%% a comment\nmpc.version = '2';\nmpc.baseMVA = 10;\nmpc.bus = [ % kVA\n")
	for _, b := range want.Buses {
		kind := 1
		if b.ID == want.Slack {
			kind = 3
		}
		fmt.Fprintf(&m, "\t%d\t%d\t%.17g\t0\t0\t0\t1\t1\t0\t12.47\t1\t1.1\t0.9;\n", b.ID, kind, b.DemandKW/0.85)
	}
	m.WriteString("];\nmpc.gen = [1 0 0 100 -100 1.02 100 1 100 0];\nmpc.branch = [\n")
	for _, b := range want.Branches {
		fmt.Fprintf(&m, "\t%d\t%d\t%.17g\t%.17g\t0\t0\t0\t0\t0\t0\t1\t-360\t360;\n", b.From, b.To, b.ROhm, b.XOhm)
	}
	m.WriteString(`];
mpc.bus_name = {
	'it''s one'; 'two % no comment';
};
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
    VA, BASE_KV] = idx_bus;
[F_BUS, T_BUS, BR_R, BR_X] = idx_brch;
Vbase = mpc.bus(1, BASE_KV) * 1e3;      %% in Volts
Sbase = mpc.baseMVA * 1e6;
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
pf = 0.85;
mpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));
mpc.bus(:, PD) = mpc.bus(:, PD) * pf;
`)
	got, err := parseMATPOWER(m.String())
	if err != nil {
		t.Fatal(err)
	}
	if got.BaseKV != want.BaseKV || got.BaseMVA != want.BaseMVA || got.Slack != want.Slack || got.SlackPU != 1.02 ||
		len(got.Buses) != len(want.Buses) || len(got.Branches) != len(want.Branches) {
		t.Fatalf("%v kV, %v MVA, slack %d at %v p.u., %d buses, %d branches", got.BaseKV, got.BaseMVA, got.Slack,
			got.SlackPU, len(got.Buses), len(got.Branches))
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(b)) }
	for i, w := range want.Buses {
		if g := got.Buses[i]; g.ID != w.ID || !near(g.DemandKW, w.DemandKW) || !near(g.DemandKvar, w.DemandKvar) {
			t.Errorf("bus %+v, want %+v", g, w)
		}
	}
	for i, w := range want.Branches {
		if g := got.Branches[i]; g.From != w.From || g.To != w.To || !near(g.ROhm, w.ROhm) || !near(g.XOhm, w.XOhm) {
			t.Errorf("branch %+v, want %+v", g, w)
		}
	}
}

// TestBaranWu33 reads a feeder whose results are all over the literature: 202.68
// kW of losses and 0.9131 p.u. at bus 18 as it stands, 123.29 kW with its five
// ties closed.
func TestBaranWu33(t *testing.T) {
	n, err := Load("testdata/baranwu33.m")
	if err != nil {
		t.Fatal(err)
	}
	solve := func() *Flow {
		s, err := NewSolver(n)
		if err != nil {
			t.Fatal(err)
		}
		p, q := n.Demand(1)
		f := &Flow{}
		if err := s.Solve(p, q, 1, f).Err(); err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := solve()
	at18, _ := n.Index(18)
	if loss := n.KW(f.LossP); math.Abs(loss-202.677) > 5e-4 || math.Abs(f.VM[at18]-0.91309) > 5e-6 {
		t.Errorf("losses %.4f kW, %.6f p.u. at bus 18", loss, f.VM[at18])
	}
	n.Branches = append(n.Branches, Branch{21, 8, 2, 2}, Branch{9, 15, 2, 2}, Branch{12, 22, 2, 2},
		Branch{18, 33, 0.5, 0.5}, Branch{25, 29, 0.5, 0.5})
	if f = solve(); f.Status.Method != "newton" || math.Abs(n.KW(f.LossP)-123.29) > 5e-3 {
		t.Errorf("with ties closed: losses %.4f kW by %s", n.KW(f.LossP), f.Status.Method)
	}
}

// smallCase is a case file of two buses; replacements make it wrong.
const smallCase = `function mpc = small
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [
1 3 0 0 0 0 1 1 0 12 1 1 1
2 1 0.1 0.05 0 0 1 1 0 12 1 1 1
];
mpc.gen = [1 0 0 1 -1 1 100 1 1 0];
mpc.branch = [1 2 0.01 0.02 0 0 0 0 0 0 1];
`

func TestMATPOWERRefusals(t *testing.T) {
	if _, err := parseMATPOWER(smallCase); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"function mpc = small\n", "", "line 1: cannot evaluate `mpc`"},
		{smallCase, "\n", "there is no line"},
		{"function mpc = small", "function [baseMVA, bus] = small", "version 2"},
		{"'2'", "'1'", "mpc.version"},
		{"mpc.baseMVA = 10;", "mpc.baseMVA = [1 2];", "baseMVA"},
		{"mpc.baseMVA = 10;", "mpc.baseMVA = 0;", "power base"},
		{"2 1 0.1", "2 2 0.1", "bus 2 is of type 2"},
		{"2 1 0.1", "2 3 0.1", "2 buses of type 3"},
		{"2 1 0.1", "2.5 1 0.1", "bus number 2.5"},
		{"2 1 0.1", "1 1 0.1", "bus 1 stands twice"},
		{"2 1 0.1", "2 1 NaN", "bus 2: demand is NaN"},
		{"0.05 0 0", "0.05 0 1.5", "bus 2 has a shunt"},
		{"0.05 0 0 1 1 0 12", "0.05 0 0 1 1 0 11", "one voltage level"},
		{"mpc.gen = [1 ", "mpc.gen = [2 ", "a generator runs at bus 2"},
		{"1 100 1 1 0]", "1 100 0 1 0]", "no generator runs"},
		{"1 -1 1 100", "1 -1 0 100", "one positive voltage"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 1e-5 0 0 0 0 0 1]", "line charging"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 0 0 0 0 0.95 0 1]", "transformer"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 0 0 0 0 0 30 1]", "transformer"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 0 0 0 0 0 0 0]", "no branch"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 0 0 0 0 0 0 2]", "status 2"},
		{"0.02 0 0 0 0 0 0 1]", "0.02 0 0]", "mpc.branch has 6 columns"},
		{"[1 2 0.01", "[1 7 0.01", "there is no bus 7"},
		{"mpc.gen", "mpc.dcline = [1 2];\nmpc.gen", "mpc.dcline"},
		{"mpc.gen", "if 1\nmpc.gen", "line 8: cannot evaluate `if`"},
		{"mpc.gen", "mpc = scale(mpc);\nmpc.gen", "line 8:"},
		{"mpc.gen", "x = rand(3);\nmpc.gen", "line 8: cannot evaluate `rand`"},
		{"mpc.gen", "mpc.bus(3, 1) = 2;\nmpc.gen", "line 8: there is no row or column 3"},
		{"mpc.gen", "mpc.bus(:, 3) = [1 2];\nmpc.gen", "line 8: a part of 2 x 1"},
		{"mpc.gen", "mpc.bus = mpc.bus * mpc.bus;\nmpc.gen", "product of matrices"},
		{"mpc.gen", "mpc.bus = mpc.bus';\nmpc.gen", "line 8: cannot evaluate what begins with `'`"},
		{"mpc.gen", "x = 'abc\nmpc.gen", "line 8: the string 'abc is not closed"},
		{"mpc.gen", "%{\nmpc.gen", "line 8: the comment"},
		{"mpc.gen", "x = 1 && 2;\nmpc.gen", "line 8: cannot read '&'"},
		{"0 12 1 1 1\n2 1", "0 12 1 1 1\n2 1 7", "table line 6"},
	} {
		text := strings.Replace(smallCase, c.old, c.new, 1)
		if text == smallCase {
			t.Errorf("%q does not stand in the case", c.old)
		}
		n, err := parseMATPOWER(text)
		if err == nil {
			t.Errorf("%s: read as %+v", c.new, n)
		} else if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %q, want %q in one line", c.new, err, c.want)
		}
	}
}

func TestMATLABExpressions(t *testing.T) {
	for text, want := range map[string][]float64{
		"-2^2":                         {-4},
		"2^-1":                         {0.5},
		"1 - 2 - 3":                    {-4},
		"8/4/2":                        {1},
		"2*3^2+1":                      {19},
		"(1 + 2) * 3":                  {9},
		"[1 -2]":                       {1, -2},
		"[1 - 2]":                      {-1},
		"[1 -2 + 3, 4]":                {1, 1, 4},
		"[1, 2\n3, 4] .* 2":            {2, 4, 6, 8},
		"1.*[2 3]":                     {2, 3},
		"1./[2 4]":                     {0.5, 0.25},
		"[50/3 1e3 .5 1E-1]":           {50.0 / 3, 1000, 0.5, 0.1},
		"sqrt(1 - 0.6^2)":              {0.8},
		"[1 2; 3 4](1, 1)":             nil,
		"2 * pi":                       {2 * math.Pi},
		"[1 ...\n 2] - [0 1]":          {1, 1},
		"[1 2] + [1; 2]":               nil,
		strings.Repeat("(", 500) + "1": nil,
	} {
		fields, err := mRun("function mpc = f\nmpc.x = " + text + ";\n")
		if want == nil {
			if err == nil {
				t.Errorf("%.20s = %v, want an error", text, fields["x"])
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := fields["x"].data
		if len(got) != len(want) {
			t.Errorf("%s = %v, want %v", text, got, want)
			continue
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-15*math.Abs(want[i]) {
				t.Errorf("%s = %v, want %v", text, got, want)
			}
		}
	}
	// A part that is assigned to does not change other names of the matrix.
	fields, err := mRun("function mpc = f\nmpc.x = [1 2];\ny = mpc.x;\nmpc.x(1, 1) = 5;\nmpc.z = y;\nend\n")
	if err != nil || fields["x"].data[0] != 5 || fields["z"].data[0] != 1 {
		t.Errorf("%v, %v", fields, err)
	}
}

func FuzzMATPOWER(f *testing.F) {
	f.Add(smallCase)
	f.Add("function mpc = f\nmpc.x = [1 -2; 3 4]';\n%{\n%}\nmpc.y = {'a', [1]};\n[A] = idx_gen;")
	f.Add("function mpc = f\ndefine_constants;mpc.x=1;mpc.x(:,:)=-mpc.x(1,1)^2.*sqrt(2)\nend")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := parseMATPOWER(text); err == nil && n.Validate() != nil {
			t.Errorf("read as %+v", n)
		}
	})
}
