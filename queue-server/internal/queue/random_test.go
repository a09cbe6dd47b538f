package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// TestRandomDaysKeepTheirInvariants lets kiosks and counters do anything in any
// order, with a clock that jumps and a process that starts again at any moment.
func TestRandomDaysKeepTheirInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHall(t)
		h.t = rt
		var known []ticket.ID
		for range rapid.IntRange(1, 120).Draw(rt, "steps") {
			step(rt, h, &known)
			invariants(rt, h)
		}
		if diff := differ(h.replay(), h.st); diff != "" {
			rt.Fatalf("a replay gives another state:\n%s", diff)
		}
	})
}

func step(rt *rapid.T, h *hall, known *[]ticket.ID) {
	switch rapid.IntRange(0, 9).Draw(rt, "what") {
	case 0:
		h.pass(time.Duration(rapid.IntRange(0, 3600).Draw(rt, "seconds")) * time.Second)
		return
	case 1:
		days := rapid.SampledFrom([]int{-20000, -1, 1, 20, 400}).Draw(rt, "jump")
		h.now.Wall = h.now.Wall.AddDate(0, 0, days)
		return
	case 2:
		h.st = Restore(h.st.Snapshot())
		return
	}
	before := Restore(h.st.Snapshot())
	seq := h.st.Seq()
	a := anything(rt, h, known)
	_, err := h.do(a)
	if err == nil {
		return
	}
	if _, ok := reason.Of(err); !ok {
		rt.Fatalf("%T: a fault: %v", a, err)
	}
	if h.st.Seq() == seq {
		if diff := differ(before, h.st); diff != "" {
			rt.Fatalf("%T was refused (%v) and changed the state:\n%s", a, err, diff)
		}
	}
}

func differ(a, b *State) string { return cmp.Diff(a.Snapshot(), b.Snapshot(), cmpopts.EquateEmpty()) }

func anything(rt *rapid.T, h *hall, known *[]ticket.ID) Ask {
	counter := ticket.CounterID(rapid.SampledFrom([]string{"c1", "c2", "c3", "none"}).Draw(rt, "counter"))
	session := rapid.SampledFrom([]string{"s1", "s2", "s3"}).Draw(rt, "session")
	id := h.newID()
	if len(*known) > 0 && rapid.Bool().Draw(rt, "old id") {
		id = rapid.SampledFrom(*known).Draw(rt, "id")
	}
	here := AtCounter{Counter: counter, Session: session}
	switch rapid.IntRange(0, 11).Draw(rt, "command") {
	case 0, 1, 2, 3:
		*known = append(*known, id)
		return Take{ID: id, Service: ticket.ServiceID(rapid.SampledFrom([]string{"ktp", "kk", "akta", "none"}).Draw(rt, "service"))}
	case 4:
		return OpenCounter{Counter: counter, Session: session, TakeOver: rapid.Bool().Draw(rt, "over")}
	case 5, 6:
		return CallNext{counter, session}
	case 7:
		return Recall{here}
	case 8:
		return Start{here}
	case 9:
		return Finish{AtCounter: here}
	case 10:
		return rapid.SampledFrom([]Ask{Miss{here}, Cancel{id}, CloseCounter{counter, session}}).Draw(rt, "end")
	}
	return rapid.SampledFrom([]Ask{CloseDay{}, OpenDay{Date: h.st.Day().Date}, ReportSpoken{[]uint64{h.st.Seq()}}, ReportPrint{id, "unknown", ""}}).Draw(rt, "rare")
}

func invariants(rt *rapid.T, h *hall) {
	numbers := map[string]Ref{}
	quota := 0
	for _, r := range h.records {
		if e, ok := r.Event.(Issued); ok {
			key := fmt.Sprint(r.Day, " ", e.Number.Text)
			if other, twice := numbers[key]; twice {
				rt.Fatalf("%s was given to %d and %d", key, other, r.Seq)
			}
			numbers[key] = Ref(r.Seq)
			if e.Service == "akta" && r.Day == h.st.Day().Number {
				quota++
			}
		}
	}
	if quota > 5 {
		rt.Fatalf("%d tickets under a quota of 5", quota)
	}
	at := map[Ref]ticket.CounterID{}
	for id := range h.st.counters {
		seat := h.st.Seat(id)
		if seat.Current == 0 {
			continue
		}
		if other, twice := at[seat.Current]; twice {
			rt.Fatalf("ticket %d is at %s and %s", seat.Current, other, id)
		}
		at[seat.Current] = id
		if st := h.st.Ticket(seat.Current).State; st != ticket.Called && st != ticket.Serving {
			rt.Fatalf("counter %s has a ticket that is %v", id, st)
		}
	}
	waiting := 0
	for ref, tk := range h.st.tickets {
		if tk.State == ticket.Called || tk.State == ticket.Serving {
			if _, ok := at[ref]; !ok {
				rt.Fatalf("ticket %d is %v at no counter", ref, tk.State)
			}
		}
		if tk.State != ticket.Waiting {
			continue
		}
		waiting++
		ahead := 0
		for _, other := range h.st.tickets {
			if other.State == ticket.Waiting && other.Service == tk.Service && other.place().before(tk.place()) {
				ahead++
			}
		}
		if got := h.st.Ahead(tk); got != ahead {
			rt.Fatalf("ahead of %d: %d, by counting %d", ref, got, ahead)
		}
	}
	if _, _, n := h.st.Totals(); n != waiting {
		rt.Fatalf("%d stand in lines, %d tickets wait", n, waiting)
	}
}
