package office

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// bigHall is an office of 40 services and 60 counters with people waiting: without a
// log, so that only deciding, folding and drawing is measured.
type bigHall struct {
	b    *testing.B
	s    *Store
	d    *desk
	seq  uint64
	tick uint64
}

func bigSettings() queue.Settings {
	all := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	n := func(s string) ticket.Text { return ticket.Text{"id": s, "en": s + " (en)"} }
	v := queue.Settings{
		Office: "bench", Name: n("MPP"), TimeZone: "Asia/Makassar", Languages: []string{"id", "en"}, PublicURL: "https://antre.example",
		Opening: []queue.Opening{{Days: all, Close: 24 * 60}}, Voice: queue.Voice{Times: 2, Digits: "each"},
		Zones: []queue.Zone{{ID: "a", Name: n("A")}, {ID: "b", Name: n("B")}}, Rules: queue.Rules{Return: queue.Return{Minutes: 30}},
		Outcomes: []queue.Code{{Code: "selesai", Name: n("Selesai")}}, Pauses: []queue.Code{{Code: "salat", Name: n("Salat")}},
		Parkings: []queue.Code{{Code: "fotokopi", Name: n("Fotokopi")}},
	}
	for i := range 10 {
		v.Agencies = append(v.Agencies, queue.Agency{ID: ticket.AgencyID(fmt.Sprint("i", i)), Name: n(fmt.Sprint("Instansi ", i))})
	}
	for i := range 40 {
		id := fmt.Sprintf("s%02d", i)
		v.Sequences = append(v.Sequences, queue.Sequence{ID: ticket.SequenceID(id), Prefix: fmt.Sprintf("%02d-", i), Padding: 3})
		v.Services = append(v.Services, queue.Service{
			ID: ticket.ServiceID(id), Agency: ticket.AgencyID(fmt.Sprint("i", i/4)), Sequence: ticket.SequenceID(id), Name: n("Layanan " + id),
			Target: 15 * time.Minute, Order: queue.Order{Appointment: 1, Priority: 1, Regular: 2, Bound: 20},
		})
	}
	for i := range 60 {
		id := fmt.Sprintf("c%02d", i)
		k := queue.Counter{ID: ticket.CounterID(id), Label: fmt.Sprint(i + 1), Name: n("Loket " + id), Zone: ticket.ZoneID(string(rune('a' + i%2)))}
		for j := range 4 { // those of one agency, six counters each
			k.Services = append(k.Services, v.Services[i/6*4+(i+j)%4].ID)
		}
		v.Counters = append(v.Counters, k)
	}
	return v
}

func newBigHall(b *testing.B, waiting int) *bigHall {
	b.Helper()
	clock := newClock()
	h := &bigHall{b: b, s: &Store{clock: clock, desks: map[ticket.OfficeID]*desk{}}, d: newDesk("bench")}
	wall, _, _ := clock.Now()
	h.seq = 1
	h.d.state.Apply(&queue.Record{Office: "bench", Seq: 1, At: wall, Plausible: true, Time: queue.InstantOf(wall), Event: queue.EpochBegun{ID: "e"}})
	h.s.settle(h.d)
	h.do("", queue.ChangeSettings{Settings: bigSettings()})
	h.do("", queue.OpenDay{Date: "2026-11-23"})
	for i := range waiting {
		h.take(i)
	}
	for i := range 60 {
		h.do(h.counter(i), queue.OpenCounter{Counter: h.counter(i), Session: "s" + string(h.counter(i))})
	}
	for i := range 60 {
		h.call(i)
	}
	return h
}

func (h *bigHall) counter(i int) ticket.CounterID {
	return ticket.CounterID(fmt.Sprintf("c%02d", i%60))
}

func (h *bigHall) apply(at ticket.CounterID, all ...queue.Event) []queue.Record {
	out := make([]queue.Record, 0, len(all))
	now := h.s.moment(h.d)
	for _, e := range all {
		h.seq++
		out = append(out, queue.Record{Office: "bench", Seq: h.seq, Day: 1, At: now.Wall, Plausible: true, Time: now.Office, Counter: at, Event: e})
		h.d.state.Apply(&out[len(out)-1])
	}
	return out
}

