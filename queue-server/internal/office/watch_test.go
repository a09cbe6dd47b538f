package office

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
	"pgregory.net/rapid"
)

// desktop is a desk without a log: commands are decided and folded, and the windows
// drawn, at the moment of a clock that a test moves.
type desktop struct {
	t interface {
		Helper()
		Fatalf(string, ...any)
	}
	s     *Store
	d     *desk
	clock *testClock
	ids   uint64
}

func newDesktop(t *testing.T, v queue.Settings) *desktop {
	clock := newClock()
	x := &desktop{t: t, clock: clock, s: &Store{clock: clock, desks: map[ticket.OfficeID]*desk{}}, d: newDesk(v.Office)}
	wall, _, _ := clock.Now()
	x.s.desks[v.Office] = x.d
	x.d.state.Apply(&queue.Record{Office: v.Office, Seq: 1, At: wall, Plausible: true, Time: queue.InstantOf(wall), Event: queue.EpochBegun{ID: "e"}})
	x.s.settle(x.d)
	x.must("", queue.ChangeSettings{Settings: v})
	x.apply("", x.d.state.Tick(x.s.moment(x.d))...)
	return x
}

func (x *desktop) apply(at ticket.CounterID, all ...queue.Event) {
	out := make([]queue.Record, 0, len(all))
	now := x.s.moment(x.d)
	for _, e := range all {
		r := queue.Record{
			Office: x.d.id, Seq: x.d.state.Seq() + 1, Day: x.d.state.Day().Number, At: now.Wall, Plausible: now.Plausible,
			Time: now.Office, Actor: queue.Actor{Kind: queue.ActorAccount, ID: "u"}, Counter: at, Event: e,
		}
		if o, ok := e.(queue.DayOpened); ok {
			r.Day = o.Number
		}
		out = append(out, r)
		x.d.state.Apply(&out[len(out)-1])
	}
	x.s.publish(x.d, out)
}

// do is false where the command is refused.
func (x *desktop) do(a queue.Ask) bool {
	d, err := a.Decide(x.d.state, x.s.moment(x.d))
	if err == nil && !d.Before {
		x.apply(d.Counter, d.Events...)
	}
	return err == nil
}

func (x *desktop) must(what string, a queue.Ask) queue.Answer {
	x.t.Helper()
	d, err := a.Decide(x.d.state, x.s.moment(x.d))
	if err != nil {
		x.t.Fatalf("%s %T: %v", what, a, err)
	}
	x.apply(d.Counter, d.Events...)
	return d.Answer
}

func (x *desktop) newID() ticket.ID {
	x.ids++
	var id ticket.ID
	binary.BigEndian.PutUint64(id[8:], x.ids)
	id[6], id[8] = 0x70, 0x80|id[8]
	return id
}

func (x *desktop) take(s ticket.ServiceID) *queue.Ticket {
	x.t.Helper()
	return x.d.state.Ticket(x.must("take", queue.Take{ID: x.newID(), Service: s}).Ticket)
}

func (x *desktop) watch(name string) {
	x.t.Helper()
	t := &topic{watchers: map[*Watcher]struct{}{}}
	if err := x.s.render(x.d, name, t); err != nil {
		x.t.Fatalf("%s: %v", name, err)
	}
	x.d.topics[name] = t
}

// check holds every window to what it would show if it were opened now.
func (x *desktop) check(after string) {
	x.t.Helper()
	for name, t := range x.d.topics {
		v, err := x.s.view(x.d, name)
		if err != nil {
			x.t.Fatalf("%s: %v", name, err)
		}
		if want, err := x.d.marshal(v); err != nil || !bytes.Equal(want, t.view) {
			x.t.Fatalf("after %s the window %s shows\n%s\nbut it is\n%s (%v)", after, name, t.view, want, err)
		}
	}
}

