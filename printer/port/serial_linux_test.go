package port_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"antrean/printer/port"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// terminal is a pseudo-terminal whose other end the test holds.
type terminal struct {
	master *os.File
	path   string
}

func newTerminal(t *testing.T) terminal {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	master := os.NewFile(uintptr(fd), "ptmx")
	t.Cleanup(func() { _ = master.Close() })
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)); err != nil {
		t.Fatal(err)
	}
	return terminal{master, fmt.Sprintf("/dev/pts/%d", n)}
}

func open(t *testing.T, address string) port.Port {
	t.Helper()
	a, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := port.Open(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// within fails the test if f takes longer than d.
func within(t *testing.T, d time.Duration, what string, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if took := time.Since(start); took > d {
		t.Errorf("%s took %v, want at most %v", what, took, d)
	}
}

func TestBytesPassBothWaysUntouched(t *testing.T) {
	for _, flow := range []string{"none", "rtscts", "xonxoff"} {
		tty := newTerminal(t)
		p := open(t, "serial:"+tty.path+"?flow="+flow)
		sent := make([]byte, 256)
		for i := range sent {
			sent[i] = byte(i)
		}
		if n, err := p.Write(sent); n != 256 || err != nil {
			t.Fatalf("wrote %d, %v", n, err)
		}
		if err := p.Drain(); err != nil {
			t.Error(err)
		}
		got := make([]byte, 0, 256)
		for len(got) < 256 {
			b := make([]byte, 256)
			n, err := tty.master.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, b[:n]...)
		}
		if string(got) != string(sent) {
			t.Errorf("%s: the line changed what was sent", flow)
		}
		if _, err := tty.master.Write([]byte{0x12, 0x00, 0x0a, 0x0d, 0x03, 0x7f}); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 16)
		if n, err := p.Read(b); err != nil || string(b[:n]) != "\x12\x00\x0a\x0d\x03\x7f" {
			t.Errorf("%s: read % x, %v", flow, b[:n], err)
		}
	}
}

func TestAStallShowsWithinHalfASecondAndCloseDoesNotHang(t *testing.T) {
	tty := newTerminal(t)
	p := open(t, "serial:"+tty.path+"?flow=xonxoff")
	if _, err := tty.master.Write([]byte{0x13}); err != nil { // XOFF
		t.Fatal(err)
	}
	within(t, 600*time.Millisecond, "noticing an XOFF", func() {
		n, err := p.Write(make([]byte, 64<<10))
		if !errors.Is(err, port.ErrStalled) {
			t.Errorf("wrote %d, %v", n, err)
		}
	})
	within(t, 100*time.Millisecond, "closing a stalled line", func() { _ = p.Close() })
}

func TestAFullLineStallsGoesOnAndLosesNothing(t *testing.T) {
	tty := newTerminal(t) // nobody reads it
	p := open(t, "serial:"+tty.path)
	sent := 0
	within(t, time.Second, "noticing a full line", func() {
		n, err := p.Write(make([]byte, 256<<10))
		if sent = n; !errors.Is(err, port.ErrStalled) {
			t.Errorf("wrote %d, %v", n, err)
		}
	})
	got := 0
	for b := make([]byte, 4096); got < sent; {
		n, err := tty.master.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	if n, err := p.Write([]byte("on")); n != 2 || err != nil {
		t.Errorf("after the stall: %d, %v", n, err)
	}
}

func TestCloseEndsAReadAtOnce(t *testing.T) {
	tty := newTerminal(t)
	p := open(t, "serial:"+tty.path)
	ended := make(chan error)
	go func() {
		_, err := p.Read(make([]byte, 1))
		ended <- err
	}()
	within(t, 200*time.Millisecond, "closing", func() { _ = p.Close() })
	if err := <-ended; !errors.Is(err, port.ErrGone) {
		t.Error(err)
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, port.ErrGone) {
		t.Errorf("write after close: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestAVanishedDeviceIsGoneForReadersAndWriters(t *testing.T) {
	tty := newTerminal(t)
	p := open(t, "serial:"+tty.path)
	ended := make(chan error)
	go func() {
		_, err := p.Read(make([]byte, 1))
		ended <- err
	}()
	_ = tty.master.Close()
	if err := <-ended; !errors.Is(err, port.ErrGone) {
		t.Errorf("read: %v", err)
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, port.ErrGone) {
		t.Errorf("write: %v", err)
	}
}

func TestAPortHasOneOwner(t *testing.T) {
	tty := newTerminal(t)
	link := filepath.Join(t.TempDir(), "by-id")
	if err := os.Symlink(tty.path, link); err != nil {
		t.Fatal(err)
	}
	p := open(t, "serial:"+tty.path)
	second := port.Address{Scheme: port.Serial, Path: link, Baud: 9600, Flow: port.FlowNone}
	if q, err := port.Open(t.Context(), second); !errors.Is(err, port.ErrTaken) {
		if err == nil {
			_ = q.Close()
		}
		t.Fatalf("opened twice: %v", err)
	}
	_ = p.Close()
	q, err := port.Open(t.Context(), second)
	if err != nil {
		t.Fatalf("not free after Close: %v", err)
	}
	_ = q.Close()
}

func TestANetworkPrinterThatTakesNothingStallsAndIsClosedAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	p := open(t, "tcp:"+l.Addr().String())
	within(t, 3*time.Second, "noticing a full socket", func() {
		if _, err := p.Write(make([]byte, 32<<20)); !errors.Is(err, port.ErrStalled) {
			t.Error(err)
		}
	})
	within(t, 100*time.Millisecond, "closing", func() { _ = p.Close() })
}

func TestAnAbsentPortIsAnErrorAndRespectsItsContext(t *testing.T) {
	for _, s := range []string{"serial:/dev/ttyNOBODY", "file:/dev/usb/lpNOBODY", "tcp:127.0.0.1:1"} {
		a, err := port.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := port.Open(t.Context(), a); err == nil {
			_ = p.Close()
			t.Errorf("%s opened", s)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if p, err := port.Open(ctx, a); err == nil {
			_ = p.Close()
			t.Errorf("%s opened for a caller that has gone", s)
		}
	}
}

func TestAFileTakesBytesAndKeepsSilent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(path, []byte("before "), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, "file:"+path)
	ended := make(chan error)
	go func() {
		_, err := p.Read(make([]byte, 8))
		ended <- err
	}()
	if _, err := p.Write([]byte("ticket")); err != nil {
		t.Fatal(err)
	}
	_ = p.Close()
	if err := <-ended; !errors.Is(err, port.ErrGone) {
		t.Errorf("read: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "before ticket" {
		t.Errorf("file holds %q", b)
	}
}
