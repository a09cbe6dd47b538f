package queue

import (
	"maps"
	"slices"
	"time"

	"antrean/shared/ticket"
)

// LeaseLife is how long, in office time after its end, a lease is remembered, so
// that tickets of a kiosk that was cut off over a long holiday still come in.
const LeaseLife = Trust + 10*24*time.Hour

// Bounds of a lease, so that no device can ask for a day's numbers again and again.
const (
	MaxLease  = 1000 // numbers in one
	maxLeases = 2    // of one sequence, open at one device: the one in use and the next
)

// Lease is a range of a day's numbers that a device gives out alone.
type Lease struct {
	ID       string
	Device   ticket.DeviceID
	Form     Sequence // as its numbers are printed
	From, To int
	Day      int
	Date     string
	Granted  Instant
	Services []ticket.ServiceID       // of the sequence when it was granted
	Shares   map[ticket.ServiceID]int // of the services with a quota; no entry: no bound
	Used     map[ticket.ServiceID]int // tickets that came in
	Given    []Gift                   // those tickets, by number
	Ended    Instant                  // 0: open
	Returned bool                     // ended before its day was over
}

// Gift is one number of a lease and the ticket that came in under it.
type Gift struct {
	N      int
	ID     ticket.ID
	Ticket Ref
	State  ticket.State // as its arrival left it
}

type lateRef struct {
	ref  Ref
	time Instant
}

// Lease is a lease in memory. It must not be changed.
func (s *State) Lease(id string) (Lease, bool) {
	if l := s.leases[id]; l != nil {
		return *l, true
	}
	return Lease{}, false
}

// Leases calls yield for the open leases, the oldest first.
func (s *State) Leases(yield func(Lease) bool) {
	for _, id := range s.leaseAge {
		if l := s.leases[id]; l.Ended == 0 && !yield(*l) {
			return
		}
	}
}

func (l *Lease) gift(n int) (Gift, bool) {
	i, ok := slices.BinarySearchFunc(l.Given, n, func(g Gift, n int) int { return g.N - n })
	if !ok {
		return Gift{}, false
	}
	return l.Given[i], true
}

// Decide reserves numbers, and of each of the sequence's services with a quota as
// many of the places that are left as were asked for. Those count as given out.
func (a GrantLease) Decide(s *State, _ Moment) (Decision, error) {
	if !s.day.Open {
		return Decision{}, ErrDayClosed
	}
	if l := s.leases[a.ID]; l != nil {
		if l.Device != a.Device || l.Form.ID != a.Sequence || l.To-l.From+1 != a.Count {
			return Decision{}, ErrLeaseUsed
		}
		return Decision{Before: true}, nil
	}
	if q, ok := s.index.sequences[a.Sequence]; !ok || q.Archived {
		return Decision{}, ErrNoSuchSequence
	}
	if !idForm(a.ID) || !idForm(string(a.Device)) || a.Count < 1 || a.Count > MaxLease || a.Share < 0 {
		return Decision{}, ErrLeaseSize
	}
	open := 0
	for l := range s.Leases {
		if l.Device == a.Device && l.Form.ID == a.Sequence && len(l.Given) <= l.To-l.From {
			open++
		}
	}
	if open >= maxLeases {
		return Decision{}, ErrLeaseHeld
	}
	from := s.last(a.Sequence) + 1
	e := Leased{ID: a.ID, Device: a.Device, Sequence: a.Sequence, From: from, To: from + a.Count - 1}
	for i := range s.settings.Services {
		v := &s.settings.Services[i]
		if v.Sequence != a.Sequence || v.Archived {
			continue
		}
		if room, bound := s.room(v, ChannelKiosk); bound {
			if e.Shares == nil {
				e.Shares = map[ticket.ServiceID]int{}
			}
			e.Shares[v.ID] = min(a.Share, room)
		}
	}
	return Decision{Events: []Event{e}}, nil
}

