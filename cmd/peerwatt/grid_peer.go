package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/peerwatt/peerwatt/grid"
)

func gridPeerCommand() *cobra.Command {
	var network string
	var single bool
	cmd := &cobra.Command{
		Use:   "peer",
		Short: "Solve what another program timing power-flow engines asks for",
		Long: `peer is one engine of a benchmark that runs several side by side. It reads
  PEERS_RAW     file of float64 (little endian), rows x (P of every bus in kW, Q in
                kvar), > 0 consumes
  PEERS_FIRST   first row to solve, from 0
  PEERS_ROWS    how many
  PEERS_VM_OUT  file for the voltages, float64, rows x buses, p.u.
solves the rows from a flat start, and prints as its last line the version, the
mode, and the seconds of wall and processor time from injections in memory to
voltages in memory. Voltages are good to 1e-9 p.u.`,
		Example: `  PEERS_RAW=rows.f64 PEERS_FIRST=0 PEERS_ROWS=10000 PEERS_VM_OUT=vm.f64 peerwatt grid peer`,
		Args:    checked(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			n, err := grid.Load(network)
			if err != nil {
				return badInput(err)
			}
			p, q, err := readPeerRows(n)
			if err != nil {
				return badInput(err)
			}
			answer, vm, err := solvePeerRows(n, p, q, single)
			if err != nil {
				return err
			}
			if err := renameio.WriteFile(os.Getenv("PEERS_VM_OUT"), vm, 0o644); err != nil {
				return fmt.Errorf("cannot write PEERS_VM_OUT: %w", err)
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(answer)
		},
	}
	cmd.Flags().StringVar(&network, "case", "case141", "the network: case141, FILE.m or a `FOLDER` with CSV files")
	cmd.Flags().BoolVar(&single, "single", false, "one power flow at a time instead of a batch")
	return cmd
}

type peerAnswer struct {
	Version    string  `json:"version"`
	Mode       string  `json:"mode"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
}

// readPeerRows returns the demand of the rows asked for in p.u.
func readPeerRows(n *grid.Network) (p, q []float64, err error) {
	for _, name := range []string{"PEERS_RAW", "PEERS_VM_OUT"} {
		if os.Getenv(name) == "" {
			return nil, nil, fmt.Errorf("%s is not set: peerwatt grid peer --help says what it holds", name)
		}
	}
	count := func(name string) (int64, error) {
		x, err := strconv.ParseInt(os.Getenv(name), 10, 32)
		if err != nil || x < 0 {
			return 0, fmt.Errorf("%s is %q: want a whole number from 0", name, os.Getenv(name))
		}
		return x, nil
	}
	first, err := count("PEERS_FIRST")
	if err != nil {
		return nil, nil, err
	}
	rows, err := count("PEERS_ROWS")
	if err != nil {
		return nil, nil, err
	}
	file, err := os.Open(os.Getenv("PEERS_RAW"))
	if err != nil {
		return nil, nil, fmt.Errorf("PEERS_RAW: %w", err)
	}
	defer file.Close()
	size := len(n.Buses)
	bytes := make([]byte, 16*size)
	for row := range rows {
		if _, err := file.ReadAt(bytes, (first+row)*int64(len(bytes))); errors.Is(err, io.EOF) {
			return nil, nil, fmt.Errorf("PEERS_RAW ends before row %d: want %d numbers in each", first+row, 2*size)
		} else if err != nil {
			return nil, nil, fmt.Errorf("PEERS_RAW: %w", err)
		}
		for i := range 2 * size {
			x := n.PerUnit(math.Float64frombits(binary.LittleEndian.Uint64(bytes[8*i:])))
			if i < size {
				p = append(p, x)
			} else {
				q = append(q, x)
			}
		}
	}
	return p, q, nil
}

// solvePeerRows times the power flows and returns |V| as bytes.
func solvePeerRows(n *grid.Network, p, q []float64, single bool) (*peerAnswer, []byte, error) {
	solver, err := grid.NewSolver(n)
	if err != nil {
		return nil, nil, err
	}
	batch, err := grid.NewBatch(n)
	if err != nil {
		return nil, nil, err
	}
	size := len(n.Buses)
	vm, status := make([]float64, len(p)), make([]grid.Status, len(p)/size)
	mode := "batch, sweep, flat, vector instructions: " + batch.Kernel()
	if single {
		mode = "single, sweep, flat"
	}
	wall, cpu := time.Now(), processorSeconds()
	if single {
		for k := range status {
			lo, hi := k*size, (k+1)*size
			status[k] = solver.SolveVM(p[lo:hi], q[lo:hi], 1, vm[lo:hi])
		}
	} else {
		batch.SolveVM(p, q, 1, vm, status)
	}
	answer := &peerAnswer{Version: version(), Mode: mode, Seconds: time.Since(wall).Seconds(), CPUSeconds: processorSeconds() - cpu}
	for k, st := range status {
		if err := st.Err(); err != nil {
			return nil, nil, fmt.Errorf("row %d of those asked for: %w", k, err)
		}
	}
	var bytes []byte
	for _, v := range vm {
		bytes = binary.LittleEndian.AppendUint64(bytes, math.Float64bits(v))
	}
	return answer, bytes, nil
}

// version is that of the module, or of the working tree that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}
