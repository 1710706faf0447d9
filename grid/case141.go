package grid

import (
	"embed"
	"io/fs"
)

// The figures and their source (case141/SOURCE.md) travel together.
//
//go:embed case141
var case141 embed.FS

// Case141 returns a fresh copy of the built-in 141-bus feeder: 12.47 kV,
// radial, 84 loads of together 11.94 MW and 7.40 Mvar, slack at bus 1.
func Case141() *Network {
	dir, err := fs.Sub(case141, "case141")
	if err != nil {
		panic(err)
	}
	n, err := readFolder(dir)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return n
}
