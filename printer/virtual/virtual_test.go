package virtual_test

import (
	"context"
	"fmt"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"antrean/printer/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host is a bare TCP host of a printer.
type host struct {
	t      *testing.T
	device *virtual.Printer
	conn   net.Conn
}

func newHost(t *testing.T, cfg virtual.Config) *host {
	t.Helper()
	device, err := virtual.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	address, err := device.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &host{t, device, conn}
}

func (h *host) send(s string) {
	h.t.Helper()
	if _, err := io.WriteString(h.conn, s); err != nil {
		h.t.Fatal(err)
	}
}

func (h *host) tell(command string) {
	h.t.Helper()
	if err := h.device.Control(command); err != nil {
		h.t.Fatal(err)
	}
}

// hears wants exactly these bytes next.
func (h *host) hears(want string) {
	h.t.Helper()
	_ = h.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	got := make([]byte, len(want))
	n, err := io.ReadFull(h.conn, got)
	if err != nil || string(got) != want {
		h.t.Fatalf("heard % x (%v), want % x", got[:n], err, want)
	}
}

func (h *host) papers(n int) []virtual.Paper {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 10*time.Second)
	defer cancel()
	papers, err := h.device.WaitPapers(ctx, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return papers
}

const (
	askAll = "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
	cut    = "\x1dV\x42\x00"
)

func TestStatusIsAnsweredAtOnceInEachState(t *testing.T) {
	h := newHost(t, virtual.Config{})
	for _, c := range []struct{ command, realtime, automatic string }{
		{"paper full", "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
		{"paper low", "\x12\x12\x12\x1e", "\x10\x00\x03\x0f"},
		{"paper out", "\x1a\x32\x12\x7e", "\x18\x00\x0f\x0f"},
		{"paper in", "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
		{"cover open", "\x1a\x16\x12\x12", "\x38\x00\x00\x0f"},
		{"cover closed", "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
		{"head hot", "\x1a\x52\x52\x12", "\x18\x40\x00\x0f"},
		{"head cool", "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
		{"head broken", "\x1a\x52\x32\x12", "\x18\x20\x00\x0f"},
		{"head whole", "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
	} {
		h.tell(c.command)
		h.send(askAll)
		h.hears(c.realtime)
	}
	h.send("\x1da\xff")
	h.hears("\x10\x00\x00\x0f")
	h.tell("cover open")
	h.hears("\x38\x00\x00\x0f")
	h.tell("cover closed")
	h.hears("\x10\x00\x00\x0f")
}

func TestAnswersInOrderComeOnlyWhenTheHeadHasComeToThem(t *testing.T) {
	h := newHost(t, virtual.Config{})
	h.tell("paper out")
	h.send("A-001\n" + cut + "\x1d(H\x06\x0000ABCD\x1dr\x01\x1dIC" + "\x10\x04\x02")
	h.hears("\x32") // the real-time one, in front of all
	if n := len(h.device.Papers()); n != 0 {
		t.Fatalf("%d papers without paper", n)
	}
	h.tell("paper in")
	h.hears("\x37\x22ABCD\x00" + "\x00" + "_VIRTUAL-576\x00")
	if text := h.papers(1)[0].Text; !strings.HasPrefix(text, "A-001\n") {
		t.Errorf("paper says %q", text)
	}
}

func TestAPictureIsSearchedForRealtimeCommandsAsPrintersDo(t *testing.T) {
	h := newHost(t, virtual.Config{})
	h.send("\x1dv0\x00\x03\x00\x02\x00" + "\x10\x04\x01\x00\x00\x00" + cut)
	h.hears("\x12")
	if text := h.papers(1)[0].Text; !strings.HasPrefix(text, "[picture 24x2]\n") {
		t.Errorf("paper says %q", text)
	}
}

func TestTheRestOfATicketComesOutAfterThePaperChange(t *testing.T) {
	h := newHost(t, virtual.Config{})
	h.tell("paper out after 3")
	h.send("one\ntwo\nthree\nfour\nfive\n" + cut + "\x10\x04\x01")
	h.hears("\x12") // whatever the head does, the line answers
	waitStopped(h)
	h.tell("paper in")
	papers := h.papers(2)
	if !papers[0].Torn || !strings.HasPrefix(papers[0].Text, "one\ntwo\nthree\n~~~") {
		t.Errorf("the old roll says %q", papers[0].Text)
	}
	if papers[1].Torn || !strings.HasPrefix(papers[1].Text, "four\nfive\n---") {
		t.Errorf("the new roll says %q", papers[1].Text)
	}
}

// waitStopped asks until the printer says that it is offline.
func waitStopped(h *host) {
	h.t.Helper()
	b := make([]byte, 1)
	for b[0]&0x08 == 0 {
		h.send("\x10\x04\x01")
		_ = h.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.ReadFull(h.conn, b); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestClearingTheBuffersForgetsTheRestOfATicket(t *testing.T) {
	h := newHost(t, virtual.Config{})
	h.tell("cover open")
	h.send("old\n" + cut + "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
	h.hears("\x37\x25\x00")
	h.tell("cover closed")
	h.send("new\n" + cut)
	if text := h.papers(1)[0].Text; !strings.HasPrefix(text, "new\n") {
		t.Errorf("paper says %q", text)
	}
}

func TestAPowerCutLosesTheBufferAndNotThePaper(t *testing.T) {
	h := newHost(t, virtual.Config{Out: t.TempDir()})
	h.send("printed\n\x1dr\x01")
	h.hears("\x00")
	h.tell("cover open")
	h.send("lost\n\x10\x04\x01")
	h.hears("\x1a")
	h.tell("power off")
	h.tell("cover closed")
	h.tell("power on")
	if _, err := h.conn.Read(make([]byte, 1)); err == nil {
		t.Error("the line outlived the power")
	}
}

func TestAFullBufferHoldsTheHostOffOrLosesBytes(t *testing.T) {
	big := strings.Repeat("0123456789\n", 2000)
	held := newHost(t, virtual.Config{Buffer: 512})
	go func() { _, _ = io.WriteString(held.conn, big+cut) }()
	if got := strings.Count(held.papers(1)[0].Text, "0123456789"); got != 2000 {
		t.Errorf("holding off, %d lines of 2000 came through", got)
	}
	lossy := newHost(t, virtual.Config{Buffer: 512, Flow: virtual.Drop})
	lossy.tell("cover open")
	lossy.send(big + "\x10\x04\x01")
	lossy.hears("\x1a") // heard in front of the full buffer
	lossy.tell("cover closed")
	for answered := false; !answered; { // a question is lost too while it is full
		lossy.send("\x1dr\x01")
		_ = lossy.conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		n, _ := lossy.conn.Read(make([]byte, 64))
		answered = n > 0
	}
	lossy.send("\n" + cut)
	if got := strings.Count(lossy.papers(1)[0].Text, "0123456789"); got > 60 {
		t.Errorf("a buffer of 512 bytes held %d lines", got)
	}
}

func TestTheLineAndThePaperTakeTheirTime(t *testing.T) {
	h := newHost(t, virtual.Config{Baud: 9600})
	start := time.Now()
	h.send(strings.Repeat(" ", 480) + "\x10\x04\x01")
	h.hears("\x12")
	if d, want := time.Since(start), 483*time.Second/960; d < want-20*time.Millisecond || d > 3*want {
		t.Errorf("483 bytes at 9600 baud took %v, want %v", d, want)
	}
	slow := newHost(t, virtual.Config{Speed: 100})
	start = time.Now()
	slow.send("\x1bJ\xa0\x1bJ\xa0\x1dr\x01") // 40 mm
	slow.hears("\x00")
	if d := time.Since(start); d < 400*time.Millisecond || d > 1200*time.Millisecond {
		t.Errorf("40 mm at 100 mm/s took %v", d)
	}
}

func TestPapersAreKeptInOneStepAndNumberedOn(t *testing.T) {
	out := t.TempDir()
	for run := range 2 {
		h := newHost(t, virtual.Config{Out: out})
		h.send(fmt.Sprintf("run %d\n", run) + cut)
		p := h.papers(1)[0]
		if want := filepath.Join(out, fmt.Sprintf("ticket-%04d.png", run+1)); p.File != want {
			t.Errorf("file %s, want %s", p.File, want)
		}
		f, err := os.Open(p.File)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(f)
		_ = f.Close()
		if err != nil || img.Bounds().Dx() != 576 {
			t.Errorf("%v, %v", img.Bounds(), err)
		}
		if b, err := os.ReadFile(strings.TrimSuffix(p.File, ".png") + ".txt"); err != nil || string(b) != p.Text {
			t.Errorf("%q, %v", b, err)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(out, ".*")); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestAWrongCommandIsNamed(t *testing.T) {
	h := newHost(t, virtual.Config{})
	for _, c := range []string{"", "paper", "paper jam", "late soon", "late -1s", "paper out after none", "power maybe", "cable on", "say zz"} {
		if err := h.device.Control(c); err == nil {
			t.Errorf("%q was obeyed", c)
		}
	}
}

func TestTheLinkFollowsTheCableAndGoesWithThePrinter(t *testing.T) {
	link := filepath.Join(t.TempDir(), "tty")
	device, err := virtual.New(virtual.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	path, err := device.ServePTY(link)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	if got, err := os.Readlink(link); err != nil || got != path {
		t.Errorf("link to %s, %v; want %s", got, err, path)
	}
	for _, c := range []string{"cable out", "cable in", "cable in"} {
		if err := device.Control(c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(link); err != nil {
		t.Error(err)
	}
	_ = device.Close()
	if _, err := os.Lstat(link); err == nil {
		t.Error("the link outlived the printer")
	}
}
