package officefile

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/config"
	"antrean/shared/ticket"
)

// Parse reads an office from data, which came from the file called name. Services
// and counters without a ref keep 0: the core gives them one. The error is a
// config.Errors that tells every mistake found, up to twenty, by line.
func Parse(name string, data []byte) (queue.Settings, error) {
	if len(data) > MaxSize {
		return queue.Settings{}, config.Errors{{File: name, Message: fmt.Sprintf("the file is larger than %d bytes", MaxSize)}}
	}
	var f file
	if err := config.Decode(name, data, &f); err != nil {
		return queue.Settings{}, err
	}
	c := &checker{file: name, lines: config.LinesOf(data)}
	if f.Format != Format {
		c.say([]any{"format"}, fmt.Sprintf("format is %d, and this program reads %d", f.Format, Format), "format = "+strconv.Itoa(Format))
		return queue.Settings{}, c.errs
	}
	s := c.settings(f)
	c.office(s)
	if len(c.errs) > 0 {
		return queue.Settings{}, c.sorted()
	}
	return s, nil
}

// Check reports what makes settings from elsewhere impossible, in the same words
// as Parse, but without lines.
func Check(s queue.Settings) error {
	c := &checker{file: "settings"}
	c.office(s)
	if len(c.errs) > 0 {
		return c.sorted()
	}
	return nil
}

// settings turns the file into settings. It tells only what could not be turned;
// the rest is for the check of the settings, which others may need without a file.
func (c *checker) settings(f file) queue.Settings {
	s := queue.Settings{
		Office:     ticket.OfficeID(f.Office.ID),
		Name:       text(f.Office.Name),
		TimeZone:   f.Office.TimeZone,
		Languages:  slices.Clip(f.Office.Languages),
		PublicURL:  f.Office.PublicURL,
		LastTicket: time.Duration(c.within([]any{"office", "last_ticket_minutes"}, f.Office.LastTicket, 0, 24*60)) * time.Minute,
		Opening:    c.openings([]any{"office", "opening"}, f.Office.Opening),
		Voice:      queue.Voice{Times: defaultTimes, Digits: defaultDigits},
		Rules: queue.Rules{
			TransferToBack: f.Office.ToBack, JourneyToBack: f.Office.JourneyTo, Return: queue.Return(f.Office.Return),
		},
		Outcomes: codes(f.Outcome), Pauses: codes(f.Pause), Parkings: codes(f.Parking),
	}
	for i, x := range f.Special {
		s.Special = append(s.Special, queue.Special{
			From: x.From, To: x.To, Name: text(x.Name), Opening: c.openings([]any{"special", i, "opening"}, x.Opening),
		})
	}
	for _, h := range f.Holiday {
		s.Holidays = append(s.Holidays, queue.Holiday{Date: h.Date, Name: text(h.Name)})
	}
	if f.Voice != nil {
		s.Voice = queue.Voice{Times: or(f.Voice.Times, defaultTimes), Digits: or(f.Voice.Digits, defaultDigits)}
	}
	for _, z := range f.Zone {
		s.Zones = append(s.Zones, queue.Zone{ID: ticket.ZoneID(z.ID), Name: text(z.Name), Archived: z.Archived})
	}
	for _, a := range f.Agency {
		s.Agencies = append(s.Agencies, queue.Agency{ID: ticket.AgencyID(a.ID), Name: text(a.Name), Archived: a.Archived})
	}
	for _, q := range f.Sequence {
		s.Sequences = append(s.Sequences, queue.Sequence{
			ID: ticket.SequenceID(q.ID), Prefix: q.Prefix, Padding: or(q.Padding, defaultPadding), Archived: q.Archived,
		})
	}
	for i, v := range f.Service {
		one := queue.Service{
			ID: ticket.ServiceID(v.ID), Ref: v.Ref, Agency: ticket.AgencyID(v.Agency), Sequence: ticket.SequenceID(v.Sequence),
			Name: text(v.Name), Quota: v.Quota, Closed: v.Closed, Archived: v.Archived,
			Opening: c.openings([]any{"service", i, "opening"}, v.Opening),
			Target:  time.Duration(c.within([]any{"service", i, "target_minutes"}, v.Target, 0, 24*60)) * time.Minute,
		}
		for by, n := range v.Quotas {
			if one.Quotas == nil {
				one.Quotas = map[queue.Channel]int{}
			}
			one.Quotas[queue.Channel(by)] = n
		}
		if o := v.Order; o != nil {
			one.Order = queue.Order{
				Appointment: o.Appointment, Priority: o.Priority, Regular: or(o.Regular, defaultRegular), Bound: o.Bound,
			}
		}
		for _, r := range v.Requirements {
			one.Requirements = append(one.Requirements, text(r))
		}
		s.Services = append(s.Services, one)
	}
	for _, k := range f.Counter {
		one := queue.Counter{
			ID: ticket.CounterID(k.ID), Ref: k.Ref, Label: k.Label, Name: text(k.Name),
			Agency: ticket.AgencyID(k.Agency), Zone: ticket.ZoneID(k.Zone), Archived: k.Archived, Prefers: k.Prefers,
		}
		if one.Patience = or(k.Patience, 0); k.Prefers {
			one.Patience = or(k.Patience, defaultPatience)
		}
		for _, id := range k.Help {
			one.Help = append(one.Help, ticket.ServiceID(id))
		}
		for _, id := range k.Services {
			one.Services = append(one.Services, ticket.ServiceID(id))
		}
		s.Counters = append(s.Counters, one)
	}
	return s
}

