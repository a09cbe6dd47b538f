package queue

import "antrean/shared/ticket"

// Ahead is how many people of the same service the rules would call before this
// ticket, if its line were called empty from now on, the clock standing still and
// nobody coming; 0 for one that does not wait. O(log n) without classes, with one
// class present, and under a ratio without a bound; under a bound O(n log n) after
// each change of the line, for all of its tickets together.
func (s *State) Ahead(t *Ticket) int {
	l := s.lines[t.Service]
	if l == nil || t.State != ticket.Waiting {
		return 0
	}
	if t.To != "" {
		return s.aheadOfSent(l, t)
	}
	o := s.order(t.Service)
	lane, p := o.stand(t)
	i := l.lanes[lane].index(p)
	if n, ok := o.known(l, lane, i); ok {
		return n
	}
	if l.run == nil {
		l.run = l.newRun(o, 0, nil)
	}
	return l.run.until(lane, i)
}

// known is how many are called before the one with i others before it in a lane,
// where that takes no run.
func (o Order) known(l *line, lane, i int) (int, bool) {
	n := l.waiting()
	switch {
	case n[lane] == n[0]+n[1]+n[2]: // nobody of another class
		return i, true
	case o.Bound <= 0:
		return o.before(l.cycle, lane, i, n), true
	}
	return 0, false
}

// aheadOfNew is the same for a ticket that joins now. Where a bound and several
// classes are there it costs a run of the line, O(n log n).
func (s *State) aheadOfNew(id ticket.ServiceID, class ticket.Class, due bool, rank Instant, ref Ref) int {
	l := s.lines[id]
	if l == nil {
		return 0
	}
	o, p := s.order(id), place{rank, ref}
	lane := o.laneOf(class, due)
	i := l.lanes[lane].index(p)
	if n, ok := o.known(l, lane, i); ok {
		return n
	}
	return l.newRun(o, lane, &p).until(lane, i)
}

// aheadOfSent is the same for one who waits for one counter only: those of its
// service whom that counter would call first, if it alone called them.
func (s *State) aheadOfSent(l *line, t *Ticket) int {
	c, sent := s.counter(t.To), s.sent[t.To]
	if c == nil || sent == nil {
		return 0
	}
	var queue []place
	sent.walk(func(p place, _ int) bool {
		if s.tickets[p.ref].Service == t.Service {
			queue = append(queue, p)
		}
		return p != t.place()
	})
	own := false
	for _, id := range c.Services {
		own = own || id == t.Service
	}
	if !own {
		return len(queue) - 1
	}
	seat := s.Seat(c.ID)
	heads := []candidate{{passed: seat.Passed[""]}, {passed: seat.Passed[t.Service]}}
	r, calls := l.newRun(s.order(t.Service), 0, nil), 0
	for {
		heads[0].place = queue[0]
		p, _, _, more := r.peek()
		if !more {
			return calls + len(queue) - 1
		}
		heads[1].place = p
		if i, _ := c.choose(heads); i == 1 {
			r.step()
			heads[0].passed, heads[1].passed = heads[0].passed+1, 0
		} else {
			if queue = queue[1:]; len(queue) == 0 {
				return calls
			}
			heads[0].passed, heads[1].passed = 0, heads[1].passed+1
		}
		calls++
	}
}
