package queue

import (
	"slices"

	"pgregory.net/rapid"

	"antrean/shared/ticket"
)

// anyOrder draws the rules of services and counters.
func anyOrder(rt *rapid.T, v Settings) Settings {
	v.Services, v.Counters = slices.Clone(v.Services), slices.Clone(v.Counters)
	some := rapid.IntRange(0, 3)
	for i := range v.Services {
		o := Order{Appointment: some.Draw(rt, "appointments"), Priority: some.Draw(rt, "priority"), Regular: some.Draw(rt, "regular")}
		if o.Classes() {
			o.Regular, o.Bound = max(1, o.Regular), some.Draw(rt, "bound")
		}
		v.Services[i].Order = o
	}
	for i := range v.Counters {
		c := &v.Counters[i]
		if c.Prefers = rapid.Bool().Draw(rt, "prefers"); c.Prefers {
			c.Patience = rapid.IntRange(1, 3).Draw(rt, "patience")
		}
		c.Help = nil
		if !slices.Contains(c.Services, "ktp") && rapid.Bool().Draw(rt, "helps") {
			c.Help = []ticket.ServiceID{"ktp"}
		}
	}
	return v
}

// orderInvariants holds people ahead against really running the rules on a copy,
// and the bound against everybody who waits.
func orderInvariants(rt *rapid.T, h *hall) {
	byLine := map[ticket.ServiceID][]*Ticket{}
	for _, t := range h.st.tickets {
		if t.State == ticket.Waiting {
			byLine[t.Service] = append(byLine[t.Service], t)
		}
	}
	for id, all := range byLine {
		if b := h.st.order(id).Bound; b > 0 {
			for _, t := range all {
				if n := h.st.overtaken(t); n > b {
					rt.Fatalf("ticket %d was overtaken %d times under a bound of %d", t.Ref, n, b)
				}
			}
		}
		order := calledEmpty(h.st, id)
		for _, t := range all {
			if t.To != "" {
				continue
			}
			if got, want := h.st.Ahead(t), slices.Index(order, t.Ref); got != want {
				rt.Fatalf("ahead of %d: %d, by running the rules %d", t.Ref, got, want)
			}
		}
		for _, t := range all {
			if t.To != "" {
				if got, want := h.st.Ahead(t), calledAlone(h.st, t); got != want {
					rt.Fatalf("ahead of %d, sent to %s: %d, by running the rules %d", t.Ref, t.To, got, want)
				}
			}
		}
	}
}

// calledEmpty is the order in which a counter that serves nothing else would call a
// service's line, found by really calling on a copy.
func calledEmpty(st *State, id ticket.ServiceID) []Ref {
	s := Restore(st.Snapshot())
	s.sent = map[ticket.CounterID]*tree{}
	one := *s.settings
	one.Counters = append(slices.Clone(one.Counters), Counter{ID: "only", Ref: 9999, Services: []ticket.ServiceID{id}})
	s.use(&one)
	return callAll(s, "only", func(Ref) bool { return true })
}

// calledAlone is how many of its service the counter that a ticket was sent to calls
// before it, if it alone calls, and nobody of another service is there.
func calledAlone(st *State, t *Ticket) int {
	s := Restore(st.Snapshot())
	for _, u := range s.tickets {
		if u.State == ticket.Waiting && u.Service != t.Service {
			s.dequeue(u)
			u.State = ticket.Cancelled
		}
	}
	return len(callAll(s, t.To, func(ref Ref) bool { return ref != t.Ref })) - 1
}

// callAll lets a counter call until nobody is left, or more says that it is enough.
func callAll(s *State, at ticket.CounterID, more func(Ref) bool) (out []Ref) {
	for {
		p, ok := s.pick(s.counter(at))
		if !ok {
			return out
		}
		ref := p.Heads[0].Ticket
		t := s.tickets[ref]
		s.picked(at, t, p)
		s.dequeue(t)
		t.State = ticket.Called
		if out = append(out, ref); !more(ref) {
			return out
		}
	}
}
