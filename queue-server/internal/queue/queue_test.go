package queue

import (
	"errors"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

func TestOneVisitFromTicketToDone(t *testing.T) {
	h := newHall(t)
	a := h.take("ktp")
	if a.Number.Text != "A-001" || a.Ahead != 0 || a.State != ticket.Waiting {
		t.Fatalf("first ticket: %+v", a)
	}
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	called := h.must(CallNext{"c1", "s1"})
	if called.Answer.Ticket != a.Ref || called.Events[0].(Called).Pick.Heads[0] != (Head{1, a.Ref}) {
		t.Fatalf("call: %+v", called)
	}
	if n := h.st.Announcements(h.now.Office); len(n) != 1 || n[0].Recall {
		t.Fatalf("announcements: %+v", n)
	}
	here := AtCounter{"c1", "s1", a.ID}
	h.must(Recall{here})
	if n := h.st.Announcements(h.now.Office); len(n) != 2 || !n[1].Recall || n[0].ID == n[1].ID {
		t.Fatalf("a recall is an announcement of its own: %+v", n)
	}
	h.refused(Finish{AtCounter: here}, ErrNotStarted)
	h.must(Start{here})
	h.refused(Miss{here}, ErrAlreadyStarted)
	h.pass(3 * time.Minute)
	h.must(Finish{AtCounter: here})
	if a.State != ticket.Done || a.EndedTime.Sub(a.StartedTime) != 3*time.Minute {
		t.Fatalf("end: %+v", a)
	}
	h.refused(CallNext{"c1", "s1"}, ErrNobodyWaiting)
}

func TestServicesOfOneSequenceShareItsNumbers(t *testing.T) {
	h := newHall(t)
	for i, want := range []string{"A-001", "A-002", "B-001", "A-003"} {
		got := h.take([]ticket.ServiceID{"ktp", "kk", "akta", "ktp"}[i])
		if got.Number.Text != want {
			t.Errorf("ticket %d: %s, want %s", i, got.Number.Text, want)
		}
	}
}

func TestTheSameIDIsTheSameTicket(t *testing.T) {
	h := newHall(t)
	id := h.newID()
	first := h.must(Take{ID: id, Service: "ktp"})
	again := h.must(Take{ID: id, Service: "ktp"})
	if !again.Before || again.Answer != first.Answer {
		t.Fatalf("again: %+v", again)
	}
	h.refused(Take{ID: id, Service: "kk"}, ErrIDUsed)
	h.pass(5 * 24 * time.Hour)
	h.tick()
	h.pass(KeyLife + time.Second)
	h.tick()
	h.refused(Take{ID: id, Service: "ktp"}, ErrIDFromPast)
}

func TestACounterServesOneVisitorAtATimeAndOnlyItsSession(t *testing.T) {
	h := newHall(t)
	first, second := h.take("kk"), h.take("kk")
	h.refused(CallNext{"c1", "s1"}, ErrCounterClosed)
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	h.refused(OpenCounter{Counter: "c2", Session: "s1"}, ErrSessionBusy)
	h.refused(OpenCounter{Counter: "c1", Session: "s2"}, ErrCounterHeld)
	h.must(CallNext{"c1", "s1"})
	h.refused(CallNext{"c1", "s1"}, ErrCounterBusy)
	h.refused(CloseCounter{"c1", "s1"}, ErrCounterBusy)
	h.must(OpenCounter{Counter: "c2", Session: "s2"})
	if d := h.must(CallNext{"c2", "s2"}); d.Answer.Ticket != second.Ref {
		t.Fatalf("two counters got %v and %v", first.Ref, d.Answer.Ticket)
	}
	d := h.must(OpenCounter{Counter: "c1", Session: "s3", TakeOver: true})
	if d.Events[0].(CounterOpened).TookOver != "s1" {
		t.Errorf("take-over: %+v", d.Events[0])
	}
	h.refused(Recall{AtCounter{"c1", "s1", first.ID}}, ErrCounterNotYours)
	h.refused(Recall{AtCounter{"c1", "s3", second.ID}}, ErrOtherTicket)
	h.must(Miss{AtCounter{"c1", "s3", first.ID}})
	h.refused(Miss{AtCounter{"c1", "s3", ticket.ID{}}}, ErrNobodyHere)
	h.must(CloseCounter{"c1", "s3"})
}

func TestACounterCallsTheLongestWaitAmongItsServices(t *testing.T) {
	h := newHall(t)
	h.must(OpenCounter{Counter: "c2", Session: "s"})
	old := h.take("akta")
	h.pass(time.Minute)
	h.take("kk")
	if d := h.must(CallNext{"c2", "s"}); d.Answer.Ticket != old.Ref || len(d.Events[0].(Called).Pick.Heads) != 2 {
		t.Fatalf("called %+v", d)
	}
}

func TestPeopleAheadShrinksAsOthersLeave(t *testing.T) {
	h := newHall(t)
	a, b, c := h.take("ktp"), h.take("ktp"), h.take("ktp")
	if h.st.Ahead(c) != 2 || c.Ahead != 2 {
		t.Fatalf("ahead = %d", h.st.Ahead(c))
	}
	h.must(Cancel{ID: b.ID})
	h.refused(Cancel{ID: b.ID}, ErrTicketEnded)
	if h.st.Ahead(c) != 1 {
		t.Errorf("after a cancellation: %d", h.st.Ahead(c))
	}
	h.must(OpenCounter{Counter: "c1", Session: "s"})
	h.must(CallNext{"c1", "s"})
	if h.st.Ahead(c) != 0 || a.State != ticket.Called {
		t.Errorf("after a call: %d", h.st.Ahead(c))
	}
}

func TestADayRollsOnceAndNumbersStartAgain(t *testing.T) {
	h := newHall(t)
	left := h.take("ktp")
	h.pass(24 * time.Hour)
	n := h.take("ktp")
	if left.State != ticket.Expired || n.Number.Text != "A-001" || n.Day != 2 {
		t.Fatalf("left %v, new %+v", left.State, n)
	}
	if more := h.st.Tick(h.now); more != nil {
		t.Errorf("the day rolled twice: %+v", more)
	}
}

func TestAClockThatFallsBackOrLeapsNeitherResetsNorRepeats(t *testing.T) {
	for name, wall := range map[string]time.Time{"1970": time.Unix(60, 0).UTC(), "a year ahead": monday.AddDate(1, 0, 0)} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			h.take("ktp")
			h.now.Wall, h.now.Office = wall, h.now.Office.Add(time.Minute)
			n := h.take("ktp")
			if n.Number.Text != "A-002" || h.st.Day().Number != 1 || h.now.Plausible {
				t.Fatalf("number %s on day %d, plausible %v", n.Number.Text, h.st.Day().Number, h.now.Plausible)
			}
			h.refused(OpenDay{Date: "2026-11-23"}, ErrDayDate)
			h.must(OpenDay{Date: "2026-11-24"})
			if n := h.take("ktp"); n.Number.Text != "A-001" {
				t.Errorf("next day: %s", n.Number.Text)
			}
		})
	}
}

