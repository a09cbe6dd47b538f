package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Ask is a command: something that somebody wants to happen. Deciding it touches
// nothing; it returns what would happen, or a refusal (reason.Refusal).
type Ask interface {
	Decide(s *State, now Moment) (Decision, error)
}

// Decision is what a command leads to.
type Decision struct {
	Events  []Event
	Counter ticket.CounterID // where, for the record; empty: nowhere
	Answer  Answer
	Before  bool // it has happened before: no events, and Answer is the old one
}

// Take asks for a ticket. The same ID asked again is the same ticket.
type Take struct {
	ID       ticket.ID
	Service  ticket.ServiceID
	Class    ticket.Class // regular where empty
	Language string       // the office's first where empty
	Channel  Channel      // the kiosk where empty
}

// CheckIn brings an appointment into the line. Within Early before and Late after
// its slot it is an appointment; earlier it is refused; later it is a walk-in.
type CheckIn struct {
	ID          ticket.ID
	Service     ticket.ServiceID
	Language    string
	Slot        Slot
	Early, Late time.Duration
}

// Arrive brings a ticket that a kiosk gave out alone, of its lease. It is never
// refused while it is of the lease. Age is how long ago the kiosk gave it out, by
// the kiosk's own monotonic clock; negative: unknown.
type Arrive struct {
	ID       ticket.ID
	Lease    string
	Device   ticket.DeviceID
	N        int
	Service  ticket.ServiceID
	Class    ticket.Class
	Language string
	Age      time.Duration
}

// GrantLease reserves Count numbers of a sequence for a device, and of each of the
// sequence's services with a quota up to Share places.
type GrantLease struct {
	ID       string
	Device   ticket.DeviceID
	Sequence ticket.SequenceID
	Count    int
	Share    int
}

// EndLease gives a lease back.
type EndLease struct {
	ID     string
	Device ticket.DeviceID
}

// Cancel gives a ticket up. Counter and Session are an officer's at a counter, who
// may also give up the one being served there; empty: the visitor or the desk.
type Cancel struct {
	ID      ticket.ID
	Counter ticket.CounterID
	Session string
}

// ReportPrint says what became of a ticket's paper.
type ReportPrint struct {
	ID            ticket.ID
	State, Detail string
}

// OpenCounter gives a counter to a session; TakeOver also takes it from another.
type OpenCounter struct {
	Counter  ticket.CounterID
	Session  string
	TakeOver bool
}

// CloseCounter gives it back.
type CloseCounter struct {
	Counter ticket.CounterID
	Session string
}

// CallNext calls the next ticket to a counter.
type CallNext struct {
	Counter ticket.CounterID
	Session string
}

// AtCounter is a command about the ticket at a counter. Ticket, where it is not
// zero, must be the one that is there.
type AtCounter struct {
	Counter ticket.CounterID
	Session string
	Ticket  ticket.ID
}

type (
	Recall struct{ AtCounter } // announce it again
	Start  struct{ AtCounter } // the visitor is here
	Finish struct {            // done
		AtCounter
		Outcome string
	}
	Miss struct{ AtCounter } // the visitor did not come
	Park struct {            // to wait outside the line
		AtCounter
		Reason string
	}
	Transfer struct { // to a service, or to one counter
		AtCounter
		Service ticket.ServiceID // the same one where empty
		To      ticket.CounterID // empty: whichever serves it
	}
	AddService struct { // the visit goes on there when this one is finished
		AtCounter
		Service ticket.ServiceID
	}
)

// CallChosen calls a waiting, parked or missed ticket by its number's id.
type CallChosen struct {
	Counter ticket.CounterID
	Session string
	Ticket  ticket.ID
}

// GiveBack brings a late-comer back into the line after a missed call.
type GiveBack struct {
	ID      ticket.ID
	Counter ticket.CounterID // where it is asked; empty: at the desk
}

// Unpark puts a parked ticket back into its line.
type Unpark struct {
	ID      ticket.ID
	Counter ticket.CounterID
}

// ChangeClass gives a ticket another class.
type ChangeClass struct {
	ID    ticket.ID
	Class ticket.Class
}

// Undo takes back the last action at a counter, within UndoTime. Seq, where it is
// not 0, must be that action's record.
type Undo struct {
	Counter ticket.CounterID
	Session string
	Seq     uint64
}

// Pause takes a break at a counter, with a reason of the settings; Resume ends it.
type Pause struct {
	Counter ticket.CounterID
	Session string
	Reason  string
}

// Resume ends a pause.
type Resume struct {
	Counter ticket.CounterID
	Session string
}

// Force opens or closes a service, or the office where Service is empty, against
// its hours; Lift goes back to the hours.
type Force struct {
	Service ticket.ServiceID
	Open    bool
	Lift    bool
	Reason  string
	Until   time.Time
}

// ReportSpoken says which announcements a board has made.
type ReportSpoken struct{ Announcements []uint64 }

// OpenDay opens the next business day by hand, its date confirmed (2006-01-02).
type OpenDay struct{ Date string }

// CloseDay ends the open business day by hand.
type CloseDay struct{}

// ChangeSettings replaces the settings.
type ChangeSettings struct{ Settings Settings }
