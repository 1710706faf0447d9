package grid

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// DemandRows are demands for many power flows.
type DemandRows struct {
	Labels []string  // what the file calls a row; its number, from 0, where it has no name
	P, Q   []float64 // p.u., rows x buses; > 0 consumes
}

// ReadDemand reads a CSV table with one power flow per row. Its columns are
// p_BUS in kW and q_BUS in kvar, > 0 consumes, and optionally row, a name. Buses
// without a column keep the demand of restP and restQ (p.u. by bus index). Errors
// begin with the name of the file.
func (n *Network) ReadDemand(src io.Reader, name string, restP, restQ []float64) (*DemandRows, error) {
	in := csv.NewReader(src)
	in.ReuseRecord = true
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty: want a header line of columns p_BUS and q_BUS", name)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	columns, err := n.demandColumns(header)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out := &DemandRows{}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		first := len(out.P)
		label := strconv.Itoa(len(out.Labels))
		out.P, out.Q = append(out.P, restP...), append(out.Q, restQ...)
		for i, c := range columns {
			if c.bus < 0 {
				label = strings.Clone(strings.TrimSpace(record[i]))
				continue
			}
			x, err := strconv.ParseFloat(strings.TrimSpace(record[i]), 64)
			if err != nil || !finite(x) {
				line, _ := in.FieldPos(i)
				return nil, fmt.Errorf("%s line %d: %s is %q: want a finite number", name, line, c.name, record[i])
			}
			if c.reactive {
				out.Q[first+c.bus] = n.PerUnit(x)
			} else {
				out.P[first+c.bus] = n.PerUnit(x)
			}
		}
		out.Labels = append(out.Labels, label)
	}
	if len(out.Labels) == 0 {
		return nil, fmt.Errorf("%s has no rows below its header", name)
	}
	return out, nil
}

type demandColumn struct {
	name     string
	bus      int // index; -1 for the row's name
	reactive bool
}

func (n *Network) demandColumns(header []string) ([]demandColumn, error) {
	seen := map[string]bool{}
	var columns []demandColumn
	for _, h := range header {
		h = strings.Clone(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if seen[h] {
			return nil, fmt.Errorf("column %s stands twice", h)
		}
		seen[h] = true
		if h == "row" {
			columns = append(columns, demandColumn{name: h, bus: -1})
			continue
		}
		kind, id, _ := strings.Cut(h, "_")
		bus, err := strconv.Atoi(id)
		if err != nil || kind != "p" && kind != "q" {
			return nil, fmt.Errorf("unknown column %q: want row, p_BUS (kW) or q_BUS (kvar)", h)
		}
		index, ok := n.Index(bus)
		if !ok {
			return nil, fmt.Errorf("column %s: there is no bus %d", h, bus)
		}
		columns = append(columns, demandColumn{name: h, bus: index, reactive: kind == "q"})
	}
	return columns, nil
}
