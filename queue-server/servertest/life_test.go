package servertest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"antrean/queue-server/servertest"
	"antrean/shared/client"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// floor is a hall with officers at their counters.
type floor struct {
	*servertest.Server
	t               *testing.T
	one, two, three *http.Cookie // who sit at counters 1, 2 and 3
}

func openFloor(t *testing.T) *floor {
	s := servertest.Start(t, servertest.Options{})
	f := &floor{Server: s, t: t, one: s.Session("officer"), two: s.Session("officer"), three: s.Session("officer")}
	s.Counter(f.one, "1", "open")
	s.Counter(f.two, "2", "open")
	s.Counter(f.three, "3", "open")
	return f
}

func (f *floor) at(who *http.Cookie, counter ticket.CounterID, command string, body any) *wire.AnsweredTicket {
	f.t.Helper()
	var a wire.CounterAnswer
	f.Post(who, wire.PathCounter(f.Office, counter, command), body, &a)
	return a.Ticket
}

func (f *floor) about(who *http.Cookie, id ticket.ID, command string, body any) *wire.AnsweredTicket {
	f.t.Helper()
	var a wire.CounterAnswer
	f.Post(who, wire.PathTicket(f.Office, id, command), body, &a)
	return a.Ticket
}

func (f *floor) refused(want string, who *http.Cookie, path string, body any) wire.Problem {
	f.t.Helper()
	p := f.Refused(who, path, body)
	if p.Code != want || p.Title == "" || strings.Contains(p.Title, "refusal.") {
		f.t.Errorf("POST %s: %d %s %q, want %s", path, p.Status, p.Code, p.Title, want)
	}
	return p
}

func newID() ticket.ID { return client.NewTicketID() }

func (f *floor) counter(who *http.Cookie, id ticket.CounterID) wire.CounterView {
	f.t.Helper()
	var v wire.CounterView
	f.View(who, wire.TopicCounter(id), &v)
	return v
}

func (f *floor) expect(what string, got *wire.AnsweredTicket, id ticket.ID, service ticket.ServiceID, state ticket.State) {
	f.t.Helper()
	if got == nil || got.ID != id || got.Service != service || got.State != state {
		f.t.Errorf("%s: %+v, want %s of %s %s", what, got, id, service, state)
	}
}

