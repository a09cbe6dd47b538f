package queue

import (
	"slices"
	"time"

	"antrean/shared/ticket"
)

// Apply folds one record in. It cannot fail: what is on disk has happened.
func (s *State) Apply(r *Record) {
	s.seq = r.Seq
	s.time = max(s.time, r.Time)
	if r.Plausible && r.At.After(s.believed) {
		s.believed = r.At
	}
	s.forget()
	s.hush()
	if r.Command != nil {
		s.remember(r)
	}
	switch e := r.Event.(type) {
	case EpochBegun:
		s.beginEpoch(r, e)
	case SettingsChanged:
		s.use(&e.Settings)
	case ClockFollowed:
		// The record's own time did it.
	case DayOpened:
		s.openDay(r, e)
	case DayClosed:
		s.closeDay(r)
	case Issued:
		s.issue(r, e)
	case Forced:
		s.force(e)
	case Leased:
		s.lease(r, e)
	case LeaseEnded:
		s.endLease(e.ID, r.Time)
	case Called:
		s.call(r, e)
	case Recalled:
		s.recall(r, e)
	case Started:
		s.change(r, DeedStarted, e.Ticket, func(t *Ticket) {
			t.State, t.Started, t.StartedTime = ticket.Serving, r.At, r.Time
		})
	case Finished:
		s.finish(r, e)
	case MissedCall:
		s.change(r, DeedMissed, e.Ticket, func(t *Ticket) {
			t.end(r, ticket.NoShow)
			t.Missed, t.MissedAt = Ref(r.Seq), s.calls[t.Service]
		})
	case Cancelled:
		s.change(r, DeedCancelled, e.Ticket, func(t *Ticket) { t.end(r, ticket.Cancelled) })
	case Due:
		s.due(r, e)
	case Returned:
		s.change(r, 0, e.Ticket, func(t *Ticket) {
			t.wait(t.Service, e.Rank)
			t.Returns++
		})
	case Parked:
		s.change(r, DeedParked, e.Ticket, func(t *Ticket) { t.State, t.Parking = ticket.Parked, e.Reason })
	case Unparked:
		s.change(r, 0, e.Ticket, func(t *Ticket) { t.wait(t.Service, t.Rank) })
	case Transferred:
		s.change(r, DeedTransferred, e.Ticket, func(t *Ticket) {
			t.wait(e.Service, e.Rank)
			t.To = e.To
		})
	case ServiceAdded:
		s.change(r, DeedServiceAdded, e.Ticket, func(t *Ticket) {
			t.Next = append(slices.Clone(t.Next), e.Service) // snapshots share the old one
		})
	case ClassChanged:
		s.change(r, 0, e.Ticket, func(t *Ticket) { t.Class = e.Class })
	case Undone:
		s.undo(r, e)
	case CounterOpened:
		c := s.seat(r.Counter)
		c.Open, c.Session, c.Account, c.Action = true, e.Session, r.Actor.ID, nil
	case CounterClosed:
		c := s.seat(r.Counter)
		c.Open, c.Session, c.Account, c.Paused, c.Action = false, "", "", "", nil
		s.release(r.Counter)
	case CounterPaused:
		act := s.action(r, DeedPaused, nil)
		s.seat(r.Counter).Paused = e.Reason
		s.acted(r, act, nil)
	case CounterResumed:
		act := s.action(r, DeedResumed, nil)
		s.seat(r.Counter).Paused = ""
		s.acted(r, act, nil)
	case Printed:
		if t := s.tickets[e.Ticket]; t != nil {
			t.Paper = e.State
		}
	case Spoken:
		// For the ledger of calls, which is folded elsewhere.
	}
}

// change moves a ticket from where its state has put it to where f puts it. Where
// the record is a counter's deed about its own ticket, it can be undone.
func (s *State) change(r *Record, what Deed, ref Ref, f func(*Ticket)) {
	t := s.tickets[ref]
	if t == nil {
		return
	}
	var act *Action
	if what != 0 && r.Counter != "" && (what == DeedCalled || s.seat(r.Counter).Current == ref) {
		act = s.action(r, what, t)
	}
	if e, called := r.Event.(Called); called {
		c := s.picked(r.Counter, t, e.Pick)
		if act != nil {
			act.Turn, act.Cycles = e.Pick.Turn, c
		}
	}
	was, at := t.atCounter(), t.Counter
	s.leave(t)
	f(t)
	t.Touched = Ref(r.Seq)
	s.join(t)
	if was && !t.atCounter() {
		s.seat(at).Last = ref
	}
	s.acted(r, act, t)
}

// leave takes a ticket out of where its state has put it, and join puts it there: a
// line, a counter, or the lists of those who wait outside.
func (s *State) leave(t *Ticket) {
	switch t.State {
	case ticket.Waiting:
		s.dequeue(t)
	case ticket.Called, ticket.Serving:
		if c := s.counters[t.Counter]; c != nil && c.Current == t.Ref {
			c.Current = 0
		}
	case ticket.Parked:
		s.parked = without(s.parked, t.Ref)
	case ticket.NoShow:
		s.missed = without(s.missed, t.Ref)
	}
}

