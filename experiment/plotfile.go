package experiment

import (
	"bytes"
	"fmt"
	"image/color"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Sizes of a panel in a file, in points. Text is that of the figures.
const (
	panelWidth  = 330
	panelHeight = 210 // of the plot alone
	panelGap    = 14
	lineHeight  = 13
	plotDPI     = 180 // of PNG
)

// CheckPlotPath says whether a figure can be written under this name: its ending
// chooses the format.
func CheckPlotPath(path string) error {
	if ext := filepath.Ext(path); ext != ".svg" && ext != ".png" {
		return fmt.Errorf("%s: want a name that ends in .svg or .png", path)
	}
	return nil
}

// writeFigures draws panels, row by row in so many columns, into one SVG or PNG
// file. What stands around a figure in a page (title, unit, legend, note) stands
// around its panel here.
func writeFigures(path string, columns int, panels ...*figure) error {
	if err := CheckPlotPath(path); err != nil {
		return err
	}
	var rows [][]*figure
	for row := range slices.Chunk(panels, max(1, columns)) {
		rows = append(rows, row)
	}
	width, height := vg.Length(min(columns, len(panels)))*(panelWidth+panelGap)+panelGap, vg.Length(panelGap)
	heights := make([]vg.Length, len(rows))
	for r, row := range rows {
		for _, f := range row {
			heights[r] = max(heights[r], f.panelHeight())
		}
		height += heights[r] + panelGap
	}

	var b bytes.Buffer
	if filepath.Ext(path) == ".svg" {
		canvas := vgsvg.New(width, height)
		drawPanels(draw.New(canvas), rows, heights)
		if _, err := canvas.WriteTo(&b); err != nil {
			return err
		}
	} else {
		canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(plotDPI))
		drawPanels(draw.New(canvas), rows, heights)
		if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&b); err != nil {
			return err
		}
	}
	return renameio.WriteFile(path, b.Bytes(), 0o644)
}

func drawPanels(c draw.Canvas, rows [][]*figure, heights []vg.Length) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	top := c.Max.Y - panelGap
	for r, row := range rows {
		for k, f := range row {
			left := c.Min.X + panelGap + vg.Length(k)*(panelWidth+panelGap)
			f.drawPanel(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: left, Y: top - heights[r]}, Max: vg.Point{X: left + panelWidth, Y: top},
			}})
		}
		top -= heights[r] + panelGap
	}
}

// panelHeight is what a figure takes with all that stands around it.
func (f *figure) panelHeight() vg.Length {
	lines := 1 + len(f.legendLines()) + len(f.noteLines())
	return panelHeight + vg.Length(lines)*lineHeight + 6
}

// drawPanel draws title, plot, legend and note from the top of the canvas down.
func (f *figure) drawPanel(c draw.Canvas) {
	style := f.X.Tick.Label
	style.XAlign, style.YAlign = draw.XLeft, draw.YTop
	title := f.title
	if f.unit != "" {
		title += ", " + f.unit
	}
	y := c.Max.Y
	c.FillText(style, vg.Point{X: c.Min.X, Y: y}, title)
	y -= lineHeight + 3
	f.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: y - panelHeight}, Max: vg.Point{X: c.Max.X, Y: y}}})
	y -= panelHeight + 3
	for _, line := range f.legendLines() {
		x := c.Min.X
		for _, k := range line {
			mark := vg.Point{X: x + markWidth/2, Y: y - 5}
			if k.Dot {
				c.DrawGlyph(draw.GlyphStyle{Color: k.colour, Radius: 3, Shape: draw.CircleGlyph{}}, mark)
			} else {
				stroke := draw.LineStyle{Color: k.colour, Width: 1.8}
				if k.Dashes != "" {
					stroke.Dashes = dashed
				}
				c.StrokeLine2(stroke, x, mark.Y, x+markWidth, mark.Y)
			}
			c.FillText(style, vg.Point{X: x + markWidth + 4, Y: y}, k.Label)
			x += f.keyWidth(k)
		}
		y -= lineHeight
	}
	for _, line := range f.noteLines() {
		c.FillText(style, vg.Point{X: c.Min.X, Y: y}, line)
		y -= lineHeight
	}
}

const markWidth = 16 // of the mark before a legend's text

func (f *figure) keyWidth(k legendKey) vg.Length {
	return markWidth + 4 + f.X.Tick.Label.Width(k.Label) + 10
}

// legendLines breaks the legend into lines of a panel's width.
func (f *figure) legendLines() (lines [][]legendKey) {
	used := vg.Length(0)
	for _, k := range f.keys {
		width := f.keyWidth(k)
		if len(lines) == 0 || used+width > panelWidth {
			lines, used = append(lines, nil), 0
		}
		lines[len(lines)-1], used = append(lines[len(lines)-1], k), used+width
	}
	return lines
}

func (f *figure) noteLines() (lines []string) {
	for _, word := range strings.Fields(f.note) {
		if k := len(lines) - 1; k >= 0 && f.X.Tick.Label.Width(lines[k]+" "+word) <= panelWidth {
			lines[k] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
