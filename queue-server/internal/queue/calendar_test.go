package queue

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// An office as many are: weekdays, a noon break, the Friday prayer, shorter hours in
// Ramadan, two holidays in a row before a weekend, and a service of its own hours.
func weekOffice(zone string) Settings {
	v := smallOffice()
	v.TimeZone, v.LastTicket = zone, 30*time.Minute
	v.Opening = []Opening{
		{Days: []time.Weekday{1, 2, 3, 4}, Open: 8 * 60, Close: 16 * 60, Breaks: []Break{{12 * 60, 13 * 60, "break"}}},
		{Days: []time.Weekday{5}, Open: 8 * 60, Close: 16 * 60, Breaks: []Break{{11*60 + 30, 13 * 60, "friday_prayer"}}},
	}
	name := ticket.Text{"id": "Ramadan"}
	v.Special = []Special{{From: "2027-02-08", To: "2027-03-09", Name: name, Opening: []Opening{
		{Days: []time.Weekday{1, 2, 3, 4, 5}, Open: 8 * 60, Close: 14 * 60, Breaks: []Break{{12 * 60, 12*60 + 30, "break"}}},
	}}}
	v.Holidays = []Holiday{{"2026-12-24", name}, {"2026-12-25", name}, {"2027-03-10", name}, {"2027-03-11", name}}
	v.Services[1].Opening = []Opening{{Days: []time.Weekday{2, 6}, Open: 9 * 60, Close: 11 * 60}}
	return v
}

func weekHall(t *testing.T, zone string, v Settings, at time.Time) *hall {
	h := newHall(t)
	h.must(ChangeSettings{v})
	h.now.Wall, h.now.Office = at, InstantOf(at)
	h.now.Plausible = true
	h.tick()
	return h
}

