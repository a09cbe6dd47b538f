package office

import (
	"encoding/json"
	"slices"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// How many tickets a counter's view lists.
const (
	lineShown   = 20
	parkedShown = 50
	missedShown = 20
	missedLook  = 400 // among so many of the latest are those looked for that may return
)

func (v viewer) counter(c *queue.Counter) wire.CounterView {
	seat := v.st.Seat(c.ID)
	out := wire.CounterView{
		Place: v.place(), Counter: name(c), Open: seat.Open, Holder: holder(seat), Day: v.day(), Services: []wire.CounterService{},
		Served: seat.Served, Paused: seat.Paused, Undo: v.undo(c.ID),
		Line: []wire.CounterTicket{}, Parked: []wire.CounterTicket{}, Missed: []wire.CounterTicket{},
	}
	out.Current, out.Last = v.at(c, seat.Current), v.at(c, seat.Last)
	for _, id := range c.Services {
		x := v.st.Service(id)
		n := v.st.WaitingAt(c.ID, id)
		if x == nil || x.Archived && n == 0 {
			continue
		}
		line := wire.CounterService{ID: id, Name: x.Name, Waiting: n}
		if first := v.st.Longest(id); n > 0 && first != nil {
			line.Since = shown(since(first))
		}
		out.Services = append(out.Services, line)
		out.Waiting += n
	}
	for _, t := range v.st.Upcoming(c, lineShown) {
		out.Line = append(out.Line, v.counterTicket(c, t))
	}
	for _, t := range v.st.Parked() {
		if len(out.Parked) < parkedShown && serves(c, t.Service) {
			out.Parked = append(out.Parked, v.counterTicket(c, t))
		}
	}
	out.Missed = v.missed(c, out.Missed)
	return out
}

// missed are those who may still come back, the latest missed call first.
func (v viewer) missed(c *queue.Counter, out []wire.CounterTicket) []wire.CounterTicket {
	var all []*queue.Ticket
	for _, t := range v.st.LatestMissed(missedLook) {
		if serves(c, t.Service) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *queue.Ticket) int { return int(int64(b.Missed) - int64(a.Missed)) })
	for _, t := range all {
		if len(out) == missedShown {
			break
		}
		if v.st.MayReturn(t, v.now) == nil {
			out = append(out, v.counterTicket(c, t))
		}
	}
	return out
}

// serves is whether a counter may call tickets of a service.
func serves(c *queue.Counter, id ticket.ServiceID) bool {
	return slices.Contains(c.Services, id) || slices.Contains(c.Help, id)
}

// since is the wall time from which a ticket's wait counts: that of its rank.
func since(t *queue.Ticket) time.Time { return t.Taken.Add(t.Rank.Sub(t.TakenTime)) }

func holder(seat queue.CounterSeat) *wire.Holder {
	if !seat.Open {
		return nil
	}
	return &wire.Holder{Session: seat.Session, Account: ticket.AccountID(seat.Account)}
}

func (v viewer) at(c *queue.Counter, ref queue.Ref) *wire.CounterTicket {
	t := v.st.Ticket(ref)
	if t == nil {
		return nil
	}
	out := v.counterTicket(c, t)
	return &out
}

func (v viewer) counterTicket(c *queue.Counter, t *queue.Ticket) wire.CounterTicket {
	out := wire.CounterTicket{
		ID: t.ID, Number: t.Number, Service: t.Service, Class: t.Class, Language: t.Language, State: t.State,
		Taken: t.Taken, Called: shown(t.Called), Started: shown(t.Started), Ended: shown(t.Ended), Calls: t.Calls,
		Parking: t.Parking, Here: t.To == c.ID,
	}
	if x := v.st.Service(t.Service); x != nil {
		out.Name = x.Name
	}
	for _, id := range t.Next {
		if x := v.st.Service(id); x != nil {
			out.Next = append(out.Next, x.Name)
		}
	}
	return out
}

var deeds = map[queue.Deed]string{
	queue.DeedCalled: "called", queue.DeedStarted: "started", queue.DeedFinished: "finished", queue.DeedMissed: "missed",
	queue.DeedCancelled: "cancelled", queue.DeedParked: "parked", queue.DeedTransferred: "transferred",
	queue.DeedServiceAdded: "service_added", queue.DeedPaused: "paused", queue.DeedResumed: "resumed",
}

// undo is the counter's last action while it can be taken back. Its end is told to
// a tenth of a second, so that two looks at it say the same.
func (v viewer) undo(id ticket.CounterID) *wire.CounterUndo {
	act := v.st.Undoable(id, v.now.Office)
	if act == nil {
		return nil
	}
	left := act.Time.Add(queue.UndoTime).Sub(v.now.Office)
	out := &wire.CounterUndo{Seq: uint64(act.Seq), Action: deeds[act.What], Until: v.now.Wall.Add(left).Truncate(100 * time.Millisecond)}
	if act.Ticket != nil {
		out.Number = act.Ticket.Number.Text
	}
	return out
}

// sharedPart is what the views of all counters have in common, as the end of a JSON
// object. It is made once for each change of the settings, since with a hundred
// services it is the greater part of a view.
type sharedPart struct {
	of   *queue.Settings
	json []byte // codes and targets, without the first brace
}

// marshal encodes a view.
func (d *desk) marshal(view any) ([]byte, error) {
	b, err := json.Marshal(view)
	if _, ok := view.(wire.CounterView); !ok || err != nil {
		return b, err
	}
	if s := d.state.Settings(); d.shared.of != s {
		part, err := json.Marshal(sharedOf(d.state))
		if err != nil {
			return nil, err
		}
		d.shared = sharedPart{s, part[1:]}
	}
	if len(d.shared.json) == 1 { // nothing but the last brace
		return b, nil
	}
	b[len(b)-1] = ','
	return append(b, d.shared.json...), nil
}

// counterShared has the fields of wire.CounterView that sharedPart holds.
type counterShared struct {
	Outcomes []wire.Code   `json:"outcomes,omitempty"`
	Pauses   []wire.Code   `json:"pauses,omitempty"`
	Parkings []wire.Code   `json:"parkings,omitempty"`
	Targets  []wire.Target `json:"targets,omitempty"`
}

func sharedOf(st *queue.State) counterShared {
	s := st.Settings()
	out := counterShared{Outcomes: codes(s.Outcomes), Pauses: codes(s.Pauses), Parkings: codes(s.Parkings)}
	by := map[ticket.ServiceID][]wire.CounterName{}
	for i := range s.Counters {
		c := &s.Counters[i]
		if c.Archived {
			continue
		}
		for _, id := range slices.Concat(c.Services, c.Help) {
			by[id] = append(by[id], name(c))
		}
	}
	for i := range s.Services {
		x := &s.Services[i]
		if x.Archived {
			continue
		}
		t := wire.Target{Service: x.ID, Name: x.Name, Agency: ticket.Text{}, Counters: by[x.ID]}
		if a := st.Agency(x.Agency); a != nil {
			t.Agency = a.Name
		}
		if t.Counters == nil {
			t.Counters = []wire.CounterName{}
		}
		out.Targets = append(out.Targets, t)
	}
	return out
}

func codes(all []queue.Code) []wire.Code {
	var out []wire.Code
	for _, c := range all {
		if !c.Archived {
			out = append(out, wire.Code{Code: c.Code, Name: c.Name})
		}
	}
	return out
}