func (h *bigHall) do(at ticket.CounterID, a queue.Ask) []queue.Record {
	h.b.Helper()
	d, err := a.Decide(h.d.state, h.s.moment(h.d))
	if err != nil {
		h.b.Fatalf("%T: %v", a, err)
	}
	return h.apply(at, d.Events...)
}

func (h *bigHall) take(i int) {
	h.tick++
	h.s.clock.(*testClock).pass(time.Millisecond)
	var id ticket.ID
	binary.BigEndian.PutUint64(id[8:], h.tick)
	id[6], id[8] = 0x70, 0x80|id[8]
	class := ticket.Regular
	if i%7 == 0 {
		class = ticket.Priority
	}
	// What Take would decide, without the people ahead: with a bound that is a run of
	// the line for each ticket.
	service := ticket.ServiceID(fmt.Sprintf("s%02d", i%40))
	h.apply("", queue.Issued{
		Ticket: id, Service: service, Class: class, Language: "id", Channel: queue.ChannelKiosk, Rank: h.s.moment(h.d).Office,
		Number: ticket.Number{Sequence: ticket.SequenceID(service), N: int(h.tick), Text: fmt.Sprint(i%40, "-", h.tick)},
	})
}

func (h *bigHall) call(i int) []queue.Record {
	c := h.counter(i)
	return h.do(c, queue.CallNext{Counter: c, Session: "s" + string(c)})
}

// clear ends what is at a counter and lets somebody come in its place.
func (h *bigHall) clear(i int) {
	c := h.counter(i)
	h.do(c, queue.Miss{AtCounter: queue.AtCounter{Counter: c, Session: "s" + string(c)}})
	h.take(int(h.tick))
}

func (h *bigHall) watch(names ...string) {
	for _, name := range names {
		t := &topic{watchers: map[*Watcher]struct{}{}}
		if err := h.s.render(h.d, name, t); err != nil {
			h.b.Fatal(err)
		}
		h.d.topics[name] = t
	}
}

var sizes = []int{4_000, 40_000, 400_000}

// BenchmarkView is each view, drawn and encoded.
func BenchmarkView(b *testing.B) {
	for _, n := range sizes {
		h := newBigHall(b, n)
		phone := ""
		for t := range h.d.state.Tickets {
			if t.State == ticket.Waiting {
				phone = wire.TopicTicket(t.ID)
				break
			}
		}
		for _, name := range []string{"counter/c07", "office", "kiosk", "board/", "board/a", phone} {
			kind, _ := wire.SplitTopic(name)
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					v, err := h.s.view(h.d, name)
					if err != nil {
						b.Fatal(err)
					}
					f, err := h.d.frame(name, v, h.s.moment(h.d))
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(len(f.JSON)), "bytes")
				}
			})
		}
	}
}

// BenchmarkCallNext is a call by one of 60 counters while everybody watches: 60
// counters' pages, the office, the kiosk, three boards.
func BenchmarkCallNext(b *testing.B) {
	for _, n := range sizes {
		h := newBigHall(b, n)
		names := []string{"office", "kiosk", "board/", "board/a", "board/b"}
		for i := range 60 {
			names = append(names, "counter/"+string(h.counter(i)))
		}
		step := func(b *testing.B, part func(i int)) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				h.clear(i)
				b.StartTimer()
				part(i)
			}
		}
		b.Run(fmt.Sprintf("%d/decide", n), func(b *testing.B) {
			b.ReportAllocs()
			h.clear(0)
			for b.Loop() {
				c := h.counter(0)
				if _, err := (queue.CallNext{Counter: c, Session: "s" + string(c)}).Decide(h.d.state, h.s.moment(h.d)); err != nil {
					b.Fatal(err)
				}
			}
			h.call(0)
		})
		b.Run(fmt.Sprintf("%d/decide+apply", n), func(b *testing.B) { step(b, func(i int) { h.call(i) }) })
		h.watch(names...)
		b.Run(fmt.Sprintf("%d/decide+apply+views", n), func(b *testing.B) {
			step(b, func(i int) { h.s.publish(h.d, h.call(i)) })
		})
		b.Run(fmt.Sprintf("%d/redraw", n), func(b *testing.B) {
			h.s.desks["bench"] = h.d
			for b.Loop() {
				h.s.redrawAll()
			}
		})
	}
}
