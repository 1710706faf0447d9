package experiment

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/google/renameio/v2"

	"github.com/peerwatt/peerwatt/expert/llm"
)

// paperScore is a row of the paper's Table III: 50 trials of a model as it was
// in 2025, with ratings and wishes that are not published.
type paperScore struct {
	Model       string  `json:"model"`
	Reasoning   bool    `json:"reasoning"`
	PassPercent float64 `json:"passed_percent"`
	Accuracy    float64 `json:"accuracy_percent"`
	Corrections float64 `json:"corrections"`
	Tokens      float64 `json:"completion_tokens"`
}

// PaperTable3 is Table III of the paper.
var PaperTable3 = []paperScore{
	{"Chatgpt-4o", false, 88, 92.76, 1.38, 4727},
	{"Claude-3.5-Sonnet", false, 94, 99.41, 0.95, 5929},
	{"Gemini-2.5-Flash", false, 92, 98.65, 1.24, 18856},
	{"DeepSeek-V3", false, 96, 96.45, 0.43, 4039},
	{"Qwen-2.5-Max", false, 90, 99.62, 1.54, 5302},
	{"Chatgpt-o3", true, 100, 98.52, 0.28, 17195},
	{"Claude-4-Opus", true, 100, 99.93, 0.20, 9454},
	{"Gemini-2.5-pro", true, 100, 99.86, 0.48, 7558},
	{"DeepSeek-R1", true, 100, 98.31, 0.54, 16687},
	{"Qwen-3", true, 100, 99.84, 0.33, 8157},
}

// Table3Note says what can be compared.
const Table3Note = `Paper: Table III, 50 trials each, on requests and ratings that are not published, so that ranks compare and levels do not; it counts no wrong
programs that run ("right"). Ours: each row says who answered; a row of a language model was answered by that model, over its provider's interface
or from the recordings of it.`

// Table3 sets our rows beside the paper's.
func Table3(results []*BenchResult) Table {
	t := BenchTable(results)
	t.Head = append(t.Head, "from")
	for i, r := range results {
		t.Rows[i].Cells = append(t.Rows[i].Cells, r.Source())
	}
	column := map[string]int{}
	for c, head := range t.Head {
		column[head] = c
	}
	for _, p := range PaperTable3 {
		cells := make([]string, len(t.Head))
		set := func(head, value string) {
			if c, there := column[head]; there {
				cells[c] = value
			}
		}
		name := p.Model
		if p.Reasoning {
			name += ", reasoning on"
		}
		set("model", name)
		set("trials", "50")
		set("passed, %", fmt.Sprintf("%.0f", p.PassPercent))
		set("accuracy, %", fmt.Sprintf("%.2f", p.Accuracy))
		set("corrections", fmt.Sprintf("%.2f", p.Corrections))
		set("tokens", fmt.Sprintf("%.0f", p.Tokens))
		set("from", "paper")
		t.Rows = append(t.Rows, TableRow{Cells: cells})
	}
	return t
}

// Source says who answered: a language model and where it was asked, or nobody.
func (r *BenchResult) Source() string {
	s := r.Spec.Settings
	if s == nil {
		return "no language model"
	}
	return "asked here: " + s.Provider + ", " + s.Model
}

// ModelFolder is where benchmarks of a model are kept under a folder.
func ModelFolder(dir string, s llm.Settings) string {
	name := s.Provider + "-" + s.Model
	if s.Reasoning != "" {
		name += "-reasoning-" + string(s.Reasoning)
	}
	return filepath.Join(dir, unsafeInNames.ReplaceAllString(name, "-"))
}

var unsafeInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// WriteTable3 keeps the table as Markdown and JSON.
func WriteTable3(dir string, results []*BenchResult) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(map[string]any{"ours": results, "paper": PaperTable3}, "", " ")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(dir, "table3.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	t := Table3(results)
	var b strings.Builder
	row := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	row(t.Head)
	fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(t.Head)))
	for _, r := range t.Rows {
		row(r.Cells)
	}
	fmt.Fprintf(&b, "\n%s\n\n%s\n", BenchNote, Table3Note)
	return renameio.WriteFile(filepath.Join(dir, "table3.md"), []byte(b.String()), 0o644)
}
