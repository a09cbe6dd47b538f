// Package config reads TOML strictly: a key that means nothing here, a value of
// the wrong kind or a broken line is an error that names the file, the line and
// what is allowed there. It reads nothing from the disk or the environment.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Error is one mistake in a file.
type Error struct {
	File    string
	Line    int    // from 1; 0: the file as a whole
	Key     string // dotted, as in "service.quota"; empty where none is meant
	Message string
	Allowed []string // keys or values that would be right there; may be empty
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": ")
	b.WriteString(e.Message)
	if len(e.Allowed) > 0 {
		b.WriteString("; allowed here: ")
		b.WriteString(strings.Join(e.Allowed, ", "))
	}
	return b.String()
}

// Errors are all mistakes found in a file, by line. errors.As finds the first as
// an *Error.
type Errors []*Error

func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the mistakes to errors.Is and errors.As.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// byteOrderMark is what some editors put before the first line.
var byteOrderMark = []byte("\xef\xbb\xbf")

// Decode reads data, which came from the file called name, into the struct that
// into points to. Field names come from `toml` tags and must match exactly, case
// included. The error is an Errors, or a plain error where into is no pointer to
// a struct. On an error, into may be half filled.
//
// A field that reads its own text (UnmarshalText) must not be of a string kind: the
// TOML library fills those without asking. Wrap the string in a struct.
func Decode(name string, data []byte, into any) error {
	target := reflect.TypeOf(into)
	if target == nil || target.Kind() != reflect.Pointer || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("config: decoding needs a pointer to a struct, not %T", into)
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	// The syntax goes first: a walk over half a document would only confuse.
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil {
		return Errors{syntaxError(name, err)}
	}
	w := walk(data)
	if errs := w.check(name, target.Elem()); len(errs) > 0 {
		return errs
	}
	if err := toml.Unmarshal(data, into); err != nil {
		return Errors{valueError(name, err, w, target.Elem())}
	}
	return nil
}

func syntaxError(name string, err error) *Error {
	e := &Error{File: name, Message: strings.TrimPrefix(err.Error(), "toml: ")}
	if d := (*toml.DecodeError)(nil); errors.As(err, &d) {
		e.Line, _ = d.Position()
		e.Key = strings.Join(d.Key(), ".")
	}
	return e
}

// valueError words what the walk could not foresee: a number out of its range, or
// what a field's own UnmarshalText said.
func valueError(name string, err error, w *walked, target reflect.Type) *Error {
	e := syntaxError(name, err)
	for _, f := range w.found {
		if f.line != e.Line || f.value == "" {
			continue
		}
		if t := typeAt(target, f.path); t != nil {
			e.Key = dotted(f.path)
			e.Message = fmt.Sprintf("%q does not fit: %s", lastName(f.path), e.Message)
			break
		}
	}
	return e
}
