package expert

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/google/renameio/v2"
)

// position is where a run stands: the node to run next and how many were run.
type position struct {
	Next string `json:"next"`
	Step int    `json:"step"`
}

// checkpoint is what the file of a run holds.
type checkpoint struct {
	Graph string `json:"graph"`
	position
	State json.RawMessage `json:"state"`
}

func encode[S any](state *S) ([]byte, error) {
	text, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	return text, nil
}

// decode replaces the state by a kept one, down to its last map.
func decode[S any](text []byte, state *S) error {
	var fresh S
	if err := json.Unmarshal(text, &fresh); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	*state = fresh
	return nil
}

func (g *Graph[S]) save(path string, at position, state *S) error {
	if path == "" {
		return nil
	}
	text, err := encode(state)
	if err != nil {
		return err
	}
	if text, err = json.Marshal(checkpoint{g.name, at, text}); err != nil {
		return err
	}
	if err := renameio.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// load reads a checkpoint, if there is one.
func (g *Graph[S]) load(path string, at *position, state *S) (bool, error) {
	if path == "" {
		return false, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("checkpoint: %w", err)
	}
	var c checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		return false, fmt.Errorf("checkpoint %s is damaged: %w; remove it to start over", path, err)
	}
	if c.Graph != g.name || c.Next == "" || c.Step < 0 {
		return false, fmt.Errorf("checkpoint %s is of the workflow %q, not %q; remove it to start over", path, c.Graph, g.name)
	}
	if err := decode(c.State, state); err != nil {
		return false, fmt.Errorf("checkpoint %s: %w; remove it to start over", path, err)
	}
	*at = c.position
	return true, nil
}
