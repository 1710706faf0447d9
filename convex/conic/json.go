package conic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

type jsonTriplets struct {
	I []int     `json:"i"`
	J []int     `json:"j"`
	V []float64 `json:"v"`
}

type jsonProblem struct {
	Name  string       `json:"name"`
	N     *int         `json:"n"`
	M     *int         `json:"m"`
	P     jsonTriplets `json:"P"`
	Q     []float64    `json:"q"`
	A     jsonTriplets `json:"A"`
	B     []float64    `json:"b"`
	Cones []struct {
		Type string `json:"type"`
		Dim  int    `json:"dim"`
	} `json:"cones"`
}

// ReadJSON reads the JSON form of a problem: n, m, P (upper triangle), q, A, b
// and cones, with matrices as triplets {"i":[],"j":[],"v":[]} counted from zero
// and cones as {"type":"zero|nonneg|soc","dim":k}. Other keys are ignored.
func ReadJSON(r io.Reader) (*File, error) {
	var in jsonProblem
	dec := json.NewDecoder(r)
	if err := dec.Decode(&in); err != nil {
		var typ *json.UnmarshalTypeError
		if errors.As(err, &typ) {
			return nil, fmt.Errorf("key %q: a %s, want %s", typ.Field, typ.Value, typ.Type)
		}
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	switch {
	case in.N == nil || in.M == nil:
		return nil, errors.New(`keys "n" and "m" (numbers of columns and rows) are required`)
	case len(in.Q) != *in.N:
		return nil, fmt.Errorf(`key "q" has %d values, want n = %d`, len(in.Q), *in.N)
	case len(in.B) != *in.M:
		return nil, fmt.Errorf(`key "b" has %d values, want m = %d`, len(in.B), *in.M)
	}
	p := &Problem{Q: in.Q, B: in.B}
	for k, c := range in.Cones {
		var kind Kind
		switch strings.ToLower(c.Type) {
		case "zero":
			kind = Zero
		case "nonneg":
			kind = NonNeg
		case "soc":
			kind = SOC
		default:
			return nil, fmt.Errorf("cones[%d] has type %q, want zero, nonneg or soc", k, c.Type)
		}
		p.Cones = append(p.Cones, Cone{kind, c.Dim})
	}
	var err error
	if p.A, err = NewCSC(*in.M, *in.N, in.A.I, in.A.J, in.A.V); err != nil {
		return nil, fmt.Errorf(`key "A": %w`, err)
	}
	if len(in.P.V)+len(in.P.I)+len(in.P.J) > 0 {
		if p.P, err = NewCSC(*in.N, *in.N, in.P.I, in.P.J, in.P.V); err != nil {
			return nil, fmt.Errorf(`key "P": %w`, err)
		}
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &File{Name: in.Name, Problem: p}, nil
}
