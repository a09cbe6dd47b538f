package queue

import (
	"reflect"
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
		h.must(ChangeSettings{anyOrder(rt, lifeOffice(rt))})
		var known []ticket.ID
		for range 1 + even(rt, 100, "steps") {
			step(rt, h, &known)
			invariants(rt, h)
		}
		if diff := differ(h.replay(), h.st); diff != "" {
			rt.Fatalf("a replay gives another state:\n%s", diff)
		}
	})
}

func step(rt *rapid.T, h *hall, known *[]ticket.ID) {
	if !h.st.Day().Open && even(rt, 3, "next morning") == 0 {
		h.pass(24 * time.Hour)
	}
	switch even(rt, 32, "what") {
	case 0, 1, 2, 3:
		h.pass(one(rt, "time", time.Microsecond, time.Second, UndoTime, time.Minute, 20*time.Minute, time.Hour))
		return
	case 4:
		days := one(rt, "jump", -20000, -1, 0, 0, 1, 20, 400)
		h.now.Wall = h.now.Wall.AddDate(0, 0, days)
		return
	case 5, 6:
		h.st = Restore(h.st.Snapshot())
		if even(rt, 8, "restored") == 0 {
			h.append(Actor{Kind: ActorSystem}, nil, "", EpochBegun{ID: "e2", Gap: 3})
		}
		return
	}
	attempt(rt, h, anything(rt, h, known))
}

// attempt asks for something, which is done or leaves everything as it was.
func attempt(rt *rapid.T, h *hall, a Ask) {
	h.now.Plausible = h.st.Plausible(h.now.Wall, false)
	h.tick()
	before := Restore(h.st.Snapshot())
	seq := h.st.Seq()
	_, err := h.do(a)
	if err == nil {
		undoIsExact(rt, h, before)
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

// even draws 0 to n-1, each nearly as likely: rapid's own ranges favour what is small,
// and a day on which hardly anything happens proves little.
func even(rt *rapid.T, n int, what string) int {
	k := 0
	for _, b := range rapid.SliceOfN(rapid.Bool(), 8, 8).Draw(rt, what) {
		k *= 2
		if b {
			k++
		}
	}
	return k % n
}

func one[T any](rt *rapid.T, what string, of ...T) T { return of[even(rt, len(of), what)] }

func differ(a, b *State) string { return difference(a.Snapshot(), b.Snapshot()) }

func difference(a, b *Snapshot) string {
	if reflect.DeepEqual(a, b) { // much faster, and nearly always the answer
		return ""
	}
	return cmp.Diff(a, b, cmpopts.EquateEmpty())
}

func anything(rt *rapid.T, h *hall, known *[]ticket.ID) Ask {
	counter := one(rt, "counter", ticket.CounterID("c1"), "c1", "c2", "c2", "c3", "c3", "c3", "none")
	session := one(rt, "session", "s1", "s2", "s3")
	id := h.newID()
	if len(*known) > 0 && rapid.Bool().Draw(rt, "old id") {
		id = one(rt, "id", *known...)
	}
	here := AtCounter{Counter: counter, Session: session}
	switch even(rt, 23, "command") {
	case 0, 1, 2, 3:
		*known = append(*known, id)
		return Take{
			ID: id, Service: one(rt, "service", ticket.ServiceID("ktp"), "ktp", "kk", "kk", "akta", "none"),
			Class: one(rt, "class", ticket.Class(""), "priority", "regular", "vip"),
		}
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
	case 12, 13, 14:
		return dayCommand(rt, h, id, known)
	case 15, 16, 17, 18, 19, 20, 21, 22:
		return lifeCommand(rt, h, here, id)
	case 10:
		return one[Ask](rt, "end", Miss{here}, Cancel{ID: id}, CloseCounter{counter, session})
	}
	return one[Ask](rt, "rare", CloseDay{}, OpenDay{Date: h.st.Day().Date}, ReportSpoken{[]uint64{h.st.Seq()}}, ReportPrint{id, "unknown", ""})
}

func invariants(rt *rapid.T, h *hall) {
	dayInvariants(rt, h)
	lifeInvariants(rt, h)
	orderInvariants(rt, h)
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
	}
	if _, _, n := h.st.Totals(); n != waiting {
		rt.Fatalf("%d stand in lines, %d tickets wait", n, waiting)
	}
}
