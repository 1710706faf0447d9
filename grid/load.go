package grid

import "os"

// Load reads a network: "case141" the built-in feeder, otherwise a folder with
// network.csv, bus.csv and branch.csv.
func Load(path string) (*Network, error) {
	if path == "case141" {
		return Case141(), nil
	}
	return readFolder(os.DirFS(path))
}