// ruledSettings is an office with a choice of every kind.
func ruledSettings() queue.Settings {
	v := settings()
	n := func(s string) ticket.Text { return ticket.Text{"id": s} }
	v.Outcomes = []queue.Code{{Code: "selesai", Name: n("Selesai")}, {Code: "lama", Name: n("Lama"), Archived: true}}
	v.Pauses = []queue.Code{{Code: "salat", Name: n("Salat")}}
	v.Parkings = []queue.Code{{Code: "fotokopi", Name: n("Fotokopi")}}
	v.Rules.Return = queue.Return{Minutes: 30, Place: queue.PlaceBack}
	v.Services = append(v.Services, queue.Service{ID: "akta", Agency: "d", Sequence: "A", Name: n("Akta"), Quota: 10, Target: 15 * time.Minute})
	v.Services[0].Order = queue.Order{Appointment: 1, Priority: 1, Regular: 2, Bound: 3}
	v.Counters = append(v.Counters, queue.Counter{
		ID: "c3", Label: "3", Name: n("3"), Zone: "a", Services: []ticket.ServiceID{"akta"}, Help: []ticket.ServiceID{"ktp"},
	})
	return v
}

func TestNoWindowMissesAChange(t *testing.T) {
	counters := []ticket.CounterID{"c1", "c2", "c3"}
	services := []ticket.ServiceID{"ktp", "kk", "akta"}
	rapid.Check(t, func(r *rapid.T) {
		x := newDesktop(t, ruledSettings())
		x.t = r
		for _, name := range []string{"office", "kiosk", "board/", "board/a", "counter/c1", "counter/c2", "counter/c3"} {
			x.watch(name)
		}
		x.open(counters...)
		var people []ticket.ID
		for range rapid.IntRange(1, 150).Draw(r, "commands") {
			x.clock.pass(time.Duration(rapid.IntRange(0, 3).Draw(r, "seconds")) * time.Second)
			x.s.redrawAll() // what only time changes
			at := rapid.SampledFrom(counters).Draw(r, "counter")
			service := rapid.SampledFrom(services).Draw(r, "service")
			session := "s" + string(at)
			here := queue.AtCounter{Counter: at, Session: session}
			var some ticket.ID
			if len(people) > 0 {
				some = rapid.SampledFrom(people).Draw(r, "person")
			}
			ask := rapid.SampledFrom([]queue.Ask{
				queue.Take{ID: x.newID(), Service: service, Class: rapid.SampledFrom([]ticket.Class{ticket.Regular, ticket.Priority}).Draw(r, "class")},
				queue.Take{ID: x.newID(), Service: service},
				queue.OpenCounter{Counter: at, Session: session},
				queue.OpenCounter{Counter: at, Session: session},
				queue.CloseCounter{Counter: at, Session: session},
				queue.CallNext{Counter: at, Session: session},
				queue.CallNext{Counter: at, Session: session},
				queue.CallChosen{Counter: at, Session: session, Ticket: some},
				queue.Recall{AtCounter: here},
				queue.Start{AtCounter: here},
				queue.Start{AtCounter: here},
				queue.Finish{AtCounter: here, Outcome: "selesai"},
				queue.Miss{AtCounter: here},
				queue.Park{AtCounter: here, Reason: "fotokopi"},
				queue.Transfer{AtCounter: here, Service: service, To: rapid.SampledFrom(append(counters, "")).Draw(r, "to")},
				queue.AddService{AtCounter: here, Service: service},
				queue.Undo{Counter: at, Session: session},
				queue.Pause{Counter: at, Session: session, Reason: "salat"},
				queue.Resume{Counter: at, Session: session},
				queue.GiveBack{ID: some, Counter: at},
				queue.Unpark{ID: some},
				queue.ChangeClass{ID: some, Class: ticket.Priority},
				queue.Cancel{ID: some},
				queue.Cancel{ID: some, Counter: at, Session: session},
				queue.Force{Service: service, Reason: "break"},
				queue.Force{Service: service, Lift: true},
			}).Draw(r, "ask")
			if take, is := ask.(queue.Take); x.do(ask) && is && len(people) < 5 {
				people = append(people, take.ID)
				x.watch(wire.TopicTicket(take.ID))
			}
			x.check(fmt.Sprintf("%T", ask))
		}
	})
}

func TestACounterSeesWhatBecameOfTheTicketThatItSentOn(t *testing.T) {
	x := newDesktop(t, ruledSettings())
	x.open("c1", "c2")
	x.take("ktp")
	x.call("c1")
	x.watch("counter/c1") // which does not serve kk
	x.must("transfer", queue.Transfer{AtCounter: x.at("c1"), Service: "kk"})
	x.check("the transfer")
	x.call("c2")
	x.check("the call at the other counter")
}
