package story

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"

	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/wire"
)

// Print is a story as lines for a terminal: the time, what happened, and below it why.
func Print(s wire.Story, lang string) string {
	var b strings.Builder
	w := words{language(lang)}
	fmt.Fprintln(&b, w.text("title", i18n.Args{"Number": s.Number, "Day": s.Day}))
	for _, line := range s.Sentences {
		fmt.Fprintf(&b, "%s  %s\n", line.At.Format("2006-01-02 15:04:05"), line.Text)
		if line.Why != "" {
			fmt.Fprintf(&b, "%21s%s\n", "", line.Why)
		}
	}
	return b.String()
}

// Print is a picture as lines for a terminal.
func (p Picture) Print(lang string) string {
	var b strings.Builder
	w := words{language(lang)}
	fmt.Fprintln(&b, w.text("picture_title", i18n.Args{
		"Office": p.Name, "Time": p.At.Format("2006-01-02 15:04:05 -07:00"), "Seq": p.Seq, "Event": p.Event,
	}))
	switch {
	case p.Day.Number == 0:
		fmt.Fprintln(&b, w.text("picture_no_day"))
	case p.Day.Open:
		fmt.Fprintln(&b, w.text("picture_day_open", i18n.Args{"Date": p.Day.Date}))
	default:
		fmt.Fprintln(&b, w.text("picture_day_closed", i18n.Args{"Date": p.Day.Date}))
	}
	switch p.Forced {
	case "":
	case "open":
		fmt.Fprintln(&b, w.text("picture_forced_open"))
	default:
		fmt.Fprintln(&b, w.text("picture_forced_closed", i18n.Args{"Reason": w.known("closed.", p.Forced)}))
	}
	fmt.Fprintln(&b, w.text("picture_totals", i18n.Args{"Taken": p.Taken, "Served": p.Served, "Waiting": p.Waiting}))
	w.printLines(&b, p)
	w.printSeats(&b, p)
	w.printAside(&b, "picture_parked", p.Parked)
	w.printAside(&b, "picture_missed", p.Missed)
	return b.String()
}

func (w words) printLines(b *strings.Builder, p Picture) {
	fmt.Fprintf(b, "\n%s\n", w.text("picture_lines"))
	if len(p.Services) == 0 {
		fmt.Fprintf(b, "  %s\n", w.text("picture_none"))
	}
	for _, line := range p.Services {
		note := ""
		switch {
		case line.Forced:
			note = " (" + w.text("picture_open") + ")"
		case line.Closed != "":
			note = " (" + w.known("closed.", line.Closed) + ")"
		}
		fmt.Fprintf(b, "  %s%s\n", line.Name, note)
		for i, k := range line.Waiting {
			fmt.Fprintf(b, "  %4d. %s\n", i+1, w.waiting(k))
		}
	}
}

func (w words) printSeats(b *strings.Builder, p Picture) {
	fmt.Fprintf(b, "\n%s\n", w.text("picture_counters"))
	if len(p.Counters) == 0 {
		fmt.Fprintf(b, "  %s\n", w.text("picture_none"))
	}
	for _, c := range p.Counters {
		is := w.text("picture_free")
		switch {
		case c.Number != "":
			is = fmt.Sprintf("%s, %s, %s (%s)", c.Number, c.Service, w.text("state_"+c.State), w.lasted(time.Duration(c.Seconds)*time.Second))
		case c.Paused != "":
			is = w.text("picture_paused", i18n.Args{"Reason": c.Paused})
		}
		fmt.Fprintf(b, "  %s: %s\n", c.Label, is)
	}
}

func (w words) printAside(b *strings.Builder, key string, all []Waiter) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", w.text(key))
	for _, k := range all {
		fmt.Fprintf(b, "  %s, %s\n", w.waiting(k), k.Service)
	}
}

func (w words) waiting(k Waiter) string {
	text := fmt.Sprintf("%s, %s, %s", k.Number, w.class(k.Class), w.lasted(time.Duration(k.Seconds)*time.Second))
	if k.Counter != "" {
		text += ", " + w.text("picture_to", i18n.Args{"Counter": k.Counter})
	}
	return text
}

// kind is an event's name: Issued is issued, MissedCall missed_call.
func kind(e queue.Event) string {
	var b strings.Builder
	for i, r := range reflect.TypeOf(e).Name() {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
