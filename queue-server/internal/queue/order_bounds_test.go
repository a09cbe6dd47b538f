package queue

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"antrean/shared/ticket"
)

// TestTheRatioBoundsItselfForEverybody lets people come and be called at random,
// without a bound, and counts for each of them the calls of other classes.
func TestTheRatioBoundsItselfForEverybody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		turn := rapid.IntRange(0, 3)
		o := Order{Appointment: turn.Draw(rt, "a"), Priority: turn.Draw(rt, "p"), Regular: rapid.IntRange(1, 3).Draw(rt, "r")}
		h := lineOf(t, o)
		h.t = rt
		o = h.st.order("ktp")
		lane := func(x *Ticket) int { k, _ := o.stand(x); return k }
		others, limit := map[*Ticket]int{}, map[*Ticket]int{}
		for range rapid.IntRange(1, 80).Draw(rt, "steps") {
			if rapid.IntRange(0, 2).Draw(rt, "call") > 0 {
				x := h.join("ktp", rapid.SampledFrom([]string{"r", "p", "a"}).Draw(rt, "class"))[0]
				same := 0
				for y := range limit {
					if lane(y) == lane(x) {
						same++
					}
				}
				others[x], limit[x] = 0, o.LaterFirst(x.Class, same)
				continue
			}
			if h.st.Waiting("ktp") == 0 {
				continue
			}
			called, _ := h.serve("c1")
			delete(limit, called)
			for x := range limit {
				if lane(x) != lane(called) {
					if others[x]++; others[x] > limit[x] {
						rt.Fatalf("%+v: %d calls of other classes before %s, the bound is %d", o, others[x], x.Number.Text, limit[x])
					}
				}
			}
		}
	})
}

// TestTheBoundHoldsForEverybodyWhateverHappens drives one line through a life full of
// returns, transfers and undone calls, and counts overtakings from the records alone.
func TestTheBoundHoldsForEverybodyWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := Order{
			Appointment: rapid.IntRange(0, 3).Draw(rt, "a"), Priority: rapid.IntRange(1, 4).Draw(rt, "p"),
			Regular: rapid.IntRange(1, 3).Draw(rt, "r"), Bound: rapid.IntRange(1, 4).Draw(rt, "bound"),
		}
		h := lineOf(t, o, func(v *Settings) {
			v.Rules.Return = Return{Place: rapid.SampledFrom([]string{PlaceFront, PlaceBack}).Draw(rt, "place"), Times: 9}
			v.Rules.TransferToBack = rapid.Bool().Draw(rt, "to back")
			v.Counters[2].Services = []ticket.ServiceID{"akta", "ktp", "kk"}
		})
		h.t = rt
		over := map[Ref]map[uint64]bool{} // by whom, by the record of the call
		for range rapid.IntRange(1, 120).Draw(rt, "steps") {
			if rapid.IntRange(0, 7).Draw(rt, "start again") == 0 {
				h.st = Restore(h.st.Snapshot())
			}
			before := Restore(h.st.Snapshot())
			n := len(h.records)
			busy(rt, h)
			for i := n; i < len(h.records); i++ {
				switch e := h.records[i].Event.(type) {
				case Called:
					count(before, e, h.records[i].Seq, over)
				case Undone:
					for _, by := range over {
						delete(by, e.Seq)
					}
				case Transferred:
					delete(over, e.Ticket)
				}
				before.Apply(&h.records[i])
			}
			for ref, by := range over {
				if x := h.st.Ticket(ref); x.State == ticket.Waiting && len(by) > o.Bound {
					rt.Fatalf("%s was overtaken by %d, the bound is %d", x.Number.Text, len(by), o.Bound)
				}
			}
			orderInvariants(rt, h)
		}
		if diff := differ(h.replay(), h.st); diff != "" {
			rt.Fatalf("a replay gives another state:\n%s", diff)
		}
	})
}

// count notes whom a call overtakes because of class: everybody of another class who
// waits for the same service since earlier.
func count(s *State, e Called, seq uint64, over map[Ref]map[uint64]bool) {
	called := s.Ticket(e.Ticket)
	if e.Pick.Rule == Chosen || e.Pick.Turn == ToCounter || called == nil {
		return
	}
	o := s.order(called.Service)
	lane, place := o.stand(called)
	for _, x := range s.tickets {
		if x.State != ticket.Waiting || x.Service != called.Service || x.To != "" {
			continue
		}
		k, p := o.stand(x)
		switch {
		case x != called && k == lane && p.before(place):
			panic("somebody was overtaken within the class")
		case k != lane && p.before(place):
			if over[x.Ref] == nil {
				over[x.Ref] = map[uint64]bool{}
			}
			over[x.Ref][seq] = true
		}
	}
}

