package officefile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/queue-server/internal/queue"
)

var places = []string{queue.PlaceFront, queue.PlaceAfter, queue.PlaceBack}

// comeback checks how a late-comer comes back.
func (c *checker) comeback(r queue.Return) {
	at := []any{"office", "return"}
	for _, x := range []struct {
		key     string
		n, most int
	}{
		{"minutes", r.Minutes, queue.MaxWindow}, {"numbers", r.Numbers, queue.MaxNumbers}, {"times", r.Times, queue.MaxTimes}, {"after", r.After, queue.MaxAfter},
	} {
		if x.n < 0 || x.n > x.most {
			c.say(join(at, x.key), fmt.Sprintf("%d is out of range", x.n), fmt.Sprintf("0 to %d", x.most))
		}
	}
	switch {
	case r.Place != "" && !slices.Contains(places, r.Place):
		c.say(join(at, "place"), quoted(r.Place)+" is not known", places...)
	case r.Place == queue.PlaceAfter && r.After == 0:
		c.say(join(at, "after"), "it does not say behind how many people", "after = 1 to "+strconv.Itoa(queue.MaxAfter))
	case r.Place != queue.PlaceAfter && r.After != 0:
		c.say(join(at, "after"), "it is only for place = \"after\"", places...)
	}
}

const aDate = "a date like 2027-08-17"

// dated reads 2027-08-17.
func dated(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil && t.Format(time.DateOnly) == s
}

// dates checks special hours and holidays.
func (c *checker) dates(s queue.Settings) {
	if len(s.Special) > maxList || len(s.Holidays) > maxList {
		c.say([]any{"holiday"}, "there are too many dates", fmt.Sprintf("%d at most", maxList))
		return
	}
	for i, x := range s.Special {
		at := []any{"special", i}
		c.text(join(at, "name"), x.Name, true)
		c.hours(join(at, "opening"), x.Opening)
		_, from := dated(x.From)
		if !from {
			c.say(join(at, "from"), quoted(x.From)+" is no date", aDate)
		}
		_, to := dated(x.To)
		switch {
		case !to:
			c.say(join(at, "to"), quoted(x.To)+" is no date", aDate)
		case from && x.To < x.From:
			c.say(join(at, "to"), fmt.Sprintf("it ends on %s, having begun on %s", x.To, x.From), "that date or a later one")
		}
		for _, y := range s.Special[:i] {
			if from && to && x.From <= y.To && y.From <= x.To {
				c.say(join(at, "from"), fmt.Sprintf("these hours lie over those from %s to %s", quoted(y.From), quoted(y.To)))
			}
		}
	}
	seen := map[string]bool{}
	for i, h := range s.Holidays {
		at := []any{"holiday", i}
		c.text(join(at, "name"), h.Name, true)
		if _, ok := dated(h.Date); !ok {
			c.say(join(at, "date"), quoted(h.Date)+" is no date", aDate)
		} else if seen[h.Date] {
			c.say(join(at, "date"), quoted(h.Date)+" stands here twice")
		}
		seen[h.Date] = true
	}
}

// codes checks the reasons or outcomes of one kind.
func (c *checker) codes(key string, all []queue.Code) {
	seen := map[string]bool{}
	if len(all) > maxCodes {
		c.say([]any{key}, fmt.Sprintf("there are %d", len(all)), fmt.Sprintf("%d at most", maxCodes))
		return
	}
	for i, x := range all {
		at := []any{key, i}
		c.text(join(at, "name"), x.Name, true)
		if x.Code == "" || len(x.Code) > maxID || strings.Trim(x.Code, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			c.say(join(at, "code"), quoted(x.Code)+" is no code", "1 to 40 of a-z 0-9 _ -")
		} else if seen[x.Code] {
			c.say(join(at, "code"), quoted(x.Code)+" stands here twice: a code is one thing, for ever")
		}
		seen[x.Code] = true
	}
}

// order checks a service's line: its order, its target, its channels' quotas.
func (c *checker) order(at []any, v queue.Service) {
	channels := []string{string(queue.ChannelKiosk), string(queue.ChannelDesk), string(queue.ChannelBooking)}
	for _, by := range slices.Sorted(maps.Keys(v.Quotas)) {
		if !by.Known() {
			c.say(join(at, "quotas", string(by)), quoted(string(by))+" is no channel", channels...)
		} else if n := v.Quotas[by]; n < 1 || n > queue.MaxQuota {
			c.say(join(at, "quotas", string(by)), strconv.Itoa(n)+" is out of range", "1 to 99999; leave it out where there is no limit")
		}
	}
	if v.Target < 0 || v.Target > 24*time.Hour || v.Target%time.Minute != 0 {
		c.say(join(at, "target_minutes"), v.Target.String()+" is not possible", "0 to 1440 whole minutes")
	}
	o, at := v.Order, join(at, "order")
	turns := []struct {
		class string
		n     int
	}{{"appointment", o.Appointment}, {"priority", o.Priority}, {"regular", o.Regular}}
	for _, x := range turns {
		if x.n < 0 || x.n > queue.MaxTurns {
			c.say(join(at, x.class), fmt.Sprintf("%d calls in a row are out of range", x.n), "0 (among the regular) to "+strconv.Itoa(queue.MaxTurns))
		}
	}
	if o.Classes() && o.Regular == 0 {
		c.say(join(at, "regular"), "without a turn of their own the regular would wait for ever", "1 to "+strconv.Itoa(queue.MaxTurns))
	}
	if o.Bound < 0 || o.Bound > queue.MaxBound || o.Bound > 0 && !o.Classes() {
		c.say(join(at, "bound"), strconv.Itoa(o.Bound)+" is not possible", "0 (the ratio alone) to "+strconv.Itoa(queue.MaxBound)+", where there are classes")
	}
}
