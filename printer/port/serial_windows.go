package port

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tarm/serial"
)

// serialPort on Windows: the driver gives the port to one program only, and
// there is no companion descriptor, so flow control must be set on the
// printer's side to none. A Write that blocks is left to its own goroutine and
// the port is then good for nothing but Close.
type serialPort struct {
	tty    *serial.Port
	closed atomic.Bool
	stuck  sync.Mutex // held by the write in flight
}

func openSerial(a Address) (Port, error) {
	if a.Flow != FlowNone {
		return nil, fmt.Errorf("flow control %s is only supported on Linux", a.Flow)
	}
	tty, err := serial.OpenPort(&serial.Config{Name: a.Path, Baud: a.Baud, ReadTimeout: 100 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	return &serialPort{tty: tty}, nil
}

func (p *serialPort) Read(b []byte) (int, error) {
	for {
		n, err := p.tty.Read(b)
		switch {
		case p.closed.Load():
			return 0, ErrGone
		case n > 0:
			return n, nil
		case err != nil && !errors.Is(err, io.EOF):
			return 0, fmt.Errorf("%w: %w", ErrGone, err)
		}
	}
}

func (p *serialPort) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if !p.stuck.TryLock() {
			return done, ErrStalled
		}
		type result struct {
			n   int
			err error
		}
		piece := append([]byte(nil), b[done:min(done+chunk, len(b))]...)
		written := make(chan result, 1)
		go func() {
			defer p.stuck.Unlock()
			n, err := p.tty.Write(piece)
			written <- result{n, err}
		}()
		select {
		case r := <-written:
			done += r.n
			if r.err != nil {
				return done, fmt.Errorf("%w: %w", ErrGone, r.err)
			}
		case <-time.After(StallAfter):
			return done, ErrStalled
		}
	}
	return done, nil
}

func (p *serialPort) Drain() error { return nil }

func (p *serialPort) Close() error {
	p.closed.Store(true)
	return p.tty.Close()
}