// Decide takes in a ticket that was given out alone. Its paper is in the hall, so
// hours, quota and settings of today have no say: only the lease has.
func (a Arrive) Decide(s *State, now Moment) (Decision, error) {
	l := s.leases[a.Lease]
	switch {
	case l == nil:
		return Decision{}, ErrNoSuchLease
	case l.Device != a.Device:
		return Decision{}, ErrLeaseNotYours
	}
	class := a.Class
	if class == "" {
		class = ticket.Regular
	}
	if d, known, err := a.before(s, l, class); known || err != nil {
		return d, err
	}
	language := a.Language
	if !slices.Contains(s.settings.Languages, language) {
		language = s.settings.Languages[0]
	}
	over := s.over(l)
	switch {
	case a.N < l.From || a.N > l.To:
		return Decision{}, ErrLeaseNumber
	case !l.serves(s, a.Service):
		return Decision{}, ErrLeaseService
	case !class.Known():
		return Decision{}, ErrUnknownClass
	case class == ticket.Appointment:
		return Decision{}, ErrNeedsBooking
	}
	if _, twice := l.gift(a.N); twice {
		return Decision{}, ErrNumberUsed.With("number", l.Form.Text(a.N))
	}
	if share, bound := l.Shares[a.Service]; bound && l.Used[a.Service] >= share && !s.roomAgain(l, a.Service, over) {
		return Decision{}, ErrLeaseShare
	}
	e := Issued{
		Ticket: a.ID, Service: a.Service, Number: ticket.Number{Sequence: l.Form.ID, N: a.N, Text: l.Form.Text(a.N)}, Class: class,
		Language: language, Channel: ChannelKiosk, Lease: l.ID, Rank: now.Office, Late: RankOfReach,
	}
	if a.Age >= 0 {
		e.Rank, e.Late = min(max(now.Office.Add(-a.Age), l.Granted), now.Office), RankOfAge
	}
	ref, st := Ref(s.seq+1), ticket.Expired
	if !over {
		st, e.Ahead = ticket.Waiting, s.aheadOfNew(e.Service, class, false, e.Rank, ref)
	}
	return Decision{Events: []Event{e}, Answer: Answer{ref, st}}, nil
}

// before finds what has come in under the same id.
func (a Arrive) before(s *State, l *Lease, class ticket.Class) (Decision, bool, error) {
	g, given := l.gift(a.N)
	if given && g.ID == a.ID {
		t := s.tickets[g.Ticket]
		if t != nil && t.Asked != (Asked{a.Service, class}) {
			return Decision{}, false, ErrIDUsed
		}
		return Decision{Before: true, Answer: Answer{g.Ticket, g.State}}, true, nil
	}
	_, here := s.byID[a.ID]
	_, old := s.forgotten[a.ID]
	if here || old {
		return Decision{}, false, ErrIDUsed
	}
	return Decision{}, false, nil
}

// serves reports whether a number of the lease may be a service's: by the settings
// of its morning or by those of now.
func (l *Lease) serves(s *State, id ticket.ServiceID) bool {
	v := s.service(id)
	return v != nil && (v.Sequence == l.Form.ID || slices.Contains(l.Services, id))
}

// over reports whether the lease's day has ended.
func (s *State) over(l *Lease) bool { return !s.day.Open || l.Day != s.day.Number }

// roomAgain reports whether a ticket above the share may come in: one of a lease
// that was given back, on its day, while the quota still has a place.
func (s *State) roomAgain(l *Lease, id ticket.ServiceID, over bool) bool {
	if !l.Returned || over {
		return false
	}
	room, bound := s.room(s.service(id), ChannelKiosk)
	return !bound || room > 0
}

// Decide gives a lease back. A device gives back its own; a person (no device) any.
func (a EndLease) Decide(s *State, _ Moment) (Decision, error) {
	l := s.leases[a.ID]
	switch {
	case l == nil:
		return Decision{}, ErrNoSuchLease
	case a.Device != "" && a.Device != l.Device:
		return Decision{}, ErrLeaseNotYours
	case l.Ended != 0:
		return Decision{Before: true}, nil
	}
	return Decision{Events: []Event{LeaseEnded{a.ID}}}, nil
}

