package flow

import (
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Event is something that happened, with the kiosk's own time of it. Times are
// compared with each other only, so they should carry Go's monotonic reading.
type Event interface{ at() time.Time }

// Tapped: a finger was lifted from a target.
type Tapped struct {
	At     time.Time
	Target Target
}

// Viewed: the office's newest view arrived. Server is the server's wall time.
type Viewed struct {
	At     time.Time
	Server time.Time
	View   wire.KioskView
}

// Line: the connection came or went. Trouble is empty while it is there.
type Line struct {
	At      time.Time
	Trouble Trouble
	Code    string // the refusal's, where there is one
}

// Answered: the server's answer to Ask, or that there was none.
type Answered struct {
	At    time.Time
	ID    ticket.ID
	Taken *wire.TakenTicket // nil: no ticket, see Err
	Err   error             // a *reason.Refusal, or a fault of the line or the server
}

// PrintEnded: the paper's fate, once per Print; a second time where a printer
// confirms late. Detail is a code of wire.Printed.
type PrintEnded struct {
	At     time.Time
	ID     ticket.ID
	Paper  Paper // Printed, NoPaper or Doubtful
	Detail string
}

// PrinterSeen: what the printer says of itself between visitors.
type PrinterSeen struct {
	At    time.Time
	Ready bool
}

// Elapsed: the time of an After is over.
type Elapsed struct {
	At    time.Time
	Timer Timer
}

// Timer names a waiting. One that was overtaken is ignored when it elapses, so
// nobody needs to cancel it.
type Timer struct {
	Kind timerKind
	Turn uint64
}

type timerKind uint8

const (
	idleTimer  timerKind = iota + 1 // nobody touched anything
	countTimer                      // one second of the countdown
	leaveTimer                      // the thank-you page goes by itself
	retryTimer                      // ask again with the same id
	graceTimer                      // the line is still away
)

func (e Tapped) at() time.Time      { return e.At }
func (e Viewed) at() time.Time      { return e.At }
func (e Line) at() time.Time        { return e.At }
func (e Answered) at() time.Time    { return e.At }
func (e PrintEnded) at() time.Time  { return e.At }
func (e PrinterSeen) at() time.Time { return e.At }
func (e Elapsed) at() time.Time     { return e.At }

// Effect is what the kiosk must do because of an event.
type Effect interface{ effect() }

// Show puts a page on the glass.
type Show struct{ Page Page }

// Ask asks the server for a ticket. The same request comes again, with the same
// id, until it is answered or the visitor leaves.
type Ask struct{ Request wire.TakeTicket }

// Print prints the visitor's paper; PrintEnded answers it.
type Print struct {
	Ticket   wire.TakenTicket
	Language string
	Place    wire.Place
	Agency   wire.Text
	Service  wire.Text
}

// Report tells the server what became of a paper.
type Report struct {
	ID      ticket.ID
	Printed wire.Printed
}

// Forget says that the visitor left before this ask was answered: whoever keeps
// asks may stop, and a ticket that it drew after all has no paper.
type Forget struct{ ID ticket.ID }

// After asks for an Elapsed when the time is over.
type After struct {
	Wait  time.Duration
	Timer Timer
}

func (Show) effect()   {}
func (Ask) effect()    {}
func (Print) effect()  {}
func (Report) effect() {}
func (Forget) effect() {}
func (After) effect()  {}
