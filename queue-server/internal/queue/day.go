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

// Tick says what time alone brings about: the business day ends and begins, and
// appointments' windows open. It does so only while the wall clock can be believed,
// never goes back, and opens no date twice.
func (s *State) Tick(now Moment) []Event {
	if s.settings == nil {
		return nil
	}
	if today := s.dateAt(now); now.Plausible && today > s.day.Date && s.dates[today] == 0 {
		return s.nextDay(today)
	}
	return s.dueNow(now)
}

func (s *State) dateAt(now Moment) string { return now.Wall.In(s.Zone()).Format(dateForm) }

func (s *State) nextDay(date string) []Event {
	opened := DayOpened{Number: s.day.Number + 1, Date: date}
	if s.day.Open {
		return []Event{DayClosed{s.day.Number}, opened}
	}
	return []Event{opened}
}

// farthest is how many days a date that a person confirms may lie from the last
// day's, so that a slip of the finger does not stop the calendar.
const farthest = 366

// Decide opens the next day at a date that a person has confirmed. The date may lie
// before the last one's, which a wrong clock may have set, but a date opens once.
func (a OpenDay) Decide(s *State, now Moment) (Decision, error) {
	if s.settings == nil {
		return Decision{}, ErrNoOffice
	}
	at, err := time.Parse(dateForm, a.Date)
	if err != nil || at.Format(dateForm) != a.Date || s.dates[a.Date] != 0 {
		return Decision{}, ErrDayDate.With("date", s.day.Date)
	}
	if last, err := time.Parse(dateForm, s.day.Date); err == nil && a.Date != s.dateAt(now) {
		if at.Sub(last).Abs() > farthest*24*time.Hour {
			return Decision{}, ErrDayDate.With("date", s.day.Date)
		}
	}
	return Decision{Events: s.nextDay(a.Date)}, nil
}

// Decide ends the open day.
func (a CloseDay) Decide(s *State, _ Moment) (Decision, error) {
	if !s.day.Open {
		return Decision{}, ErrDayClosed
	}
	return Decision{Events: []Event{DayClosed{s.day.Number}}}, nil
}

func (s *State) openDay(r *Record, e DayOpened) {
	s.day = Day{Number: e.Number, Date: e.Date, Open: true, First: Ref(r.Seq)}
	s.dates[e.Date] = e.Number
	clear(s.drawn)
	clear(s.taken)
	clear(s.channels)
	clear(s.frozen)
	s.served = 0
	// Paper of the time that a restore lost is in the hall on every date up to the
	// restore's own.
	switch {
	case s.gapDate == "":
		s.gapDate = e.Date
	case e.Date > s.gapDate:
		s.gap = 0
	}
	if !r.Plausible && r.At.In(s.Zone()).Format(dateForm) == e.Date {
		s.believed = r.At // the person who confirmed the date agrees with the clock
	}
	if s.settings == nil {
		return
	}
	for _, q := range s.settings.Sequences {
		if !q.Archived {
			s.frozen[q.ID] = q
		}
	}
}

// beginEpoch moves every sequence past what the time that a restore lost may have
// drawn: those of the open day, and those of a day that was opened in that time and
// is about to be opened again.
func (s *State) beginEpoch(r *Record, e EpochBegun) {
	s.epoch = e.ID
	if e.Gap <= 0 {
		return
	}
	for id := range s.drawn {
		s.drawn[id] += e.Gap
	}
	s.gap += e.Gap
	s.gapDate = ""
	if r.Plausible {
		s.gapDate = r.At.In(s.Zone()).Format(dateForm)
	}
}
