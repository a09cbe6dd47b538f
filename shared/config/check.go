package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// maxErrors is how many mistakes of one file are told at once.
const maxErrors = 20

// check compares what stands in the document with what target has room for.
func (w *walked) check(name string, target reflect.Type) Errors {
	var errs Errors
	said := map[string]bool{} // an unknown table is told once, not for each key in it
	for _, f := range w.found {
		at, unknown := firstUnknown(target, f.path)
		if unknown {
			if key := joined(f.path[:at+1]); !said[key] && len(errs) < maxErrors {
				said[key] = true
				errs = append(errs, &Error{
					File: name, Line: f.line, Key: dotted(f.path[:at+1]),
					Message: fmt.Sprintf("unknown key %q%s", lastName(f.path[:at+1]), within(f.path[:at])),
					Allowed: keysOf(typeAt(target, f.path[:at])),
				})
			}
			continue
		}
		if len(errs) == maxErrors {
			break
		}
		if outer := typeAt(target, f.path[:len(f.path)-1]); endsInPlace(f.path) && outer != nil && outer.Kind() == reflect.Struct {
			errs = append(errs, &Error{
				File: name, Line: f.line, Key: dotted(f.path),
				Message: fmt.Sprintf("%q must be one table, written [%s]", lastName(f.path), dotted(f.path)),
			})
			continue
		}
		t := typeAt(target, f.path)
		if t == nil || fits(t, f) {
			continue
		}
		errs = append(errs, &Error{
			File: name, Line: f.line, Key: dotted(f.path),
			Message: fmt.Sprintf("%q must be %s, not %s", lastName(f.path), wanted(t), foundKind(f)),
			Allowed: keysOf(t),
		})
	}
	return errs
}

func within(path []any) string {
	if d := dotted(path); d != "" {
		return " in " + d
	}
	return ""
}

func foundKind(f found) string {
	if f.value == "" {
		return kindTable
	}
	return f.value
}

// firstUnknown is the place in path of the first name that its struct has not.
func firstUnknown(t reflect.Type, path []any) (at int, unknown bool) {
	for i, p := range path {
		t = bare(t)
		if name, ok := p.(string); ok && t != nil && t.Kind() == reflect.Struct && !opaque(t) {
			if _, ok := field(t, name); !ok {
				return i, true
			}
		}
		t = step(t, p)
		if t == nil {
			return 0, false
		}
	}
	return 0, false
}

// typeAt is the type at path below t; nil where anything goes or nothing fits.
func typeAt(t reflect.Type, path []any) reflect.Type {
	for _, p := range path {
		if t = step(bare(t), p); t == nil {
			return nil
		}
	}
	return bare(t)
}

func step(t reflect.Type, p any) reflect.Type {
	if t == nil || opaque(t) {
		return nil
	}
	name, isName := p.(string)
	switch {
	case isName && t.Kind() == reflect.Struct:
		ft, _ := field(t, name)
		return ft
	case isName && t.Kind() == reflect.Map:
		return t.Elem()
	case !isName && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
		return t.Elem()
	}
	return nil
}

// field finds a struct's field by its exact TOML name, embedded structs included.
func field(t reflect.Type, name string) (reflect.Type, bool) {
	for f := range fieldsOf(t) {
		if tomlName(f) == name {
			return f.Type, true
		}
	}
	return nil, false
}

func fieldsOf(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && !f.Anonymous && tomlName(f) != "-" && !yield(f) {
				return
			}
		}
	}
}

func tomlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	if name == "" {
		return f.Name
	}
	return name
}

func keysOf(t reflect.Type) []string {
	if t == nil || t.Kind() != reflect.Struct || opaque(t) {
		return nil
	}
	var keys []string
	for f := range fieldsOf(t) {
		keys = append(keys, tomlName(f))
	}
	slices.Sort(keys)
	return keys
}

func bare(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// opaque reports whether a type reads its own text, or takes anything.
func opaque(t reflect.Type) bool {
	return t.Kind() == reflect.Interface || t == reflect.TypeFor[time.Time]() || reflect.PointerTo(t).Implements(textUnmarshaler)
}

// fits reports whether a value of the kind found can be stored in a t. What only
// the number itself can tell (its range) is left to the decoder.
func fits(t reflect.Type, f found) bool {
	kind := foundKind(f)
	if opaque(t) {
		return kind != kindTable && kind != kindList || t.Kind() == reflect.Interface
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return kind == kindList
	case reflect.Struct, reflect.Map:
		return kind == kindTable
	case reflect.Float32, reflect.Float64:
		return kind == kindNumber || kind == kindWhole
	default:
		return kind == wanted(t)
	}
}

// endsInPlace reports whether the path is an element of a list: a [[table]].
func endsInPlace(path []any) bool {
	if len(path) == 0 {
		return false
	}
	_, place := path[len(path)-1].(int)
	return place
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return kindText
	case reflect.Bool:
		return kindBool
	case reflect.Float32, reflect.Float64:
		return kindNumber
	case reflect.Slice, reflect.Array:
		if e := bare(t.Elem()); e.Kind() != reflect.Slice && e.Kind() != reflect.Array {
			return "a list, each element " + wanted(e)
		}
		return kindList
	case reflect.Map:
		return "a table of names with " + wanted(bare(t.Elem()))
	case reflect.Struct:
		if opaque(t) {
			return kindText
		}
		return kindTable
	case reflect.Interface:
		return "anything"
	default:
		return kindWhole
	}
}
