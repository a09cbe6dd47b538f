package port

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
)

const dialWait = 2 * time.Second

// deadlined is what net.Conn and a pollable os.File have in common.
type deadlined interface {
	Read([]byte) (int, error)
	Write([]byte) (int, error)
	SetWriteDeadline(time.Time) error
	Close() error
}

// stream is a port whose descriptor obeys deadlines.
type stream struct {
	conn    deadlined
	stalled atomic.Bool // the last write did not get through
}

func openTCP(ctx context.Context, a Address) (Port, error) {
	d := net.Dialer{Timeout: dialWait, KeepAlive: 15 * time.Second}
	conn, err := d.DialContext(ctx, "tcp", a.Path)
	if err != nil {
		return nil, err
	}
	return &stream{conn: conn}, nil
}

func (s *stream) Read(p []byte) (int, error) {
	n, err := s.conn.Read(p)
	if err != nil {
		return n, fmt.Errorf("%w: %w", ErrGone, err)
	}
	return n, nil
}

func (s *stream) Write(p []byte) (int, error) {
	done := 0
	s.stalled.Store(false)
	for done < len(p) {
		end := min(done+chunk, len(p))
		if err := s.conn.SetWriteDeadline(time.Now().Add(StallAfter)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
			return done, fmt.Errorf("%w: %w", ErrGone, err)
		}
		n, err := s.conn.Write(p[done:end])
		done += n
		switch {
		case err == nil:
		case errors.Is(err, os.ErrDeadlineExceeded) && n > 0: // it moves
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.stalled.Store(true)
			return done, ErrStalled
		default:
			return done, fmt.Errorf("%w: %w", ErrGone, err)
		}
	}
	return done, nil
}

func (s *stream) Drain() error { return nil }

// Close lets the kernel send what a moving line still has to take, for a
// second at most. To a printer that takes nothing, nothing more is sent: the
// kernel would go on trying, and print the rest of a ticket much later.
func (s *stream) Close() error {
	if t, ok := s.conn.(*net.TCPConn); ok {
		linger := 1
		if s.stalled.Load() {
			linger = 0
		}
		_ = t.SetLinger(linger)
	}
	return s.conn.Close()
}
