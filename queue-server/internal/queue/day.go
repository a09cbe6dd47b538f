package queue

import "time"

// Trust is how far the wall clock may run ahead of the last event that was stamped
// while it could be believed (house.md, Time): longer than any holiday.
const Trust = 21 * 24 * time.Hour

// slack lets the clock be set back a little, as NTP does, without an alarm.
const slack = 2 * time.Minute

// firstBelievable is before this program existed: an office without any event
// takes no earlier clock for true.
var firstBelievable = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Plausible reports whether the wall clock can be believed: the kernel says that
// it is synchronised, or it lies near what was believed last.
func (s *State) Plausible(wall time.Time, synchronised bool) bool {
	switch {
	case synchronised:
		return true
	case s.believed.IsZero():
		return !wall.Before(firstBelievable)
	}
	return !wall.Before(s.believed.Add(-slack)) && !wall.After(s.believed.Add(Trust))
}

const dateForm = "2006-01-02"

// Tick says what time alone brings about: the business day ends and begins. It
// does so only while the wall clock can be believed, and never goes back.
func (s *State) Tick(now Moment) []Event {
	if s.settings == nil || !now.Plausible {
		return nil
	}
	today := now.Wall.In(s.index.zone).Format(dateForm)
	if today <= s.day.Date {
		return nil // the same day, or one that was closed by hand
	}
	opened := DayOpened{Number: s.day.Number + 1, Date: today}
	if s.day.Open {
		return []Event{DayClosed{s.day.Number}, opened}
	}
	return []Event{opened}
}

// Decide opens the next day at a date that a person has confirmed.
func (a OpenDay) Decide(s *State, _ Moment) (Decision, error) {
	if _, err := time.Parse(dateForm, a.Date); err != nil || a.Date <= s.day.Date {
		return Decision{}, ErrDayDate.With("date", s.day.Date)
	}
	d := Decision{Events: []Event{DayOpened{Number: s.day.Number + 1, Date: a.Date}}}
	if s.day.Open {
		d.Events = append([]Event{DayClosed{s.day.Number}}, d.Events...)
	}
	return d, nil
}

// Decide ends the open day.
func (a CloseDay) Decide(s *State, _ Moment) (Decision, error) {
	if !s.day.Open {
		return Decision{}, ErrDayClosed
	}
	return Decision{Events: []Event{DayClosed{s.day.Number}}}, nil
}
