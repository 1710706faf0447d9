// Package strict reads YAML into documented structs and lets nothing pass that
// the struct does not know.
//
// [Parse] checks keys and kinds of values against a Go type and names a wrong
// one by file, line and path, with the nearest key that would be right;
// [Decode] fills the type. Names are those of the json tags, so a value printed
// as JSON reads back. Between the two, documents may be combined with [Merge].
//
// The package knows no particular file, and checks no ranges: that is for the
// owner of the type.
package strict

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Parse returns the mapping that the YAML text of a file called path holds,
// its keys and kinds of values checked against a struct type.
func Parse(path string, text []byte, shape reflect.Type) (ast.Node, error) {
	f, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, OneLine(path, err)
	}
	if len(f.Docs) != 1 {
		return nil, fmt.Errorf("%s: %d YAML documents: want one", path, len(f.Docs))
	}
	root := f.Docs[0].Body
	if _, ok := Entries(root); !ok {
		return nil, fmt.Errorf("%s: nothing in it: want keys such as %s", path, keysOf(shape)[0])
	}
	if err := checkShape(root, shape, ""); err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return root, nil
}

// Decode fills the struct that into points to with what a document holds; what
// the document does not name keeps its value.
func Decode(path string, root ast.Node, into any) error {
	if err := yaml.NodeToValue(root, into, yaml.Strict()); err != nil {
		return OneLine(path, err)
	}
	return nil
}

// OneLine turns an error of the YAML library into one line with the position.
func OneLine(path string, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		p := at.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s", path, p.Line, p.Column, at.GetMessage())
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("%s: %s", path, text)
}
