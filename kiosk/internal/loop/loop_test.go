package loop

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/spool"
	"antrean/printer"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// hall is a server with one service, whose line and answers a test can spoil.
type hall struct {
	mu      sync.Mutex
	device  wire.Device
	refuse  error // of everything
	lose    int   // so many answers get lost, after the ticket was drawn
	asks    []ticket.ID
	tickets map[ticket.ID]wire.TakenTicket
	reports map[ticket.ID]wire.Printed
	line    chan client.Event // what happens to it once it stands
	told    chan wire.Printed // each report, for who listens
}

func newHall() *hall {
	return &hall{
		device:  wire.Device{ID: "k1", Office: "sinjai", Kind: "kiosk"},
		tickets: map[ticket.ID]wire.TakenTicket{}, reports: map[ticket.ID]wire.Printed{},
		told: make(chan wire.Printed, 16), line: make(chan client.Event),
	}
}

func (h *hall) Device(context.Context) (wire.Device, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.device, h.refuse
}

func (h *hall) Take(_ context.Context, o ticket.OfficeID, q wire.TakeTicket) (wire.TakenTicket, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asks = append(h.asks, q.ID)
	if h.refuse != nil {
		return wire.TakenTicket{}, h.refuse
	}
	t, ok := h.tickets[q.ID]
	if !ok {
		n := len(h.tickets) + 1
		t = wire.TakenTicket{
			ID: q.ID, Number: ticket.Number{Text: fmt.Sprintf("A-%03d", n)}, Service: q.Service, Class: q.Class,
			At: time.Date(2025, 3, 3, 0, 5, 0, 0, time.UTC), Ahead: n - 1, Link: "http://10.0.0.1/t/" + string(o) + "/abc",
		}
		h.tickets[q.ID] = t
	}
	if h.lose > 0 {
		h.lose--
		return wire.TakenTicket{}, client.ErrOffline
	}
	return t, nil
}

func (h *hall) Printed(_ context.Context, _ ticket.OfficeID, id ticket.ID, p wire.Printed) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse != nil {
		return h.refuse
	}
	if _, ok := h.tickets[id]; !ok {
		return reason.New(reason.NotFound, "no_such_ticket")
	}
	h.reports[id] = p
	h.told <- p
	return nil
}

