package printer

import "time"

// State is how far a job has come. Queued, Sending and Sent are passed
// through; Confirmed, Failed and Unknown are final.
type State string

const (
	Queued  State = "queued"  // accepted, waiting for the jobs before it
	Sending State = "sending" // its first byte may be on the line
	Sent    State = "sent"    // its last byte was taken by the line

	// Confirmed: the printer answered a question that it reads only after
	// it has printed and cut the ticket.
	Confirmed State = "confirmed"
	// Failed: not one byte of the ticket was sent. It may be tried again.
	Failed State = "failed"
	// Unknown: bytes are gone and nothing confirms them. The paper may be
	// out, half out, or come out after a paper change. Never tried again
	// without asking a person, and then only as a Copy.
	Unknown State = "unknown"
)

// Final reports whether a job in this state is over.
func (s State) Final() bool { return s == Confirmed || s == Failed || s == Unknown }

// Outcome is the end of a job. Times are zero where that point was not
// reached, and carry Go's monotonic reading, so that differences are true.
type Outcome struct {
	Job   string `json:"job"`
	State State  `json:"state"`

	// Reason is what stood in the way of a Failed or Unknown job, as far as
	// the printer told; empty where it did not.
	Reason Condition `json:"reason,omitempty"`
	Status Status    `json:"status"` // the last that is known of the printer
	Err    error     `json:"-"`      // for the log, never for a visitor
	Bytes  int       `json:"bytes"`  // of the ticket, taken by the line

	Started   time.Time `json:"started"`    // taken from the queue
	FirstByte time.Time `json:"first_byte"` // the first chunk was taken by the line
	LastByte  time.Time `json:"last_byte"`  // the last one was
	Confirmed time.Time `json:"confirmed"`  // the printer's answer was read
}
