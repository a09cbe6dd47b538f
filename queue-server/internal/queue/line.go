package queue

import "antrean/shared/ticket"

// line is who waits for a service: a lane for each class, each in the order of
// places. Who was sent to one counter stands in that counter's lane (State.sent).
type line struct {
	lanes [laneCount]tree
	cycle Cycle
	sent  int  // who wait for this service, each at one counter only
	run   *run // as far as anybody has asked; nil since the last change
}

func (l *line) head(lane int) (place, bool) { return l.lanes[lane].first() }
func (l *line) most(lane int, p place) int  { return l.lanes[lane].most(p) }
func (l *line) waiting() (n [laneCount]int) {
	for k := range l.lanes {
		n[k] = l.lanes[k].len()
	}
	return n
}

func (l *line) len() int {
	n := l.waiting()
	return n[0] + n[1] + n[2] + l.sent
}

func (s *State) line(id ticket.ServiceID) *line {
	l := s.lines[id]
	if l == nil {
		l = &line{}
		s.lines[id] = l
	}
	return l
}

func (s *State) order(id ticket.ServiceID) Order {
	if v := s.service(id); v != nil {
		return v.Order
	}
	return Order{}
}

// appointed reports whether a ticket belongs among the appointments once its window
// is open. Who missed a call came late and is a walk-in.
func (o Order) appointed(t *Ticket) bool {
	return o.Appointment > 0 && t.Class == ticket.Appointment && t.Missed == 0 && t.To == ""
}

func (o Order) laneOf(c ticket.Class, due bool) int {
	switch {
	case c == ticket.Appointment && due && o.Appointment > 0:
		return laneAppointment
	case c == ticket.Priority && o.Priority > 0:
		return lanePriority
	}
	return laneRegular
}

// stand is the lane in which a ticket waits, and its place there. Who has an
// appointment stands among the others from the beginning of the window, or from the
// arrival where that was later; so the earlier slot comes first.
func (o Order) stand(t *Ticket) (int, place) {
	lane, p := o.laneOf(t.Class, t.Due && t.Missed == 0), t.place()
	if lane == laneAppointment {
		p.rank = max(p.rank, t.DueTime)
	}
	return lane, p
}

func (t *Ticket) place() place { return place{t.Rank, t.Ref} }

// enqueue puts a waiting ticket into its line. Until dequeue its service, rank,
// class, slot and counter must not be changed: the line finds it by them.
func (s *State) enqueue(t *Ticket) {
	if t.To != "" && !s.Seat(t.To).Open {
		t.To = "" // nobody waits for a counter that is closed
	}
	l, o := s.line(t.Service), s.order(t.Service)
	l.run = nil
	if t.To != "" {
		l.sent++
		to := s.sent[t.To]
		if to == nil {
			to = &tree{}
			s.sent[t.To] = to
		}
		to.add(t.place(), 0)
		return
	}
	lane, p := o.stand(t)
	l.lanes[lane].add(p, t.Overtaken)
	if !t.Due && o.appointed(t) {
		s.coming.add(t.opens(), 0)
	}
}

// dequeue takes it out, and settles how often it was overtaken.
func (s *State) dequeue(t *Ticket) {
	l, o := s.line(t.Service), s.order(t.Service)
	l.run = nil
	if t.To != "" {
		if to := s.sent[t.To]; to != nil {
			if _, there := to.remove(t.place()); there {
				l.sent--
			}
		}
		return
	}
	lane, p := o.stand(t)
	if n, there := l.lanes[lane].remove(p); there {
		t.Overtaken = n
	}
	if !t.Due && o.appointed(t) {
		s.coming.remove(t.opens())
	}
}

// overtaken is how often a ticket has been overtaken because of class by now.
func (s *State) overtaken(t *Ticket) int {
	if l := s.lines[t.Service]; l != nil && t.State == ticket.Waiting && t.To == "" {
		lane, p := s.order(t.Service).stand(t)
		if n, there := l.lanes[lane].count(p); there {
			return n
		}
	}
	return t.Overtaken
}

// clearLines empties the office at the end of a day.
func (s *State) clearLines() {
	clear(s.lines)
	clear(s.sent)
	s.coming = tree{}
}

