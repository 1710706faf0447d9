package community

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

//go:embed presets/*.yaml
var presetFiles embed.FS

// Presets lists the names of the scenarios that are part of the program, the
// default first. The paper's ratings are not published; these are ours.
func Presets() []string { return []string{"voltage-stress", "solar-stress", "paper-scale"} }

// Preset returns a fresh copy of a scenario that is part of the program:
//
//   - "voltage-stress", the default: hundreds of kW per prosumer; doing nothing
//     lets winter evenings sag below the lower limit.
//   - "solar-stress": more sun and deeper valleys; doing nothing breaks both
//     limits.
//   - "paper-scale": tens of kW per prosumer, so that a day costs what the
//     paper's does; prosumers of that size hardly move the voltage.
func Preset(name string) (*Scenario, error) {
	text, err := presetText(name)
	if err != nil {
		return nil, fmt.Errorf("community: %w", err)
	}
	s, err := Parse(name+".yaml", text)
	if err != nil {
		return nil, err
	}
	s.origin = nil // what a caller changes stands in no file
	return s, nil
}

func presetText(name string) ([]byte, error) {
	text, err := presetFiles.ReadFile(path.Join("presets", name+".yaml"))
	if err != nil {
		return nil, fmt.Errorf("there is no %q (want %s)", name, strings.Join(Presets(), ", "))
	}
	return text, nil
}
