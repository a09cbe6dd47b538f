package xscreen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// server is an X server's half of a conversation.
type server struct {
	bytes.Buffer // what it says
	heard        []byte
}

func (s *server) Write(b []byte) (int, error) { s.heard = append(s.heard, b...); return len(b), nil }

func answer(w, h uint16) []byte {
	body := make([]byte, 32)
	binary.LittleEndian.PutUint16(body[16:], 5) // vendor "xorg!", padded to 8
	body[20], body[21] = 1, 2
	body = append(body, "xorg!\x00\x00\x00"...)
	body = append(body, make([]byte, 2*8+40)...)
	at := 32 + 8 + 16
	binary.LittleEndian.PutUint16(body[at+20:], w)
	binary.LittleEndian.PutUint16(body[at+22:], h)
	head := []byte{1, 0, 11, 0, 0, 0, 0, 0}
	binary.LittleEndian.PutUint16(head[6:], uint16(len(body)/4))
	return append(head, body...)
}

func TestTheScreensSizeIsReadFromTheSetup(t *testing.T) {
	s := &server{}
	s.Buffer.Write(answer(1080, 1920))
	w, h, err := ask(s, []byte("0123456789abcdef"))
	if err != nil || w != 1080 || h != 1920 {
		t.Fatalf("%d x %d, %v", w, h, err)
	}
	if len(s.heard) != 12+20+16 || !bytes.Contains(s.heard, []byte(cookieName)) {
		t.Errorf("said %q", s.heard)
	}
}

func TestARefusalAndATornAnswerAreErrors(t *testing.T) {
	s := &server{}
	s.Buffer.Write(append([]byte{0, 13, 11, 0, 0, 0, 4, 0}, "No protocol!!\n\x00\x00"...))
	if _, _, err := ask(s, nil); err == nil || !strings.Contains(err.Error(), "No protocol!!") {
		t.Errorf("err = %v", err)
	}
	whole := answer(10, 10)
	for n := range whole {
		s := &server{}
		s.Buffer.Write(whole[:n])
		if _, _, err := ask(s, nil); err == nil {
			t.Fatalf("%d of %d bytes were enough", n, len(whole))
		}
	}
}

func TestTheCookieOfTheDisplayIsFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "auth")
	var b []byte
	entry := func(number, name, data string) {
		b = append(b, 1, 0)
		for _, f := range []string{"host", number, name, data} {
			b = binary.BigEndian.AppendUint16(b, uint16(len(f)))
			b = append(b, f...)
		}
	}
	entry("3", cookieName, "three")
	entry("7", cookieName, "seven")
	if err := os.WriteFile(file, append(b, 1, 0, 0), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XAUTHORITY", file)
	if got := cookie("7"); string(got) != "seven" {
		t.Errorf("cookie = %q", got)
	}
	if got := cookie("9"); got != nil {
		t.Errorf("cookie of another display = %q", got)
	}
}

func TestWithoutADisplayTheMessageSaysWhatToSet(t *testing.T) {
	for _, d := range []string{"", "nonsense", ":x", ":65000"} {
		t.Setenv("DISPLAY", d)
		if _, _, err := Size(); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("%q: %v", d, err)
		}
	}
}
