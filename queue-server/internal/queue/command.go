package queue

import "antrean/shared/ticket"

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
}

// Cancel gives a ticket up.
type Cancel struct{ ID ticket.ID }

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
)

// ReportSpoken says which announcements a board has made.
type ReportSpoken struct{ Announcements []uint64 }

// OpenDay opens the next business day by hand, its date confirmed (2006-01-02).
type OpenDay struct{ Date string }

// CloseDay ends the open business day by hand.
type CloseDay struct{}

// ChangeSettings replaces the settings.
type ChangeSettings struct{ Settings Settings }
