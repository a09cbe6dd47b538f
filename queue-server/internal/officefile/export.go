package officefile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Export writes settings as a file that Parse reads back as the same settings.
// Settings that Check refuses are not written.
func Export(s queue.Settings) ([]byte, error) {
	if err := Check(s); err != nil {
		return nil, fmt.Errorf("the settings cannot be written: %w", err)
	}
	w := &writer{}
	w.line("# The office %s. Read by: queue-server office import", s.Office)
	w.line("format = %d", Format)
	w.head("[office]")
	w.text("id", string(s.Office))
	w.texts("name", s.Name)
	w.text("time_zone", s.TimeZone)
	w.line("languages = %s", list(s.Languages))
	w.text("public_url", s.PublicURL)
	w.line("last_ticket_minutes = %d", int(s.LastTicket/time.Minute))
	if s.Rules.TransferToBack {
		w.line("transfer_to_back = true")
	}
	if s.Rules.JourneyToBack {
		w.line("journey_to_back = true")
	}
	w.openings("office.opening", s.Opening)
	w.comeback(s.Rules.Return)
	w.dates(s)
	w.codes("outcome", s.Outcomes)
	w.codes("pause", s.Pauses)
	w.codes("parking", s.Parkings)
	w.head("[voice]")
	w.line("times = %d", s.Voice.Times)
	w.text("digits", s.Voice.Digits)
	for _, z := range s.Zones {
		w.head("[[zone]]")
		w.text("id", string(z.ID))
		w.texts("name", z.Name)
		w.archived(z.Archived)
	}
	for _, a := range s.Agencies {
		w.head("[[agency]]")
		w.text("id", string(a.ID))
		w.texts("name", a.Name)
		w.archived(a.Archived)
	}
	for _, q := range s.Sequences {
		w.head("[[sequence]]")
		w.text("id", string(q.ID))
		w.text("prefix", q.Prefix)
		w.line("padding = %d", q.Padding)
		w.archived(q.Archived)
	}
	for _, v := range s.Services {
		w.service(v)
	}
	for _, k := range s.Counters {
		w.counter(k)
	}
	return []byte(w.b.String()), nil
}

type writer struct{ b strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

func (w *writer) head(s string) { w.line("\n%s", s) }

func (w *writer) text(key, s string) { w.line("%s = %s", key, toml(s)) }

func (w *writer) texts(key string, t ticket.Text) { w.line("%s = %s", key, table(t)) }

func (w *writer) optional(key, s string) {
	if s != "" {
		w.text(key, s)
	}
}

func (w *writer) archived(yes bool) {
	if yes {
		w.line("archived = true")
	}
}

func (w *writer) ref(n uint16) {
	if n != 0 {
		w.line("ref = %d", n)
	}
}

func (w *writer) service(v queue.Service) {
	w.head("[[service]]")
	w.text("id", string(v.ID))
	w.ref(v.Ref)
	w.text("agency", string(v.Agency))
	w.text("sequence", string(v.Sequence))
	w.texts("name", v.Name)
	if len(v.Requirements) > 0 {
		w.line("requirements = [")
		for _, r := range v.Requirements {
			w.line("  %s,", table(r))
		}
		w.line("]")
	}
	if v.Quota != 0 {
		w.line("quota = %d", v.Quota)
	}
	if len(v.Quotas) > 0 {
		var parts []string
		for _, by := range slices.Sorted(maps.Keys(v.Quotas)) {
			parts = append(parts, fmt.Sprintf("%s = %d", by, v.Quotas[by]))
		}
		w.line("quotas = { %s }", strings.Join(parts, ", "))
	}
	if v.Target != 0 {
		w.line("target_minutes = %d", int(v.Target/time.Minute))
	}
	if o := v.Order; o.Classes() {
		w.line("order = { appointment = %d, priority = %d, regular = %d, bound = %d }", o.Appointment, o.Priority, o.Regular, o.Bound)
	}
	w.optional("closed", v.Closed)
	w.archived(v.Archived)
	w.openings("service.opening", v.Opening)
}

func (w *writer) counter(k queue.Counter) {
	w.head("[[counter]]")
	w.text("id", string(k.ID))
	w.ref(k.Ref)
	w.text("label", k.Label)
	if len(k.Name) > 0 {
		w.texts("name", k.Name)
	}
	w.optional("agency", string(k.Agency))
	w.text("zone", string(k.Zone))
	w.line("services = %s", list(k.Services))
	if len(k.Help) > 0 {
		w.line("help = %s", list(k.Help))
	}
	if k.Prefers {
		w.line("prefers = true")
		w.line("patience = %d", k.Patience)
	}
	w.archived(k.Archived)
}

func (w *writer) openings(key string, all []queue.Opening) {
	for _, o := range all {
		w.head("[[" + key + "]]")
		days := make([]string, len(o.Days))
		for i, d := range o.Days {
			days[i] = dayNames[d]
		}
		w.line("days = %s", list(days))
		w.text("open", formatMinute(o.Open))
		w.text("close", formatMinute(o.Close))
		if len(o.Breaks) == 0 {
			continue
		}
		var breaks []string
		for _, b := range o.Breaks {
			breaks = append(breaks, fmt.Sprintf("{ from = %q, to = %q, reason = %s }", formatMinute(b.From), formatMinute(b.To), toml(b.Reason)))
		}
		w.line("breaks = [%s]", strings.Join(breaks, ", "))
	}
}

func (w *writer) comeback(r queue.Return) {
	if r == (queue.Return{}) {
		return
	}
	w.head("[office.return]")
	for _, n := range []struct {
		key string
		n   int
	}{{"minutes", r.Minutes}, {"numbers", r.Numbers}, {"times", r.Times}, {"after", r.After}} {
		if n.n != 0 {
			w.line("%s = %d", n.key, n.n)
		}
	}
	w.optional("place", r.Place)
}

func (w *writer) dates(s queue.Settings) {
	for _, x := range s.Special {
		w.head("[[special]]")
		w.text("from", x.From)
		w.text("to", x.To)
		w.texts("name", x.Name)
		w.openings("special.opening", x.Opening)
	}
	for _, h := range s.Holidays {
		w.head("[[holiday]]")
		w.text("date", h.Date)
		w.texts("name", h.Name)
	}
}

func (w *writer) codes(key string, all []queue.Code) {
	for _, x := range all {
		w.head("[[" + key + "]]")
		w.text("code", x.Code)
		w.texts("name", x.Name)
		w.archived(x.Archived)
	}
}

// table writes a text by language, Indonesian first.
func table(t ticket.Text) string {
	langs := slices.SortedFunc(keys(t), func(a, b string) int {
		if (a == "id") != (b == "id") {
			if a == "id" {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	parts := make([]string, len(langs))
	for i, l := range langs {
		parts[i] = l + " = " + toml(t[l])
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

func list[T ~string](all []T) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = toml(string(s))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// toml writes a basic string (TOML 1.0, "String"). Check has refused control
// characters before.
func toml(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