func TestTheWholeLifeOfATicketOverHTTP(t *testing.T) {
	f := openFloor(t)
	a := f.Take(f.one, "ktp")
	f.expect("called", f.at(f.one, "1", "call-next", struct{}{}), a.ID, "ktp", ticket.Called)
	f.expect("recalled", f.at(f.one, "1", "recall", wire.CounterCommand{Ticket: &a.ID}), a.ID, "ktp", ticket.Called)
	f.expect("started", f.at(f.one, "1", "start", wire.CounterCommand{}), a.ID, "ktp", ticket.Serving)
	f.expect("parked", f.at(f.one, "1", "park", wire.ParkTicket{Ticket: &a.ID, Reason: "fotokopi"}), a.ID, "ktp", ticket.Parked)
	if v := f.counter(f.two, "2"); len(v.Parked) != 1 || v.Parked[0].Parking != "fotokopi" || len(v.Parkings) != 1 {
		t.Errorf("parked: %+v", v)
	}
	f.expect("unparked", f.about(f.two, a.ID, "unpark", wire.AtCounter{Counter: "2"}), a.ID, "ktp", ticket.Waiting)
	f.expect("its class", f.about(f.two, a.ID, "class", wire.ChangeClass{Class: ticket.Priority}), a.ID, "ktp", ticket.Waiting)
	b := f.Take(f.one, "ktp")
	f.expect("chosen", f.at(f.one, "1", "call", wire.CallTicket{Ticket: b.ID}), b.ID, "ktp", ticket.Called)

	// The one that is sent to a counter is called there and nowhere else.
	f.expect("sent", f.at(f.one, "1", "transfer", wire.TransferTicket{Service: "kk", Counter: "2"}), b.ID, "kk", ticket.Waiting)
	if v := f.counter(f.two, "2"); len(v.Line) != 2 || !slices.ContainsFunc(v.Line, func(c wire.CounterTicket) bool { return c.Here && c.ID == b.ID }) {
		t.Errorf("the line of counter 2: %+v", v.Line)
	}
	f.refused("ticket_sent_elsewhere", f.one, wire.PathCounter(f.Office, "1", "call"), wire.CallTicket{Ticket: b.ID})
	f.refused("counter_does_not_serve", f.three, wire.PathCounter(f.Office, "3", "call"), wire.CallTicket{Ticket: b.ID})
	f.expect("the other", f.at(f.one, "1", "call-next", struct{}{}), a.ID, "ktp", ticket.Called)
	f.expect("called where it was sent", f.at(f.two, "2", "call-next", struct{}{}), b.ID, "kk", ticket.Called)
	f.at(f.two, "2", "start", wire.CounterCommand{})
	f.refused("unknown_outcome", f.two, wire.PathCounter(f.Office, "2", "finish"), wire.FinishTicket{Outcome: "pulang"})
	f.expect("finished", f.at(f.two, "2", "finish", wire.FinishTicket{Outcome: "berkas_kurang"}), b.ID, "kk", ticket.Done)

	var gone wire.Cancelled
	f.at(f.one, "1", "start", wire.CounterCommand{})
	f.refused("ticket_being_served", f.two, wire.PathCancel(f.Office, a.ID), struct{}{})
	f.Post(f.one, wire.PathCancel(f.Office, a.ID), wire.AtCounter{Counter: "1"}, &gone)
	f.refused("ticket_ended", f.one, wire.PathCancel(f.Office, a.ID), struct{}{})
	f.refused("unknown_pause", f.one, wire.PathCounter(f.Office, "1", "pause"), wire.PauseCounter{Reason: "bosan"})
	if a := f.at(f.one, "1", "pause", wire.PauseCounter{Reason: "salat"}); a != nil {
		t.Errorf("a break is about %+v", a)
	}
	f.refused("counter_paused", f.one, wire.PathCounter(f.Office, "1", "call-next"), struct{}{})
	var hall wire.OfficeView
	f.View(f.two, wire.TopicOffice, &hall)
	if v := f.counter(f.one, "1"); v.Paused != "salat" || hall.Counters[0].Paused != "salat" {
		t.Errorf("the break is not shown: %+v", v)
	}
	f.Counter(f.one, "1", "resume")
	f.refused("nobody_waiting", f.one, wire.PathCounter(f.Office, "1", "call-next"), struct{}{})
}

func TestAVisitOfTwoServicesIsOneTicket(t *testing.T) {
	f := openFloor(t)
	a := f.Take(f.one, "ktp")
	f.at(f.one, "1", "call-next", struct{}{})
	f.at(f.one, "1", "start", wire.CounterCommand{})
	f.expect("added", f.at(f.one, "1", "add-service", wire.AddService{Ticket: &a.ID, Service: "rekening"}), a.ID, "ktp", ticket.Serving)
	f.refused("service_in_visit", f.one, wire.PathCounter(f.Office, "1", "add-service"), wire.AddService{Service: "rekening"})
	if v := f.counter(f.one, "1"); v.Current == nil || len(v.Current.Next) != 1 || v.Current.Next[0]["en"] != "Water bill" {
		t.Errorf("the visit's rest: %+v", v.Current)
	}
	f.expect("goes on", f.at(f.one, "1", "finish", wire.FinishTicket{Outcome: "selesai"}), a.ID, "rekening", ticket.Waiting)
	f.expect("called there", f.at(f.three, "3", "call-next", struct{}{}), a.ID, "rekening", ticket.Called)
	f.at(f.three, "3", "start", wire.CounterCommand{})
	f.expect("done", f.at(f.three, "3", "finish", wire.FinishTicket{}), a.ID, "rekening", ticket.Done)
}

