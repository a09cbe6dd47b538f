package queue

import (
	"errors"
	"slices"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// desk opens c1 (ktp, kk), c2 (kk, akta) and c3 (akta) for the sessions s1, s2, s3.
func desk(t *testing.T, change func(*Settings)) *hall {
	h := newHall(t)
	v := smallOffice()
	if change != nil {
		change(&v)
		h.must(ChangeSettings{v})
	}
	for i, c := range []ticket.CounterID{"c1", "c2", "c3"} {
		h.must(OpenCounter{Counter: c, Session: []string{"s1", "s2", "s3"}[i]})
	}
	return h
}

func at(n string) AtCounter {
	return AtCounter{Counter: ticket.CounterID("c" + n), Session: "s" + n}
}

func (h *hall) next(n string) *Ticket {
	h.t.Helper()
	return h.st.Ticket(h.must(CallNext{ticket.CounterID("c" + n), "s" + n}).Answer.Ticket)
}

func (h *hall) stands(t *Ticket, st ticket.State, service ticket.ServiceID, ahead int) {
	h.t.Helper()
	if t.State != st || t.Service != service || h.st.Ahead(t) != ahead {
		h.t.Fatalf("%s is %v in %s with %d ahead, want %v in %s with %d", t.Number.Text, t.State, t.Service, h.st.Ahead(t), st, service, ahead)
	}
}

func TestAVisitOfThreeServicesIsOneTicketAndDoneAtTheLast(t *testing.T) {
	for _, back := range []bool{false, true} {
		h := desk(t, func(v *Settings) { v.Rules.JourneyToBack = back })
		a := h.take("ktp")
		h.pass(time.Second)
		other := h.take("kk")
		h.must(CallChosen{"c1", "s1", a.ID})
		h.must(AddService{at("1"), "kk"})
		h.must(Start{at("1")})
		h.must(AddService{at("1"), "akta"})
		h.refused(AddService{at("1"), "kk"}, ErrServiceTwice)
		h.refused(AddService{at("1"), "ktp"}, ErrServiceTwice)
		h.refused(AddService{at("1"), "none"}, ErrNoSuchService)
		h.refused(Finish{at("1"), "lunch"}, ErrOutcome)
		h.refused(Finish{at("1"), "old"}, ErrOutcome)
		if d := h.must(Finish{at("1"), "complete"}); d.Answer.State != ticket.Waiting {
			t.Fatalf("answer: %+v", d.Answer)
		}
		h.stands(a, ticket.Waiting, "kk", map[bool]int{false: 0, true: 1}[back])
		if back {
			h.must(Cancel{ID: other.ID})
		}
		if got := h.next("2"); got != a {
			t.Fatalf("called %s", got.Number.Text)
		}
		h.must(Start{at("2")})
		h.must(Finish{AtCounter: at("2")})
		h.must(CallChosen{"c3", "s3", a.ID})
		h.must(Start{at("3")})
		_, served, _ := h.st.Totals()
		h.must(Finish{AtCounter: at("3")})
		if _, now, _ := h.st.Totals(); a.State != ticket.Done || served != 0 || now != 1 || h.st.Seat("c1").Served != 1 {
			t.Errorf("%v, %d visits served, c1 has served %d", a.State, now, h.st.Seat("c1").Served)
		}
	}
}

func TestAJourneyLeavesOutAServiceThatWasArchivedMeanwhile(t *testing.T) {
	h := desk(t, nil)
	a := h.take("ktp")
	h.next("1")
	h.must(AddService{at("1"), "kk"})
	h.must(AddService{at("1"), "akta"})
	h.must(Start{at("1")})
	v := *h.st.Settings()
	v.Services = append([]Service(nil), v.Services...)
	v.Services[1].Archived = true
	h.must(ChangeSettings{v})
	h.must(Finish{AtCounter: at("1")})
	h.stands(a, ticket.Waiting, "akta", 0)
	if len(a.Next) != 0 {
		t.Errorf("still to come: %v", a.Next)
	}
}

func TestAParkedTicketWaitsOutsideTheLineAndComesBackToItsPlace(t *testing.T) {
	h := desk(t, nil)
	a, b := h.take("ktp"), h.take("ktp")
	h.next("1")
	h.refused(Park{at("1"), "smoke"}, ErrParking)
	h.refused(Park{at("1"), ""}, ErrParking)
	h.refused(Unpark{ID: a.ID}, ErrNotParked)
	h.must(Start{at("1")})
	h.must(Park{at("1"), "photocopy"})
	if p := h.st.Parked(); len(p) != 1 || p[0] != a || a.Parking != "photocopy" || h.st.Seat("c1").Current != 0 || h.st.Seat("c1").Last != a.Ref {
		t.Fatalf("parked: %+v", p)
	}
	h.stands(b, ticket.Waiting, "ktp", 0)
	h.refused(Unpark{ID: a.ID, Counter: "nowhere"}, ErrNoSuchCounter)
	h.must(Unpark{ID: a.ID, Counter: "c1"})
	h.stands(a, ticket.Waiting, "ktp", 0)
	h.stands(b, ticket.Waiting, "ktp", 1)
	h.next("1")
	h.must(Park{at("1"), "bank"})
	h.must(CallChosen{"c1", "s1", a.ID})
	if a.State != ticket.Called || a.Parking != "" || len(h.st.Parked()) != 0 {
		t.Errorf("called from parking: %+v", a)
	}
}

func TestALateComerReturnsToTheStatedPlace(t *testing.T) {
	for _, c := range []struct {
		r     Return
		ahead int
	}{
		{Return{Place: PlaceFront}, 0},
		{Return{Place: PlaceAfter, After: 2}, 2},
		{Return{Place: PlaceAfter, After: 9}, 4},
		{Return{Place: PlaceBack}, 4},
		{Return{}, 4},
	} {
		h := desk(t, func(v *Settings) { v.Rules.Return = c.r })
		late := h.take("ktp")
		for range 4 {
			h.pass(time.Second)
			h.take("ktp")
		}
		h.refused(GiveBack{ID: late.ID}, ErrNotMissed)
		h.next("1")
		h.refused(GiveBack{ID: late.ID}, ErrNotMissed)
		h.must(Miss{at("1")})
		if m := h.st.Missed(); len(m) != 1 || m[0] != late {
			t.Fatalf("missed: %v", m)
		}
		h.must(GiveBack{ID: late.ID, Counter: "c2"})
		h.stands(late, ticket.Waiting, "ktp", c.ahead)
		if len(h.st.Missed()) != 0 || late.EndedTime != 0 {
			t.Errorf("%+v: %+v", c.r, late)
		}
	}
}

func TestALateComerNeverGainsByMissingACall(t *testing.T) {
	h := desk(t, func(v *Settings) { v.Rules.Return = Return{Place: PlaceAfter, After: 1} })
	for range 4 {
		h.take("ktp")
		h.pass(time.Second)
	}
	last := h.take("ktp")
	h.must(CallChosen{"c1", "s1", last.ID})
	h.must(Miss{at("1")})
	h.must(GiveBack{ID: last.ID})
	h.stands(last, ticket.Waiting, "ktp", 4)
}

func TestALateComerWhoIsTooLateIsToldSo(t *testing.T) {
	h := desk(t, func(v *Settings) { v.Rules.Return = Return{Minutes: 10, Numbers: 2, Place: PlaceFront} })
	a, b := h.take("ktp"), h.take("ktp")
	h.take("ktp")
	h.take("ktp")
	h.take("ktp")
	h.next("1")
	h.must(Miss{at("1")})
	for range 2 {
		h.next("1")
		h.must(Miss{at("1")})
	}
	if err := h.st.MayReturn(a, h.now); err != nil {
		t.Errorf("two calls later: %v", err)
	}
	last := h.next("1")
	h.refused(GiveBack{ID: a.ID}, ErrReturnPassed)
	h.must(GiveBack{ID: b.ID})
	h.must(Miss{at("1")})
	h.pass(10*time.Minute + time.Second)
	h.refused(GiveBack{ID: last.ID}, ErrReturnLate)
	h.pass(24 * time.Hour)
	h.refused(GiveBack{ID: last.ID}, ErrIDFromPast)
}

// Peers: "Remote users who postpone themselves again and again shut out those in
// the room." A return needs a missed call, each ticket has only so many, and no
// command lets a waiting visitor move.
func TestWhoPostponesAgainAndAgainCannotShutOutThoseInTheRoom(t *testing.T) {
	h := desk(t, func(v *Settings) { v.Rules.Return = Return{Place: PlaceFront, Times: 2} })
	remote := h.take("ktp")
	room := h.take("ktp")
	wasted := 0
	for h.next("1") == remote {
		wasted++
		h.must(Miss{at("1")})
		if _, err := h.do(GiveBack{ID: remote.ID}); err != nil && !errors.Is(err, ErrReturnUsed) {
			t.Fatal(err)
		}
	}
	if wasted != 3 || room.State != ticket.Called {
		t.Errorf("the room waited for %d calls of one ticket with two returns", wasted)
	}
	h.refused(GiveBack{ID: remote.ID}, ErrReturnUsed)
}

func TestATransferKeepsTheFirstArrivalOrGoesToTheBack(t *testing.T) {
	for _, back := range []bool{false, true} {
		h := desk(t, func(v *Settings) { v.Rules.TransferToBack = back })
		a := h.take("ktp")
		b := h.take("akta")
		h.next("1")
		h.refused(Transfer{AtCounter: at("1"), Service: "none"}, ErrNoSuchService)
		h.refused(Transfer{AtCounter: at("1")}, ErrSamePlace)
		h.refused(Transfer{AtCounter: at("1"), Service: "akta", To: "c1"}, ErrDoesNotServe)
		h.refused(Transfer{AtCounter: at("1"), Service: "akta", To: "c9"}, ErrNoSuchCounter)
		h.must(Start{at("1")})
		h.must(Transfer{AtCounter: at("1"), Service: "akta"})
		if back {
			h.stands(a, ticket.Waiting, "akta", 1)
		} else {
			h.stands(a, ticket.Waiting, "akta", 0)
			h.stands(b, ticket.Waiting, "akta", 1)
		}
		if a.Number.Text != "A-001" || !a.Started.IsZero() || a.Counter != "" {
			t.Errorf("transferred: %+v", a)
		}
	}
}

func TestNobodyIsTransferredToAnArchivedService(t *testing.T) {
	h := desk(t, nil)
	h.take("ktp")
	h.next("1")
	v := *h.st.Settings()
	v.Services = append([]Service(nil), v.Services...)
	v.Services[2].Archived = true
	h.must(ChangeSettings{v})
	h.refused(Transfer{AtCounter: at("1"), Service: "akta"}, ErrNoSuchService)
	h.refused(AddService{at("1"), "akta"}, ErrNoSuchService)
}

func TestATicketSentToOneCounterIsLeftToItWhileItIsOpen(t *testing.T) {
	h := desk(t, nil)
	a := h.take("ktp")
	h.next("1")
	h.must(Transfer{AtCounter: at("1"), Service: "akta", To: "c3"})
	h.refused(CallChosen{"c2", "s2", a.ID}, ErrSentElsewhere)
	h.must(CloseCounter{"c3", "s3"})
	h.must(CallChosen{"c2", "s2", a.ID})
	if a.State != ticket.Called || a.Counter != "c2" {
		t.Errorf("%+v", a)
	}
}

func TestAnOfficerCallsAChosenNumber(t *testing.T) {
	h := desk(t, nil)
	a, b, akta := h.take("ktp"), h.take("ktp"), h.take("akta")
	h.refused(CallChosen{"c1", "s1", akta.ID}, ErrDoesNotServe)
	h.refused(CallChosen{"c1", "s1", h.newID()}, ErrNoSuchTicket)
	h.refused(CallChosen{"c1", "s9", b.ID}, ErrCounterNotYours)
	d := h.must(CallChosen{"c1", "s1", b.ID})
	if p := d.Events[0].(Called).Pick; p.Rule != Chosen || p.Heads[0].Ticket != b.Ref {
		t.Errorf("pick: %+v", p)
	}
	h.stands(a, ticket.Waiting, "ktp", 0)
	h.refused(CallChosen{"c1", "s1", a.ID}, ErrCounterBusy)
	h.must(Miss{at("1")})
	h.must(CallChosen{"c1", "s1", b.ID})
	h.must(Start{at("1")})
	h.must(Finish{AtCounter: at("1")})
	h.refused(CallChosen{"c1", "s1", b.ID}, ErrTicketEnded)
	k := h.take("kk")
	h.must(CallChosen{"c1", "s1", k.ID})
	h.refused(CallChosen{"c2", "s2", k.ID}, ErrElsewhere)
	h.pass(24 * time.Hour)
	h.tick()
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	h.refused(CallChosen{"c1", "s1", a.ID}, ErrIDFromPast)
}

func TestAClassChangesUntilTheEnd(t *testing.T) {
	h := desk(t, nil)
	a := h.take("ktp")
	h.refused(ChangeClass{a.ID, "vip"}, ErrUnknownClass)
	h.refused(ChangeClass{a.ID, ticket.Appointment}, ErrNoAppointment)
	h.must(ChangeClass{a.ID, ticket.Priority})
	if d := h.must(ChangeClass{a.ID, ticket.Priority}); !d.Before || a.Class != ticket.Priority {
		t.Errorf("the same class again: %+v", d)
	}
	h.next("1")
	h.must(ChangeClass{a.ID, ticket.Regular})
	h.must(Park{at("1"), "bank"})
	h.must(ChangeClass{a.ID, ticket.Priority})
	h.must(Cancel{ID: a.ID})
	h.refused(ChangeClass{a.ID, ticket.Regular}, ErrTicketEnded)
}

func TestAVisitorCancelsUntilServedAndAnOfficerAtTheCounterToo(t *testing.T) {
	h := desk(t, nil)
	a, b, c := h.take("ktp"), h.take("ktp"), h.take("kk")
	h.must(Cancel{ID: a.ID})
	h.next("1")
	h.must(Start{at("1")})
	h.refused(Cancel{ID: b.ID}, ErrBeingServed)
	h.refused(Cancel{b.ID, "c2", "s2"}, ErrElsewhere)
	h.refused(Cancel{b.ID, "c1", "s2"}, ErrCounterNotYours)
	h.must(Cancel{b.ID, "c1", "s1"})
	if seat := h.st.Seat("c1"); seat.Current != 0 || seat.Served != 0 || b.State != ticket.Cancelled {
		t.Errorf("%+v", seat)
	}
	h.must(CallChosen{"c1", "s1", c.ID})
	h.must(Cancel{ID: c.ID})
	if h.st.Seat("c1").Current != 0 {
		t.Error("a visitor who left is still at the counter")
	}
}

func TestAPauseHasAReasonAndKeepsTheCounterFromCalling(t *testing.T) {
	h := desk(t, nil)
	a, _ := h.take("ktp"), h.take("ktp")
	h.refused(Resume{"c1", "s1"}, ErrNotPaused)
	h.refused(Pause{"c1", "s1", "boredom"}, ErrPauseReason)
	h.refused(Pause{"c1", "s1", ""}, ErrPauseReason)
	h.must(Pause{"c1", "s1", "prayer"})
	if d := h.must(Pause{"c1", "s1", "prayer"}); !d.Before {
		t.Errorf("twice the same pause: %+v", d)
	}
	h.must(Pause{"c1", "s1", "meal"})
	h.refused(CallNext{"c1", "s1"}, ErrPaused)
	h.refused(CallChosen{"c1", "s1", a.ID}, ErrPaused)
	h.must(OpenCounter{Counter: "c1", Session: "s4", TakeOver: true})
	h.refused(CallNext{"c1", "s4"}, ErrPaused)
	h.must(Resume{"c1", "s4"})
	h.must(CallNext{"c1", "s4"})
	h.refused(Pause{"c1", "s4", "meal"}, ErrCounterBusy)
	h.must(OpenCounter{Counter: "c1", Session: "s1", TakeOver: true})
	if h.st.Seat("c1").Current != a.Ref {
		t.Error("the take-over lost the ticket")
	}
	h.must(Miss{at("1")})
	h.must(Pause{"c1", "s1", "meal"})
	h.must(CloseCounter{"c1", "s1"})
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	h.must(CallNext{"c1", "s1"})
}

// Peers: marking "any called ticket of this service" as done.
func TestCounterBDoesNotCloseCounterAsVisitor(t *testing.T) {
	h := desk(t, nil)
	h.take("kk")
	h.take("kk")
	a, b := h.next("1"), h.next("2")
	h.must(Start{at("1")})
	h.must(Start{at("2")})
	byID := at("2")
	byID.Ticket = a.ID
	h.refused(Finish{AtCounter: byID}, ErrOtherTicket)
	h.must(Finish{AtCounter: at("2")})
	if a.State != ticket.Serving || b.State != ticket.Done || h.st.Seat("c1").Current != a.Ref {
		t.Errorf("A's visitor is %v, B's %v", a.State, b.State)
	}
}

// Peers: two counters got the same ticket.
func TestTwoCountersNeverGetTheSameTicket(t *testing.T) {
	h := desk(t, nil)
	only := h.take("kk")
	h.next("1")
	h.refused(CallNext{"c2", "s2"}, ErrNobodyWaiting)
	h.refused(CallChosen{"c2", "s2", only.ID}, ErrElsewhere)
	h.must(Start{at("1")})
	h.refused(CallChosen{"c2", "s2", only.ID}, ErrElsewhere)
}

// Peers: double invite clicks.
func TestADoubleClickOnInviteCallsOnce(t *testing.T) {
	h := desk(t, nil)
	a, b := h.take("ktp"), h.take("ktp")
	h.next("1")
	h.refused(CallNext{"c1", "s1"}, ErrCounterBusy)
	h.refused(CallChosen{"c1", "s1", b.ID}, ErrCounterBusy)
	if n := h.st.Announcements(h.now.Office); len(n) != 1 || a.Calls != 1 || b.State != ticket.Waiting {
		t.Errorf("%d announcements, second ticket %v", len(n), b.State)
	}
}

func TestTheEndOfTheDayEndsEveryVisit(t *testing.T) {
	h := desk(t, nil)
	get := func() *Ticket { return h.take("kk") }
	waits, called, parked, sent, missed := get(), get(), get(), get(), get()
	serving, journey, cancelled := h.take("kk"), h.take("akta"), get()
	call := func(n string, x *Ticket) { h.must(CallChosen{ticket.CounterID("c" + n), "s" + n, x.ID}) }
	call("1", parked)
	h.must(Park{at("1"), "bank"})
	call("1", sent)
	h.must(Transfer{AtCounter: at("1"), Service: "akta", To: "c3"})
	call("1", missed)
	h.must(Miss{at("1")})
	call("1", called)
	call("2", serving)
	h.must(Start{at("2")})
	call("3", journey)
	h.must(AddService{at("3"), "kk"})
	h.must(Start{at("3")})
	h.must(Cancel{ID: cancelled.ID})
	h.must(CloseDay{})
	for want, all := range map[ticket.State][]*Ticket{
		ticket.Expired: {waits, called, parked, sent, journey}, ticket.Done: {serving},
		ticket.NoShow: {missed}, ticket.Cancelled: {cancelled},
	} {
		for _, x := range all {
			if x.State != want || x.EndedTime == 0 {
				t.Errorf("%s is %v, want %v", x.Number.Text, x.State, want)
			}
		}
	}
	if len(h.st.Parked())+len(h.st.Missed())+len(h.st.Recent()) != 0 || h.st.Seat("c1").Open {
		t.Error("something is left of the day")
	}
	h.refused(GiveBack{ID: missed.ID}, ErrDayClosed)
	h.refused(Undo{Counter: "c2", Session: "s2"}, ErrCounterClosed)
	if d := differ(h.replay(), Restore(h.st.Snapshot())); d != "" {
		t.Errorf("replay: %s", d)
	}
}

func TestEachRefusalHasItsWords(t *testing.T) {
	h := desk(t, func(v *Settings) { v.Rules.Return.Minutes = 5 })
	a := h.take("ktp")
	h.next("1")
	h.must(Miss{at("1")})
	h.pass(6 * time.Minute)
	_, err := h.do(GiveBack{ID: a.ID})
	if r, ok := reason.Of(err); !ok || r.Args["minutes"] != "5" || r.Args["number"] != "A-001" {
		t.Errorf("%v", err)
	}
}

func TestACounterThatClosesKeepsNobodyToItself(t *testing.T) {
	h := newHall(t)
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	sent, next := h.take("kk"), h.take("kk")
	h.must(CallNext{"c1", "s1"})
	to := Transfer{AtCounter: AtCounter{"c1", "s1", sent.ID}, To: "c2"}
	h.refused(to, ErrTargetClosed)
	h.must(OpenCounter{Counter: "c2", Session: "s2"})
	h.must(to)
	if n := h.st.SentTo("c2"); n != 1 || sent.To != "c2" {
		t.Fatalf("%d sent, %+v", n, sent)
	}
	h.must(CloseCounter{"c2", "s2"})
	if n := h.st.SentTo("c2"); n != 0 || sent.To != "" || h.st.Ahead(next) != 1 {
		t.Fatalf("after closing: %d sent, to %q, %d before the next", n, sent.To, h.st.Ahead(next))
	}
	if d := h.must(CallNext{"c1", "s1"}); d.Answer.Ticket != sent.Ref {
		t.Errorf("called %d", d.Answer.Ticket)
	}
}

func TestAServiceWithPeopleWaitingIsNotArchivedUnderThem(t *testing.T) {
	h := newHall(t)
	waits := h.take("akta")
	v := smallOffice()
	for i := range v.Services {
		if v.Services[i].ID == "akta" {
			v.Services = append(v.Services[:i:i], v.Services[i+1:]...)
			break
		}
	}
	for i := range v.Counters {
		v.Counters[i].Services = slices.DeleteFunc(slices.Clone(v.Counters[i].Services), func(id ticket.ServiceID) bool { return id == "akta" })
		v.Counters[i].Help = slices.DeleteFunc(slices.Clone(v.Counters[i].Help), func(id ticket.ServiceID) bool { return id == "akta" })
	}
	h.refused(ChangeSettings{v}, ErrHasWaiting)
	h.must(Cancel{ID: waits.ID})
	h.must(ChangeSettings{v})
}

func TestNobodyIsOnlyHelpedWith(t *testing.T) {
	v := smallOffice()
	for i := range v.Counters {
		v.Counters[i].Services = slices.DeleteFunc(slices.Clone(v.Counters[i].Services), func(id ticket.ServiceID) bool { return id == "akta" })
		v.Counters[i].Help = nil
	}
	v.Counters[0].Help = []ticket.ServiceID{"akta"}
	if _, err := (ChangeSettings{v}).Decide(New("uji"), Moment{}); !errors.Is(err, ErrSettings) {
		t.Errorf("got %v", err)
	}
}
