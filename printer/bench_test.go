package printer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"antrean/printer"
	"antrean/printer/escpos"
	"antrean/printer/virtual"
)

// BenchmarkTicket gives, for each way to print a QR code, the bytes of a ticket
// and the time to its confirmation, as a ratio to what the bytes alone take on
// a line of that rate. The paper takes no time here.
func BenchmarkTicket(b *testing.B) {
	for _, profile := range []string{"virtual80", "generic80"} {
		for _, baud := range []int{9600, 19200, 115200} {
			b.Run(profile+"/"+strconv.Itoa(baud), func(b *testing.B) {
				benchTicket(b, profile, baud)
			})
		}
	}
}

func benchTicket(b *testing.B, profile string, baud int) {
	device, err := virtual.New(virtual.Config{Baud: baud})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	path, err := device.ServePTY(filepath.Join(b.TempDir(), "tty"))
	if err != nil {
		b.Fatal(err)
	}
	p, err := printer.Open(b.Context(), printer.Config{Address: fmt.Sprintf("serial:%s?baud=%d", path, baud), Profile: profile, ConfirmWait: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	var first, confirmed time.Duration
	bytes := 0
	for b.Loop() {
		out := p.Print(b.Context(), printer.Job{Ticket: ticket()})
		if out.State != printer.Confirmed {
			b.Fatalf("%s, %v", out.State, out.Err)
		}
		bytes = out.Bytes
		first += out.FirstByte.Sub(out.Started)
		confirmed += out.Confirmed.Sub(out.FirstByte)
	}
	wire := time.Duration(bytes) * 10 * time.Second / time.Duration(baud)
	b.ReportMetric(float64(bytes), "bytes")
	b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "ms-to-first-byte")
	b.ReportMetric(float64(confirmed.Microseconds())/1000/float64(b.N), "ms-to-confirmed")
	b.ReportMetric(float64(confirmed)/float64(b.N)/float64(wire), "x-wire")
}

func BenchmarkLayout(b *testing.B) {
	p, err := escpos.LookUp("generic80")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := printer.Layout(ticket(), p); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHundredsOfTicketsLeaveNothingBehind(t *testing.T) {
	v := virtual.Config{}
	r := newRig(t, "none", v, patient("virtual80"))
	measure := func() (fds int, heap uint64) {
		entries, _ := os.ReadDir("/proc/self/fd") // elsewhere than on Linux, none
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return len(entries), m.HeapAlloc
	}
	count := func(n int) {
		for range n {
			if out := r.print(); out.State != printer.Confirmed {
				t.Fatalf("%s (%s), %v", out.State, out.Reason, out.Err)
			}
		}
	}
	count(100) // more than the device keeps
	fds, heap := measure()
	count(300)
	fdsAfter, heapAfter := measure()
	if fdsAfter > fds {
		t.Errorf("%d descriptors became %d", fds, fdsAfter)
	}
	if heapAfter > heap+8<<20 {
		t.Errorf("%d KB of memory became %d KB", heap>>10, heapAfter>>10)
	}
}