func TestAnActionIsTakenBackWithinTenSecondsAndNotAfter(t *testing.T) {
	f := openFloor(t)
	a, undo := f.Take(f.one, "ktp"), wire.PathCounter(f.Office, "1", "undo")
	f.refused("nothing_to_undo", f.one, undo, wire.UndoAction{})
	f.at(f.one, "1", "call-next", struct{}{})
	v := f.counter(f.one, "1")
	if v.Undo == nil || v.Undo.Action != "called" || v.Undo.Number != "A-001" {
		t.Fatalf("undo = %+v", v.Undo)
	}
	f.refused("undo_other_action", f.one, undo, wire.UndoAction{Seq: v.Undo.Seq - 1})
	f.refused("counter_not_yours", f.two, undo, wire.UndoAction{Seq: v.Undo.Seq})
	f.expect("taken back", f.at(f.one, "1", "undo", wire.UndoAction{Seq: v.Undo.Seq}), a.ID, "ktp", ticket.Waiting)
	if v = f.counter(f.one, "1"); v.Current != nil || v.Undo != nil || len(v.Line) != 1 {
		t.Errorf("after the undo: %+v", v)
	}
	f.at(f.one, "1", "call-next", struct{}{})
	f.at(f.one, "1", "no-show", wire.CounterCommand{})
	f.Clock.Advance(11 * time.Second)
	f.refused("undo_too_late", f.one, undo, wire.UndoAction{})
	if v = f.counter(f.one, "1"); v.Undo != nil {
		t.Errorf("still offered: %+v", v.Undo)
	}
}

func TestALateComerReturnsOnceAndInTime(t *testing.T) {
	f := openFloor(t)
	a, b := f.Take(f.one, "ktp"), f.Take(f.one, "ktp")
	f.refused("not_missed", f.one, wire.PathTicket(f.Office, a.ID, "return"), wire.AtCounter{})
	for range 2 {
		f.at(f.one, "1", "call-next", struct{}{})
		f.at(f.one, "1", "no-show", wire.CounterCommand{})
	}
	if v := f.counter(f.two, "2"); len(v.Missed) != 2 || v.Missed[0].ID != b.ID {
		t.Errorf("who may return: %+v", v.Missed)
	}
	f.expect("returned", f.about(f.one, a.ID, "return", wire.AtCounter{Counter: "1"}), a.ID, "ktp", ticket.Waiting)
	f.at(f.one, "1", "call-next", struct{}{})
	f.at(f.one, "1", "no-show", wire.CounterCommand{})
	f.refused("return_used", f.one, wire.PathTicket(f.Office, a.ID, "return"), struct{}{})
	f.Clock.Advance(11 * time.Minute)
	f.refused("return_too_late", f.one, wire.PathTicket(f.Office, b.ID, "return"), struct{}{})
	if v := f.counter(f.two, "2"); len(v.Missed) != 0 {
		t.Errorf("who may return no more: %+v", v.Missed)
	}
}

func TestASupervisorRunsTheDayAndAnOfficerDoesNot(t *testing.T) {
	f := openFloor(t)
	boss, o := f.Session("supervisor"), f.Office
	for _, path := range []string{wire.PathDay(o, "open"), wire.PathDay(o, "close"), wire.PathForce(o)} {
		f.refused("wrong_role", f.one, path, struct{}{})
	}
	var done wire.Accepted
	until := f.Clock.Wall().Add(time.Hour).UTC().Truncate(time.Second)
	f.Post(boss, wire.PathForce(o), wire.Force{Service: "ktp", Reason: "emergency", Until: &until}, &done)
	p := f.refused("service_closed", f.one, wire.PathTickets(o), wire.TakeTicket{ID: newID(), Service: "ktp"})
	if p.Args["closed"] != "emergency" || p.Args["opens_at"] == "" {
		t.Errorf("closed: %+v", p)
	}
	var hall wire.OfficeView
	f.View(boss, wire.TopicOffice, &hall)
	if s := hall.Services[0]; !s.Forced || s.Closed == nil || !s.Closed.OpensAt.Equal(until) {
		t.Errorf("the office shows %+v", s)
	}
	f.Post(boss, wire.PathForce(o), wire.Force{Service: "ktp", Lift: true}, &done)
	f.refused("not_forced", boss, wire.PathForce(o), wire.Force{Service: "ktp", Lift: true})
	f.refused("no_such_service", boss, wire.PathForce(o), wire.Force{Service: "nikah"})
	f.refused("unknown_force_reason", boss, wire.PathForce(o), wire.Force{Reason: "bosan"})
	f.Take(f.one, "ktp")

	f.refused("day_date", boss, wire.PathDay(o, "open"), wire.OpenDay{Date: "23-11-2026"})
	f.refused("day_date", boss, wire.PathDay(o, "open"), wire.OpenDay{Date: hall.Day.Date})
	f.Post(boss, wire.PathDay(o, "open"), wire.OpenDay{Date: hall.Clock.NextDate}, &done)
	f.View(boss, wire.TopicOffice, &hall)
	if hall.Day.Date != "2026-11-24" || hall.Waiting != 0 || hall.Counters[0].Open || len(hall.Alerts) != 1 || hall.Alerts[0].Code != "day_ahead" {
		t.Errorf("the next day: %+v", hall)
	}
	if a := f.Take(f.one, "ktp"); a.Number.Text != "A-001" || a.Day != "2026-11-24" {
		t.Errorf("its first number: %+v", a)
	}
	f.Post(boss, wire.PathDay(o, "close"), struct{}{}, &done)
	f.refused("day_closed", boss, wire.PathDay(o, "close"), struct{}{})
	f.refused("day_closed", f.one, wire.PathCounter(o, "1", "open"), struct{}{})
}

