package wire

import (
	"time"

	"antrean/shared/ticket"
)

// Text is the vocabulary's: a text by language tag.
type Text = ticket.Text

// Problem is RFC 9457's problem+json. Code is the refusal's (snake_case);
// Title and Detail are in the language that was asked for.
type Problem struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail,omitempty"`
	Code   string            `json:"code"`
	Args   map[string]string `json:"args,omitempty"`
}

// TakeTicket asks for a ticket. ID is made by the asker; asking again with the
// same ID is the same ticket.
type TakeTicket struct {
	ID       ticket.ID        `json:"id"`
	Service  ticket.ServiceID `json:"service"`
	Class    ticket.Class     `json:"class,omitempty"`    // regular where empty
	Language string           `json:"language,omitempty"` // the visitor's; the office's default where empty
}

// TakenTicket answers TakeTicket, the same at every repetition.
type TakenTicket struct {
	ID      ticket.ID        `json:"id"`
	Number  ticket.Number    `json:"number"`
	Service ticket.ServiceID `json:"service"`
	Class   ticket.Class     `json:"class"`
	Day     string           `json:"day"`            // business day's date, 2006-01-02
	At      time.Time        `json:"at"`             // server's wall time of issue
	Ahead   int              `json:"ahead"`          // people ahead at that moment
	Link    string           `json:"link,omitempty"` // the visitor's page; empty where the office has no address for phones
	Seq     uint64           `json:"seq"`            // the event's place in the office's log
}

// Printed reports what became of a paper.
type Printed struct {
	State  string `json:"state"`            // confirmed, failed, unknown
	Detail string `json:"detail,omitempty"` // a code: paper_end, cover_open, offline, silent, no_printer, fault, abandoned (nobody waited for the number)
}

// OpenCounter asks to hold a counter.
type OpenCounter struct {
	TakeOver bool `json:"take_over,omitempty"` // also when another session holds it
}

// CounterCommand is the body of recall, start and no-show; call-next, close and
// resume take the empty object.
type CounterCommand struct {
	Ticket *ticket.ID `json:"ticket,omitempty"` // the ticket meant: refused if another is at the counter by now
}

// FinishTicket ends a service; Outcome is a code of CounterView.Outcomes, or empty.
type FinishTicket struct {
	Ticket  *ticket.ID `json:"ticket,omitempty"`
	Outcome string     `json:"outcome,omitempty"`
}

// ParkTicket sets the ticket at the counter aside; Reason is a code of CounterView.Parkings.
type ParkTicket struct {
	Ticket *ticket.ID `json:"ticket,omitempty"`
	Reason string     `json:"reason"`
}

// TransferTicket sends the ticket at the counter to a service, or to one counter.
type TransferTicket struct {
	Ticket  *ticket.ID       `json:"ticket,omitempty"`
	Service ticket.ServiceID `json:"service,omitempty"` // the same one where empty
	Counter ticket.CounterID `json:"counter,omitempty"` // empty: whichever serves the service
}

// AddService lets the visit of the ticket at the counter go on to another service.
type AddService struct {
	Ticket  *ticket.ID       `json:"ticket,omitempty"`
	Service ticket.ServiceID `json:"service"`
}

// CallTicket calls a chosen ticket: waiting, parked or missed.
type CallTicket struct {
	Ticket ticket.ID `json:"ticket"`
}

// AtCounter says at which counter something is asked; empty: at the desk.
type AtCounter struct {
	Counter ticket.CounterID `json:"counter,omitempty"`
}

// ChangeClass gives a ticket another class.
type ChangeClass struct {
	Class ticket.Class `json:"class"`
}

// UndoAction takes back the counter's last action; Seq is CounterView.Undo.Seq.
type UndoAction struct {
	Seq uint64 `json:"seq,omitempty"`
}

// PauseCounter takes a break; Reason is a code of CounterView.Pauses.
type PauseCounter struct {
	Reason string `json:"reason"`
}

// OpenDay opens the next business day with its date confirmed.
type OpenDay struct {
	Date string `json:"date"` // 2006-01-02
}

// Force opens or closes a service, or the office where Service is empty, against
// its hours; Lift goes back to the hours.
type Force struct {
	Service ticket.ServiceID `json:"service,omitempty"`
	Open    bool             `json:"open,omitempty"`
	Lift    bool             `json:"lift,omitempty"`
	Reason  string           `json:"reason,omitempty"` // a closed code, while not open
	Until   *time.Time       `json:"until,omitempty"`
}

// Story is a ticket's life, in sentences of the language asked for.
type Story struct {
	Number    string      `json:"number"`
	Day       string      `json:"day"`
	Sentences []StoryLine `json:"sentences"`
}

// StoryLine is one thing that happened.
type StoryLine struct {
	Seq  uint64    `json:"seq"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	Why  string    `json:"why,omitempty"` // of a call: the rule, in words
}

// CounterAnswer is what a counter's command did.
type CounterAnswer struct {
	Ticket *AnsweredTicket `json:"ticket,omitempty"` // the ticket that the command was about
	At     time.Time       `json:"at"`
	Seq    uint64          `json:"seq"`
}

// AnsweredTicket is a ticket as a command left it, the same at every repetition.
type AnsweredTicket struct {
	ID      ticket.ID        `json:"id"`
	Number  ticket.Number    `json:"number"`
	Service ticket.ServiceID `json:"service"`
	Class   ticket.Class     `json:"class"`
	State   ticket.State     `json:"state"`
}

// Cancelled answers a cancellation.
type Cancelled struct {
	ID  ticket.ID `json:"id"`
	Seq uint64    `json:"seq"`
}

// Spoken is a board's report of the announcements that it has made.
type Spoken struct {
	IDs []uint64 `json:"ids"` // Announcement.ID, 100 at most
}

// Accepted answers a command that has nothing else to say.
type Accepted struct {
	Seq uint64 `json:"seq"`
}

// Login asks for a session; the answer sets a cookie.
type Login struct {
	User     string `json:"user"`
	Password string `json:"password"`
}

// NewPassword replaces the session's own password.
type NewPassword struct {
	Old string `json:"old"`
	New string `json:"new"` // 10 characters at least
}

// Session says who is logged in.
type Session struct {
	User               string            `json:"user"`
	Name               string            `json:"name"`
	Role               string            `json:"role"` // admin, supervisor, officer
	ID                 string            `json:"id"`   // public name of this session; equals CounterView.Holder.Session while it holds one
	Offices            []ticket.OfficeID `json:"offices"`
	MustChangePassword bool              `json:"must_change_password"`
	LineSafe           bool              `json:"line_safe"` // false: the cookie crosses the network in the clear
}

// Device says which device a token belongs to.
type Device struct {
	ID     ticket.DeviceID `json:"id"`
	Office ticket.OfficeID `json:"office"`
	Kind   string          `json:"kind"` // kiosk, board
	Name   string          `json:"name"`
	Zone   ticket.ZoneID   `json:"zone,omitempty"`
}

// Health answers a probe.
type Health struct {
	OK      bool   `json:"ok"`
	Version string `json:"version"`
}
