// Package testpage is the paper by which a technician sees that a kiosk, its
// printer and its server belong together: who they are, how wide the printer's
// profile says the paper is, and whether visitors' papers will carry a QR code, or
// why not. It opens no port and takes no number.
package testpage

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"antrean/kiosk/internal/words"
	"antrean/printer"
	"antrean/printer/escpos"
	"antrean/shared/i18n"
	"antrean/shared/reason"
	"antrean/shared/wire"
)

// Page is what stands on the paper.
type Page struct {
	Language string
	Server   string // its address as the kiosk was told
	Printer  string // likewise
	Profile  escpos.Profile
	Answer   Answer
	At       time.Time // by the kiosk's clock
}

// Language is the technician's, from the environment's usual variables.
func Language(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env(name); v != "" {
			tag, _, _ := strings.Cut(v, ".")
			return i18n.Negotiate(strings.ReplaceAll(tag, "_", "-"))
		}
	}
	return i18n.Default
}

func (p Page) say(key string, args ...i18n.Args) string {
	return words.Say(p.Language, "test."+key, args...)
}

// dotsPerMM is the same for every ticket printer that a profile describes.
const dotsPerMM = 8

// Ticket is the page as the printer library prints it. The sample code is the
// address that phones reach, without a ticket.
func (p Page) Ticket() printer.Ticket {
	place := p.Answer.View.Place
	t := printer.Ticket{
		Office:  place.Name.In(p.Language),
		Agency:  p.Answer.Device.Name,
		Service: p.say("title"),
		Number:  p.say("number"),
		Time:    p.time(place),
		Labels:  printer.Labels{Number: p.say("no_number")},
		Footer:  []string{p.say("throw_away")},
	}
	if url := p.Answer.View.PublicURL; url != "" {
		t.Link = url
		t.Labels.Link = p.say("scan", i18n.Args{"URL": url})
	}
	columns := p.Profile.Columns()
	t.Lines = append(p.visitors(),
		p.say("server", i18n.Args{"Address": p.Server}),
		p.say("printer", i18n.Args{"Address": p.Printer}),
		p.say("profile", i18n.Args{"Name": p.Profile.Name}),
		p.say("width", i18n.Args{"Dots": p.Profile.Dots, "MM": p.Profile.Dots / dotsPerMM, "Columns": columns}),
		ruler(columns),
		p.say("ruler"))
	return t
}

// time is the office's; where the server did not say where that is, the kiosk's own.
func (p Page) time(place wire.Place) string {
	if place.TimeZone == "" {
		return p.At.Format("02/01/2006  15.04 -07:00")
	}
	return words.Date(p.Language, p.At, place) + "  " + words.Clock(p.At, place)
}

// ruler is a line as wide as the paper: 1234567890 and again.
func ruler(columns int) string {
	return strings.Repeat("1234567890", (columns+9)/10)[:columns]
}

// visitors says whether visitors' papers carry a code, and what to do where not.
func (p Page) visitors() []string {
	switch {
	case p.Answer.Err != nil:
		return []string{p.say("server_trouble", i18n.Args{"Why": p.why()})}
	case p.Answer.View.Links:
		return []string{p.say("links")}
	}
	return []string{p.say("no_links"), p.say("no_links_help")}
}

// why is what stood between the kiosk and the server's answer, in words.
func (p Page) why() string {
	if other := (notAKiosk{}); errors.As(p.Answer.Err, &other) {
		return words.Say(p.Language, "away_wrong_device", i18n.Args{"Code": other.kind})
	}
	r, refused := reason.Of(p.Answer.Err)
	switch {
	case !refused:
		return p.say("no_answer")
	case r.Kind == reason.Unauthorized || r.Kind == reason.Forbidden:
		return words.Say(p.Language, "away_bad_token", i18n.Args{"Code": r.Code})
	}
	return words.Refusal(p.Language, r.Code)
}

// Report is what to tell the technician, a line each.
func (p Page) Report(o printer.Outcome) []string {
	lines := []string{p.printed(o)}
	if detail := details(o); detail != "" {
		lines = append(lines, "  ("+detail+")")
	}
	lines = append(lines, p.visitors()...)
	if p.Answer.Err != nil {
		lines = append(lines, "  ("+p.Answer.Err.Error()+")")
	}
	if url := p.Answer.View.PublicURL; url != "" {
		lines = append(lines, p.say("scan", i18n.Args{"URL": url}))
	}
	return lines
}

func (p Page) printed(o printer.Outcome) string {
	why := i18n.Args{"Why": p.condition(o.Reason)}
	switch o.State {
	case printer.Confirmed:
		return p.say("printed")
	case printer.Failed:
		return p.say("not_printed", why)
	}
	return p.say("maybe_printed", why)
}

func (p Page) condition(c printer.Condition) string {
	key := "condition." + string(c)
	if s := p.say(key); s != "kiosk.test."+key {
		return s
	}
	return p.say("condition.unknown")
}

// details are the printer library's own words, for whoever is asked for help.
func details(o printer.Outcome) string {
	var parts []string
	if o.Err != nil {
		parts = append(parts, strings.TrimSpace(o.Err.Error()))
	}
	if d := o.Status.Detail; d != "" && (o.Err == nil || !strings.Contains(o.Err.Error(), d)) {
		parts = append(parts, d)
	}
	return strings.Join(parts, "; ")
}

// Answer is what the server said of this kiosk and its office.
type Answer struct {
	Device wire.Device
	View   wire.KioskView
	Err    error // why it did not: a refusal, notAKiosk, or no connection
}

// notAKiosk: the token is another kind of device's.
type notAKiosk struct{ kind string }

func (e notAKiosk) Error() string { return fmt.Sprintf("the token belongs to a %s", e.kind) }
