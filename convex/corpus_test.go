package convex

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// corpus is testdata/corpus.json.gz: random models and expressions with what
// cvxpy 1.9.3 finds for them. testdata/corpus.py writes it, and larger ones;
// PEERWATT_CORPUS names another to test with.
type corpus struct {
	Models      []corpusModel
	Expressions []corpusExpression
}

type corpusLeaves struct {
	Leaves [][]any // kind, name, shape, attribute
	Point  map[string][]float64
}

type corpusModel struct {
	corpusLeaves
	Goal        string
	Objective   any
	Constraints []any
	Texts       []string
	DCP         bool
	Error       string
	Status      string
	Value       *float64
}

type corpusExpression struct {
	corpusLeaves
	AST             any
	Shape           []int
	Sign, Curvature string
	Text            string
	Value           []float64
}

func readCorpus(t *testing.T) corpus {
	t.Helper()
	path := "testdata/corpus.json.gz"
	if other := os.Getenv("PEERWATT_CORPUS"); other != "" {
		path = other
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var c corpus
	if err := json.NewDecoder(z).Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

// builder turns the corpus's trees into expressions.
type builder struct {
	vars, params []*Expr
	point        map[*Expr][]float64
}

func newBuilder(l corpusLeaves) *builder {
	b := &builder{point: map[*Expr][]float64{}}
	for _, d := range l.Leaves {
		name, shape := d[1].(string), toShape(d[2])
		var attrs []Attr
		switch d[3] {
		case "nonneg":
			attrs = append(attrs, Nonneg)
		case "nonpos":
			attrs = append(attrs, Nonpos)
		}
		var e *Expr
		if d[0] == "var" {
			e = Variable(name, shape, attrs...)
			b.vars = append(b.vars, e)
		} else {
			e = Parameter(name, shape, attrs...)
			b.params = append(b.params, e)
		}
		b.point[e] = l.Point[name]
	}
	return b
}

func toShape(v any) Shape {
	var dims []int
	for _, d := range v.([]any) {
		dims = append(dims, int(d.(float64)))
	}
	return shapeOf(dims)
}

func (b *builder) expr(v any) *Expr {
	n := v.([]any)
	op := n[0].(string)
	arg := func(i int) *Expr { return b.expr(n[i]) }
	whole := func(i int) int { return int(n[i].(float64)) }
	switch op {
	case "var":
		return b.vars[whole(1)]
	case "param":
		return b.params[whole(1)]
	case "const":
		var values []float64
		for _, x := range n[2].([]any) {
			values = append(values, x.(float64))
		}
		s := toShape(n[1])
		switch s.Rank() {
		case 0:
			return Const(values[0])
		case 1:
			return Const(values)
		}
		return Const(Dense(s.rows(), s.cols(), values))
	case "add":
		return Add(arg(1), arg(2))
	case "sub":
		return Sub(arg(1), arg(2))
	case "negate":
		return arg(1).Negate()
	case "multiply":
		return Multiply(arg(1), arg(2))
	case "div":
		return Div(arg(1), arg(2))
	case "matmul":
		return MatMul(arg(1), arg(2))
	case "sum":
		return Sum(arg(1))
	case "sumaxis":
		return SumAxis(arg(1), whole(2), n[3].(bool))
	case "at":
		return arg(1).At(whole(2))
	case "span":
		return arg(1).Index(Span(whole(2), whole(3), whole(4)))
	case "column":
		return arg(1).Index(All(), At(whole(2)))
	case "reshape":
		return Reshape(arg(1), toShape(n[2]), Order(n[3].(string)[0]))
	case "T":
		return arg(1).T()
	case "hstack":
		return Hstack(arg(1), arg(2))
	case "vstack":
		return Vstack(arg(1), arg(2))
	case "concatenate":
		return Concatenate(whole(1), arg(2), arg(3))
	case "cumsum":
		return CumSum(arg(1), whole(2))
	case "diff":
		return Diff(arg(1), whole(2), whole(3))
	case "kron":
		return Kron(arg(1), arg(2))
	case "diag":
		return Diag(arg(1))
	case "mean":
		return Mean(arg(1))
	case "abs":
		return Abs(arg(1))
	case "pos":
		return Pos(arg(1))
	case "neg":
		return Neg(arg(1))
	case "max":
		return Max(arg(1))
	case "min":
		return Min(arg(1))
	case "maxaxis":
		return MaxAxis(arg(1), whole(2), false)
	case "maximum":
		return Maximum(arg(1), arg(2))
	case "minimum":
		return Minimum(arg(1), arg(2))
	case "power":
		return Power(arg(1), n[2].(float64))
	case "norm1":
		return Norm1(arg(1))
	case "norm2":
		return Norm2(arg(1))
	case "norminf":
		return NormInf(arg(1))
	case "normaxis":
		p := map[string]float64{"1": 1, "2": 2, "inf": math.Inf(1)}[n[2].(string)]
		return NormAxis(arg(1), p, whole(3), false)
	case "sumsquares":
		return SumSquares(arg(1))
	case "quadform":
		return QuadForm(arg(1), arg(2))
	case "quadoverlin":
		return QuadOverLin(arg(1), arg(2))
	case "huber":
		return Huber(arg(1), n[2].(float64))
	case "sumlargest":
		return SumLargest(arg(1), whole(2))
	case "sumsmallest":
		return SumSmallest(arg(1), whole(2))
	}
	panic("corpus: " + op)
}

func (b *builder) problem(m corpusModel) *Problem {
	var cons []*Constraint
	for _, v := range m.Constraints {
		n := v.([]any)
		x, y := b.expr(n[1]), b.expr(n[2])
		switch n[0] {
		case "le":
			cons = append(cons, x.LE(y))
		case "ge":
			cons = append(cons, x.GE(y))
		case "eq":
			cons = append(cons, x.EQ(y))
		case "soc":
			cons = append(cons, SOC(x, y))
		}
	}
	goal := Minimize(b.expr(m.Objective))
	if m.Goal == "maximize" {
		goal = Maximize(b.expr(m.Objective))
	}
	return NewProblem(goal, cons...)
}

// TestExpressionsAsCvxpy compares shape, sign, curvature, text and value.
func TestExpressionsAsCvxpy(t *testing.T) {
	for i, c := range readCorpus(t).Expressions {
		b := newBuilder(c.corpusLeaves)
		e := b.expr(c.AST)
		if e.Err() != nil {
			t.Errorf("%d: %s: %v", i, c.Text, e.Err())
			continue
		}
		if got, want := fmt.Sprint(e.Shape().Dims()), fmt.Sprint(c.Shape); got != want {
			t.Errorf("%d: %s: shape %s, want %s", i, c.Text, got, want)
		}
		if e.Sign().String() != c.Sign {
			t.Errorf("%d: %s: sign %v, want %s", i, c.Text, e.Sign(), c.Sign)
		}
		if strings.HasPrefix(c.Curvature, "QUASI") {
			c.Curvature = "UNKNOWN" // we have no quasiconvex programming
		}
		if e.Curvature().String() != c.Curvature {
			t.Errorf("%d: %s: curvature %v, want %s", i, c.Text, e.Curvature(), c.Curvature)
		}
		if e.String() != c.Text {
			t.Errorf("%d: text\n%s, want\n%s", i, e, c.Text)
		}
		if c.Value == nil {
			continue
		}
		got, err := e.Value(b.point)
		if err != nil {
			t.Errorf("%d: %s: %v", i, c.Text, err)
			continue
		}
		for k, v := range got {
			if math.Abs(v-c.Value[k]) > 1e-9*(1+math.Abs(v)) {
				t.Errorf("%d: %s: value %v, want %v", i, c.Text, got, c.Value)
				break
			}
		}
	}
}

// TestModelsAsCvxpy compares status and optimum, and the parts that break the
// rules.
func TestModelsAsCvxpy(t *testing.T) {
	for i, m := range readCorpus(t).Models {
		b := newBuilder(m.corpusLeaves)
		p := b.problem(m)
		for k, c := range p.Constraints() {
			if c.Err() != nil {
				t.Fatalf("%d: %v", i, c.Err())
			}
			if c.String() != m.Texts[k] {
				t.Errorf("%d: constraint\n%s, want\n%s", i, c, m.Texts[k])
			}
		}
		g, err := p.Compile()
		if !m.DCP {
			checkViolations(t, i, m, err)
			continue
		}
		if err != nil {
			t.Errorf("%d: %v", i, err)
			continue
		}
		for _, x := range p.Parameters() {
			if err := g.Set(x, b.point[x]); err != nil {
				t.Fatal(err)
			}
		}
		s, err := g.Solve(context.Background(), Options{})
		if err != nil {
			t.Errorf("%d: %v", i, err)
			continue
		}
		want := map[string]Status{"optimal": Solved, "infeasible": Infeasible, "unbounded": Unbounded}[m.Status]
		if s.Status != want {
			t.Errorf("%d: status %v, want %v (%s %v)", i, s.Status, want, m.Objective, m.Texts)
			continue
		}
		if m.Value != nil && math.Abs(s.Objective-*m.Value) > 2e-6*(1+math.Abs(*m.Value)) {
			t.Errorf("%d: optimum %.9g, want %.9g (%s: %v)", i, s.Objective, *m.Value, m.Objective, m.Texts)
		}
	}
}

// checkViolations compares the parts named with those in cvxpy's message.
func checkViolations(t *testing.T, i int, m corpusModel, err error) {
	t.Helper()
	e, ok := err.(*DCPError)
	if !ok {
		t.Errorf("%d: got %v, want a DCP error: %s", i, err, m.Error)
		return
	}
	objective := strings.HasPrefix(m.Error, "The objective")
	var b strings.Builder
	for _, v := range e.Violations {
		switch {
		case objective && v.Constraint == nil && len(v.Parts) > 0:
			b.WriteString("The objective is not DCP. Its following subexpressions are not:")
			for _, p := range v.Parts {
				b.WriteString("\n" + p.Text)
			}
		case objective && v.Constraint == nil:
			fmt.Fprintf(&b, "The objective is not DCP, even though each sub-expression is.\nYou are trying to %s a function that is %s.", v.Goal, curveWord(b0(m)))
		case !objective && v.Constraint != nil:
			if b.Len() == 0 {
				b.WriteString("The following constraints are not DCP:")
			}
			b.WriteString("\n" + v.Text + " , because the following subexpressions are not:")
			for _, p := range v.Parts {
				b.WriteString("\n|--  " + p.Text)
			}
			if len(v.Parts) == 0 {
				b.WriteString("\n|--  " + v.Text)
			}
		}
	}
	if b.String() != m.Error {
		t.Errorf("%d: violations\n%s\nwant\n%s", i, b.String(), m.Error)
	}
}

func b0(m corpusModel) *Expr { return newBuilder(m.corpusLeaves).expr(m.Objective) }
