package eventlog

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// walk reads records in global order, and follows the chain of each office where
// it verifies.
type walk struct {
	log    *Log
	verify bool
	only   ticket.OfficeID               // of this office alone; empty: of all that at names
	at     map[ticket.OfficeID]*Position // after which record each office is
	passed func(Position)                // sees each record that verified; may be nil

	decoder decoder
	globals []uint64
	records []queue.Record
}

// run gives fn the records from one global sequence to another.
func (w *walk) run(ctx context.Context, from, to uint64, fn func(global uint64, r *queue.Record) error) error {
	if err := w.log.readable(); err != nil {
		return err
	}
	for from <= to {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.globals, w.records = w.globals[:0], w.records[:0]
		var next uint64
		damage := w.log.disk.view(func(r reader) (err error) {
			next, err = w.chunk(r, from, to)
			return err
		})
		for i := range w.records {
			if err := fn(w.globals[i], &w.records[i]); err != nil {
				return err
			}
		}
		if damage != nil {
			return damage
		}
		from = next
	}
	return nil
}

// chunk reads some records, and returns the global sequence at which to go on.
func (w *walk) chunk(r reader, from, to uint64) (uint64, error) {
	c := r.seek(events, globalKey(from))
	for range 16 * chunk { // records of other offices count too
		key, stored := c.next()
		if len(key) != 8 {
			return to + 1, nil
		}
		global := binary.BigEndian.Uint64(key)
		if global > to || len(w.records) == chunk {
			return global, nil
		}
		if err := w.one(global, stored); err != nil {
			return global, err
		}
		from = global + 1
	}
	return from, nil
}

func (w *walk) one(global uint64, stored []byte) error {
	name, seq, _, err := peek(stored)
	if err != nil {
		if w.only != "" {
			return nil // another's, perhaps; if it is this office's, a sequence will be missing
		}
		return w.unreadable(global, err)
	}
	if w.only != "" && string(name) != string(w.only) {
		return nil
	}
	if w.verify {
		before, err := w.follow(global, name, seq, stored)
		if before || err != nil {
			return err
		}
	}
	w.globals = append(w.globals, global)
	w.records = append(w.records, queue.Record{})
	if err := w.decoder.record(stored, &w.records[len(w.records)-1]); err != nil {
		w.globals, w.records = w.globals[:len(w.globals)-1], w.records[:len(w.records)-1]
		return w.explain(err, ticket.OfficeID(name), seq, global)
	}
	return nil
}

// unreadable is a record that does not even tell whose it is. In a log of one
// office, that is known all the same; in another, Check finds out.
func (w *walk) unreadable(global uint64, err error) error {
	d := &Damage{Global: global, What: err.Error()}
	if len(w.at) == 1 {
		for office, at := range w.at {
			d.Office, d.Seq = office, at.Seq+1
		}
	}
	return d
}

// follow moves the office of a record past it; before: it had been past it already.
func (w *walk) follow(global uint64, name []byte, seq uint64, stored []byte) (before bool, err error) {
	damage := func(seq uint64, what string) error { return &Damage{ticket.OfficeID(name), seq, global, what} }
	at := w.at[ticket.OfficeID(name)]
	switch {
	case at == nil:
		return false, damage(seq, "the log does not know such an office")
	case global <= at.Global:
		return true, nil
	case seq > at.Seq+1:
		return false, damage(at.Seq+1, fmt.Sprintf("it is missing: after %d comes %d", at.Seq, seq))
	case seq <= at.Seq:
		return false, damage(seq, fmt.Sprintf("it comes after sequence %d", at.Seq))
	}
	link, err := w.decoder.follows(at.Chain, stored)
	if err != nil {
		return false, damage(seq, err.Error())
	}
	*at = Position{seq, global, link}
	if w.passed != nil {
		w.passed(*at)
	}
	return false, nil
}

// explain tells where a record was that could not be read.
func (w *walk) explain(err error, office ticket.OfficeID, seq, global uint64) error {
	var newer *NewerError
	if errors.As(err, &newer) {
		newer.Position = fmt.Sprintf(" (sequence %d of office %q)", seq, office)
		newer.Program, newer.ThisOne = w.log.writtenBy(), w.log.options.Version
		return newer
	}
	return &Damage{office, seq, global, err.Error()}
}

func (l *Log) writtenBy() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.about.program
}

// readable is nil while the log is open.
func (l *Log) readable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(l.stopped, ErrClosed) {
		return ErrClosed
	}
	return nil
}
