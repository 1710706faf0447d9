package nn

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// A saved Params is, in little endian: "pwnn", version, number of tensors, and
// for each the length of its name, the name, rows, columns and float32 values;
// then the CRC-32 (IEEE) of all that. All numbers are 32 bits wide.
const (
	paramsMagic   = "pwnn"
	paramsVersion = 1
)

var le = binary.LittleEndian

func appendFloats(b []byte, s []float32) []byte {
	for _, v := range s {
		b = le.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// AppendBinary appends names, shapes and values; equal parameters give equal bytes.
func (p *Params) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	b = append(b, paramsMagic...)
	b = le.AppendUint32(b, paramsVersion)
	b = le.AppendUint32(b, uint32(len(p.Views)))
	for _, v := range p.Views {
		b = le.AppendUint32(b, uint32(len(v.Name)))
		b = append(b, v.Name...)
		b = le.AppendUint32(b, uint32(v.Rows))
		b = le.AppendUint32(b, uint32(v.Cols))
		b = appendFloats(b, v.Of(p.Data))
	}
	return le.AppendUint32(b, crc32.ChecksumIEEE(b[start:])), nil
}

// MarshalBinary returns names, shapes and values; see AppendBinary.
func (p *Params) MarshalBinary() ([]byte, error) { return p.AppendBinary(nil) }

// UnmarshalBinary restores values that AppendBinary wrote. When p already has
// tensors, those saved must have the same names and shapes, and the values go
// where p's are; otherwise p takes them all. On an error p is unchanged.
func (p *Params) UnmarshalBinary(b []byte) error {
	d := decoder{b: b}
	if string(d.bytes(4)) != paramsMagic {
		return errors.New("not saved network parameters: they start with " + paramsMagic)
	}
	if v := d.uint32(); v != paramsVersion {
		return fmt.Errorf("network parameters of version %d, this program reads version %d", v, paramsVersion)
	}
	if len(b) < 4 || le.Uint32(b[len(b)-4:]) != crc32.ChecksumIEEE(b[:len(b)-4]) {
		return errors.New("network parameters are damaged or truncated: the checksum does not match")
	}
	var got Params
	n := int(d.uint32())
	for i := 0; i < n && d.ok(); i++ {
		name := string(d.bytes(int(d.uint32())))
		rows, cols := int(d.uint32()), int(d.uint32())
		values := d.floats(rows, cols)
		if !d.ok() {
			break
		}
		if _, twice := got.View(name); twice {
			return fmt.Errorf("network parameters hold two tensors named %q", name)
		}
		got.Views = append(got.Views, View{Name: name, Rows: rows, Cols: cols, Offset: len(got.Data)})
		got.Data = append(got.Data, values...)
	}
	if d.bytes(4); !d.ok() || len(d.b) != 0 {
		return errors.New("network parameters have the wrong length")
	}
	if len(p.Views) == 0 {
		*p = got
		return nil
	}
	if err := sameTensors(p.Views, got.Views); err != nil {
		return err
	}
	copy(p.Data, got.Data)
	return nil
}

// sameTensors reports the first tensor in which two networks differ.
func sameTensors(want, got []View) error {
	for i, w := range want {
		switch {
		case i >= len(got):
			return fmt.Errorf("saved network has %d tensors, want %d; %q is missing", len(got), len(want), w.Name)
		case w != got[i]:
			return fmt.Errorf("tensor %d of the saved network is %q of %dx%d, want %q of %dx%d",
				i, got[i].Name, got[i].Rows, got[i].Cols, w.Name, w.Rows, w.Cols)
		}
	}
	if len(got) > len(want) {
		return fmt.Errorf("saved network has %d tensors, want %d; %q is too many", len(got), len(want), got[len(want)].Name)
	}
	return nil
}

// decoder reads from b; after the first short read it returns zeros.
type decoder struct {
	b      []byte
	failed bool
}

func (d *decoder) ok() bool { return !d.failed }

func (d *decoder) bytes(n int) []byte {
	if d.failed || n < 0 || n > len(d.b) {
		d.failed = true
		return nil
	}
	s := d.b[:n]
	d.b = d.b[n:]
	return s
}

func (d *decoder) uint32() uint32 {
	if s := d.bytes(4); s != nil {
		return le.Uint32(s)
	}
	return 0
}

func (d *decoder) uint64() uint64 {
	if s := d.bytes(8); s != nil {
		return le.Uint64(s)
	}
	return 0
}

func (d *decoder) float64() float64 { return math.Float64frombits(d.uint64()) }

// floats reads rows*cols values.
func (d *decoder) floats(rows, cols int) []float32 {
	if have := uint64(len(d.b)) / 4; uint64(rows)*uint64(cols) > have {
		d.failed = true
		return nil
	}
	s := d.bytes(rows * cols * 4)
	v := make([]float32, rows*cols)
	for i := range v {
		v[i] = math.Float32frombits(le.Uint32(s[i*4:]))
	}
	return v
}

// A saved Adam is the number of parameters in 32 bits, LR, Beta1, Beta2, Eps
// and T in 64 bits each, M, V and a CRC-32 of all that.

// AppendBinary appends the state; equal states give equal bytes.
func (o *Adam) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	b = le.AppendUint32(b, uint32(len(o.M)))
	for _, v := range [...]float64{o.LR, o.Beta1, o.Beta2, o.Eps} {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	b = le.AppendUint64(b, uint64(o.T))
	b = appendFloats(appendFloats(b, o.M), o.V)
	return le.AppendUint32(b, crc32.ChecksumIEEE(b[start:])), nil
}

// MarshalBinary returns the state; see AppendBinary.
func (o *Adam) MarshalBinary() ([]byte, error) { return o.AppendBinary(nil) }

// UnmarshalBinary restores a state that AppendBinary wrote for as many
// parameters as o has, or for any number when o has none. On an error o is
// unchanged.
func (o *Adam) UnmarshalBinary(b []byte) error {
	if len(b) < 4 || le.Uint32(b[len(b)-4:]) != crc32.ChecksumIEEE(b[:len(b)-4]) {
		return errors.New("optimiser state is damaged or truncated: the checksum does not match")
	}
	d := decoder{b: b[:len(b)-4]}
	n := int(d.uint32())
	if len(o.M) > 0 && n != len(o.M) {
		return fmt.Errorf("optimiser state of %d parameters, want %d", n, len(o.M))
	}
	lr, beta1, beta2, eps, t := d.float64(), d.float64(), d.float64(), d.float64(), d.uint64()
	m, v := d.floats(1, n), d.floats(1, n)
	if !d.ok() || len(d.b) != 0 {
		return errors.New("optimiser state has the wrong length")
	}
	o.LR, o.Beta1, o.Beta2, o.Eps, o.T, o.M, o.V = lr, beta1, beta2, eps, int64(t), m, v
	return nil
}
