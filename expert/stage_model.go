package expert

import (
	"context"
	"slices"
	"strings"
)

// generateModel is the model generation expert: it turns the wish into the text
// of this prosumer's model.
func (w *workflow) generateModel(ctx context.Context, s *Session, r *Reporter) error {
	answer, err := w.ask(ctx, s, r, "model", promptData{
		BasicModel: w.Knowledge.BasicModel(false), DataSheet: s.Spec.DataSheet(),
	})
	if err == nil {
		s.Model = unfenced(answer)
	}
	return err
}

// nameAtoms has the model generation expert say what of cvxpy its formulas need.
func (w *workflow) nameAtoms(ctx context.Context, s *Session, r *Reporter) error {
	answer, err := w.ask(ctx, s, r, "atoms", promptData{Model: s.Model})
	if err == nil {
		s.Atoms = atomsIn(answer)
	}
	return err
}

// retrieve looks up in the knowledge base what was named, and then what the model
// speaks of.
func (w *workflow) retrieve(_ context.Context, s *Session, r *Reporter) error {
	s.Docs = nil
	add := func(id string) {
		if len(s.Docs) < mostDocs && !slices.Contains(s.Docs, id) {
			s.Docs = append(s.Docs, id)
		}
	}
	index := w.index()
	for _, atom := range s.Atoms {
		if len(w.docs([]string{atom})) > 0 {
			add(atom)
		} else if hits := index.Search(atom, 1); len(hits) > 0 {
			add(hits[0].Entry.ID)
		}
	}
	for _, h := range index.Search(strings.Join(s.Atoms, " ")+" "+s.Model, mostDocs) {
		add(h.Entry.ID)
	}
	r.Note("found", "", strings.Join(s.Docs, "\n"))
	return nil
}

// mostDocs bounds the entries that stand in a prompt.
const mostDocs = 12

// index is of everything about cvxpy.
func (w *workflow) index() *Index {
	return w.Knowledge.NewIndex("atom", "class", "function", "syntax", "recipe")
}

// docs are the entries of these IDs, written down.
func (w *workflow) docs(ids []string) []string {
	var texts []string
	for _, id := range ids {
		for _, e := range w.Knowledge.Entries {
			if e.ID == id {
				texts = append(texts, e.String())
			}
		}
	}
	return texts
}

// unfenced takes a text out of the block that it may stand in.
func unfenced(text string) string {
	inside, found := strings.CutPrefix(text, "```")
	if !found {
		return text
	}
	_, inside, _ = strings.Cut(inside, "\n")
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(inside), "```"))
}
