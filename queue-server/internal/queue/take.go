package queue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/shared/ticket"
)

// Decide gives a ticket out, or says why not.
func (a Take) Decide(s *State, now Moment) (Decision, error) {
	class := a.Class
	if class == "" {
		class = ticket.Regular
	}
	if d, known, err := a.before(s, class); known || err != nil {
		return d, err
	}
	v := s.service(a.Service)
	if v == nil || v.Archived {
		return Decision{}, ErrNoSuchService
	}
	if !class.Known() {
		return Decision{}, ErrUnknownClass
	}
	language := a.Language
	if language == "" {
		language = s.settings.Languages[0]
	}
	if !slices.Contains(s.settings.Languages, language) {
		return Decision{}, ErrUnknownLanguage
	}
	if c := s.ClosedAt(v.ID, now); c != nil {
		return Decision{}, c.refusal()
	}
	ref := Ref(s.seq + 1)
	rank := now.Office
	return Decision{
		Events: []Event{Issued{
			Ticket: a.ID, Service: v.ID, Number: s.nextNumber(v.Sequence), Class: class, Language: language,
			Rank: rank, Ahead: s.line(v.ID).find(place{rank, ref}),
		}},
		Answer: Answer{Ticket: ref, State: ticket.Waiting},
	}, nil
}

// before finds the ticket of the same id: the same wish is the same ticket, another
// wish under its id is refused.
func (a Take) before(s *State, class ticket.Class) (Decision, bool, error) {
	if _, old := s.forgotten[a.ID]; old {
		return Decision{}, false, ErrIDFromPast
	}
	ref, ok := s.byID[a.ID]
	if !ok {
		return Decision{}, false, nil
	}
	t := s.tickets[ref]
	if t.Service != a.Service || t.Class != class || a.Language != "" && t.Language != a.Language {
		return Decision{}, false, ErrIDUsed
	}
	return Decision{Before: true, Answer: Answer{Ticket: ref, State: ticket.Waiting}}, true, nil
}

func (s *State) nextNumber(id ticket.SequenceID) ticket.Number {
	n := s.drawn[id] + 1
	return ticket.Number{Sequence: id, N: n, Text: s.sequence(id).Text(n)}
}

// sequence is as it was when the day opened; one that came later is as it is now.
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

// Decide gives a waiting ticket up. One that is at a counter is the officer's to end.
func (a Cancel) Decide(s *State, _ Moment) (Decision, error) {
	t, err := s.lookup(a.ID)
	switch {
	case err != nil:
		return Decision{}, err
	case t.State.Final():
		return Decision{}, ErrTicketEnded
	case t.State == ticket.Serving:
		return Decision{}, ErrBeingServed
	}
	return Decision{Events: []Event{Cancelled{t.Ref}}, Answer: Answer{t.Ref, ticket.Cancelled}, Counter: t.Counter}, nil
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
