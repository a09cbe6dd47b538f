// Package words turns what the flow and the ticket know into the visitor's
// language: times as an office writes them, why something is closed, what a
// refusal means. The glass and the paper both use it. It draws nothing.
package words

import (
	"fmt"
	"strings"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/shared/i18n"
	"antrean/shared/wire"
)

// Say is a text of the kiosk's own section.
func Say(lang, key string, args ...i18n.Args) string { return i18n.Text(lang, "kiosk."+key, args...) }

// Clock is an hour as Indonesian offices write it: "08.05 WITA".
func Clock(at time.Time, p wire.Place) string {
	return strings.TrimSpace(at.In(flow.Zone(p)).Format("15.04") + " " + p.ZoneName)
}

// Date is "Senin, 3 Maret 2025" at the office.
func Date(lang string, at time.Time, p wire.Place) string {
	at = at.In(flow.Zone(p))
	return fmt.Sprintf("%s, %d %s %d", Weekday(lang, at), at.Day(), nth(Say(lang, "months"), int(at.Month())-1), at.Year())
}

// Weekday is the day's name in its own zone.
func Weekday(lang string, at time.Time) string { return nth(Say(lang, "weekdays"), int(at.Weekday())) }

func nth(list string, i int) string {
	if f := strings.Fields(list); i < len(f) {
		return f[i]
	}
	return ""
}

// Why is the reason of a closing.
func Why(lang string, c wire.Closed) string {
	return known(lang, "closed."+c.Code, "closed.closed_by_hand")
}

// Opens says when a closing ends, "" where nobody knows. today is the office's
// date (2006-01-02): on another day the hour alone would mislead.
func Opens(lang string, c wire.Closed, p wire.Place, today string) string {
	if c.OpensAt == nil {
		return ""
	}
	opens := c.OpensAt.In(flow.Zone(p))
	when, day := Clock(opens, p), opens.Format(time.DateOnly)
	if day != today {
		when = dayBeside(lang, opens, today) + " " + when
	}
	return Say(lang, "opens_at", i18n.Args{"When": when})
}

// dayBeside is the weekday, with the date where the weekday alone could be taken
// for a nearer one.
func dayBeside(lang string, day time.Time, today string) string {
	now, err := time.ParseInLocation(time.DateOnly, today, day.Location())
	if err == nil && day.After(now) && day.Before(now.AddDate(0, 0, 7)) {
		return Weekday(lang, day)
	}
	return fmt.Sprintf("%s, %d %s", Weekday(lang, day), day.Day(), nth(Say(lang, "months"), int(day.Month())-1))
}

// Refusal is the text of a refusal's or a closing's code, with the general one
// where the catalogue has none.
func Refusal(lang, code string) string {
	if s := known(lang, "closed."+code, ""); s != "" {
		return s
	}
	return known(lang, "refusal."+code, "refusal.internal")
}

// known is the text of key, or of fallback where the catalogue has no such key.
func known(lang, key, fallback string) string {
	s := i18n.Text(lang, key)
	if s != key {
		return s
	}
	if fallback == "" {
		return ""
	}
	return i18n.Text(lang, fallback)
}
