package marl

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"bytes"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/env"
	"github.com/peerwatt/peerwatt/marl/replay"
)

// Names of a checkpoint's files, in the training's directory. The state is one
// file, replaced atomically; the replay log only grows.
const (
	checkpointFile = CheckpointDir + "/state.bin"
	replayFile     = CheckpointDir + "/replay.log"
)

// CheckpointDir is the folder of a checkpoint in a training's directory. Nobody
// needs it once the training is finished.
const CheckpointDir = "checkpoint"

const checkpointFormat = "peerwatt checkpoint 1"

// checkpointHeader is the first line of a checkpoint, as JSON: everything but
// the numbers of networks, normaliser and priorities.
type checkpointHeader struct {
	Format       string `json:"format"`
	Identity     string `json:"identity"`
	Seed         uint64 `json:"seed"`
	Config       Config `json:"config"`
	Episodes     int    `json:"episodes"`
	Updates      int    `json:"updates"`
	Best         record `json:"best"`
	Last         record `json:"last"`
	Means        means  `json:"means"`
	MetricsBytes int64  `json:"metrics_bytes"`
}

// checkpoint saves the trainer between two rounds. Everything that it counts
// on is on disk before it replaces the one before.
func (r *trainer) checkpoint() error {
	if err := r.log.Sync(); err != nil {
		return err
	}
	if err := r.events.metrics.Sync(); err != nil {
		return err
	}
	b, err := json.Marshal(checkpointHeader{
		Format: checkpointFormat, Identity: r.Identity, Seed: r.Seed, Config: r.Config,
		Episodes: r.episodes, Updates: r.updates, Best: r.best, Last: r.last, Means: r.means, MetricsBytes: r.events.offset,
	})
	if err != nil {
		return err
	}
	b = append(b, '\n')
	if b, err = appendSection(b, r.norm); err != nil {
		return err
	}
	if b, err = appendSection(b, r.updateRNG); err != nil {
		return err
	}
	if b, err = r.learner.AppendState(b); err != nil {
		return err
	}
	var priorities bytes.Buffer
	if err := r.buffer.Save(&priorities); err != nil {
		return err
	}
	b = append(b, priorities.Bytes()...)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	if err := renameio.WriteFile(filepath.Join(r.Dir, checkpointFile), b, 0o644); err != nil {
		return err
	}
	return r.events.clock(r.episodes, r.updates, r.now())
}

// resume continues from the checkpoint in Dir, or opens fresh files.
func (r *trainer) resume() error {
	if err := os.MkdirAll(filepath.Join(r.Dir, filepath.Dir(checkpointFile)), 0o755); err != nil {
		return err
	}
	path := filepath.Join(r.Dir, checkpointFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r.openFiles(0)
	}
	if err != nil {
		return err
	}
	if err := r.restore(b); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (r *trainer) openFiles(metricsBytes int64) (err error) {
	stored := r.episodes
	if r.rounds != nil {
		stored = 0
	}
	if r.log, err = replay.OpenLog(filepath.Join(r.Dir, replayFile), r.shape, env.StepsPerDay, stored); err != nil {
		return err
	}
	r.events, err = openEvents(r.Dir, metricsBytes, r.now())
	return err
}

var errDamaged = errors.New("it is damaged or cut short (its checksum does not fit); remove it to train this seed from the start")

func (r *trainer) restore(b []byte) error {
	if len(b) < 4 {
		return errDamaged
	}
	sum := binary.LittleEndian.Uint32(b[len(b)-4:])
	if b = b[:len(b)-4]; crc32.ChecksumIEEE(b) != sum {
		return errDamaged
	}
	line, b, _ := bytes.Cut(b, []byte("\n"))
	var h checkpointHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return err
	}
	if h.Format != checkpointFormat {
		return fmt.Errorf("its format is %q, this program writes %q", h.Format, checkpointFormat)
	}
	if err := r.sameTraining(&h); err != nil {
		return err
	}
	r.episodes, r.updates, r.best, r.last, r.means = h.Episodes, h.Updates, h.Best, h.Last, h.Means
	var err error
	if b, err = readSection(b, r.norm); err != nil {
		return err
	}
	if b, err = readSection(b, r.updateRNG); err != nil {
		return err
	}
	if b, err = r.learner.ReadState(b); err != nil {
		return err
	}
	if err := r.openFiles(h.MetricsBytes); err != nil {
		return err
	}
	if err := r.log.Replay(r.buffer.Add); err != nil {
		return err
	}
	return r.buffer.Restore(bytes.NewReader(b))
}

// sameTraining refuses to go on with anything but what was begun.
func (r *trainer) sameTraining(h *checkpointHeader) error {
	ours, err := json.Marshal(r.Config)
	if err != nil {
		return err
	}
	theirs, err := json.Marshal(h.Config)
	if err != nil {
		return err
	}
	switch {
	case h.Seed != r.Seed:
		return fmt.Errorf("it is of seed %d, not %d", h.Seed, r.Seed)
	case h.Identity != r.Identity:
		return errors.New("it is of another community, data, market or expert; go on with the specification it was begun with, or choose another directory")
	case !bytes.Equal(ours, theirs):
		return fmt.Errorf("it is of another algorithm section (%s); go on with the specification it was begun with, or choose another directory", theirs)
	}
	return nil
}
