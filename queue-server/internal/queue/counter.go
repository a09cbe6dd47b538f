package queue

import (
	"slices"

	"antrean/shared/ticket"
)

// Decide gives the counter to the session. A session holds one counter at a time.
func (a OpenCounter) Decide(s *State, _ Moment) (Decision, error) {
	c := s.counter(a.Counter)
	if c == nil || c.Archived {
		return Decision{}, ErrNoSuchCounter
	}
	if !s.day.Open {
		return Decision{}, ErrDayClosed
	}
	for id, seat := range s.counters {
		if seat.Open && seat.Session == a.Session && id != a.Counter {
			return Decision{}, ErrSessionBusy.With("counter", s.label(id))
		}
	}
	seat := s.counters[a.Counter]
	d := Decision{Counter: a.Counter, Events: []Event{CounterOpened{Session: a.Session}}}
	switch {
	case seat == nil || !seat.Open:
	case seat.Session == a.Session:
		d.Events, d.Before = nil, true
	case !a.TakeOver:
		return Decision{}, ErrCounterHeld.With("counter", s.label(a.Counter))
	default:
		d.Events = []Event{CounterOpened{Session: a.Session, TookOver: seat.Session}}
	}
	return d, nil
}

// Decide closes the counter; a ticket that is there has to be ended first.
func (a CloseCounter) Decide(s *State, _ Moment) (Decision, error) {
	seat, err := s.held(a.Counter, a.Session)
	if err != nil {
		return Decision{}, err
	}
	if seat.Current != 0 {
		return Decision{}, ErrCounterBusy.With("number", s.tickets[seat.Current].Number.Text)
	}
	return Decision{Counter: a.Counter, Events: []Event{CounterClosed{}}}, nil
}

// held is the counter's seat if the session holds it.
func (s *State) held(id ticket.CounterID, session string) (*CounterSeat, error) {
	if s.counter(id) == nil {
		return nil, ErrNoSuchCounter
	}
	seat := s.counters[id]
	switch {
	case seat == nil || !seat.Open:
		return nil, ErrCounterClosed
	case seat.Session != session:
		return nil, ErrCounterNotYours
	}
	return seat, nil
}

// Decide calls the head of the counter's services that came first, and keeps which
// heads it chose among.
func (a CallNext) Decide(s *State, _ Moment) (Decision, error) {
	seat, err := s.held(a.Counter, a.Session)
	if err != nil {
		return Decision{}, err
	}
	if seat.Current != 0 {
		return Decision{}, ErrCounterBusy.With("number", s.tickets[seat.Current].Number.Text)
	}
	pick, ok := s.pick(s.counter(a.Counter))
	if !ok {
		return Decision{}, ErrNobodyWaiting
	}
	ref := pick.Heads[0].Ticket
	return Decision{
		Counter: a.Counter,
		Events:  []Event{Called{Ticket: ref, Pick: pick}},
		Answer:  Answer{Ticket: ref, State: ticket.Called},
	}, nil
}

const headsKept = 8

// pick chooses by longest wait among the heads of the counter's services.
func (s *State) pick(c *Counter) (Pick, bool) {
	type candidate struct {
		place
		service uint16
	}
	heads := make([]candidate, 0, len(c.Services))
	for _, id := range c.Services {
		if l := s.lines[id]; l != nil && len(l.places) > 0 {
			heads = append(heads, candidate{l.places[0], s.service(id).Ref})
		}
	}
	if len(heads) == 0 {
		return Pick{}, false
	}
	slices.SortFunc(heads, func(a, b candidate) int {
		if a.before(b.place) {
			return -1
		}
		return 1
	})
	p := Pick{Rule: LongestWait}
	for _, h := range heads[:min(len(heads), headsKept)] {
		p.Heads = append(p.Heads, Head{Service: h.service, Ticket: h.ref})
	}
	return p, true
}

// here is the ticket at the counter, if the session holds it and means that ticket.
func (a AtCounter) here(s *State) (*Ticket, error) {
	seat, err := s.held(a.Counter, a.Session)
	if err != nil {
		return nil, err
	}
	t := s.tickets[seat.Current]
	switch {
	case t == nil:
		return nil, ErrNobodyHere
	case !a.Ticket.IsZero() && t.ID != a.Ticket:
		return nil, ErrOtherTicket.With("number", t.Number.Text)
	}
	return t, nil
}

func (a AtCounter) done(t *Ticket, e Event, st ticket.State) Decision {
	return Decision{Counter: a.Counter, Events: []Event{e}, Answer: Answer{Ticket: t.Ref, State: st}}
}

// Decide announces a called ticket once more.
func (a Recall) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if t.State == ticket.Serving {
		return Decision{}, ErrAlreadyStarted
	}
	return a.done(t, Recalled{t.Ref}, ticket.Called), nil
}

// Decide says that the visitor came.
func (a Start) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if t.State == ticket.Serving {
		return Decision{}, ErrAlreadyStarted
	}
	return a.done(t, Started{t.Ref}, ticket.Serving), nil
}

// Decide ends a service that was started.
func (a Finish) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if t.State != ticket.Serving {
		return Decision{}, ErrNotStarted
	}
	return a.done(t, Finished{t.Ref, a.Outcome}, ticket.Done), nil
}

// Decide says that the visitor did not come.
func (a Miss) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if t.State == ticket.Serving {
		return Decision{}, ErrAlreadyStarted
	}
	return a.done(t, MissedCall{t.Ref}, ticket.NoShow), nil
}
