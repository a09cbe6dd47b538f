package office

import (
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func (v viewer) office() wire.OfficeView {
	s := v.st.Settings()
	out := wire.OfficeView{
		Place: v.place(), Day: v.day(), Clock: v.clock(),
		Counters: []wire.OfficeCounter{}, Services: []wire.OfficeService{}, Alerts: []wire.Alert{},
	}
	out.Taken, out.Served, out.Waiting = v.st.Totals()
	if f, forced := v.st.Forced("", v.now); forced && !f.Open {
		out.Closed = &wire.Closed{Code: f.Reason, OpensAt: shown(f.Until)}
	}
	staff := map[ticket.ServiceID]staffing{}
	for i := range s.Counters {
		if c := &s.Counters[i]; !c.Archived {
			out.Counters = append(out.Counters, v.officeCounter(c, staff))
		}
	}
	for i := range s.Services {
		if x := &s.Services[i]; !x.Archived {
			out.Services = append(out.Services, v.officeService(x, staff[x.ID]))
		}
	}
	out.Alerts = append(v.officeAlerts(out.Alerts), v.hallAlerts(staff)...)
	return out
}

// clock is what the supervisor's page shows of the server's clock.
func (v viewer) clock() wire.ClockState {
	c := v.st.Clock(v.now)
	out := wire.ClockState{Plausible: c.Plausible, NextDate: nextDate(c)}
	if !c.Plausible {
		out.Wall, out.Believed = shown(v.now.Wall), shown(c.LastBelieved)
	}
	return out
}

// nextDate is the date that the next business day most likely has: today, unless
// that is the last day's, or the clock has gone back before it.
func nextDate(c queue.ClockStatus) string {
	last, err := time.Parse(time.DateOnly, c.DayDate)
	if err != nil || c.Today > c.DayDate || c.Plausible && c.Today != c.DayDate {
		return c.Today
	}
	return last.AddDate(0, 0, 1).Format(time.DateOnly)
}

// staffing is how many counters serve a service now: those that can call, and those
// that take a break.
type staffing struct{ open, paused int }

func (v viewer) officeCounter(c *queue.Counter, staff map[ticket.ServiceID]staffing) wire.OfficeCounter {
	seat := v.st.Seat(c.ID)
	out := wire.OfficeCounter{
		Counter: name(c), Zone: c.Zone, Open: seat.Open, Holder: holder(seat), Paused: seat.Paused, Served: seat.Served,
	}
	if t := v.st.Ticket(seat.Current); t != nil {
		out.Number, out.Since = t.Number.Text, shown(t.Called)
		if t.State == ticket.Serving {
			out.Since = shown(t.Started)
		}
	}
	if a := v.st.Agency(c.Agency); a != nil {
		out.Agency = a.Name
	}
	for _, id := range c.Services {
		out.Waiting += v.st.WaitingAt(c.ID, id)
	}
	for _, ids := range [][]ticket.ServiceID{c.Services, c.Help} {
		for _, id := range ids {
			n := staff[id]
			switch {
			case !seat.Open:
			case seat.Paused != "":
				n.paused++
			default:
				n.open++
			}
			staff[id] = n
		}
	}
	return out
}

func (v viewer) officeService(x *queue.Service, staff staffing) wire.OfficeService {
	_, forced := v.st.Forced(x.ID, v.now)
	out := wire.OfficeService{
		ID: x.ID, Name: x.Name, Agency: x.Agency, Closed: v.closed(x.ID), Waiting: v.st.Waiting(x.ID),
		Taken: v.st.Taken(x.ID), Quota: x.Quota, Open: staff.open, Forced: forced,
		Order: wire.ServiceOrder{Appointment: x.Order.Appointment, Priority: x.Order.Priority, Regular: x.Order.Regular, Bound: x.Order.Bound},
	}
	if t := v.st.Longest(x.ID); t != nil {
		out.Oldest = shown(since(t))
	}
	return out
}
