package expert

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed trace_page.html
var tracePageHTML string

var tracePage = template.Must(template.New("trace").Parse(tracePageHTML))

// tracePart is a node of a run with what happened in it.
type tracePart struct {
	Node, Title string
	Step, Try   int
	Failed      bool
	Seconds     float64
	Events      []TraceEvent
}

// WriteTracePage writes a run as a page that stands alone: what was asked, what
// was answered, what failed and why.
func WriteTracePage(w io.Writer, title string, events []TraceEvent) error {
	var parts []*tracePart
	for _, e := range events {
		if e.Kind == Entered || len(parts) == 0 {
			parts = append(parts, &tracePart{Node: e.Node, Title: e.Title, Step: e.Step + 1, Try: e.Try + 1})
		}
		p := parts[len(parts)-1]
		switch e.Kind {
		case Entered:
		case Left:
			p.Seconds = e.Seconds
		case Failed:
			p.Failed, p.Seconds = true, e.Seconds
			p.Events = append(p.Events, e)
		default:
			p.Failed = p.Failed || e.Wrong
			p.Events = append(p.Events, e)
		}
	}
	return tracePage.Execute(w, struct {
		Title string
		Parts []*tracePart
	}{title, parts})
}
