package queue

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// hall is an office under test: it keeps its records, so that a replay can be held
// against the state.
type hall struct {
	t interface {
		Helper()
		Fatalf(string, ...any)
	}
	st      *State
	now     Moment
	records []Record
	ids     uint64
}

func smallOffice() Settings {
	all := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	name := func(s string) ticket.Text { return ticket.Text{"id": s} }
	return Settings{
		Office: "uji", Name: name("MPP Uji"), TimeZone: "Asia/Makassar", Languages: []string{"id", "en"},
		Opening:   []Opening{{Days: all, Open: 0, Close: 24 * 60}},
		Outcomes:  []Code{{Code: "complete", Name: name("Selesai")}, {Code: "papers_missing", Name: name("Berkas kurang")}, {Code: "old", Name: name("Lama"), Archived: true}},
		Pauses:    []Code{{Code: "prayer", Name: name("Salat")}, {Code: "meal", Name: name("Makan")}},
		Parkings:  []Code{{Code: "photocopy", Name: name("Fotokopi")}, {Code: "bank", Name: name("Bayar di bank")}},
		Voice:     Voice{Times: 2, Digits: "each"},
		Zones:     []Zone{{ID: "a", Name: name("A")}},
		Agencies:  []Agency{{ID: "dukcapil", Name: name("Dukcapil")}},
		Sequences: []Sequence{{ID: "A", Prefix: "A-", Padding: 3}, {ID: "B", Prefix: "B-", Padding: 3}},
		Services: []Service{
			{ID: "ktp", Agency: "dukcapil", Sequence: "A", Name: name("KTP")},
			{ID: "kk", Agency: "dukcapil", Sequence: "A", Name: name("KK")},
			{ID: "akta", Agency: "dukcapil", Sequence: "B", Name: name("Akta"), Quota: 5},
		},
		Counters: []Counter{
			{ID: "c1", Label: "1", Name: name("1"), Zone: "a", Services: []ticket.ServiceID{"ktp", "kk"}},
			{ID: "c2", Label: "2", Name: name("2"), Zone: "a", Services: []ticket.ServiceID{"kk", "akta"}},
			{ID: "c3", Label: "3", Name: name("3"), Zone: "a", Services: []ticket.ServiceID{"akta"}},
		},
	}
}

var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // 09.00 WITA

func newHall(t *testing.T) *hall {
	h := &hall{t: t, st: New("uji"), now: Moment{Wall: monday, Plausible: true, Office: InstantOf(monday)}}
	h.append(Actor{Kind: ActorSystem}, nil, "", EpochBegun{ID: "e1"})
	h.must(ChangeSettings{smallOffice()})
	h.tick()
	return h
}

func (h *hall) pass(d time.Duration) {
	h.now.Wall, h.now.Office = h.now.Wall.Add(d), h.now.Office.Add(d)
}

func (h *hall) append(by Actor, c *Command, at ticket.CounterID, events ...Event) {
	for _, e := range events {
		day := h.st.Day().Number
		if o, ok := e.(DayOpened); ok {
			day = o.Number
		}
		h.records = append(h.records, Record{
			Office: "uji", Seq: h.st.Seq() + 1, Command: c, Day: day, At: h.now.Wall, Plausible: h.now.Plausible,
			Time: h.now.Office, Actor: by, Counter: at, Event: e,
		})
		c = nil
		h.st.Apply(&h.records[len(h.records)-1])
	}
}

func (h *hall) tick() { h.append(Actor{Kind: ActorSystem}, nil, "", h.st.Tick(h.now)...) }

func (h *hall) do(a Ask) (Decision, error) {
	h.now.Plausible = h.st.Plausible(h.now.Wall, false)
	h.tick()
	d, err := a.Decide(h.st, h.now)
	if err != nil {
		return d, err
	}
	if !d.Before {
		h.append(Actor{Kind: ActorAccount, ID: "u"}, &Command{Key: "", Count: len(d.Events), Answer: d.Answer}, d.Counter, d.Events...)
	}
	return d, nil
}

func (h *hall) must(a Ask) Decision {
	h.t.Helper()
	d, err := h.do(a)
	if err != nil {
		h.t.Fatalf("%T: %v", a, err)
	}
	return d
}

func (h *hall) refused(a Ask, want *reason.Refusal) {
	h.t.Helper()
	if _, err := h.do(a); !errors.Is(err, want) {
		h.t.Fatalf("%T: got %v, want refusal %v", a, err, want)
	}
}

func (h *hall) newID() ticket.ID {
	h.ids++
	var id ticket.ID
	binary.BigEndian.PutUint64(id[8:], h.ids)
	id[6], id[8] = 0x70, 0x80|id[8]
	return id
}

func (h *hall) take(s ticket.ServiceID) *Ticket {
	h.t.Helper()
	return h.st.Ticket(h.must(Take{ID: h.newID(), Service: s}).Answer.Ticket)
}

func (h *hall) replay() *State {
	st := New("uji")
	for i := range h.records {
		st.Apply(&h.records[i])
	}
	return st
}
