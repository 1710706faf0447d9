package experiment

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// element is a piece of a page.
type element struct {
	name     string
	attrs    map[string]string
	children []*element
	text     string // of this element alone
}

// parsePage reads a page, which must be well-formed XML.
func parsePage(t *testing.T, path string) *element {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	root := &element{}
	stack := []*element{root}
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(token)
		}
	}
	return root
}

func (e *element) walk(visit func(*element) bool) {
	for _, c := range e.children {
		if visit(c) {
			c.walk(visit)
		}
	}
}

func (e *element) find(name string) []*element {
	var all []*element
	e.walk(func(c *element) bool {
		if c.name == name {
			all = append(all, c)
		}
		return true
	})
	return all
}

// words is all the text of an element.
func (e *element) words() string {
	text := e.text
	for _, c := range e.children {
		text += " " + c.words()
	}
	return strings.Join(strings.Fields(text), " ")
}

// outline says what a page consists of: headings, tables with their heads and
// the names of their rows, figures with their legends. Numbers are left out,
// and so is what depends on them.
func outline(page *element) string {
	var b strings.Builder
	number := regexp.MustCompile(`-?\d+(\.\d+)?`)
	put := func(form string, e *element) { fmt.Fprintf(&b, form+"\n", number.ReplaceAllString(e.words(), "#")) }
	page.walk(func(e *element) bool {
		switch e.name {
		case "h1", "h2":
			put("\n"+e.name+" %s", e)
		case "details":
			put("details: %s", e.find("summary")[0])
			return false
		case "thead":
			for _, th := range e.find("th") {
				put("column: %s", th)
			}
		case "tbody":
			for _, tr := range e.find("tr") {
				put("row: %s", tr.children[0])
			}
		case "figcaption":
			put("figure: %s", e)
		case "div":
			if e.attrs["class"] == "keys" {
				for _, span := range e.find("span") {
					if !strings.Contains(span.words(), "limit,") && !strings.Contains(span.words(), "none") {
						put("  key: %s", span)
					}
				}
			}
		}
		return true
	})
	return strings.TrimSpace(b.String()) + "\n"
}

func comparisonPage(t *testing.T, sides ...Side) (csvPath, htmlPath string, c *Comparison) {
	t.Helper()
	c, err := Compare(sides)
	if err != nil {
		t.Fatal(err)
	}
	if csvPath, htmlPath, err = c.Write(t.Context(), filepath.Join(t.TempDir(), "made"), idle()); err != nil {
		t.Fatal(err)
	}
	return csvPath, htmlPath, c
}

func TestPagesHaveTheirParts(t *testing.T) {
	one, two := must(t, twoSeeds), must(t, faster)
	golden(t, "testdata/report.outline", []byte(outline(parsePage(t, one.page))))
	_, page, _ := comparisonPage(t, Side{"two", one.run, one.rows}, Side{"faster", two.run, two.rows})
	golden(t, "testdata/comparison.outline", []byte(outline(parsePage(t, page))))
}

// TestPagesStandAlone: a page needs nothing but itself, and every figure can be
// read aloud.
func TestPagesStandAlone(t *testing.T) {
	one, two, three := must(t, twoSeeds), must(t, faster), must(t, sunny)
	_, same, _ := comparisonPage(t, Side{"two", one.run, one.rows}, Side{"faster", two.run, two.rows})
	_, worlds, _ := comparisonPage(t, Side{"two", one.run, one.rows}, Side{"sunny", three.run, three.rows})
	for _, path := range []string{one.page, three.page, same, worlds} {
		page := parsePage(t, path)
		page.walk(func(e *element) bool {
			if slices.Contains([]string{"script", "link", "img", "iframe", "object", "image", "a", "use"}, e.name) {
				t.Errorf("%s: <%s>", path, e.name)
			}
			for name, value := range e.attrs {
				if name == "src" || name == "href" || strings.Contains(value, "url(") {
					t.Errorf("%s: <%s %s=%q>", path, e.name, name, value)
				}
			}
			if e.name == "style" && regexp.MustCompile(`url\(|@import`).MatchString(e.text) {
				t.Errorf("%s: the style sheet loads something", path)
			}
			return true
		})
		if bad := regexp.MustCompile(`NaN|Inf\b|%!|<no value>|ZgotmplZ`).FindString(page.words()); bad != "" {
			t.Errorf("%s: there is %q in it", path, bad)
		}
		figures := page.find("figure")
		if len(figures) < 5 {
			t.Errorf("%s: %d figures", path, len(figures))
		}
		for _, f := range figures {
			drawing := f.find("svg")[0]
			if drawing.attrs["role"] != "img" || drawing.attrs["aria-label"] == "" || drawing.attrs["viewBox"] == "" {
				t.Errorf("%s: figure %q has the attributes %v", path, f.words(), drawing.attrs)
			}
			for _, p := range drawing.find("path") {
				if strings.Contains(p.attrs["d"], "NaN") || strings.Contains(p.attrs["d"], "Inf") {
					t.Errorf("%s: figure %q is drawn with %q", path, drawing.attrs["aria-label"], p.attrs["d"])
				}
			}
		}
	}
}

