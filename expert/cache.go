package expert

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/community"
	"github.com/peerwatt/peerwatt/env"
)

// planVersion is part of every key: it rises with every change of the models, the
// operator or the files that makes other plans of the same day.
const planVersion = 2

// DefaultCacheDir is where plans are kept unless told otherwise:
// peerwatt/plans in the user's cache directory.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("expert: there is no place for the cache of plans, name one: %w", err)
	}
	return filepath.Join(dir, "peerwatt", "plans"), nil
}

// planCache keeps tracks on disk, one file for a day and an initial state. The
// name is a digest of everything that the plan depends on, so a file is never out
// of date; files are complete or not there, so any number of processes may share
// the folder.
type planCache struct {
	dir     string
	world   *env.World
	options TeacherOptions
	common  []byte // digest of what all days share
}

func newPlanCache(w *env.World, o TeacherOptions) (*planCache, error) {
	dir := o.CacheDir
	if dir == "" {
		var err error
		if dir, err = DefaultCacheDir(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("expert: the cache of plans: %w", err)
	}
	h := sha256.New()
	err := json.NewEncoder(h).Encode(struct {
		Version     int
		Prosumers   []community.Prosumer
		Feeder      community.Feeder
		TieBreak    float64
		Network     any
		FeePerKWh   float64
		MarginPU    float64
		Forecasts   bool
		StepsPerDay int
		Programs    string `json:",omitempty"`
	}{planVersion, w.Scenario.Prosumers, w.Scenario.Feeder, w.Scenario.ReactivePricePerKvar2h, w.Network,
		w.Market.Config().FeePerKWh, o.MarginPU, o.Forecasts, env.StepsPerDay, o.Programs.Digest()})
	return &planCache{dir: dir, world: w, options: o, common: h.Sum(nil)}, err
}

// key digests what a day's plan depends on: what is common to all days, what the
// day brings or is expected to bring, its prices and the initial state.
func (c *planCache) key(l lesson) string {
	h := sha256.New()
	h.Write(c.common)
	days := []*community.Day{c.world.Calendar.Day(l.day)}
	if c.options.Forecasts {
		days = append(days, c.world.Calendar.Forecast(l.day))
	}
	for _, d := range days {
		for i := range d.LoadKW {
			writeNumbers(h, d.LoadKW[i], d.LoadKvar[i])
			writeNumbers(h, d.AvailableKW[i]...)
		}
		writeNumbers(h, d.BackgroundKW...)
		writeNumbers(h, d.BackgroundKvar...)
	}
	for step := range env.StepsPerDay {
		q := c.world.Market.Quote(l.day, step)
		writeNumbers(h, []float64{q.Buy, q.Sell})
	}
	writeNumbers(h, []float64{c.world.Market.LowestBuy(l.day), l.init.SOC})
	return hex.EncodeToString(h.Sum(nil))
}

// writeNumbers digests numbers with their count, so that none can pass for
// another's.
func writeNumbers(w io.Writer, rows ...[]float64) {
	for _, row := range rows {
		b := binary.LittleEndian.AppendUint64(make([]byte, 0, 8*len(row)+8), uint64(len(row)))
		for _, x := range row {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		_, _ = w.Write(b) // a hash does not fail
	}
}

// get returns the track of a lesson from its file, or makes it and writes the
// file. A file that is damaged is made anew.
func (c *planCache) get(l lesson, makeTrack func() (*track, error)) (*track, error) {
	path := filepath.Join(c.dir, c.key(l)+".plan")
	data, err := os.ReadFile(path)
	if err == nil {
		var tr *track
		if tr, err = decodeTrack(data, len(c.world.Agents())); err == nil {
			return tr, nil
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		c.options.Warn(fmt.Sprintf("the cached plan %s cannot be used (%v); it is computed again", path, err))
	}
	tr, err := makeTrack()
	if err != nil {
		return nil, err
	}
	if err := renameio.WriteFile(path, encodeTrack(tr), 0o644); err != nil {
		c.options.Warn(fmt.Sprintf("a plan could not be cached, the next run computes it again: %v", err))
	}
	return tr, nil
}

// A file holds this line, the counts and numbers of the track, little-endian, and
// the SHA-256 of all of it.
const trackMagic = "peerwatt plan 1\n"

const targetNumbers = 5 // of a target

func encodeTrack(tr *track) []byte {
	agents := len(tr.Targets[0])
	b := []byte(trackMagic)
	for _, n := range []int{tr.First, len(tr.Targets), agents} {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	for _, row := range tr.Targets {
		for _, g := range row {
			for _, x := range [targetNumbers]float64{g.SOC, g.CDGKW, g.RDGShare, g.RDGQShare, g.CLShare} {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
			}
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// decodeTrack reads a whole day's track of so many agents.
func decodeTrack(data []byte, agents int) (*track, error) {
	head := len(trackMagic) + 12
	if len(data) < head+sha256.Size || string(data[:len(trackMagic)]) != trackMagic {
		return nil, errors.New("it is no plan")
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(sum, want[:]) {
		return nil, errors.New("it is damaged")
	}
	var n [3]uint32
	for k := range n {
		n[k] = binary.LittleEndian.Uint32(body[len(trackMagic)+4*k:])
	}
	if n != [3]uint32{0, env.StepsPerDay, uint32(agents)} || len(body) != head+8*targetNumbers*env.StepsPerDay*agents {
		return nil, fmt.Errorf("it holds %d steps of %d prosumers from step %d", n[1], n[2], n[0])
	}
	tr := &track{Targets: make([][]target, env.StepsPerDay)}
	numbers := body[head:]
	next := func() float64 {
		x := math.Float64frombits(binary.LittleEndian.Uint64(numbers))
		numbers = numbers[8:]
		return x
	}
	for t := range tr.Targets {
		tr.Targets[t] = make([]target, agents)
		for i := range tr.Targets[t] {
			tr.Targets[t][i] = target{SOC: next(), CDGKW: next(), RDGShare: next(), RDGQShare: next(), CLShare: next()}
		}
	}
	return tr, nil
}
