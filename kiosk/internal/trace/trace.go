// Package trace writes what a kiosk shows and when things happened, one JSON
// object a line, for end-to-end tests and for a technician who measures. It holds
// no link and nothing about a person.
package trace

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"antrean/shared/ticket"
)

// What happened.
const (
	Shown     = "shown"      // a page was put on the glass
	Tapped    = "tap"        // a finger was lifted from a target
	Taken     = "taken"      // the server's answer with the number arrived
	FirstByte = "first_byte" // of the paper, taken by the printer's line
	LastByte  = "last_byte"  //
	Confirmed = "confirmed"  // the printer said that the paper is out
)

// Record is one line. Page, Language, Sheet, Sheets, Paper and Taps belong to
// Shown; Name to Tapped; Ticket and Number to the others.
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

// Of is a milestone of a ticket.
func Of(what string, at time.Time, id ticket.ID, number string) Record {
	return Record{T: at.UnixMicro(), What: what, Ticket: &id, Number: number}
}

// File is where records go. A nil *File takes them and writes nothing.
type File struct {
	mu  sync.Mutex
	f   *os.File
	err error
}

// Open begins a file anew.
func Open(path string) (*File, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return &File{f: f}, nil
}

// Write adds a line, at once. Its first error is Close's.
func (t *File) Write(r Record) {
	if t == nil {
		return
	}
	b, err := json.Marshal(r)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		_, err = t.f.Write(append(b, '\n'))
	}
	if t.err == nil {
		t.err = err
	}
}

// Close ends the file.
func (t *File) Close() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.f.Close(); t.err == nil {
		t.err = err
	}
	return t.err
}
