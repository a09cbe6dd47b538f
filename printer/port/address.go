// Package port opens the line to a printer: a serial port, a TCP socket or a
// device file. Its one promise is time: no call hangs, whatever the printer,
// the cable or the driver does. It knows no printer's language.
package port

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Scheme is a kind of port.
type Scheme string

const (
	Serial Scheme = "serial"
	TCP    Scheme = "tcp"
	File   Scheme = "file"
)

// Flow is how a serial printer asks its host to wait.
type Flow string

const (
	FlowNone    Flow = "none"
	FlowRTSCTS  Flow = "rtscts"
	FlowXONXOFF Flow = "xonxoff"
)

// DefaultBaud is the factory setting of many serial ticket printers.
const DefaultBaud = 19200

// bauds are the rates that both Linux and Windows drivers set exactly.
var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600}

// Address names a port. The zero value names none.
type Address struct {
	Scheme Scheme
	Path   string // a device ("/dev/ttyUSB0", "COM3") or "host:port"
	Baud   int    // serial only, bits a second, 8N1
	Flow   Flow   // serial only
}

// Parse reads "serial:PATH?baud=19200&flow=none|rtscts|xonxoff",
// "tcp:HOST:PORT" (the port may be left out: 9100) or "file:PATH". Paths must
// be absolute, but for COM ports.
func Parse(s string) (Address, error) {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" {
		return Address{}, fmt.Errorf("printer address %q: want serial:PATH, tcp:HOST:PORT or file:PATH", s)
	}
	var a Address
	var err error
	switch Scheme(scheme) {
	case Serial:
		a, err = parseSerial(rest)
	case TCP:
		a, err = parseTCP(rest)
	case File:
		a, err = Address{Scheme: File, Path: rest}, checkPath(rest)
	default:
		err = fmt.Errorf("unknown kind %q: want serial, tcp or file", scheme)
	}
	if err != nil {
		return Address{}, fmt.Errorf("printer address %q: %w", s, err)
	}
	return a, nil
}

func parseSerial(rest string) (Address, error) {
	path, query, _ := strings.Cut(rest, "?")
	a := Address{Scheme: Serial, Path: path, Baud: DefaultBaud, Flow: FlowNone}
	if err := checkPath(path); err != nil {
		return a, err
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return a, err
	}
	for key, v := range values {
		value := v[len(v)-1]
		switch key {
		case "baud":
			a.Baud, err = strconv.Atoi(value)
			if err != nil || !slices.Contains(bauds, a.Baud) {
				return a, fmt.Errorf("baud %q: want one of %v", value, bauds)
			}
		case "flow":
			a.Flow = Flow(value)
			if a.Flow != FlowNone && a.Flow != FlowRTSCTS && a.Flow != FlowXONXOFF {
				return a, fmt.Errorf("flow %q: want none, rtscts or xonxoff", value)
			}
		default:
			return a, fmt.Errorf("unknown setting %q: want baud or flow", key)
		}
	}
	return a, nil
}

func parseTCP(rest string) (Address, error) {
	host, number, err := net.SplitHostPort(rest)
	if err != nil {
		host, number = strings.Trim(rest, "[]"), "9100"
	}
	if n, err := strconv.Atoi(number); err != nil || n < 1 || n > 65535 {
		return Address{}, fmt.Errorf("port %q: want 1 to 65535", number)
	}
	if host == "" || strings.ContainsAny(host, "/?# ") {
		return Address{}, fmt.Errorf("host %q: want a name or an address", host)
	}
	return Address{Scheme: TCP, Path: net.JoinHostPort(host, number)}, nil
}

func checkPath(p string) error {
	if strings.HasPrefix(p, "COM") || strings.HasPrefix(p, "LPT") || strings.HasPrefix(p, `\\.\`) {
		return nil
	}
	if !strings.HasPrefix(p, "/") && !filepath.IsAbs(p) {
		return fmt.Errorf("path %q: want an absolute one", p)
	}
	return nil
}

// String gives the address back in the syntax of Parse.
func (a Address) String() string {
	if a.Scheme == Serial {
		return fmt.Sprintf("serial:%s?baud=%d&flow=%s", a.Path, a.Baud, a.Flow)
	}
	return string(a.Scheme) + ":" + a.Path
}

// WireTime is how long n bytes take at least: ten bits a byte on a serial
// line (8N1), nothing worth counting elsewhere.
func (a Address) WireTime(n int) time.Duration {
	if a.Scheme != Serial || a.Baud <= 0 {
		return 0
	}
	return time.Duration(n) * 10 * time.Second / time.Duration(a.Baud)
}