func (h *hall) Watch(ctx context.Context, _ ticket.OfficeID, _ []string, on func(client.Event)) error {
	name := wire.Text{"id": "Nama", "en": "Name"}
	view, err := json.Marshal(wire.KioskView{
		Place: wire.Place{Name: name, TimeZone: "Asia/Makassar", ZoneName: "WITA"}, Languages: []string{"id", "en"},
		Agencies: []wire.Agency{{ID: "a", Name: name, Services: []wire.Service{{ID: "s", Name: name}}}},
	})
	if err != nil {
		return err
	}
	on(client.Event{Online: true})
	on(client.Event{Online: true, Frame: &wire.Frame{Topic: wire.TopicKiosk, View: view}})
	for {
		select {
		case e := <-h.line:
			on(e)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *hall) set(change func(*hall)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(h)
}

func (h *hall) report(id ticket.ID) (wire.Printed, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, ok := h.reports[id]
	return p, ok
}

// glass remembers the page that it shows, and tells of each.
type glass struct {
	mu   sync.Mutex
	page flow.Page
	news chan struct{}
}

func (g *glass) Show(p flow.Page) {
	g.mu.Lock()
	g.page = p
	g.mu.Unlock()
	select {
	case g.news <- struct{}{}:
	default:
	}
}

func (g *glass) now() flow.Page {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.page
}

// kiosk is a running loop with its glass.
type kiosk struct {
	t     *testing.T
	glass *glass
	loop  *Loop
	spool *spool.Spool
}

func start(t *testing.T, h Server, p Printer, dir string) (k *kiosk, stop func()) {
	t.Helper()
	sp, err := spool.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	k = &kiosk{t: t, glass: &glass{news: make(chan struct{}, 1)}, spool: sp}
	k.loop = New(Config{
		Flow:   flow.New(flow.Config{NewID: client.NewTicketID, Languages: []string{"id", "en"}, Tiles: 6, Requirements: 4}),
		Server: h, Printer: p, Glass: k.glass, Spool: sp, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); k.loop.Run(ctx) }()
	return k, func() {
		cancel()
		<-ended
		if err := sp.Close(); err != nil {
			t.Error(err)
		}
	}
}

// until waits for a page; outside a bubble of synctest it may take real time.
func (k *kiosk) until(what string, is func(flow.Page) bool) flow.Page {
	k.t.Helper()
	patience := time.NewTimer(time.Minute)
	defer patience.Stop()
	for {
		if p := k.glass.now(); is(p) {
			return p
		}
		select {
		case <-k.glass.news:
		case <-patience.C:
			k.t.Fatalf("waited for %s, the glass shows %+v", what, k.glass.now())
		}
	}
}

func (k *kiosk) page(kind flow.Kind) flow.Page {
	k.t.Helper()
	return k.until(string(kind), func(p flow.Page) bool { return p.Kind == kind })
}

// visit taps from the start page to a number; taps are a second apart.
func (k *kiosk) visit() {
	k.t.Helper()
	k.page(flow.Start)
	k.loop.Tap(flow.LanguageTarget("en"))
	k.page(flow.Services) // one agency only
	time.Sleep(flow.DoubleTap)
	k.loop.Tap(flow.ServiceTarget("s"))
}

func (k *kiosk) unreported() []spool.Entry {
	k.t.Helper()
	all, err := k.spool.Unreported()
	if err != nil {
		k.t.Fatal(err)
	}
	return all
}

func TestALostAnswerDrawsNoSecondNumber(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		h.lose = 2
		k, stop := start(t, h, nil, dir)
		defer stop()
		k.visit()
		p := k.page(flow.Thanks)
		if len(h.tickets) != 1 || len(h.asks) != 3 {
			t.Errorf("%d tickets for %d asks", len(h.tickets), len(h.asks))
		}
		k.until("no paper", func(p flow.Page) bool { return p.Paper == flow.NoPaper })
		synctest.Wait()
		if got, _ := h.report(p.Ticket.ID); got != (wire.Printed{State: "failed", Detail: "no_printer"}) {
			t.Errorf("reported %+v", got)
		}
		if left := k.unreported(); len(left) != 0 {
			t.Errorf("left over: %+v", left)
		}
		k.page(flow.Start)
	})
}

func TestReportsWaitUntilTheServerIsBack(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		k, stop := start(t, h, stuck{func() { h.set(func(h *hall) { h.refuse = client.ErrOffline }) }}, dir)
		defer stop()
		k.visit()
		p := k.until("an unknown paper", func(p flow.Page) bool { return p.Paper == flow.Doubtful })
		synctest.Wait()
		if _, ok := h.report(p.Ticket.ID); ok || len(k.unreported()) != 1 {
			t.Fatal("reported without a server")
		}
		h.set(func(h *hall) { h.refuse = nil })
		time.Sleep(longestWait)
		synctest.Wait()
		if got, _ := h.report(p.Ticket.ID); got.State != "unknown" || got.Detail != "silent" {
			t.Errorf("reported %+v", got)
		}
		k.loop.Late(printer.Outcome{Job: p.Ticket.ID.String(), State: printer.Confirmed})
		synctest.Wait()
		if got, _ := h.report(p.Ticket.ID); got.State != "confirmed" {
			t.Errorf("a late confirmation was reported as %+v", got)
		}
	})
}

// stuck is a printer that swallows bytes and says nothing; meanwhile something happens.
type stuck struct{ meanwhile func() }

func (s stuck) Print(_ context.Context, j printer.Job) printer.Outcome {
	if err := j.Progress(printer.Sending); err != nil {
		return printer.Outcome{Job: j.ID, State: printer.Failed, Err: err}
	}
	s.meanwhile()
	return printer.Outcome{Job: j.ID, State: printer.Unknown, Reason: printer.Silent, FirstByte: time.Now()}
}

func (stuck) Status(ctx context.Context) (printer.Status, error) {
	return printer.Status{Conditions: []printer.Condition{printer.Silent}}, ctx.Err()
}

