package port

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What can be wrong with a port. They come wrapped; test with errors.Is.
var (
	// ErrStalled: the other side takes no bytes. The port still works, and
	// the rest may be written later.
	ErrStalled = errors.New("the printer takes no more bytes")
	// ErrGone: unplugged, hung up or closed. Open it again.
	ErrGone = errors.New("the port is gone")
	// ErrTaken: another program, or another part of this one, has it.
	ErrTaken = errors.New("the port is in use by another program")
)

// StallAfter is how long a Write waits for the line to take one more byte.
const StallAfter = 400 * time.Millisecond

// chunk is the most that is handed to a driver at once, so that a stall is
// noticed where it happens and not a buffer later.
const chunk = 256

// Port is an open line. One goroutine reads, one writes, and any may Close.
type Port interface {
	// Read blocks until there is at least a byte. It fails with ErrGone once
	// the port is closed or lost.
	Read(p []byte) (int, error)
	// Write fails with ErrStalled after StallAfter without progress, and
	// says how much was taken before.
	Write(p []byte) (int, error)
	// Drain waits until what was written has left this machine, as far as
	// the driver can tell: on TCP and on pseudo-terminals it cannot. It
	// fails with ErrStalled after StallAfter without progress.
	Drain() error
	// Close gives up what is not sent, after draining for at most a second
	// where the line still moves.
	Close() error
}

// Open opens a. It takes at most a few seconds, or until ctx ends; ctx does
// not matter afterwards.
func Open(ctx context.Context, a Address) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var p Port
	var err error
	switch a.Scheme {
	case Serial:
		p, err = openSerial(a)
	case TCP:
		p, err = openTCP(ctx, a)
	case File:
		p, err = openFile(a)
	default:
		err = fmt.Errorf("unknown kind %q", a.Scheme)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", a, err)
	}
	return p, nil
}
