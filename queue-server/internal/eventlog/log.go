// Package eventlog keeps the events of every office of a store, in one file that
// only grows: append, replay, snapshot, and a hash chain that shows an edit. It
// knows how a record is stored, and nothing of what it means: no rule of the queue
// is here, and nothing is sent from here. DESIGN.md says why it is as it is.
package eventlog

import (
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Part is what one office wants to append: Records hold the sequences Expected+1,
// Expected+2 and so on.
type Part struct {
	Office   ticket.OfficeID
	Expected uint64 // the office's last sequence that the caller built on
	Records  []queue.Record
}

// Outcome is how the append of a part ended.
type Outcome uint8

const (
	Committed Outcome = iota + 1 // on disk, all of the part's records
	Conflict                     // nothing written: the office's last sequence is not the expected one
	Full                         // nothing written: the disk has less free space than the reserve
	Invalid                      // nothing written: the part's records cannot be stored (a fault of the caller)
	Unknown                      // perhaps on disk: only a log that is opened again can tell
)

var outcomeNames = [...]string{Committed: "committed", Conflict: "conflict", Full: "full", Invalid: "invalid", Unknown: "unknown"}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) && o != 0 {
		return outcomeNames[o]
	}
	return fmt.Sprintf("outcome(%d)", uint8(o))
}

// Result answers one part. Head is the office's last sequence as the log knows it;
// Err is nil exactly where the outcome is Committed.
type Result struct {
	Outcome Outcome
	Head    uint64
	Err     error
}

// Hash is one link of an office's chain: SHA-256 over the link before it (zeros
// before the first record) and the stored bytes of the record that it ends.
type Hash [32]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Position is a place in an office's log, just after a record. The zero Position
// is the beginning.
type Position struct {
	Seq    uint64 // the record's sequence in its office
	Global uint64 // its place among the records of all offices, from 1
	Chain  Hash   // the link that it ends
}

// Options say how a log is opened. The zero Options are right for production but
// for Version.
type Options struct {
	Version string // of this program; named when a log comes from a newer one

	// Reserve is the free space in bytes below which nothing more is appended, so
	// that the disk is never quite full; 0: 64 MiB.
	Reserve uint64
	// FreeSpace tells the free bytes of the disk that holds dir; nil: asks the
	// system (a log in memory: has room for ever).
	FreeSpace func(dir string) (uint64, error)
	// AroundCommit is where tests let a commit fail: it stands around every commit
	// and returns what is taken for the commit's end. nil: the commit alone.
	AroundCommit func(commit func() error) error

	Timeout time.Duration // how long to wait for another holder of the file to let go; 0: one second
	// MapSize is how many bytes of address space the file's map has from the start.
	// A file that outgrows its map makes the writer wait for every open reader.
	// 0: 1 GiB on 64-bit systems, less where a map needs a file of its size.
	MapSize int
}

var (
	// ErrHeld says that the file is open elsewhere.
	ErrHeld = errors.New("another server holds this folder")
	// ErrFull says that the disk's free space is below the reserve.
	ErrFull = errors.New("the disk has less free space than the log's reserve")
	// ErrConflict says that a part was built on another sequence than the last one.
	ErrConflict = errors.New("the office's log has moved on")
	// ErrStopped says that the end of an earlier commit is unknown: the log has to be
	// opened again before anything is believed or appended.
	ErrStopped = errors.New("the log has stopped at a commit whose end is unknown")
	// ErrClosed says that the log has been closed.
	ErrClosed = errors.New("the log is closed")
)

// Damage says where a log is not as it was written. Seq is 0 where the record
// cannot tell which one it is.
type Damage struct {
	Office ticket.OfficeID
	Seq    uint64
	Global uint64 // 0: unknown
	What   string
}

func (d *Damage) Error() string {
	return fmt.Sprintf("the log of office %q is damaged at sequence %d (record %d of the store): %s", d.Office, d.Seq, d.Global, d.What)
}

// Log is an open log. Append and SaveSnapshot take turns; readers never wait for
// them, nor they for readers. All methods may be called from any goroutine.
type Log struct {
	disk    disk
	options Options

	commits sync.Mutex               // held through every commit; taken before mu
	encoder encoder                  // Append's
	working map[ticket.OfficeID]head // the heads that a batch moves, as they will be

	mu      sync.Mutex // guards what follows, and is held for moments only
	heads   map[ticket.OfficeID]head
	last    uint64 // the last global sequence
	about   written
	stopped error // why nothing more is appended; nil while all is well
}
