package officefile

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/config"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// maxErrors is how many mistakes are told at once.
const maxErrors = 20

// checker collects what is wrong with an office, each with its place.
type checker struct {
	file  string
	lines config.Lines
	errs  config.Errors
	langs []string // that texts may be in
}

func (c *checker) say(at []any, message string, allowed ...string) {
	if len(c.errs) >= maxErrors {
		return
	}
	var key []string
	for _, p := range at {
		if s, ok := p.(string); ok {
			key = append(key, s)
		}
	}
	c.errs = append(c.errs, &config.Error{
		File: c.file, Line: c.lines.Of(at...), Key: strings.Join(key, "."), Message: strings.Join(key, ".") + ": " + message, Allowed: allowed,
	})
}

func (c *checker) sorted() config.Errors {
	slices.SortStableFunc(c.errs, func(a, b *config.Error) int { return a.Line - b.Line })
	return c.errs
}

// office checks whole settings. Places are those of the file's form.
func (c *checker) office(s queue.Settings) {
	c.id([]any{"office", "id"}, string(s.Office))
	c.languages(s.Languages)
	c.text([]any{"office", "name"}, s.Name, true)
	c.timeZone(s.TimeZone)
	c.publicURL(s.PublicURL)
	if s.LastTicket < 0 || s.LastTicket > 24*time.Hour || s.LastTicket%time.Minute != 0 {
		c.say([]any{"office", "last_ticket_minutes"}, s.LastTicket.String()+" is not possible", "0 to 1440 whole minutes")
	}
	c.hours([]any{"office", "opening"}, s.Opening)
	c.comeback(s.Rules.Return)
	c.dates(s)
	c.codes("outcome", s.Outcomes)
	c.codes("pause", s.Pauses)
	c.codes("parking", s.Parkings)
	if s.Voice.Times < 1 || s.Voice.Times > 3 {
		c.say([]any{"voice", "times"}, strconv.Itoa(s.Voice.Times)+" is out of range", "1", "2", "3")
	}
	if s.Voice.Digits != "each" && s.Voice.Digits != "number" {
		c.say([]any{"voice", "digits"}, quoted(s.Voice.Digits)+" is not known", "each", "number")
	}
	for i, z := range s.Zones {
		c.text([]any{"zone", i, "name"}, z.Name, true)
	}
	for i, a := range s.Agencies {
		c.text([]any{"agency", i, "name"}, a.Name, true)
	}
	zones := ids(c, "zone", s.Zones, func(z queue.Zone) (string, bool) { return string(z.ID), z.Archived })
	agencies := ids(c, "agency", s.Agencies, func(a queue.Agency) (string, bool) { return string(a.ID), a.Archived })
	sequences := ids(c, "sequence", s.Sequences, func(q queue.Sequence) (string, bool) { return string(q.ID), q.Archived })
	services := ids(c, "service", s.Services, func(v queue.Service) (string, bool) { return string(v.ID), v.Archived })
	ids(c, "counter", s.Counters, func(k queue.Counter) (string, bool) { return string(k.ID), k.Archived })
	c.sequences(s.Sequences)
	c.services(s.Services, agencies, sequences)
	c.counters(s.Counters, zones, agencies, services)
	c.help(s.Counters)
}

// known is what is in a list: by id, whether it is archived.
type known map[string]bool

func ids[T any](c *checker, list string, all []T, of func(T) (string, bool)) known {
	out := known{}
	if len(all) > maxList {
		c.say([]any{list}, fmt.Sprintf("there are %d", len(all)), fmt.Sprintf("%d at most", maxList))
	}
	for i, one := range all {
		id, archived := of(one)
		at := []any{list, i, "id"}
		c.id(at, id)
		if _, twice := out[id]; twice {
			c.say(at, quoted(id)+" stands here twice: an id is one thing, for ever")
		}
		out[id] = archived
	}
	return out
}

// refers checks a reference. What is in use may not lean on what is archived.
func (c *checker) refers(at []any, id string, to known, inUse bool) {
	archived, ok := to[id]
	switch {
	case !ok:
		c.say(at, quoted(id)+" is not in this file", to.inUse()...)
	case archived && inUse:
		c.say(at, quoted(id)+" is archived", to.inUse()...)
	}
}