func codes(in []code) []queue.Code {
	var out []queue.Code
	for _, x := range in {
		out = append(out, queue.Code{Code: x.Code, Name: text(x.Name), Archived: x.Archived})
	}
	return out
}

func (c *checker) openings(at []any, in []opening) []queue.Opening {
	var out []queue.Opening
	for i, o := range in {
		here := join(at, i)
		one := queue.Opening{
			Open:  c.minute(join(here, "open"), o.Open),
			Close: c.minute(join(here, "close"), o.Close),
		}
		for j, d := range o.Days {
			day := slices.Index(dayNames[:], d)
			if day < 0 {
				c.say(join(here, "days", j), fmt.Sprintf("%q is no day of the week", d), dayNames[1:]...)
				continue
			}
			one.Days = append(one.Days, time.Weekday(day))
		}
		for j, b := range o.Breaks {
			one.Breaks = append(one.Breaks, queue.Break{
				From: c.minute(join(here, "breaks", j, "from"), b.From), To: c.minute(join(here, "breaks", j, "to"), b.To), Reason: b.Reason,
			})
		}
		out = append(out, one)
	}
	return out
}

// dayNames are the days as the file writes them, from time.Sunday on.
var dayNames = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// minute reads "08:00"; "24:00" is the end of the day.
func (c *checker) minute(at []any, s string) queue.Minute {
	if m, ok := parseMinute(s); ok {
		return m
	}
	c.say(at, fmt.Sprintf("%q is no time of day", s), "00:00 to 24:00, two digits each")
	return 0
}

func parseMinute(s string) (queue.Minute, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, false
	}
	return queue.Minute(t.Hour()*60 + t.Minute()), true
}

func formatMinute(m queue.Minute) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

func (c *checker) within(at []any, n, low, high int) int {
	if n < low || n > high {
		c.say(at, fmt.Sprintf("%d is out of range", n), fmt.Sprintf("%d to %d", low, high))
		return low
	}
	return n
}

// text drops an empty table, so that none and empty are the same.
func text(t ticket.Text) ticket.Text {
	if len(t) == 0 {
		return nil
	}
	return t
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

func join(path []any, more ...any) []any { return append(slices.Clip(path), more...) }
