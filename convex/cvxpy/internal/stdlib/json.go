package stdlib

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/peerwatt/peerwatt/convex/cvxpy/internal/py"
)

var jsonError = py.NewExceptionType("json.decoder", "JSONDecodeError", py.ValueError)

func jsonModule(*py.Interp) *py.Module {
	m := module("json", raw("dumps", jsonDumps), raw("loads", jsonLoads))
	m.Set("JSONDecodeError", jsonError)
	return m
}

type jsonWriter struct {
	in           *py.Interp
	b            strings.Builder
	indent       string
	pretty       bool
	item, colon  string
	sort, escape bool
	def          py.Value
	allowNaN     bool
	depth        int
	inside       map[py.Value]bool
}

func jsonDumps(in *py.Interp, a py.Args) (py.Value, error) {
	b, err := py.NewSignature("dumps", "obj, *, skipkeys=, ensure_ascii=, check_circular=, allow_nan=, cls=, indent=, separators=, default=, sort_keys=").Bind(a)
	if err != nil {
		return nil, err
	}
	if b.Has("cls") {
		return nil, py.Unsupported("json.dumps(cls=...) is not supported")
	}
	w := &jsonWriter{in: in, item: ", ", colon: ": ", escape: true, allowNaN: true, inside: map[py.Value]bool{}}
	for name, flag := range map[string]*bool{"ensure_ascii": &w.escape, "sort_keys": &w.sort, "allow_nan": &w.allowNaN} {
		if v := b.Get(name); v != nil {
			if *flag, err = in.Truth(v); err != nil {
				return nil, err
			}
		}
	}
	if b.Has("indent") {
		w.pretty, w.item = true, ","
		if s, ok := b.Get("indent").(py.Str); ok {
			w.indent = string(s)
		} else {
			n, err := in.Index(b.Get("indent"))
			if err != nil {
				return nil, err
			}
			if err := in.Alloc(n); err != nil {
				return nil, err
			}
			w.indent = strings.Repeat(" ", max(n, 0))
		}
	}
	if b.Has("separators") {
		items, err := in.Collect(b.Get("separators"))
		if err != nil {
			return nil, err
		}
		if len(items) == 2 {
			s, _ := items[0].(py.Str)
			c, _ := items[1].(py.Str)
			w.item, w.colon = string(s), string(c)
		}
	}
	if b.Has("default") {
		w.def = b.Get("default")
	}
	if err := w.value(b.Get("obj")); err != nil {
		return nil, err
	}
	return py.Str(w.b.String()), nil
}

func (w *jsonWriter) write(s string) error {
	w.b.WriteString(s)
	return w.in.Alloc(2 * len(s))
}

func (w *jsonWriter) line(depth int) error {
	if !w.pretty {
		return nil
	}
	return w.write("\n" + strings.Repeat(w.indent, depth))
}

func (w *jsonWriter) value(v py.Value) error {
	if err := w.in.Enter(" while encoding a JSON object"); err != nil {
		return err
	}
	defer w.in.Leave()
	if err := w.in.Step(1); err != nil {
		return err
	}
	switch x := v.(type) {
	case py.NoneType:
		return w.write("null")
	case py.Bool:
		return w.write(strconv.FormatBool(bool(x)))
	case py.Str:
		return w.write(w.quote(string(x)))
	case py.Float:
		return w.float(float64(x))
	case py.Int, *py.BigInt:
		s, err := w.in.Repr(v)
		if err != nil {
			return err
		}
		return w.write(s)
	case *py.List:
		return w.list(v, x.Items)
	case *py.Tuple:
		return w.list(v, x.Items)
	case *py.Dict:
		return w.dict(x)
	case py.Floater:
		if f, ok := x.AsFloat(); ok && v.Type().Is(py.FloatType) { // np.float64
			return w.float(f)
		}
	}
	if w.def != nil {
		r, err := w.in.CallValues(w.def, v)
		if err != nil {
			return err
		}
		return w.value(r)
	}
	return py.TypeError.New("Object of type %s is not JSON serializable", v.Type().ShortName())
}

func (w *jsonWriter) float(f float64) error {
	s := py.FormatFloat(f)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		if !w.allowNaN {
			return py.ValueError.New("Out of range float values are not JSON compliant")
		}
		s = map[string]string{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[s]
	}
	return w.write(s)
}

func (w *jsonWriter) circular(v py.Value) error {
	if w.inside[v] {
		return py.ValueError.New("Circular reference detected")
	}
	w.inside[v] = true
	return nil
}

