package queue

import (
	"slices"
	"strconv"
	"time"

	"antrean/shared/ticket"
)

// today is the ticket of an id, of the open day.
func (s *State) today(id ticket.ID) (*Ticket, error) {
	if _, old := s.forgotten[id]; old {
		return nil, ErrIDFromPast
	}
	t, err := s.lookup(id)
	switch {
	case err != nil:
		return nil, err
	case t.Day != s.day.Number:
		return nil, ErrIDFromPast
	case !s.day.Open:
		return nil, ErrDayClosed
	}
	return t, nil
}

// asked checks the counter at which something is asked; empty is the desk.
func (s *State) asked(id ticket.CounterID) error {
	if id != "" && s.counter(id) == nil {
		return ErrNoSuchCounter
	}
	return nil
}

// usable is whether a code is one of the settings, and not archived.
func usable(codes []Code, code string) bool {
	return slices.ContainsFunc(codes, func(c Code) bool { return c.Code == code && !c.Archived })
}

// target finds a service that takes tickets of others: it exists and is not archived.
// Its hours and quota do not matter, since the visitor is in the house already.
func (s *State) target(id ticket.ServiceID) (*Service, error) {
	if v := s.service(id); v != nil && !v.Archived {
		return v, nil
	}
	return nil, ErrNoSuchService
}

// serves is whether a counter serves a service, of its own or as help.
func (c *Counter) serves(id ticket.ServiceID) bool {
	return slices.Contains(c.Services, id) || slices.Contains(c.Help, id)
}

// Decide ends a service that was started. Where the visit has more services the
// ticket waits for the next one; those archived meanwhile are left out.
func (a Finish) Decide(s *State, now Moment) (Decision, error) {
	t, err := a.here(s)
	switch {
	case err != nil:
		return Decision{}, err
	case t.State != ticket.Serving:
		return Decision{}, ErrNotStarted
	case a.Outcome != "" && !usable(s.settings.Outcomes, a.Outcome):
		return Decision{}, ErrOutcome
	}
	for _, id := range t.Next {
		if _, err := s.target(id); err != nil {
			continue
		}
		rank := t.Rank
		if s.settings.Rules.JourneyToBack {
			rank = s.backOf(id, t, now.Office)
		}
		return a.done(t, Finished{Ticket: t.Ref, Outcome: a.Outcome, Next: id, Rank: rank}, ticket.Waiting), nil
	}
	return a.done(t, Finished{Ticket: t.Ref, Outcome: a.Outcome}, ticket.Done), nil
}

// Decide takes the ticket from its counter to wait outside the line.
func (a Park) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if !usable(s.settings.Parkings, a.Reason) {
		return Decision{}, ErrParking
	}
	return a.done(t, Parked{t.Ref, a.Reason}, ticket.Parked), nil
}

// Decide puts a parked ticket back into its line, at its rank.
func (a Unpark) Decide(s *State, _ Moment) (Decision, error) {
	if err := s.asked(a.Counter); err != nil {
		return Decision{}, err
	}
	t, err := s.today(a.ID)
	switch {
	case err != nil:
		return Decision{}, err
	case t.State.Final():
		return Decision{}, ErrTicketEnded
	case t.State != ticket.Parked:
		return Decision{}, ErrNotParked.With("number", t.Number.Text)
	}
	return Decision{Counter: a.Counter, Events: []Event{Unparked{t.Ref}}, Answer: Answer{t.Ref, ticket.Waiting}}, nil
}

// Decide brings a late-comer back into the line.
func (a GiveBack) Decide(s *State, now Moment) (Decision, error) {
	if err := s.asked(a.Counter); err != nil {
		return Decision{}, err
	}
	t, err := s.today(a.ID)
	if err != nil {
		return Decision{}, err
	}
	if err := s.MayReturn(t, now); err != nil {
		return Decision{}, err
	}
	return Decision{
		Counter: a.Counter,
		Events:  []Event{Returned{t.Ref, s.returnRank(t, now.Office)}},
		Answer:  Answer{t.Ref, ticket.Waiting},
	}, nil
}

// times is how often one ticket may return.
func (r Return) times() int { return max(r.Times, 1) }

// MayReturn says whether a ticket of the open day may come back into its line after
// a missed call, by Rules.Return; the refusal says why not.
func (s *State) MayReturn(t *Ticket, now Moment) error {
	r := s.settings.Rules.Return
	number := t.Number.Text
	switch {
	case t.State.Final() && t.State != ticket.NoShow:
		return ErrTicketEnded
	case t.State != ticket.NoShow:
		return ErrNotMissed.With("number", number)
	case t.Returns >= r.times():
		return ErrReturnUsed.With("number", number).With("times", strconv.Itoa(r.times()))
	case r.Minutes > 0 && now.Office.Sub(t.EndedTime) > time.Duration(r.Minutes)*time.Minute:
		return ErrReturnLate.With("number", number).With("minutes", strconv.Itoa(r.Minutes))
	case r.Numbers > 0 && s.calls[t.Service]-t.MissedAt > r.Numbers:
		return ErrReturnPassed.With("number", number).With("numbers", strconv.Itoa(r.Numbers))
	}
	return nil
}

