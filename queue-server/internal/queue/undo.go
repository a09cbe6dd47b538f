package queue

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"antrean/shared/ticket"
)

// Deed is what a counter did that can be undone.
type Deed uint8

// The deeds of a counter. A recall is none of its own, nor is what can be asked
// without a counter, or has a command that takes it back (see DESIGN.md).
const (
	DeedCalled Deed = iota + 1
	DeedStarted
	DeedFinished
	DeedMissed
	DeedCancelled
	DeedParked
	DeedTransferred
	DeedServiceAdded
	DeedPaused
	DeedResumed
)

// Decide takes back the counter's last action, unless its time is over or its
// ticket has moved on.
func (a Undo) Decide(s *State, now Moment) (Decision, error) {
	seat, err := s.seated(a.Counter, a.Session)
	if err != nil {
		return Decision{}, err
	}
	act := seat.Action
	switch {
	case act == nil:
		return Decision{}, ErrNothingToUndo
	case a.Seq != 0 && Ref(a.Seq) != act.Seq:
		return Decision{}, ErrUndoOther
	}
	d := Decision{Counter: a.Counter, Events: []Event{Undone{uint64(act.Seq)}}}
	if act.Ticket != nil {
		t := s.tickets[act.Ticket.Ref]
		if t.Touched != act.Touched {
			return Decision{}, ErrUndoMovedOn.With("number", t.Number.Text)
		}
		d.Answer = Answer{t.Ref, act.Ticket.State}
	}
	if now.Office.Sub(act.Time) > UndoTime {
		return Decision{}, ErrUndoLate.With("seconds", strconv.Itoa(int(UndoTime/time.Second)))
	}
	return d, nil
}

// Undoable is a counter's last action while it can be undone; nil: nothing can.
func (s *State) Undoable(id ticket.CounterID, now Instant) *Action {
	seat := s.counters[id]
	if seat == nil || seat.Action == nil || now.Sub(seat.Action.Time) > UndoTime {
		return nil
	}
	act := seat.Action
	if act.Ticket != nil && s.tickets[act.Ticket.Ref].Touched != act.Touched {
		return nil
	}
	return act
}

// action keeps what is before a counter's deed.
func (s *State) action(r *Record, what Deed, t *Ticket) *Action {
	act := &Action{Seq: Ref(r.Seq), What: what, Time: r.Time, Seat: s.seat(r.Counter).before()}
	if t != nil {
		was := *t
		was.Overtaken = s.overtaken(t)
		act.Ticket, act.Recent = &was, slices.Contains(s.recent, t.Ref)
		if what == DeedCalled && !act.Recent && len(s.recent) == recentKept {
			act.Lost = s.recent[0]
		}
	}
	return act
}

// acted makes it the counter's last action, now that it is done.
func (s *State) acted(r *Record, act *Action, t *Ticket) {
	if act == nil {
		return
	}
	if t != nil {
		act.Touched = t.Touched
	}
	s.seat(r.Counter).Action = act
}

// before is a copy that does not change with the seat.
func (c *CounterSeat) before() *CounterSeat {
	was := *c
	was.Passed, was.Action = maps.Clone(c.Passed), nil
	return &was
}

// undo puts the counter and its ticket back to where they stood before the action.
// The paper's fate stays, for paper cannot be undone.
func (s *State) undo(r *Record, e Undone) {
	seat := s.counters[r.Counter]
	if seat == nil || seat.Action == nil || seat.Action.Seq != Ref(e.Seq) {
		return
	}
	act, open, session, account := seat.Action, seat.Open, seat.Session, seat.Account
	if act.Ticket != nil {
		s.undoTicket(r, act)
	}
	*seat = *act.Seat.before()
	seat.Open, seat.Session, seat.Account = open, session, account
}

func (s *State) undoTicket(r *Record, act *Action) {
	t := s.tickets[act.Ticket.Ref]
	if t == nil {
		return
	}
	switch act.What {
	case DeedCalled:
		if s.calls[t.Service]--; s.calls[t.Service] == 0 {
			delete(s.calls, t.Service)
		}
		s.unpicked(act)
	case DeedFinished:
		if t.State == ticket.Done {
			s.served--
		}
	}
	voiced, paper := t.Voiced, t.Paper
	s.leave(t)
	*t = *act.Ticket
	t.Paper, t.Touched = paper, Ref(r.Seq)
	s.join(t)
	if t.Voiced != voiced {
		s.unvoice(t, act)
	}
}

// unvoice takes back the announcements since an action: out of the view, and the
// ticket to its former place among the latest calls.
func (s *State) unvoice(t *Ticket, act *Action) {
	s.announcements = slices.DeleteFunc(s.announcements, func(a Announcement) bool {
		return a.Ticket == t.Ref && a.ID >= uint64(act.Seq)
	})
	s.recent = slices.DeleteFunc(s.recent, func(ref Ref) bool { return ref == t.Ref })
	if lost := s.tickets[act.Lost]; lost != nil && !slices.Contains(s.recent, lost.Ref) && lost.Voiced != 0 {
		s.remind(lost)
	}
	if act.Recent {
		s.remind(t)
	}
}

// remind puts a ticket back among the latest calls, in the order of their records.
func (s *State) remind(t *Ticket) {
	i, _ := slices.BinarySearchFunc(s.recent, t.Voiced, func(ref Ref, voiced Ref) int {
		return cmp.Compare(s.tickets[ref].Voiced, voiced)
	})
	s.recent = slices.Insert(s.recent, i, t.Ref)
	if over := len(s.recent) - recentKept; over > 0 {
		s.recent = s.recent[over:]
	}
}
