// Package flow is the kiosk as a state machine: Handle takes what happened and
// says what to do. It holds the visitor's language, the page and the ticket that
// is being asked for. It knows no Fyne, no clock, no network and no disk; it is
// not safe for more than one goroutine.
package flow

import (
	"reflect"
	"slices"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Config is what does not change while the kiosk runs. NewID, Tiles and
// Requirements must be set.
type Config struct {
	NewID        func() ticket.ID
	Languages    []string // that the kiosk has texts for, the default first
	Tiles        int      // choices on a sheet
	Requirements int      // requirements on a sheet
}

// How long things last. A double tap lies below DoubleTap; a line that is away
// for less than Grace is not worth a word.
const (
	DoubleTap    = 400 * time.Millisecond
	Grace        = 4 * time.Second
	Idle         = 45 * time.Second
	Countdown    = 20 // seconds
	LeaveThanks  = 9 * time.Second
	LeaveNoPaper = 20 * time.Second
	LeaveRefused = 20 * time.Second
	RetryFirst   = 500 * time.Millisecond
	RetryMost    = 5 * time.Second
	// HoldThanks bounds how long the thank-you page waits for the printer's word.
	HoldThanks = 25 * time.Second
)

// Flow is one kiosk. Make it with New.
type Flow struct {
	cfg    Config
	view   *wire.KioskView
	today  string
	line   Line
	linked bool // some Line was heard

	page    Page
	shown   bool
	lastTap time.Time
	turn    uint64 // counts what makes older timers meaningless
	retries uint64 // the same for retryTimer
	graces  uint64 // the same for graceTimer

	agency    ticket.AgencyID
	service   ticket.ServiceID
	asking    *wire.TakeTicket
	attempts  int
	paperGone bool
}

// New is a kiosk that has heard nothing yet. Begin says what to show first.
func New(cfg Config) *Flow {
	if len(cfg.Languages) == 0 {
		cfg.Languages = []string{"id"}
	}
	f := &Flow{cfg: cfg}
	f.page = Page{Kind: Away, Trouble: Connecting, Language: cfg.Languages[0], Languages: cfg.Languages[:1]}
	return f
}

// Begin shows the first page. Call it once, before Handle.
func (f *Flow) Begin() []Effect { return f.show(f.page) }

// Handle takes one event and returns what is to be done, in order.
func (f *Flow) Handle(e Event) []Effect {
	switch e := e.(type) {
	case Tapped:
		return f.tapped(e)
	case Viewed:
		return f.viewed(e)
	case Line:
		return f.lineChanged(e)
	case Answered:
		return f.answered(e)
	case PrintEnded:
		return f.printEnded(e)
	case PrinterSeen:
		f.paperGone = !e.Ready
		if f.page.Kind != Start {
			return nil
		}
		return f.start()
	case Elapsed:
		return f.elapsed(e)
	}
	return nil
}

// show puts a page on the glass unless it is there already.
func (f *Flow) show(p Page) []Effect {
	f.frame(&p)
	if f.shown && reflect.DeepEqual(p, f.page) {
		return nil
	}
	f.page, f.shown = p, true
	return []Effect{Show{p}}
}

// frame fills in what every page has.
func (f *Flow) frame(p *Page) {
	if p.Language == "" {
		p.Language = f.page.Language
	}
	p.Languages = f.languages()
	if !slices.Contains(p.Languages, p.Language) {
		p.Language = p.Languages[0]
	}
	if f.view != nil {
		p.Place, p.Today = f.view.Place, f.today
	}
}

// languages are the office's that the kiosk has texts for.
func (f *Flow) languages() []string {
	var both []string
	if f.view != nil {
		for _, l := range f.view.Languages {
			if slices.Contains(f.cfg.Languages, l) && !slices.Contains(both, l) {
				both = append(both, l)
			}
		}
	}
	if len(both) == 0 {
		both = f.cfg.Languages[:1]
	}
	return both
}

// start ends a visit: the start page, in the office's first language, or that no
// ticket can be given.
func (f *Flow) start() []Effect {
	var effects []Effect
	if f.asking != nil {
		effects = append(effects, Forget{f.asking.ID})
	}
	f.agency, f.service, f.asking, f.attempts = "", "", nil, 0
	f.turn++
	if f.view == nil || f.down() {
		return append(effects, f.away()...)
	}
	p := Page{Kind: Start, Language: f.languages()[0], PaperGone: f.paperGone, Closed: f.closedHall()}
	return append(effects, f.show(p)...)
}

// closedHall is why nothing can be taken at all, nil where something can.
func (f *Flow) closedHall() *wire.Closed {
	all := make([]wire.Service, 0, 32)
	for _, a := range f.view.Agencies {
		all = append(all, a.Services...)
	}
	if len(all) == 0 {
		return &wire.Closed{Code: "no_day"}
	}
	return closedTogether(all)
}

// closedTogether is nil where one of the services is open; else the closing that
// ends first.
func closedTogether(all []wire.Service) *wire.Closed {
	var first *wire.Closed
	for _, s := range all {
		switch {
		case s.Closed == nil:
			return nil
		case first == nil, s.Closed.OpensAt != nil && (first.OpensAt == nil || s.Closed.OpensAt.Before(*first.OpensAt)):
			first = s.Closed
		}
	}
	return first
}

// idle starts the wait after which a visitor is taken to have left.
func (f *Flow) idle() []Effect {
	f.turn++
	return []Effect{After{Idle, Timer{idleTimer, f.turn}}}
}

// refuse shows why not, and leaves by itself.
func (f *Flow) refuse(code string, closed *wire.Closed) []Effect {
	p := Page{Kind: Refused, Code: code, Closed: closed, Agency: f.page.Agency, Service: f.page.Service}
	f.turn++
	return append(f.show(p), After{LeaveRefused, Timer{leaveTimer, f.turn}})
}

func retryable(err error) bool {
	r, refusal := reason.Of(err)
	return !refusal || r.Kind == reason.Unavailable || r.Kind == reason.TooMany
}
