package queue

import (
	"time"

	"antrean/shared/ticket"
)

// Closed says why no ticket is given and when one will be; OpensAt is zero where
// that is not known. Its codes are the texts "closed.<code>".
type Closed struct {
	Code    string
	OpensAt time.Time // in the office's zone
}

// Codes of Closed that the core gives itself; a break's code is in the settings, a
// forcing's among ForceReasons.
const (
	ClosedNoDay      = "no_day"
	ClosedNotYet     = "not_open_yet"
	ClosedHoliday    = "holiday"
	ClosedByHand     = "closed_by_hand"
	ClosedQuota      = "quota_reached"
	ClosedLastTicket = "last_ticket_passed"
	ClosedToday      = "closed_today"
)

// ClosedAt says why a service gives no ticket at the kiosk at a moment; nil: it does.
func (s *State) ClosedAt(id ticket.ServiceID, now Moment) *Closed {
	return s.closedTo(id, ChannelKiosk, now, false)
}

// ClosedFor is ClosedAt for any channel. What people decided goes before the
// calendar, closing before opening, and the service before the office. While the
// wall clock cannot be believed, hours are not enforced and no opening is promised.
func (s *State) ClosedFor(id ticket.ServiceID, by Channel, now Moment) *Closed {
	return s.closedTo(id, by, now, false)
}

// closedTo is ClosedFor; to one who is expected, the office is open from midnight to
// its closing hour, breaks and the time after the last ticket included.
func (s *State) closedTo(id ticket.ServiceID, by Channel, now Moment, expected bool) *Closed {
	v := s.service(id)
	if v == nil || v.Archived {
		return &Closed{Code: ClosedToday}
	}
	at, weekly := now.Wall.In(s.index.zone), v.Opening
	if len(weekly) == 0 {
		weekly = s.settings.Opening
	}
	opens := func(from time.Time) time.Time {
		if !now.Plausible {
			return time.Time{}
		}
		return s.opensFrom(s.index.calendar.on(from, weekly), weekly, from)
	}
	tomorrow := onDay(at, 1, 0)
	if !s.day.Open {
		if s.day.Date == at.Format(dateForm) { // closed by hand: its date does not open again
			return &Closed{ClosedNoDay, opens(tomorrow)}
		}
		return &Closed{ClosedNoDay, opens(at)}
	}
	own, ownForced := s.Forced(id, now)
	all, allForced := s.Forced("", now)
	if until, code := closedLonger(own, all); code != "" {
		c := &Closed{Code: code}
		if !until.IsZero() {
			c.OpensAt = opens(until.In(s.index.zone))
		}
		return c
	}
	free := ownForced || allForced && len(v.Opening) == 0 // of the hours: what is forced now is forced open
	if v.Closed != "" && !ownForced {
		return &Closed{Code: v.Closed}
	}
	var c *Closed
	if now.Plausible && !free {
		c = s.closedBy(v, weekly, at, allForced, expected)
	}
	// Where the quota is used up, no later hour of today opens.
	if room, bound := s.room(v, by); bound && room == 0 && (c == nil || dateOf(c.OpensAt) == dateOf(at)) {
		return &Closed{ClosedQuota, opens(tomorrow)}
	}
	return c
}

// closedLonger is the reason of the forced closing that ends last, and its end.
func closedLonger(all ...Forcing) (until time.Time, code string) {
	for _, f := range all {
		if f.Reason == "" || f.Open { // not forced, or forced open
			continue
		}
		if code == "" || !until.IsZero() && (f.Until.IsZero() || f.Until.After(until)) {
			until, code = f.Until, f.Reason
		}
	}
	return until, code
}

// closedBy looks at the calendar. An office that is forced open leaves a service
// with hours of its own to them, holiday or not.
func (s *State) closedBy(v *Service, weekly []Opening, at time.Time, officeForced, expected bool) *Closed {
	o := s.index.calendar.on(at, weekly)
	if o == nil && officeForced {
		o = openingOn(weekly, at.Weekday())
	}
	if o == nil {
		code := ClosedHoliday
		if len(v.Opening) > 0 && s.index.calendar.on(at, s.settings.Opening) != nil {
			code = ClosedToday // the office is open, this service is not
		}
		return &Closed{code, s.opensFrom(o, weekly, at)}
	}
	ok, code := o.gives(minuteOf(at), s.settings.LastTicket)
	if ok || expected && minuteOf(at) < o.Close {
		return nil
	}
	return &Closed{code, s.opensFrom(o, weekly, at)}
}
