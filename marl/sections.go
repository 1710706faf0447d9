package marl

import (
	"encoding"
	"encoding/binary"
	"errors"
)

// A checkpoint's state is a row of sections: length, then bytes.

func appendSection(b []byte, x encoding.BinaryAppender) ([]byte, error) {
	at := len(b)
	b = append(b, make([]byte, 8)...)
	b, err := x.AppendBinary(b)
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint64(b[at:], uint64(len(b)-at-8))
	return b, nil
}

var errShort = errors.New("it ends too early")

func nextSection(b []byte) (section, rest []byte, err error) {
	if len(b) < 8 {
		return nil, nil, errShort
	}
	n := binary.LittleEndian.Uint64(b)
	b = b[8:]
	if n > uint64(len(b)) {
		return nil, nil, errShort
	}
	return b[:n], b[n:], nil
}

func readSection(b []byte, x encoding.BinaryUnmarshaler) (rest []byte, err error) {
	section, rest, err := nextSection(b)
	if err != nil {
		return nil, err
	}
	return rest, x.UnmarshalBinary(section)
}
