package office

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const uji ticket.OfficeID = "uji"

func settings() queue.Settings {
	all := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	n := func(s string) ticket.Text { return ticket.Text{"id": s} }
	return queue.Settings{
		Office: uji, Name: n("MPP Uji"), TimeZone: "Asia/Makassar", Languages: []string{"id", "en"}, PublicURL: "https://antre.example",
		Opening: []queue.Opening{{Days: all, Close: 24 * 60}}, Voice: queue.Voice{Times: 2, Digits: "each"},
		Zones: []queue.Zone{{ID: "a", Name: n("A")}, {ID: "b", Name: n("B")}}, Agencies: []queue.Agency{{ID: "d", Name: n("Dukcapil")}},
		Sequences: []queue.Sequence{{ID: "A", Prefix: "A-", Padding: 3}},
		Services:  []queue.Service{{ID: "ktp", Agency: "d", Sequence: "A", Name: n("KTP")}, {ID: "kk", Agency: "d", Sequence: "A", Name: n("KK")}},
		Counters: []queue.Counter{
			{ID: "c1", Label: "1", Name: n("1"), Zone: "a", Services: []ticket.ServiceID{"ktp"}},
			{ID: "c2", Label: "2", Name: n("2"), Zone: "b", Services: []ticket.ServiceID{"ktp", "kk"}},
		},
	}
}

// testClock is a wall clock that a test moves, on the machine's monotonic one.
type testClock struct{ wall, mono atomic.Int64 }

func newClock() *testClock {
	c := &testClock{}
	c.wall.Store(time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC).UnixMicro())
	return c
}

func (c *testClock) pass(d time.Duration) {
	c.wall.Add(d.Microseconds())
	c.mono.Add(int64(d))
}

func (c *testClock) Now() (time.Time, time.Duration, bool) {
	return time.UnixMicro(c.wall.Load()), time.Duration(c.mono.Load()), false
}

// house is a store on a log in memory that a test can start again.
type house struct {
	t       *testing.T
	mem     eventlog.Memory
	options eventlog.Options
	tab     *table.Table
	clock   *testClock
	log     *eventlog.Log
	store   *Store
	end     context.CancelFunc
	ended   chan error
}

func newHouse(t *testing.T, o eventlog.Options) *house {
	t.Helper()
	tab, err := table.Open(t.TempDir() + "/records.db")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, tab: tab, clock: newClock(), options: o}
	t.Cleanup(func() { _ = tab.Close() })
	h.start()
	t.Cleanup(h.stop)
	if err := h.store.Import(t.Context(), settings(), queue.Actor{Kind: queue.ActorCommandLine}); err != nil {
		t.Fatal(err)
	}
	h.store.beatNow(t)
	return h
}

// beatNow asks something, so that what time alone brings about is there.
func (s *Store) beatNow(t *testing.T) {
	t.Helper()
	_, err := s.Do(t.Context(), Request{Office: uji, Actor: queue.Actor{Kind: queue.ActorSystem}, Command: queue.OpenDay{Date: "nothing"}})
	if !errors.Is(err, queue.ErrDayDate) {
		t.Fatal(err)
	}
}

func (h *house) start() {
	h.t.Helper()
	log, err := h.mem.Open(h.options)
	if err != nil {
		h.t.Fatal(err)
	}
	h.log = log
	h.store, err = Open(h.t.Context(), Config{Log: log, Secrets: h.tab.Secrets(), Clock: h.clock})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	h.end, h.ended = end, make(chan error, 1)
	go func() { h.ended <- h.store.Run(ctx) }()
}

func (h *house) stop() {
	if h.end == nil {
		return
	}
	h.end()
	<-h.ended
	h.end = nil
	if err := h.log.Close(); err != nil {
		h.t.Error(err)
	}
}

func (h *house) restart() {
	h.stop()
	h.start()
}

var kiosk = queue.Actor{Kind: queue.ActorDevice, ID: "k1"}

func take(key string, id ticket.ID, s ticket.ServiceID) Request {
	return Request{Office: uji, Actor: kiosk, Key: key, Body: []byte("take " + string(s) + id.String()), Command: queue.Take{ID: id, Service: s}}
}

func newID() ticket.ID { return ticket.ID(uuid.Must(uuid.NewV7())) }

func decode(t *testing.T, s *Store, topic string, view any) {
	t.Helper()
	f, err := s.Frame(t.Context(), uji, topic)
	if err != nil {
		t.Fatal(err)
	}
	unframe(t, f, view)
}

func unframe(t *testing.T, f *Frame, view any) wire.Frame {
	t.Helper()
	var w wire.Frame
	if err := json.Unmarshal(f.JSON, &w); err != nil {
		t.Fatalf("%v: %s", err, f.JSON)
	}
	if err := json.Unmarshal(w.View, view); err != nil {
		t.Fatal(err)
	}
	return w
}
