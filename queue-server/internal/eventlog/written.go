package eventlog

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// format is the form of the store as a whole: its buckets, keys, envelope and chain.
// An event's own form has a version of its own (see kinds), so this grows rarely.
const format = 1

// written is what a store says of those who wrote it. It is in the bucket about:
// "format" and "program" in plain text, and for each event type, under "kind/N",
// the newest version written and the program that wrote it first ("V PROGRAM").
// A type is put there by the first append that uses it, so that an older program
// opens a log as long as nothing in it is new to it.
type written struct {
	program string
	kinds   [len(kinds)]uint64 // newest version by type number; 0: never written
}

// NewerError refuses what a newer program wrote.
type NewerError struct {
	What     string // "format", or "event type 5 (DayClosed)"
	Theirs   uint64 // the version that was found
	Program  string // of the program that wrote it
	Ours     uint64 // the newest version that this program reads; 0: it knows no such type
	ThisOne  string // this program's version
	Position string // where, for a record; else empty
}

func (e *NewerError) Error() string {
	reads := fmt.Sprintf("reads up to %d", e.Ours)
	if e.Ours == 0 {
		reads = "does not know it"
	}
	return fmt.Sprintf("written by Antrean %s, %s %d%s; this program is %s and %s: install %s or newer",
		e.Program, e.What, e.Theirs, e.Position, e.ThisOne, reads, e.Program)
}

func readAbout(r reader, version string) (written, error) {
	var w written
	stored := r.get(about, []byte("format"))
	if stored == nil {
		return w, nil
	}
	w.program = string(r.get(about, []byte("program")))
	f, err := strconv.ParseUint(string(stored), 10, 64)
	switch {
	case err != nil || f == 0:
		return w, fmt.Errorf("the log's format is %q, which no program wrote", stored)
	case f > format:
		return w, &NewerError{What: "format", Theirs: f, Program: w.program, Ours: format, ThisOne: version}
	}
	c := r.seek(about, []byte("kind/"))
	for key, value := c.next(); strings.HasPrefix(string(key), "kind/"); key, value = c.next() {
		if err := w.readKind(string(key), string(value), version); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (w *written) readKind(key, value, version string) error {
	number, err := strconv.ParseUint(strings.TrimPrefix(key, "kind/"), 10, 64)
	if err != nil {
		return fmt.Errorf("the log names an event type %q, which no program wrote", key)
	}
	newest, program, _ := strings.Cut(value, " ")
	v, err := strconv.ParseUint(newest, 10, 64)
	if err != nil {
		return fmt.Errorf("the log names version %q of event type %d, which no program wrote", newest, number)
	}
	if err := knows(number, v); err != nil {
		err.Program, err.ThisOne = program, version
		return err
	}
	w.kinds[number] = v
	return nil
}

// knows is nil where this program reads that version of that event type. What it
// returns lacks the names of the programs.
func knows(number, version uint64) *NewerError {
	if number == 0 || number >= uint64(len(kinds)) || kinds[number].name == "" {
		return &NewerError{What: fmt.Sprintf("event type %d in version", number), Theirs: version}
	}
	if k := kinds[number]; version > k.version {
		return &NewerError{What: fmt.Sprintf("event type %d (%s) in version", number, k.name), Theirs: version, Ours: k.version}
	}
	return nil
}

// put writes what is new in now, compared with w, for a program of that version.
func (w *written) put(t writer, now written) error {
	if w.program == "" {
		if err := t.put(about, []byte("format"), strconv.AppendUint(nil, format, 10)); err != nil {
			return err
		}
	}
	if w.program != now.program {
		if err := t.put(about, []byte("program"), []byte(now.program)); err != nil {
			return err
		}
	}
	for n, v := range now.kinds {
		if v == w.kinds[n] {
			continue
		}
		if err := t.put(about, fmt.Appendf(nil, "kind/%d", n), fmt.Appendf(nil, "%d %s", v, now.program)); err != nil {
			return err
		}
	}
	return nil
}

// head is an office's last record, and where its first one is. It is stored in the
// bucket heads: sequence, global sequence and first global sequence, 8 bytes
// big-endian each, then the 32 bytes of the chain's last link.
type head struct {
	Position
	first uint64
}

const headSize = 8 + 8 + 8 + 32

func (h head) encode() []byte {
	b := make([]byte, 0, headSize)
	b = binary.BigEndian.AppendUint64(b, h.Seq)
	b = binary.BigEndian.AppendUint64(b, h.Global)
	b = binary.BigEndian.AppendUint64(b, h.first)
	return append(b, h.Chain[:]...)
}

func decodeHead(b []byte) (h head, ok bool) {
	if len(b) != headSize {
		return head{}, false
	}
	h.Seq = binary.BigEndian.Uint64(b)
	h.Global = binary.BigEndian.Uint64(b[8:])
	h.first = binary.BigEndian.Uint64(b[16:])
	copy(h.Chain[:], b[24:])
	return h, true
}

func globalKey(global uint64) []byte { return binary.BigEndian.AppendUint64(nil, global) }
