package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// base is a state that was long in folding, kept as a snapshot for the next story of
// the same day.
type base struct {
	office ticket.OfficeID
	seq    uint64
	form   []byte // the snapshot's JSON
}

const (
	basesKept = 4
	longFold  = 20_000 // records: so many are worth a base
)

// at is the office's state after the record seq; 0 is before the first.
func (t *Teller) at(ctx context.Context, office ticket.OfficeID, seq uint64) (*queue.State, error) {
	st, folded, err := t.fold(ctx, office, seq)
	if err != nil {
		return nil, err
	}
	if folded >= longFold {
		if err := t.keep(st); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// fold makes the state from the nearest that is kept: a base, a snapshot of the log,
// or nothing at all. folded is how many records that took.
func (t *Teller) fold(ctx context.Context, office ticket.OfficeID, seq uint64) (st *queue.State, folded int, err error) {
	st = queue.New(office)
	if seq == 0 {
		return st, 0, nil
	}
	err = t.log.Load(ctx, office, queue.SnapshotForm, func(b []byte) error {
		got, err := restore(b, seq)
		if err == nil {
			st = got
		}
		return err
	}, func(*queue.Record) error { return errEnough })
	if err != nil && !errors.Is(err, errEnough) {
		return nil, 0, err
	}
	if form := t.nearest(office, st.Seq()+1, seq); form != nil {
		if st, err = restore(form, seq); err != nil {
			return nil, 0, err
		}
	}
	if st.Seq() == seq {
		return st, 0, nil
	}
	err = t.log.Read(ctx, office, st.Seq()+1, seq, func(r *queue.Record) error {
		st.Apply(r)
		folded++
		return nil
	})
	return st, folded, err
}

var errLater = errors.New("the snapshot is of a later time")

// restore reads a snapshot that was taken at seq or before.
func restore(b []byte, seq uint64) (*queue.State, error) {
	var head struct{ Seq uint64 }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	if head.Seq > seq {
		return nil, errLater
	}
	var n queue.Snapshot
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, fmt.Errorf("read snapshot: %w", err)
	}
	return queue.Restore(&n), nil
}

// nearest is the latest base of an office from one sequence to another; nil: none.
func (t *Teller) nearest(office ticket.OfficeID, from, to uint64) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	best := -1
	for i, b := range t.bases {
		if b.office == office && b.seq >= from && b.seq <= to && (best < 0 || b.seq > t.bases[best].seq) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	used := t.bases[best]
	t.bases = append(slices.Delete(t.bases, best, best+1), used)
	return used.form
}

// keep makes a base of a state, in place of the one that was used longest ago.
func (t *Teller) keep(st *queue.State) error {
	form, err := json.Marshal(st.Snapshot())
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.bases) == basesKept {
		t.bases = slices.Delete(t.bases, 0, 1)
	}
	t.bases = append(t.bases, base{st.Office(), st.Seq(), form})
	return nil
}