func TestClosedSaysWhyAndWhenItReallyOpensAgain(t *testing.T) {
	for _, zone := range []string{"Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura", "UTC", "America/New_York", "Asia/Kathmandu"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		at := func(s string) time.Time {
			if s == "" {
				return time.Time{}
			}
			x, err := time.ParseInLocation("2006-01-02 15:04:05", s+":00"[:max(0, 19-len(s))], loc)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		for _, c := range []struct{ service, at, code, opens string }{
			{"ktp", "2026-11-23 00:00", ClosedNotYet, "2026-11-23 08:00"},
			{"ktp", "2026-11-23 07:59:59", ClosedNotYet, "2026-11-23 08:00"},
			{"ktp", "2026-11-23 08:00", "", ""},
			{"ktp", "2026-11-23 11:59:59", "", ""},
			{"ktp", "2026-11-23 12:00", "break", "2026-11-23 13:00"},
			{"ktp", "2026-11-23 12:59:59", "break", "2026-11-23 13:00"},
			{"ktp", "2026-11-23 13:00", "", ""},
			{"ktp", "2026-11-23 15:29:59", "", ""},
			{"ktp", "2026-11-23 15:30", ClosedLastTicket, "2026-11-24 08:00"},
			{"ktp", "2026-11-23 16:00", ClosedToday, "2026-11-24 08:00"},
			{"ktp", "2026-11-23 23:59:59", ClosedToday, "2026-11-24 08:00"},
			{"ktp", "2026-11-27 11:29:59", "", ""},
			{"ktp", "2026-11-27 11:30", "friday_prayer", "2026-11-27 13:00"},
			{"ktp", "2026-11-27 15:45", ClosedLastTicket, "2026-11-30 08:00"},
			{"ktp", "2026-11-28 10:00", ClosedHoliday, "2026-11-30 08:00"},
			{"ktp", "2026-12-23 15:40", ClosedLastTicket, "2026-12-28 08:00"}, // past two holidays and a weekend
			{"ktp", "2026-12-24 10:00", ClosedHoliday, "2026-12-28 08:00"},
			{"ktp", "2027-02-08 12:10", "break", "2027-02-08 12:30"}, // Ramadan's first day
			{"ktp", "2027-02-08 13:30", ClosedLastTicket, "2027-02-09 08:00"},
			{"ktp", "2027-02-12 11:45", "", ""}, // its Fridays have no break of their own here
			{"ktp", "2027-02-05 15:45", ClosedLastTicket, "2027-02-08 08:00"},
			{"ktp", "2027-03-09 14:00", ClosedToday, "2027-03-12 08:00"}, // Ramadan ends, two holidays, an ordinary Friday
			{"ktp", "2027-03-12 11:45", "friday_prayer", "2027-03-12 13:00"},
			{"kk", "2026-11-23 10:00", ClosedToday, "2026-11-24 09:00"}, // the office is open, the service is not
			{"kk", "2026-11-24 08:30", ClosedNotYet, "2026-11-24 09:00"},
			{"kk", "2026-11-24 10:30", ClosedLastTicket, "2026-11-28 09:00"},
			{"kk", "2026-11-28 09:30", "", ""}, // on a Saturday, alone
			{"kk", "2026-11-29 09:30", ClosedHoliday, "2026-12-01 09:00"},
			{"kk", "2027-02-08 09:30", "", ""}, // Ramadan's hours replace a service's own too
		} {
			h := weekHall(t, zone, weekOffice(zone), at(c.at))
			got := h.st.ClosedAt(ticket.ServiceID(c.service), h.now)
			if got == nil {
				got = &Closed{}
			}
			if got.Code != c.code || !got.OpensAt.Equal(at(c.opens)) {
				t.Errorf("%s, %s at %s: %s until %v, want %s until %s", zone, c.service, c.at, got.Code, got.OpensAt, c.code, c.opens)
			}
		}
	}
}

func TestWhenItOpensIsUnknownPastTheHorizon(t *testing.T) {
	v := weekOffice("Asia/Makassar")
	v.Opening = []Opening{{Days: []time.Weekday{1}, Open: 480, Close: 490, Breaks: []Break{{480, 485, "break"}}}}
	h := weekHall(t, v.TimeZone, v, monday)
	if c := h.st.ClosedAt("ktp", h.now); c == nil || !c.OpensAt.IsZero() {
		t.Errorf("an office whose last ticket is before its first: %+v", c)
	}
	v.LastTicket = 0
	for d := range 70 {
		v.Holidays = append(v.Holidays, Holiday{monday.AddDate(0, 0, d).Format(dateForm), ticket.Text{"id": "Libur"}})
	}
	v.Holidays = v.Holidays[4:]
	h = weekHall(t, v.TimeZone, v, monday)
	if c := h.st.ClosedAt("ktp", h.now); c == nil || c.Code != ClosedHoliday || !c.OpensAt.IsZero() {
		t.Errorf("seventy holidays: %+v", c)
	}
}

func TestHoursAreNotEnforcedUnderAClockThatCannotBeBelieved(t *testing.T) {
	h := weekHall(t, "", weekOffice("Asia/Makassar"), monday)
	h.now.Wall, h.now.Plausible = time.Unix(0, 0), false
	if c := h.st.ClosedAt("ktp", h.now); c != nil {
		t.Errorf("in 1970: %+v", c)
	}
	for range 5 {
		h.now.Office++
		h.take("akta")
	}
	if c := h.st.ClosedAt("akta", h.now); c == nil || c.Code != ClosedQuota || !c.OpensAt.IsZero() {
		t.Errorf("a quota holds, and promises no time: %+v", c)
	}
}

func TestTicketsGivenOutAreServedAfterClosing(t *testing.T) {
	h := weekHall(t, "", weekOffice("Asia/Makassar"), monday)
	n := h.take("ktp")
	h.must(Force{Reason: "emergency"})
	h.pass(9 * time.Hour) // 18.00
	h.must(OpenCounter{Counter: "c1", Session: "s"})
	if d := h.must(CallNext{"c1", "s"}); d.Answer.Ticket != n.Ref {
		t.Errorf("called %+v", d)
	}
}

func (h *hall) code(service ticket.ServiceID) string {
	c := h.st.ClosedAt(service, h.now)
	if c == nil {
		return "open"
	}
	if c.OpensAt.IsZero() {
		return c.Code
	}
	return c.Code + " " + c.OpensAt.Format("02 15:04")
}

func (h *hall) want(service ticket.ServiceID, code string) {
	h.t.Helper()
	if got := h.code(service); got != code {
		h.t.Fatalf("%s at %v: %q, want %q", service, h.now.Wall.In(h.st.Zone()), got, code)
	}
}

func TestForcedGoesBeforeTheHoursAndEndsByItself(t *testing.T) {
	h := weekHall(t, "", weekOffice("Asia/Makassar"), monday) // Monday 09.00
	h.must(Force{Service: "ktp", Reason: "system_down", Until: monday.Add(3*time.Hour + 10*time.Minute)})
	h.want("ktp", "system_down 23 13:00") // 12.10 is in the break
	h.want("akta", "open")
	h.must(Force{Reason: ""})
	h.want("ktp", "closed_by_hand") // which ends last, unknown when
	h.want("akta", "closed_by_hand")
	h.must(Force{Service: "akta", Open: true})
	h.want("akta", "closed_by_hand") // closing goes before opening
	h.must(Force{Lift: true})
	h.want("akta", "open")
	before := h.st.Seq()
	if d := h.must(Force{Service: "akta", Open: true}); !d.Before || h.st.Seq() != before {
		t.Error("the same forcing again made an event")
	}
	h.pass(4*time.Hour + time.Minute) // 13.01: its end has passed without an event
	h.want("ktp", "open")
	h.pass(4 * time.Hour) // 17.01
	h.want("akta", "open")
	h.want("ktp", "closed_today 24 08:00")
	h.must(Force{Open: true, Until: h.now.Wall.Add(time.Hour)})
	h.want("ktp", "open")
	h.want("kk", "closed_today 24 09:00") // keeps hours of its own
	h.now.Wall, h.now.Plausible = time.Unix(0, 0), false
	if f, ok := h.st.Forced("", h.now); !ok || !f.Open {
		t.Error("an end that no clock can tell has come")
	}
	h.now.Wall = monday.Add(9*time.Hour + 2*time.Minute)
	h.now.Plausible = true
	h.want("ktp", "closed_today 24 08:00")
	h.must(Force{Service: "akta", Lift: true})
	h.refused(Force{Service: "akta", Lift: true}, ErrNotForced)
	h.refused(Force{Service: "none"}, ErrNoSuchService)
	h.refused(Force{Reason: "because"}, ErrForceReason)
	h.refused(Force{Open: true, Reason: "emergency"}, ErrForceReason)
	h.refused(Force{Until: h.now.Wall}, ErrForceUntil)
	h.refused(Force{Until: h.now.Wall.AddDate(2, 0, 0)}, ErrForceUntil)
}

func TestAnOfficeForcedOpenOnAHolidayOpens(t *testing.T) {
	v := weekOffice("Asia/Makassar")
	v.Services[1].Opening[0].Days = []time.Weekday{4}
	h := weekHall(t, "", v, time.Date(2026, 12, 24, 0, 30, 0, 0, time.UTC)) // 08.30 on a Thursday
	h.want("ktp", "holiday 28 08:00")
	h.must(Force{Open: true})
	h.want("ktp", "open")
	h.want("kk", "not_open_yet 24 09:00")
	if d := differ(h.replay(), h.st); d != "" {
		t.Error(d)
	}
}

// Peers' mistake "Quota checked outside the lock": here the check and the ticket are
// one decision, and a decision sees every ticket before it, also those of a batch
// that is not on disk yet.
func TestQuotaCheckedOutsideTheLock(t *testing.T) {
	v := smallOffice()
	v.Services[2].Quotas = map[Channel]int{ChannelDesk: 2, ChannelKiosk: 3}
	h := newHall(t)
	h.must(ChangeSettings{v})
	given := map[Channel]int{}
	for i := range 40 {
		by := []Channel{ChannelDesk, ChannelKiosk}[i%2]
		if _, err := h.do(Take{ID: h.newID(), Service: "akta", Channel: by}); err == nil {
			given[by]++
		} else if r, ok := reason.Of(err); !ok || r.Args["closed"] != ClosedQuota || r.Args["opens_at"] != "2026-11-24T00:00:00+08:00" {
			t.Fatalf("%v %v", err, r.Args)
		}
	}
	if fmt.Sprint(given) != "map[desk:2 kiosk:3]" {
		t.Errorf("given: %v", given)
	}
	h.pass(24 * time.Hour)
	h.take("akta")
	h.refused(Take{ID: h.newID(), Service: "akta", Channel: "fax"}, ErrUnknownChannel)
	h.refused(Take{ID: h.newID(), Service: "akta", Class: ticket.Appointment}, ErrNeedsBooking)
}

func TestAnAppointmentChecksInInItsWindow(t *testing.T) {
	v := weekOffice("Asia/Makassar")
	v.Services[2].Quota = 3
	slot := Slot{monday.Add(3 * time.Hour), monday.Add(3*time.Hour + 30*time.Minute)} // 12.00, in the break
	in := func(id ticket.ID) CheckIn {
		return CheckIn{ID: id, Service: "akta", Slot: slot, Early: 15 * time.Minute, Late: 15 * time.Minute}
	}
	h := weekHall(t, "", v, monday)
	id := h.newID()
	_, err := h.do(in(id))
	if r, ok := reason.Of(err); !ok || !errors.Is(err, ErrTooEarly) || r.Args["opens_at"] != "2026-11-23T11:45:00+08:00" {
		t.Fatalf("at nine: %v", err)
	}
	h.pass(2*time.Hour + 45*time.Minute)
	d := h.must(in(id))
	early := h.st.Ticket(d.Answer.Ticket)
	if early.Class != ticket.Appointment || early.Due || len(d.Events) != 1 || early.Slot != slot || early.Channel != ChannelBooking {
		t.Fatalf("15 minutes early: %+v", early)
	}
	if again := h.must(in(id)); !again.Before || again.Answer != d.Answer {
		t.Error("a check-in again is another one")
	}
	other := in(id)
	other.Slot.To = other.Slot.To.Add(time.Hour)
	h.refused(other, ErrIDUsed)
	h.refused(Take{ID: id, Service: "akta"}, ErrIDUsed)
	h.pass(20 * time.Minute)
	if d := h.must(in(h.newID())); len(d.Events) != 2 || d.Events[1] != (Due{d.Answer.Ticket}) {
		t.Fatalf("in its window, in the break: %+v", d)
	}
	h.pass(40 * time.Minute) // 12.45
	if _, err := h.do(in(h.newID())); err != nil {
		t.Fatalf("to the last second of its lateness: %v", err)
	}
	h.pass(time.Second)
	if _, err := h.do(in(h.newID())); !errors.Is(err, ErrServiceClosed) {
		t.Fatalf("a walk-in in the break: %v", err)
	}
	h.pass(time.Hour)
	if _, err := h.do(in(h.newID())); !errors.Is(err, ErrServiceClosed) {
		t.Fatalf("above the quota: %v", err)
	}
	v.Services[2].Quota = 0
	h.must(ChangeSettings{v})
	d = h.must(in(h.newID()))
	if late := h.st.Ticket(d.Answer.Ticket); late.Class != ticket.Regular || len(d.Events) != 1 {
		t.Errorf("late: %+v", late)
	}
	for _, wrong := range []CheckIn{
		{ID: h.newID(), Service: "akta"},
		{ID: h.newID(), Service: "akta", Slot: Slot{slot.To, slot.From}},
		{ID: h.newID(), Service: "akta", Slot: slot, Early: -1},
		{ID: h.newID(), Service: "akta", Slot: slot, Late: 1 << 62},
		{ID: h.newID(), Service: "akta", Slot: Slot{slot.From, slot.To.AddDate(0, 0, 2)}},
	} {
		h.refused(wrong, ErrSlot)
	}
	h.now.Wall = time.Unix(0, 0)
	if d := h.must(in(h.newID())); len(d.Events) != 2 {
		t.Errorf("nobody is sent away by a dead clock: %+v", d)
	}
	if d := differ(h.replay(), h.st); d != "" {
		t.Error(d)
	}
}
