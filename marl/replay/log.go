package replay

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// Log is an append-only file of episodes of equal length. A checkpoint records
// how many it held; what a killed run wrote after that is cut off on resume.
type Log struct {
	shape Shape
	steps int
	file  *os.File
	count int
	buf   []byte
}

// record is the size of one episode in the file, its checksum included.
func (l *Log) record() int {
	s, t := l.shape, l.steps
	return 4*((t+1)*s.obs()+2*t*s.act()+t*s.Agents+t) + (t+1)*s.Agents + 2*t + 8
}

// OpenLog opens or creates the log and keeps its first count episodes, cutting
// off the rest. It fails where the file holds fewer.
func OpenLog(path string, s Shape, steps, count int) (*Log, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	l := &Log{shape: s, steps: steps, file: f, count: count}
	l.buf = make([]byte, l.record())
	want := int64(count) * int64(l.record())
	info, err := f.Stat()
	if err == nil && info.Size() < want {
		err = fmt.Errorf("%s: replay log holds %d bytes, the checkpoint needs %d", path, info.Size(), want)
	}
	if err == nil {
		err = f.Truncate(want)
	}
	if err == nil {
		_, err = f.Seek(want, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// Count returns how many episodes the log holds.
func (l *Log) Count() int { return l.count }

// Append writes an episode. It is durable only after Sync.
func (l *Log) Append(e *Episode) error {
	b := binary.LittleEndian.AppendUint32(l.buf[:0], uint32(e.Played))
	for _, f := range [][]float32{e.Obs, e.Action, e.Expert, e.Label, e.Reward} {
		b, _ = binary.Append(b, binary.LittleEndian, f)
	}
	b = append(b, e.Mask...)
	for _, f := range [][]bool{e.Done, e.Violation} {
		b, _ = binary.Append(b, binary.LittleEndian, f)
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	if len(b) != l.record() {
		panic("replay: episode does not have the log's shape")
	}
	if _, err := l.file.Write(b); err != nil {
		return err
	}
	l.count++
	return nil
}

// Sync makes everything appended survive a crash of the machine.
func (l *Log) Sync() error { return l.file.Sync() }

// Close closes the file.
func (l *Log) Close() error { return l.file.Close() }

// Replay hands every episode of the log to add, oldest first. The episode is
// valid only during the call.
func (l *Log) Replay(add func(*Episode)) error {
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(l.file, 1<<20)
	e := NewEpisode(l.shape, l.steps)
	for k := range l.count {
		b := l.buf[:l.record()]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("%s: episode %d: %w", l.file.Name(), k, err)
		}
		body := b[:len(b)-4]
		if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(b[len(body):]) {
			return fmt.Errorf("%s: episode %d is damaged (its checksum does not fit)", l.file.Name(), k)
		}
		e.Played, body = int(binary.LittleEndian.Uint32(body)), body[4:]
		for _, f := range [][]float32{e.Obs, e.Action, e.Expert, e.Label, e.Reward} {
			n, err := binary.Decode(body, binary.LittleEndian, f)
			if err != nil {
				return err
			}
			body = body[n:]
		}
		body = body[copy(e.Mask, body):]
		for _, f := range [][]bool{e.Done, e.Violation} {
			for t := range f {
				f[t] = body[t] != 0
			}
			body = body[len(f):]
		}
		add(e)
	}
	_, err := l.file.Seek(int64(l.count)*int64(l.record()), io.SeekStart)
	return err
}