// returnRank is the place of a late-comer. No place is better than the one it had.
func (s *State) returnRank(t *Ticket, now Instant) Instant {
	switch r := s.settings.Rules.Return; r.Place {
	case PlaceFront:
		return t.Rank
	case PlaceAfter:
		if p, ok := s.nth(t.Service, r.After-1); ok {
			return max(t.Rank, p.rank+1)
		}
	}
	return s.backOf(t.Service, t, now)
}

// backOf is the rank by which a ticket stands behind all who have arrived by now.
func (s *State) backOf(id ticket.ServiceID, t *Ticket, now Instant) Instant {
	return max(t.Rank, s.behind(id, now))
}

// Decide sends the ticket at the counter to another service, or to one counter.
func (a Transfer) Decide(s *State, now Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	id := a.Service
	if id == "" {
		id = t.Service
	}
	if _, err := s.target(id); err != nil {
		return Decision{}, err
	}
	if id == t.Service && (a.To == "" || a.To == a.Counter) {
		return Decision{}, ErrSamePlace.With("number", t.Number.Text)
	}
	if a.To != "" {
		c := s.counter(a.To)
		switch {
		case c == nil || c.Archived:
			return Decision{}, ErrNoSuchCounter
		case !c.serves(id):
			return Decision{}, ErrDoesNotServe.With("counter", c.Label)
		case !s.Seat(a.To).Open:
			return Decision{}, ErrTargetClosed.With("counter", c.Label)
		}
	}
	rank := t.Rank
	if s.settings.Rules.TransferToBack {
		rank = s.backOf(id, t, now.Office)
	}
	return a.done(t, Transferred{Ticket: t.Ref, Service: id, To: a.To, Rank: rank}, ticket.Waiting), nil
}

// VisitServices is how many services a visit may still have before it.
const VisitServices = 8

// Decide lets the visit go on to another service when this one is finished.
func (a AddService) Decide(s *State, _ Moment) (Decision, error) {
	t, err := a.here(s)
	if err != nil {
		return Decision{}, err
	}
	if _, err := s.target(a.Service); err != nil {
		return Decision{}, err
	}
	switch {
	case t.Service == a.Service || slices.Contains(t.Next, a.Service):
		return Decision{}, ErrServiceTwice.With("number", t.Number.Text)
	case len(t.Next) >= VisitServices:
		return Decision{}, ErrVisitFull.With("number", t.Number.Text).With("most", strconv.Itoa(VisitServices))
	}
	return a.done(t, ServiceAdded{t.Ref, a.Service}, t.State), nil
}

// Decide gives a ticket another class. The one that it has is no event.
func (a ChangeClass) Decide(s *State, _ Moment) (Decision, error) {
	if !a.Class.Known() {
		return Decision{}, ErrUnknownClass
	}
	t, err := s.today(a.ID)
	switch {
	case err != nil:
		return Decision{}, err
	case t.State.Final():
		return Decision{}, ErrTicketEnded
	case a.Class == ticket.Appointment && t.Slot == Slot{}:
		return Decision{}, ErrNoAppointment.With("number", t.Number.Text)
	case t.Class == a.Class:
		return Decision{Before: true, Answer: Answer{t.Ref, t.State}}, nil
	}
	return Decision{Events: []Event{ClassChanged{t.Ref, a.Class}}, Answer: Answer{t.Ref, t.State}}, nil
}

// Decide gives a ticket up. The one at a counter while it is served is only for its
// own officer to give up.
func (a Cancel) Decide(s *State, _ Moment) (Decision, error) {
	if a.Counter != "" {
		if _, err := s.seated(a.Counter, a.Session); err != nil {
			return Decision{}, err
		}
	}
	t, err := s.lookup(a.ID)
	switch {
	case err != nil:
		return Decision{}, err
	case t.State.Final():
		return Decision{}, ErrTicketEnded
	case a.Counter == "" && t.State == ticket.Serving:
		return Decision{}, ErrBeingServed
	case a.Counter != "" && a.Counter != t.Counter && t.atCounter():
		return Decision{}, ErrElsewhere.With("number", t.Number.Text).With("counter", s.label(t.Counter))
	}
	return Decision{Events: []Event{Cancelled{t.Ref}}, Answer: Answer{t.Ref, ticket.Cancelled}, Counter: a.Counter}, nil
}

func (t *Ticket) atCounter() bool { return t.State == ticket.Called || t.State == ticket.Serving }
