package queue

import (
	"slices"

	"antrean/shared/ticket"
)

// Upcoming is whom a counter would call, the next first, n at most, if it alone
// called from now on and nobody came: first its own lines, then those that it helps.
// Of each lane of a line it looks at the first n, so that its cost does not grow with
// the line; only where a bound has been reached by somebody farther back may those
// after the first stand in another order by then.
func (s *State) Upcoming(c *Counter, n int) []*Ticket {
	lines := make([]upcoming, 0, len(c.Services)+1)
	seat := s.Seat(c.ID)
	if sent := s.sent[c.ID]; sent != nil && sent.len() > 0 {
		lines = append(lines, upcoming{run: frontOf(sent, n), passed: seat.Passed[""]})
	}
	for _, id := range c.Services {
		if l := s.lines[id]; l != nil {
			lines = append(lines, upcoming{l.front(s.order(id), n), seat.Passed[id]})
		}
	}
	out := s.callAll(c, lines, n, nil)
	if len(out) == n || len(c.Help) == 0 {
		return out
	}
	helped := make([]upcoming, 0, len(c.Help))
	for _, id := range c.Help {
		if l := s.lines[id]; l != nil {
			helped = append(helped, upcoming{run: l.front(s.order(id), n)})
		}
	}
	return s.callAll(&Counter{}, helped, n, out) // by the longest wait
}

// upcoming is one of a counter's lines while it is called in thought.
type upcoming struct {
	run    *run
	passed int
}

func (s *State) callAll(c *Counter, lines []upcoming, n int, out []*Ticket) []*Ticket {
	var room [24]candidate
	for len(out) < n {
		heads, from := room[:0], make([]int, 0, len(lines))
		for i := range lines {
			if p, _, _, ok := lines[i].run.peek(); ok {
				heads, from = append(heads, candidate{place: p, passed: lines[i].passed}), append(from, i)
			}
		}
		if len(heads) == 0 {
			break
		}
		best, _ := c.choose(heads)
		for k, i := range from {
			if k == best {
				lines[i].passed = 0
				lines[i].run.step()
			} else {
				lines[i].passed++
			}
		}
		out = append(out, s.tickets[heads[best].place.ref])
	}
	return out
}

// front is a run of a line's next n calls.
func (l *line) front(o Order, n int) *run {
	r := &run{order: o, cycle: l.cycle}
	for k := range l.lanes {
		r.lanes[k] = first(&l.lanes[k], n)
		rankCounts(r.lanes[k])
	}
	return r
}

// frontOf is the same for those who were sent to a counter, who are called in the
// order of their places.
func frontOf(t *tree, n int) *run {
	r := &run{}
	r.lanes[laneRegular] = first(t, n)
	return r
}

func first(t *tree, n int) []stander {
	n = min(n, t.len())
	if n == 0 {
		return nil
	}
	all := make([]stander, 0, n)
	t.walk(func(p place, count int) bool {
		all = append(all, stander{place: p, count: int32(count)})
		return len(all) < n
	})
	return all
}

// Longest is who has stood in a service's line for the longest time, those who were
// sent to one counter included; nil: nobody.
func (s *State) Longest(id ticket.ServiceID) *Ticket {
	l := s.lines[id]
	if l == nil {
		return nil
	}
	var best place
	found := false
	look := func(p place, _ int) bool {
		if !found || p.before(best) {
			best, found = p, true
		}
		return false
	}
	for k := range l.lanes {
		l.lanes[k].walk(look)
	}
	if l.sent > 0 {
		for _, sent := range s.sent { // the earliest of all: the map's order decides nothing
			sent.walk(func(p place, n int) bool { return s.tickets[p.ref].Service != id || look(p, n) })
		}
	}
	return s.tickets[best.ref]
}

// WaitingAt is how many wait for a service whom a counter may call: without those
// who were sent to another one.
func (s *State) WaitingAt(c ticket.CounterID, id ticket.ServiceID) int {
	l := s.lines[id]
	if l == nil {
		return 0
	}
	n := l.len() - l.sent
	if l.sent > 0 && s.sent[c] != nil {
		s.sent[c].walk(func(p place, _ int) bool {
			if s.tickets[p.ref].Service == id {
				n++
			}
			return true
		})
	}
	return n
}

// SentTo is how many wait for one counter only.
func (s *State) SentTo(c ticket.CounterID) int {
	if sent := s.sent[c]; sent != nil {
		return sent.len()
	}
	return 0
}

// Taken is how many tickets of a service the open day has given out.
func (s *State) Taken(id ticket.ServiceID) int { return s.taken[id] }

// LatestMissed are the latest n tickets, by their arrival, of those that Missed has.
func (s *State) LatestMissed(n int) []*Ticket {
	out := s.those(s.missed[max(0, len(s.missed)-n):])
	slices.Reverse(out)
	return out
}
