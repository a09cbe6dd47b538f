package screen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

// xserver answers a greeting with two screens of different depth lists.
type xserver struct {
	bytes.Buffer // what it says
	heard        bytes.Buffer
}

func (x *xserver) Write(b []byte) (int, error) { return x.heard.Write(b) }

func answering() *xserver {
	le := binary.LittleEndian
	root := func(w, h uint16, visuals int) []byte {
		b := make([]byte, 40+8+24*visuals)
		le.PutUint16(b[20:], w)
		le.PutUint16(b[22:], h)
		b[39] = 1
		le.PutUint16(b[42:], uint16(visuals))
		return b
	}
	body := make([]byte, 32)
	le.PutUint16(body[16:], 5) // the vendor's name
	body[20], body[21] = 2, 3  // screens, formats
	body = append(body, "Maker\x00\x00\x00"...)
	body = append(body, make([]byte, 3*8)...)
	body = append(body, root(1920, 1080, 2)...)
	body = append(body, root(800, 480, 0)...)
	head := []byte{1, 0, 11, 0, 0, 0, 0, 0}
	le.PutUint16(head[6:], uint16(len(body)/4))
	x := &xserver{}
	x.Buffer.Write(append(head, body...))
	return x
}

func TestTheSizeOfTheNamedScreenIsRead(t *testing.T) {
	for screen, want := range [][2]int{{1920, 1080}, {800, 480}} {
		x := answering()
		w, h, err := greet(x, []byte("0123456789abcdef"), screen)
		if err != nil || w != want[0] || h != want[1] {
			t.Errorf("screen %d: %d x %d, %v", screen, w, h, err)
		}
		if got := x.heard.Bytes(); len(got) != 12+20+16 || !bytes.Contains(got, []byte(cookieName)) {
			t.Errorf("it said %q", got)
		}
	}
	if _, _, err := greet(answering(), nil, 2); err == nil {
		t.Error("a screen that is not there has a size")
	}
}

func TestAServerThatSaysNoOrStopsIsAnError(t *testing.T) {
	no := &xserver{}
	no.Buffer.Write(append([]byte{0, 8, 11, 0, 0, 0, 2, 0}, "No entry"...))
	if _, _, err := greet(no, nil, 0); err == nil || !strings.Contains(err.Error(), "No entry") {
		t.Errorf("refused, and the error is %v", err)
	}
	whole := answering().Bytes()
	for n := range whole {
		x := &xserver{}
		x.Buffer.Write(whole[:n])
		if _, _, err := greet(x, nil, 1); err == nil {
			t.Fatalf("happy with %d of %d bytes", n, len(whole))
		}
	}
}

func TestDisplaysAreUnderstood(t *testing.T) {
	for display, want := range map[string]string{":7": "unix /tmp/.X11-unix/X7 7 0", ":0.1": "unix /tmp/.X11-unix/X0 0 1", "hall:2.0": "tcp hall:6002 2 0"} {
		network, address, number, screen, err := where(display)
		if got := network + " " + address + " " + number + " " + string(rune('0'+screen)); err != nil || got != want {
			t.Errorf("%s: %s, %v", display, got, err)
		}
	}
}

func TestWithoutADisplayTheMessageSaysWhatToSet(t *testing.T) {
	for _, display := range []string{"", "nonsense", "7", ":", ":x", ":1.x", ":-1", ":65000", ":58999"} {
		t.Setenv("DISPLAY", display)
		if _, _, err := Size(); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("%q: %v", display, err)
		}
	}
}

func TestTheCookieOfTheDisplayIsFound(t *testing.T) {
	var file []byte
	add := func(number, name, data string) {
		file = append(file, 1, 0)
		for _, f := range []string{"host", number, name, data} {
			file = binary.BigEndian.AppendUint16(file, uint16(len(f)))
			file = append(file, f...)
		}
	}
	add("1", cookieName, "one")
	add("7", "OTHER", "no")
	add("7", cookieName, "seven")
	if got := string(cookie(file, "7")); got != "seven" {
		t.Errorf("%q", got)
	}
	for n := range file {
		cookie(file[:n], "7")
	}
}
