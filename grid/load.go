package grid

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxCaseBytes bounds what Load reads of a MATPOWER file.
const maxCaseBytes = 64 << 20

// Load reads a network: "case141" is the built-in feeder, a name that ends in .m a
// MATPOWER case of version 2, and anything else a folder with network.csv, bus.csv
// and branch.csv (see readFolder). Errors name the file and what is wrong in it.
func Load(path string) (*Network, error) {
	if path == "case141" {
		return Case141(), nil
	}
	n, err := load(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if n.Name == "" {
		n.Name = strings.TrimSuffix(filepath.Base(path), ".m")
	}
	return n, nil
}

func load(path string) (*Network, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("no such file or folder: want case141, a MATPOWER .m file, or a folder with network.csv, bus.csv and branch.csv")
	case err != nil:
		return nil, bare(err)
	case info.IsDir():
		return readFolder(os.DirFS(path))
	case !strings.HasSuffix(path, ".m"):
		return nil, errors.New("neither a MATPOWER .m file nor a folder with network.csv, bus.csv and branch.csv")
	case info.Size() > maxCaseBytes:
		return nil, fmt.Errorf("%d bytes are more than a case file has: want at most %d", info.Size(), maxCaseBytes)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, bare(err)
	}
	return parseMATPOWER(string(text))
}

// bare is an error without the path that the caller puts before it.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
