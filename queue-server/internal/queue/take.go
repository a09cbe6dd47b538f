package queue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/shared/ticket"
)

// Asked is what a ticket was first asked for: its service and class may change
// later, and the same wish is still the same ticket.
type Asked struct {
	Service ticket.ServiceID
	Class   ticket.Class
}

// Decide gives a ticket out, or says why not.
func (a Take) Decide(s *State, now Moment) (Decision, error) {
	class, by := a.Class, a.Channel
	if class == "" {
		class = ticket.Regular
	}
	if by == "" {
		by = ChannelKiosk
	}
	if d, known, err := s.before(a.ID, Asked{a.Service, class}, a.Language, Slot{}); known || err != nil {
		return d, err
	}
	switch {
	case !class.Known():
		return Decision{}, ErrUnknownClass
	case class == ticket.Appointment:
		return Decision{}, ErrNeedsBooking
	case !by.Known():
		return Decision{}, ErrUnknownChannel
	}
	e, err := s.newTicket(a.ID, a.Service, a.Language)
	if err != nil {
		return Decision{}, err
	}
	if c := s.ClosedFor(a.Service, by, now); c != nil {
		return Decision{}, c.refusal()
	}
	e.Class, e.Channel = class, by
	return s.give(e, false, now), nil
}

// longestWindow bounds a slot and how long before and after it a check-in counts.
const longestWindow = 24 * time.Hour

// Decide lets an appointment join the line. One that comes after its window is a
// walk-in, under a walk-in's rules. Where the clock cannot be believed nobody is
// sent away for coming at a wrong time.
func (a CheckIn) Decide(s *State, now Moment) (Decision, error) {
	slot := Slot{a.Slot.From.UTC().Truncate(time.Microsecond), a.Slot.To.UTC().Truncate(time.Microsecond)}
	if d, known, err := s.before(a.ID, Asked{Service: a.Service}, a.Language, slot); known || err != nil {
		return d, err
	}
	if a.Slot.From.IsZero() || !slot.From.Before(slot.To) || slot.To.Sub(slot.From) > longestWindow ||
		a.Early < 0 || a.Early > longestWindow || a.Late < 0 || a.Late > longestWindow {
		return Decision{}, ErrSlot
	}
	e, err := s.newTicket(a.ID, a.Service, a.Language)
	if err != nil {
		return Decision{}, err
	}
	e.Class, e.Channel, e.Slot = ticket.Appointment, ChannelBooking, slot
	due := !now.Plausible || !now.Wall.Before(slot.From)
	switch opens := slot.From.Add(-a.Early); {
	case now.Plausible && now.Wall.Before(opens):
		return Decision{}, ErrTooEarly.With("opens_at", opens.In(s.Zone()).Format(time.RFC3339))
	case now.Plausible && now.Wall.After(slot.To.Add(a.Late)):
		e.Class, due = ticket.Regular, false
		if c := s.ClosedFor(a.Service, ChannelBooking, now); c != nil {
			return Decision{}, c.refusal()
		}
	default:
		if c := s.closedTo(a.Service, ChannelBooking, now, true); c != nil {
			return Decision{}, c.refusal()
		}
	}
	d := s.give(e, due, now)
	if due {
		d.Events = append(d.Events, Due{d.Answer.Ticket})
	}
	return d, nil
}

// Known reports whether c is one of the channels.
func (c Channel) Known() bool {
	return c == ChannelKiosk || c == ChannelDesk || c == ChannelBooking
}

// before finds the ticket of the same id: the same wish is the same ticket, another
// wish under its id is refused. A wish with a slot has no class of its own.
func (s *State) before(id ticket.ID, wish Asked, language string, slot Slot) (Decision, bool, error) {
	if _, old := s.forgotten[id]; old {
		return Decision{}, false, ErrIDFromPast
	}
	ref, ok := s.byID[id]
	if !ok {
		return Decision{}, false, nil
	}
	t := s.tickets[ref]
	if wish.Class == "" {
		wish.Class = t.Asked.Class
	}
	if t.Asked != wish || t.Slot != slot || t.Lease != "" || language != "" && t.Language != language {
		return Decision{}, false, ErrIDUsed
	}
	return Decision{Before: true, Answer: Answer{Ticket: ref, State: ticket.Waiting}}, true, nil
}

// newTicket is a ticket's first event without what depends on the time.
func (s *State) newTicket(id ticket.ID, service ticket.ServiceID, language string) (Issued, error) {
	v := s.service(service)
	if v == nil || v.Archived {
		return Issued{}, ErrNoSuchService
	}
	if language == "" {
		language = s.settings.Languages[0]
	}
	if !slices.Contains(s.settings.Languages, language) {
		return Issued{}, ErrUnknownLanguage
	}
	return Issued{Ticket: id, Service: service, Language: language}, nil
}

