package queue

import (
	"fmt"
	"testing"
	"time"

	"antrean/shared/ticket"
)

// undone compares two states apart from what an undo may not restore: how far the
// log and its clock are, and who touched what. The counter's own action is gone.
func undone(was, is *State, at ticket.CounterID) string {
	return difference(plain(was, at), plain(is, at))
}

func plain(s *State, at ticket.CounterID) *Snapshot {
	n := s.Snapshot()
	n.Seq, n.Time, n.Believed, n.Keys = 0, 0, time.Time{}, nil
	for i := range n.Tickets {
		n.Tickets[i].Touched = 0
	}
	seat := n.Counters[at]
	seat.Action = nil
	n.Counters[at] = seat
	return n
}

// deeds is one story for each deed that can be undone.
var deeds = []struct {
	what   Deed
	before func(h *hall)
	deed   func() Ask
}{
	{DeedCalled, nil, func() Ask { return CallNext{"c1", "s1"} }},
	{DeedCalled, func(h *hall) { h.next("1"); h.must(Park{at("1"), "bank"}) }, nil},
	{DeedCalled, func(h *hall) { h.next("1"); h.must(Miss{at("1")}) }, nil},
	{DeedStarted, func(h *hall) { h.next("1") }, func() Ask { return Start{at("1")} }},
	{DeedFinished, func(h *hall) { h.next("1"); h.must(Start{at("1")}) }, func() Ask { return Finish{at("1"), "complete"} }},
	{DeedFinished, func(h *hall) {
		h.next("1")
		h.must(AddService{at("1"), "akta"})
		h.must(Start{at("1")})
	}, func() Ask { return Finish{at("1"), ""} }},
	{DeedMissed, func(h *hall) { h.next("1") }, func() Ask { return Miss{at("1")} }},
	{DeedCancelled, func(h *hall) { h.next("1"); h.must(Start{at("1")}) }, nil},
	{DeedParked, func(h *hall) { h.next("1") }, func() Ask { return Park{at("1"), "bank"} }},
	{DeedTransferred, func(h *hall) { h.next("1") }, func() Ask { return Transfer{AtCounter: at("1"), Service: "akta", To: "c3"} }},
	{DeedServiceAdded, func(h *hall) { h.next("1") }, func() Ask { return AddService{at("1"), "akta"} }},
	{DeedPaused, nil, func() Ask { return Pause{"c1", "s1", "meal"} }},
	{DeedResumed, func(h *hall) { h.must(Pause{"c1", "s1", "meal"}) }, func() Ask { return Resume{"c1", "s1"} }},
}

func TestAnUndoneActionLeavesEverythingAsItStood(t *testing.T) {
	for i, c := range deeds {
		t.Run(fmt.Sprint(i, " ", c.what), func(t *testing.T) {
			h := desk(t, nil)
			h.take("akta")
			first := h.take("ktp")
			h.take("ktp")
			h.take("kk")
			if c.before != nil {
				c.before(h)
			}
			deed := Ask(CallChosen{"c1", "s1", first.ID})
			switch {
			case c.deed != nil:
				deed = c.deed()
			case c.what == DeedCancelled:
				deed = Cancel{first.ID, "c1", "s1"}
			}
			was := Restore(h.st.Snapshot())
			h.must(deed)
			act := h.st.Undoable("c1", h.now.Office)
			if act == nil || act.What != c.what || act.Seq != Ref(h.st.Seq()) {
				t.Fatalf("to undo: %+v", act)
			}
			h.st = Restore(h.st.Snapshot())
			h.pass(UndoTime)
			h.refused(Undo{"c1", "s1", uint64(act.Seq) - 1}, ErrUndoOther)
			h.must(Undo{"c1", "s1", uint64(act.Seq)})
			if d := undone(was, h.st, "c1"); d != "" {
				t.Errorf("after undo:\n%s", d)
			}
			h.refused(Undo{Counter: "c1", Session: "s1"}, ErrNothingToUndo)
			if d := differ(h.replay(), h.st); d != "" {
				t.Errorf("replay:\n%s", d)
			}
		})
	}
}

func TestAnUndoneCallIsNoLongerAnnounced(t *testing.T) {
	h := desk(t, nil)
	a, b := h.take("ktp"), h.take("ktp")
	h.next("1")
	h.must(Recall{at("1")})
	h.must(Undo{Counter: "c1", Session: "s1"})
	if n := h.st.Announcements(h.now.Office); len(n) != 0 || a.Calls != 0 || len(h.st.Recent()) != 0 {
		t.Errorf("the recall of an undone call is still there: %+v", n)
	}
	h.stands(a, ticket.Waiting, "ktp", 0)
	h.stands(b, ticket.Waiting, "ktp", 1)
	if got := h.next("1"); got != a || a.Number.Text != "A-001" {
		t.Errorf("called %s", got.Number.Text)
	}
}

