// Package spool remembers on the kiosk's own disk which tickets were asked for and
// how far their papers came, until the server knows. It asks nobody and prints
// nothing: after a power cut it only tells what must be reported.
package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"

	bolt "go.etcd.io/bbolt"
	bolterr "go.etcd.io/bbolt/errors"
)

// Stage is how far a ticket came.
type Stage string

const (
	Asked   Stage = "asked"   // the server may or may not know it
	Taken   Stage = "taken"   // it has a number; not one byte of its paper was sent
	Sending Stage = "sending" // its paper's first byte may be on the line
	Ended   Stage = "ended"   // Report says how; the server was not told yet
)

// Entry is one ticket.
type Entry struct {
	Office  ticket.OfficeID `json:"office"`
	Request wire.TakeTicket `json:"request"`
	Stage   Stage           `json:"stage"`
	Report  *wire.Printed   `json:"report,omitempty"`
}

// ErrInUse says that another kiosk has the folder.
var ErrInUse = errors.New("another kiosk is using this folder")

var bucket = []byte("tickets") // ticket's id, 16 bytes -> Entry as JSON

// Spool is an open folder. Its methods may be called from any goroutine; each is
// on disk when it returns.
type Spool struct{ db *bolt.DB }

// Open opens kiosk.db in dir, which must exist. What a run before left unfinished
// becomes a report: Sending is unknown, for bytes may be gone; what was not yet
// sent is failed, for nobody holds that paper.
func Open(dir string) (*Spool, error) {
	db, err := bolt.Open(filepath.Join(dir, "kiosk.db"), 0o600, &bolt.Options{Timeout: time.Second})
	if errors.Is(err, bolterr.ErrTimeout) {
		return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	s := &Spool{db}
	if err := s.recover(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// Close closes it.
func (s *Spool) Close() error { return s.db.Close() }

func (s *Spool) recover() error {
	if err := s.db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	}); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	left, err := s.list(func(e Entry) bool { return e.Stage != Ended })
	if err != nil {
		return err
	}
	for _, e := range left {
		p := wire.Printed{State: "failed", Detail: "abandoned"}
		if e.Stage == Sending {
			p = wire.Printed{State: "unknown", Detail: "fault"}
		}
		if err := s.End(e.Request.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// Ask notes that a ticket is about to be asked for. Asking again changes nothing.
func (s *Spool) Ask(o ticket.OfficeID, r wire.TakeTicket) error {
	return s.change(r.ID, func(e *Entry) {
		if e.Stage == "" {
			*e = Entry{Office: o, Request: r, Stage: Asked}
		}
	})
}

// Step notes how far a ticket came; one that has ended stays so.
func (s *Spool) Step(id ticket.ID, to Stage) error {
	return s.change(id, func(e *Entry) {
		if e.Stage != "" && e.Stage != Ended {
			e.Stage = to
		}
	})
}

// End notes what became of a paper, to be reported; the latest word counts. A ticket
// whose first report is through has no entry any more and gets a new one.
func (s *Spool) End(id ticket.ID, p wire.Printed) error {
	return s.change(id, func(e *Entry) { e.Request.ID, e.Stage, e.Report = id, Ended, &p })
}

// Unreported lists what the server must still be told, oldest ticket first.
func (s *Spool) Unreported() ([]Entry, error) {
	return s.list(func(e Entry) bool { return e.Stage == Ended })
}

// Reported forgets a ticket, unless its report is another one by now.
func (s *Spool) Reported(id ticket.ID, p wire.Printed) error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		var e Entry
		if v := tx.Bucket(bucket).Get(id[:]); v == nil || json.Unmarshal(v, &e) != nil {
			return nil
		}
		if e.Report != nil && *e.Report != p {
			return nil
		}
		return tx.Bucket(bucket).Delete(id[:])
	})
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

func (s *Spool) change(id ticket.ID, change func(*Entry)) error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		var e Entry
		if v := tx.Bucket(bucket).Get(id[:]); v != nil {
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
		}
		change(&e)
		if e.Stage == "" {
			return nil
		}
		v, err := json.Marshal(e)
		if err != nil {
			return err
		}
		return tx.Bucket(bucket).Put(id[:], v)
	})
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

func (s *Spool) list(want func(Entry) bool) (out []Entry, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucket).ForEach(func(_, v []byte) error {
			var e Entry
			if err := json.Unmarshal(v, &e); err != nil {
				return err
			}
			if want(e) {
				out = append(out, e)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return out, nil
}
