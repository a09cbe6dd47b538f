package story

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Picture is an office as it stood after one event.
type Picture struct {
	Office   ticket.OfficeID `json:"office"`
	Name     string          `json:"name"`
	Seq      uint64          `json:"seq"`
	At       time.Time       `json:"at"` // the event's wall time, in the office's zone
	Event    string          `json:"event"`
	Day      PictureDay      `json:"day"`
	Forced   string          `json:"forced,omitempty"` // of the office, against its hours: open, or a closed code
	Services []PictureLine   `json:"services"`         // those with somebody waiting, or closed against the hours
	Counters []PictureSeat   `json:"counters"`         // those that are open
	Parked   []Waiter        `json:"parked"`
	Missed   []Waiter        `json:"missed"`
	Taken    int             `json:"taken"`  // tickets of the day
	Served   int             `json:"served"` // of them
	Waiting  int             `json:"waiting"`
}

// PictureDay is the business day of a picture; number 0: there had been none.
type PictureDay struct {
	Number int    `json:"number"`
	Date   string `json:"date"`
	Open   bool   `json:"open"`
}

// PictureLine is a service's line, in the order in which it would be called.
type PictureLine struct {
	ID      ticket.ServiceID `json:"id"`
	Name    string           `json:"name"`
	Closed  string           `json:"closed,omitempty"` // a closed code, by hand or by force
	Forced  bool             `json:"forced,omitempty"` // open against its hours
	Waiting []Waiter         `json:"waiting"`
}

// Waiter is a ticket that waits.
type Waiter struct {
	Number  string       `json:"number"`
	Class   ticket.Class `json:"class"`
	Service string       `json:"service,omitempty"`
	Seconds int          `json:"waited"`            // since its place in the line counts
	Counter string       `json:"counter,omitempty"` // sent to this one only
}

// PictureSeat is an open counter.
type PictureSeat struct {
	ID      ticket.CounterID `json:"id"`
	Label   string           `json:"label"`
	Paused  string           `json:"paused,omitempty"` // the reason
	Number  string           `json:"number,omitempty"` // of the ticket there
	Service string           `json:"service,omitempty"`
	State   string           `json:"state,omitempty"` // called, serving
	Seconds int              `json:"since,omitempty"` // since it was last called, or began to be served
}

// At is the office after an event: the one with a sequence, such as 4711, or the last
// one at a time of the office's zone, such as 2026-11-23 09:30:00 (also RFC 3339; a
// time without a date is of the open day, or the last one). A time is looked for in
// office time, which never goes back: the wall clock's as long as that was right.
// Names are in a language of the house.
func (t *Teller) At(ctx context.Context, office ticket.OfficeID, at, lang string) (Picture, error) {
	if err := t.enter(ctx); err != nil {
		return Picture{}, err
	}
	defer t.leave()
	last, err := t.head(office)
	if err != nil {
		return Picture{}, err
	}
	seq, err := t.resolve(ctx, office, last, strings.TrimSpace(at))
	if err != nil {
		return Picture{}, err
	}
	r, err := t.record(ctx, office, seq)
	if err != nil {
		return Picture{}, err
	}
	st, err := t.at(ctx, office, seq)
	if err != nil {
		return Picture{}, err
	}
	return picture(st, r, words{language(lang)}), nil
}

const maxWhen = 40 // characters

// resolve is the sequence that a person means.
func (t *Teller) resolve(ctx context.Context, office ticket.OfficeID, last uint64, at string) (uint64, error) {
	if at == "" || len(at) > maxWhen {
		return 0, ErrBadMoment
	}
	if strings.Trim(at, "0123456789") == "" {
		seq, err := strconv.ParseUint(at, 10, 64)
		if err != nil || seq == 0 || seq > last {
			return 0, ErrNoSuchEvent.With("last", strconv.FormatUint(last, 10))
		}
		return seq, nil
	}
	when, err := t.when(ctx, office, last, at)
	if err != nil {
		return 0, err
	}
	seq, err := t.search(ctx, office, last, func(r *queue.Record) bool { return r.Time > queue.InstantOf(when) })
	if err != nil {
		return 0, err
	}
	if seq == 1 {
		first, err := t.record(ctx, office, 1)
		if err != nil {
			return 0, err
		}
		return 0, ErrBeforeFirst.With("first", time.UnixMicro(int64(first.Time)).In(when.Location()).Format(time.RFC3339))
	}
	return seq - 1, nil
}

var whens = []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"}