func (s *State) join(t *Ticket) {
	switch t.State {
	case ticket.Waiting:
		s.enqueue(t)
	case ticket.Called, ticket.Serving:
		s.seat(t.Counter).Current = t.Ref
	case ticket.Parked:
		s.parked = with(s.parked, t.Ref)
	case ticket.NoShow:
		if t.Day == s.day.Number && s.day.Open {
			s.missed = with(s.missed, t.Ref)
		}
	}
}

// with and without keep a list of refs sorted.
func with(all []Ref, ref Ref) []Ref {
	i, there := slices.BinarySearch(all, ref)
	if there {
		return all
	}
	return slices.Insert(all, i, ref)
}

func without(all []Ref, ref Ref) []Ref {
	i, there := slices.BinarySearch(all, ref)
	if !there {
		return all
	}
	return slices.Delete(all, i, i+1)
}

// wait is the ticket's part in going back to a line.
func (t *Ticket) wait(id ticket.ServiceID, rank Instant) {
	if t.Service != id {
		t.Overtaken = 0 // by those of another line
	}
	t.State, t.Service, t.Rank, t.Counter, t.Parking = ticket.Waiting, id, rank, "", ""
	t.Started, t.StartedTime = time.Time{}, 0
	t.Ended, t.EndedTime = time.Time{}, 0
}

func (t *Ticket) end(r *Record, st ticket.State) {
	t.State, t.Parking, t.Ended, t.EndedTime = st, "", r.At, r.Time
}

func (s *State) call(r *Record, e Called) {
	s.change(r, DeedCalled, e.Ticket, func(t *Ticket) {
		t.State, t.Counter, t.Parking = ticket.Called, r.Counter, ""
		t.Started, t.StartedTime = time.Time{}, 0
		t.Ended, t.EndedTime = time.Time{}, 0
		s.calls[t.Service]++
	})
	if t := s.tickets[e.Ticket]; t != nil {
		s.announce(r, t, false)
	}
}

// recall is no deed of its own: the call stays what can be undone, and takes what
// its recalls did with it.
func (s *State) recall(r *Record, e Recalled) {
	t := s.tickets[e.Ticket]
	if t == nil {
		return
	}
	c := s.seat(r.Counter)
	if act := c.Action; act != nil && act.Ticket != nil && act.Ticket.Ref == t.Ref && act.Touched == t.Touched {
		next := *act
		next.Touched = Ref(r.Seq)
		c.Action = &next
	}
	t.Touched = Ref(r.Seq)
	s.announce(r, t, true)
}

func (s *State) finish(r *Record, e Finished) {
	s.change(r, DeedFinished, e.Ticket, func(t *Ticket) {
		s.seat(r.Counter).Served++
		if e.Next == "" {
			t.end(r, ticket.Done)
			s.served++
			return
		}
		t.wait(e.Next, e.Rank)
		t.Next = t.Next[slices.Index(t.Next, e.Next)+1:]
		t.To = ""
	})
}

func (s *State) announce(r *Record, t *Ticket, recall bool) {
	t.Calls++
	t.Called, t.CalledTime, t.Voiced = r.At, r.Time, Ref(r.Seq)
	s.announcements = append(s.announcements, Announcement{ID: r.Seq, At: r.At, Time: r.Time, Ticket: t.Ref, Counter: t.Counter, Recall: recall})
	if i := slices.Index(s.recent, t.Ref); i >= 0 {
		s.recent = slices.Delete(s.recent, i, i+1)
	}
	s.recent = append(s.recent, t.Ref)
	if over := len(s.recent) - recentKept; over > 0 {
		s.recent = s.recent[over:]
	}
}

// hush drops the announcements whose time is over.
func (s *State) hush() {
	old := 0
	for old < len(s.announcements) && s.time.Sub(s.announcements[old].Time) > AnnouncementLife {
		old++
	}
	s.announcements = s.announcements[old:]
}

// closeDay ends every visit of the day: who is being served, in the last service of
// the visit, is done; who has not been served, or not in all of it, expires.
func (s *State) closeDay(r *Record) {
	var refs []Ref
	for ref, t := range s.tickets {
		if t.Day == s.day.Number {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	for _, ref := range refs {
		t := s.tickets[ref]
		if t.State == ticket.Waiting {
			s.dequeue(t) // which settles its counts
		}
		switch {
		case t.State.Final():
			continue
		case t.State == ticket.Serving && len(t.Next) == 0:
			t.end(r, ticket.Done)
			s.served++
		default:
			t.end(r, ticket.Expired)
		}
		t.Touched = Ref(r.Seq)
	}
	clear(s.counters)
	s.clearLines()
	clear(s.calls)
	s.announcements, s.recent, s.parked, s.missed = nil, nil, nil, nil
	s.day.Open, s.day.Ended = false, r.Time
	s.endLeases(r.Time)
	s.days = append(s.days, pastDay{s.day, refs})
}
