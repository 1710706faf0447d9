package experiment

import (
	"errors"
	"fmt"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/expert"
	"github.com/peerwatt/peerwatt/market"
)

// Place is where and with which words experts were asked: what recordings of
// their answers are good for.
type Place struct {
	Community CommunitySpec `json:"community"`
	Grid      string        `json:"grid"`
	Market    market.Config `json:"market"`
	World     string        `json:"world_sha256"`
	Prompts   string        `json:"prompts"` // version and digest
}

// Place describes the world that s has opened as w.
func (s *Spec) Place(w *env.World) (Place, error) {
	world, err := WorldIdentity(w)
	return Place{Community: s.Community, Grid: s.Grid, Market: s.Market, World: world, Prompts: prompts()}, err
}

func prompts() string { return expert.PromptVersion + " " + expert.PromptDigest() }

// Open opens the place again. It fails where anything there has changed.
func (p *Place) Open() (*env.World, error) {
	s := Default()
	s.Community, s.Grid, s.Market = p.Community, p.Grid, p.Market
	w, err := s.World()
	if err != nil {
		return nil, err
	}
	world, err := WorldIdentity(w)
	switch {
	case err != nil:
		return nil, err
	case world != p.World:
		return nil, errors.New("the world (community, feeder, year or tariff) has changed since")
	case p.Prompts != prompts():
		return nil, fmt.Errorf("recorded with the prompts %s, this program has %s: its recordings answer other questions", p.Prompts, prompts())
	}
	return w, nil
}
