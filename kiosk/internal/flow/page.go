package flow

import (
	"strings"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Kind is which page is on the glass.
type Kind string

const (
	Away     Kind = "away"     // no ticket can be given: Page.Trouble says why
	Start    Kind = "start"    // languages, each named in itself
	Agencies Kind = "agencies" //
	Services Kind = "services" // of one agency
	Confirm  Kind = "confirm"  // what to bring, before the ticket is drawn
	Taking   Kind = "taking"   // the server is being asked
	Thanks   Kind = "thanks"   // the number
	Refused  Kind = "refused"  // no, why, and what to do instead
)

// Trouble is why no ticket can be given. All but the first two are for the
// technician.
type Trouble string

const (
	Connecting  Trouble = "connecting"
	Offline     Trouble = "offline"
	BadToken    Trouble = "bad_token"    // wrong or revoked
	WrongDevice Trouble = "wrong_device" // the token is a board's
	NoView      Trouble = "no_view"      // the server refuses the kiosk's topic; Page.Code says why
)

// Paper is what is known of the visitor's paper.
type Paper string

const (
	Printing Paper = "printing"
	Printed  Paper = "printed" // the printer confirmed it
	NoPaper  Paper = "none"    // not one byte was sent
	Doubtful Paper = "unknown" // perhaps it comes out, perhaps not
)

// Target names what a finger can touch. The names are stable: a trace writes
// them, and an end-to-end test looks for them.
type Target string

const (
	Back         Target = "back"
	Home         Target = "home" // leaves the visit
	NextPage     Target = "next_page"
	PreviousPage Target = "previous_page"
	Take         Target = "take"
	StillHere    Target = "still_here" // answers the countdown; more time on the thank-you page
	Done         Target = "done"
)

const (
	languagePrefix = "language:"
	agencyPrefix   = "agency:"
	servicePrefix  = "service:"
)

// LanguageTarget, AgencyTarget and ServiceTarget name a choice.
func LanguageTarget(lang string) Target             { return Target(languagePrefix + lang) }
func AgencyTarget(id ticket.AgencyID) Target        { return Target(agencyPrefix + string(id)) }
func ServiceTarget(id ticket.ServiceID) Target      { return Target(servicePrefix + string(id)) }
func (t Target) after(prefix string) (string, bool) { return strings.CutPrefix(string(t), prefix) }

// Tile is a choice on a page of agencies or services.
type Tile struct {
	Target  Target
	Name    wire.Text
	Waiting int          // people waiting; of all its services for an agency
	Closed  *wire.Closed // greyed, and says why; it can still be touched
}

// Page is everything that the glass shows, whole: whoever draws it needs nothing
// else and keeps nothing.
type Page struct {
	Kind      Kind
	Language  string
	Languages []string // in the office's order; never empty
	Place     wire.Place
	Today     string // the office's date at the server, 2006-01-02; empty where unknown

	Trouble Trouble // Away
	Code    string  // Refused, and Away with NoView: the refusal's or the closing's code
	Closed  *wire.Closed

	Agency       wire.Text // Services and on: the choice so far
	Service      wire.Text // Confirm and on
	Tiles        []Tile
	Requirements []wire.Text // Confirm: those on this sheet
	Sheet        int         // from 1; 0 where the page has only one
	Sheets       int

	Changed   bool // the office's settings took away what the visitor had chosen
	Retrying  bool // Taking: the line is poor, the same ticket is being asked for again
	PaperGone bool // Start: the last paper failed, so numbers are shown, not printed
	Ticket    *wire.TakenTicket
	Paper     Paper

	Countdown int // seconds left to say "I am still here"; 0: no such question
}

// Touchable lists the page's targets in reading order. A tap on anything else is
// not the visitor's intention: it was meant for a page that is gone.
func (p Page) Touchable() []Target {
	if p.Countdown > 0 {
		return []Target{StillHere, Home}
	}
	var t []Target
	if p.Kind != Away && p.Kind != Taking {
		for _, l := range p.Languages {
			if p.Kind == Start || l != p.Language {
				t = append(t, LanguageTarget(l))
			}
		}
	}
	for _, tile := range p.Tiles {
		t = append(t, tile.Target)
	}
	switch p.Kind {
	case Agencies:
		t = append(t, p.sheetTargets(Home)...)
	case Services:
		t = append(t, p.sheetTargets(Back, Home)...)
	case Confirm:
		t = append(t, p.sheetTargets(Back, Home)...)
		t = append(t, Take)
	case Taking:
		if p.Retrying {
			t = append(t, Home)
		}
	case Thanks:
		if p.Paper == NoPaper || p.Paper == Doubtful {
			t = append(t, StillHere)
		}
		t = append(t, Done)
	case Refused:
		t = append(t, Back, Home)
	}
	return t
}

func (p Page) sheetTargets(t ...Target) []Target {
	if p.Sheet > 1 {
		t = append(t, PreviousPage)
	}
	if p.Sheet < p.Sheets {
		t = append(t, NextPage)
	}
	return t
}

func (p Page) touchable(t Target) bool {
	for _, x := range p.Touchable() {
		if x == t {
			return true
		}
	}
	return false
}

// Zone is the office's time zone, UTC where this machine does not know it.
func Zone(p wire.Place) *time.Location {
	if l, err := time.LoadLocation(p.TimeZone); err == nil {
		return l
	}
	return time.UTC
}
