package office

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// see is a topic's view as a window gets it.
func see[T any](x *desktop, name string) T {
	x.t.Helper()
	var out T
	v, err := x.s.view(x.d, name)
	if err == nil {
		var b []byte
		if b, err = x.d.marshal(v); err == nil {
			err = json.Unmarshal(b, &out)
		}
	}
	if err != nil {
		x.t.Fatalf("%s: %v", name, err)
	}
	return out
}

func numbers(all []wire.CounterTicket) []string {
	out := []string{}
	for _, t := range all {
		out = append(out, t.Number.Text)
	}
	return out
}

func (x *desktop) open(ids ...ticket.CounterID) {
	for _, id := range ids {
		x.must("open", queue.OpenCounter{Counter: id, Session: "s" + string(id)})
	}
}

func (x *desktop) at(id ticket.CounterID) queue.AtCounter {
	return queue.AtCounter{Counter: id, Session: "s" + string(id)}
}

func (x *desktop) call(id ticket.CounterID) {
	x.t.Helper()
	x.must("call", queue.CallNext{Counter: id, Session: "s" + string(id)})
}

func TestACounterSeesItsLineItsParkedAndThoseWhoMayReturn(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.open("c1", "c2", "c3")
	for _, s := range []ticket.ServiceID{"ktp", "ktp", "kk", "ktp", "akta", "ktp"} {
		x.take(s)
		x.clock.pass(time.Minute)
	}
	x.must("take", queue.Take{ID: x.newID(), Service: "ktp", Class: ticket.Priority})
	v := see[wire.CounterView](x, "counter/c1")
	if got := numbers(v.Line); !slices.Equal(got, []string{"A-007", "A-001", "A-002", "A-004", "A-006"}) || v.Waiting != 5 {
		t.Errorf("the line is %v, %d waiting", got, v.Waiting)
	}
	if got := numbers(see[wire.CounterView](x, "counter/c3").Line); !slices.Equal(got, []string{"A-005", "A-007", "A-001", "A-002", "A-004", "A-006"}) {
		t.Errorf("a counter that helps sees %v", got)
	}
	x.call("c1")
	x.must("park", queue.Park{AtCounter: x.at("c1"), Reason: "fotokopi"})
	x.call("c1")
	x.must("miss", queue.Miss{AtCounter: x.at("c1")})
	x.clock.pass(20 * time.Minute)
	x.call("c1")
	x.must("miss", queue.Miss{AtCounter: x.at("c1")})
	v = see[wire.CounterView](x, "counter/c2")
	if got := numbers(v.Parked); !slices.Equal(got, []string{"A-007"}) || v.Parked[0].Parking != "fotokopi" {
		t.Errorf("parked: %+v", v.Parked)
	}
	if got := numbers(v.Missed); !slices.Equal(got, []string{"A-002", "A-001"}) {
		t.Errorf("missed: %v", got)
	}
	x.clock.pass(11 * time.Minute)
	if got := numbers(see[wire.CounterView](x, "counter/c2").Missed); !slices.Equal(got, []string{"A-002"}) {
		t.Errorf("after 31 minutes still: %v", got)
	}
	if v := see[wire.CounterView](x, "counter/c3"); len(v.Parked) != 1 || len(v.Missed) != 1 {
		t.Errorf("who helps with the service may call them too: %+v", v.Parked)
	}
}

func TestACounterSeesWhereATicketCanBeSent(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	v := see[wire.CounterView](x, "counter/c1")
	if len(v.Outcomes) != 1 || len(v.Pauses) != 1 || len(v.Parkings) != 1 || v.Outcomes[0].Code != "selesai" {
		t.Errorf("codes: %+v, %+v, %+v", v.Outcomes, v.Pauses, v.Parkings)
	}
	if len(v.Targets) != 3 || len(v.Targets[0].Counters) != 3 || v.Targets[0].Agency["id"] != "Dukcapil" || v.Targets[1].Counters[0].ID != "c2" {
		t.Errorf("targets: %+v", v.Targets)
	}
	later := ruledSettings()
	later.Services[2].Archived = true
	x.must("change", queue.ChangeSettings{Settings: later})
	if v := see[wire.CounterView](x, "counter/c1"); len(v.Targets) != 2 {
		t.Errorf("an archived service is still a target: %+v", v.Targets)
	}
	plain := settings()
	y := newDesktop(t, plain)
	if v := see[wire.CounterView](y, "counter/c1"); v.Outcomes != nil || len(v.Targets) != 2 {
		t.Errorf("an office without codes: %+v", v)
	}
}