func TestAStoryIsToldOverHTTP(t *testing.T) {
	f := openFloor(t)
	f.Take(f.one, "ktp")
	f.at(f.one, "1", "call-next", struct{}{})
	var told wire.Story
	f.Get(f.two, wire.PathStory(f.Office)+"?number=A-001", &told)
	if told.Number != "A-001" || told.Day != "2026-11-23" || len(told.Sentences) < 2 {
		t.Errorf("the story: %+v", told)
	}
}

func TestNonsenseIsRefusedAndChangesNothing(t *testing.T) {
	f := openFloor(t)
	a := f.Take(f.one, "ktp")
	f.at(f.one, "1", "call-next", struct{}{})
	var before, after wire.OfficeView
	f.View(f.one, wire.TopicOffice, &before)
	boss := f.Session("supervisor")
	counter := func(c string) string { return wire.PathCounter(f.Office, "1", c) }
	about := func(c string) string { return wire.PathTicket(f.Office, a.ID, c) }
	texts := []string{"", strings.Repeat("x", 10_000), "a\x00b", "\u202eterbalik", "🙂", "../../etc", "A-001' OR 1=1", " "}
	for _, x := range texts {
		for path, body := range map[string]any{
			counter("park"):                  wire.ParkTicket{Reason: x},
			counter("pause"):                 wire.PauseCounter{Reason: x},
			counter("add-service"):           wire.AddService{Service: ticket.ServiceID(x)},
			counter("transfer"):              wire.TransferTicket{Service: ticket.ServiceID(x), Counter: ticket.CounterID(x)},
			about("class"):                   wire.ChangeClass{Class: ticket.Class(x)},
			about("return"):                  wire.AtCounter{Counter: ticket.CounterID(x)},
			about("unpark"):                  wire.AtCounter{Counter: ticket.CounterID(x)},
			wire.PathDay(f.Office, "open"):   wire.OpenDay{Date: x},
			wire.PathForce(f.Office):         wire.Force{Service: ticket.ServiceID("-" + x), Reason: x},
			counter("call"):                  map[string]any{"ticket": x},
			counter("undo"):                  map[string]any{"seq": x},
			counter("finish"):                map[string]any{"ticket": x},
			counter("resume"):                map[string]any{x: x},
			wire.PathDay(f.Office, "close"):  map[string]any{"x" + x: 1},
			wire.PathCancel(f.Office, a.ID):  map[string]any{"counter": []string{x}},
			wire.PathForce(f.Office) + "?x=": map[string]any{"until": x},
		} {
			who := f.one
			if strings.Contains(path, "/day/") || strings.Contains(path, "/force") {
				who = boss
			}
			if p := f.Refused(who, path, body); p.Status >= 500 || p.Title == "" || strings.HasPrefix(p.Title, "refusal.") {
				t.Errorf("%s with %q: %+v", path, x[:min(len(x), 20)], p)
			}
		}
	}
	f.refused("bad_time", boss, wire.PathForce(f.Office), map[string]any{"until": "besok"})
	f.refused("bad_time", boss, wire.PathForce(f.Office), map[string]any{"until": 5})
	f.View(f.one, wire.TopicOffice, &after)
	if after.Counters[0].Number != before.Counters[0].Number || after.Waiting != before.Waiting || !after.Day.Open {
		t.Errorf("nonsense changed %+v to %+v", before, after)
	}
}
