package queue

import (
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
	if !visible(a.Session) {
		return Decision{}, ErrSession
	}
	for id, seat := range s.counters {
		if seat.Open && seat.Session == a.Session && id != a.Counter { // one at most, so the map's order decides nothing
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

// visible is whether an id is 1 to 200 visible ASCII characters.
func visible(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return id != "" && len(id) <= 200
}

// Decide closes the counter; a ticket that is there has to be ended first.
func (a CloseCounter) Decide(s *State, _ Moment) (Decision, error) {
	seat, err := s.seated(a.Counter, a.Session)
	if err != nil {
		return Decision{}, err
	}
	if seat.Current != 0 {
		return Decision{}, ErrCounterBusy.With("number", s.tickets[seat.Current].Number.Text)
	}
	return Decision{Counter: a.Counter, Events: []Event{CounterClosed{}}}, nil
}

// seated is the counter's seat if the session holds it.
func (s *State) seated(id ticket.CounterID, session string) (*CounterSeat, error) {
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

// free is the counter's seat if the session holds it and may call somebody to it:
// one ticket at a time, and none during a pause.
func (s *State) free(id ticket.CounterID, session string) (*CounterSeat, error) {
	seat, err := s.seated(id, session)
	switch {
	case err != nil:
		return nil, err
	case seat.Current != 0:
		return nil, ErrCounterBusy.With("number", s.tickets[seat.Current].Number.Text)
	case seat.Paused != "":
		return nil, ErrPaused.With("counter", s.label(id))
	}
	return seat, nil
}

// Decide calls the next ticket, as the rules pick it, and keeps why it was that one.
func (a CallNext) Decide(s *State, _ Moment) (Decision, error) {
	if _, err := s.free(a.Counter, a.Session); err != nil {
		return Decision{}, err
	}
	pick, ok := s.pick(s.counter(a.Counter))
	if !ok {
		return Decision{}, ErrNobodyWaiting
	}
	return called(a.Counter, pick), nil
}

func called(at ticket.CounterID, p Pick) Decision {
	ref := p.Heads[0].Ticket
	return Decision{Counter: at, Events: []Event{Called{Ticket: ref, Pick: p}}, Answer: Answer{ref, ticket.Called}}
}

// Decide calls a ticket that the officer names: one that waits for a service of the
// counter, is parked, or did not come when it was called.
func (a CallChosen) Decide(s *State, _ Moment) (Decision, error) {
	if _, err := s.free(a.Counter, a.Session); err != nil {
		return Decision{}, err
	}
	t, err := s.today(a.Ticket)
	if err != nil {
		return Decision{}, err
	}
	c, number := s.counter(a.Counter), t.Number.Text
	switch {
	case t.atCounter():
		return Decision{}, ErrElsewhere.With("number", number).With("counter", s.label(t.Counter))
	case t.State.Final() && t.State != ticket.NoShow:
		return Decision{}, ErrTicketEnded
	case !c.serves(t.Service):
		return Decision{}, ErrDoesNotServe.With("counter", c.Label)
	case t.To != "" && t.To != a.Counter && s.Seat(t.To).Open:
		return Decision{}, ErrSentElsewhere.With("number", number).With("counter", s.label(t.To))
	}
	return called(a.Counter, Pick{Rule: Chosen, Heads: []Head{{s.service(t.Service).Ref, t.Ref}}}), nil
}

// Decide takes a break. Another reason during a break replaces the first.
func (a Pause) Decide(s *State, _ Moment) (Decision, error) {
	seat, err := s.seated(a.Counter, a.Session)
	switch {
	case err != nil:
		return Decision{}, err
	case !usable(s.settings.Pauses, a.Reason):
		return Decision{}, ErrPauseReason
	case seat.Current != 0:
		return Decision{}, ErrCounterBusy.With("number", s.tickets[seat.Current].Number.Text)
	case seat.Paused == a.Reason:
		return Decision{Counter: a.Counter, Before: true}, nil
	}
	return Decision{Counter: a.Counter, Events: []Event{CounterPaused{a.Reason}}}, nil
}

// Decide ends a break.
func (a Resume) Decide(s *State, _ Moment) (Decision, error) {
	seat, err := s.seated(a.Counter, a.Session)
	switch {
	case err != nil:
		return Decision{}, err
	case seat.Paused == "":
		return Decision{}, ErrNotPaused.With("counter", s.label(a.Counter))
	}
	return Decision{Counter: a.Counter, Events: []Event{CounterResumed{}}}, nil
}

// here is the ticket at the counter, if the session holds it and means that ticket.
func (a AtCounter) here(s *State) (*Ticket, error) {
	seat, err := s.seated(a.Counter, a.Session)
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
