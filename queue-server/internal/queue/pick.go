package queue

import (
	"maps"
	"slices"

	"antrean/shared/ticket"
)

const headsKept = 8

// candidate is the head of one of a counter's lines.
type candidate struct {
	place
	service ticket.ServiceID // its line; empty: those who were sent to the counter
	ref     uint16           // its service's
	turn    Turn
	passed  int // how often the counter has passed the line over since its last call of it
}

// patience is how often a counter that prefers may pass a line over.
func (c *Counter) patience() int { return max(1, c.Patience) }

// PassedOver is the most often that a counter that prefers passes over anybody who
// is first in a line of its: its patience, and once more for each other line that is
// as far. Its lines are its services, and those who were sent to it.
func (c *Counter) PassedOver() int { return c.patience() + len(c.Services) }

// choose is the rule of a counter among the heads of its lines, in the order of its
// preference: the longest wait; or the first, unless one has been passed over as
// often as is allowed. Of several such the one passed over most often is chosen, so
// that none comes twice before another.
func (c *Counter) choose(heads []candidate) (int, Rule) {
	rule, best := LongestWait, 0
	if c.Prefers {
		rule = Preferred
	}
	for i, h := range heads {
		b := heads[best]
		switch {
		case !c.Prefers:
			if h.before(b.place) {
				best = i
			}
		case h.passed < c.patience():
		case rule != Passed || h.passed > b.passed || h.passed == b.passed && h.before(b.place):
			rule, best = Passed, i
		}
	}
	return best, rule
}

// pick is whom a counter calls next, and why. It looks at the counter's lines alone.
func (s *State) pick(c *Counter) (Pick, bool) {
	var room [24]candidate
	heads := s.heads(c, room[:0])
	best, rule := 0, Helping
	if len(heads) > 0 {
		best, rule = c.choose(heads)
	} else {
		for _, id := range c.Help {
			heads = s.appendHead(heads, id)
		}
		for i, h := range heads {
			if h.before(heads[best].place) {
				best = i
			}
		}
	}
	if len(heads) == 0 {
		return Pick{}, false
	}
	heads[0], heads[best] = heads[best], heads[0]
	slices.SortFunc(heads[1:], func(a, b candidate) int {
		if a.before(b.place) {
			return -1
		}
		return 1
	})
	p := Pick{Rule: rule, Turn: heads[0].turn, Heads: make([]Head, min(len(heads), headsKept))}
	for i := range p.Heads {
		p.Heads[i] = Head{Service: heads[i].ref, Ticket: heads[i].place.ref}
	}
	return p, true
}

// heads are the heads of a counter's own lines, in the order of its preference:
// first who was sent to it.
func (s *State) heads(c *Counter, heads []candidate) []candidate {
	if sent := s.sent[c.ID]; sent != nil {
		if p, ok := sent.first(); ok {
			heads = append(heads, candidate{place: p, ref: s.service(s.tickets[p.ref].Service).Ref, turn: ToCounter})
		}
	}
	for _, id := range c.Services {
		heads = s.appendHead(heads, id)
	}
	if seat := s.counters[c.ID]; seat != nil && len(seat.Passed) > 0 {
		for i := range heads {
			heads[i].passed = seat.Passed[heads[i].service]
		}
	}
	return heads
}

func (s *State) appendHead(heads []candidate, id ticket.ServiceID) []candidate {
	l, v := s.lines[id], s.service(id)
	if l == nil || v == nil {
		return heads
	}
	lane, turn, ok := v.Order.next(l.cycle, l)
	if !ok {
		return heads
	}
	p, _ := l.head(lane)
	return append(heads, candidate{place: p, service: id, ref: v.Ref, turn: turn})
}

// picked folds a pick in, before its ticket leaves the line: the round of the
// service, who was overtaken, and whom the counter passed over. What an officer
// chose is no turn of anybody's. It gives the service's round before and after.
func (s *State) picked(at ticket.CounterID, t *Ticket, p Pick) (c [2]Cycle) {
	l, o := s.line(t.Service), s.order(t.Service)
	c = [2]Cycle{l.cycle, l.cycle}
	if p.Rule == Chosen || t.State != ticket.Waiting {
		return c
	}
	if p.Turn == ByRatio || p.Turn == ByAbsence {
		lane, place := o.stand(t)
		l.cycle = o.after(l.cycle, lane, p.Turn)
		c[1] = l.cycle
		for k := range l.lanes {
			if k != lane {
				l.lanes[k].overtake(place)
			}
		}
	}
	if c := s.counter(at); c != nil && c.Prefers && p.Rule != Helping {
		s.pass(c, t, p)
	}
	return c
}

// unpicked takes a call back, before its ticket is back in the line: the round goes
// back unless it has gone on, and whoever was overtaken and has not moved since is
// overtaken once less. O(n) in those who came before it.
func (s *State) unpicked(act *Action) {
	t := act.Ticket
	l, o := s.line(t.Service), s.order(t.Service)
	if l.cycle == act.Cycles[1] {
		l.cycle = act.Cycles[0]
	}
	if t.State != ticket.Waiting || act.Turn != ByRatio && act.Turn != ByAbsence {
		return
	}
	l.run = nil
	lane, place := o.stand(t)
	for k := range l.lanes {
		if k != lane {
			l.lanes[k].regain(place, func(ref Ref) bool {
				u := s.tickets[ref]
				return u.Touched < act.Seq && u.DueBy < act.Seq
			})
		}
	}
}

// pass counts whom a counter that prefers has passed over. A line without anybody
// has nobody to be passed over.
func (s *State) pass(c *Counter, t *Ticket, p Pick) {
	seat, chosen := s.seat(c.ID), t.Service
	if p.Turn == ToCounter {
		chosen = ""
	}
	var room [24]candidate
	was, now := seat.Passed, map[ticket.ServiceID]int{}
	for _, h := range s.heads(c, room[:0]) {
		if h.service != chosen {
			now[h.service] = was[h.service] + 1
		}
	}
	if len(now) == 0 {
		now = nil
	}
	if !maps.Equal(was, now) {
		seat.Passed = now // a new map each time: copies of the seat keep theirs
	}
}
