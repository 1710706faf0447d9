package main

import (
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/grid"
)

// writeVoltages writes a CSV table of |V| in p.u., a row per power flow; one
// without a solution has empty fields. The file appears only when it is whole.
func writeVoltages(path string, n *grid.Network, labels []string, vm []float64, status []grid.Status) error {
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer file.Cleanup()
	w := csv.NewWriter(file)
	record := []string{"row"}
	for _, b := range n.Buses {
		record = append(record, fmt.Sprintf("v_%d", b.ID))
	}
	w.Write(record)
	for k, label := range labels {
		record[0] = label
		for i := range n.Buses {
			record[i+1] = ""
			if status[k].Converged {
				record[i+1] = strconv.FormatFloat(vm[k*len(n.Buses)+i], 'g', -1, 64)
			}
		}
		w.Write(record)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return file.CloseAtomicallyReplace()
}
