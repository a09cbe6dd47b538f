package queue

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"antrean/shared/ticket"
)

// lifeCommand is a command about a ticket's life or a counter's, mostly about one
// that exists and mostly by the session that holds the counter.
func lifeCommand(rt *rapid.T, h *hall, here AtCounter, id ticket.ID) Ask {
	if seat := h.st.Seat(here.Counter); seat.Open && even(rt, 10, "whose") > 0 {
		here.Session = seat.Session
	} else if !seat.Open && rapid.Bool().Draw(rt, "open it") {
		return OpenCounter{Counter: here.Counter, Session: "s" + string(here.Counter)}
	}
	service := one(rt, "to service", ticket.ServiceID("ktp"), "kk", "akta", "", "none")
	to := one(rt, "to counter", ticket.CounterID(""), "", "", "c1", "c2", "c3", "none")
	code := one(rt, "code", "", "complete", "meal", "bank", "prayer", "old")
	class := one(rt, "class", ticket.Regular, ticket.Priority, ticket.Appointment, "vip")
	if t := h.likely(rt); t != nil {
		id = t.ID
	}
	if even(rt, 2, "sensible") == 0 {
		seat := h.st.Seat(here.Counter)
		switch t := h.st.Ticket(seat.Current); {
		case t != nil && t.State == ticket.Called:
			return Start{here}
		case t != nil:
			return Finish{here, one(rt, "outcome", "", "complete", "papers_missing")}
		case seat.Paused != "":
			return Resume{here.Counter, here.Session}
		}
		return CallNext{here.Counter, here.Session}
	}
	switch even(rt, 20, "life command") {
	case 0:
		return CallChosen{here.Counter, here.Session, id}
	case 1:
		return Start{here}
	case 2:
		return Finish{here, code}
	case 3, 17:
		return Miss{here}
	case 4, 18:
		return Park{here, code}
	case 5:
		if all := h.st.Parked(); len(all) > 0 {
			id = one(rt, "parked", all...).ID
		}
		return Unpark{id, to}
	case 6, 7:
		if all := h.st.Missed(); len(all) > 0 {
			id = one(rt, "missed", all...).ID
		}
		return GiveBack{id, to}
	case 8:
		return Transfer{here, service, to}
	case 9:
		return AddService{here, service}
	case 10:
		return ChangeClass{id, class}
	case 11:
		return Cancel{id, here.Counter, here.Session}
	case 12:
		return Pause{here.Counter, here.Session, code}
	case 13:
		return Resume{here.Counter, here.Session}
	case 14, 15:
		return CallNext{here.Counter, here.Session}
	case 16:
		return Recall{here}
	}
	return Undo{Counter: here.Counter, Session: here.Session}
}

// TestRandomLivesKeepTheirInvariants is one busy day in which nearly everything that
// is asked for can be done.
func TestRandomLivesKeepTheirInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHall(t)
		h.t = rt
		h.must(ChangeSettings{anyOrder(rt, lifeOffice(rt))})
		for i, c := range []ticket.CounterID{"c1", "c2", "c3"} {
			h.must(OpenCounter{Counter: c, Session: []string{"s1", "s2", "s3"}[i]})
		}
		for range 20 + even(rt, 100, "steps") {
			here := AtCounter{Counter: one(rt, "counter", ticket.CounterID("c1"), "c2", "c3"), Session: "s1"}
			switch even(rt, 16, "what") {
			case 0, 1, 2:
				service := one(rt, "service", ticket.ServiceID("ktp"), "kk", "kk", "akta")
				attempt(rt, h, Take{ID: h.newID(), Service: service, Class: one(rt, "class", ticket.Regular, ticket.Regular, ticket.Priority)})
			case 3:
				h.pass(one(rt, "time", time.Microsecond, time.Second, UndoTime, 10*time.Minute))
			case 4:
				h.st = Restore(h.st.Snapshot())
			default:
				attempt(rt, h, lifeCommand(rt, h, here, h.newID()))
			}
			invariants(rt, h)
		}
		if diff := differ(h.replay(), h.st); diff != "" {
			rt.Fatalf("a replay gives another state:\n%s", diff)
		}
	})
}

// likely is a ticket of the day, in any state as likely as in another; nil: none.
func (h *hall) likely(rt *rapid.T) *Ticket {
	st := ticket.State(1 + even(rt, 8, "in state"))
	var of []Ref
	for ref, t := range h.st.tickets {
		if t.State == st && t.Day == h.st.day.Number {
			of = append(of, ref)
		}
	}
	if len(of) == 0 {
		return nil
	}
	slices.Sort(of)
	return h.st.Ticket(one(rt, "ticket", of...))
}

// lifeOffice is the small office with one of the rules that its people may choose.
func lifeOffice(rt *rapid.T) Settings {
	v := smallOffice()
	v.Rules.TransferToBack = rapid.Bool().Draw(rt, "transfer to back")
	v.Rules.JourneyToBack = rapid.Bool().Draw(rt, "journey to back")
	v.Rules.Return = rapid.SampledFrom([]Return{
		{}, {Place: PlaceFront, Times: 2}, {Place: PlaceAfter, After: 1, Minutes: 30}, {Place: PlaceBack, Numbers: 2},
	}).Draw(rt, "return")
	return v
}

