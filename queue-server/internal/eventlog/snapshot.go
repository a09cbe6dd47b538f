package eventlog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"antrean/shared/ticket"
)

// keptSnapshots is how many snapshots of an office are kept: the older one is for
// the day on which the newer one is damaged.
const keptSnapshots = 2

// Snapshot is an office's state after a record, as its owner encoded it. It saves
// time at a start, and is never needed: the log alone tells all.
type Snapshot struct {
	Position
	Form  int    // the version of State's form, from 1
	State []byte // opaque to the log
}

// SaveSnapshot keeps an office's state after its record seq, in a transaction of
// its own, and forgets all but the newest two. ErrFull: no room, nothing changed.
// Any other error of the commit stops the log as it does in Append.
func (l *Log) SaveSnapshot(office ticket.OfficeID, seq uint64, form int, state []byte) error {
	if form < 1 || seq < 1 {
		return fmt.Errorf("save snapshot of office %q: form %d after sequence %d", office, form, seq)
	}
	at, err := l.position(office, l.head(office), seq)
	if err != nil {
		return fmt.Errorf("save snapshot: %w", err)
	}
	key, value := encodeSnapshot(office, Snapshot{at, form, state})
	l.commits.Lock()
	defer l.commits.Unlock()
	if err := l.broken(); err != nil {
		return fmt.Errorf("save snapshot: %w", err)
	}
	if err := l.room(len(value)); err != nil {
		return fmt.Errorf("save snapshot: %w", err)
	}
	known, unknown := l.disk.update(l.options.AroundCommit, func(t writer) error {
		return putSnapshot(t, office, key, value)
	})
	if err := errors.Join(known, unknown); err != nil {
		return fmt.Errorf("save snapshot: %w", l.stop(err))
	}
	return nil
}

func putSnapshot(t writer, office ticket.OfficeID, key, value []byte) error {
	var keys [][]byte
	prefix := snapshotPrefix(office)
	c := t.seek(snapshots, prefix)
	for k, _ := c.next(); bytes.HasPrefix(k, prefix); k, _ = c.next() {
		if !bytes.Equal(k, key) {
			keys = append(keys, bytes.Clone(k))
		}
	}
	keys = append(keys, key)
	slices.SortFunc(keys, bytes.Compare)
	if err := t.put(snapshots, key, value); err != nil {
		return err
	}
	for _, old := range keys[:max(len(keys)-keptSnapshots, 0)] {
		if err := t.delete(snapshots, old); err != nil {
			return err
		}
	}
	return nil
}

// Snapshot is the newest snapshot of an office that is whole and in one of the
// forms that the caller reads; ok is false where there is none. It belongs to
// Replay, which checks that the log still holds its position.
func (l *Log) Snapshot(office ticket.OfficeID, forms ...int) (newest Snapshot, ok bool) {
	for _, s := range l.snapshots(office) {
		if slices.Contains(forms, s.Form) {
			return s, true
		}
	}
	return Snapshot{}, false
}

// snapshots are all of an office's that are whole, the newest first. None where the
// log cannot be read: then whatever comes next says so.
func (l *Log) snapshots(office ticket.OfficeID) (whole []Snapshot) {
	_ = l.disk.view(func(r reader) error {
		prefix := snapshotPrefix(office)
		c := r.seek(snapshots, prefix)
		for key, value := c.next(); bytes.HasPrefix(key, prefix); key, value = c.next() {
			if s, ok := decodeSnapshot(key[len(prefix):], value); ok {
				s.State = bytes.Clone(s.State)
				whole = append(whole, s)
			}
		}
		return nil
	})
	slices.Reverse(whole)
	return whole
}

func snapshotPrefix(office ticket.OfficeID) []byte { return append([]byte(office), 0) }

// A stored snapshot is SHA-256 over its key's sequence and all that follows (32
// bytes), the chain's link (32), the global sequence (8, big-endian), the form
// (a varint), the state.
func encodeSnapshot(office ticket.OfficeID, s Snapshot) (key, value []byte) {
	seq := binary.BigEndian.AppendUint64(nil, s.Seq)
	value = make([]byte, sha256.Size, sha256.Size+len(s.Chain)+8+binary.MaxVarintLen64+len(s.State))
	value = append(value, s.Chain[:]...)
	value = binary.BigEndian.AppendUint64(value, s.Global)
	value = binary.AppendUvarint(value, uint64(s.Form))
	value = append(value, s.State...)
	sum := snapshotSum(seq, value[sha256.Size:])
	copy(value, sum[:])
	return append(snapshotPrefix(office), seq...), value
}

func snapshotSum(seq, rest []byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(seq)
	h.Write(rest)
	h.Sum(sum[:0])
	return sum
}

// decodeSnapshot reads a stored snapshot, whose State is part of value. ok is false
// where it is damaged.
func decodeSnapshot(seq, value []byte) (s Snapshot, ok bool) {
	const fixed = sha256.Size + len(Hash{}) + 8
	if len(seq) != 8 || len(value) <= fixed || snapshotSum(seq, value[sha256.Size:]) != [sha256.Size]byte(value[:sha256.Size]) {
		return s, false
	}
	s.Seq = binary.BigEndian.Uint64(seq)
	copy(s.Chain[:], value[sha256.Size:])
	s.Global = binary.BigEndian.Uint64(value[fixed-8:])
	form, n := binary.Uvarint(value[fixed:])
	if n <= 0 {
		return s, false
	}
	s.Form, s.State = int(form), value[fixed+n:]
	return s, true
}