// room is how many more tickets a service's quotas allow on a channel; bound is
// false where there is no quota.
func (s *State) room(v *Service, by Channel) (room int, bound bool) {
	if v.Quota > 0 {
		room, bound = v.Quota-s.taken[v.ID]-s.held[v.ID], true
	}
	if most := v.Quotas[by]; most > 0 {
		left := most - s.channels[v.ID][by]
		if by == ChannelKiosk {
			left -= s.held[v.ID]
		}
		if !bound || left < room {
			room, bound = left, true
		}
	}
	return max(room, 0), bound
}

func (s *State) lease(r *Record, e Leased) {
	s.freeze(e.Sequence)
	l := &Lease{
		ID: e.ID, Device: e.Device, Form: s.sequence(e.Sequence), From: e.From, To: e.To, Day: s.day.Number, Date: s.day.Date,
		Granted: r.Time, Shares: maps.Clone(e.Shares), Used: map[ticket.ServiceID]int{},
	}
	for i := range s.settings.Services {
		if v := &s.settings.Services[i]; v.Sequence == e.Sequence {
			l.Services = append(l.Services, v.ID)
		}
	}
	for id, n := range l.Shares {
		s.held[id] += n
	}
	s.leases[e.ID] = l
	s.leaseAge = append(s.leaseAge, e.ID)
	s.drawn[e.Sequence] = max(s.last(e.Sequence), e.To)
}

// arrived marks a number of the lease as used.
func (s *State) arrived(l *Lease, t *Ticket) {
	i, _ := slices.BinarySearchFunc(l.Given, t.Number.N, func(g Gift, n int) int { return g.N - n })
	l.Given = slices.Insert(l.Given, i, Gift{t.Number.N, t.ID, t.Ref, t.State})
	if share, bound := l.Shares[t.Service]; bound && l.Ended == 0 && l.Used[t.Service] < share {
		s.held[t.Service]--
	}
	l.Used[t.Service]++
}

// endLease returns what a lease has left of its shares. Its numbers stay drawn.
func (s *State) endLease(id string, at Instant) {
	l := s.leases[id]
	if l == nil || l.Ended != 0 {
		return
	}
	l.Ended, l.Returned = at, true
	for v, share := range l.Shares {
		s.held[v] -= share - l.Used[v]
		l.Shares[v] = l.Used[v]
	}
}

// endLeases ends the leases of a day that is over.
func (s *State) endLeases(at Instant) {
	for _, l := range s.leases {
		if l.Ended == 0 {
			l.Ended = at
		}
	}
	clear(s.held)
}

func (s *State) forgetLeases() {
	n := 0
	for _, id := range s.leaseAge {
		if l := s.leases[id]; l.Ended == 0 || s.time.Sub(l.Ended) <= LeaseLife {
			break
		}
		delete(s.leases, id)
		n++
	}
	s.leaseAge = s.leaseAge[n:]
}

// forgetLate drops tickets that came after their day, KeyLife after they came.
func (s *State) forgetLate() {
	n := 0
	for n < len(s.late) && s.time.Sub(s.late[n].time) > KeyLife {
		s.forgetTicket(s.late[n].ref)
		n++
	}
	s.late = s.late[n:]
}

func (s *State) forgetTicket(ref Ref) {
	if t := s.tickets[ref]; t != nil {
		s.forgotten[t.ID] = struct{}{}
		delete(s.byID, t.ID)
		delete(s.tickets, ref)
	}
}

// clone shares nothing that changes.
func (l *Lease) clone() Lease {
	c := *l
	c.Shares, c.Used, c.Given = maps.Clone(l.Shares), maps.Clone(l.Used), slices.Clone(l.Given)
	return c
}

// loadLeases is the second half of Restore for leases.
func (s *State) loadLeases(all []Lease) {
	for i := range all {
		l := all[i].clone()
		if l.Used == nil {
			l.Used = map[ticket.ServiceID]int{}
		}
		s.leases[l.ID] = &l
		s.leaseAge = append(s.leaseAge, l.ID)
		if l.Ended != 0 {
			continue
		}
		for v, share := range l.Shares {
			s.held[v] += share - l.Used[v]
		}
	}
}
