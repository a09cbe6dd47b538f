package queue

import "time"

// What the clock is like, and what a person should do. Their texts are
// "clock.<code>".
const (
	ClockRight  = "right"
	ClockBack   = "back"  // it is earlier than it was: a dead battery
	ClockAhead  = "ahead" // it is later than any holiday explains
	ClockUnset  = "unset" // it is from before this program existed
	DayCurrent  = "day_current"
	DayBehind   = "day_behind" // the open day is of an earlier date than today
	DayAhead    = "day_ahead"
	DayNone     = "day_none"
	DayEnded    = "day_closed"
	DoNothing   = "do_nothing"
	DoSetClock  = "do_set_clock"  // set the machine's clock, or confirm today's date
	DoOpenDay   = "do_open_day"   // open the next day, its date confirmed
	DoAwaitDate = "do_await_date" // numbers go on until the calendar has caught up, or a new date is confirmed
)

// ClockStatus is the clock and the day as a supervisor has to know them.
type ClockStatus struct {
	Plausible    bool
	Wall         time.Time     // what the machine's clock says, in the office's zone
	LastBelieved time.Time     // the last wall time on record that was believed; zero: none
	Off          time.Duration // how far Wall is outside what would be believed; negative: too early
	Clock        string        // ClockRight ...
	Day          string        // DayCurrent ...
	Do           string        // DoNothing ...
	DayDate      string        // of the open day, or of the last one; empty: none yet
	Today        string        // the date that the clock says, believed or not
	Behind       int           // calendar days from DayDate to Today, where the clock is believed; below 0: the day is ahead
	OfficeLag    time.Duration // how far office time is behind Wall, where the clock is believed; below 0: it is ahead
}

// Clock says how the clock and the business day stand.
func (s *State) Clock(now Moment) ClockStatus {
	c := ClockStatus{
		Plausible: now.Plausible, Wall: now.Wall.In(s.Zone()), DayDate: s.day.Date, Today: s.dateAt(now),
		Clock: ClockRight, Day: DayCurrent, Do: DoNothing,
	}
	if !s.believed.IsZero() {
		c.LastBelieved = s.believed.In(s.Zone())
	}
	if now.Plausible {
		c.OfficeLag = InstantOf(now.Wall).Sub(now.Office)
		if last, ok := parseDate(s.day.Date); ok {
			c.Behind = daysBetween(last, dateOf(c.Wall))
		}
	} else {
		c.Do = DoSetClock
		switch {
		case s.believed.IsZero():
			c.Clock, c.Off = ClockUnset, now.Wall.Sub(firstBelievable)
		case now.Wall.Before(s.believed):
			c.Clock, c.Off = ClockBack, now.Wall.Sub(s.believed)
		default:
			c.Clock, c.Off = ClockAhead, now.Wall.Sub(s.believed.Add(Trust))
		}
	}
	switch {
	case s.day.Number == 0:
		c.Day = DayNone
	case !s.day.Open:
		c.Day = DayEnded
	case c.Behind > 0:
		c.Day = DayBehind
	case c.Behind < 0:
		c.Day = DayAhead
	}
	switch {
	case !now.Plausible:
	case c.Day == DayAhead || c.Day == DayBehind:
		c.Do = DoAwaitDate
	case c.Day == DayEnded && s.dates[c.Today] == 0, c.Day == DayNone:
		c.Do = DoOpenDay
	}
	return c
}

func daysBetween(a, b date) int {
	day := func(d date) time.Time {
		return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
	}
	return int(day(b).Sub(day(a)) / (24 * time.Hour))
}
