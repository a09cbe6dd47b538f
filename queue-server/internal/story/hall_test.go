package story

import (
	"encoding/binary"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// hall is an office whose records go to a real log on disk, as its writer would
// append them.
type hall struct {
	t interface {
		Helper()
		Fatalf(string, ...any)
	}
	log *eventlog.Log
	st  *queue.State
	now queue.Moment
	by  queue.Actor
	ids uint64

	hold bool // records wait for flush, so that a long log is made quickly
	held []queue.Record
}

var (
	officer = queue.Actor{Kind: queue.ActorAccount, ID: "siti-rahmawati"}
	kiosk   = queue.Actor{Kind: queue.ActorDevice, ID: "kiosk-by-the-door"}
	board   = queue.Actor{Kind: queue.ActorDevice, ID: "board-in-the-hall"}
	visitor = queue.Actor{Kind: queue.ActorVisitor, ID: "0198c0de-0000-7000-8000-000000000001"}
	system  = queue.Actor{Kind: queue.ActorSystem}
)

func roleOf(a queue.Actor) string {
	return map[queue.Actor]string{officer: "officer", kiosk: "kiosk", board: "board"}[a]
}

func office() queue.Settings {
	all := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	name := func(id, en string) ticket.Text { return ticket.Text{"id": id, "en": en} }
	return queue.Settings{
		Office: "uji", Name: name("MPP Uji", "Test Mall"), TimeZone: "Asia/Makassar", Languages: []string{"id", "en"},
		Opening:   []queue.Opening{{Days: all, Open: 0, Close: 24 * 60}},
		Rules:     queue.Rules{TransferToBack: true, Return: queue.Return{Minutes: 60, Times: 3, Place: queue.PlaceBack}},
		Outcomes:  []queue.Code{{Code: "complete", Name: name("Selesai lengkap", "All done")}},
		Pauses:    []queue.Code{{Code: "prayer", Name: name("Salat", "Prayer")}},
		Parkings:  []queue.Code{{Code: "photocopy", Name: name("Fotokopi", "Photocopies")}},
		Voice:     queue.Voice{Times: 2, Digits: "each"},
		Zones:     []queue.Zone{{ID: "a", Name: name("A", "A")}},
		Agencies:  []queue.Agency{{ID: "dukcapil", Name: name("Dukcapil", "Civil Registry")}},
		Sequences: []queue.Sequence{{ID: "A", Prefix: "A-", Padding: 3}, {ID: "B", Prefix: "B-", Padding: 3}},
		Services: []queue.Service{
			{ID: "ktp", Agency: "dukcapil", Sequence: "A", Name: name("KTP", "Identity card")},
			{ID: "kk", Agency: "dukcapil", Sequence: "A", Name: name("Kartu keluarga", "Family card"), Order: queue.Order{Priority: 1, Regular: 2, Bound: 3}},
			{ID: "akta", Agency: "dukcapil", Sequence: "B", Name: name("Akta", "Birth certificate")},
		},
		Counters: []queue.Counter{
			{ID: "c1", Label: "1", Name: name("1", "1"), Zone: "a", Services: []ticket.ServiceID{"ktp", "kk"}},
			{ID: "c2", Label: "2", Name: name("2", "2"), Zone: "a", Services: []ticket.ServiceID{"kk", "akta"}, Prefers: true, Patience: 2},
			{ID: "c3", Label: "3", Name: name("3", "3"), Zone: "a", Services: []ticket.ServiceID{"akta"}, Help: []ticket.ServiceID{"ktp"}},
		},
	}
}

var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // 09.00 WITA

// newHall opens the day and its three counters.
func newHall(t *testing.T) *hall {
	t.Helper()
	l, err := eventlog.Open(filepath.Join(t.TempDir(), "events.db"), eventlog.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return hallOn(t, l)
}

func hallOn(t *testing.T, l *eventlog.Log) *hall {
	h := &hall{t: t, log: l, st: queue.New("uji"), by: officer, now: queue.Moment{Wall: monday, Plausible: true, Office: queue.InstantOf(monday)}}
	h.append(system, nil, "", queue.EpochBegun{ID: "e1"})
	h.must(queue.ChangeSettings{Settings: office()})
	h.openCounters()
	return h
}

func (h *hall) openCounters() {
	for _, c := range []string{"1", "2", "3"} {
		h.must(queue.OpenCounter{Counter: ticket.CounterID("c" + c), Session: "s" + c})
	}
}

func (h *hall) pass(d time.Duration) {
	h.now.Wall, h.now.Office = h.now.Wall.Add(d), h.now.Office.Add(d)
}

func (h *hall) append(by queue.Actor, c *queue.Command, at ticket.CounterID, events ...queue.Event) {
	h.t.Helper()
	if len(events) == 0 {
		return
	}
	records := h.held
	for _, e := range events {
		day := h.st.Day().Number
		if o, ok := e.(queue.DayOpened); ok {
			day = o.Number
		}
		records = append(records, queue.Record{
			Office: "uji", Seq: h.st.Seq() + 1, Command: c, Day: day, At: h.now.Wall, Plausible: h.now.Plausible,
			Time: h.now.Office, Actor: by, Counter: at, Event: e,
		})
		c = nil
		h.st.Apply(&records[len(records)-1])
	}
	if h.held = records; !h.hold {
		h.flush()
	}
}

func (h *hall) flush() {
	h.t.Helper()
	if len(h.held) == 0 {
		return
	}
	got := h.log.Append([]eventlog.Part{{Office: "uji", Expected: h.held[0].Seq - 1, Records: h.held}})
	if got[0].Err != nil {
		h.t.Fatalf("append: %v", got[0].Err)
	}
	h.held = nil
}

func (h *hall) do(a queue.Ask) (queue.Decision, error) {
	h.now.Plausible = h.st.Plausible(h.now.Wall, false)
	h.append(system, nil, "", h.st.Tick(h.now)...)
	d, err := a.Decide(h.st, h.now)
	if err == nil && !d.Before {
		h.append(h.by, &queue.Command{Count: len(d.Events), Answer: d.Answer}, d.Counter, d.Events...)
	}
	return d, err
}

func (h *hall) must(a queue.Ask) queue.Decision {
	h.t.Helper()
	d, err := h.do(a)
	if err != nil {
		h.t.Fatalf("%T: %v", a, err)
	}
	return d
}

// as has the next commands asked by another.
func (h *hall) as(by queue.Actor) *hall { h.by = by; return h }

func (h *hall) newID() ticket.ID {
	h.ids++
	var id ticket.ID
	binary.BigEndian.PutUint64(id[8:], h.ids)
	id[6], id[8] = 0x70, 0x80|id[8]
	return id
}

func (h *hall) take(s ticket.ServiceID, class ticket.Class) *queue.Ticket {
	h.t.Helper()
	before := h.by
	h.by = kiosk
	d := h.must(queue.Take{ID: h.newID(), Service: s, Class: class})
	h.by = before
	return h.st.Ticket(d.Answer.Ticket)
}

// at is a counter and its session.
func at(n string) queue.AtCounter {
	return queue.AtCounter{Counter: ticket.CounterID("c" + n), Session: "s" + n}
}

func (h *hall) call(n string) queue.Decision {
	h.t.Helper()
	return h.must(queue.CallNext{Counter: at(n).Counter, Session: at(n).Session})
}

func (h *hall) teller() *Teller { return New(Config{Log: h.log, Role: roleOf}) }

// story is a ticket's story as lines of text, the reason after a bar.
func (h *hall) story(t *testing.T, number, day, lang string) []string {
	t.Helper()
	told, err := h.teller().Tell(t.Context(), "uji", number, day, lang)
	if err != nil {
		t.Fatalf("%s: %v", number, err)
	}
	return lines(told)
}

func lines(s wire.Story) []string {
	out := make([]string, 0, len(s.Sentences))
	for _, l := range s.Sentences {
		line := l.At.Format("15:04 ") + l.Text
		if l.Why != "" {
			line += " | " + l.Why
		}
		out = append(out, line)
	}
	return out
}

// want holds a story against the one that is right.
func want(t *testing.T, got []string, right ...string) {
	t.Helper()
	for i := range max(len(got), len(right)) {
		var a, b string
		if i < len(got) {
			a = got[i]
		}
		if i < len(right) {
			b = right[i]
		}
		if a != b {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, a, b)
		}
	}
}

// clean fails on a text that is missing, that has a hole, or that names a person.
func clean(t interface{ Errorf(string, ...any) }, text string) {
	for _, bad := range []string{"story.", "<no value>", "{{", officer.ID, kiosk.ID, board.ID, visitor.ID, "s1", "%!"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q in %s", bad, text)
		}
	}
}

// save keeps a snapshot of a state as the office does.
func (h *hall) save(st *queue.State) error {
	b, err := json.Marshal(st.Snapshot())
	if err != nil {
		return err
	}
	return h.log.SaveSnapshot("uji", st.Seq(), queue.SnapshotForm, b)
}