// TestReportAgreesWithTheRows recomputes the report's table from the CSV file
// beside it.
func TestReportAgreesWithTheRows(t *testing.T) {
	p := must(t, twoSeeds)
	f, err := os.Open(filepath.Join(p.run.Dir, evaluationFile))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	sums := map[string]map[string]float64{}
	for _, line := range lines[1:] {
		s := sums[line[0]]
		if s == nil {
			s = map[string]float64{}
			sums[line[0]] = s
		}
		s["rows"]++
		for _, key := range []string{"cost", "bus_steps", "outside_bus_steps", "reward"} {
			x, err := strconv.ParseFloat(line[column[key]], 64)
			if err != nil {
				t.Fatal(err)
			}
			s[key] += x
		}
	}
	table := parsePage(t, p.page).find("table")[0]
	var heads []string
	for _, th := range table.find("th") {
		heads = append(heads, th.words())
	}
	idle := sums["none-p2p"]["cost"] / sums["none-p2p"]["rows"]
	seen := 0
	for _, tr := range table.find("tbody")[0].find("tr") {
		cells := map[string]string{}
		for i, td := range tr.find("td") {
			cells[heads[i]] = td.words()
		}
		s := sums[cells["policy"]]
		cost := s["cost"] / s["rows"]
		for head, want := range map[string]float64{
			"cost, CNY/day": cost, "below none-p2p, %": 100 * (idle - cost) / idle,
			"bus-steps outside, %": 100 * s["outside_bus_steps"] / s["bus_steps"], "reward/day": s["reward"] / s["rows"],
		} {
			got, err := strconv.ParseFloat(cells[head], 64)
			if err != nil {
				t.Fatalf("%s of %s: %v", head, cells["policy"], err)
			}
			decimals := 0
			if _, after, ok := strings.Cut(cells[head], "."); ok {
				decimals = len(after)
			}
			if math.Abs(got-want) > 0.5001*math.Pow10(-decimals) {
				t.Errorf("%s of %s is %s, the rows say %v", head, cells["policy"], cells[head], want)
			}
		}
		seen++
	}
	if seen != 4 {
		t.Errorf("%d rows in the table", seen)
	}
}

func TestComparisonsOfDifferentWorldsSaySo(t *testing.T) {
	one, three := must(t, twoSeeds), must(t, sunny)
	csvPath, page, c := comparisonPage(t, Side{"a", one.run, one.rows}, Side{"b", three.run, three.rows})
	if c.SameWorld() {
		t.Error("two communities passed for one world")
	}
	words := parsePage(t, page).words()
	for _, want := range []string{"These runs play in different worlds", "community.preset voltage-stress solar-stress", "market.tariff cny-tou eur-belgium"} {
		if !strings.Contains(words, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	text, err := os.ReadFile(csvPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\na,none-p2p,0,84,CNY,", "\nb,none-p2p,0,84,EUR,", "\na,maddpg,2,84,CNY,", "\nb,maddpg,1,84,EUR,"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q", csvPath, want)
		}
	}
}

func TestReportOfARunThatGoesOn(t *testing.T) {
	spec := must(t, func() (Spec, error) { return ReadSpec("", append(tiny, "seeds=[1, 2]")...) })
	run := must(t, func() (*Run, error) { return New(filepath.Join(t.TempDir(), "half"), spec) })
	if err := run.Create(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := run.Contenders(); err == nil || !strings.Contains(err.Error(), "has trained nothing yet") {
		t.Errorf("a run that has not begun: %v", err)
	}
	if err := run.Train(t.Context(), run.Cells(1, 2)); err != nil {
		t.Fatal(err)
	}
	// The last line of a log is cut where its writer was killed.
	log := filepath.Join(run.CellDir(1), "metrics.jsonl")
	text := must(t, func() ([]byte, error) { return os.ReadFile(log) })
	if err := os.WriteFile(log, append(text, `{"episode": 99, "ev`...), 0o644); err != nil {
		t.Fatal(err)
	}
	rows := must(t, func() ([]Row, error) { return run.Evaluate(t.Context(), idle(), nil) })
	page := must(t, func() (string, error) { return run.Report(t.Context(), rows, idle()) })
	if words := parsePage(t, page).words(); !strings.Contains(words, "This run is not finished: seed 2 has trained 0 of 6 days.") {
		t.Error("the report does not say how far the run is")
	}
}
