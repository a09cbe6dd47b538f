// Package story tells what happened: the life of one ticket in sentences, and the
// office as it stood after any event. It reads the log and folds it again; it asks
// nothing of the office's writer, and never holds it up.
package story

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// Log is what a story needs of the event log.
type Log interface {
	Offices() []ticket.OfficeID
	Head(office ticket.OfficeID) eventlog.Position
	Read(ctx context.Context, office ticket.OfficeID, first, last uint64, fn func(*queue.Record) error) error
	Load(ctx context.Context, office ticket.OfficeID, form int, restore func(state []byte) error, apply func(*queue.Record) error) error
}

// Refusals: what is asked for is not there. Their texts are "refusal.<code>".
var (
	ErrNoSuchOffice = reason.New(reason.NotFound, "no_such_office") // as package office says it
	ErrNoSuchNumber = reason.New(reason.NotFound, "no_such_number") // args: number, day
	ErrNoSuchDay    = reason.New(reason.NotFound, "no_such_day")    // args: day, last
	ErrNoDayYet     = reason.New(reason.NotFound, "no_day_yet")
	ErrBadNumber    = reason.New(reason.Invalid, "bad_number")
	ErrBadDay       = reason.New(reason.Invalid, "bad_day")
	ErrBadMoment    = reason.New(reason.Invalid, "bad_moment")
	ErrBeforeFirst  = reason.New(reason.NotFound, "before_first")  // args: first
	ErrNoSuchEvent  = reason.New(reason.NotFound, "no_such_event") // args: last
	ErrBusy         = reason.New(reason.Unavailable, "story_too_busy")
)

// Config is what stories are told from.
type Config struct {
	Log Log
	// Role says what an actor is, never who: officer, supervisor, admin of an account;
	// kiosk, board of a device. Empty, or nil: it is not known.
	Role func(queue.Actor) string
}

// Teller tells stories. Its methods may be called from any goroutine.
type Teller struct {
	log  Log
	role func(queue.Actor) string
	room chan struct{} // as many as may read the log at once

	mu    sync.Mutex
	bases []base // the latest used last
}

// New makes a teller.
func New(c Config) *Teller {
	if c.Role == nil {
		c.Role = func(queue.Actor) string { return "" }
	}
	return &Teller{log: c.Log, role: c.Role, room: make(chan struct{}, readers)}
}

// readers is how many stories are worked out at once: the queue itself goes first.
const readers = 2

// enter takes a place; leave gives it back.
func (t *Teller) enter(ctx context.Context) error {
	select {
	case t.room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ErrBusy
	}
}

func (t *Teller) leave() { <-t.room }

// language is one that the house speaks.
func language(lang string) string {
	if slices.Contains(i18n.Languages, lang) {
		return lang
	}
	return i18n.Default
}

// head is the office's last sequence; a refusal where there is no such office.
func (t *Teller) head(office ticket.OfficeID) (uint64, error) {
	if !slices.Contains(t.log.Offices(), office) {
		return 0, ErrNoSuchOffice
	}
	return t.log.Head(office).Seq, nil
}

// errEnough ends a reading that has seen what it wanted.
var errEnough = errors.New("enough has been read")

// record reads one record.
func (t *Teller) record(ctx context.Context, office ticket.OfficeID, seq uint64) (*queue.Record, error) {
	var out *queue.Record
	err := t.log.Read(ctx, office, seq, seq, func(r *queue.Record) error {
		kept := *r
		out = &kept
		return nil
	})
	if err == nil && out == nil {
		err = fmt.Errorf("the log of office %q has no record %d", office, seq)
	}
	return out, err
}

// search is the first sequence, from 1 to last, whose record is as asked; last + 1:
// none. Of two records the later one must be so if the earlier one is.
func (t *Teller) search(ctx context.Context, office ticket.OfficeID, last uint64, is func(*queue.Record) bool) (uint64, error) {
	var fault error
	n := sort.Search(int(last), func(i int) bool {
		if fault != nil {
			return true
		}
		r, err := t.record(ctx, office, uint64(i)+1)
		if err != nil {
			fault = err
			return true
		}
		return is(r)
	})
	return uint64(n) + 1, fault
}
