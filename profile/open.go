package profile

import (
	"fmt"
	"os"
	"strconv"
)

// Open returns the year that a specification names: "", "2015" or "belgium-2015" is the built-in
// one, another year of four digits is generated from the seed, anything else is a file or folder
// to import. The built-in year and imported ones do not depend on the seed.
func Open(source string, seed uint64) (*Year, error) {
	switch source {
	case "", "2015", "belgium-2015":
		return BuiltIn()
	}
	if year, err := strconv.Atoi(source); err == nil {
		if len(source) != 4 || year < 1900 {
			return nil, fmt.Errorf("year %q, want 1900 to 9999", source)
		}
		return Generate(year, seed), nil
	}
	if _, err := os.Stat(source); err != nil {
		return nil, fmt.Errorf("%w (want 2015 for the built-in year, another year to generate it, or a folder of Elia's files)", err)
	}
	year, _, err := Import(source)
	return year, err
}