func TestALongHolidayIsNotAWrongClock(t *testing.T) {
	h := newHall(t)
	h.pass(12 * 24 * time.Hour)
	if n := h.take("ktp"); n.Day != 2 || n.Date != "2026-12-05" {
		t.Errorf("after the holiday: %+v", n)
	}
}

func TestADayClosedByHandStaysClosed(t *testing.T) {
	h := newHall(t)
	h.must(CloseDay{})
	h.refused(CloseDay{}, ErrDayClosed)
	h.pass(time.Hour)
	_, err := h.do(Take{ID: h.newID(), Service: "ktp"})
	if r, ok := reason.Of(err); !ok || r.Args["closed"] != ClosedNoDay {
		t.Errorf("take on a closed day: %v", err)
	}
	h.pass(24 * time.Hour)
	h.take("ktp")
}

func TestAQuotaIsKept(t *testing.T) {
	h := newHall(t)
	for range 5 {
		h.take("akta")
	}
	_, err := h.do(Take{ID: h.newID(), Service: "akta"})
	if r, ok := reason.Of(err); !ok || r.Args["closed"] != ClosedQuota || r.Args["opens_at"] == "" {
		t.Errorf("sixth of five: %v", err)
	}
}

func TestSettingsThatCouldPrintOneNumberTwiceAreRefused(t *testing.T) {
	for _, prefixes := range [][2]string{{"A-", "A-"}, {"A", "A1"}, {"", "7"}} {
		v := smallOffice()
		v.Sequences[0].Prefix, v.Sequences[1].Prefix = prefixes[0], prefixes[1]
		if _, err := (ChangeSettings{v}).Decide(New("uji"), Moment{}); !errors.Is(err, ErrSettings) {
			t.Errorf("%q: %v", prefixes, err)
		}
	}
}

func TestAPrefixChangesFromTheNextDay(t *testing.T) {
	h := newHall(t)
	h.take("ktp")
	v := smallOffice()
	v.Sequences[0].Prefix = "X-"
	h.must(ChangeSettings{v})
	if n := h.take("ktp"); n.Number.Text != "A-002" {
		t.Errorf("today: %s", n.Number.Text)
	}
	v.Sequences = append(v.Sequences, Sequence{ID: "new", Prefix: "A-", Padding: 3})
	h.refused(ChangeSettings{v}, ErrSettings)
	h.pass(24 * time.Hour)
	if n := h.take("ktp"); n.Number.Text != "X-001" {
		t.Errorf("tomorrow: %s", n.Number.Text)
	}
}

func TestWhatSettingsNoLongerNameIsArchivedAndKeepsItsRef(t *testing.T) {
	h := newHall(t)
	v := smallOffice()
	v.Services, v.Counters = v.Services[1:], v.Counters[:1]
	v.Counters[0].Services = []ticket.ServiceID{"kk"}
	v.Services = append(v.Services, Service{ID: "new", Agency: "dukcapil", Sequence: "A", Name: ticket.Text{"id": "Baru"}})
	h.must(ChangeSettings{v})
	if s := h.st.Service("ktp"); s == nil || !s.Archived || s.Ref != 1 {
		t.Errorf("ktp: %+v", s)
	}
	if s := h.st.Service("new"); s.Ref != 4 {
		t.Errorf("new: %+v", s)
	}
	h.refused(Take{ID: h.newID(), Service: "ktp"}, ErrNoSuchService)
	before := h.st.Seq()
	h.must(ChangeSettings{*h.st.Settings()})
	if h.st.Seq() != before {
		t.Error("the same settings again made an event")
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	h := newHall(t)
	h.refused(Take{ID: h.newID(), Service: "\x1b@"}, ErrNoSuchService)
	h.refused(Take{ID: h.newID(), Service: "ktp", Class: "vip"}, ErrUnknownClass)
	h.refused(Take{ID: h.newID(), Service: "ktp", Language: "xx"}, ErrUnknownLanguage)
	h.refused(OpenCounter{Counter: "nowhere", Session: "s"}, ErrNoSuchCounter)
	h.refused(Cancel{ID: h.newID()}, ErrNoSuchTicket)
	h.refused(ReportPrint{ID: h.newID(), State: "confirmed"}, ErrNoSuchTicket)
	h.refused(ReportSpoken{[]uint64{1 << 60}}, ErrNothingSpoken)
	h.refused(OpenDay{Date: "soon"}, ErrDayDate)
}
