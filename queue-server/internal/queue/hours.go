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

// Codes of Closed that the core gives itself; a break's code is in the settings.
const (
	ClosedNoDay      = "no_day"
	ClosedNotYet     = "not_open_yet"
	ClosedHoliday    = "holiday"
	ClosedQuota      = "quota_reached"
	ClosedLastTicket = "last_ticket_passed"
	ClosedToday      = "closed_today"
)

// ClosedAt says why a service gives no ticket at a moment; nil: it does. While the
// wall clock cannot be believed, hours are not enforced.
func (s *State) ClosedAt(id ticket.ServiceID, now Moment) *Closed {
	v := s.service(id)
	switch {
	case v == nil || v.Archived:
		return &Closed{Code: ClosedToday}
	case !s.day.Open:
		return &Closed{Code: ClosedNoDay}
	case v.Closed != "":
		return &Closed{Code: v.Closed}
	}
	opening := v.Opening
	if len(opening) == 0 {
		opening = s.settings.Opening
	}
	if now.Plausible {
		if c := closedBy(opening, s.settings.LastTicket, now.Wall.In(s.index.zone)); c != nil {
			return c
		}
	}
	if v.Quota > 0 && s.taken[id] >= v.Quota {
		return &Closed{Code: ClosedQuota, OpensAt: nextOpening(opening, now.Wall.In(s.index.zone), 1)}
	}
	return nil
}

func closedBy(hours []Opening, last time.Duration, at time.Time) *Closed {
	o := openingOn(hours, at.Weekday())
	if o == nil {
		return &Closed{Code: ClosedHoliday, OpensAt: nextOpening(hours, at, 1)}
	}
	m := Minute(at.Hour()*60 + at.Minute())
	switch {
	case m < o.Open:
		return &Closed{Code: ClosedNotYet, OpensAt: onDay(at, 0, o.Open)}
	case m >= o.Close:
		return &Closed{Code: ClosedToday, OpensAt: nextOpening(hours, at, 1)}
	case m >= o.Close-Minute(last/time.Minute):
		return &Closed{Code: ClosedLastTicket, OpensAt: nextOpening(hours, at, 1)}
	}
	for _, b := range o.Breaks {
		if m >= b.From && m < b.To {
			return &Closed{Code: b.Reason, OpensAt: onDay(at, 0, b.To)}
		}
	}
	return nil
}

func openingOn(hours []Opening, d time.Weekday) *Opening {
	for i := range hours {
		for _, day := range hours[i].Days {
			if day == d {
				return &hours[i]
			}
		}
	}
	return nil
}

// nextOpening is the first opening from so many days after at; zero: none in a week.
func nextOpening(hours []Opening, at time.Time, from int) time.Time {
	for n := from; n <= from+7; n++ {
		if o := openingOn(hours, at.AddDate(0, 0, n).Weekday()); o != nil {
			return onDay(at, n, o.Open)
		}
	}
	return time.Time{}
}

func onDay(at time.Time, days int, m Minute) time.Time {
	y, mo, d := at.Date()
	return time.Date(y, mo, d+days, int(m)/60, int(m)%60, 0, 0, at.Location())
}