func (w *jsonWriter) list(v py.Value, items []py.Value) error {
	if len(items) == 0 {
		return w.write("[]")
	}
	if err := w.circular(v); err != nil {
		return err
	}
	defer delete(w.inside, v)
	w.depth++
	if err := w.write("["); err != nil {
		return err
	}
	for i, x := range items {
		if i > 0 {
			if err := w.write(w.item); err != nil {
				return err
			}
		}
		if err := w.line(w.depth); err != nil {
			return err
		}
		if err := w.value(x); err != nil {
			return err
		}
	}
	w.depth--
	if err := w.line(w.depth); err != nil {
		return err
	}
	return w.write("]")
}

func (w *jsonWriter) dict(d *py.Dict) error {
	if n, _ := d.Len(w.in); n == 0 {
		return w.write("{}")
	}
	if err := w.circular(d); err != nil {
		return err
	}
	defer delete(w.inside, d)
	w.depth++
	if err := w.write("{"); err != nil {
		return err
	}
	keys := d.Keys()
	if w.sort {
		s, err := w.in.CallBuiltin("sorted", py.NewList(keys...))
		if err != nil {
			return err
		}
		keys = s.(*py.List).Items
	}
	for i, k := range keys {
		if i > 0 {
			if err := w.write(w.item); err != nil {
				return err
			}
		}
		if err := w.line(w.depth); err != nil {
			return err
		}
		name, err := w.key(k)
		if err != nil {
			return err
		}
		if err := w.write(w.quote(name) + w.colon); err != nil {
			return err
		}
		v, err := d.Get(w.in, k)
		if err != nil {
			return err
		}
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.depth--
	if err := w.line(w.depth); err != nil {
		return err
	}
	return w.write("}")
}

func (w *jsonWriter) key(k py.Value) (string, error) {
	switch x := k.(type) {
	case py.Str:
		return string(x), nil
	case py.Bool:
		return strconv.FormatBool(bool(x)), nil
	case py.NoneType:
		return "null", nil
	case py.Int, py.Float, *py.BigInt:
		return w.in.Repr(k)
	}
	return "", py.TypeError.New("keys must be str, int, float, bool or None, not %s", k.Type().ShortName())
}

func (w *jsonWriter) quote(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteByte('"')
	unit := func(u rune) {
		b.WriteString(`\u`)
		for i := 12; i >= 0; i -= 4 {
			b.WriteByte(hex[u>>i&15])
		}
	}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20 || w.escape && r > 0x7e && r < 0x10000:
			unit(r)
		case w.escape && r >= 0x10000:
			hi, lo := utf16.EncodeRune(r)
			unit(hi)
			unit(lo)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func jsonLoads(in *py.Interp, a py.Args) (py.Value, error) {
	if len(a.Pos) != 1 || len(a.Names) > 0 {
		return nil, py.Unsupported("json.loads takes one argument here")
	}
	s, ok := a.Pos[0].(py.Str)
	if !ok {
		return nil, py.TypeError.New("the JSON object must be str, bytes or bytearray, not %s", a.Pos[0].Type().ShortName())
	}
	if err := in.AllocN(len(s), 32); err != nil {
		return nil, err
	}
	if err := in.Step(len(s)); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(s)))
	dec.UseNumber()
	v, err := readJSON(in, dec)
	if err == nil && dec.More() {
		return nil, jsonError.New("Extra data: line 1 column %d (char %d)", dec.InputOffset()+1, dec.InputOffset())
	}
	if err != nil && py.AsExc(err) == nil {
		if _, abort := err.(*py.Abort); abort {
			return nil, err
		}
		return nil, jsonError.New("Expecting value: line 1 column %d (char %d)", dec.InputOffset()+1, dec.InputOffset())
	}
	return v, err
}

func readJSON(in *py.Interp, dec *json.Decoder) (py.Value, error) {
	if err := in.Enter(" while decoding a JSON document"); err != nil {
		return nil, err
	}
	defer in.Leave()
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch x := tok.(type) {
	case nil:
		return py.None, nil
	case bool:
		return py.Bool(x), nil
	case string:
		return py.Str(x), nil
	case json.Number:
		if n, ok := new(big.Int).SetString(string(x), 10); ok {
			return py.NewBig(n), nil
		}
		f, _ := x.Float64()
		return py.Float(f), nil
	case json.Delim:
		if x == '[' {
			out := py.NewList()
			for dec.More() {
				v, err := readJSON(in, dec)
				if err != nil {
					return nil, err
				}
				out.Items = append(out.Items, v)
			}
			_, err := dec.Token()
			return out, err
		}
		out := py.NewDict()
		for dec.More() {
			k, err := readJSON(in, dec)
			if err != nil {
				return nil, err
			}
			v, err := readJSON(in, dec)
			if err != nil {
				return nil, err
			}
			if err := out.Set(in, k, v); err != nil {
				return nil, err
			}
		}
		_, err := dec.Token()
		return out, err
	}
	return nil, jsonError.New("Expecting value: line 1 column 1 (char 0)")
}