// reorder moves those who wait to the lanes of new settings. A call from before it
// can be undone, but the overtakings that it made are no longer told apart and stay.
func (s *State) reorder(was, now index) {
	for id, l := range s.lines {
		var before, after Order
		if v := was.services[id]; v != nil {
			before = v.Order
		}
		if v := now.services[id]; v != nil {
			after = v.Order
		}
		if before == after {
			continue
		}
		for _, seat := range s.counters {
			if seat.Action != nil && seat.Action.Turn != 0 {
				act := *seat.Action
				act.Turn, seat.Action = 0, &act
			}
		}
		l.run = nil
		if before.turns() != after.turns() || before.Classes() != after.Classes() {
			l.cycle = Cycle{}
		}
		var all []*Ticket
		for k := range l.lanes {
			l.lanes[k].walk(func(p place, count int) bool {
				t := s.tickets[p.ref]
				t.Overtaken = count
				all = append(all, t)
				return true
			})
			l.lanes[k] = tree{}
		}
		for _, t := range all {
			s.coming.remove(t.opens())
			lane, p := after.stand(t)
			l.lanes[lane].add(p, t.Overtaken)
			if !t.Due && after.appointed(t) {
				s.coming.add(t.opens(), 0)
			}
		}
	}
}

// opens is the place of a ticket among the windows that are still to open.
func (t *Ticket) opens() place { return place{InstantOf(t.Slot.From), t.Ref} }

// dueNow says which appointments' windows have opened, the earliest first. It costs
// nothing while none has; a clock that cannot be believed opens none.
func (s *State) dueNow(now Moment) []Event {
	var out []Event
	if !now.Plausible || !s.day.Open {
		return nil
	}
	wall := InstantOf(now.Wall)
	if p, ok := s.coming.first(); !ok || p.rank > wall {
		return nil
	}
	s.coming.walk(func(p place, _ int) bool {
		if p.rank > wall {
			return false
		}
		out = append(out, Due{p.ref})
		return true
	})
	return out
}

// due lets a ticket stand among the appointments.
func (s *State) due(r *Record, e Due) {
	t := s.tickets[e.Ticket]
	if t == nil || t.Due {
		return
	}
	waits := t.State == ticket.Waiting
	if waits {
		s.dequeue(t)
	}
	t.Due, t.DueTime, t.DueBy = true, min(InstantOf(t.Slot.From), r.Time), Ref(r.Seq)
	if waits {
		s.enqueue(t)
	}
}

// nth is the place in a service's line behind n others, by the order of places; of
// classes it knows nothing.
func (s *State) nth(id ticket.ServiceID, n int) (place, bool) {
	l := s.lines[id]
	if l == nil || n < 0 {
		return place{}, false
	}
	var at [laneCount]int
	for {
		lane, first := -1, place{}
		for k := range l.lanes {
			if at[k] == l.lanes[k].len() {
				continue
			}
			if p := l.lanes[k].at(at[k]); lane < 0 || p.before(first) {
				lane, first = k, p
			}
		}
		if lane < 0 || n == 0 {
			return first, lane >= 0
		}
		at[lane]++
		n--
	}
}

// behind is the rank behind all who stand in a service's line by now: now, or as
// many microseconds later as others of the same instant need.
func (s *State) behind(id ticket.ServiceID, now Instant) Instant {
	l := s.lines[id]
	if l == nil {
		return now
	}
	for k := 0; k < laneCount; k++ {
		t := &l.lanes[k]
		if i := t.index(place{now, 0}); i < t.len() && t.at(i).rank == now {
			now++
			k = -1 // somebody of an earlier lane may be of this instant
		}
	}
	return now
}

// release lets everybody who was sent to a counter wait for whichever serves them,
// each at their own rank, since that counter has closed.
func (s *State) release(c ticket.CounterID) {
	sent := s.sent[c]
	if sent == nil {
		return
	}
	var refs []Ref
	sent.walk(func(p place, _ int) bool {
		refs = append(refs, p.ref)
		return true
	})
	for _, ref := range refs {
		t := s.tickets[ref]
		s.dequeue(t)
		t.To = ""
		s.enqueue(t)
	}
}
