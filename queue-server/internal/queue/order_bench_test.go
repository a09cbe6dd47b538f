package queue

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"antrean/shared/ticket"
)

// bigOffice has 40 services and 60 counters, each of which serves six of them.
func bigOffice(o Order, prefers bool) Settings {
	v := smallOffice()
	v.Sequences, v.Services, v.Counters = nil, nil, nil
	for i := range 40 {
		id := fmt.Sprintf("%c%c", 'A'+i/26, 'A'+i%26)
		v.Sequences = append(v.Sequences, Sequence{ID: ticket.SequenceID(id), Prefix: id + "-", Padding: 3})
		v.Services = append(v.Services, Service{
			ID: ticket.ServiceID(id), Agency: "dukcapil", Sequence: ticket.SequenceID(id), Name: ticket.Text{"id": id}, Order: o,
		})
	}
	for i := range 60 {
		c := Counter{ID: ticket.CounterID(fmt.Sprint("c", i)), Label: fmt.Sprint(i), Name: ticket.Text{"id": "x"}, Zone: "a"}
		for j := range 6 {
			c.Services = append(c.Services, v.Services[(i*7+j*5)%40].ID)
		}
		if c.Prefers = prefers; prefers {
			c.Patience = 3
		}
		v.Counters = append(v.Counters, c)
	}
	return v
}

// full is such an office with n people waiting and every counter open.
func full(b *testing.B, n int, o Order, prefers bool) *State {
	s := New("uji")
	at := InstantOf(monday)
	apply := func(counter ticket.CounterID, e Event) {
		at++
		s.Apply(&Record{Office: "uji", Seq: s.seq + 1, Day: 1, At: monday, Plausible: true, Time: at, Counter: counter, Event: e})
	}
	d, err := ChangeSettings{bigOffice(o, prefers)}.Decide(s, Moment{Wall: monday, Office: at})
	if err != nil {
		b.Fatal(err)
	}
	apply("", d.Events[0])
	apply("", DayOpened{1, "2026-11-23"})
	for _, c := range s.settings.Counters {
		apply(c.ID, CounterOpened{Session: "s"})
	}
	for i := range n {
		var id ticket.ID
		binary.BigEndian.PutUint64(id[:], uint64(i+1))
		v := &s.settings.Services[i%40]
		e := Issued{Ticket: id, Service: v.ID, Number: ticket.Number{Sequence: v.Sequence, N: i/40 + 1}, Class: ticket.Regular, Rank: at}
		switch (i / 40) % 5 {
		case 0, 3:
			e.Class = ticket.Priority
		case 1:
			e.Class, e.Slot = ticket.Appointment, Slot{monday, monday.Add(time.Hour)}
		}
		apply("", e)
		if e.Class == ticket.Appointment {
			apply("", Due{Ref(s.seq)})
		}
	}
	return s
}

var orders = []struct {
	name    string
	order   Order
	prefers bool
}{
	{"fcfs", Order{}, false},
	{"ratio", Order{Appointment: 1, Priority: 1, Regular: 2}, false},
	{"bound", Order{Appointment: 1, Priority: 1, Regular: 2, Bound: 20}, true},
}

// each runs a benchmark for every order with few, many and too many people.
func each(b *testing.B, f func(*testing.B, *State)) {
	for _, o := range orders {
		for _, n := range []int{4_000, 40_000, 400_000} {
			b.Run(fmt.Sprint(o.name, "/", n), func(b *testing.B) {
				s := full(b, n, o.order, o.prefers)
				b.ReportAllocs()
				f(b, s)
			})
		}
	}
}

func BenchmarkCallNextDecide(b *testing.B) {
	each(b, func(b *testing.B, s *State) {
		now := Moment{Wall: monday, Plausible: true, Office: s.time}
		for i := 0; b.Loop(); i++ {
			c := s.settings.Counters[i%60].ID
			if _, err := (CallNext{c, "s"}).Decide(s, now); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkCallNextApply folds a call in and takes it back, so that the line stays
// as long as it is: the figure is for both.
func BenchmarkCallNextApply(b *testing.B) {
	each(b, func(b *testing.B, s *State) {
		now := Moment{Wall: monday, Plausible: true, Office: s.time}
		r := Record{Office: "uji", Day: 1, At: monday, Plausible: true, Time: s.time}
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			r.Counter = s.settings.Counters[i%60].ID
			d, err := (CallNext{r.Counter, "s"}).Decide(s, now)
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			r.Seq, r.Event = s.seq+1, d.Events[0]
			s.Apply(&r)
			called := r.Seq
			r.Seq, r.Event = s.seq+1, Undone{called}
			s.Apply(&r)
		}
	})
}

// BenchmarkAheadAfterAChange is people ahead of one ticket far behind, after its line
// has changed: the dearest question that a phone can ask.
func BenchmarkAheadAfterAChange(b *testing.B) {
	each(b, func(b *testing.B, s *State) {
		var last *Ticket
		for ref := Ref(s.seq); last == nil || last.Class != ticket.Regular; ref-- {
			last = s.tickets[ref]
		}
		for b.Loop() {
			s.line(last.Service).run = nil
			if s.Ahead(last) == 0 {
				b.Fatal("nobody ahead")
			}
		}
	})
}

// BenchmarkAheadAgain is the same for one more phone, the line as it was.
func BenchmarkAheadAgain(b *testing.B) {
	each(b, func(b *testing.B, s *State) {
		var last *Ticket
		for ref := Ref(s.seq); last == nil || last.Class != ticket.Regular; ref-- {
			last = s.tickets[ref]
		}
		for b.Loop() {
			if s.Ahead(last) == 0 {
				b.Fatal("nobody ahead")
			}
		}
	})
}

// BenchmarkAheadOfNew is people ahead of a ticket that is being given out.
func BenchmarkAheadOfNew(b *testing.B) {
	each(b, func(b *testing.B, s *State) {
		id := s.settings.Services[0].ID
		for b.Loop() {
			if s.aheadOfNew(id, ticket.Regular, false, s.time, Ref(s.seq+1)) == 0 {
				b.Fatal("nobody ahead")
			}
		}
	})
}