// give draws the number and takes the place in the line.
func (s *State) give(e Issued, due bool, now Moment) Decision {
	ref := Ref(s.seq + 1)
	e.Number, e.Rank = s.nextNumber(s.service(e.Service).Sequence), now.Office
	e.Ahead = s.aheadOfNew(e.Service, e.Class, due, e.Rank, ref)
	return Decision{Events: []Event{e}, Answer: Answer{Ticket: ref, State: ticket.Waiting}}
}

func (s *State) issue(r *Record, e Issued) {
	t := &Ticket{
		Ref: Ref(r.Seq), ID: e.Ticket, Day: r.Day, Date: s.day.Date, Service: e.Service, Number: e.Number, Class: e.Class,
		Language: e.Language, State: ticket.Waiting, Rank: e.Rank, Ahead: e.Ahead, Taken: r.At, TakenTime: r.Time,
		Slot: e.Slot, Channel: e.Channel, Lease: e.Lease, RankFrom: e.Late, Touched: Ref(r.Seq), Asked: Asked{e.Service, e.Class},
	}
	s.tickets[t.Ref] = t
	s.byID[t.ID] = t.Ref
	if l := s.leases[e.Lease]; l != nil {
		t.Day, t.Date = l.Day, l.Date
		over := s.over(l)
		if over {
			t.State = ticket.Expired
		}
		s.arrived(l, t)
		if over { // of another day's line and counts: it is only kept
			t.Ended, t.EndedTime = r.At, r.Time
			s.late = append(s.late, lateRef{t.Ref, r.Time})
			return
		}
	}
	s.taken[e.Service]++
	by := s.channels[e.Service]
	if by == nil {
		by = map[Channel]int{}
		s.channels[e.Service] = by
	}
	by[e.Channel]++
	s.freeze(e.Number.Sequence)
	s.drawn[e.Number.Sequence] = max(s.last(e.Number.Sequence), e.Number.N)
	s.enqueue(t)
}

// last is the last number that was drawn of a sequence on the open day, or that may
// have been before a restore.
func (s *State) last(id ticket.SequenceID) int {
	if n, ok := s.drawn[id]; ok {
		return n
	}
	return s.gap
}

func (s *State) nextNumber(id ticket.SequenceID) ticket.Number {
	n := s.last(id) + 1
	return ticket.Number{Sequence: id, N: n, Text: s.sequence(id).Text(n)}
}

// freeze keeps how a sequence prints for the rest of the day.
func (s *State) freeze(id ticket.SequenceID) {
	if _, ok := s.frozen[id]; !ok {
		s.frozen[id] = s.index.sequences[id]
	}
}

// sequence is as it was when the day opened; one that came later is as it was at
// its first number.
func (s *State) sequence(id ticket.SequenceID) Sequence {
	if q, ok := s.frozen[id]; ok {
		return q
	}
	return s.index.sequences[id]
}

// Text is how the number n is printed: the prefix, and n padded with zeros.
func (q Sequence) Text(n int) string {
	digits := strconv.Itoa(n)
	if pad := q.Padding - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	return q.Prefix + digits
}

func (s *State) lookup(id ticket.ID) (*Ticket, error) {
	if t := s.tickets[s.byID[id]]; t != nil {
		return t, nil
	}
	return nil, ErrNoSuchTicket
}

// Decide keeps a report about a ticket's paper, whatever has become of the ticket.
func (a ReportPrint) Decide(s *State, _ Moment) (Decision, error) {
	t, err := s.lookup(a.ID)
	if err != nil {
		return Decision{}, err
	}
	if a.State != "confirmed" && a.State != "failed" && a.State != "unknown" {
		return Decision{}, ErrPrintState
	}
	if a.Detail != "" && !codeForm(a.Detail) {
		return Decision{}, ErrDetail.With("field", "detail")
	}
	return Decision{Events: []Event{Printed{t.Ref, a.State, a.Detail}}, Answer: Answer{t.Ref, t.State}}, nil
}

// Decide keeps the report only of announcements that were made, within this log.
func (a ReportSpoken) Decide(s *State, _ Moment) (Decision, error) {
	ids := make([]uint64, 0, len(a.Announcements))
	for _, id := range a.Announcements {
		if id != 0 && id <= s.seq {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return Decision{}, ErrNothingSpoken
	}
	return Decision{Events: []Event{Spoken{ids}}}, nil
}

func (c *Closed) refusal() error {
	r := ErrServiceClosed.With("closed", c.Code)
	if !c.OpensAt.IsZero() {
		r = r.With("opens_at", c.OpensAt.Format(time.RFC3339))
	}
	return r
}
