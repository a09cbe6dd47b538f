package officefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// id checks a permanent name: what is in paths, topics and the log.
func (c *checker) id(at []any, id string) {
	ok := id != "" && len(id) <= maxID && !strings.HasPrefix(id, "-") &&
		strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	if !ok {
		c.say(at, quoted(id)+" is no id", "1 to 40 of a-z 0-9 -, not - first")
	}
}

// text checks a text that visitors read: Indonesian is there, every language is
// the office's, and each can be shown.
func (c *checker) text(at []any, t ticket.Text, needed bool) {
	if len(t) == 0 && !needed {
		return
	}
	if _, ok := t[i18n.Default]; !ok {
		c.say(at, `the text in Indonesian is missing`, `{ id = "..." }`)
	}
	for _, l := range slices.Sorted(keys(t)) {
		if !slices.Contains(c.langs, l) {
			c.say(join(at, l), quoted(l)+" is not among the office's languages", c.langs...)
			continue
		}
		c.plain(join(at, l), t[l], maxText)
	}
}

func keys(t ticket.Text) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range t {
			if !yield(k) {
				return
			}
		}
	}
}

// plain checks one line of text.
func (c *checker) plain(at []any, s string, most int) {
	switch {
	case s == "":
		c.say(at, "the text is empty")
	case !fewer(s, most):
		c.say(at, fmt.Sprintf("the text has %d characters", utf8.RuneCountInString(s)), fmt.Sprintf("%d at most", most))
	case strings.TrimSpace(s) != s:
		c.say(at, "the text begins or ends with a space")
	case !printable(s):
		c.say(at, quoted(s)+" holds characters that cannot be shown or that turn the line around")
	}
}

func fewer(s string, most int) bool { return utf8.RuneCountInString(s) <= most }

// printable refuses control characters, broken UTF-8, line ends, and marks that
// change the direction of what follows.
func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || unicode.Is(unicode.Co, r)
	})
}

// quoted shows a text in a message, shortened and with nothing raw in it.
func quoted(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "..."
	}
	return strconv.Quote(s)
}

// hours checks opening hours: each in order, one for a day, breaks inside and
// apart.
func (c *checker) hours(at []any, all []queue.Opening) {
	taken := map[time.Weekday]*queue.Opening{}
	for i, o := range all {
		here := join(at, i)
		if o.Open < 0 || o.Close > 24*60 || o.Open >= o.Close {
			c.say(join(here, "close"), fmt.Sprintf("it closes at %s, having opened at %s", formatMinute(o.Close), formatMinute(o.Open)), "later than open, 24:00 at most")
		}
		if len(o.Days) == 0 {
			c.say(join(here, "days"), "no day is named", dayNames[1:]...)
		}
		for j, d := range o.Days {
			if d < time.Sunday || d > time.Saturday {
				c.say(join(here, "days", j), fmt.Sprintf("%d is no day of the week", int(d)), dayNames[1:]...)
				continue
			}
			if other := taken[d]; other != nil {
				c.say(join(here, "days", j), fmt.Sprintf("%s is open from %s to %s already; a pause between is a break", dayNames[d], formatMinute(other.Open), formatMinute(other.Close)))
			}
			taken[d] = &all[i]
		}
		c.breaks(join(here, "breaks"), o)
	}
}

func (c *checker) breaks(at []any, o queue.Opening) {
	for i, b := range o.Breaks {
		here := join(at, i)
		if b.From >= b.To || b.From < o.Open || b.To > o.Close {
			c.say(join(here, "from"), fmt.Sprintf("a break from %s to %s does not fit", formatMinute(b.From), formatMinute(b.To)),
				fmt.Sprintf("within %s and %s, from before to", formatMinute(o.Open), formatMinute(o.Close)))
		}
		for _, other := range o.Breaks[:i] {
			if b.From < other.To && other.From < b.To {
				c.say(join(here, "from"), fmt.Sprintf("the break lies over the one from %s to %s", formatMinute(other.From), formatMinute(other.To)))
			}
		}
		if !slices.Contains(breakReasons, b.Reason) {
			c.say(join(here, "reason"), quoted(b.Reason)+" is not known", breakReasons...)
		}
	}
}
