package marl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"
)

// events writes metrics.jsonl, one JSON object per event with the keys of
// Metrics, and beside it timing.jsonl, which alone holds clock readings.
type events struct {
	metrics, timing *os.File
	offset          int64 // bytes of metrics.jsonl that are complete
	since           time.Time
}

// openEvents opens both files in dir and cuts metrics.jsonl to its first offset
// bytes: what a killed run wrote after its checkpoint is written again.
func openEvents(dir string, offset int64, now time.Time) (*events, error) {
	path := filepath.Join(dir, "metrics.jsonl")
	metrics, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if info, err := metrics.Stat(); err == nil && info.Size() < offset {
		return nil, errors.Join(fmt.Errorf("%s: holds %d bytes, the checkpoint knows of %d", path, info.Size(), offset), metrics.Close())
	}
	if err := metrics.Truncate(offset); err != nil {
		return nil, errors.Join(err, metrics.Close())
	}
	if _, err := metrics.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(err, metrics.Close())
	}
	timing, err := os.OpenFile(filepath.Join(dir, "timing.jsonl"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, errors.Join(err, metrics.Close())
	}
	return &events{metrics: metrics, timing: timing, offset: offset, since: now}, nil
}

// write appends an event. Keys come out sorted, so equal events are equal bytes.
func (e *events) write(event map[string]any) error {
	for key, v := range event {
		if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
			return fmt.Errorf("%s became %v: training has diverged; a smaller algorithm.learning_rate may help", key, x)
		}
	}
	line, err := json.Marshal(event)
	if err != nil {
		return err
	}
	n, err := e.metrics.Write(append(line, '\n'))
	e.offset += int64(n)
	return err
}

// clock appends how long the work up to now has taken.
func (e *events) clock(episode, updates int, now time.Time) error {
	line, err := json.Marshal(map[string]any{
		"episode": episode, "updates": updates, "seconds": now.Sub(e.since).Seconds(), "time": now.UTC().Format(time.RFC3339),
	})
	if err != nil {
		return err
	}
	e.since = now
	_, err = e.timing.Write(append(line, '\n'))
	return err
}

func (e *events) close() {
	// Nothing is lost: the checkpoint syncs what it counts on.
	_ = e.metrics.Close()
	_ = e.timing.Close()
}
