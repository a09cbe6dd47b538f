package port

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tarm/serial"
	"golang.org/x/sys/unix"
)

// serialPort is a tarm/serial port with a companion: a second descriptor of
// the same terminal, opened non-blocking. tarm opens the line, sets rate and
// framing, and reads; the companion does what tarm cannot: flow control,
// exclusiveness, knowing before a read or write whether it would block, and
// writing without blocking (POLLOUT promises room for one byte, and tarm's own
// Write would wait for the other 255, for ever, and Close behind it).
type serialPort struct {
	tty      *serial.Port
	fd       int // the companion
	wake     int // an eventfd: readable once closed, so that no poll outlives Close
	exclFree func()

	reading sync.Mutex // held in Read
	writing sync.Mutex // held in Write and Drain
	closed  atomic.Bool
	stalled atomic.Bool // the last write or drain did not get through
	once    sync.Once
	err     error
}

// openSerial takes the port's lock before tarm touches the line: opening it a
// second time would reset the settings of whoever uses it.
func openSerial(a Address) (Port, error) {
	fd, err := unix.Open(a.Path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.EBUSY) {
		return nil, ErrTaken
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: a.Path, Err: err}
	}
	p := &serialPort{fd: fd, wake: -1}
	if err := p.claim(a); err != nil {
		_ = p.release()
		return nil, err
	}
	return p, nil
}

func (p *serialPort) claim(a Address) error {
	// TIOCEXCL does not stop root, and two openings can race to it. This
	// lock is on the device's own inode, so it holds for every name of the
	// device, and nothing is left behind by a crash.
	if err := unix.Flock(p.fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			return ErrTaken
		}
		return fmt.Errorf("lock: %w", err)
	}
	free, err := lockFile(p.fd)
	if err != nil {
		return err
	}
	p.exclFree = free

	if p.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	// The read time-out only matters if a byte that poll saw is taken by
	// somebody else.
	p.tty, err = serial.OpenPort(&serial.Config{Name: a.Path, Baud: a.Baud, ReadTimeout: 100 * time.Millisecond})
	if err != nil {
		return err
	}
	if err := unix.IoctlSetInt(p.fd, unix.TIOCEXCL, 0); err != nil {
		return fmt.Errorf("exclusive: %w", err)
	}
	// What came in before is an answer to nobody who is still there.
	_ = unix.IoctlSetInt(p.fd, unix.TCFLSH, unix.TCIFLUSH)
	return p.setFlow(a.Flow)
}

func (p *serialPort) setFlow(f Flow) error {
	t, err := unix.IoctlGetTermios(p.fd, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("line settings: %w", err)
	}
	switch f {
	case FlowRTSCTS:
		t.Cflag |= unix.CRTSCTS
	case FlowXONXOFF:
		t.Iflag |= unix.IXON
		t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = 0x11, 0x13
	case FlowNone:
		return nil
	}
	if err := unix.IoctlSetTermios(p.fd, unix.TCSETS, t); err != nil {
		return fmt.Errorf("flow control %s: %w", f, err)
	}
	return nil
}

// ready waits for ev on the companion. It reports false after the time-out.
func (p *serialPort) ready(ev int16, wait time.Duration) (bool, error) {
	end := time.Now().Add(wait)
	for {
		if p.closed.Load() {
			return false, ErrGone
		}
		fds := []unix.PollFd{{Fd: int32(p.fd), Events: ev}, {Fd: int32(p.wake), Events: unix.POLLIN}}
		ms := int(max(0, time.Until(end)).Milliseconds())
		if wait < 0 {
			ms = -1
		}
		n, err := unix.Poll(fds, ms)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("%w: poll: %w", ErrGone, err)
		}
		if n == 0 {
			return false, nil
		}
		got := fds[0].Revents
		if fds[1].Revents != 0 || (got&ev == 0 && got != 0) {
			return false, ErrGone
		}
		// A line that hung up is also readable and writable.
		if got&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0 {
			return false, ErrGone
		}
		return true, nil
	}
}

func (p *serialPort) Read(b []byte) (int, error) {
	p.reading.Lock()
	defer p.reading.Unlock()
	for {
		if _, err := p.ready(unix.POLLIN, -1); err != nil {
			return 0, err
		}
		n, err := p.tty.Read(b)
		if n > 0 {
			return n, nil
		}
		if err != nil && !errors.Is(err, io.EOF) { // EOF is tarm's time-out
			return 0, fmt.Errorf("%w: %w", ErrGone, err)
		}
	}
}

func (p *serialPort) Write(b []byte) (int, error) {
	p.writing.Lock()
	defer p.writing.Unlock()
	done := 0
	for done < len(b) {
		ok, err := p.ready(unix.POLLOUT, StallAfter)
		if err != nil {
			return done, err
		}
		p.stalled.Store(!ok)
		if !ok {
			return done, ErrStalled
		}
		n, err := unix.Write(p.fd, b[done:min(done+chunk, len(b))])
		switch {
		case err == nil:
			done += n
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		default:
			return done, fmt.Errorf("%w: %w", ErrGone, err)
		}
	}
	return done, nil
}

// drainStep is how often the driver's queue is looked at: about ten bytes at
// 19200 baud.
const drainStep = 5 * time.Millisecond

func (p *serialPort) Drain() error {
	p.writing.Lock()
	defer p.writing.Unlock()
	err := p.drain(time.Time{})
	p.stalled.Store(errors.Is(err, ErrStalled))
	return err
}

// drain waits until the driver's queue is empty, or until end, if that is set.
func (p *serialPort) drain(end time.Time) error {
	last, moved := -1, time.Now()
	for {
		n, err := unix.IoctlGetInt(p.fd, unix.TIOCOUTQ)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrGone, err)
		}
		now := time.Now()
		if n != last {
			last, moved = n, now
		}
		switch {
		case n == 0:
			return nil
		case now.Sub(moved) > StallAfter, !end.IsZero() && now.After(end):
			return ErrStalled
		}
		// Nothing to be read here: this only sleeps, and Close wakes it.
		if _, err := p.ready(0, drainStep); err != nil && end.IsZero() {
			return err
		} else if err != nil {
			time.Sleep(drainStep)
		}
	}
}

// Close first lets readers and writers go (they poll, so they are quick), then
// lifts an XOFF and throws the unsent rest away: otherwise the kernel would
// wait up to half a minute for a printer that takes nothing.
func (p *serialPort) Close() error {
	p.once.Do(func() {
		p.closed.Store(true)
		_, _ = unix.Write(p.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
		p.reading.Lock()
		defer p.reading.Unlock()
		p.writing.Lock()
		defer p.writing.Unlock()
		if !p.stalled.Load() {
			_ = p.drain(time.Now().Add(time.Second)) // what stays is flushed below
		}
		if t, err := unix.IoctlGetTermios(p.fd, unix.TCGETS); err == nil && t.Iflag&unix.IXON != 0 {
			t.Iflag &^= unix.IXON
			_ = unix.IoctlSetTermios(p.fd, unix.TCSETS, t)
		}
		_ = unix.IoctlSetInt(p.fd, unix.TCFLSH, unix.TCOFLUSH)
		_ = unix.IoctlSetInt(p.fd, unix.TIOCNXCL, 0)
		p.err = p.release()
	})
	return p.err
}

func (p *serialPort) release() error {
	var err error
	if p.tty != nil {
		err = p.tty.Close()
	}
	if p.wake >= 0 {
		_ = unix.Close(p.wake)
	}
	if p.exclFree != nil {
		p.exclFree()
	}
	_ = unix.Close(p.fd)
	return err
}