// when reads a time. A minute without seconds is meant whole, and a date alone too.
func (t *Teller) when(ctx context.Context, office ticket.OfficeID, last uint64, at string) (time.Time, error) {
	st, err := t.at(ctx, office, last)
	if err != nil {
		return time.Time{}, err
	}
	zone := st.Zone()
	if w, err := time.Parse(time.RFC3339Nano, at); err == nil {
		return w.In(zone), nil
	}
	if w, err := time.ParseInLocation(time.DateOnly, at, zone); err == nil {
		return w.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	whole := at
	if len(at) <= len("15:04:05") && st.Day().Date != "" {
		whole = st.Day().Date + " " + at
	}
	for _, form := range whens {
		w, err := time.ParseInLocation(form, whole, zone)
		switch {
		case err != nil:
			continue
		case strings.HasSuffix(form, ":05"):
			return w.Add(time.Second - time.Microsecond), nil
		}
		return w.Add(time.Minute - time.Microsecond), nil
	}
	return time.Time{}, ErrBadMoment
}

// picture draws a state, as its last record has left it.
func picture(st *queue.State, r *queue.Record, w words) Picture {
	now := queue.Moment{Wall: r.At, Plausible: r.Plausible, Office: st.Time()}
	d := st.Day()
	p := Picture{
		Office: st.Office(), Seq: r.Seq, At: r.At.In(st.Zone()), Event: kind(r.Event), Day: PictureDay{d.Number, d.Date, d.Open},
		Services: []PictureLine{}, Counters: []PictureSeat{}, Parked: []Waiter{}, Missed: []Waiter{},
	}
	v := settingsOf(st)
	p.Name = v.Name.In(w.lang)
	p.Taken, p.Served, p.Waiting = st.Totals()
	p.Forced, _ = forced(st, "", now)
	lines := waiting(st)
	for i := range v.Services {
		line := PictureLine{ID: v.Services[i].ID, Name: w.service(st, v.Services[i].ID), Closed: v.Services[i].Closed, Waiting: []Waiter{}}
		if by, open := forced(st, line.ID, now); by != "" {
			line.Forced, line.Closed = open, by
			if open {
				line.Closed = ""
			}
		}
		for _, k := range lines[line.ID] {
			line.Waiting = append(line.Waiting, w.waiter(st, k, ""))
		}
		if len(line.Waiting) > 0 || line.Closed != "" && !v.Services[i].Archived || line.Forced {
			p.Services = append(p.Services, line)
		}
	}
	for i := range v.Counters {
		if seat := st.Seat(v.Counters[i].ID); seat.Open {
			p.Counters = append(p.Counters, w.seat(st, v.Counters[i].ID, seat))
		}
	}
	for _, k := range st.Parked() {
		p.Parked = append(p.Parked, w.waiter(st, k, w.service(st, k.Service)))
	}
	for _, k := range st.Missed() {
		p.Missed = append(p.Missed, w.waiter(st, k, w.service(st, k.Service)))
	}
	return p
}

// waiting are the lines, each in the order in which it would be called.
func waiting(st *queue.State) map[ticket.ServiceID][]*queue.Ticket {
	type place struct {
		ahead int
		k     *queue.Ticket
	}
	places := map[ticket.ServiceID][]place{}
	for k := range st.Tickets {
		if k.State == ticket.Waiting {
			places[k.Service] = append(places[k.Service], place{st.Ahead(k), k})
		}
	}
	out := map[ticket.ServiceID][]*queue.Ticket{}
	for id, all := range places {
		slices.SortFunc(all, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.ahead, b.ahead), cmp.Compare(a.k.Rank, b.k.Rank), cmp.Compare(a.k.Ref, b.k.Ref))
		})
		for _, p := range all {
			out[id] = append(out[id], p.k)
		}
	}
	return out
}

// forced is what a person decided against the hours: open, or a closed code.
func forced(st *queue.State, id ticket.ServiceID, now queue.Moment) (by string, open bool) {
	f, ok := st.Forced(id, now)
	switch {
	case !ok:
		return "", false
	case f.Open:
		return "open", true
	}
	return f.Reason, false
}

func (w words) waiter(st *queue.State, k *queue.Ticket, service string) Waiter {
	out := Waiter{Number: k.Number.Text, Class: k.Class, Service: service, Seconds: seconds(st.Time(), k.Rank)}
	if k.To != "" {
		out.Counter = w.counter(st, k.To)
	}
	return out
}

func (w words) seat(st *queue.State, id ticket.CounterID, seat queue.CounterSeat) PictureSeat {
	out := PictureSeat{ID: id, Label: w.counter(st, id)}
	if seat.Paused != "" {
		out.Paused = w.code(settingsOf(st).Pauses, seat.Paused)
	}
	k := st.Ticket(seat.Current)
	if k == nil {
		return out
	}
	out.Number, out.Service, out.State, out.Seconds = k.Number.Text, w.service(st, k.Service), k.State.String(), seconds(st.Time(), k.CalledTime)
	if k.State == ticket.Serving {
		out.Seconds = seconds(st.Time(), k.StartedTime)
	}
	return out
}

func seconds(now, since queue.Instant) int { return max(0, int(now.Sub(since)/time.Second)) }
