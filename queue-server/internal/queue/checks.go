package queue

import (
	"slices"
	"strings"
	"time"

	"antrean/shared/ticket"
)

// What settings may say. The office file says the same with the line.
const (
	MaxQuota    = 99_999
	MaxTurns    = 100    // of Order, for each class
	MaxBound    = 10_000 // of Order
	MaxWindow   = 24 * 60
	MaxNumbers  = 999 // of Return
	MaxTimes    = 99  // of Return
	MaxAfter    = 99  // of Return
	MaxPatience = 1000
)

// Places are where a late-comer may come back to; empty is PlaceBack.
const (
	PlaceFront = "front"
	PlaceAfter = "after"
	PlaceBack  = "back"
)

func checkHours(what string, all []Opening) error {
	taken := map[time.Weekday]bool{}
	for _, o := range all {
		if len(o.Days) == 0 || o.Open < 0 || o.Open >= o.Close || o.Close > 24*60 {
			return settingsErr("%s: open from minute %d to %d on %d weekdays", what, o.Open, o.Close, len(o.Days))
		}
		for _, d := range o.Days {
			if d < time.Sunday || d > time.Saturday || taken[d] {
				return settingsErr("%s: weekday %d is unknown or there twice", what, d)
			}
			taken[d] = true
		}
		for i, b := range o.Breaks {
			if !codeForm(b.Reason) || b.From < o.Open || b.From >= b.To || b.To > o.Close {
				return settingsErr("%s: a break from minute %d to %d for reason %.60q", what, b.From, b.To, b.Reason)
			}
			for _, c := range o.Breaks[:i] {
				if b.From < c.To && c.From < b.To {
					return settingsErr("%s: two breaks at minute %d", what, max(b.From, c.From))
				}
			}
		}
	}
	return nil
}

func checkDates(n *Settings) error {
	var spans []span
	for _, x := range n.Special {
		from, ok := parseDate(x.From)
		to, ok2 := parseDate(x.To)
		if !ok || !ok2 || from > to || x.Name["id"] == "" {
			return settingsErr("special hours from %.60q to %.60q: a date like 2027-02-08, an end before the beginning, or no name", x.From, x.To)
		}
		for _, y := range spans {
			if from <= y.to && y.from <= to {
				return settingsErr("special hours from %s lie over others", x.From)
			}
		}
		spans = append(spans, span{from, to, x.Opening})
		if err := checkHours("special hours from "+x.From, x.Opening); err != nil {
			return err
		}
	}
	seen := map[date]bool{}
	for _, h := range n.Holidays {
		d, ok := parseDate(h.Date)
		if !ok || seen[d] || h.Name["id"] == "" {
			return settingsErr("holiday %.60q is no date like 2027-08-17, there twice, or without a name", h.Date)
		}
		seen[d] = true
	}
	return nil
}

func checkCodes(what string, all []Code) error {
	seen := map[string]bool{}
	for _, c := range all {
		if !codeForm(c.Code) || seen[c.Code] || c.Name["id"] == "" {
			return settingsErr("%s %.60q is no code, there twice, or without a name", what, c.Code)
		}
		seen[c.Code] = true
	}
	return nil
}

// codeForm reports whether a text can be a code: it is on paper, in paths and in
// the log for ever.
func codeForm(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// idForm reports whether a text can be an id: it is in every event that names it.
func idForm(s string) bool { return visible(s) && len(s) <= 64 }

// longestPrefix is of a sequence's numbers, in characters: the office file's.
const longestPrefix = 8

func prefixForm(s string) bool { return s == "" || visible(s) && len(s) <= longestPrefix }

func checkLanguages(all []string) error {
	seen := map[string]bool{}
	for _, l := range all {
		if l == "" || len(l) > 12 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz-") != "" || seen[l] {
			return settingsErr("language %.20q is no tag like id, or there twice", l)
		}
		seen[l] = true
	}
	return nil
}

func checkRules(r Rules) error {
	b := r.Return
	switch {
	case b.Minutes < 0 || b.Minutes > MaxWindow || b.Numbers < 0 || b.Numbers > MaxNumbers:
		return settingsErr("a return within %d minutes and %d numbers", b.Minutes, b.Numbers)
	case !slices.Contains([]string{"", PlaceFront, PlaceAfter, PlaceBack}, b.Place):
		return settingsErr("a return to place %.60q", b.Place)
	case b.Times < 0 || b.Times > MaxTimes:
		return settingsErr("a return %d times a day", b.Times)
	case b.After < 0 || b.After > MaxAfter || (b.Place == PlaceAfter) != (b.After > 0):
		return settingsErr("a return behind %d people to place %.60q", b.After, b.Place)
	}
	return nil
}

func checkService(v *Service) error {
	if err := checkHours("service "+string(v.ID), v.Opening); err != nil {
		return err
	}
	for by, n := range v.Quotas {
		if !by.Known() || n < 1 || n > MaxQuota {
			return settingsErr("service %.60q has a channel's quota that is unknown or not 1 to %d", v.ID, MaxQuota)
		}
	}
	o := v.Order
	turns := []int{o.Appointment, o.Priority, o.Regular}
	switch {
	case v.Closed != "" && !codeForm(v.Closed):
		return settingsErr("service %.60q is closed by %.20q, which is no code", v.ID, v.Closed)
	case v.Quota < 0 || v.Quota > MaxQuota || v.Target < 0 || v.Target > 24*time.Hour:
		return settingsErr("service %.60q has a quota of %d and a target of %v", v.ID, v.Quota, v.Target)
	case slices.Max(turns) > MaxTurns || slices.Min(turns) < 0 || o.Bound < 0 || o.Bound > MaxBound:
		return settingsErr("service %.60q has an order out of range", v.ID)
	case o.Classes() && o.Regular == 0:
		return settingsErr("service %.60q gives the regular no turn: they would wait for ever", v.ID)
	case o.Bound > 0 && !o.Classes():
		return settingsErr("service %.60q bounds what its order does not do", v.ID)
	}
	return nil
}

func checkCounter(k *Counter, services map[ticket.ServiceID]bool) error {
	seen := map[ticket.ServiceID]bool{}
	for _, id := range slices.Concat(k.Services, k.Help) {
		if !services[id] || seen[id] {
			return settingsErr("counter %.60q names service %.60q, which is unknown or there twice", k.ID, id)
		}
		seen[id] = true
	}
	if k.Patience < 0 || k.Patience > MaxPatience || k.Prefers != (k.Patience > 0) {
		return settingsErr("counter %.60q prefers (%v) with a patience of %d: 1 to %d with it, 0 without", k.ID, k.Prefers, k.Patience, MaxPatience)
	}
	return nil
}

// checkHelp refuses a service that counters only help with: help comes when nobody
// else waits, so its line could stand for ever.
func checkHelp(n *Settings) error {
	first := map[ticket.ServiceID]bool{}
	for _, k := range n.Counters {
		if !k.Archived {
			for _, id := range k.Services {
				first[id] = true
			}
		}
	}
	for _, k := range n.Counters {
		for _, id := range k.Help {
			if !k.Archived && !first[id] {
				return settingsErr("counter %.60q helps with %.60q, which is no counter's own service: its line could wait for ever", k.ID, id)
			}
		}
	}
	return nil
}
