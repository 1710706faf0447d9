package marl

import (
	"encoding"
	"encoding/binary"
	"fmt"

	"github.com/peerwatt/peerwatt/nn"
)

// part is a piece of what a learner moves.
type part interface {
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// state is everything that a learner moves, in a fixed order. Embedded, it
// saves and restores the learner.
type state []part

// AppendState saves every part; see [Learner].
func (s state) AppendState(b []byte) ([]byte, error) {
	for _, p := range s {
		var err error
		if b, err = appendSection(b, p); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// ReadState restores every part; see [Learner].
func (s state) ReadState(b []byte) ([]byte, error) {
	for _, p := range s {
		var err error
		if b, err = readSection(b, p); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// counter counts updates.
type counter int64

// AppendBinary appends the count.
func (c *counter) AppendBinary(b []byte) ([]byte, error) {
	return binary.LittleEndian.AppendUint64(b, uint64(*c)), nil
}

// UnmarshalBinary restores it.
func (c *counter) UnmarshalBinary(b []byte) error {
	if len(b) != 8 {
		return fmt.Errorf("a count of %d bytes, want 8", len(b))
	}
	*c = counter(binary.LittleEndian.Uint64(b))
	return nil
}

// vector returns named numbers as something to save.
func vector(name string, data []float32) *nn.Params {
	return &nn.Params{Data: data, Views: []nn.View{{Name: name, Rows: 1, Cols: len(data)}}}
}
