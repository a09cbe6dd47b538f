package servertest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"antrean/queue-server/servertest"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t *testing.T, s *servertest.Server, token string) *client.Client {
	t.Helper()
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	c, err := client.New(client.Config{Server: s.URL, Token: token, Language: "id", HTTP: &http.Client{Timeout: 20 * time.Second, Transport: tr}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// watching is a client's Watch, running; its events come through C.
type watching struct {
	C    chan client.Event
	stop func()
}

func watch(t *testing.T, c *client.Client, o ticket.OfficeID, topics ...string) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &watching{C: make(chan client.Event, 256)}
	var done sync.WaitGroup
	done.Go(func() {
		if err := c.Watch(ctx, o, topics, func(e client.Event) { w.C <- e }); !errors.Is(err, context.Canceled) {
			t.Errorf("Watch ended with %v", err)
		}
	})
	w.stop = func() { cancel(); done.Wait() }
	t.Cleanup(w.stop)
	return w
}

// until takes events until one is as wanted.
func (w *watching) until(t *testing.T, what string, ok func(client.Event) bool) client.Event {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		select {
		case e := <-w.C:
			if ok(e) {
				return e
			}
		case <-limit:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func boardOf(t *testing.T, f *wire.Frame) wire.BoardView {
	t.Helper()
	var v wire.BoardView
	if err := json.Unmarshal(f.View, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAVisitThroughTheClientAndTheRealServer(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	device, token := s.Device("kiosk", "")
	kiosk := connect(t, s, token)
	board := connect(t, s, s.DeviceToken("board", "aula"))
	if d, err := kiosk.Device(t.Context()); err != nil || d != device {
		t.Fatalf("device = %+v, %v", d, err)
	}
	screen := watch(t, board, s.Office, "board/aula")
	id := client.NewTicketID()
	taken, err := kiosk.Take(t.Context(), s.Office, wire.TakeTicket{ID: id, Service: "ktp", Language: "id"})
	if err != nil || taken.Number.Text != "A-001" || taken.Link == "" {
		t.Fatalf("took %+v, %v", taken, err)
	}
	if again, err := kiosk.Take(t.Context(), s.Office, wire.TakeTicket{ID: id, Service: "ktp", Language: "id"}); err != nil || again != taken {
		t.Errorf("again %+v, %v", again, err)
	}
	if err := kiosk.Printed(t.Context(), s.Office, id, wire.Printed{State: "confirmed"}); err != nil {
		t.Error(err)
	}
	officer := s.Session("officer")
	s.Counter(officer, "1", "open")
	if a := s.Counter(officer, "1", "call-next"); a.Ticket.ID != id || a.Ticket.State != ticket.Called {
		t.Errorf("called %+v", a.Ticket)
	}
	e := screen.until(t, "the call", func(e client.Event) bool { return e.Frame != nil && len(boardOf(t, e.Frame).Announcements) == 1 })
	call := boardOf(t, e.Frame).Announcements[0]
	if call.Number.Text != "A-001" || call.Counter.Label != "1" {
		t.Errorf("announced %+v", call)
	}
	if err := board.Spoken(t.Context(), s.Office, wire.Spoken{IDs: []uint64{call.ID}}); err != nil {
		t.Error(err)
	}
	s.Counter(officer, "1", "start")
	if a := s.Counter(officer, "1", "finish"); a.Ticket.State != ticket.Done {
		t.Errorf("finished %+v", a.Ticket)
	}
}

func TestAfterARestartTheSameKeyHasTheSameAnswerAndTheWindowsAreRightAgain(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	kiosk := connect(t, s, s.DeviceToken("kiosk", ""))
	screen := watch(t, kiosk, s.Office, "kiosk")
	first := screen.until(t, "the first view", func(e client.Event) bool { return e.Frame != nil })
	ask := wire.TakeTicket{ID: client.NewTicketID(), Service: "ktp"}
	before, err := kiosk.Take(t.Context(), s.Office, ask)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	screen.until(t, "the lost line", func(e client.Event) bool { return !e.Online && errors.Is(e.Err, client.ErrOffline) })
	if _, err := kiosk.Take(t.Context(), s.Office, ask); !errors.Is(err, client.ErrOffline) {
		t.Errorf("without a server: %v", err)
	}
	s.Restart()
	back := screen.until(t, "the view after the return", func(e client.Event) bool { return e.Frame != nil && e.Frame.Seq > first.Frame.Seq })
	if back.Frame.Epoch != first.Frame.Epoch {
		t.Error("a restart made another epoch")
	}
	after, err := kiosk.Take(t.Context(), s.Office, ask)
	if err != nil || after != before {
		t.Errorf("before %+v, after %+v, %v", before, after, err)
	}
}

func TestARevokedKioskIsToldSoAndCanDoNothingMore(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	device, token := s.Device("kiosk", "")
	kiosk := connect(t, s, token)
	screen := watch(t, kiosk, s.Office, "kiosk")
	screen.until(t, "the first view", func(e client.Event) bool { return e.Frame != nil })
	s.RevokeDevice(device.ID)
	noDevice := reason.New(reason.Unauthorized, "no_device")
	screen.until(t, "the refusal", func(e client.Event) bool { return !e.Online && errors.Is(e.Err, noDevice) })
	if _, err := kiosk.Take(t.Context(), s.Office, wire.TakeTicket{ID: client.NewTicketID(), Service: "ktp"}); !errors.Is(err, noDevice) {
		t.Errorf("took with %v", err)
	}
}

func TestACommitWhoseEndIsUnknownIsAskedForAgainAfterTheRestart(t *testing.T) {
	var fail atomic.Bool
	s := servertest.Start(t, servertest.Options{AroundCommit: func(commit func() error) error {
		err := commit()
		if fail.Load() {
			return errors.New("the disk said nothing")
		}
		return err
	}})
	kiosk := connect(t, s, s.DeviceToken("kiosk", ""))
	ask := wire.TakeTicket{ID: client.NewTicketID(), Service: "ktp"}
	fail.Store(true)
	if _, err := kiosk.Take(t.Context(), s.Office, ask); !errors.Is(err, reason.New(reason.Unavailable, "outcome_unknown")) {
		t.Errorf("took with %v", err)
	}
	if err := s.Ended(); err == nil {
		t.Error("the server went on")
	}
	fail.Store(false)
	s.Restart()
	taken, err := kiosk.Take(t.Context(), s.Office, ask)
	if err != nil || taken.Number.Text != "A-001" {
		t.Errorf("after the restart: %+v, %v", taken, err)
	}
	next, err := kiosk.Take(t.Context(), s.Office, wire.TakeTicket{ID: client.NewTicketID(), Service: "ktp"})
	if err != nil || next.Number.Text != "A-002" {
		t.Errorf("the next one: %+v, %v", next, err)
	}
}

func TestAFullDiskIsSaidAndTheServerGoesOn(t *testing.T) {
	var full atomic.Bool
	s := servertest.Start(t, servertest.Options{FreeSpace: func(string) (uint64, error) {
		if full.Load() {
			return 0, nil
		}
		return 1 << 40, nil
	}})
	kiosk := connect(t, s, s.DeviceToken("kiosk", ""))
	take := func() (wire.TakenTicket, error) {
		return kiosk.Take(t.Context(), s.Office, wire.TakeTicket{ID: client.NewTicketID(), Service: "ktp"})
	}
	full.Store(true)
	if _, err := take(); !errors.Is(err, reason.New(reason.StorageFull, "storage_full")) {
		t.Errorf("took with %v", err)
	}
	full.Store(false)
	if got, err := take(); err != nil || got.Number.Text != "A-001" {
		t.Errorf("afterwards: %+v, %v", got, err)
	}
}

func TestAClockThatDiesKeepsTheDayAndItsNumbers(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	admin := s.AdminSession()
	if got := s.Take(admin, "ktp"); got.Number.Text != "A-001" || got.Day != "2026-11-23" {
		t.Fatalf("took %+v", got)
	}
	s.Clock.Set(time.Unix(0, 0), false)
	if got := s.Take(admin, "ktp"); got.Number.Text != "A-002" || got.Day != "2026-11-23" {
		t.Errorf("in 1970: %+v", got)
	}
}

func TestTheServersPagesAreThere(t *testing.T) {
	s := servertest.Start(t, servertest.Options{})
	for _, path := range []string{"/login", wire.PathHealth, wire.PathOpenAPI} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		tr := &http.Transport{DisableKeepAlives: true}
		res, err := (&http.Client{Transport: tr}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK || len(b) == 0 {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}
