package office

import (
	"strconv"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Levels of an alert.
const (
	warning = "warning" // somebody should look
	fault   = "fault"   // people wait in vain, or something is wrong
)

// forgotten is how long a called ticket may stand at a counter before somebody
// should look whether it was forgotten.
const forgotten = 5 * time.Minute

// nearlyAll is the share of a quota, in percent, from which on it is said.
const nearlyAll = 90

// officeAlerts are those about the clock and the day.
func (v viewer) officeAlerts(out []wire.Alert) []wire.Alert {
	c := v.st.Clock(v.now)
	args := map[string]string{"date": c.DayDate, "today": c.Today, "next": nextDate(c)}
	if !c.Plausible {
		args["clock"] = c.Wall.Format("2006-01-02 15:04")
		out = append(out, wire.Alert{Code: "clock_" + c.Clock, Level: fault, Args: args, Since: shown(c.LastBelieved)})
	}
	switch c.Do {
	case queue.DoOpenDay:
		out = append(out, wire.Alert{Code: "day_not_open", Level: warning, Args: args})
	case queue.DoAwaitDate:
		out = append(out, wire.Alert{Code: c.Day, Level: warning, Args: args})
	}
	if f, forced := v.st.Forced("", v.now); forced {
		code := "office_forced_open"
		if !f.Open {
			code = "office_forced_closed"
		}
		out = append(out, wire.Alert{Code: code, Level: warning})
	}
	return out
}

// hallAlerts are those about services with people waiting, and about counters.
func (v viewer) hallAlerts(staff map[ticket.ServiceID]staffing) []wire.Alert {
	var out []wire.Alert
	s := v.st.Settings()
	for i := range s.Services {
		out = v.serviceAlerts(&s.Services[i], staff[s.Services[i].ID], out)
	}
	for i := range s.Counters {
		out = v.counterAlerts(&s.Counters[i], out)
	}
	return out
}

// serviceAlerts names a service by its id and by its name in the office's first
// language: a page that knows the service says the name in its own.
func (v viewer) serviceAlerts(x *queue.Service, staff staffing, out []wire.Alert) []wire.Alert {
	args := func(more ...string) map[string]string {
		all := map[string]string{"service": string(x.ID), "name": x.Name.In(v.st.Settings().Languages[0])}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	waiting := v.st.Waiting(x.ID)
	if first := v.st.Longest(x.ID); first != nil {
		from, waited := since(first), v.now.Office.Sub(first.Rank)
		switch {
		case staff.open > 0:
		case staff.paused > 0:
			out = append(out, wire.Alert{Code: "counters_paused", Level: warning, Args: args("waiting", strconv.Itoa(waiting)), Since: &from})
		default:
			out = append(out, wire.Alert{Code: "no_open_counter", Level: fault, Args: args("waiting", strconv.Itoa(waiting)), Since: &from})
		}
		if x.Target > 0 && waited > x.Target {
			a := wire.Alert{Code: "over_target", Level: warning, Args: args("minutes", minutes(waited), "target", minutes(x.Target)), Since: &from}
			if waited > 2*x.Target {
				a.Level = fault
			}
			out = append(out, a)
		}
	}
	if taken := v.st.Taken(x.ID); x.Quota > 0 && !x.Archived && taken*100 >= x.Quota*nearlyAll {
		code := "quota_near"
		if taken >= x.Quota {
			code = "quota_used"
		}
		out = append(out, wire.Alert{Code: code, Level: warning, Args: args("taken", strconv.Itoa(taken), "quota", strconv.Itoa(x.Quota))})
	}
	return out
}

func (v viewer) counterAlerts(c *queue.Counter, out []wire.Alert) []wire.Alert {
	seat := v.st.Seat(c.ID)
	if n := v.st.SentTo(c.ID); n > 0 && seat.Paused != "" {
		out = append(out, wire.Alert{Code: "sent_to_paused", Level: warning, Args: map[string]string{"counter": c.Label, "waiting": strconv.Itoa(n)}})
	}
	t := v.st.Ticket(seat.Current)
	if t == nil || t.State != ticket.Called {
		return out
	}
	if stood := v.now.Office.Sub(t.CalledTime); stood > forgotten {
		out = append(out, wire.Alert{
			Code: "call_unanswered", Level: warning, Since: shown(t.Called),
			Args: map[string]string{"counter": c.Label, "number": t.Number.Text, "minutes": minutes(stood)},
		})
	}
	return out
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }
