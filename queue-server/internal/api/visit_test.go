package api

import (
	"encoding/json"
	"testing"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestOneVisitFromTheKioskToTheEnd(t *testing.T) {
	h := openHall(t)
	taken := h.take("ktp")
	if taken.Number.Text != "A-001" || taken.Ahead != 0 || taken.Day != "2026-11-23" || taken.Link == "" {
		t.Fatalf("taken = %+v", taken)
	}
	at := func(command string) string { return wire.PathCounter(here, "1", command) }
	gets[wire.CounterAnswer](h, "POST", at("open"), h.admin, `{}`)

	phone, _, err := h.dial(wire.PathVisit(here, h.visitToken(taken))+"/socket", "")
	h.must(err)
	state := func() ticket.State {
		var v wire.TicketView
		h.must(json.Unmarshal(h.next(phone).View, &v))
		return v.State
	}
	if s := state(); s != ticket.Waiting {
		t.Errorf("the phone shows %v", s)
	}
	for _, step := range []struct {
		command string
		want    ticket.State
	}{{"call-next", ticket.Called}, {"recall", ticket.Called}, {"start", ticket.Serving}, {"finish", ticket.Done}} {
		got := gets[wire.CounterAnswer](h, "POST", at(step.command), h.admin, `{}`)
		if got.Ticket == nil || got.Ticket.ID != taken.ID || got.Ticket.State != step.want {
			t.Errorf("%s: %+v", step.command, got.Ticket)
		}
		if s := state(); s != step.want {
			t.Errorf("after %s the phone shows %v", step.command, s)
		}
	}
	gets[wire.Accepted](h, "POST", wire.PathPrinted(here, taken.ID), h.kiosk, `{"state":"confirmed"}`)
	gets[wire.CounterAnswer](h, "POST", at("close"), h.admin, `{}`)
}

func TestAVisitorSeesAndGivesUpTheOwnTicketOnly(t *testing.T) {
	h := openHall(t)
	mine, other := h.take("ktp"), h.take("ktp")
	path := wire.PathVisit(here, h.visitToken(mine))
	frame := gets[wire.Frame](h, "GET", path, "", "")
	if frame.Topic != wire.TopicTicket(mine.ID) {
		t.Errorf("topic = %q", frame.Topic)
	}
	phone, _, err := h.dial(path+"/socket", "")
	h.must(err)
	h.next(phone)
	h.must(phone.WriteJSON(wire.Ask{Subscribe: []string{wire.TopicTicket(other.ID), "office"}}))
	for range 2 {
		if f := h.next(phone); f.Problem == nil || f.Problem.Code != "topic_forbidden" || f.View != nil {
			t.Errorf("another's view: %+v", f)
		}
	}
	if got := gets[wire.Cancelled](h, "POST", path+"/cancel", "", `{}`); got.ID != mine.ID {
		t.Errorf("cancelled %v", got.ID)
	}
	h.refused("ticket_ended", "POST", path+"/cancel", "", `{}`)
	h.refused("no_such_link", "GET", wire.PathVisit(here, "AAAAAAAAAAAAAAAAAAAAAA"), "", "")
	h.refused("no_such_link", "GET", wire.PathVisit(there, h.visitToken(mine)), "", "")
}
