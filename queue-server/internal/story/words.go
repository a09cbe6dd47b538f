package story

import (
	"strings"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// words are the texts of one language.
type words struct{ lang string }

func (w words) text(key string, args ...i18n.Args) string {
	return i18n.Text(w.lang, "story."+key, args...)
}

// known is the text of a code from outside, or the code itself where it has none.
func (w words) known(prefix, code string) string {
	if s := i18n.Text(w.lang, prefix+code); s != prefix+code {
		return s
	}
	return code
}

func (w words) service(st *queue.State, id ticket.ServiceID) string {
	if v := st.Service(id); v != nil {
		if name := v.Name.In(w.lang); name != "" {
			return name
		}
	}
	return string(id)
}

func (w words) counter(st *queue.State, id ticket.CounterID) string {
	if v := st.Counter(id); v != nil && v.Label != "" {
		return v.Label
	}
	return string(id)
}

// code is the name of a code of the settings.
func (w words) code(all []queue.Code, code string) string {
	for _, c := range all {
		if c.Code == code {
			if name := c.Name.In(w.lang); name != "" {
				return name
			}
		}
	}
	return code
}

func (w words) class(c ticket.Class) string { return w.known("story.class_", string(c)) }

// lasted is a duration as people say it, in whole minutes.
func (w words) lasted(d time.Duration) string {
	all := int(d / time.Minute)
	hours, minutes := all/60, all%60
	switch {
	case all < 1:
		return w.text("under_minute")
	case hours == 0:
		return w.text("minutes", i18n.Args{"Count": minutes})
	case minutes == 0:
		return w.text("hours", i18n.Args{"Count": hours})
	}
	return w.text("hours", i18n.Args{"Count": hours}) + " " + w.text("minutes", i18n.Args{"Count": minutes})
}

// ahead says how many are ahead.
func (w words) ahead(n int) string {
	if n == 0 {
		return w.text("nobody_ahead")
	}
	return w.text("ahead", i18n.Args{"Count": n})
}

var actors = map[queue.ActorKind]string{
	queue.ActorSystem: "system", queue.ActorAccount: "account", queue.ActorDevice: "device", queue.ActorVisitor: "visitor",
	queue.ActorPartner: "partner", queue.ActorCommandLine: "command_line",
}

var roles = map[string]bool{"admin": true, "supervisor": true, "officer": true, "kiosk": true, "board": true}

// actor says who acted: a kind and a role, but never who.
func (w words) actor(a queue.Actor, role string) string {
	key := actors[a.Kind]
	if key == "" {
		key = "system"
	}
	if roles[role] && (a.Kind == queue.ActorAccount || a.Kind == queue.ActorDevice) {
		key = role
	}
	return w.text("by_" + key)
}

// sentences are put one after another.
func sentences(all ...string) string {
	kept := all[:0:0]
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}
