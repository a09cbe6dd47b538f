package office

import (
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// view builds the wire's view of a topic, on the writer's goroutine.
func (s *Store) view(d *desk, name string) (any, error) {
	st := d.state
	if st.Settings() == nil {
		return nil, ErrNoSettings
	}
	v := viewer{st, s.moment(d)}
	kind, id := wire.SplitTopic(name)
	switch {
	case name == wire.TopicOffice:
		return v.office(), nil
	case name == wire.TopicKiosk:
		return v.kiosk(s.publicURL(st.Settings())), nil
	case kind == "board" && (id == "" || st.ZoneOf(ticket.ZoneID(id)) != nil):
		return v.board(ticket.ZoneID(id)), nil
	case kind == "counter":
		if c := st.Counter(ticket.CounterID(id)); c != nil {
			return v.counter(c), nil
		}
	case kind == "device" && s.config.Device != nil:
		if dev, ok := s.config.Device(d.id, ticket.DeviceID(id)); ok {
			return wire.DeviceView{Device: dev}, nil
		}
	case kind == "ticket":
		if parsed, err := ticket.ParseID(id); err == nil {
			if t := st.TicketByID(parsed); t != nil {
				return v.ticket(t), nil
			}
		}
	}
	return nil, ErrNoSuchTopic.With("topic", name)
}

// viewer turns a state at a moment into what windows show. It decides nothing.
type viewer struct {
	st  *queue.State
	now queue.Moment
}

func (v viewer) place() wire.Place {
	s := v.st.Settings()
	zone := v.st.Zone()
	name, _ := v.now.Wall.In(zone).Zone()
	return wire.Place{Name: s.Name, TimeZone: s.TimeZone, ZoneName: name}
}

func (v viewer) day() wire.Day {
	d := v.st.Day()
	return wire.Day{Open: d.Open, Date: d.Date}
}

func (v viewer) closed(id ticket.ServiceID) *wire.Closed {
	c := v.st.ClosedAt(id, v.now)
	if c == nil {
		return nil
	}
	return &wire.Closed{Code: c.Code, OpensAt: shown(c.OpensAt)}
}

// shown is a time that may be missing.
func shown(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (v viewer) kiosk(public string) wire.KioskView {
	s := v.st.Settings()
	out := wire.KioskView{Place: v.place(), Languages: s.Languages, Day: v.day(), Links: public != "", PublicURL: public, Agencies: []wire.Agency{}}
	of := map[ticket.AgencyID][]wire.Service{}
	for i := range s.Services {
		x := &s.Services[i]
		if x.Archived {
			continue
		}
		of[x.Agency] = append(of[x.Agency], wire.Service{
			ID: x.ID, Name: x.Name, Requirements: x.Requirements, Closed: v.closed(x.ID), Waiting: v.st.Waiting(x.ID),
		})
	}
	for _, a := range s.Agencies {
		if !a.Archived && len(of[a.ID]) > 0 {
			out.Agencies = append(out.Agencies, wire.Agency{ID: a.ID, Name: a.Name, Services: of[a.ID]})
		}
	}
	return out
}

func name(c *queue.Counter) wire.CounterName {
	return wire.CounterName{ID: c.ID, Label: c.Label, Name: c.Name}
}

// inZone finds a counter if it belongs to the zone; the empty zone is the whole hall.
func (v viewer) inZone(id ticket.CounterID, z ticket.ZoneID) *queue.Counter {
	if c := v.st.Counter(id); c != nil && (z == "" || c.Zone == z) {
		return c
	}
	return nil
}

// recentShown is how many calls a board's view holds.
const recentShown = 12

func (v viewer) board(z ticket.ZoneID) wire.BoardView {
	s := v.st.Settings()
	out := wire.BoardView{
		Place: v.place(), Zone: z, ZoneName: ticket.Text{}, Day: v.day(), Voice: wire.Voice{Times: s.Voice.Times, Digits: s.Voice.Digits},
		Announcements: []wire.Announcement{}, Recent: []wire.Call{}, Counters: []wire.BoardCounter{}, Waiting: []wire.WaitingCount{},
	}
	if zone := v.st.ZoneOf(z); zone != nil {
		out.ZoneName = zone.Name
	}
	for _, a := range v.st.Announcements(v.now.Office) {
		t, c := v.st.Ticket(a.Ticket), v.inZone(a.Counter, z)
		if t == nil || c == nil {
			continue
		}
		out.Announcements = append(out.Announcements, wire.Announcement{
			ID: a.ID, At: a.At, Recall: a.Recall, Number: t.Number, Prefix: prefixOf(t.Number, v.st), Counter: name(c),
			Language: t.Language, Service: t.Service,
		})
	}
	for _, t := range v.st.Recent() {
		if c := v.inZone(t.Counter, z); c != nil && len(out.Recent) < recentShown {
			out.Recent = append(out.Recent, wire.Call{Number: t.Number, Counter: name(c), At: t.Called, State: t.State})
		}
	}
	served := map[ticket.ServiceID]bool{}
	for i := range s.Counters {
		c := v.inZone(s.Counters[i].ID, z)
		if c == nil || c.Archived {
			continue
		}
		seat := v.st.Seat(c.ID)
		out.Counters = append(out.Counters, wire.BoardCounter{Counter: name(c), Open: seat.Open, Number: v.numberOf(seat.Current)})
		for _, id := range c.Services {
			served[id] = true
		}
	}
	for i := range s.Services {
		x := &s.Services[i]
		if n := v.st.Waiting(x.ID); served[x.ID] && (!x.Archived || n > 0) {
			w := wire.WaitingCount{Service: x.ID, Name: x.Name, Waiting: n}
			if a := v.st.Agency(x.Agency); a != nil {
				w.Agency = a.Name
			}
			out.Waiting = append(out.Waiting, w)
		}
	}
	return out
}

// prefixOf is what stands before the digits of a printed number.
func prefixOf(n ticket.Number, st *queue.State) string {
	q := st.Sequence(n.Sequence)
	if q.Text(n.N) == n.Text {
		return q.Prefix
	}
	return ""
}

func (v viewer) numberOf(ref queue.Ref) string {
	if t := v.st.Ticket(ref); t != nil {
		return t.Number.Text
	}
	return ""
}

func (v viewer) ticket(t *queue.Ticket) wire.TicketView {
	out := wire.TicketView{
		Place: v.place(), Number: t.Number, Class: t.Class, State: t.State, Ahead: v.st.Ahead(t), Day: t.Date,
		Taken: t.Taken, Called: shown(t.Called), Calls: t.Calls,
	}
	if x := v.st.Service(t.Service); x != nil {
		out.Service = x.Name
		if a := v.st.Agency(x.Agency); a != nil {
			out.Agency = a.Name
		}
	}
	if c := v.st.Counter(t.Counter); c != nil {
		n := name(c)
		out.Counter = &n
	}
	return out
}
