package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Explanation is why a call went where it went: what a sentence about it is made of.
type Explanation struct {
	Seq     uint64
	At      time.Time
	Counter ticket.CounterID
	Label   string // the counter's
	Rule    Rule
	Turn    Turn
	Order   Order    // of the chosen one's service, as it is set in the state that explains
	Chosen  Standing // who was called
	Others  []Standing
	Lanes   []Lane // the classes of the service; only from the state just before the call
}

// Standing is somebody as they stood when a call was made.
type Standing struct {
	Ticket  Ref
	Number  string
	Service ticket.ServiceID
	Name    ticket.Text // the service's
	Class   ticket.Class
	Waited  time.Duration // since the ticket was given out
	Stood   time.Duration // since the time that its place in the line counts from
}

// Lane is one class of a service's line just before a call.
type Lane struct {
	Class     ticket.Class
	Calls     int  // in a row, in a round
	Made      int  // of them, where it is its turn
	Turn      bool // it was its turn, or the last to have one
	Waiting   int
	Head      Standing // zero: nobody
	Overtaken int      // how often the most overtaken of those who came before the chosen one
}

var laneClasses = [laneCount]ticket.Class{ticket.Appointment, ticket.Priority, ticket.Regular}

// Explain says why a call was made. Any state that still has its tickets will do;
// the one just before the call also tells how the classes stood. False: the record
// is no call, or its ticket is no longer in memory.
func (s *State) Explain(r *Record) (Explanation, bool) {
	e, ok := r.Event.(Called)
	if !ok {
		return Explanation{}, false
	}
	chosen := s.tickets[e.Ticket]
	if chosen == nil {
		return Explanation{}, false
	}
	x := Explanation{
		Seq: r.Seq, At: r.At, Counter: r.Counter, Label: s.label(r.Counter), Rule: e.Pick.Rule, Turn: e.Pick.Turn,
	}
	x.Chosen = s.standing(chosen, r.Time)
	for _, h := range e.Pick.Heads {
		t, service := s.tickets[h.Ticket], s.index.byRef[h.Service]
		switch {
		case h.Ticket == e.Ticket:
			// The service at the time of the call, wherever the visit has gone since.
			x.Chosen.Service, x.Chosen.Name = service, s.nameOf(service)
		case t != nil:
			other := s.standing(t, r.Time)
			other.Service, other.Name = service, s.nameOf(service)
			x.Others = append(x.Others, other)
		}
	}
	x.Order = s.order(x.Chosen.Service)
	if s.seq+1 == r.Seq && chosen.State == ticket.Waiting && x.Turn != ToCounter && x.Order.Classes() {
		x.Lanes = s.lanesAt(chosen, x.Order, r.Time)
	}
	return x, true
}

func (s *State) nameOf(id ticket.ServiceID) ticket.Text {
	if v := s.service(id); v != nil {
		return v.Name
	}
	return nil
}

func (s *State) standing(t *Ticket, at Instant) Standing {
	_, p := s.order(t.Service).stand(t)
	return Standing{
		Ticket: t.Ref, Number: t.Number.Text, Service: t.Service, Name: s.nameOf(t.Service), Class: t.Class,
		Waited: max(0, at.Sub(t.TakenTime)), Stood: max(0, at.Sub(p.rank)),
	}
}

func (s *State) lanesAt(chosen *Ticket, o Order, at Instant) []Lane {
	l := s.line(chosen.Service)
	_, place := o.stand(chosen)
	out := make([]Lane, 0, laneCount)
	for k, calls := range o.turns() {
		lane := Lane{Class: laneClasses[k], Calls: calls, Turn: int(l.cycle.Lane) == k, Waiting: l.lanes[k].len()}
		if lane.Turn {
			lane.Made = min(l.cycle.Used, calls)
		}
		if p, ok := l.head(k); ok {
			lane.Head = s.standing(s.tickets[p.ref], at)
			lane.Overtaken = max(0, l.most(k, place))
		}
		if calls > 0 || lane.Waiting > 0 {
			out = append(out, lane)
		}
	}
	return out
}
