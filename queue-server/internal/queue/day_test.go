package queue

import (
	"testing"
	"time"
)

func (h *hall) clock(wall time.Time) ClockStatus {
	h.now.Wall = wall
	h.now.Plausible = h.st.Plausible(wall, false)
	return h.st.Clock(h.now)
}

// Peers' mistake "A day reset by comparing dates": a dead clock after a power cut
// prints today's numbers twice. Here a day is opened by an event, and each date once.
func TestADayResetByComparingDates(t *testing.T) {
	for name, walls := range map[string][]time.Time{
		"the battery is dead":        {time.Unix(60, 0), time.Unix(90000, 0), monday.Add(time.Hour)},
		"a year ahead, and back":     {monday.AddDate(1, 0, 0), monday.AddDate(1, 0, 1), monday.Add(time.Hour)},
		"small steps over midnight":  {monday.Add(15*time.Hour + time.Second), monday.Add(15*time.Hour - time.Second), monday.Add(15*time.Hour + time.Minute)},
		"yesterday":                  {monday.Add(-24 * time.Hour), monday.Add(-23 * time.Hour), monday.Add(time.Hour)},
		"far ahead, and believed":    {monday.AddDate(0, 0, 20), monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 20)},
		"again and again, up and up": {monday.AddDate(0, 0, 20), monday.AddDate(0, 0, 40), monday.AddDate(0, 0, 60)},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			seen := map[[2]string]bool{}
			for i := range 3 * len(walls) {
				h.now.Wall, h.now.Office = walls[i%len(walls)], h.now.Office.Add(time.Second)
				n := h.take("ktp")
				key := [2]string{n.Date, n.Number.Text}
				if seen[key] {
					t.Fatalf("%v for a second time", key)
				}
				seen[key] = true
			}
		})
	}
}

func TestTheClockSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	if c := New("uji").Clock(Moment{}); c.Clock != ClockUnset || c.Day != DayNone || c.Do != DoSetClock {
		t.Errorf("an office without anything: %+v", c)
	}
	h := newHall(t)
	for _, c := range []struct {
		wall           time.Time
		clock, day, do string
		off            time.Duration
	}{
		{monday, ClockRight, DayCurrent, DoNothing, 0},
		{monday.Add(-time.Minute), ClockRight, DayCurrent, DoNothing, 0},
		{monday.Add(Trust), ClockRight, DayBehind, DoAwaitDate, 0}, // until the next tick
		{time.Unix(0, 0), ClockBack, DayCurrent, DoSetClock, time.Unix(0, 0).Sub(monday)},
		{monday.Add(Trust + time.Hour), ClockAhead, DayCurrent, DoSetClock, time.Hour},
	} {
		got := h.clock(c.wall)
		if got.Clock != c.clock || got.Day != c.day || got.Do != c.do || got.Off != c.off || !got.LastBelieved.Equal(monday) {
			t.Errorf("%v: %+v", c.wall, got)
		}
	}
	if c := h.clock(time.Unix(0, 0)); c.Today != "1970-01-01" || c.DayDate != "2026-11-23" || c.Behind != 0 || c.Wall.Hour() != 8 {
		t.Errorf("1970: %+v", c)
	}
	h.now.Wall = monday
	h.must(CloseDay{})
	if c := h.clock(monday); c.Day != DayEnded || c.Do != DoNothing {
		t.Errorf("closed by hand: %+v", c)
	}
}

func TestAPersonWhoConfirmsTheDateOfTheClockMakesItBelieved(t *testing.T) {
	h := newHall(t)
	h.take("ktp")
	later := monday.AddDate(0, 0, 40) // longer than any holiday, and no time server
	if c := h.clock(later); c.Plausible || c.Clock != ClockAhead {
		t.Fatalf("forty days later: %+v", c)
	}
	h.must(OpenDay{Date: "2026-12-31"}) // not the clock's date: the clock stays in doubt
	if c := h.clock(later); c.Plausible {
		t.Fatalf("another date was confirmed: %+v", c)
	}
	h.must(OpenDay{Date: later.In(h.st.Zone()).Format(dateForm)})
	if c := h.clock(later.Add(time.Minute)); !c.Plausible || c.Day != DayCurrent || c.Do != DoNothing {
		t.Errorf("after the confirmation: %+v", c)
	}
	if d := differ(h.replay(), h.st); d != "" {
		t.Error(d)
	}
}

// The clock ran 20 days ahead, within what is believed, and was set right again.
func TestADayThatWasOpenedAheadIsSetRightByAPersonAndNoDateOpensTwice(t *testing.T) {
	h := newHall(t)
	h.pass(20 * 24 * time.Hour)
	h.take("ktp")
	h.now.Wall = monday.Add(time.Hour)
	h.now.Plausible = true // the kernel is synchronised
	if c := h.st.Clock(h.now); c.Day != DayAhead || c.Do != DoAwaitDate || c.Behind != -20 || h.st.Tick(h.now) != nil {
		t.Fatalf("back again: %+v, %v", c, h.st.Tick(h.now))
	}
	h.refused(OpenDay{Date: "2026-11-23"}, ErrDayDate) // that was a day already
	h.must(OpenDay{Date: "2026-11-24"})
	if n := h.take("ktp"); n.Number.Text != "A-001" || n.Date != "2026-11-24" {
		t.Fatalf("the true date: %+v", n)
	}
	h.now.Wall = monday.AddDate(0, 0, 20)
	h.now.Plausible = true
	if e := h.st.Tick(h.now); e != nil {
		t.Errorf("2026-12-13 opens for a second time: %v", e)
	}
	h.refused(OpenDay{Date: "2030-01-01"}, ErrDayDate)
	h.refused(OpenDay{Date: "2026-11-31"}, ErrDayDate)
	h.refused(OpenDay{Date: "2026-11-2"}, ErrDayDate)
}

func TestAnOfficeWithoutSettingsRefusesAndKeepsStanding(t *testing.T) {
	st := New("uji")
	now := Moment{Wall: monday, Plausible: true, Office: InstantOf(monday)}
	for _, a := range []Ask{
		Take{}, CheckIn{Slot: Slot{monday, monday.Add(1)}}, Arrive{}, GrantLease{}, EndLease{}, Force{}, Force{Lift: true}, OpenDay{Date: "2026-11-23"}, CloseDay{},
	} {
		if d, err := a.Decide(st, now); err == nil {
			t.Errorf("%T: %+v", a, d)
		}
	}
	st.Tick(now)
	st.Apply(&Record{Seq: 1, Event: DayOpened{1, "2026-11-23"}})
	st.Apply(&Record{Seq: 2, Event: DayClosed{1}})
}
