package queue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"antrean/shared/ticket"
)

// SnapshotForm is the version of Snapshot's shape. A snapshot of another form is
// thrown away and the log replayed: it holds nothing that the log does not.
const SnapshotForm = 2

// Snapshot is a state as plain data, for whoever stores it. It shares nothing that
// changes with the state it was taken of.
type Snapshot struct {
	Office    ticket.OfficeID
	Epoch     string
	Seq       uint64
	Time      Instant
	Believed  time.Time
	Settings  *Settings
	Day       Day
	Past      []PastDay
	Frozen    map[ticket.SequenceID]Sequence
	Drawn     map[ticket.SequenceID]int
	Taken     map[ticket.ServiceID]int
	Channels  map[ticket.ServiceID]map[Channel]int
	Gap       int
	GapDate   string
	Dates     map[string]int
	Forced    map[ticket.ServiceID]Forcing
	Leases    []Lease // the oldest first
	Late      []LateForm
	Calls     map[ticket.ServiceID]int
	Counters  map[ticket.CounterID]CounterSeat
	Cycles    map[ticket.ServiceID]Cycle
	Tickets   []Ticket
	Forgotten []byte // ids of 16 bytes, sorted
	Served    int
	Keys      []KeyForm

	Announcements []Announcement
	Recent        []Ref
}

// PastDay is a closed day that is still in memory.
type PastDay struct {
	Day     Day
	Tickets []Ref
}

// LateForm is a ticket that came after its day, and when.
type LateForm struct {
	Ticket Ref
	Time   Instant
}

// KeyForm is a used key, in the order of age.
type KeyForm struct {
	Actor Actor
	Key   string
	Made  Instant
	Entry KeyEntry
}

// Snapshot copies the state. Settings are shared, since they are never changed in place.
func (s *State) Snapshot() *Snapshot {
	n := &Snapshot{
		Office: s.office, Epoch: s.epoch, Seq: s.seq, Time: s.time, Believed: s.believed, Settings: s.settings, Day: s.day,
		Frozen: maps.Clone(s.frozen), Drawn: maps.Clone(s.drawn), Taken: maps.Clone(s.taken), Calls: maps.Clone(s.calls), Served: s.served,
		Counters:      make(map[ticket.CounterID]CounterSeat, len(s.counters)),
		Cycles:        map[ticket.ServiceID]Cycle{},
		Tickets:       make([]Ticket, 0, len(s.tickets)),
		Forgotten:     make([]byte, 0, 16*len(s.forgotten)),
		Keys:          make([]KeyForm, 0, len(s.keyLife)),
		Announcements: slices.Clone(s.announcements),
		Recent:        slices.Clone(s.recent),
	}
	for id, l := range s.lines {
		if l.cycle != (Cycle{}) {
			n.Cycles[id] = l.cycle
		}
	}
	s.saveDay(n)
	for _, d := range s.days {
		n.Past = append(n.Past, PastDay{d.day, slices.Clone(d.tickets)})
	}
	for id, c := range s.counters {
		seat := *c
		seat.Passed = maps.Clone(c.Passed)
		n.Counters[id] = seat
	}
	for _, t := range s.tickets {
		c := *t
		c.Overtaken = s.overtaken(t)
		n.Tickets = append(n.Tickets, c)
	}
	slices.SortFunc(n.Tickets, func(a, b Ticket) int { return cmp.Compare(a.Ref, b.Ref) })
	ids := slices.SortedFunc(maps.Keys(s.forgotten), func(a, b ticket.ID) int { return slices.Compare(a[:], b[:]) })
	for _, id := range ids {
		n.Forgotten = append(n.Forgotten, id[:]...)
	}
	for _, k := range s.keyLife {
		if e, ok := s.keys[k.name]; ok {
			n.Keys = append(n.Keys, KeyForm{k.name.actor, k.name.key, k.made, e})
		}
	}
	return n
}

// Restore is the state that a snapshot was taken of. The snapshot is the state's
// from now on.
func Restore(n *Snapshot) *State {
	s := New(n.Office)
	s.epoch, s.seq, s.time, s.believed, s.day, s.served = n.Epoch, n.Seq, n.Time, n.Believed, n.Day, n.Served
	if n.Settings != nil {
		s.use(n.Settings)
	}
	maps.Copy(s.frozen, n.Frozen)
	maps.Copy(s.drawn, n.Drawn)
	maps.Copy(s.taken, n.Taken)
	maps.Copy(s.calls, n.Calls)
	for id, c := range n.Cycles {
		s.line(id).cycle = c
	}
	s.loadDay(n)
	for id, c := range n.Counters {
		s.counters[id] = &c
	}
	for i := range n.Tickets {
		t := &n.Tickets[i]
		s.tickets[t.Ref] = t
		s.byID[t.ID] = t.Ref
		s.join(t)
	}
	for _, d := range n.Past {
		s.days = append(s.days, pastDay{d.Day, d.Tickets})
	}
	for at := 0; at+16 <= len(n.Forgotten); at += 16 {
		s.forgotten[ticket.ID(n.Forgotten[at:at+16])] = struct{}{}
	}
	for _, k := range n.Keys {
		name := keyName{k.Actor, k.Key}
		s.keys[name] = k.Entry
		s.keyLife = append(s.keyLife, keyAge{name, k.Made})
	}
	s.announcements, s.recent = n.Announcements, n.Recent
	return s
}
