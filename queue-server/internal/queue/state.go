// Package queue is the core: the rules of an office's lines. It turns a command
// and a time into events or a refusal, and folds events into the state. It knows
// no clock, disk, network, JSON or goroutine; the same records always give the
// same state.
package queue

import (
	"time"

	"antrean/shared/ticket"
)

// State is an office as its records have made it. It belongs to one goroutine.
// Whoever reads it gets copies, or must not keep what it points at.
type State struct {
	office   ticket.OfficeID
	epoch    string
	seq      uint64
	time     Instant   // of the last record
	believed time.Time // wall time of the last record stamped while plausible

	settings *Settings
	index    index

	day       Day
	days      []pastDay                         // closed, still in memory, oldest first
	frozen    map[ticket.SequenceID]Sequence    // as they were when the day opened
	drawn     map[ticket.SequenceID]int         // last number of the open day
	taken     map[ticket.ServiceID]int          // tickets of the open day
	lines     map[ticket.ServiceID]*line        // who waits
	counters  map[ticket.CounterID]*CounterSeat // what each counter does
	tickets   map[Ref]*Ticket                   // of the open day and of those in days
	byID      map[ticket.ID]Ref                 // the same tickets
	forgotten map[ticket.ID]struct{}            // ids of older days: keys for ever
	served    int                               // finished on the open day

	keys    map[keyName]KeyEntry
	keyLife []keyAge // in the order of their end

	announcements []Announcement
	recent        []Ref // tickets in the order of their latest call, the latest last
}

// Day is the business day.
type Day struct {
	Number int
	Date   string // 2006-01-02
	Open   bool
	Ended  Instant // when it was closed
	First  Ref     // the sequence of the event that opened it: every ticket of the day has a greater Ref
}

type pastDay struct {
	day     Day
	tickets []Ref
}

// Ticket is one visit.
type Ticket struct {
	Ref      Ref
	ID       ticket.ID
	Day      int
	Date     string
	Service  ticket.ServiceID
	Number   ticket.Number
	Class    ticket.Class
	Language string
	State    ticket.State
	Rank     Instant
	Ahead    int // people ahead when it was issued
	Counter  ticket.CounterID
	Calls    int
	Paper    string // confirmed, failed, unknown; empty: nothing reported yet

	// Wall times, to be shown; zero: not yet.
	Taken, Called, Started, Ended time.Time
	// Office times, to be reckoned with; 0: not yet.
	TakenTime, CalledTime, StartedTime, EndedTime Instant
}

// CounterSeat is what a counter is doing.
type CounterSeat struct {
	Open    bool
	Session string
	Account string
	Current Ref // called or being served here; 0: nobody
	Last    Ref // the one before
	Served  int // finished here on the open day
}

// Announcement is a call to be shown and spoken, for a few minutes.
type Announcement struct {
	ID      uint64 // the sequence of its event
	At      time.Time
	Time    Instant
	Ticket  Ref
	Counter ticket.CounterID
	Recall  bool
}

// AnnouncementLife is how long, in office time, an announcement stays in the view.
const AnnouncementLife = 5 * time.Minute

// KeyLife is how long, in office time, keys and closed days stay in memory.
const KeyLife = 48 * time.Hour

const recentKept = 24

// New is the state of an office before its first record.
func New(office ticket.OfficeID) *State {
	return &State{
		office:    office,
		frozen:    map[ticket.SequenceID]Sequence{},
		drawn:     map[ticket.SequenceID]int{},
		taken:     map[ticket.ServiceID]int{},
		lines:     map[ticket.ServiceID]*line{},
		counters:  map[ticket.CounterID]*CounterSeat{},
		tickets:   map[Ref]*Ticket{},
		byID:      map[ticket.ID]Ref{},
		forgotten: map[ticket.ID]struct{}{},
		keys:      map[keyName]KeyEntry{},
	}
}

// line is who waits for a service, in the order of (rank, ref).
type line struct{ places []place }

type place struct {
	rank Instant
	ref  Ref
}

func (p place) before(q place) bool {
	return p.rank < q.rank || p.rank == q.rank && p.ref < q.ref
}

// find is the place's index, or where it would stand.
func (l *line) find(p place) int {
	lo, hi := 0, len(l.places)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if l.places[mid].before(p) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (l *line) add(p place) {
	if n := len(l.places); n == 0 || l.places[n-1].before(p) {
		l.places = append(l.places, p)
		return
	}
	i := l.find(p)
	l.places = append(l.places, place{})
	copy(l.places[i+1:], l.places[i:])
	l.places[i] = p
}

func (l *line) remove(p place) {
	i := l.find(p)
	if i >= len(l.places) || l.places[i] != p {
		return
	}
	if i == 0 { // the common case: the head leaves
		l.places = l.places[1:]
		return
	}
	l.places = append(l.places[:i], l.places[i+1:]...)
}

func (s *State) line(id ticket.ServiceID) *line {
	l := s.lines[id]
	if l == nil {
		l = &line{}
		s.lines[id] = l
	}
	return l
}

func (s *State) seat(id ticket.CounterID) *CounterSeat {
	c := s.counters[id]
	if c == nil {
		c = &CounterSeat{}
		s.counters[id] = c
	}
	return c
}
