package loop

import (
	"time"

	"antrean/shared/ticket"
)

// What a Record of the kiosk's trace says.
const (
	Shown     = "shown"      // a page was put on the glass
	Tapped    = "tap"        // a finger was lifted from a target
	Taken     = "taken"      // the server's answer with the number arrived
	FirstByte = "first_byte" // of the paper, taken by the printer's line
	LastByte  = "last_byte"  //
	Confirmed = "confirmed"  // the printer said that the paper is out
)

// Record is one line of the kiosk's trace. Page, Language, Sheet, Sheets, Paper and
// Taps belong to Shown; Name to Tapped; Ticket and Number to the others.
type Record struct {
	T        int64      `json:"t"` // microseconds since 1970, by this machine's wall clock
	What     string     `json:"what"`
	Page     string     `json:"page,omitempty"`
	Language string     `json:"language,omitempty"`
	Sheet    int        `json:"sheet,omitempty"`
	Sheets   int        `json:"sheets,omitempty"`
	Paper    string     `json:"paper,omitempty"`
	Waiting  int        `json:"countdown,omitempty"`
	Taps     []Tap      `json:"taps,omitempty"`
	Name     string     `json:"name,omitempty"`
	Ticket   *ticket.ID `json:"ticket,omitempty"`
	Number   string     `json:"number,omitempty"`
}

// Tap is where a target is, in pixels of the screen.
type Tap struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	X     int    `json:"x"`
	Y     int    `json:"y"`
	W     int    `json:"w"`
	H     int    `json:"h"`
}

// milestone is a Record of what became of a ticket.
func milestone(what string, at time.Time, id ticket.ID, number string) Record {
	return Record{T: at.UnixMicro(), What: what, Ticket: &id, Number: number}
}