// busy is one thing that happens in a full hall.
func busy(rt *rapid.T, h *hall) {
	h.pass(time.Duration(rapid.IntRange(0, 3).Draw(rt, "seconds")) * time.Second)
	at := ticket.CounterID(rapid.SampledFrom([]string{"c1", "c2", "c3"}).Draw(rt, "counter"))
	session := "s-" + string(at)
	here := AtCounter{Counter: at, Session: session}
	service := ticket.ServiceID(rapid.SampledFrom([]string{"ktp", "ktp", "kk", "akta"}).Draw(rt, "service"))
	var ask Ask
	switch rapid.IntRange(0, 15).Draw(rt, "what") {
	case 0, 1, 2:
		ask = Take{ID: h.newID(), Service: service}
	case 3, 4:
		ask = Take{ID: h.newID(), Service: service, Class: ticket.Priority}
	case 5, 6:
		from := h.now.Wall.Add(time.Duration(rapid.IntRange(-5, 5).Draw(rt, "slot")) * time.Second)
		ask = CheckIn{ID: h.newID(), Service: service, Slot: Slot{from, from.Add(15 * time.Minute)}, Early: time.Minute}
	case 7, 8, 9, 10:
		ask = CallNext{at, session}
	case 11:
		ask = Miss{here}
	case 12:
		if seat := h.st.Seat(at); seat.Current != 0 && h.st.Ticket(seat.Current).State == ticket.Called {
			h.must(Start{here})
		}
		ask = Finish{AtCounter: here}
	case 13:
		missed := h.st.Missed()
		if len(missed) == 0 {
			return
		}
		ask = GiveBack{ID: rapid.SampledFrom(missed).Draw(rt, "missed").ID}
	case 14:
		to := ticket.CounterID(rapid.SampledFrom([]string{"", "c1", "c2", "c3"}).Draw(rt, "to"))
		ask = Transfer{AtCounter: here, Service: service, To: to}
	case 15:
		ask = Undo{Counter: at, Session: session}
	}
	_, err := h.do(ask)
	if d, ok := ask.(Take); ok && err != nil {
		rt.Fatalf("%+v: %v", d, err)
	}
}

// TestNoLineIsPassedOverMoreOftenThanIsSaid lets counters that prefer call at random
// and counts, for each who is first in a line, how often each counter passed them.
func TestNoLineIsPassedOverMoreOftenThanIsSaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := lineOf(t, Order{Priority: rapid.IntRange(0, 2).Draw(rt, "p"), Regular: rapid.IntRange(0, 1).Draw(rt, "r")}, func(v *Settings) {
			if o := v.Services[0].Order; o.Classes() && o.Regular == 0 {
				for i := range v.Services {
					v.Services[i].Order.Regular = 1
				}
			}
			for i := range v.Counters {
				v.Counters[i].Services = []ticket.ServiceID{"akta", "kk", "ktp"}[:3-i]
				v.Counters[i].Prefers, v.Counters[i].Patience = true, rapid.IntRange(1, 3).Draw(rt, "patience")
			}
		})
		h.t = rt
		type pair struct {
			counter ticket.CounterID
			line    ticket.ServiceID
			head    Ref
		}
		passed := map[pair]map[uint64]bool{} // by which calls
		for range rapid.IntRange(0, 25).Draw(rt, "before") {
			h.join(rapid.SampledFrom([]ticket.ServiceID{"akta", "akta", "kk", "kk", "ktp"}).Draw(rt, "line"), "r")
		}
		for range rapid.IntRange(1, 150).Draw(rt, "steps") {
			before := Restore(h.st.Snapshot())
			n := len(h.records)
			busy(rt, h)
			for i := n; i < len(h.records); i++ {
				r := &h.records[i]
				if e, ok := r.Event.(Called); ok && e.Pick.Rule != Chosen {
					c := before.counter(r.Counter)
					for _, head := range before.heads(c, nil) {
						k := pair{c.ID, head.service, head.place.ref}
						if head.place.ref == e.Ticket {
							delete(passed, k)
							continue
						}
						if passed[k] == nil {
							passed[k] = map[uint64]bool{}
						}
						if passed[k][r.Seq] = true; len(passed[k]) > c.PassedOver() {
							rt.Fatalf("counter %s passed ticket %d over %d times, the bound is %d", c.ID, k.head, len(passed[k]), c.PassedOver())
						}
					}
				}
				if e, ok := r.Event.(Undone); ok {
					for _, by := range passed {
						delete(by, e.Seq)
					}
				}
				before.Apply(r)
			}
			orderInvariants(rt, h)
		}
	})
}

// TestPromisedAheadIsWhatComes takes a ticket after random commands and holds the
// number on its paper against the rules, run on a copy.
func TestPromisedAheadIsWhatComes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := lineOf(t, Order{}, func(v *Settings) {
			*v = anyOrder(rt, *v)
			for i := range v.Services {
				v.Services[i].Quota = 0
			}
		})
		h.t = rt
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			busy(rt, h)
		}
		for range 5 {
			x := h.join(ticket.ServiceID(rapid.SampledFrom([]string{"ktp", "kk"}).Draw(rt, "to")), rapid.SampledFrom([]string{"r", "p", "a"}).Draw(rt, "class"))[0]
			if want := slices.Index(calledEmpty(h.st, x.Service), x.Ref); x.Ahead != want || h.st.Ahead(x) != want {
				rt.Fatalf("%s %s was promised %d ahead, reads %d; the rules say %d", x.Class, x.Number.Text, x.Ahead, h.st.Ahead(x), want)
			}
		}
	})
}

func TestAheadOfThoseWhoAreSentIsWhatTheirCounterFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := lineOf(t, Order{Priority: rapid.IntRange(0, 2).Draw(rt, "p"), Regular: 1}, func(v *Settings) {
			if c := &v.Counters[1]; rapid.Bool().Draw(rt, "prefers") {
				c.Prefers, c.Patience = true, rapid.IntRange(1, 3).Draw(rt, "patience")
			}
		})
		h.t = rt
		for range rapid.IntRange(2, 30).Draw(rt, "people") {
			x := h.join(rapid.SampledFrom([]ticket.ServiceID{"kk", "kk", "akta"}).Draw(rt, "line"), rapid.SampledFrom([]string{"r", "p"}).Draw(rt, "class"))[0]
			if x.Service == "kk" && rapid.Bool().Draw(rt, "send") {
				h.must(CallChosen{"c1", "s-c1", x.ID})
				h.must(Transfer{AtCounter: AtCounter{Counter: "c1", Session: "s-c1"}, To: "c2"})
			}
			if rapid.IntRange(0, 3).Draw(rt, "call") == 0 {
				h.serve("c2")
			}
			orderInvariants(rt, h)
		}
	})
}
