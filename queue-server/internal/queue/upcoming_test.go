package queue

import (
	"testing"
	"time"

	"antrean/shared/ticket"
	"pgregory.net/rapid"
)

func TestUpcomingIsWhomTheRulesCallIfNothingElseHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &hall{t: t, st: New("uji"), now: Moment{Wall: monday, Plausible: true, Office: InstantOf(monday)}}
		h.append(Actor{Kind: ActorSystem}, nil, "", EpochBegun{ID: "e1"})
		v := smallOffice()
		for i := range v.Services[:2] {
			if rapid.Bool().Draw(t, "classes") {
				v.Services[i].Order = Order{Appointment: 1, Priority: rapid.IntRange(1, 3).Draw(t, "priority"), Regular: rapid.IntRange(1, 3).Draw(t, "regular")}
			}
		}
		if rapid.Bool().Draw(t, "prefers") {
			v.Counters[0].Prefers, v.Counters[0].Patience = true, rapid.IntRange(1, 3).Draw(t, "patience")
		}
		v.Counters[0].Help = []ticket.ServiceID{"akta"}
		h.must(ChangeSettings{v})
		h.tick()
		h.must(OpenCounter{Counter: "c1", Session: "s1"})
		h.must(OpenCounter{Counter: "c2", Session: "s2"})
		for range rapid.IntRange(0, 25).Draw(t, "people") {
			h.pass(time.Second)
			s := rapid.SampledFrom([]ticket.ServiceID{"ktp", "kk", "kk", "ktp", "akta"}).Draw(t, "service")
			c := rapid.SampledFrom([]ticket.Class{ticket.Regular, ticket.Priority}).Draw(t, "class")
			_, _ = h.do(Take{ID: h.newID(), Service: s, Class: c})
			if rapid.IntRange(0, 5).Draw(t, "sent") == 0 {
				if _, err := h.do(CallNext{"c2", "s2"}); err == nil {
					at := AtCounter{Counter: "c2", Session: "s2"}
					if _, err := h.do(Transfer{AtCounter: at, Service: "kk", To: "c1"}); err != nil {
						h.must(Miss{at})
					}
				}
			}
			if rapid.IntRange(0, 6).Draw(t, "called") == 0 {
				if _, err := h.do(CallNext{"c1", "s1"}); err == nil {
					h.must(Miss{AtCounter{Counter: "c1", Session: "s1"}})
				}
			}
		}
		n := rapid.IntRange(1, 30).Draw(t, "n")
		want := h.st.Upcoming(h.st.counter("c1"), n)
		total := h.st.WaitingAt("c1", "ktp") + h.st.WaitingAt("c1", "kk") + h.st.WaitingAt("c1", "akta")
		if len(want) != min(n, total) {
			t.Fatalf("%d upcoming of %d, asked for %d", len(want), total, n)
		}
		for i, w := range want {
			d := h.must(CallNext{"c1", "s1"})
			if d.Answer.Ticket != w.Ref {
				t.Fatalf("call %d is %d, upcoming said %d", i, d.Answer.Ticket, w.Ref)
			}
			h.must(Miss{AtCounter{Counter: "c1", Session: "s1"}})
		}
	})
}

func TestTheLongestWaitIsFoundInEveryLane(t *testing.T) {
	h := newHall(t)
	v := smallOffice()
	v.Services[0].Order = Order{Appointment: 1, Priority: 1, Regular: 1}
	h.must(ChangeSettings{v})
	if h.st.Longest("ktp") != nil {
		t.Error("somebody waits in an empty line")
	}
	first := h.take("ktp")
	h.pass(time.Minute)
	h.must(Take{ID: h.newID(), Service: "ktp", Class: ticket.Priority})
	if got := h.st.Longest("ktp"); got != first {
		t.Errorf("longest = %+v", got)
	}
	h.must(OpenCounter{Counter: "c2", Session: "s2"})
	h.must(OpenCounter{Counter: "c1", Session: "s1"})
	h.must(CallChosen{"c1", "s1", first.ID})
	h.must(Transfer{AtCounter: AtCounter{Counter: "c1", Session: "s1"}, Service: "kk", To: "c2"})
	if got := h.st.Longest("kk"); got != first || h.st.WaitingAt("c1", "kk") != 0 || h.st.WaitingAt("c2", "kk") != 1 || h.st.SentTo("c2") != 1 {
		t.Errorf("longest = %+v, waiting at c1 %d, at c2 %d", got, h.st.WaitingAt("c1", "kk"), h.st.WaitingAt("c2", "kk"))
	}
}
