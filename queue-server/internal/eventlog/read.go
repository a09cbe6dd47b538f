package eventlog

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// chunk is how many records are read in one read transaction. It is short, so that
// no reader, however slow, keeps old pages from being used again or the file's map
// from growing.
const chunk = 512

// Replay gives fn every record after from, of all offices, in the order in which
// they were appended, up to the last one when it was called. An office that from
// does not name starts at its beginning. Each record is checked against the hash
// chain before fn sees it, from the position's link on, and the end against the
// log's heads: what is not as it was written ends it with *Damage, what is too new
// with *NewerError, an error of fn with that error. The record is good until fn
// returns; what it points to may be kept.
func (l *Log) Replay(ctx context.Context, from map[ticket.OfficeID]Position, fn func(*queue.Record) error) error {
	l.mu.Lock()
	ends := maps.Clone(l.heads)
	last := l.last
	l.mu.Unlock()
	w := walk{log: l, at: make(map[ticket.OfficeID]*Position, len(ends)), verify: true}
	start := last + 1
	for office, end := range ends {
		at := from[office]
		if err := l.holds(office, at, end.Position); err != nil {
			return err
		}
		w.at[office] = &at
		if at.Seq < end.Seq {
			start = min(start, max(at.Global+1, end.first))
		}
	}
	for office, at := range from {
		if _, ok := ends[office]; !ok && at.Seq > 0 {
			return l.holds(office, at, Position{})
		}
	}
	if err := w.run(ctx, start, last, func(_ uint64, r *queue.Record) error { return fn(r) }); err != nil {
		return err
	}
	for office, end := range ends {
		if err := agree(office, *w.at[office], end.Position); err != nil {
			return err
		}
	}
	return nil
}

// holds checks that a position from outside (a snapshot's) is one of this log,
// which ends at end.
func (l *Log) holds(office ticket.OfficeID, at, end Position) error {
	if at.Seq == 0 {
		return nil
	}
	if at.Seq > end.Seq || at.Global > end.Global {
		return &Damage{Office: office, Seq: end.Seq + 1, What: fmt.Sprintf("it is cut off after sequence %d: a snapshot was made at %d", end.Seq, at.Seq)}
	}
	return l.disk.view(func(r reader) error {
		stored := r.get(events, globalKey(at.Global))
		name, seq, _, err := peek(stored)
		if err != nil || string(name) != string(office) || seq != at.Seq {
			return &Damage{Office: office, Seq: at.Seq, Global: at.Global, What: "the record that a snapshot was made after is not there"}
		}
		if _, link, err := linkOf(stored); err != nil || link != at.Chain {
			return &Damage{Office: office, Seq: at.Seq, Global: at.Global, What: "its link is not the one that a snapshot holds"}
		}
		return nil
	})
}

// agree compares where the records of an office ended with what the log's head says.
func agree(office ticket.OfficeID, at, end Position) error {
	switch {
	case at.Seq < end.Seq:
		return &Damage{Office: office, Seq: at.Seq + 1, What: fmt.Sprintf("it is cut off: the log's head says that it goes on to sequence %d", end.Seq)}
	case at != end:
		return &Damage{Office: office, Seq: at.Seq, Global: at.Global, What: "its link is not the one that the log's head holds"}
	}
	return nil
}

// Read gives fn the records of one office with the sequences first to last, checked
// against the chain from the record before first on. A last of 0 means to the end;
// what is beyond the end is not there, and no error.
func (l *Log) Read(ctx context.Context, office ticket.OfficeID, first, last uint64, fn func(*queue.Record) error) error {
	h := l.head(office)
	first = max(first, 1)
	if last == 0 || last > h.Seq {
		last = h.Seq
	}
	if first > last {
		return nil
	}
	from, err := l.position(office, h, first-1)
	if err != nil {
		return err
	}
	w := walk{log: l, at: map[ticket.OfficeID]*Position{office: &from}, only: office, verify: true}
	err = w.run(ctx, max(from.Global+1, h.first), h.Global, func(_ uint64, r *queue.Record) error {
		if err := fn(r); err != nil {
			return err
		}
		if r.Seq == last {
			return errEnough
		}
		return nil
	})
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return err
	}
	return agree(office, from, h.Position)
}

var errEnough = errors.New("enough has been read")

// After gives fn the records of all offices whose global sequence is above global,
// in order, up to the last one when it was called. It is for who follows the log
// from a cursor of its own: records are decoded, the chain is left to Replay and
// Check.
func (l *Log) After(ctx context.Context, global uint64, fn func(global uint64, r *queue.Record) error) error {
	w := walk{log: l}
	return w.run(ctx, global+1, l.Last(), fn)
}

// position finds the place of an office's record: a binary search over the global
// sequence, since between two known records of the office as many places lie as
// there are records at least.
func (l *Log) position(office ticket.OfficeID, h head, seq uint64) (p Position, err error) {
	if seq == 0 {
		return Position{}, nil
	}
	err = l.disk.view(func(r reader) (err error) {
		p, err = find(r, office, h, seq)
		return err
	})
	return p, err
}

func find(r reader, office ticket.OfficeID, h head, seq uint64) (Position, error) {
	missing := &Damage{Office: office, Seq: seq, What: "it is not there"}
	if seq > h.Seq {
		return Position{}, missing
	}
	low := h.first + seq - 1
	high := h.Global - (h.Seq - seq)
	for low <= high {
		middle := low + (high-low)/2
		global, found, stored := nextOf(r, office, middle, high)
		switch {
		case stored == nil:
			high = middle - 1
		case found == seq:
			_, link, err := linkOf(stored)
			if err != nil {
				return Position{}, &Damage{Office: office, Seq: seq, Global: global, What: err.Error()}
			}
			return Position{Seq: seq, Global: global, Chain: link}, nil
		case found < seq:
			low = global + (seq - found)
		default:
			high = min(middle-1, global-min(global, found-seq))
		}
	}
	return Position{}, missing
}

// nextOf is the office's first record from one global sequence to another.
func nextOf(r reader, office ticket.OfficeID, from, to uint64) (global, seq uint64, stored []byte) {
	c := r.seek(events, globalKey(from))
	for key, value := c.next(); len(key) == 8; key, value = c.next() {
		global = binary.BigEndian.Uint64(key)
		if global > to {
			break
		}
		if name, seq, _, err := peek(value); err == nil && string(name) == string(office) {
			return global, seq, value
		}
	}
	return 0, 0, nil
}
