package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
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

func TestAKeyGivesTheSameAnswerAlsoAfterARestartAndADay(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	id := newID()
	first, err := h.store.Do(t.Context(), take("k", id, "ktp"))
	if err != nil {
		t.Fatal(err)
	}
	same := func(when string) {
		t.Helper()
		again, err := h.store.Do(t.Context(), take("k", id, "ktp"))
		if err != nil || !again.Repeated || again.Seq != first.Seq || again.Link != first.Link || !again.At.Equal(first.At) || again.State != ticket.Waiting || again.Ticket.Number != first.Ticket.Number {
			t.Fatalf("%s: %+v, %v; first %+v", when, again, err, first)
		}
	}
	same("at once")
	h.restart()
	same("after a restart")
	h.clock.pass(26 * time.Hour)
	same("after a day")
	h.restart()
	same("after a day and a restart")

	other := take("k", newID(), "ktp")
	if _, err := h.store.Do(t.Context(), other); !errors.Is(err, ErrKeyReused) {
		t.Errorf("the key with another body: %v", err)
	}
	other.Actor.ID = "k2"
	if got, err := h.store.Do(t.Context(), other); err != nil || got.Repeated {
		t.Errorf("another device's same key: %+v, %v", got, err)
	}
}

func TestRequestKeysAreDestroyedWhenTheirTimeIsOver(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	if _, err := h.store.Do(t.Context(), take("k", newID(), "ktp")); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		h.clock.pass(24 * time.Hour)
		h.store.beatNow(t)
		if _, err := h.store.Do(t.Context(), take("", newID(), "ktp")); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, most := range map[string]int{requestPrefix: 4, "link/": 4} {
		names, err := h.tab.Secrets().List(prefix)
		if err != nil || len(names) == 0 || len(names) > most {
			t.Errorf("%s: %v, %v", prefix, names, err)
		}
	}
	if st, err := h.store.Frame(t.Context(), uji, "office"); err != nil || st == nil {
		t.Fatal(err)
	}
}

func TestManyCallersShareOneSync(t *testing.T) {
	var commits atomic.Int64
	var hold atomic.Bool
	held, gate := make(chan struct{}), make(chan struct{})
	h := newHouse(t, eventlog.Options{AroundCommit: func(commit func() error) error {
		commits.Add(1)
		if hold.CompareAndSwap(true, false) {
			close(held)
			<-gate
		}
		return commit()
	}})
	var wg sync.WaitGroup
	texts := make(chan string, 256)
	one := func() {
		r, err := h.store.Do(context.Background(), take("", newID(), "ktp"))
		if err != nil {
			t.Error(err)
			return
		}
		texts <- r.Ticket.Number.Text
	}
	hold.Store(true)
	before := commits.Load()
	wg.Go(one)
	<-held
	for range 255 {
		wg.Go(one)
	}
	for len(h.store.jobs) < 255 {
		runtime.Gosched()
	}
	close(gate)
	wg.Wait()
	close(texts)
	seen := map[string]bool{}
	for s := range texts {
		if seen[s] {
			t.Fatalf("%s was given twice", s)
		}
		seen[s] = true
	}
	if n := commits.Load() - before; n != 2 || len(seen) != 256 {
		t.Errorf("%d tickets took %d commits, want 2", len(seen), n)
	}
}

func TestAFailedCommitIsUnknownStopsTheStoreAndTheLogTellsTheTruth(t *testing.T) {
	for _, c := range []struct {
		name   string
		commit func(func() error) error
		there  bool
	}{
		{"before it reached the disk", func(func() error) error { return errors.New("power") }, false},
		{"after it reached the disk", func(commit func() error) error { _ = commit(); return errors.New("power") }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var fail atomic.Bool
			h := newHouse(t, eventlog.Options{AroundCommit: func(commit func() error) error {
				if fail.Load() {
					return c.commit(commit)
				}
				return commit()
			}})
			w := h.store.Watcher()
			if err := w.Add(t.Context(), uji, "kiosk"); err != nil {
				t.Fatal(err)
			}
			w.Take()
			fail.Store(true)
			id := newID()
			if _, err := h.store.Do(t.Context(), take("k", id, "ktp")); !errors.Is(err, ErrOutcomeUnknown) {
				t.Fatalf("got %v", err)
			}
			if err := <-h.ended; err == nil {
				t.Fatal("the store goes on after an unknown outcome")
			}
			h.end = nil
			if got := w.Take(); len(got) != 0 {
				t.Error("something was announced that may not be on disk")
			}
			if _, err := h.store.Do(t.Context(), take("k2", newID(), "ktp")); !errors.Is(err, ErrStopping) {
				t.Errorf("after the stop: %v", err)
			}
			_ = h.log.Close()
			fail.Store(false)
			h.start()
			again, err := h.store.Do(t.Context(), take("k", id, "ktp"))
			if err != nil || again.Repeated != c.there || again.Ticket.Number.Text != "A-001" {
				t.Errorf("asked again: %+v, %v", again, err)
			}
		})
	}
}

