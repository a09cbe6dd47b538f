package queue

import (
	"testing"
	"time"

	"antrean/shared/ticket"
)

func TestACallTellsWhyItWentWhereItWent(t *testing.T) {
	h := lineOf(t, Order{Priority: 1, Regular: 2, Bound: 2})
	ktp, kk := h.join("ktp", "rrp"), h.join("kk", "r")
	h.pass(time.Minute)
	before := Restore(h.st.Snapshot())
	h.must(CallNext{"c1", "s-c1"})
	r := &h.records[len(h.records)-1]

	x, ok := before.Explain(r)
	if !ok || x.Label != "1" || x.Rule != LongestWait || x.Turn != ByRatio && x.Turn != ByAbsence {
		t.Fatalf("explained %+v", x)
	}
	if x.Chosen.Number != ktp[2].Number.Text || x.Chosen.Class != ticket.Priority || x.Chosen.Name["id"] != "KTP" || x.Chosen.Stood != 61*time.Second {
		t.Errorf("chosen %+v", x.Chosen)
	}
	if len(x.Others) != 1 || x.Others[0].Number != kk[0].Number.Text || x.Others[0].Service != "kk" || x.Others[0].Stood != time.Minute {
		t.Errorf("others %+v", x.Others)
	}
	if len(x.Lanes) != 2 || x.Lanes[0].Class != ticket.Priority || x.Lanes[0].Waiting != 1 || x.Lanes[1].Waiting != 2 || x.Lanes[1].Head.Ticket != ktp[0].Ref {
		t.Errorf("lanes %+v", x.Lanes)
	}

	h.must(Transfer{AtCounter: AtCounter{Counter: "c1", Session: "s-c1"}, Service: "akta"})
	later, ok := h.st.Explain(r)
	if !ok || later.Chosen.Service != "ktp" || later.Lanes != nil || later.Others[0].Number != kk[0].Number.Text {
		t.Errorf("explained later %+v", later)
	}
	if _, ok := h.st.Explain(&h.records[0]); ok {
		t.Error("explained what is no call")
	}
}

func TestAReasonNamesEightHeadsAtMost(t *testing.T) {
	h := lineOf(t, Order{}, func(v *Settings) {
		v.Counters[0].Services = nil
		for i := range 12 {
			s := v.Services[0]
			s.ID, s.Ref = ticket.ServiceID(rune('a'+i)), uint16(100+i)
			v.Services = append(v.Services, s)
			v.Counters[0].Services = append(v.Counters[0].Services, s.ID)
		}
	})
	for i := range 12 {
		h.join(ticket.ServiceID(rune('a'+11-i)), "r")
	}
	_, p := h.serve("c1")
	if len(p.Heads) != 8 || p.Heads[0].Service != 111 || p.Heads[1].Service != 110 || p.Heads[7].Service != 104 {
		t.Errorf("heads %+v", p.Heads)
	}
}