// undoIsExact undoes, on a copy, what a counter has just done, and holds the result
// against the state before.
func undoIsExact(rt *rapid.T, h *hall, before *State) {
	for id, seat := range h.st.counters {
		if seat.Action == nil || uint64(seat.Action.Seq) <= before.Seq() {
			continue
		}
		is := Restore(h.st.Snapshot())
		d, err := Undo{Counter: id, Session: seat.Session}.Decide(is, h.now)
		if err != nil {
			rt.Fatalf("what %s has just done can't be undone: %v", id, err)
		}
		r := Record{Office: "uji", Seq: is.Seq() + 1, Day: is.Day().Number, At: h.now.Wall, Plausible: h.now.Plausible, Time: h.now.Office, Counter: id, Event: d.Events[0]}
		is.Apply(&r)
		was := r
		was.Event = ClockFollowed{} // time passes for both
		before.Apply(&was)
		if diff := undone(before, is, id); diff != "" {
			rt.Fatalf("an undone action (%v) leaves something behind:\n%s", seat.Action.What, diff)
		}
	}
}

// lifeInvariants holds what is true of every ticket and counter after any commands.
func lifeInvariants(rt *rapid.T, h *hall) {
	places := map[Ref]int{}
	for id, l := range h.st.lines {
		for lane := range l.lanes {
			l.lanes[lane].walk(func(p place, _ int) bool {
				places[p.ref]++
				t := h.st.Ticket(p.ref)
				if t == nil || t.State != ticket.Waiting || t.Service != id || t.To != "" {
					rt.Fatalf("ticket %d stands in the line of %s, and is %+v", p.ref, id, t)
				}
				if k, q := h.st.order(id).stand(t); k != lane || q != p {
					rt.Fatalf("ticket %d stands in lane %d at %v, and belongs to %d at %v", p.ref, lane, p, k, q)
				}
				return true
			})
		}
	}
	for id, sent := range h.st.sent {
		sent.walk(func(p place, _ int) bool {
			places[p.ref]++
			if t := h.st.Ticket(p.ref); t == nil || t.State != ticket.Waiting || t.To != id || t.place() != p {
				rt.Fatalf("ticket %d was sent to %s, and is %+v", p.ref, id, t)
			}
			return true
		})
	}
	done := 0
	for ref, t := range h.st.tickets {
		if n := places[ref]; (t.State == ticket.Waiting) != (n == 1) || n > 1 {
			rt.Fatalf("ticket %d is %v and stands in %d lines", ref, t.State, n)
		}
		_, listed := slices.BinarySearch(h.st.parked, ref)
		if listed != (t.State == ticket.Parked) || listed != (t.Parking != "") {
			rt.Fatalf("ticket %d is %v, parked for %q, listed %v", ref, t.State, t.Parking, listed)
		}
		_, listed = slices.BinarySearch(h.st.missed, ref)
		if now := t.Day == h.st.day.Number && h.st.day.Open; listed != (t.State == ticket.NoShow && now) {
			rt.Fatalf("ticket %d is %v, listed as missed %v", ref, t.State, listed)
		}
		if t.State.Final() != (t.EndedTime != 0) || t.Touched == 0 || uint64(t.Touched) > h.st.Seq() {
			rt.Fatalf("ticket %d is %v, ended %d, touched %d", ref, t.State, t.EndedTime, t.Touched)
		}
		if t.Returns > h.st.settings.Rules.Return.times() {
			rt.Fatalf("ticket %d returned %d times", ref, t.Returns)
		}
		if t.Day == h.st.day.Number && t.State == ticket.Done {
			done++
		}
	}
	if _, served, _ := h.st.Totals(); h.st.day.Open && served != done {
		rt.Fatalf("%d visits counted as served, %d are done", served, done)
	}
	seatsCount(rt, h)
}

// seatsCount holds the counters' figures and announcements against the records.
func seatsCount(rt *rapid.T, h *hall) {
	served, gone := map[ticket.CounterID]int{}, map[uint64]bool{}
	for i := range h.records {
		switch r := &h.records[i]; e := r.Event.(type) {
		case DayClosed:
			clear(served)
		case Finished:
			served[r.Counter]++
		case Undone:
			gone[e.Seq] = true
			if _, ok := h.records[e.Seq-1].Event.(Finished); ok {
				served[r.Counter]--
			}
			if r.Time.Sub(h.records[e.Seq-1].Time) > UndoTime {
				rt.Fatalf("record %d was undone after %v", e.Seq, r.Time.Sub(h.records[e.Seq-1].Time))
			}
		}
	}
	for id, seat := range h.st.counters {
		if seat.Served != served[id] {
			rt.Fatalf("%s has served %d, by the records %d", id, seat.Served, served[id])
		}
		if seat.Current != 0 && (seat.Paused != "" || !seat.Open || h.st.Ticket(seat.Current).Counter != id) {
			rt.Fatalf("%s has ticket %d: %+v", id, seat.Current, seat)
		}
	}
	for _, a := range h.st.announcements {
		if gone[a.ID] || h.st.time.Sub(a.Time) > AnnouncementLife {
			rt.Fatalf("announcement %d is undone or old", a.ID)
		}
	}
	voiced := Ref(0)
	for _, ref := range h.st.recent {
		t := h.st.Ticket(ref)
		if t.Voiced <= voiced || t.Day != h.st.day.Number {
			rt.Fatalf("the latest calls are out of order: %v", h.st.recent)
		}
		voiced = t.Voiced
	}
}
