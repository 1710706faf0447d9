package grid

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A network in CSV is a folder of three files, each with a header line. Columns
// may stand in any order; one that is not named here is refused, so that no
// figure is passed over in silence.
//
//	network.csv  base_kv, base_mva; optional: name, slack_pu (voltage of the slack,
//	             else 1), power_factor (lagging, of all loads given in kVA); one row
//	bus.csv      bus (a number), type (3 the slack, 1 any other), and the demand as
//	             load_kva, or as load_kw and load_kvar
//	branch.csv   from, to (bus numbers), r_ohm, x_ohm
var (
	networkColumns = columns{required: []string{"base_kv", "base_mva"}, optional: []string{"name", "slack_pu", "power_factor"}}
	busColumns     = columns{required: []string{"bus", "type"}, optional: []string{"load_kva", "load_kw", "load_kvar"}}
	branchColumns  = columns{required: []string{"from", "to", "r_ohm", "x_ohm"}}
)

// readFolder reads a network from the three CSV files of a folder.
func readFolder(dir fs.FS) (*Network, error) {
	networks, err := readTable(dir, "network.csv", networkColumns)
	if err != nil {
		return nil, err
	}
	if len(networks) != 1 {
		return nil, fmt.Errorf("network.csv has %d rows: want one", len(networks))
	}
	head := networks[0]
	n := &Network{Name: head.text("name"), BaseKV: head.number("base_kv"), BaseMVA: head.number("base_mva"), SlackPU: 1}
	if head.has("slack_pu") {
		n.SlackPU = head.number("slack_pu")
	}
	powerFactor := 0.0
	if head.has("power_factor") {
		powerFactor = head.number("power_factor")
		if head.err == nil && !(powerFactor > 0 && powerFactor <= 1) {
			return nil, head.wrong("power_factor", "want more than 0 and at most 1")
		}
	}
	if head.err != nil {
		return nil, head.err
	}

	buses, err := readTable(dir, "bus.csv", busColumns)
	if err != nil {
		return nil, err
	}
	slacks := 0
	for _, r := range buses {
		bus := Bus{ID: r.integer("bus")}
		switch r.text("type") {
		case "3":
			n.Slack = bus.ID
			slacks++
		case "1":
		default:
			return nil, r.wrong("type", "want 3 (slack) or 1 (load)")
		}
		switch kva, kw, kvar := r.has("load_kva"), r.has("load_kw"), r.has("load_kvar"); {
		case kva && !kw && !kvar:
			if powerFactor == 0 {
				return nil, errors.New("network.csv: column power_factor is missing: bus.csv gives loads in kVA")
			}
			load := r.number("load_kva")
			bus.DemandKW = load * powerFactor
			bus.DemandKvar = load * math.Sqrt(1-powerFactor*powerFactor)
		case !kva && kw && kvar:
			bus.DemandKW, bus.DemandKvar = r.number("load_kw"), r.number("load_kvar")
		default:
			return nil, errors.New("bus.csv: want the column load_kva, or the columns load_kw and load_kvar")
		}
		if r.err != nil {
			return nil, r.err
		}
		n.Buses = append(n.Buses, bus)
	}
	if slacks != 1 {
		return nil, fmt.Errorf("bus.csv has %d buses of type 3: want one slack", slacks)
	}

	branches, err := readTable(dir, "branch.csv", branchColumns)
	if err != nil {
		return nil, err
	}
	for _, r := range branches {
		n.Branches = append(n.Branches, Branch{
			From: r.integer("from"), To: r.integer("to"), ROhm: r.number("r_ohm"), XOhm: r.number("x_ohm"),
		})
		if r.err != nil {
			return nil, r.err
		}
	}
	return n, n.Validate()
}

type columns struct{ required, optional []string }

// row is one line of a table. Its readers keep the first error, so that a
// caller may read all fields and look once.
type row struct {
	file   string
	line   int
	fields map[string]string
	err    error
}

func readTable(dir fs.FS, name string, want columns) ([]*row, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, bare(err))
	}
	defer f.Close()
	return parseTable(f, name, want)
}

func parseTable(src io.Reader, name string, want columns) ([]*row, error) {
	in := csv.NewReader(src)
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is empty: want a header line", name)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i, h := range header {
		h = strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))
		header[i] = h
		if !slices.Contains(want.required, h) && !slices.Contains(want.optional, h) {
			return nil, fmt.Errorf("%s: unknown column %q: want %s", name, h,
				strings.Join(slices.Concat(want.required, want.optional), ", "))
		}
		if slices.Contains(header[:i], h) {
			return nil, fmt.Errorf("%s: column %s stands twice", name, h)
		}
	}
	for _, h := range want.required {
		if !slices.Contains(header, h) {
			return nil, fmt.Errorf("%s: column %s is missing", name, h)
		}
	}
	var rows []*row
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := in.FieldPos(0)
		r := &row{file: name, line: line, fields: make(map[string]string, len(header))}
		for i, h := range header {
			r.fields[h] = strings.TrimSpace(record[i])
		}
		rows = append(rows, r)
	}
}

func (r *row) has(column string) bool    { _, ok := r.fields[column]; return ok }
func (r *row) text(column string) string { return r.fields[column] }

func (r *row) number(column string) float64 {
	x, err := strconv.ParseFloat(r.fields[column], 64)
	if err != nil || !finite(x) {
		r.keep(r.wrong(column, "want a finite number"))
		return 0
	}
	return x
}

func (r *row) integer(column string) int {
	x, err := strconv.Atoi(r.fields[column])
	if err != nil {
		r.keep(r.wrong(column, "want a whole number"))
		return 0
	}
	return x
}

func (r *row) wrong(column, want string) error {
	return fmt.Errorf("%s line %d: %s is %q: %s", r.file, r.line, column, r.fields[column], want)
}

func (r *row) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}
