package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Record is one event with all that is kept about it. Seq counts an office's
// records from 1 without a gap.
type Record struct {
	Office    ticket.OfficeID
	Seq       uint64
	Command   *Command // on a command's first event
	Day       int      // the business day's number; 0 before the first
	At        time.Time
	Plausible bool      // whether the wall clock could be believed at At
	Time      Instant   // office time
	Device    time.Time // what the asking device's clock said; zero: no device
	Actor     Actor
	Counter   ticket.CounterID // where the actor sat; empty: nowhere
	Event     Event
}

// Instant is office time: microseconds that never go back, counted like UTC since
// 1970 as long as the wall clock was right. Order and durations use it, eyes don't.
type Instant int64

// Add moves an instant by a duration.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Microseconds()) }

// Sub is the duration from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Microsecond }

// InstantOf is the office time that a right wall clock stands for.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Moment is the time at which something is decided.
type Moment struct {
	Wall      time.Time
	Plausible bool
	Office    Instant
}

// Command stands on a command's first event: what its repetition needs.
type Command struct {
	Key    string
	Count  int    // how many events it made, this one included
	MAC    []byte // HMAC-SHA-256 of the request, truncated to 16 bytes
	MACKey uint32 // which key made it; once that is destroyed, bodies are no longer compared
	Answer Answer
}

// Answer is what a command's answer rests on, besides the ticket itself.
type Answer struct {
	Ticket Ref          // 0: no ticket
	State  ticket.State // as the command left it
}

// Ref names a ticket inside the log: the sequence of its first event.
type Ref uint64

// ActorKind is who acts.
type ActorKind uint8

const (
	ActorSystem ActorKind = iota + 1
	ActorAccount
	ActorDevice
	ActorVisitor
	ActorPartner
	ActorCommandLine
)

// Actor is who acted: a kind and an opaque id, never a person's name.
type Actor struct {
	Kind ActorKind
	ID   string
}

// Event is something that happened. Every kind has a number of its own on disk
// (see eventlog), so the set is closed here.
type Event interface{ event() }

// EpochBegun is an office's first event, and the first after a restore. Each
// sequence of an open day goes on past Gap, since paper of the lost time may be
// in the hall.
type EpochBegun struct {
	ID  string // UUID
	Gap int
}

// SettingsChanged holds the whole settings from now on.
type SettingsChanged struct{ Settings Settings }

// ClockFollowed moves office time forward to the record's Time, because the wall
// clock could be believed and was ahead.
type ClockFollowed struct{ From Instant }

// DayOpened opens business day Number; Date is its calendar date, 2006-01-02.
type DayOpened struct {
	Number int
	Date   string
}

// DayClosed ends the day: who still waited expires, who was being served is done,
// every counter closes.
type DayClosed struct{ Number int }

// Issued is a ticket's first event; its record's Seq is the ticket's Ref.
type Issued struct {
	Ticket   ticket.ID
	Service  ticket.ServiceID
	Number   ticket.Number
	Class    ticket.Class
	Language string
	Rank     Instant
	Ahead    int // people ahead at that instant, as printed
}

// Called sends a ticket to the record's counter.
type Called struct {
	Ticket Ref
	Pick   Pick
}

// Pick is why this ticket was called: the rule, and the heads it chose among, the
// chosen one first.
type Pick struct {
	Rule  Rule
	Heads []Head // eight at most
}

// Rule names how a pick was made.
type Rule uint8

// LongestWait picks, among the heads of a counter's services, the one of the
// earliest rank.
const LongestWait Rule = 1

// Head is the first of one service's line.
type Head struct {
	Service uint16 // Service.Ref
	Ticket  Ref
}

// Recalled announces a called ticket again.
type Recalled struct{ Ticket Ref }

// Started says that the visitor is at the counter.
type Started struct{ Ticket Ref }

// Finished ends a service. Outcome is a code of the settings, or empty.
type Finished struct {
	Ticket  Ref
	Outcome string
}

// MissedCall says that the visitor did not come.
type MissedCall struct{ Ticket Ref }

// Cancelled says that a ticket was given up, by an officer or its visitor.
type Cancelled struct{ Ticket Ref }

// CounterOpened gives the record's counter to a session. TookOver names the
// session that held it until then.
type CounterOpened struct {
	Session  string
	TookOver string
}

// CounterClosed takes the record's counter out of service.
type CounterClosed struct{}

// Printed says what became of a ticket's paper: confirmed, failed or unknown.
type Printed struct {
	Ticket Ref
	State  string
	Detail string // a code
}

// Spoken says which announcements the record's actor has made.
type Spoken struct{ Announcements []uint64 }

func (EpochBegun) event()      {}
func (SettingsChanged) event() {}
func (ClockFollowed) event()   {}
func (DayOpened) event()       {}
func (DayClosed) event()       {}
func (Issued) event()          {}
func (Called) event()          {}
func (Recalled) event()        {}
func (Started) event()         {}
func (Finished) event()        {}
func (MissedCall) event()      {}
func (Cancelled) event()       {}
func (CounterOpened) event()   {}
func (CounterClosed) event()   {}
func (Printed) event()         {}
func (Spoken) event()          {}
