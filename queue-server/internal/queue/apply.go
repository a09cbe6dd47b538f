package queue

import (
	"slices"

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
	if r.Command != nil {
		s.remember(r)
	}
	switch e := r.Event.(type) {
	case EpochBegun:
		s.epoch = e.ID
		for id := range s.drawn {
			s.drawn[id] += e.Gap
		}
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
	case Called:
		s.call(r, e)
	case Recalled:
		if t := s.tickets[e.Ticket]; t != nil {
			t.Calls++
			t.Called, t.CalledTime = r.At, r.Time
			s.announce(r, t, true)
		}
	case Started:
		if t := s.tickets[e.Ticket]; t != nil {
			t.State, t.Started, t.StartedTime = ticket.Serving, r.At, r.Time
		}
	case Finished:
		if s.end(r, e.Ticket, ticket.Done) {
			s.served++
			s.seat(r.Counter).Served++
		}
	case MissedCall:
		s.end(r, e.Ticket, ticket.NoShow)
	case Cancelled:
		s.end(r, e.Ticket, ticket.Cancelled)
	case CounterOpened:
		c := s.seat(r.Counter)
		c.Open, c.Session, c.Account = true, e.Session, r.Actor.ID
	case CounterClosed:
		c := s.seat(r.Counter)
		c.Open, c.Session, c.Account = false, "", ""
	case Printed:
		if t := s.tickets[e.Ticket]; t != nil {
			t.Paper = e.State
		}
	case Spoken:
		// For the ledger of calls, which is folded elsewhere.
	}
}

func (s *State) issue(r *Record, e Issued) {
	t := &Ticket{
		Ref: Ref(r.Seq), ID: e.Ticket, Day: r.Day, Date: s.day.Date, Service: e.Service, Number: e.Number, Class: e.Class,
		Language: e.Language, State: ticket.Waiting, Rank: e.Rank, Ahead: e.Ahead, Taken: r.At, TakenTime: r.Time,
	}
	s.tickets[t.Ref] = t
	s.byID[t.ID] = t.Ref
	s.taken[e.Service]++
	s.drawn[e.Number.Sequence] = max(s.drawn[e.Number.Sequence], e.Number.N)
	s.line(t.Service).add(t.place())
}

func (t *Ticket) place() place { return place{t.Rank, t.Ref} }

func (s *State) call(r *Record, e Called) {
	t := s.tickets[e.Ticket]
	if t == nil {
		return
	}
	s.line(t.Service).remove(t.place())
	t.State, t.Counter, t.Called, t.CalledTime = ticket.Called, r.Counter, r.At, r.Time
	t.Calls++
	s.seat(r.Counter).Current = t.Ref
	s.announce(r, t, false)
}

// end takes a ticket out of its line or from its counter, for good.
func (s *State) end(r *Record, ref Ref, st ticket.State) bool {
	t := s.tickets[ref]
	if t == nil || t.State.Final() {
		return false
	}
	if t.State == ticket.Waiting {
		s.line(t.Service).remove(t.place())
	}
	if c := s.counters[t.Counter]; c != nil && c.Current == ref {
		c.Current, c.Last = 0, ref
	}
	t.State, t.Ended, t.EndedTime = st, r.At, r.Time
	return true
}

func (s *State) announce(r *Record, t *Ticket, recall bool) {
	s.announcements = append(s.announcements, Announcement{ID: r.Seq, At: r.At, Time: r.Time, Ticket: t.Ref, Counter: t.Counter, Recall: recall})
	old := 0
	for old < len(s.announcements) && r.Time.Sub(s.announcements[old].Time) > AnnouncementLife {
		old++
	}
	s.announcements = s.announcements[old:]

	for i, ref := range s.recent {
		if ref == t.Ref {
			s.recent = append(s.recent[:i], s.recent[i+1:]...)
			break
		}
	}
	s.recent = append(s.recent, t.Ref)
	if len(s.recent) > recentKept {
		s.recent = s.recent[len(s.recent)-recentKept:]
	}
}

func (s *State) openDay(r *Record, e DayOpened) {
	s.day = Day{Number: e.Number, Date: e.Date, Open: true, First: Ref(r.Seq)}
	clear(s.drawn)
	clear(s.taken)
	clear(s.frozen)
	s.served = 0
	for _, q := range s.settings.Sequences {
		s.frozen[q.ID] = q
	}
}

func (s *State) closeDay(r *Record) {
	var refs []Ref
	for ref, t := range s.tickets {
		if t.Day != s.day.Number {
			continue
		}
		refs = append(refs, ref)
		if t.State == ticket.Serving {
			s.end(r, ref, ticket.Done)
		} else {
			s.end(r, ref, ticket.Expired)
		}
	}
	slices.Sort(refs)
	clear(s.counters)
	clear(s.lines)
	s.announcements, s.recent = nil, nil
	s.day.Open, s.day.Ended = false, r.Time
	s.days = append(s.days, pastDay{s.day, refs})
}
