package queue

import (
	"slices"
	"strings"
	"testing"
	"time"

	"antrean/shared/ticket"
)

// lineOf is a small office whose counters are open, under a service's order.
func lineOf(t *testing.T, o Order, change ...func(*Settings)) *hall {
	h := newHall(t)
	v := smallOffice()
	for i := range v.Services {
		v.Services[i].Order = o
		v.Services[i].Quota = 0
	}
	for _, f := range change {
		f(&v)
	}
	h.must(ChangeSettings{v})
	for _, c := range v.Counters {
		h.must(OpenCounter{Counter: c.ID, Session: "s-" + string(c.ID)})
	}
	return h
}

// join takes tickets of a service, a second apart: r regular, p priority, and a with
// an appointment whose window has just opened.
func (h *hall) join(s ticket.ServiceID, who string) (all []*Ticket) {
	h.t.Helper()
	for _, c := range who {
		h.pass(time.Second)
		var ask Ask
		switch id := h.newID(); c {
		case 'a':
			ask = CheckIn{ID: id, Service: s, Slot: Slot{h.now.Wall, h.now.Wall.Add(time.Hour)}}
		case 'p':
			ask = Take{ID: id, Service: s, Class: ticket.Priority}
		default:
			ask = Take{ID: id, Service: s}
		}
		all = append(all, h.st.Ticket(h.must(ask).Answer.Ticket))
	}
	return all
}

// serve calls at a counter and ends the call at once.
func (h *hall) serve(at ticket.CounterID) (*Ticket, Pick) {
	h.t.Helper()
	d := h.must(CallNext{at, "s-" + string(at)})
	h.must(Start{AtCounter{Counter: at, Session: "s-" + string(at)}})
	h.must(Finish{AtCounter: AtCounter{Counter: at, Session: "s-" + string(at)}})
	return h.st.Ticket(d.Answer.Ticket), d.Events[0].(Called).Pick
}

// calls is the classes in the order of their calls, and how they came about.
func (h *hall) calls(at ticket.CounterID, n int) (classes, turns string) {
	h.t.Helper()
	for range n {
		t, p := h.serve(at)
		classes += string(t.Class[0])
		turns += string(" .rbax"[p.Turn])
	}
	return classes, turns
}

func TestWithoutClassesTheFirstIsServedFirst(t *testing.T) {
	h := lineOf(t, Order{})
	want := h.join("ktp", "rparrp")
	for i, w := range want {
		if w.Ahead != i {
			t.Errorf("ticket %d was promised %d ahead", i, w.Ahead)
		}
		if got, p := h.serve("c1"); got != w || p.Turn != ByRank || p.Rule != LongestWait {
			t.Errorf("call %d: %s by %+v, want %s", i, got.Number.Text, p, w.Number.Text)
		}
	}
}

// A mistake to know (facts/peers.md): one system called the latest arrival first.
func TestMistakeOrderingByArrivalDescending(t *testing.T) {
	for _, o := range []Order{{}, {Priority: 1, Regular: 2}, {Appointment: 1, Priority: 1, Regular: 1, Bound: 2}} {
		h := lineOf(t, o)
		h.join("ktp", "rpararprparpr")
		last := map[ticket.Class]Ref{}
		for range 13 {
			got, _ := h.serve("c1")
			if got.Ref < last[got.Class] {
				t.Errorf("%+v: %s was called after one of its class who came later", o, got.Number.Text)
			}
			last[got.Class] = got.Ref
		}
	}
}

// What users of other systems ask for (facts/peers.md): a ratio that starves nobody.
func TestOnePriorityToTwoRegularIsCountedForTheService(t *testing.T) {
	h := lineOf(t, Order{Priority: 1, Regular: 2})
	h.join("kk", "rrrrrrppp")
	var got string
	for i := range 9 { // c1 and c2 both serve it
		one, _ := h.calls([]ticket.CounterID{"c1", "c2"}[i%2], 1)
		got += one
	}
	if got != "prrprrprr" {
		t.Errorf("called %s", got)
	}
}

func TestAnAbsentClassIsSkippedAndSavesNothingUp(t *testing.T) {
	h := lineOf(t, Order{Priority: 1, Regular: 2})
	h.join("ktp", "rrrrrr")
	if got, turns := h.calls("c1", 6); got != "rrrrrr" || turns != "ararar" {
		t.Errorf("alone: %s, %s", got, turns)
	}
	h.join("ktp", "pppprrrr")
	if got, turns := h.calls("c1", 8); got != "prrprrpp" || turns[:7] != "rrrrrrr" {
		t.Errorf("four priorities after six regular calls: %s, %s", got, turns)
	}
}

