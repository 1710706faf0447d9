package nn

import "fmt"

// Params is the memory of a network's parameters: one flat slice, and views
// that name its tensors in order without gaps.
type Params struct {
	Data  []float32
	Views []View
}

// View is one tensor of a Params: Rows x Cols values, row-major, at Offset.
// Names and shapes are PyTorch's: "layers.0.weight" is [out][in],
// "layers.0.bias" is 1 x out.
type View struct {
	Name       string
	Rows, Cols int
	Offset     int
}

// Len returns the number of values.
func (v View) Len() int { return v.Rows * v.Cols }

// Of returns the tensor's part of data, which is Params.Data or a slice of the
// same layout (gradients, moments).
func (v View) Of(data []float32) []float32 {
	return data[v.Offset : v.Offset+v.Len() : v.Offset+v.Len()]
}

// add appends a tensor of zeros.
func (p *Params) add(name string, rows, cols int) View {
	v := View{Name: name, Rows: rows, Cols: cols, Offset: len(p.Data)}
	if _, ok := p.View(name); ok {
		panic(fmt.Sprintf("nn: two tensors named %q", name))
	}
	p.Data = append(p.Data, make([]float32, v.Len())...)
	p.Views = append(p.Views, v)
	return v
}

// View returns the tensor of that name.
func (p *Params) View(name string) (View, bool) {
	for _, v := range p.Views {
		if v.Name == name {
			return v, true
		}
	}
	return View{}, false
}

// Slice returns the values of the tensor of that name, nil when there is none.
func (p *Params) Slice(name string) []float32 {
	v, ok := p.View(name)
	if !ok {
		return nil
	}
	return v.Of(p.Data)
}

// NewGrads returns zeros of the same layout.
func (p *Params) NewGrads() []float32 { return make([]float32, len(p.Data)) }

// Clone returns a copy with memory of its own.
func (p *Params) Clone() *Params {
	return &Params{Data: append([]float32(nil), p.Data...), Views: p.Views}
}