// inUse lists what may be referred to, shortened where there are many.
func (k known) inUse() []string {
	var all []string
	for id, archived := range k {
		if !archived && id != "" {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	if len(all) > 30 {
		return append(all[:30], fmt.Sprintf("and %d more", len(all)-30))
	}
	return all
}

func (c *checker) sequences(all []queue.Sequence) {
	for i, q := range all {
		if q.Padding < 1 || q.Padding > 6 {
			c.say([]any{"sequence", i, "padding"}, strconv.Itoa(q.Padding)+" is out of range", "1 to 6")
		}
		if !fewer(q.Prefix, maxPrefix) || strings.Trim(q.Prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./") != "" {
			c.say([]any{"sequence", i, "prefix"}, quoted(q.Prefix)+" cannot be printed and spoken", "at most 8 of A-Z 0-9 - . /")
		}
		for _, other := range all[:i] {
			if !q.Archived && !other.Archived && mayPrintTheSame(q.Prefix, other.Prefix) {
				c.say([]any{"sequence", i, "prefix"}, fmt.Sprintf("%s and %s of sequence %s could print the same number: "+
					"one may not be the other, nor the other followed only by digits", quoted(q.Prefix), quoted(other.Prefix), other.ID))
			}
		}
	}
}

// mayPrintTheSame reports whether two prefixes can lead to one printed text:
// "A" + 117 and "A1" + 17.
func mayPrintTheSame(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && strings.Trim(rest, "0123456789") == ""
}

func (c *checker) services(all []queue.Service, agencies, sequences known) {
	refs := map[uint16]bool{}
	for i, v := range all {
		at := []any{"service", i}
		c.ref(at, v.Ref, refs)
		c.text(join(at, "name"), v.Name, true)
		c.refers(join(at, "agency"), string(v.Agency), agencies, !v.Archived)
		c.refers(join(at, "sequence"), string(v.Sequence), sequences, !v.Archived)
		c.hours(join(at, "opening"), v.Opening)
		if len(v.Requirements) > maxNeeds {
			c.say(join(at, "requirements"), fmt.Sprintf("there are %d", len(v.Requirements)), fmt.Sprintf("%d at most", maxNeeds))
		}
		for j, r := range v.Requirements {
			c.text(join(at, "requirements", j), r, true)
		}
		if v.Quota < 0 || v.Quota > 99_999 {
			c.say(join(at, "quota"), strconv.Itoa(v.Quota)+" is out of range", "0 (no limit) to 99999")
		}
		c.order(at, v)
		if v.Closed != "" && !slices.Contains(closedCodes, v.Closed) {
			c.say(join(at, "closed"), quoted(v.Closed)+" is not known", closedCodes...)
		}
	}
}

// closedCodes are why people may close a service by hand, breakReasons what a
// break may be called; both are translated below [closed] in the texts.
var (
	closedCodes  = []string{"closed_by_hand", "holiday"}
	breakReasons = []string{"break", "friday_prayer"}
)

func (c *checker) counters(all []queue.Counter, zones, agencies, services known) {
	refs, labels := map[uint16]bool{}, map[string]bool{}
	for i, k := range all {
		at := []any{"counter", i}
		c.ref(at, k.Ref, refs)
		c.text(join(at, "name"), k.Name, false)
		c.refers(join(at, "zone"), string(k.Zone), zones, !k.Archived)
		if k.Agency != "" {
			c.refers(join(at, "agency"), string(k.Agency), agencies, !k.Archived)
		}
		c.plain(join(at, "label"), k.Label, maxLabel)
		if labels[k.Label] && !k.Archived {
			c.say(join(at, "label"), quoted(k.Label)+" is on two counters: visitors could not tell them apart")
		}
		labels[k.Label] = labels[k.Label] || !k.Archived
		seen := map[ticket.ServiceID]bool{}
		for _, list := range []struct {
			key string
			ids []ticket.ServiceID
		}{{"services", k.Services}, {"help", k.Help}} {
			for j, id := range list.ids {
				c.refers(join(at, list.key, j), string(id), services, false)
				if seen[id] {
					c.say(join(at, list.key, j), quoted(string(id))+" stands here twice")
				}
				seen[id] = true
			}
		}
		switch {
		case k.Prefers && (k.Patience < 1 || k.Patience > queue.MaxPatience):
			c.say(join(at, "patience"), strconv.Itoa(k.Patience)+" is out of range", "1 to "+strconv.Itoa(queue.MaxPatience))
		case !k.Prefers && k.Patience != 0:
			c.say(join(at, "patience"), "a counter that prefers nothing needs none", "prefers = true", "no patience")
		}
	}
}

// help refuses a service that counters only help with, as the core does.
func (c *checker) help(all []queue.Counter) {
	served := map[ticket.ServiceID]bool{}
	for _, k := range all {
		for _, id := range k.Services {
			served[id] = served[id] || !k.Archived
		}
	}
	for i, k := range all {
		for j, id := range k.Help {
			if !k.Archived && !served[id] {
				c.say([]any{"counter", i, "help", j}, quoted(string(id))+" is no counter's own service: its line could wait for ever; put it into some counter's services")
			}
		}
	}
}

func (c *checker) ref(at []any, ref uint16, seen map[uint16]bool) {
	if ref != 0 && seen[ref] {
		c.say(join(at, "ref"), fmt.Sprintf("%d stands here twice; leave ref out for what is new", ref))
	}
	seen[ref] = true
}

func (c *checker) languages(all []string) {
	at := []any{"office", "languages"}
	before := len(c.errs)
	for i, l := range all {
		if !slices.Contains(i18n.Languages, l) {
			c.say(join(at, i), "no screen speaks "+quoted(l), i18n.Languages...)
		}
		if slices.Contains(all[:i], l) {
			c.say(join(at, i), quoted(l)+" stands here twice")
		}
	}
	if !slices.Contains(all, i18n.Default) {
		c.say(at, quoted(i18n.Default)+" is missing: it is what is shown where another text is", i18n.Languages...)
	}
	if c.langs = all; len(c.errs) > before {
		c.langs = i18n.Languages // what follows is about the texts, not about this again
	}
}

func (c *checker) timeZone(name string) {
	at := []any{"office", "time_zone"}
	if name == "" || name == "Local" {
		c.say(at, quoted(name)+" says nothing about where the office is", indonesianZones...)
	} else if _, err := time.LoadLocation(name); err != nil {
		c.say(at, quoted(name)+" is no time zone", append(slices.Clone(indonesianZones), "any other IANA name")...)
	}
}

var indonesianZones = []string{"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"}

func (c *checker) publicURL(s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil ||
		u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#") || !fewer(s, maxText) || !printable(s) {
		c.say([]any{"office", "public_url"}, quoted(s)+" is no address that a phone could open", "https://antrean.example.go.id", "empty")
	}
}
