package loop

import (
	"testing"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/queue-server/servertest"
	"antrean/shared/client"
)

// On the real server; real time passes.
func TestAVisitOutlivesARestartOfTheRealServerAndARevokedTokenEndsIt(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	device, token := s.Device("kiosk", "")
	c, err := client.New(client.Config{Server: s.URL, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	k, stop := start(t, c, nil, t.TempDir())
	defer stop()
	tap := func(target flow.Target, to flow.Kind) flow.Page {
		t.Helper()
		time.Sleep(flow.DoubleTap + 50*time.Millisecond) // a second tap within it is not one
		k.loop.Tap(target)
		return k.page(to)
	}
	k.page(flow.Start)
	tap(flow.LanguageTarget("id"), flow.Agencies)
	tap(flow.AgencyTarget("dukcapil"), flow.Services)
	p := tap(flow.ServiceTarget("ktp"), flow.Confirm)
	if len(p.Requirements) != 1 {
		t.Errorf("requirements: %v", p.Requirements)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	tap(flow.Take, flow.Taking)
	k.until("another try", func(p flow.Page) bool { return p.Retrying })
	s.Restart()
	p = k.page(flow.Thanks)
	if p.Ticket.Number.Text != "A-001" || p.Ticket.Link == "" {
		t.Errorf("ticket %+v", p.Ticket)
	}
	k.loop.Tap(flow.Done)
	k.page(flow.Start) // at once, or by way of "not connected"
	s.RevokeDevice(device.ID)
	k.until("the technician", func(p flow.Page) bool { return p.Trouble == flow.BadToken })
}
