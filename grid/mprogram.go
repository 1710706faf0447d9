package grid

import (
	"errors"
	"fmt"
	"slices"
)

// mProgram evaluates a case file, statement by statement. It knows assignments to
// names, to fields of one struct and to parts of them, the arithmetic operators,
// some functions and MATPOWER's column names; at anything else it stops with an
// error, so that nothing is left out in silence.
type mProgram struct {
	tokens []mToken
	at     int
	depth  int
	object string            // what the function returns: mpc
	fields map[string]mValue // of it
	names  map[string]mValue
}

func (p *mProgram) peek() mToken { return p.tokens[p.at] }
func (p *mProgram) is(symbol string) bool {
	t := p.peek()
	return t.kind == mSymbol && t.text == symbol
}

func (p *mProgram) take() mToken {
	t := p.tokens[p.at]
	if t.kind != mEnd {
		p.at++
	}
	return t
}

func (p *mProgram) accept(symbol string) bool {
	if p.is(symbol) {
		p.at++
		return true
	}
	return false
}

func (p *mProgram) expect(symbol string) error {
	if !p.accept(symbol) {
		return fmt.Errorf("%v stands where `%s` is wanted", p.peek(), symbol)
	}
	return nil
}

// mRun evaluates a whole file and returns the fields of the struct.
func mRun(text string) (map[string]mValue, error) {
	tokens, err := mLex(text)
	if err != nil {
		return nil, err
	}
	p := &mProgram{tokens: tokens, fields: map[string]mValue{}, names: map[string]mValue{}}
	for {
		for p.peek().kind == mNewline || p.is(";") || p.is(",") {
			p.at++
		}
		line := p.peek().line
		if p.peek().kind == mEnd {
			break
		}
		if err := p.statement(); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if t := p.peek(); t.kind != mEnd && t.kind != mNewline && !p.is(";") && !p.is(",") {
			return nil, fmt.Errorf("line %d: cannot evaluate what begins with %v", t.line, t)
		}
	}
	if p.object == "" {
		return nil, errors.New("there is no line `function mpc = ...`: want a MATPOWER case of version 2")
	}
	return p.fields, nil
}

func (p *mProgram) statement() error {
	if p.is("[") {
		return p.columnNames()
	}
	t := p.take()
	if t.kind != mName {
		return fmt.Errorf("cannot evaluate a statement that begins with %v", t)
	}
	switch {
	case t.text == "function":
		return p.function()
	case t.text == "end" && p.object != "" && p.onlyEndFollows():
		return nil
	case t.text == "define_constants":
		for _, set := range mConstants {
			for _, c := range set {
				p.names[c.name] = mScalar(c.value)
			}
		}
		return nil
	}
	target := p.names
	name := t.text
	if name == p.object {
		if err := p.expect("."); err != nil {
			return err
		}
		field := p.take()
		if field.kind != mName {
			return fmt.Errorf("%v stands where a field of %s is wanted", field, p.object)
		}
		target, name = p.fields, field.text
	}
	if !p.is("=") && !p.is("(") {
		return fmt.Errorf("cannot evaluate `%s`: want plain assignments only", name)
	}
	var rows, cols []int
	part := p.is("(")
	if part {
		old, ok := target[name]
		if !ok {
			return fmt.Errorf("`%s` has no value yet", name)
		}
		var err error
		if rows, cols, err = p.index(old); err != nil {
			return err
		}
	}
	if err := p.expect("="); err != nil {
		return err
	}
	v, err := p.expression()
	if err != nil {
		return err
	}
	if !part {
		target[name] = v
		return nil
	}
	old := target[name]
	old.data = slices.Clone(old.data) // others may hold the same matrix
	if v.opaque || !v.isScalar() && (v.rows != len(rows) || v.cols != len(cols)) {
		return fmt.Errorf("a part of %d x %d of `%s` cannot take %d x %d numbers", len(rows), len(cols), name, v.rows, v.cols)
	}
	for i, r := range rows {
		for j, c := range cols {
			x := v.data[0]
			if !v.isScalar() {
				x = v.data[i*v.cols+j]
			}
			old.data[r*old.cols+c] = x
		}
	}
	target[name] = old
	return nil
}

func (p *mProgram) onlyEndFollows() bool {
	for _, t := range p.tokens[p.at:] {
		if t.kind != mNewline && t.kind != mEnd && t.text != ";" {
			return false
		}
	}
	return true
}

func (p *mProgram) function() error {
	if p.object != "" {
		return errors.New("a second function begins: want one only")
	}
	object, equals, name := p.take(), p.take(), p.take()
	if object.kind != mName || equals.text != "=" || name.kind != mName {
		return errors.New("want `function mpc = name`, a MATPOWER case of version 2")
	}
	p.object = object.text
	return nil
}

// columnNames evaluates [A, B, ...] = idx_bus and its like.
func (p *mProgram) columnNames() error {
	p.take()
	var names []string
	for !p.accept("]") {
		if p.accept(",") {
			continue
		}
		t := p.take()
		if t.kind != mName {
			return fmt.Errorf("cannot assign to %v", t)
		}
		names = append(names, t.text)
	}
	if err := p.expect("="); err != nil {
		return err
	}
	t := p.take()
	set, ok := mConstants[t.text]
	if !ok {
		return fmt.Errorf("cannot evaluate %v: want idx_bus, idx_gen or idx_brch", t)
	}
	if len(names) > len(set) {
		return fmt.Errorf("%s gives %d values, not %d", t.text, len(set), len(names))
	}
	for i, name := range names {
		p.names[name] = mScalar(set[i].value)
	}
	return nil
}
