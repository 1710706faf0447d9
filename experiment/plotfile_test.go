package experiment

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFiguresAsFiles: every panel's words stand in the file, whatever its format
// the panels lie beside and below each other, and equal figures are equal bytes.
func TestFiguresAsFiles(t *testing.T) {
	dir := t.TempDir()
	panels := func() (all []*figure) {
		for _, title := range []string{"Reward", "Cost", "Violations"} {
			f := newFigure(title, "CNY a day", "days of training")
			f.line("learned", []float64{0, 1, 2}, []float64{3, 2, 1}, blue)
			f.band([]float64{0, 1, 2}, []float64{2, 1, 0}, []float64{4, 3, 2}, blue)
			f.horizontal("perfect", 0.5, grey)
			f.note = strings.Repeat("a note that goes over more than one line ", 4)
			all = append(all, f)
		}
		return all
	}
	read := func(name string, columns int) []byte {
		path := filepath.Join(dir, name)
		if err := writeFigures(path, columns, panels()...); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	svg := read("a.svg", 3)
	words := ""
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			words += string(text) + " "
		}
	}
	for _, want := range []string{"Reward", "Cost", "Violations", "CNY a day", "days of training", "learned", "perfect", "a note that goes"} {
		if !strings.Contains(words, want) {
			t.Errorf("the SVG lacks %q", want)
		}
	}
	if !bytes.Equal(svg, read("b.svg", 3)) {
		t.Error("equal figures are other bytes")
	}
	wide, err := png.DecodeConfig(bytes.NewReader(read("wide.png", 3)))
	if err != nil {
		t.Fatal(err)
	}
	tall, err := png.DecodeConfig(bytes.NewReader(read("tall.png", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if wide.Width < 2*tall.Width || tall.Height < 2*wide.Height {
		t.Errorf("three beside each other are %d x %d, one below the other %d x %d", wide.Width, wide.Height, tall.Width, tall.Height)
	}
	if err := writeFigures(filepath.Join(dir, "a.pdf"), 1, panels()...); err == nil || !strings.Contains(err.Error(), "want a name that ends in .svg or .png") {
		t.Errorf("a PDF: %v", err)
	}
}