func TestAClassWithoutATurnStandsAmongTheRegular(t *testing.T) {
	h := lineOf(t, Order{Priority: 1, Regular: 1})
	h.join("ktp", "rapr")
	if got, _ := h.calls("c1", 4); got != "prar" {
		t.Errorf("called %s", got)
	}
}

func TestNobodyIsOvertakenMoreOftenThanTheBound(t *testing.T) {
	h := lineOf(t, Order{Priority: 3, Regular: 1, Bound: 2})
	h.join("ktp", "rrrpppppp")
	got, turns := h.calls("c1", 9)
	if got != "pprrrpppp" || !strings.HasPrefix(turns, "rrbbb") {
		t.Errorf("called %s, %s", got, turns)
	}
}

func TestAnAppointmentIsDueWhenItsWindowOpens(t *testing.T) {
	h := lineOf(t, Order{Appointment: 1, Regular: 1})
	slot := func(m time.Duration) Slot {
		return Slot{h.now.Wall.Add(m * time.Minute), h.now.Wall.Add((m + 15) * time.Minute)}
	}
	late := h.must(CheckIn{ID: h.newID(), Service: "ktp", Slot: slot(10), Early: time.Hour}).Answer.Ticket
	h.pass(time.Second)
	soon := h.must(CheckIn{ID: h.newID(), Service: "ktp", Slot: slot(5), Early: time.Hour}).Answer.Ticket
	others := h.join("ktp", "rr")
	if h.st.Ahead(others[0]) != 2 {
		t.Fatalf("before their windows they stand among the others: %d ahead", h.st.Ahead(others[0]))
	}
	h.pass(6 * time.Minute)
	h.tick()
	if !h.st.Ticket(soon).Due || h.st.Ticket(late).Due {
		t.Fatalf("due: soon %v, late %v", h.st.Ticket(soon).Due, h.st.Ticket(late).Due)
	}
	if again := h.st.Tick(h.now); again != nil {
		t.Errorf("due twice: %+v", again)
	}
	h.pass(5 * time.Minute)
	h.tick()
	walkIn := h.join("ktp", "r")[0]
	var got []Ref
	for range 5 {
		one, _ := h.serve("c1")
		got = append(got, one.Ref)
	}
	if want := []Ref{soon, others[0].Ref, late, others[1].Ref, walkIn.Ref}; !slices.Equal(got, want) {
		t.Errorf("called %v, want the earlier slot first and by turns %v", got, want)
	}
}

func TestALateAppointmentIsAWalkIn(t *testing.T) {
	h := lineOf(t, Order{Appointment: 1, Regular: 1}, func(v *Settings) { v.Rules.Return = Return{Place: PlaceFront} })
	h.join("ktp", "rr")
	past := Slot{h.now.Wall.Add(-2 * time.Hour), h.now.Wall.Add(-time.Hour)}
	late := h.st.Ticket(h.must(CheckIn{ID: h.newID(), Service: "ktp", Slot: past}).Answer.Ticket)
	if late.Ahead != 2 || h.st.Ahead(late) != 2 {
		t.Errorf("came after the window: %d ahead", late.Ahead)
	}
	missed := h.join("ktp", "a")[0]
	here := AtCounter{Counter: "c1", Session: "s-c1"}
	if d := h.must(CallNext{"c1", "s-c1"}); d.Answer.Ticket != missed.Ref {
		t.Fatalf("called %d", d.Answer.Ticket)
	}
	h.must(Miss{here})
	h.must(GiveBack{ID: missed.ID})
	h.tick()
	if got := h.st.Ahead(missed); got != 3 {
		t.Errorf("back after a missed call: %d ahead, want all who came before", got)
	}
}

func TestWhoIsSentToACounterIsCalledThereAlone(t *testing.T) {
	h := lineOf(t, Order{})
	h.join("kk", "rrr")
	h.must(CallNext{"c1", "s-c1"})
	here := AtCounter{Counter: "c1", Session: "s-c1"}
	sent := h.st.Ticket(h.st.Seat("c1").Current)
	h.must(Transfer{AtCounter: here, To: "c2"})
	if h.st.Waiting("kk") != 3 || h.st.Ahead(sent) != 0 {
		t.Errorf("%d wait, %d ahead", h.st.Waiting("kk"), h.st.Ahead(sent))
	}
	if got, _ := h.serve("c1"); got == sent {
		t.Error("called at another counter")
	}
	if got, p := h.serve("c2"); got != sent || p.Turn != ToCounter || p.Rule != LongestWait {
		t.Errorf("called %s by %+v", got.Number.Text, p)
	}
}