func TestAFullDiskRefusesAndTheProcessStaysUp(t *testing.T) {
	var free atomic.Uint64
	free.Store(1 << 40)
	h := newHouse(t, eventlog.Options{FreeSpace: func(string) (uint64, error) { return free.Load(), nil }})
	free.Store(1)
	if _, err := h.store.Do(t.Context(), take("k", newID(), "ktp")); !errors.Is(err, ErrStorageFull) {
		t.Fatalf("full: %v", err)
	}
	var view wire.KioskView
	decode(t, h.store, "kiosk", &view)
	if view.Agencies[0].Services[0].Waiting != 0 {
		t.Error("a refused ticket is shown")
	}
	free.Store(1 << 40)
	if r, err := h.store.Do(t.Context(), take("k", newID(), "ktp")); err != nil || r.Ticket.Number.Text != "A-001" {
		t.Fatalf("with room again: %+v, %v", r, err)
	}
}

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

func TestTwoCountersThatPressTogetherNeverGetTheSameTicket(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	officer := func(n int) queue.Actor { return queue.Actor{Kind: queue.ActorAccount, ID: fmt.Sprint(n)} }
	do := func(n int, a queue.Ask) (Reply, error) {
		return h.store.Do(context.Background(), Request{Office: uji, Actor: officer(n), Command: a})
	}
	for n := 1; n <= 2; n++ {
		if _, err := do(n, queue.OpenCounter{Counter: ticket.CounterID(fmt.Sprint("c", n)), Session: fmt.Sprint("s", n)}); err != nil {
			t.Fatal(err)
		}
	}
	called := map[ticket.ID]bool{}
	for range 200 {
		for range 2 {
			if _, err := h.store.Do(t.Context(), take("", newID(), "ktp")); err != nil {
				t.Fatal(err)
			}
		}
		var got [2]Reply
		var wg sync.WaitGroup
		for n := 1; n <= 2; n++ {
			wg.Go(func() {
				c, s := ticket.CounterID(fmt.Sprint("c", n)), fmt.Sprint("s", n)
				var err error
				if got[n-1], err = do(n, queue.CallNext{Counter: c, Session: s}); err != nil {
					t.Error(err)
					return
				}
				if _, err := do(n, queue.Miss{AtCounter: queue.AtCounter{Counter: c, Session: s}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, r := range got {
			if r.Ticket == nil || called[r.Ticket.ID] {
				t.Fatalf("called twice or nobody: %+v", r)
			}
			called[r.Ticket.ID] = true
		}
	}
}

func TestAWatcherGetsTheNewestFrameOfEachTopicAndOnlyWhatChanged(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	w := h.store.Watcher()
	defer w.Close()
	for _, topic := range []string{"board/a", "board/b", "kiosk"} {
		if err := w.Add(t.Context(), uji, topic); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.Take(); len(got) != 3 {
		t.Fatalf("%d first frames", len(got))
	}
	if err := w.Add(t.Context(), uji, "board/nowhere"); !errors.Is(err, ErrNoSuchTopic) {
		t.Errorf("unknown topic: %v", err)
	}
	for range 10 {
		if _, err := h.store.Do(t.Context(), take("", newID(), "kk")); err != nil {
			t.Fatal(err)
		}
	}
	h.store.beatNow(t) // what was published before is in the slots
	<-w.Ready()
	got := w.Take()
	if len(got) != 2 {
		t.Fatalf("%d frames, want the two topics that show the service", len(got))
	}
	for _, f := range got {
		if f.Topic != "board/b" {
			continue
		}
		var v wire.BoardView
		if frame := unframe(t, f, &v); frame.Seq == 0 || frame.Epoch == "" || v.Waiting[1].Waiting != 10 {
			t.Errorf("newest frame: %+v", v.Waiting)
		}
	}
}

func TestALinkFindsItsTicketAndNothingElse(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	r, err := h.store.Do(t.Context(), take("", newID(), "ktp"))
	if err != nil {
		t.Fatal(err)
	}
	tok := r.Link[len("https://antre.example/t/uji/"):]
	for range 2 {
		id, err := h.store.TicketOf(t.Context(), uji, tok)
		if err != nil || id != r.Ticket.ID {
			t.Fatalf("%v, %v", id, err)
		}
		h.restart()
	}
	for _, wrong := range []string{"", "x", tok[:21], tok + "A"} {
		if _, err := h.store.TicketOf(t.Context(), uji, wrong); !errors.Is(err, ErrNoSuchLink) {
			t.Errorf("token %q: %v", wrong, err)
		}
	}
	if _, err := h.store.TicketOf(t.Context(), "other", tok); !errors.Is(err, ErrNoSuchOffice) {
		t.Errorf("another office: %v", err)
	}
}

func TestOfficeTimeFollowsAPlausibleClockForwardAndNeverGoesBack(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	at := func() queue.Instant {
		r, err := h.store.Do(t.Context(), take("", newID(), "ktp"))
		if err != nil {
			t.Fatal(err)
		}
		return r.Ticket.TakenTime
	}
	first := at()
	h.stop()
	h.clock.wall.Add((3 * time.Hour).Microseconds()) // the box was off; the monotonic clock stood
	h.start()
	second := at()
	if second.Sub(first) != 3*time.Hour {
		t.Errorf("after three hours off: %v", second.Sub(first))
	}
	h.clock.wall.Store(time.Unix(100, 0).UnixMicro()) // a dead battery
	h.clock.mono.Add(int64(time.Minute))
	third := at()
	if third.Sub(second) != time.Minute {
		t.Errorf("with a clock in 1970: %v", third.Sub(second))
	}
	h.restart()
	if fourth := at(); fourth < third {
		t.Errorf("office time went back by %v", third.Sub(fourth))
	}
}

func TestASecondWriterIsAConflictAndTheStateFollowsTheLog(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	head := h.log.Head(uji).Seq
	got := h.log.Append([]eventlog.Part{{Office: uji, Expected: head, Records: []queue.Record{{
		Office: uji, Seq: head + 1, Day: 1, At: time.Now().UTC(), Time: queue.InstantOf(time.UnixMicro(h.clock.wall.Load())),
		Actor: queue.Actor{Kind: queue.ActorSystem}, Event: queue.CounterClosed{},
	}}}})
	if got[0].Outcome != eventlog.Committed {
		t.Fatal(got[0].Err)
	}
	if _, err := h.store.Do(t.Context(), take("k", newID(), "ktp")); !errors.Is(err, ErrMovedOn) {
		t.Fatalf("got %v", err)
	}
	if r, err := h.store.Do(t.Context(), take("k", newID(), "ktp")); err != nil || r.Seq != head+2 {
		t.Errorf("asked again: %+v, %v", r, err)
	}
}

func TestANewWatcherTakesNothingFromTheOthers(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	first, second := h.store.Watcher(), h.store.Watcher()
	defer first.Close()
	defer second.Close()
	add := func(w *Watcher) {
		t.Helper()
		if err := w.Add(t.Context(), uji, "board/a"); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range []queue.Ask{queue.OpenCounter{Counter: "c1", Session: "s"}, queue.Take{ID: newID(), Service: "ktp"}, queue.CallNext{Counter: "c1", Session: "s"}} {
		if _, err := h.store.Do(t.Context(), Request{Office: uji, Actor: kiosk, Command: a}); err != nil {
			t.Fatal(err)
		}
	}
	add(first)
	first.Take()
	h.clock.pass(queue.AnnouncementLife + time.Second) // the announcement leaves the view without an event
	add(second)
	got := first.Take()
	if len(got) != 1 {
		t.Fatalf("the first watcher got %d frames", len(got))
	}
	var v wire.BoardView
	if unframe(t, got[0], &v); len(v.Announcements) != 0 {
		t.Errorf("still announced: %+v", v.Announcements)
	}
}

func TestARefusedAppendDoesNotMoveOfficeTime(t *testing.T) {
	var free atomic.Uint64
	free.Store(1 << 40)
	h := newHouse(t, eventlog.Options{FreeSpace: func(string) (uint64, error) { return free.Load(), nil }})
	h.stop()
	h.clock.wall.Add(time.Hour.Microseconds())
	free.Store(1)
	h.start()
	if _, err := h.store.Do(t.Context(), take("", newID(), "ktp")); !errors.Is(err, ErrStorageFull) {
		t.Fatal(err)
	}
	free.Store(1 << 40)
	if _, err := h.store.Do(t.Context(), take("", newID(), "ktp")); err != nil {
		t.Fatal(err)
	}
	followed := 0
	err := h.log.Read(t.Context(), uji, 1, h.log.Head(uji).Seq, func(r *queue.Record) error {
		if e, ok := r.Event.(queue.ClockFollowed); ok && r.Time.Sub(e.From) >= time.Hour {
			followed++
		}
		return nil
	})
	if err != nil || followed != 1 {
		t.Errorf("office time moved by %d events, %v", followed, err)
	}
}

func TestAFirstStartIn1970KeepsItsRequestKey(t *testing.T) {
	tab, err := table.Open(t.TempDir() + "/records.db")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tab.Close() }()
	m := &macKeys{secrets: tab.Secrets(), keys: map[uint32][]byte{}}
	for day := range uint32(6) {
		if err := m.use(day); err != nil {
			t.Fatal(err)
		}
		if _, k := m.now(); k == nil {
			t.Fatalf("day %d has no key", day)
		}
	}
	if names, err := tab.Secrets().List(requestPrefix); err != nil || len(names) != 4 {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAReaderThatGoesAwayIsNotWrittenTo(t *testing.T) {
	h := newHouse(t, eventlog.Options{})
	for range 300 {
		ctx, end := context.WithCancel(t.Context())
		go end()
		if _, err := h.store.Frame(ctx, uji, "board/a"); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, ErrStopping) {
			t.Fatal(err)
		}
	}
}