func TestUndoIsRefusedOnceTheTicketHasMovedOn(t *testing.T) {
	for name, move := range map[string]func(h *hall, x *Ticket){
		"another counter has called it": func(h *hall, x *Ticket) { h.must(CallChosen{"c2", "s2", x.ID}) },
		"its visitor has left":          func(h *hall, x *Ticket) { h.must(Cancel{ID: x.ID}) },
		"its class has changed":         func(h *hall, x *Ticket) { h.must(ChangeClass{x.ID, ticket.Priority}) },
	} {
		t.Run(name, func(t *testing.T) {
			h := desk(t, nil)
			x := h.take("kk")
			h.next("1")
			h.must(Transfer{AtCounter: at("1"), Service: "akta"})
			move(h, x)
			h.refused(Undo{Counter: "c1", Session: "s1"}, ErrUndoMovedOn)
			if h.st.Undoable("c1", h.now.Office) != nil {
				t.Error("the page would still offer it")
			}
		})
	}
}

func TestUndoEndsAfterTenSecondsOfOfficeTime(t *testing.T) {
	h := desk(t, nil)
	h.take("ktp")
	h.next("1")
	h.now.Wall = h.now.Wall.Add(time.Hour) // a corrected wall clock ages nothing
	h.pass(UndoTime + time.Microsecond)
	h.refused(Undo{Counter: "c1", Session: "s1"}, ErrUndoLate)
}

func TestOnlyTheLastActionOfThisSessionIsUndone(t *testing.T) {
	h := desk(t, nil)
	a := h.take("ktp")
	h.take("ktp")
	h.next("1")
	h.must(Start{at("1")})
	h.must(Finish{AtCounter: at("1")})
	h.next("1")
	h.must(Undo{Counter: "c1", Session: "s1"})
	h.refused(Undo{Counter: "c1", Session: "s1"}, ErrNothingToUndo)
	if a.State != ticket.Done {
		t.Errorf("two steps back: %v", a.State)
	}
	h.next("1")
	h.must(OpenCounter{Counter: "c1", Session: "s4", TakeOver: true})
	h.refused(Undo{Counter: "c1", Session: "s1"}, ErrCounterNotYours)
	h.refused(Undo{Counter: "c1", Session: "s4"}, ErrNothingToUndo)
}

func TestAnUndoBesideOtherCountersTakesBackNothingOfTheirs(t *testing.T) {
	h := desk(t, nil)
	h.take("kk")
	h.take("kk")
	h.take("akta")
	one := h.next("1")
	h.must(Start{at("1")})
	h.must(Finish{AtCounter: at("1")})
	two := h.next("2")
	h.must(Start{at("2")})
	h.must(Finish{AtCounter: at("2")})
	h.must(ReportPrint{one.ID, "confirmed", ""})
	three := h.next("3")
	h.must(Undo{Counter: "c1", Session: "s1"})
	_, served, _ := h.st.Totals()
	if one.State != ticket.Serving || two.State != ticket.Done || served != 1 || h.st.Seat("c2").Served != 1 || h.st.Seat("c1").Served != 0 {
		t.Errorf("one %v, two %v, served %d", one.State, two.State, served)
	}
	if one.Paper != "confirmed" {
		t.Error("the paper's fate was undone")
	}
	if r := h.st.Recent(); len(r) != 3 || r[0] != three || r[2] != one {
		t.Errorf("latest calls: %v", r)
	}
}

func TestAnUndoneCallRestoresTheListOfLatestCallsThatItPushed(t *testing.T) {
	h := desk(t, func(v *Settings) { v.Rules.Return = Return{Place: PlaceFront} })
	old := h.take("ktp")
	h.next("1")
	h.must(Miss{at("1")})
	for range recentKept {
		h.take("kk")
		h.next("2")
		h.must(Miss{at("2")})
	}
	for _, a := range []Ask{CallChosen{"c1", "s1", old.ID}, CallChosen{"c1", "s1", h.st.Recent()[3].ID}} {
		was := Restore(h.st.Snapshot())
		h.must(a)
		h.must(Undo{Counter: "c1", Session: "s1"})
		if d := undone(was, h.st, "c1"); d != "" {
			t.Errorf("%+v:\n%s", a, d)
		}
	}
}