func TestAPreferenceIsBoundedByPatience(t *testing.T) {
	h := lineOf(t, Order{}, func(v *Settings) {
		v.Counters[1].Services = []ticket.ServiceID{"akta", "kk", "ktp"}
		v.Counters[1].Prefers, v.Counters[1].Patience = true, 2
	})
	h.join("kk", "rr")
	h.join("ktp", "rr")
	h.join("akta", "rrrrrrrr")
	var got, rules string
	for range 8 {
		one, p := h.serve("c2")
		got += map[ticket.ServiceID]string{"akta": "a", "kk": "k", "ktp": "t"}[one.Service]
		rules += map[Rule]string{Preferred: ".", Passed: "!"}[p.Rule]
	}
	if got != "aaktakta" || rules != "..!!!!!!" {
		t.Errorf("called %s, %s", got, rules)
	}
}

// Were it the one who came first of those passed over often enough, two long lines
// would shut out a third.
func TestTwoLongLinesDoNotShutOutAThird(t *testing.T) {
	h := lineOf(t, Order{}, func(v *Settings) {
		v.Counters[1].Services = []ticket.ServiceID{"akta", "kk", "ktp"}
		v.Counters[1].Prefers, v.Counters[1].Patience = true, 1
	})
	h.join("akta", "rrrrrrrr")
	h.join("kk", "rrrrrrrr")
	h.join("ktp", "r")
	for i := range 17 {
		if got, _ := h.serve("c2"); got.Service == "ktp" {
			if most := h.st.counter("c2").PassedOver(); i > most || i != 2 {
				t.Errorf("passed over %d times, the bound is %d", i, most)
			}
			return
		}
	}
	t.Error("never called")
}

func TestACounterHelpsOnlyWhileNobodyWaitsForItsOwn(t *testing.T) {
	h := lineOf(t, Order{}, func(v *Settings) { v.Counters[2].Help = []ticket.ServiceID{"ktp", "kk"} })
	h.join("ktp", "r")
	h.join("akta", "r")
	for i, want := range []struct {
		service ticket.ServiceID
		rule    Rule
	}{{"akta", LongestWait}, {"ktp", Helping}} {
		if got, p := h.serve("c3"); got.Service != want.service || p.Rule != want.rule {
			t.Errorf("call %d: %s by %v", i, got.Service, p.Rule)
		}
	}
}

func TestAnUndoneCallGivesItsTurnBack(t *testing.T) {
	h := lineOf(t, Order{Priority: 1, Regular: 2, Bound: 3})
	all := h.join("ktp", "rrpp")
	h.must(CallNext{"c1", "s-c1"})
	h.must(Undo{Counter: "c1", Session: "s-c1"})
	if n := h.st.overtaken(all[0]); n != 0 {
		t.Errorf("overtaken %d times by an undone call", n)
	}
	if d := h.must(CallNext{"c1", "s-c1"}); d.Answer.Ticket != all[2].Ref {
		t.Errorf("called %d again, want %d", d.Answer.Ticket, all[2].Ref)
	}
}

func TestAnUndoneCallTakesBackOnlyItsOwnOvertakings(t *testing.T) {
	h := lineOf(t, Order{Priority: 9, Regular: 1, Bound: 9}, func(v *Settings) { v.Rules.Return = Return{Place: PlaceFront} })
	all := h.join("ktp", "rrpp")
	first, second := all[0], all[1]
	h.serve("c1")
	h.must(CallNext{"c1", "s-c1"})
	if h.st.overtaken(first) != 2 || h.st.overtaken(second) != 2 {
		t.Fatalf("overtaken %d and %d times", h.st.overtaken(first), h.st.overtaken(second))
	}
	h.must(Undo{Counter: "c1", Session: "s-c1"})
	h.must(CallChosen{"c1", "s-c1", first.ID})
	h.must(Miss{AtCounter{Counter: "c1", Session: "s-c1"}})
	h.must(CallNext{"c1", "s-c1"})
	h.must(GiveBack{ID: first.ID})
	h.must(Undo{Counter: "c1", Session: "s-c1"})
	if h.st.overtaken(first) != 1 || h.st.overtaken(second) != 1 {
		t.Errorf("overtaken %d and %d times, want 1 and 1", h.st.overtaken(first), h.st.overtaken(second))
	}
}

func TestNewRulesMoveThoseWhoWaitAndForgetNobody(t *testing.T) {
	h := lineOf(t, Order{})
	h.join("ktp", "rrpa")
	v := *h.st.Settings()
	v.Services = slices.Clone(v.Services)
	v.Services[0].Order = Order{Appointment: 1, Priority: 1, Regular: 1}
	h.must(ChangeSettings{v})
	if got, _ := h.calls("c1", 4); got != "aprr" {
		t.Errorf("called %s", got)
	}
}
