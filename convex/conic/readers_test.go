package conic

import (
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// objective solves what a reader returned and gives the file's objective.
func objective(t *testing.T, f *File) (float64, *Result) {
	t.Helper()
	r := mustSolve(t, f.Problem, Settings{})
	if r.Status != Solved {
		t.Fatalf("%s", r.Status)
	}
	if err := Check(f.Problem, r).OK(1e-6); err != nil {
		t.Fatal(err)
	}
	return f.Objective(r.Objective), r
}

func close6(a, b float64) bool { return math.Abs(a-b) <= 1e-6*(1+math.Abs(b)) }

// TestMPS: X is least at 3 (FROM, and UPTO from 1 to 9), Y at its lower bound -4;
// Z is most at its bound 2.5, so W = 1.5 (EXACT), the upper end of SPREAD
// (1 to 1.5); V is fixed at -2: 3 - 8 - 7.5 + 1.5 - 2 + 1.25 = -11.75.
func TestMPS(t *testing.T) {
	f, err := ReadFile("testdata/ranges.mps")
	if err != nil {
		t.Fatal(err)
	}
	got, r := objective(t, f)
	if !close6(got, -11.75) || f.Name != "RANGES" {
		t.Errorf("%s: objective %.9g at %v", f.Name, got, r.X)
	}
	for j, want := range []float64{3, -4, 2.5, 1.5, -2} {
		if math.Abs(r.X[j]-want) > 1e-5 {
			t.Errorf("%s = %g, want %g", f.Columns[j], r.X[j], want)
		}
	}
}

// qp is min x² + xy + y² - 3x - 3y over x + y <= 1.5: x = y = 0.75, -2.8125.
const qp = `NAME QP
OBJSENSE
    MIN
ROWS
 N OBJ
 L SUM
COLUMNS
 X OBJ -3 SUM 1
 Y OBJ -3 SUM 1
RHS
 SUM 1.5
BOUNDS
 FR X
 FR Y
`

func TestQPS(t *testing.T) {
	for name, text := range map[string]string{
		"QUADOBJ":  qp + "QUADOBJ\n X X 2\n X Y 1\n Y Y 2\nENDATA\n",
		"lower":    qp + "QUADOBJ\n X X 2\n Y X 1\n Y Y 2\nENDATA\n",
		"QSECTION": qp + "QSECTION OBJ\n X X 2\n X Y 1\n Y Y 2D0\nENDATA\n",
		"QMATRIX":  qp + "QMATRIX\n X X 2\n X Y 1\n Y X 1\n Y Y 2\nENDATA\n",
	} {
		f, err := ReadMPS(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, r := objective(t, f); !close6(got, -2.8125) {
			t.Errorf("%s: objective %.9g at %v", name, got, r.X)
		}
	}
}

func TestMPSDialects(t *testing.T) {
	lp := func(bounds, sense string) string {
		return "NAME\n" + sense + "ROWS\n N C\n L R\nCOLUMNS\n X C 1 R 1\nRHS\n R 7\nBOUNDS\n" + bounds + "ENDATA\n"
	}
	cases := map[string]struct {
		text string
		want float64
	}{
		"least by default":            {lp("", ""), 0},
		"negative upper bound":        {lp(" UP B X -2\n LO B X -5\n", ""), -5},
		"upper bound below, then low": {lp(" LO B X -5\n UP B X -2\n", ""), -5},
		"maximise":                    {lp("", "OBJSENSE\n MAX\n"), 7},
		"maximise on one line":        {lp("", "OBJSENSE MAXIMIZE\n"), 7},
		"no set names":                {lp(" LO X 2\n", ""), 2},
		"an infinite bound":           {lp(" UP B X 1e30\n LO B X 1\n", ""), 1},
		"fixed columns, blanks in names": {"NAME\nROWS\n N  MY COST\n G  A ROW\nCOLUMNS\n    ONE COL   MY COST            2.0   A ROW              1.0\n" +
			"RHS\n    RHS       A ROW              4.0\nENDATA\n", 8},
	}
	for name, c := range cases {
		f, err := ReadMPS(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, _ := objective(t, f); !close6(got, c.want) {
			t.Errorf("%s: objective %.9g, want %g", name, got, c.want)
		}
	}
	// An upper bound below zero alone takes the lower bound away.
	f, err := ReadMPS(strings.NewReader(lp(" UP B X -2\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	if r := mustSolve(t, f.Problem, Settings{}); r.Status != DualInfeasible {
		t.Errorf("negative upper bound alone: %s, want unbounded", r.Status)
	}
}

func TestMPSErrors(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"no end":        {"NAME\nROWS\n N C\n", "without ENDATA"},
		"unknown row":   {"NAME\nROWS\n N C\nCOLUMNS\n X Q 1\nENDATA\n", "line 5: column X: row Q is not declared"},
		"no number":     {"NAME\nROWS\n N C\nCOLUMNS\n X C one\nENDATA\n", `line 5: "one" is not a finite number`},
		"no objective":  {"NAME\nROWS\n L R\nCOLUMNS\n X R 1\nENDATA\n", "no objective"},
		"kind of bound": {"NAME\nROWS\n N C\nCOLUMNS\n X C 1\nBOUNDS\n ZZ B X 1\nENDATA\n", `line 7: kind of bound "ZZ"`},
		"integers":      {"NAME\nROWS\n N C\nCOLUMNS\n M 'MARKER' 'INTORG'\nENDATA\n", "integer variables are not supported"},
		"cone":          {"NAME\nROWS\n N C\n L R\nCOLUMNS\n X C 1 R 1\nQSECTION R\nENDATA\n", "quadratic constraints are not supported"},
		"twice":         {"NAME\nROWS\n N C\n L C\nENDATA\n", "row C is declared twice"},
		"section":       {"NAME\nROWZ\nENDATA\n", "line 2: unknown section ROWZ"},
		"empty":         {"", "without ENDATA"},
	}
	for name, c := range cases {
		if _, err := ReadMPS(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// cbf is max x + y over |(x, y)| <= 2 and 2 u v >= (1, 1)², u + v <= 3 and
// w = u - v in L-: worked out as x = y = √2, with anything feasible else.
const cbf = `# a comment
VER
2

OBJSENSE
MAX

VAR
6 2
Q 3
QR 3

CON
4 3
L= 2
L- 1
L+ 1

OBJACOORD
2
1 1
2 1

OBJBCOORD
0.5

ACOORD
6
0 0 1
1 5 1
2 3 1
2 4 1
3 3 1
3 4 -1

BCOORD
3
0 -2
1 -1
2 -3
`

func TestCBF(t *testing.T) {
	f, err := ReadCBF(strings.NewReader(cbf))
	if err != nil {
		t.Fatal(err)
	}
	got, r := objective(t, f)
	if !close6(got, 2*math.Sqrt2+0.5) {
		t.Errorf("objective %.9g at %v", got, r.X)
	}
	if x := r.X; 2*x[3]*x[4] < x[5]*x[5]-1e-6 || x[3]+x[4] > 3+1e-6 || x[3] < x[4]-1e-6 {
		t.Errorf("x = %v breaks a cone", x)
	}
}

func TestCBFErrors(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"version":     {"VER\n9\n", `line 2: version "9"`},
		"cone":        {"VER\n1\nVAR\n3 1\nEXP 3\n", `line 5: cone "EXP" is not supported`},
		"sizes":       {"VER\n1\nVAR\n3 1\nF 2\n", "the cones hold 2, the total is 3"},
		"index":       {"VER\n1\nVAR\n1 1\nF 1\nOBJACOORD\n1\n1 2\n", `line 8: "1": want an integer from 0 to 0`},
		"integers":    {"VER\n1\nINT\n1\n0\n", "integer variables are not supported"},
		"semidefinte": {"VER\n1\nPSDVAR\n1\n2\n", "semidefinite cones are not supported"},
		"keyword":     {"VER\n1\nNONSENSE\n", `line 3: unknown keyword "NONSENSE"`},
		"cut off":     {"VER\n1\nVAR\n2 1\n", "want 2"},
		"nothing":     {"", "declares no variables"},
		"huge":        {"VER\n1\nVAR\n99999999999 1\nF 99999999999\n", "want an integer from 0 to"},
	}
	for name, c := range cases {
		if _, err := ReadCBF(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

const jsonProblemText = `{"name":"disc","const":3,"n":2,"m":4,"P":{"i":[0],"j":[0],"v":[2]},"q":[-4,-1],
"A":{"i":[1,2,3],"j":[0,1,1],"v":[-1,-1,-1]},"b":[1,0,0,0],"cones":[{"type":"soc","dim":3},{"type":"nonneg","dim":1}]}`

// TestJSON: min x² - 4x - y over the unit disc, checked by a fine scan.
func TestJSON(t *testing.T) {
	f, err := ReadJSON(strings.NewReader(jsonProblemText))
	if err != nil {
		t.Fatal(err)
	}
	want := math.Inf(1)
	for k := range 100000 {
		s, c := math.Sincos(float64(k) / 100000 * math.Pi)
		want = min(want, c*c-4*c-s)
	}
	if got, r := objective(t, f); !close6(got, want) || f.Name != "disc" {
		t.Errorf("objective %.9g at %v, want %.9g", got, r.X, want)
	}
}

func TestJSONErrors(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"not JSON":    {"{", "not JSON"},
		"no n":        {`{"m":0}`, `"n" and "m"`},
		"length of q": {`{"n":2,"m":0,"q":[1]}`, `key "q" has 1 values, want n = 2`},
		"index":       {`{"n":1,"m":1,"q":[1],"b":[1],"A":{"i":[1],"j":[0],"v":[1]},"cones":[{"type":"zero","dim":1}]}`, "lies outside 1 x 1"},
		"lower P":     {`{"n":2,"m":0,"q":[1,1],"P":{"i":[1],"j":[0],"v":[1]}}`, "only the upper triangle"},
		"cone":        {`{"n":1,"m":1,"q":[1],"b":[1],"cones":[{"type":"exp","dim":1}]}`, `cones[0] has type "exp"`},
		"cones":       {`{"n":1,"m":1,"q":[1],"b":[1],"cones":[]}`, "the cones hold 0 rows"},
		"type":        {`{"n":"one","m":0}`, `key "n"`},
	}
	for name, c := range cases {
		if _, err := ReadJSON(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	packed := &strings.Builder{}
	z := gzip.NewWriter(packed)
	z.Write([]byte(cbf))
	z.Close()
	for _, path := range []string{write("a.json", []byte(jsonProblemText)), write("b.CBF.gz", []byte(packed.String())), write("c.qps", []byte(qp+"ENDATA\n"))} {
		if _, err := ReadFile(path); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{write("d.gz", []byte("no")), write("e.txt", nil), write("f.mps", nil), filepath.Join(dir, "missing.mps")} {
		if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func FuzzMPS(f *testing.F) {
	ranges, err := os.ReadFile("testdata/ranges.mps")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(ranges))
	f.Add(qp + "QUADOBJ\n X X 2\nENDATA\n")
	f.Fuzz(func(t *testing.T, text string) {
		if file, err := ReadMPS(strings.NewReader(text)); err == nil {
			fuzzed(t, file)
		}
	})
}

func FuzzCBF(f *testing.F) {
	f.Add(cbf)
	f.Add("VER\n1\nVAR\n3 1\nQR 3\nCON\n1 1\nL= 1\nACOORD\n1\n0 2 1\nBCOORD\n1\n0 -2\n")
	f.Fuzz(func(t *testing.T, text string) {
		if file, err := ReadCBF(strings.NewReader(text)); err == nil {
			fuzzed(t, file)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(jsonProblemText)
	f.Fuzz(func(t *testing.T, text string) {
		if file, err := ReadJSON(strings.NewReader(text)); err == nil {
			fuzzed(t, file)
		}
	})
}

// fuzzed checks what a reader accepted, and that a small problem is solved or
// reported as not solved, never wrongly.
func fuzzed(t *testing.T, f *File) {
	if err := f.Problem.Validate(); err != nil {
		t.Fatal(err)
	}
	if len(f.Problem.Q) > 100 || len(f.Problem.B) > 100 {
		return
	}
	r := mustSolve(t, f.Problem, Settings{MaxIterations: 60})
	if err := Check(f.Problem, r).OK(1e-5); err != nil && r.Status.Err() == nil {
		t.Fatal(err)
	}
}
