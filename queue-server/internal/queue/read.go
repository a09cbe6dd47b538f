package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Office is whose state this is.
func (s *State) Office() ticket.OfficeID { return s.office }

// Epoch is the log's incarnation; empty before its first record.
func (s *State) Epoch() string { return s.epoch }

// Seq is the last record's sequence, 0 before the first.
func (s *State) Seq() uint64 { return s.seq }

// Time is the office time of the last record.
func (s *State) Time() Instant { return s.time }

// Settings are those in force; nil before the first.
func (s *State) Settings() *Settings { return s.settings }

// Zone is the office's time zone.
func (s *State) Zone() *time.Location {
	if s.index.zone == nil {
		return time.UTC
	}
	return s.index.zone
}

// Day is the open business day, or the last one.
func (s *State) Day() Day { return s.day }

// DayOn is the number of the business day that was opened at a date; 0: none was.
func (s *State) DayOn(date string) int { return s.dates[date] }

// Service is a service of the settings, archived ones too; nil: unknown.
func (s *State) Service(id ticket.ServiceID) *Service { return s.service(id) }

// Counter is a counter of the settings, archived ones too; nil: unknown.
func (s *State) Counter(id ticket.CounterID) *Counter { return s.counter(id) }

// Agency is an agency of the settings; nil: unknown.
func (s *State) Agency(id ticket.AgencyID) *Agency { return s.index.agencies[id] }

// ZoneOf is a zone of the settings; nil: unknown.
func (s *State) ZoneOf(id ticket.ZoneID) *Zone { return s.index.zones[id] }

// Sequence is a sequence as numbers are drawn from it today.
func (s *State) Sequence(id ticket.SequenceID) Sequence { return s.sequence(id) }

// Ticket is the ticket of a ref, nil where it is not in memory.
func (s *State) Ticket(ref Ref) *Ticket { return s.tickets[ref] }

// TicketByID is the ticket of an id, nil where it is not in memory.
func (s *State) TicketByID(id ticket.ID) *Ticket { return s.tickets[s.byID[id]] }

// Tickets calls yield for each ticket of the open day, or the last one, in no order.
func (s *State) Tickets(yield func(*Ticket) bool) {
	for _, t := range s.tickets {
		if t.Day == s.day.Number && !yield(t) {
			return
		}
	}
}

// Waiting is how many wait for a service.
func (s *State) Waiting(id ticket.ServiceID) int {
	if l := s.lines[id]; l != nil {
		return l.len()
	}
	return 0
}

// Parked are the tickets that wait outside the lines, the oldest first.
func (s *State) Parked() []*Ticket { return s.those(s.parked) }

// Missed are the tickets of the open day that did not come when they were called
// and have not come back, the oldest first. MayReturn says which still may.
func (s *State) Missed() []*Ticket { return s.those(s.missed) }

func (s *State) those(refs []Ref) []*Ticket {
	out := make([]*Ticket, 0, len(refs))
	for _, ref := range refs {
		if t := s.tickets[ref]; t != nil {
			out = append(out, t)
		}
	}
	return out
}

// Head is whom the rules would call next of a service's line; nil: nobody, or only
// people who were sent to one counter.
func (s *State) Head(id ticket.ServiceID) *Ticket {
	l := s.lines[id]
	if l == nil {
		return nil
	}
	lane, _, ok := s.order(id).next(l.cycle, l)
	if !ok {
		return nil
	}
	p, _ := l.head(lane)
	return s.tickets[p.ref]
}

// Seat is what a counter is doing.
func (s *State) Seat(id ticket.CounterID) CounterSeat {
	if c := s.counters[id]; c != nil {
		return *c
	}
	return CounterSeat{}
}

// Announcements are those not older than AnnouncementLife, the oldest first.
func (s *State) Announcements(now Instant) []Announcement {
	for i, a := range s.announcements {
		if now.Sub(a.Time) <= AnnouncementLife {
			return s.announcements[i:]
		}
	}
	return nil
}

// Recent are the tickets of the latest calls, the latest first.
func (s *State) Recent() []*Ticket {
	out := make([]*Ticket, 0, len(s.recent))
	for i := len(s.recent) - 1; i >= 0; i-- {
		if t := s.tickets[s.recent[i]]; t != nil {
			out = append(out, t)
		}
	}
	return out
}

// Totals of the open day: tickets given, finished, waiting.
func (s *State) Totals() (taken, served, waiting int) {
	for _, n := range s.taken {
		taken += n
	}
	for _, l := range s.lines {
		waiting += l.len()
	}
	return taken, s.served, waiting
}

// Refs are the tickets in memory, in no order.
func (s *State) Refs() []Ref {
	out := make([]Ref, 0, len(s.tickets))
	for ref := range s.tickets {
		out = append(out, ref)
	}
	return out
}

// OldestDay is the number of the oldest business day whose tickets are in memory.
func (s *State) OldestDay() int {
	if len(s.days) > 0 {
		return s.days[0].day.Number
	}
	return s.day.Number
}

// Size is how many tickets and keys are in memory: what a snapshot costs.
func (s *State) Size() int { return len(s.tickets) + len(s.keys) }
