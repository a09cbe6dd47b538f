package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Lines tells on which line of a file each key stands, so that a check of the
// decoded values can still name the place.
type Lines struct{ at map[string]int }

// LinesOf indexes a document. What it cannot read it leaves out.
func LinesOf(data []byte) Lines {
	l := Lines{at: map[string]int{}}
	for _, f := range walk(bytes.TrimPrefix(data, byteOrderMark)).found {
		if p := joined(f.path); l.at[p] == 0 {
			l.at[p] = f.line
		}
	}
	return l
}

// Of is the line of a path of names and places in lists, such as
// Of("service", 3, "sequence"); where that is not in the file, the line of the
// nearest thing around it, else 0.
func (l Lines) Of(path ...any) int {
	for n := len(path); n > 0; n-- {
		if line := l.at[joined(path[:n])]; line > 0 {
			return line
		}
	}
	return 0
}

// found is one key, table or list element of a document.
type found struct {
	path  []any  // names (string) and places in lists (int, from 0)
	line  int    // from 1
	value string // the value's kind: text, number, ...; empty for the header of a table
}

// walked is a document as a flat list of what stands in it.
type walked struct {
	found []found
	lists map[string]int // how many [[tables]] a path has had so far
	data  []byte
	line  int // of the offset below; offsets only grow
	upTo  int
}

// walk lists what stands in a document, in its order. It uses the TOML library's
// syntax tree, whose interface may change: the library's version is pinned and the
// tests of this package read every form.
func walk(data []byte) *walked {
	w := &walked{lists: map[string]int{}, data: data, line: 1}
	p := unstable.Parser{}
	p.Reset(data)
	var table []any
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = w.header(e)
		case unstable.KeyValue:
			w.keyValue(table, e)
		}
	}
	return w
}

// header enters a [table] or [[list of tables]] and returns its path.
func (w *walked) header(e *unstable.Node) []any {
	var path []any
	line := 0
	for it := e.Key(); it.Next(); {
		if n := w.lists[joined(path)]; n > 0 {
			path = append(path, n-1) // [a.b] below [[a]] means the last a
		}
		path = append(path, string(it.Node().Data))
		line = w.lineOf(it.Node().Raw.Offset)
	}
	at := joined(path)
	if e.Kind == unstable.ArrayTable {
		path = append(path, w.lists[at])
		w.lists[at]++
	} else if n := w.lists[at]; n > 0 {
		path = append(path, n-1)
	}
	w.found = append(w.found, found{path: path, line: line})
	return path
}

func (w *walked) keyValue(table []any, e *unstable.Node) {
	path := append([]any(nil), table...)
	line := 0
	for it := e.Key(); it.Next(); {
		path = append(path, string(it.Node().Data))
		line = w.lineOf(it.Node().Raw.Offset)
	}
	w.value(path, line, e.Value())
}

func (w *walked) value(path []any, line int, v *unstable.Node) {
	w.found = append(w.found, found{path: path, line: line, value: kindOf(v.Kind)})
	switch v.Kind {
	case unstable.Array:
		n := 0
		for it := v.Children(); it.Next(); n++ {
			element := it.Node()
			at := line
			if o := firstOffset(element); o > 0 {
				at = w.lineOf(o)
			}
			w.value(append(append([]any(nil), path...), n), at, element)
		}
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			w.keyValue(path, it.Node())
		}
	}
}

// firstOffset is where a value, or the first thing in it, stands; 0 where the
// tree does not say.
func firstOffset(v *unstable.Node) uint32 {
	for v.Valid() {
		if v.Raw.Offset > 0 {
			return v.Raw.Offset
		}
		if v.Kind == unstable.KeyValue {
			if it := v.Key(); it.Next() {
				return it.Node().Raw.Offset
			}
		}
		v = v.Child()
	}
	return 0
}

func (w *walked) lineOf(offset uint32) int {
	o := min(int(offset), len(w.data))
	if o < w.upTo {
		return 1 + bytes.Count(w.data[:o], []byte{'\n'})
	}
	w.line += bytes.Count(w.data[w.upTo:o], []byte{'\n'})
	w.upTo = o
	return w.line
}

// Kinds of value, as people call them.
const (
	kindText   = "a text in quotes"
	kindWhole  = "a whole number"
	kindNumber = "a number"
	kindBool   = "true or false"
	kindTime   = "a date or time"
	kindList   = "a list"
	kindTable  = "a table"
)

func kindOf(k unstable.Kind) string {
	switch k {
	case unstable.String:
		return kindText
	case unstable.Integer:
		return kindWhole
	case unstable.Float:
		return kindNumber
	case unstable.Bool:
		return kindBool
	case unstable.Array:
		return kindList
	case unstable.InlineTable:
		return kindTable
	default:
		return kindTime
	}
}

// joined is a path as a key of a map. Names may hold dots, so they are quoted.
func joined(path []any) string {
	var b strings.Builder
	for _, p := range path {
		if s, ok := p.(string); ok {
			fmt.Fprintf(&b, ".%q", s)
		} else {
			fmt.Fprintf(&b, "[%d]", p)
		}
	}
	return b.String()
}

// dotted is a path as people write it, places in lists left out.
func dotted(path []any) string {
	var names []string
	for _, p := range path {
		if s, ok := p.(string); ok {
			names = append(names, s)
		}
	}
	return strings.Join(names, ".")
}

func lastName(path []any) string {
	for i := len(path) - 1; i >= 0; i-- {
		if s, ok := path[i].(string); ok {
			return s
		}
	}
	return ""
}
