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
	days      []pastDay                            // closed, still in memory, oldest first
	frozen    map[ticket.SequenceID]Sequence       // as they were when the day opened
	drawn     map[ticket.SequenceID]int            // last number of the open day
	taken     map[ticket.ServiceID]int             // tickets of the open day
	channels  map[ticket.ServiceID]map[Channel]int // the same, by channel
	gap       int                                  // a restore's: a sequence not yet drawn from begins after it
	gapDate   string                               // the last date for which the gap holds; empty: that of the next day
	dates     map[string]int                       // the day of each date that was ever opened
	forced    map[ticket.ServiceID]Forcing         // against the hours; of the office under the empty id
	leases    map[string]*Lease                    // until LeaseLife after their day
	leaseAge  []string                             // their ids, the oldest first
	held      map[ticket.ServiceID]int             // places that leases of the open day hold and have not used
	late      []lateRef                            // tickets that came after their day, the earliest arrival first
	lines     map[ticket.ServiceID]*line           // who waits
	sent      map[ticket.CounterID]*tree           // who of them waits for one counter only
	coming    tree                                 // who waits for the window of an appointment, by its beginning
	counters  map[ticket.CounterID]*CounterSeat    // what each counter does
	tickets   map[Ref]*Ticket                      // of the open day and of those in days
	byID      map[ticket.ID]Ref                    // the same tickets
	forgotten map[ticket.ID]struct{}               // ids of older days: keys for ever
	served    int                                  // visits finished on the open day
	calls     map[ticket.ServiceID]int             // calls of the open day
	parked    []Ref                                // parked tickets, by Ref
	missed    []Ref                                // those of the open day that did not come, by Ref

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
	Ref       Ref
	ID        ticket.ID
	Day       int
	Date      string
	Service   ticket.ServiceID
	Number    ticket.Number
	Class     ticket.Class
	Language  string
	State     ticket.State
	Rank      Instant
	Ahead     int // people ahead when it was issued
	Counter   ticket.CounterID
	To        ticket.CounterID // sent to this counter only; empty: whichever serves the service
	Slot      Slot             // of an appointment
	Due       bool             // its window has opened
	DueTime   Instant          // when it did, in office time
	DueBy     Ref              // the record that said so
	Overtaken int              // by later ones of other classes; while it waits its line knows better
	Channel   Channel
	Next      []ticket.ServiceID // the rest of the visit
	Parking   string             // why it is parked
	Missed    Ref                // the record of its last missed call; 0: none
	MissedAt  int                // how many calls its service had had by then
	Returns   int                // how often it has come back into a line after a missed call
	Touched   Ref                // the last record that changed it
	Voiced    Ref                // the record of its last announcement
	Lease     string             // the lease that its number is of
	RankFrom  RankFrom
	Asked     Asked // as it was first asked for
	Calls     int
	Paper     string // confirmed, failed, unknown; empty: nothing reported yet

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
	Current Ref                      // called or being served here; 0: nobody
	Last    Ref                      // the one before
	Served  int                      // finished here on the open day
	Paused  string                   // why it takes a break; empty: it does not
	Passed  map[ticket.ServiceID]int // with Prefers: how often each head was passed over since its last call
	Action  *Action                  // what can be undone
}

// Action is a counter's last action, with what was before it. It is never changed
// in place: snapshots share it.
type Action struct {
	Seq     Ref
	What    Deed
	Time    Instant
	Ticket  *Ticket      // a copy of before; nil: the action was about no ticket
	Seat    *CounterSeat // a copy of before, without its own Action
	Touched Ref          // the ticket's, as the action and the recalls since have left it
	Recent  bool         // the ticket was among State.recent
	Turn    Turn         // of a call: how it came about
	Cycles  [2]Cycle     // of the ticket's line before a call and after
	Lost    Ref          // the one that its call pushed out of State.recent; 0: none
}

// UndoTime is how long an action can be undone, in office time.
const UndoTime = 10 * time.Second

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
		calls:     map[ticket.ServiceID]int{},
		channels:  map[ticket.ServiceID]map[Channel]int{},
		dates:     map[string]int{},
		forced:    map[ticket.ServiceID]Forcing{},
		leases:    map[string]*Lease{},
		held:      map[ticket.ServiceID]int{},
		lines:     map[ticket.ServiceID]*line{},
		sent:      map[ticket.CounterID]*tree{},
		counters:  map[ticket.CounterID]*CounterSeat{},
		tickets:   map[Ref]*Ticket{},
		byID:      map[ticket.ID]Ref{},
		forgotten: map[ticket.ID]struct{}{},
		keys:      map[keyName]KeyEntry{},
	}
}

func (s *State) seat(id ticket.CounterID) *CounterSeat {
	c := s.counters[id]
	if c == nil {
		c = &CounterSeat{}
		s.counters[id] = c
	}
	return c
}