func TestAfterAPowerCutTheUnfinishedPaperIsReportedUnknown(t *testing.T) {
	before, after := t.TempDir(), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		inside, release := make(chan struct{}), make(chan struct{})
		k, stop := start(t, h, stuck{func() { close(inside); <-release }}, before)
		defer stop()
		defer close(release)
		k.visit()
		<-inside // bytes are on the line
		id := k.page(flow.Thanks).Ticket.ID
		synctest.Wait()
		// The power: all that is left is the disk.
		if err := os.CopyFS(after, os.DirFS(before)); err != nil {
			t.Fatal(err)
		}
		again, stopAgain := start(t, h, nil, after)
		defer stopAgain()
		again.page(flow.Start)
		synctest.Wait()
		if got, _ := h.report(id); got != (wire.Printed{State: "unknown", Detail: "fault"}) {
			t.Errorf("reported %+v", got)
		}
		if left := again.unreported(); len(left) != 0 {
			t.Errorf("left over: %+v", left)
		}
	})
}

func TestAnAskThatNeverArrivedIsForgottenWhenTheServerSaysSo(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		k, stop := start(t, h, nil, dir)
		defer stop()
		k.page(flow.Start)
		h.set(func(h *hall) { h.refuse = client.ErrOffline })
		k.visit()
		k.until("another try", func(p flow.Page) bool { return p.Retrying })
		time.Sleep(time.Second)
		k.loop.Tap(flow.Home)
		k.page(flow.Start)
		synctest.Wait()
		if len(k.unreported()) != 1 {
			t.Fatalf("unreported: %+v", k.unreported())
		}
		h.set(func(h *hall) { h.refuse = nil })
		time.Sleep(longestWait)
		synctest.Wait()
		if left := k.unreported(); len(left) != 0 || len(h.tickets) != 0 {
			t.Errorf("left over: %+v, tickets %v", left, h.tickets)
		}
	})
}

func TestTheTechnicianIsToldWhatIsWrongAndTheKioskRecoversByItself(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		h.refuse = fmt.Errorf("asking: %w", client.ErrOffline)
		k, stop := start(t, h, nil, dir)
		defer stop()
		trouble := func(want flow.Trouble) {
			t.Helper()
			k.until(string(want), func(p flow.Page) bool { return p.Kind == flow.Away && p.Trouble == want })
		}
		trouble(flow.Offline)
		h.set(func(h *hall) { h.refuse = reason.New(reason.Unauthorized, "unauthorized") })
		trouble(flow.BadToken)
		time.Sleep(time.Minute)
		h.set(func(h *hall) { h.refuse, h.device.Kind = nil, "board" })
		time.Sleep(refusedWait)
		trouble(flow.WrongDevice)
		h.set(func(h *hall) { h.device.Kind = "kiosk" })
		time.Sleep(refusedWait)
		k.page(flow.Start)

		h.line <- client.Event{Online: true, Frame: &wire.Frame{Topic: wire.TopicKiosk, Problem: &wire.Problem{Code: "forbidden"}}}
		trouble(flow.NoView)
		h.line <- client.Event{Err: reason.New(reason.Unauthorized, "revoked")}
		trouble(flow.BadToken)
		h.line <- client.Event{Err: client.ErrOffline}
		h.line <- client.Event{Online: true}
		k.page(flow.Start)
	})
}

func TestWhatAnOutcomeMeansToTheVisitorAndTheServer(t *testing.T) {
	for _, c := range []struct {
		state  printer.State
		reason printer.Condition
		paper  flow.Paper
		detail string
	}{
		{printer.Confirmed, printer.PaperLow, flow.Printed, ""},
		{printer.Failed, printer.PaperOut, flow.NoPaper, "paper_end"},
		{printer.Failed, printer.Absent, flow.NoPaper, "no_printer"},
		{printer.Unknown, printer.CoverOpen, flow.Doubtful, "cover_open"},
		{printer.Unknown, printer.Silent, flow.Doubtful, "silent"},
		{printer.Unknown, printer.Busy, flow.Doubtful, "offline"},
		{printer.Failed, printer.CutterJam, flow.NoPaper, "fault"},
	} {
		paper, detail := fate(printer.Outcome{State: c.state, Reason: c.reason})
		if paper != c.paper || detail != c.detail {
			t.Errorf("%s, %s: %s %q", c.state, c.reason, paper, detail)
		}
	}
}