func TestOneWhoIsSentToACounterIsOnItsPageAlone(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.open("c1", "c2")
	x.take("ktp")
	x.call("c1")
	x.must("add", queue.AddService{AtCounter: x.at("c1"), Service: "akta"})
	x.must("transfer", queue.Transfer{AtCounter: x.at("c1"), Service: "ktp", To: "c2"})
	one, two := see[wire.CounterView](x, "counter/c1"), see[wire.CounterView](x, "counter/c2")
	if len(one.Line) != 0 || one.Waiting != 0 || one.Services[0].Since != nil || one.Last == nil || one.Last.State != ticket.Waiting {
		t.Errorf("the first counter sees %+v", one)
	}
	if len(two.Line) != 1 || !two.Line[0].Here || two.Waiting != 1 || len(two.Line[0].Next) != 1 || two.Line[0].Next[0]["id"] != "Akta" {
		t.Errorf("the second counter sees %+v", two)
	}
}

func TestUndoIsOfferedAsLongAsItIsPossible(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.open("c1")
	x.take("ktp")
	x.call("c1")
	x.clock.pass(4 * time.Second)
	u := see[wire.CounterView](x, "counter/c1").Undo
	wall, _, _ := x.clock.Now()
	if u == nil || u.Action != "called" || u.Number != "A-001" || u.Until.Sub(wall) != 6*time.Second {
		t.Fatalf("undo = %+v", u)
	}
	x.watch("counter/c1")
	x.clock.pass(6*time.Second + time.Millisecond)
	x.s.redrawAll()
	x.check("ten seconds")
	if u := see[wire.CounterView](x, "counter/c1").Undo; u != nil {
		t.Errorf("after ten seconds still %+v", u)
	}
	x.must("start", queue.Start{AtCounter: x.at("c1")})
	x.must("undo", queue.Undo{Counter: "c1", Session: "sc1"})
	if v := see[wire.CounterView](x, "counter/c1"); v.Undo != nil || v.Current == nil || v.Current.State != ticket.Called {
		t.Errorf("after the undo: %+v", v)
	}
	for what, name := range deeds {
		if name == "" || what == 0 {
			t.Errorf("deed %d has no name", what)
		}
	}
	if len(deeds) != int(queue.DeedResumed) {
		t.Errorf("%d deeds have names, of %d", len(deeds), queue.DeedResumed)
	}
}

// alertsOf are the alerts of the office's view, each with its text in both languages.
func alertsOf(t *testing.T, x *desktop) map[string]wire.Alert {
	t.Helper()
	out := map[string]wire.Alert{}
	for _, a := range see[wire.OfficeView](x, "office").Alerts {
		args := i18n.Args{}
		for k, v := range a.Args {
			args[k] = v
		}
		for _, lang := range i18n.Languages {
			text := i18n.Text(lang, "alert."+a.Code, args)
			if text == "alert."+a.Code || text == "" || strings.Contains(text, "<no value>") {
				t.Errorf("%s of %s: %q", lang, a.Code, text)
			}
		}
		if a.Level != warning && a.Level != fault {
			t.Errorf("%s has level %q", a.Code, a.Level)
		}
		out[a.Code] = a
	}
	return out
}

func TestTheSupervisorIsToldWhatNeedsAPerson(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	if got := alertsOf(t, x); len(got) != 0 {
		t.Errorf("a quiet morning alarms: %v", got)
	}
	for range 9 {
		x.take("akta")
	}
	got := alertsOf(t, x)
	if a := got["no_open_counter"]; a.Level != fault || a.Args["waiting"] != "9" || a.Args["name"] != "Akta" || a.Since == nil {
		t.Errorf("people wait for nobody: %+v", got)
	}
	if got["quota_near"].Args["taken"] != "9" {
		t.Errorf("nine of ten: %+v", got)
	}
	x.take("akta")
	x.open("c3")
	if got = alertsOf(t, x); len(got) != 1 || got["quota_used"].Code == "" {
		t.Errorf("with a counter open: %v", got)
	}
	x.must("pause", queue.Pause{Counter: "c3", Session: "sc3", Reason: "salat"})
	x.clock.pass(16 * time.Minute)
	got = alertsOf(t, x)
	if got["counters_paused"].Level != warning || got["over_target"].Level != warning || got["over_target"].Args["minutes"] != "16" {
		t.Errorf("during a break: %v", got)
	}
	x.must("resume", queue.Resume{Counter: "c3", Session: "sc3"})
	x.clock.pass(15 * time.Minute)
	if got = alertsOf(t, x); got["over_target"].Level != fault || got["counters_paused"].Code != "" {
		t.Errorf("twice the target: %v", got)
	}
	x.call("c3")
	x.clock.pass(6 * time.Minute)
	if a := alertsOf(t, x)["call_unanswered"]; a.Args["minutes"] != "6" || a.Args["counter"] != "3" {
		t.Errorf("a forgotten call: %+v", a)
	}
	x.take("ktp")
	x.open("c1", "c2")
	x.call("c1")
	x.must("transfer", queue.Transfer{AtCounter: x.at("c1"), Service: "ktp", To: "c2"})
	x.must("pause", queue.Pause{Counter: "c2", Session: "sc2", Reason: "salat"})
	if a := alertsOf(t, x)["sent_to_paused"]; a.Level != warning || a.Args["counter"] != "2" {
		t.Errorf("sent to a counter on a break: %+v", a)
	}
	x.must("close", queue.CloseCounter{Counter: "c2", Session: "sc2"})
	if a, ok := alertsOf(t, x)["sent_to_paused"]; ok {
		t.Errorf("a closed counter keeps nobody: %+v", a)
	}
	x.must("force", queue.Force{Reason: "emergency"})
	if got = alertsOf(t, x); got["office_forced_closed"].Code == "" || see[wire.OfficeView](x, "office").Closed.Code != "emergency" {
		t.Errorf("closed by hand: %v", got)
	}
	x.must("lift", queue.Force{Lift: true})
	x.must("force", queue.Force{Open: true})
	if got = alertsOf(t, x); got["office_forced_open"].Code == "" || see[wire.OfficeView](x, "office").Closed != nil {
		t.Errorf("opened by hand: %v", got)
	}
}

