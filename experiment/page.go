package experiment

import (
	"bytes"
	"embed"
	"html/template"

	"github.com/google/renameio/v2"
)

//go:embed templates
var templates embed.FS

// writePage fills one of the templates and replaces the file at path.
func writePage(path, name string, data any) error {
	page, err := template.ParseFS(templates, "templates/page.html.tmpl", "templates/"+name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	return renameio.WriteFile(path, b.Bytes(), 0o644)
}
