package loop

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"antrean/kiosk/internal/flow"
	"antrean/printer"
	"antrean/printer/virtual"
	"antrean/shared/wire"
)

// On the real printer library and a printer made of software: real time passes.
func TestOneVisitEndsWithAPaperInTheVisitorsLanguageAndItsReport(t *testing.T) {
	device, err := virtual.New(virtual.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	tty := filepath.Join(t.TempDir(), "printer")
	if _, err := device.ServePTY(tty); err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	p, err := printer.Open(t.Context(), printer.Config{
		Address: "serial:" + tty + "?baud=115200", Profile: "virtual80", Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	h := newHall()
	k, stop := start(t, h, p, t.TempDir())
	defer stop()
	k.visit()
	page := k.until("the paper", func(p flow.Page) bool { return p.Paper == flow.Printed })
	papers := device.Papers()
	if len(papers) != 1 {
		t.Fatalf("%d papers", len(papers))
	}
	for _, want := range []string{"A-001", "Monday, 3 March 2025", "08.05 WITA", "You are next", "http://10.0.0.1/t/sinjai/abc"} {
		if !strings.Contains(papers[0].Text, want) {
			t.Errorf("the paper lacks %q:\n%s", want, papers[0].Text)
		}
	}
	if got := <-h.told; got != (wire.Printed{State: "confirmed"}) {
		t.Errorf("reported %+v", got)
	}
	if links := papers[0].Links; len(links) != 1 || links[0] != page.Ticket.Link {
		t.Errorf("the codes on the paper say %q", links)
	}
}