func TestAClockThatCannotBeBelievedIsSaidWithWhatToDo(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.take("ktp")
	right := x.clock.wall.Load()
	for code, wall := range map[string]time.Time{
		"clock_back":  time.Date(1970, 1, 1, 0, 3, 0, 0, time.UTC),
		"clock_ahead": time.Date(2027, 11, 23, 1, 0, 0, 0, time.UTC),
	} {
		x.clock.wall.Store(wall.UnixMicro())
		v := see[wire.OfficeView](x, "office")
		a := alertsOf(t, x)[code]
		if a.Level != fault || a.Args["date"] != "2026-11-23" || v.Clock.Plausible || v.Clock.Wall == nil || v.Clock.Believed == nil {
			t.Errorf("%s: %+v, %+v", code, a, v.Clock)
		}
		if want := map[string]string{"clock_back": "2026-11-24", "clock_ahead": "2027-11-23"}[code]; v.Clock.NextDate != want {
			t.Errorf("%s: the next date is %s, want %s", code, v.Clock.NextDate, want)
		}
	}
	x.clock.wall.Store(right)
	if v := see[wire.OfficeView](x, "office"); !v.Clock.Plausible || v.Clock.NextDate != "2026-11-24" || v.Clock.Believed != nil {
		t.Errorf("right again: %+v", v.Clock)
	}
	x.must("a day ahead", queue.OpenDay{Date: "2026-11-25"})
	if a := alertsOf(t, x)["day_ahead"]; a.Args["date"] != "2026-11-25" || a.Args["today"] != "2026-11-23" {
		t.Errorf("a day ahead: %+v", a)
	}
}

func TestTheOfficeShowsEachServiceWithItsRules(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.open("c1", "c2", "c3")
	first := x.take("ktp")
	x.clock.pass(time.Minute)
	x.take("ktp")
	x.call("c1")
	x.must("pause", queue.Pause{Counter: "c3", Session: "sc3", Reason: "salat"})
	x.must("force", queue.Force{Service: "kk", Reason: "break"})
	v := see[wire.OfficeView](x, "office")
	ktp, kk, akta := v.Services[0], v.Services[1], v.Services[2]
	if ktp.Taken != 2 || ktp.Waiting != 1 || ktp.Open != 2 || ktp.Oldest == nil || !ktp.Oldest.Equal(first.Taken.Add(time.Minute)) || ktp.Order.Bound != 3 {
		t.Errorf("ktp: %+v", ktp)
	}
	if !kk.Forced || kk.Closed == nil || kk.Closed.Code != "break" || kk.Open != 1 {
		t.Errorf("kk: %+v", kk)
	}
	if akta.Quota != 10 || akta.Open != 0 || akta.Forced || akta.Oldest != nil {
		t.Errorf("akta: %+v", akta)
	}
	if c := v.Counters[0]; c.Number != "A-001" || c.Since == nil || v.Counters[2].Paused != "salat" {
		t.Errorf("counters: %+v", v.Counters)
	}
	x.must("start", queue.Start{AtCounter: x.at("c1")})
	x.must("finish", queue.Finish{AtCounter: x.at("c1"), Outcome: "selesai"})
	if c := see[wire.OfficeView](x, "office").Counters[0]; c.Served != 1 || c.Since != nil {
		t.Errorf("counter 1: %+v", c)
	}
}

func TestALongLineIsShownInPart(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	for range 60 {
		x.take("kk")
	}
	v := see[wire.CounterView](x, "counter/c2")
	if len(v.Line) != lineShown || v.Waiting != 60 || numbers(v.Line)[lineShown-1] != "A-020" {
		t.Errorf("%d of %d shown: %v", len(v.Line), v.Waiting, numbers(v.Line))
	}
}
