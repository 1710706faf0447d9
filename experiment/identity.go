package experiment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/grid"
	"github.com/peerwatt/peerwatt/market"
)

// Identity names everything but algorithm and seeds that a training on this
// world depends on: the identity of the world, a dot, and the SHA-256 of the
// rest. Trainings with equal identities differ by algorithm and seed only.
func (s *Spec) Identity(w *env.World) (string, error) {
	world, err := WorldIdentity(w)
	if err != nil {
		return "", err
	}
	advice := ExpertSpec{} // of nobody, where nobody listens
	if s.Algorithm.Imitates() {
		advice = s.Expert
		if advice.Program != "" {
			if advice.Program, err = expert.StoredDigest(advice.Program); err != nil {
				return "", fmt.Errorf("expert.program: %w", err)
			}
		}
	}
	rest, err := digest(struct {
		Environment EnvironmentSpec
		Expert      ExpertSpec
	}{s.Environment, advice})
	return world + "." + rest, err
}

// WorldIdentity is the SHA-256 of everything that decides what a day of a world
// costs, in hex: policies are comparable where it is equal. Files count by what
// they hold, not by where they lie.
func WorldIdentity(w *env.World) (string, error) {
	scenario, config := *w.Scenario, w.Market.Config()
	scenario.Prosumers = append([]community.Prosumer(nil), scenario.Prosumers...)
	var files []string
	contents := func(path *string) error {
		if *path == "" {
			return nil
		}
		text, err := os.ReadFile(*path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		files = append(files, hex.EncodeToString(sum[:]))
		*path = fmt.Sprintf("file %d", len(files))
		return nil
	}
	for i := range scenario.Prosumers {
		if err := contents(&scenario.Prosumers[i].SeriesCSV); err != nil {
			return "", err
		}
	}
	if err := contents(&config.PricesCSV); err != nil {
		return "", err
	}
	return digest(struct {
		Scenario *community.Scenario
		Network  *grid.Network
		Market   market.Config
		Year     string
		Files    []string
	}{&scenario, w.Network, config, w.Year.Checksum(), files})
}

func digest(of any) (string, error) {
	text, err := json.Marshal(of)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
