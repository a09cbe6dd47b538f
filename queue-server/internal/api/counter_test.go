package api

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// at does one of a counter's commands as the administrator, who holds it.
func (h *hall) at(counter ticket.CounterID, command, body string) wire.CounterAnswer {
	h.Helper()
	return gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, counter, command), h.admin, body)
}

// TestEveryCommandKeepsTheContract takes each command once where it succeeds, and
// holds question, answer and the views that follow to openapi.yaml (see contract).
func TestEveryCommandKeepsTheContract(t *testing.T) {
	h := openHall(t)
	socket := h.watch(h.admin, "office", "counter/1")
	h.at("1", "open", `{}`)
	a, b := h.take("ktp"), h.take("ktp")
	about := func(id ticket.ID, command, body string) wire.CounterAnswer {
		return gets[wire.CounterAnswer](h, "POST", wire.PathTicket(here, id, command), h.admin, body)
	}
	h.at("1", "call", fmt.Sprintf(`{"ticket":%q}`, b.ID))
	h.at("1", "undo", `{}`)
	h.at("1", "call-next", `{}`)
	h.at("1", "park", `{"reason":"fotokopi"}`)
	about(a.ID, "class", `{"class":"priority"}`)
	about(a.ID, "unpark", `{"counter":"1"}`)
	h.at("1", "call-next", `{}`)
	h.at("1", "no-show", `{}`)
	if got := about(a.ID, "return", `{}`); got.Ticket.State != ticket.Waiting || got.Ticket.Class != ticket.Priority {
		t.Errorf("returned: %+v", got.Ticket)
	}
	h.at("1", "call-next", `{}`)
	h.at("1", "add-service", `{"service":"kk"}`)
	second := h.login("kedua", people.Officer, here)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "2", "open"), second, `{}`)
	h.at("1", "transfer", `{"counter":"2"}`)
	h.at("1", "pause", `{"reason":"salat"}`)
	h.at("1", "resume", `{}`)
	h.at("1", "call-next", `{}`)
	h.at("1", "start", `{}`)
	h.at("1", "finish", fmt.Sprintf(`{"ticket":%q,"outcome":"selesai"}`, a.ID))
	gets[wire.Cancelled](h, "POST", wire.PathCancel(here, b.ID), h.admin, `{}`)
	gets[wire.Accepted](h, "POST", wire.PathForce(here), h.admin, `{"reason":"emergency","until":"2026-11-23T13:00:00+08:00"}`)
	gets[wire.Accepted](h, "POST", wire.PathForce(here), h.admin, `{"lift":true}`)
	last := gets[wire.Frame](h, "GET", wire.PathView(here, "office"), h.admin, "")
	h.frameContract(last)
	for h.next(socket).Seq < last.Seq { // each is held to the contract
	}
	gets[wire.Accepted](h, "POST", wire.PathDay(here, "close"), h.admin, `{}`)
	gets[wire.Accepted](h, "POST", wire.PathDay(here, "open"), h.admin, `{"date":"2026-11-24"}`)
	h.frameContract(gets[wire.Frame](h, "GET", wire.PathView(here, "office"), h.admin, ""))
}

func TestATicketIsOfTheChannelThatTookIt(t *testing.T) {
	h := openHall(t)
	v := smallOffice(here)
	v.Services[0].Quotas = map[queue.Channel]int{queue.ChannelKiosk: 1, queue.ChannelDesk: 2}
	h.must(h.store.Import(t.Context(), v, queue.Actor{Kind: queue.ActorCommandLine, ID: "test"}))
	officer := h.login("petugas", people.Officer, here)
	for who, n := range map[string]int{h.kiosk: 1, officer: 2} {
		for range n {
			gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), who, takeBody(newTicketID(), "ktp"))
		}
		p := h.refused("service_closed", "POST", wire.PathTickets(here), who, takeBody(newTicketID(), "ktp"))
		if p.Args["closed"] != "quota_reached" {
			t.Errorf("closed for %s", p.Args["closed"])
		}
	}
}

func TestACommandWithoutWhatItNeedsIsRefusedByTheFieldsName(t *testing.T) {
	h := openHall(t)
	h.at("1", "open", `{}`)
	a := h.take("ktp")
	h.at("1", "call-next", `{}`)
	for _, c := range []struct{ code, field, path, body string }{
		{"missing_field", "reason", wire.PathCounter(here, "1", "pause"), `{}`},
		{"missing_field", "reason", wire.PathCounter(here, "1", "park"), `{}`},
		{"missing_field", "service", wire.PathCounter(here, "1", "add-service"), `{}`},
		{"missing_field", "ticket", wire.PathCounter(here, "1", "call"), `{}`},
		{"missing_field", "class", wire.PathTicket(here, a.ID, "class"), `{}`},
		{"missing_field", "date", wire.PathDay(here, "open"), `{}`},
		{"wrong_type", "seq", wire.PathCounter(here, "1", "undo"), `{"seq":-1}`},
		{"wrong_type", "open", wire.PathForce(here), `{"open":"ya"}`},
		{"unknown_field", "until", wire.PathDay(here, "close"), `{"until":"x"}`},
	} {
		if p := h.refused(c.code, "POST", c.path, h.admin, c.body); p.Args["field"] != c.field {
			t.Errorf("%s: the field is %q, want %q", c.path, p.Args["field"], c.field)
		}
	}
	h.refused("bad_ticket_id", "POST", wire.PathCounter(here, "1", "finish"), h.admin, `{"ticket":"A-001"}`)
	h.refused("bad_ticket_id", "POST", wire.Prefix(here)+"/tickets/A-001/return", h.admin, `{}`)
	h.refused("bad_time", "POST", wire.PathForce(here), h.admin, `{"until":"jam tiga"}`)
	h.refused("bad_time", "POST", wire.PathForce(here), h.admin, `{"until":15}`)
	h.refused("bad_time", "POST", wire.PathForce(here), h.admin, `{"until":"2026-11-23T13:00:00"}`)
}

func TestASupervisorIsToldOnTheOpenPageThatNobodyServes(t *testing.T) {
	h := openHall(t)
	page := h.watch(h.login("kepala", people.Supervisor, here), "office")
	h.next(page)
	h.take("ktp")
	var v wire.OfficeView
	for deadline := time.Now().Add(10 * time.Second); len(v.Alerts) == 0 && time.Now().Before(deadline); {
		h.must(json.Unmarshal(h.next(page).View, &v))
	}
	if len(v.Alerts) != 1 || v.Alerts[0].Code != "no_open_counter" || v.Alerts[0].Args["service"] != "ktp" {
		t.Errorf("alerts: %+v", v.Alerts)
	}
}
