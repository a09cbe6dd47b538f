// Package printer turns a ticket into paper and says what became of it: a
// Printer owns one port, asks before it sends, and afterwards waits for the
// printer's own word that the ticket was printed and cut. It keeps nothing on
// disk and never prints anything twice by itself; see DESIGN.md.
package printer

import (
	"context"
	"log/slog"
	"time"
)

// DefaultProfile suits most 80 mm printers.
const DefaultProfile = "generic80"

// Config says which printer, and how long to wait for it. Zero durations take
// the defaults named beside them.
type Config struct {
	// Address in the syntax of port.Parse: "serial:/dev/ttyUSB0?baud=19200",
	// "tcp:192.168.1.50:9100" or "file:/dev/usb/lp0".
	Address string
	// Profile is a name of escpos.Profiles or the path of a profile's TOML
	// file. Empty means DefaultProfile.
	Profile string

	AnswerWait  time.Duration // for each real-time question: 400 ms
	ConfirmWait time.Duration // from the last byte to the confirmation: 5 s
	StallWait   time.Duration // with no byte taken, in the middle of a ticket: 3 s

	// Late is called, from the printer's own goroutine, when a job that
	// ended Unknown is confirmed after all, for example after a paper
	// change. It must not call the Printer. May be nil.
	Late func(Outcome)
	Log  *slog.Logger // nil: slog.Default()
}

// Job is one ticket to print.
type Job struct {
	ID     string // the caller's own; comes back in the Outcome
	Ticket Ticket

	// Progress is called, from the printer's own goroutine, as the job
	// becomes Sending and Sent. Sending comes before the first byte: a spool
	// that notes it on disk there can tell, after a power cut, a job that
	// may be on paper from one that cannot. An error then ends the job as
	// Failed, with nothing sent. It must not call the Printer. May be nil.
	Progress func(State) error
}

// Open checks cfg and starts the printer's goroutine, which ctx or Close
// ends. A printer that is unplugged or off is no error: it is Absent or
// Silent in its Status, and the port is opened again when it is next needed.
// Open fails only for an address or profile that cannot be meant.
func Open(ctx context.Context, cfg Config) (*Printer, error) { return open(ctx, cfg) }
