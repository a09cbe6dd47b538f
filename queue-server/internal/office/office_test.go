package office

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

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
