package replay

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Save writes what the episodes alone do not tell: the priorities. Together
// with a [Log] of the episodes added so far it restores the buffers exactly.
func (d *Dual) Save(w io.Writer) error {
	head := []uint64{math.Float64bits(d.top), uint64(d.normal.size), uint64(d.violation.size)}
	if err := binary.Write(w, binary.LittleEndian, head); err != nil {
		return err
	}
	for _, b := range []*buffer{d.normal, d.violation} {
		leaves := b.tree.node[b.tree.leaves : b.tree.leaves+b.size]
		if err := binary.Write(w, binary.LittleEndian, leaves); err != nil {
			return err
		}
	}
	return nil
}

// Restore reads what Save wrote. The same episodes must have been added before.
func (d *Dual) Restore(r io.Reader) error {
	head := make([]uint64, 3)
	if err := binary.Read(r, binary.LittleEndian, head); err != nil {
		return fmt.Errorf("replay priorities: %w", err)
	}
	if head[1] != uint64(d.normal.size) || head[2] != uint64(d.violation.size) {
		return fmt.Errorf("replay priorities are of %d normal and %d violating transitions, the log holds %d and %d",
			head[1], head[2], d.normal.size, d.violation.size)
	}
	d.top = math.Float64frombits(head[0])
	for _, b := range []*buffer{d.normal, d.violation} {
		leaves := make([]float64, b.size)
		if err := binary.Read(r, binary.LittleEndian, leaves); err != nil {
			return fmt.Errorf("replay priorities: %w", err)
		}
		b.tree.restore(leaves)
	}
	return nil
}
