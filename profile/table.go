package profile

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// table reads a header and then one row after the other.
type table struct {
	rows    rows
	form    string   // "CSV with ';' and byte order mark"
	remarks []string // lines before the header that start with #, without it
}

// next returns a row and its line; of JSON, the number of the object. After the last row
// the error is io.EOF. The row is valid until the next call.
func (t *table) next() (row []string, line int, err error) {
	row, line, err = t.rows.next()
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		malformed.StartLine += len(t.remarks)
		malformed.Line += len(t.remarks)
	}
	return row, line + len(t.remarks), err
}

type rows interface {
	next() (row []string, line int, err error)
}

// openTable looks at the first bytes: compressed or not, with byte order mark or not, JSON
// or CSV, commas or semicolons.
func openTable(r io.Reader) (*table, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if head, _ := buffered.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		unzip, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		buffered = bufio.NewReaderSize(unzip, 1<<16)
	}
	t, mark := new(table), ""
	if head, _ := buffered.Peek(3); string(head) == "\ufeff" {
		mark = " and byte order mark"
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	}
	first, err := t.skipRemarks(buffered)
	if err != nil {
		return nil, err
	}
	switch first {
	case '[':
		t.rows, t.form = &jsonRows{decoder: json.NewDecoder(buffered)}, "JSON"
	case '<', '{':
		return nil, errors.New("this is a web page or an error message, not a table")
	default:
		reader := csv.NewReader(buffered)
		reader.ReuseRecord = true
		if start, _ := buffered.Peek(4096); strings.Contains(firstLine(string(start)), ";") {
			reader.Comma = ';'
		}
		t.rows, t.form = csvRows{reader}, fmt.Sprintf("CSV with %q", reader.Comma)
	}
	t.form += mark
	return t, nil
}

// skipRemarks reads the remarks and returns the first byte after them.
func (t *table) skipRemarks(r *bufio.Reader) (byte, error) {
	for {
		head, err := r.Peek(1)
		if errors.Is(err, io.EOF) {
			return 0, errors.New("the file is empty")
		}
		if err != nil {
			return 0, err
		}
		if head[0] != '#' {
			return head[0], nil
		}
		line, err := r.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		t.remarks = append(t.remarks, strings.TrimSpace(line[1:]))
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

type csvRows struct{ *csv.Reader }

func (c csvRows) next() ([]string, int, error) {
	record, err := c.Read()
	if err != nil {
		return nil, 0, err
	}
	line, _ := c.FieldPos(0)
	return record, line, nil
}

// jsonRows reads an array of flat objects. The keys of the first are the
// header.
type jsonRows struct {
	decoder *json.Decoder
	header  []string
	first   map[string]any
	count   int
}

func (j *jsonRows) next() ([]string, int, error) {
	if j.header == nil {
		if _, err := j.decoder.Token(); err != nil { // the opening bracket
			return nil, 0, err
		}
		j.decoder.UseNumber()
		first, err := j.object()
		if err != nil {
			return nil, 0, err
		}
		j.first, j.header = first, slices.Sorted(maps.Keys(first))
		return j.header, 1, nil
	}
	object := j.first
	if j.first = nil; object == nil {
		var err error
		if object, err = j.object(); err != nil {
			return nil, 0, err
		}
	}
	j.count++
	record := make([]string, len(j.header))
	for i, key := range j.header {
		switch v := object[key].(type) {
		case nil:
		case string:
			record[i] = v
		case json.Number:
			record[i] = v.String()
		default:
			return nil, 0, fmt.Errorf("object %d: %s is neither a number nor a text", j.count, key)
		}
	}
	return record, j.count, nil
}

// object reads the next object of the array; io.EOF is its regular end.
func (j *jsonRows) object() (map[string]any, error) {
	if !j.decoder.More() {
		if _, err := j.decoder.Token(); err != nil {
			return nil, fmt.Errorf("the array ends before its bracket: %w", io.ErrUnexpectedEOF)
		}
		return nil, io.EOF
	}
	var object map[string]any
	if err := j.decoder.Decode(&object); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("object %d: %w", j.count+1, err)
	}
	return object, nil
}
