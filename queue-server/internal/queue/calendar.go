package queue

import (
	"maps"
	"slices"
	"time"

	"antrean/shared/ticket"
)

// horizon is how many days ahead an opening is looked for: past the longest
// holidays there are.
const horizon = 60

// date is a day of the calendar as one number, 20061201: cheap to compare.
type date int

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date(y*10000 + int(m)*100 + d)
}

// parseDate reads 2006-01-02.
func parseDate(s string) (date, bool) {
	t, err := time.Parse(dateForm, s)
	if err != nil || t.Format(dateForm) != s {
		return 0, false
	}
	return dateOf(t), true
}

// span is dated hours, ready to be compared.
type span struct {
	from, to date
	opening  []Opening
}

// calendar is the dated part of the settings.
type calendar struct {
	holidays map[date]bool
	specials []span
}

func newCalendar(v *Settings) calendar {
	c := calendar{holidays: make(map[date]bool, len(v.Holidays))}
	for _, h := range v.Holidays {
		if d, ok := parseDate(h.Date); ok {
			c.holidays[d] = true
		}
	}
	for _, x := range v.Special {
		from, ok := parseDate(x.From)
		to, ok2 := parseDate(x.To)
		if ok && ok2 {
			c.specials = append(c.specials, span{from, to, x.Opening})
		}
	}
	return c
}

// on is the hours of a date, nil: closed. weekly are those where no dated ones hold.
// A holiday closes whatever else is said.
func (c *calendar) on(day time.Time, weekly []Opening) *Opening {
	d := dateOf(day)
	if c.holidays[d] {
		return nil
	}
	for i := range c.specials {
		if x := &c.specials[i]; x.from <= d && d <= x.to {
			return openingOn(x.opening, day.Weekday())
		}
	}
	return openingOn(weekly, day.Weekday())
}

func openingOn(hours []Opening, d time.Weekday) *Opening {
	for i := range hours {
		if slices.Contains(hours[i].Days, d) {
			return &hours[i]
		}
	}
	return nil
}

// gives reports whether tickets are given at a minute; where not, why.
func (o *Opening) gives(m Minute, last time.Duration) (ok bool, code string) {
	switch {
	case m < o.Open:
		return false, ClosedNotYet
	case m >= o.Close:
		return false, ClosedToday
	case m >= o.Close-Minute(last/time.Minute):
		return false, ClosedLastTicket
	}
	for _, b := range o.Breaks {
		if m >= b.From && m < b.To {
			return false, b.Reason
		}
	}
	return true, ""
}

// opensFrom is the first moment from at on at which tickets are given by the hours;
// zero: none within the horizon. today is the hours of at's own date.
func (s *State) opensFrom(today *Opening, weekly []Opening, at time.Time) time.Time {
	for n := range horizon + 1 {
		o := today
		if n > 0 {
			o = s.index.calendar.on(onDay(at, n, 0), weekly)
		}
		if o == nil {
			continue
		}
		starts := []Minute{o.Open}
		for _, b := range o.Breaks {
			starts = append(starts, b.To)
		}
		slices.Sort(starts)
		if n == 0 {
			now := minuteOf(at)
			if ok, _ := o.gives(now, s.settings.LastTicket); ok {
				return at
			}
			starts = slices.DeleteFunc(starts, func(m Minute) bool { return m <= now })
		}
		for _, m := range starts {
			if ok, _ := o.gives(m, s.settings.LastTicket); ok {
				return onDay(at, n, m)
			}
		}
	}
	return time.Time{}
}

func minuteOf(t time.Time) Minute { return Minute(t.Hour()*60 + t.Minute()) }

func onDay(at time.Time, days int, m Minute) time.Time {
	y, mo, d := at.Date()
	return time.Date(y, mo, d+days, int(m)/60, int(m)%60, 0, 0, at.Location())
}

// Forcing is what a person decided against the hours. It ends by itself at Until:
// that needs no event, since whether tickets are given is worked out anew at each
// moment. While the clock cannot be believed it holds, like the open day.
type Forcing struct {
	Open   bool
	Reason string
	Until  time.Time // zero: until it is lifted
}

// Reasons of a forcing; their texts are "closed.<reason>". An opening has none.
var ForceReasons = []string{ClosedByHand, ClosedHoliday, "break", "friday_prayer", "system_down", "emergency"}

func (f Forcing) holds(now Moment) bool {
	return f.Until.IsZero() || !now.Plausible || now.Wall.Before(f.Until)
}

// Forced is what is forced on a service, or on the office under the empty id.
func (s *State) Forced(id ticket.ServiceID, now Moment) (Forcing, bool) {
	f, ok := s.forced[id]
	if !ok || !f.holds(now) {
		return Forcing{}, false
	}
	return f, true
}

// Decide opens or closes against the hours, or goes back to them.
func (a Force) Decide(s *State, now Moment) (Decision, error) {
	if s.settings == nil {
		return Decision{}, ErrNoOffice
	}
	if a.Service != "" {
		if v := s.service(a.Service); v == nil || v.Archived {
			return Decision{}, ErrNoSuchService
		}
	}
	was, forced := s.forced[a.Service]
	if a.Lift {
		if !forced {
			return Decision{}, ErrNotForced
		}
		return Decision{Events: []Event{Forced{Service: a.Service, Lifted: true}}}, nil
	}
	why, until := a.Reason, a.Until
	if !until.IsZero() {
		until = until.UTC().Truncate(time.Microsecond)
	}
	if why == "" && !a.Open {
		why = ClosedByHand
	}
	switch {
	case a.Open && why != "", !a.Open && !slices.Contains(ForceReasons, why):
		return Decision{}, ErrForceReason
	case !until.IsZero() && now.Plausible && (!until.After(now.Wall) || until.After(now.Wall.AddDate(1, 0, 0))):
		return Decision{}, ErrForceUntil
	case forced && was == Forcing{a.Open, why, until}:
		return Decision{Before: true}, nil
	}
	return Decision{Events: []Event{Forced{Service: a.Service, Open: a.Open, Reason: why, Until: until}}}, nil
}

func (s *State) force(e Forced) {
	if e.Lifted {
		delete(s.forced, e.Service)
		return
	}
	s.forced[e.Service] = Forcing{e.Open, e.Reason, e.Until}
}

// saveDay is the part of a snapshot that this file's neighbours keep: the day's
// counts, what is forced, the leases.
func (s *State) saveDay(n *Snapshot) {
	n.Gap, n.GapDate, n.Dates, n.Forced = s.gap, s.gapDate, maps.Clone(s.dates), maps.Clone(s.forced)
	n.Channels = make(map[ticket.ServiceID]map[Channel]int, len(s.channels))
	for id, by := range s.channels {
		n.Channels[id] = maps.Clone(by)
	}
	for _, id := range s.leaseAge {
		n.Leases = append(n.Leases, s.leases[id].clone())
	}
	for _, l := range s.late {
		n.Late = append(n.Late, LateForm{l.ref, l.time})
	}
}

func (s *State) loadDay(n *Snapshot) {
	s.gap, s.gapDate = n.Gap, n.GapDate
	maps.Copy(s.dates, n.Dates)
	maps.Copy(s.forced, n.Forced)
	for id, by := range n.Channels {
		s.channels[id] = maps.Clone(by)
	}
	for _, l := range n.Late {
		s.late = append(s.late, lateRef{l.Ticket, l.Time})
	}
	s.loadLeases(n.Leases)
}
