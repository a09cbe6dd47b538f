package screen

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// ErrNoDisplay says that DISPLAY names no X server that could be reached.
var ErrNoDisplay = errors.New("no display: DISPLAY must name an X server, such as :0")

const patience = 3 * time.Second

// Size is the size in pixels of the screen that DISPLAY names, read from the X
// server's greeting (X Window System Protocol, X11R7.7, chapter 8).
func Size() (width, height int, err error) {
	display := os.Getenv("DISPLAY")
	network, address, number, screen, err := where(display)
	if err != nil {
		return 0, 0, err
	}
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil && network == "unix" { // some X servers have only Linux's abstract socket
		conn, err = net.DialTimeout(network, "@"+address, patience)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%w (%s: %w)", ErrNoDisplay, display, err)
	}
	defer func() { _ = conn.Close() }() // nothing was written that could be lost
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, 0, err
	}
	width, height, err = greet(conn, cookie(authority(), number), screen)
	if err != nil {
		return 0, 0, fmt.Errorf("display %s: %w", display, err)
	}
	return width, height, nil
}

// where splits "host:display.screen"; without a host it is a socket of this machine.
func where(display string) (network, address, number string, screen int, err error) {
	colon := strings.LastIndex(display, ":")
	if colon < 0 {
		return "", "", "", 0, ErrNoDisplay
	}
	host, rest := display[:colon], display[colon+1:]
	number, s, _ := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 59535 {
		return "", "", "", 0, fmt.Errorf("%w: %q has no number", ErrNoDisplay, display)
	}
	if s != "" {
		if screen, err = strconv.Atoi(s); err != nil {
			return "", "", "", 0, fmt.Errorf("%w: %q names no screen", ErrNoDisplay, display)
		}
	}
	if host == "" || host == "unix" {
		return "unix", "/tmp/.X11-unix/X" + number, number, screen, nil
	}
	return "tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)), number, screen, nil
}

// greet opens the conversation and reads the roots' sizes from the answer.
func greet(conn io.ReadWriter, cookie []byte, screen int) (width, height int, err error) {
	le := binary.LittleEndian
	hello := []byte{'l', 0}
	hello = le.AppendUint16(hello, 11) // protocol 11.0
	hello = le.AppendUint16(hello, 0)
	name := ""
	if len(cookie) > 0 {
		name = cookieName
	}
	hello = le.AppendUint16(hello, uint16(len(name)))
	hello = le.AppendUint16(hello, uint16(len(cookie)))
	hello = append(hello, 0, 0)
	hello = append(hello, padded(name)...)
	hello = append(hello, padded(string(cookie))...)
	if _, err := conn.Write(hello); err != nil {
		return 0, 0, err
	}
	var head [8]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return 0, 0, err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(conn, body); err != nil {
		return 0, 0, err
	}
	if head[0] != 1 {
		return 0, 0, fmt.Errorf("refused: %.100s", strings.TrimRight(string(body), "\x00\n"))
	}
	if len(body) < 32 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	vendor, roots, formats := int(le.Uint16(body[16:])), int(body[20]), int(body[21])
	at := 32 + (vendor+3)/4*4 + formats*8
	for i := range roots {
		if len(body) < at+40 {
			break
		}
		if i == screen {
			return int(le.Uint16(body[at+20:])), int(le.Uint16(body[at+22:])), nil
		}
		depths := int(body[at+39])
		for at += 40; depths > 0 && len(body) >= at+8; depths-- {
			at += 8 + 24*int(le.Uint16(body[at+2:]))
		}
	}
	return 0, 0, fmt.Errorf("has no screen %d", screen)
}

func padded(s string) string { return s + strings.Repeat("\x00", (4-len(s)%4)%4) }

const cookieName = "MIT-MAGIC-COOKIE-1"

func authority() []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = home + "/.Xauthority"
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil // without a cookie the server may still let us in
	}
	return b
}

// cookie finds a display's cookie in an Xauthority file: records of a family, then
// address, number, name and data, each with a length before it, big-endian.
func cookie(file []byte, number string) []byte {
	next := func() (field []byte, ok bool) {
		if len(file) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(file))
		if len(file) < 2+n {
			return nil, false
		}
		field, file = file[2:2+n], file[2+n:]
		return field, true
	}
	for len(file) > 2 {
		file = file[2:]
		var fields [4][]byte
		for i := range fields {
			var ok bool
			if fields[i], ok = next(); !ok {
				return nil
			}
		}
		if n := string(fields[1]); (n == number || n == "") && string(fields[2]) == cookieName {
			return fields[3]
		}
	}
	return nil
}
