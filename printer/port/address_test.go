package port_test

import (
	"testing"
	"time"

	"antrean/printer/port"
)

func TestAddressesAreReadAndGivenBackInFull(t *testing.T) {
	for in, want := range map[string]string{
		"serial:/dev/ttyUSB0":                           "serial:/dev/ttyUSB0?baud=19200&flow=none",
		"serial:/dev/ttyUSB0?baud=9600":                 "serial:/dev/ttyUSB0?baud=9600&flow=none",
		"serial:/dev/ttyUSB0?flow=rtscts&baud=115200":   "serial:/dev/ttyUSB0?baud=115200&flow=rtscts",
		"serial:/dev/serial/by-id/usb-X_1?flow=xonxoff": "serial:/dev/serial/by-id/usb-X_1?baud=19200&flow=xonxoff",
		"serial:COM3":              "serial:COM3?baud=19200&flow=none",
		"tcp:192.168.1.50:9100":    "tcp:192.168.1.50:9100",
		"tcp:192.168.1.50":         "tcp:192.168.1.50:9100",
		"tcp:printer.mpp.lan:9101": "tcp:printer.mpp.lan:9101",
		"tcp:[fe80::1]:9100":       "tcp:[fe80::1]:9100",
		"file:/dev/usb/lp0":        "file:/dev/usb/lp0",
	} {
		a, err := port.Parse(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := a.String(); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
		if b, err := port.Parse(a.String()); err != nil || b != a {
			t.Errorf("%s does not survive: %v, %v", a, b, err)
		}
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	for _, in := range []string{
		"", "serial", "serial:", "/dev/ttyUSB0", "usb:/dev/usb/lp0", "serial:ttyUSB0", "serial:/dev/x?baud=fast",
		"serial:/dev/x?baud=19201", "serial:/dev/x?flow=dtr", "serial:/dev/x?parity=even", "serial:/dev/x?baud=%zz",
		"tcp:", "tcp::9100", "tcp:host:0", "tcp:host:99999", "tcp:host:http", "tcp:a b:1", "file:", "file:lp0",
	} {
		if a, err := port.Parse(in); err == nil {
			t.Errorf("%q was read as %+v", in, a)
		}
	}
}

func TestAByteIsTenBitsOnASerialLineOnly(t *testing.T) {
	a := port.Address{Scheme: port.Serial, Baud: 9600}
	if got := a.WireTime(960); got != time.Second {
		t.Errorf("960 bytes at 9600 baud take %v", got)
	}
	if got := (port.Address{Scheme: port.TCP}).WireTime(960); got != 0 {
		t.Errorf("TCP takes %v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("serial:/dev/ttyUSB0?baud=19200&flow=none")
	f.Add("tcp:[::1]:9100")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := port.Parse(s)
		if err != nil {
			return
		}
		if a.Scheme == port.Serial {
			return // a path may hold what a query would not
		}
		if b, err := port.Parse(a.String()); err != nil || b != a {
			t.Errorf("%q: %+v became %+v, %v", s, a, b, err)
		}
	})
}
