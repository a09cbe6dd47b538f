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
	Channel  Channel
	Rank     Instant
	Ahead    int      // people ahead at that instant, as printed
	Slot     Slot     // of an appointment; zero: none
	Lease    string   // the lease that its number is of; empty: drawn by the server
	Late     RankFrom // where a late one's rank comes from
}

// Slot is an appointment's window in wall time; zero: no appointment.
type Slot struct{ From, To time.Time }

// RankFrom says what a rank rests on.
type RankFrom uint8

const (
	RankOfArrival RankFrom = iota // at the server
	RankOfAge                     // office time less the age that the kiosk measured
	RankOfReach                   // the time at which it reached the server: the age was unknown
)

// Called sends a ticket to the record's counter.
type Called struct {
	Ticket Ref
	Pick   Pick
}

// Pick is why this ticket was called: the rule, and the heads it chose among, the
// chosen one first.
type Pick struct {
	Rule  Rule
	Turn  Turn   // how the chosen one's line yielded it
	Heads []Head // eight at most
}

// Rule names how a pick was made among the heads of a counter's services.
type Rule uint8

const (
	LongestWait Rule = iota + 1 // the earliest rank
	Preferred                   // the counter's first service with anybody
	Passed                      // a service that had been passed over as often as is allowed
	Helping                     // nobody waited for the counter's own services
	Chosen                      // the officer named the number
)

// Turn names how a service's line yielded its head.
type Turn uint8

const (
	ByRank    Turn = iota + 1 // first come, first served
	ByRatio                   // it was this class's turn
	ByBound                   // somebody had been overtaken as often as is allowed
	ByAbsence                 // nobody of the class whose turn it was
	ToCounter                 // it was sent to this counter
)

// Head is the first of one service's line.
type Head struct {
	Service uint16 // Service.Ref
	Ticket  Ref
}

// Recalled announces a called ticket again.
type Recalled struct{ Ticket Ref }

// Started says that the visitor is at the counter.
type Started struct{ Ticket Ref }

// Finished ends a service. Outcome is a code of the settings, or empty. Where the
// visit goes on, Next is its next service and Rank its place there.
type Finished struct {
	Ticket  Ref
	Outcome string
	Next    ticket.ServiceID
	Rank    Instant
}

// MissedCall says that the visitor did not come.
type MissedCall struct{ Ticket Ref }

// Cancelled says that a ticket was given up, by an officer or its visitor.
type Cancelled struct{ Ticket Ref }

// Returned brings a ticket back into its line after a missed call.
type Returned struct {
	Ticket Ref
	Rank   Instant
}

// Parked takes a ticket from its counter to wait outside the line.
type Parked struct {
	Ticket Ref
	Reason string // a code of the settings
}

// Unparked puts it back into its line, at its rank.
type Unparked struct{ Ticket Ref }

// Transferred sends a ticket to another service, or to one counter.
type Transferred struct {
	Ticket  Ref
	Service ticket.ServiceID
	To      ticket.CounterID // empty: whichever serves the service
	Rank    Instant
}

// ServiceAdded lets the visit go on to another service when this one is finished.
type ServiceAdded struct {
	Ticket  Ref
	Service ticket.ServiceID
}

// ClassChanged gives a ticket another class.
type ClassChanged struct {
	Ticket Ref
	Class  ticket.Class
}

// Due says that an appointment's window has opened: its ticket stands in the
// appointments' line from now on.
type Due struct{ Ticket Ref }

// Undone takes the counter's last action back; Seq is the record that it undoes.
type Undone struct{ Seq uint64 }

// CounterPaused takes a break; CounterResumed ends it.
type CounterPaused struct{ Reason string }

// CounterResumed ends a pause.
type CounterResumed struct{}

// Forced opens or closes a service, or the whole office, against its hours, until
// a time or until it is lifted.
type Forced struct {
	Service ticket.ServiceID // empty: the office
	Open    bool
	Lifted  bool      // back to the hours
	Reason  string    // a closed code
	Until   time.Time // zero: until it is lifted
}

// Leased gives a device numbers of a sequence, to be given out alone, and a share
// of each service's quota.
type Leased struct {
	ID       string
	Device   ticket.DeviceID
	Sequence ticket.SequenceID
	From, To int // the numbers, both included
	Shares   map[ticket.ServiceID]int
}

// LeaseEnded gives back what a lease has left; its numbers are not used again that day.
type LeaseEnded struct{ ID string }

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
func (Returned) event()        {}
func (Parked) event()          {}
func (Unparked) event()        {}
func (Transferred) event()     {}
func (ServiceAdded) event()    {}
func (ClassChanged) event()    {}
func (Due) event()             {}
func (Undone) event()          {}
func (CounterPaused) event()   {}
func (CounterResumed) event()  {}
func (Forced) event()          {}
func (Leased) event()          {}
func (LeaseEnded) event()      {}
