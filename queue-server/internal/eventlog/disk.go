package eventlog

import "errors"

// disk is what a log stands on: ordered keys in four buckets, changed by whole
// transactions. Keys and values that it hands out are good until the view or the
// update ends, and nobody writes into them.
type disk interface {
	// update runs change and commits what it put, all or nothing. known is an error
	// from before the commit: nothing was written. unknown is what around returned
	// for the commit. A nil around is the commit alone.
	update(around func(commit func() error) error, change func(writer) error) (known, unknown error)
	view(read func(reader) error) error
	dir() string // whose free space counts; empty: none
	close() error
}

type reader interface {
	get(b bucket, key []byte) []byte // nil: not there
	seek(b bucket, key []byte) cursor
}

// writer changes; what it reads is what was there before.
type writer interface {
	reader
	put(b bucket, key, value []byte) error // keeps value until the commit, not longer
	delete(b bucket, key []byte) error
}

// cursor walks keys upwards, from the first that is not below the one sought. A
// nil key is the end.
type cursor interface {
	next() (key, value []byte)
}

type bucket uint8

const (
	events    bucket = iota // global sequence, 8 bytes big-endian -> stored record
	heads                   // office -> head
	snapshots               // office, 0, sequence in 8 bytes big-endian -> snapshot
	about                   // format, program, kinds
)

var bucketNames = [...]string{events: "events", heads: "heads", snapshots: "snapshots", about: "about"}

var errNotRun = errors.New("the commit was not run")

// guard is around, made safe: a commit that was never run, or whose error was
// swallowed, is not a success.
func guard(around func(commit func() error) error, commit func() error) (ran bool, err error) {
	if around == nil {
		return true, commit()
	}
	var inner error
	outer := around(func() error {
		if ran {
			return inner
		}
		ran = true
		inner = commit()
		return inner
	})
	switch {
	case outer != nil:
		return ran, outer
	case !ran:
		return false, errNotRun
	}
	return true, inner
}
