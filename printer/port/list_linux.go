package port

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// List names the serial ports and USB printers of this machine, the stable
// names of udev first: ttyUSB0 is another device after the next replugging.
func List() []Candidate {
	var found []Candidate
	seen := map[string]bool{}
	add := func(scheme Scheme, path string) {
		device, err := filepath.EvalSymlinks(path)
		if err != nil || seen[device] {
			return
		}
		seen[device] = true
		a := Address{Scheme: scheme, Path: path}
		if scheme == Serial {
			a.Baud, a.Flow = DefaultBaud, FlowNone
		}
		found = append(found, Candidate{Address: a, Name: a.String(), Device: device, Product: product(device)})
	}
	for _, g := range []struct {
		scheme  Scheme
		pattern string
	}{
		{Serial, "/dev/serial/by-id/*"},
		{Serial, "/dev/ttyUSB*"},
		{Serial, "/dev/ttyACM*"},
		{File, "/dev/usb/lp*"},
		{Serial, "/dev/ttyS*"},
	} {
		paths, _ := filepath.Glob(g.pattern) // fails only for a bad pattern
		sort.Strings(paths)
		for _, p := range paths {
			if strings.HasPrefix(p, "/dev/ttyS") && !wired(p) {
				continue
			}
			add(g.scheme, p)
		}
	}
	return found
}

// wired reports whether a ttyS has a chip: most machines name 32 that have not.
func wired(path string) bool {
	b, err := os.ReadFile(filepath.Join("/sys/class/tty", filepath.Base(path), "type"))
	kind := strings.TrimSpace(string(b))
	return err == nil && kind != "" && kind != "0"
}

// product climbs from the device to the USB adapter that carries it.
func product(device string) string {
	for _, class := range []string{"tty", "usbmisc"} {
		dir, err := filepath.EvalSymlinks(filepath.Join("/sys/class", class, filepath.Base(device), "device"))
		if err != nil {
			continue
		}
		for range 4 {
			if b, err := os.ReadFile(filepath.Join(dir, "product")); err == nil {
				return strings.TrimSpace(string(b))
			}
			dir = filepath.Dir(dir)
		}
	}
	return ""
}
