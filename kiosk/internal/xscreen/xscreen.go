// Package xscreen asks the X server how large its screen is, with nothing but the
// first message of the X11 protocol: Fyne does not tell, and a window that is to
// fill a screen without a window manager must know.
package xscreen

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrNoDisplay says that DISPLAY names no X server.
var ErrNoDisplay = errors.New("no display: DISPLAY must name an X server, such as :0")

const patience = 3 * time.Second

// Size is the size in pixels of the screen that DISPLAY names.
func Size() (width, height int, err error) {
	display := os.Getenv("DISPLAY")
	conn, number, err := dial(display)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, 0, err
	}
	w, h, err := ask(conn, cookie(number))
	if err != nil {
		return 0, 0, fmt.Errorf("display %s: %w", display, err)
	}
	return w, h, nil
}

// dial connects to [host]:number[.screen].
func dial(display string) (conn net.Conn, number string, err error) {
	host, rest, found := strings.Cut(display, ":")
	number, _, _ = strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if !found || err != nil || n < 0 {
		return nil, "", ErrNoDisplay
	}
	if host == "" || host == "unix" {
		path := "/tmp/.X11-unix/X" + number
		if conn, err = net.DialTimeout("unix", path, patience); err != nil {
			conn, err = net.DialTimeout("unix", "@"+path, patience)
		}
	} else {
		conn, err = net.DialTimeout("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)), patience)
	}
	if err != nil {
		return nil, "", fmt.Errorf("%w (%s: %w)", ErrNoDisplay, display, err)
	}
	return conn, number, nil
}

const cookieName = "MIT-MAGIC-COOKIE-1"

// ask sends the connection setup and reads the first screen of its answer (X
// Window System Protocol, chapter 8, little-endian).
func ask(conn io.ReadWriter, secret []byte) (width, height int, err error) {
	name := ""
	if len(secret) > 0 {
		name = cookieName
	}
	out := []byte{'l', 0, 11, 0, 0, 0}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(name)))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(secret)))
	out = append(out, 0, 0)
	out = append(out, padded([]byte(name))...)
	out = append(out, padded(secret)...)
	if _, err := conn.Write(out); err != nil {
		return 0, 0, err
	}
	var head [8]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return 0, 0, err
	}
	body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(conn, body); err != nil {
		return 0, 0, err
	}
	if head[0] != 1 {
		return 0, 0, fmt.Errorf("refused: %s", strings.TrimRight(string(body[:min(int(head[1]), len(body))]), "\n\x00"))
	}
	if len(body) < 32 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	vendor := int(binary.LittleEndian.Uint16(body[16:]))
	screen := 32 + (vendor+3)/4*4 + 8*int(body[21]) // formats of 8 bytes follow the vendor
	if body[20] == 0 || len(body) < screen+24 {
		return 0, 0, io.ErrUnexpectedEOF
	}
	return int(binary.LittleEndian.Uint16(body[screen+20:])), int(binary.LittleEndian.Uint16(body[screen+22:])), nil
}

func padded(b []byte) []byte { return append(b[:len(b):len(b)], make([]byte, (4-len(b)%4)%4)...) }

// cookie is the display's secret from the file of X authority, nil where there is none.
func cookie(number string) []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil // many servers need none; one that does says so
	}
	for len(b) >= 2 {
		b = b[2:] // family: one kiosk has one display, whose number is enough
		var field [4][]byte
		for i := range field { // address, number, name, data
			if len(b) < 2 || len(b) < 2+int(binary.BigEndian.Uint16(b)) {
				return nil
			}
			n := int(binary.BigEndian.Uint16(b))
			field[i], b = b[2:2+n], b[2+n:]
		}
		if (string(field[1]) == number || len(field[1]) == 0) && string(field[2]) == cookieName {
			return field[3]
		}
	}
	return nil
}
