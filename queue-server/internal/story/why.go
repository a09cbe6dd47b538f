package story

import (
	"strconv"
	"strings"

	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// because is why a call went where it went, in words. st is the state just before
// it; empty: it no longer knows the ticket.
func (w words) because(st *queue.State, r *queue.Record) string {
	x, ok := st.Explain(r)
	if !ok {
		return ""
	}
	args := i18n.Args{"Counter": w.counter(st, r.Counter), "Service": w.service(st, x.Chosen.Service), "Class": w.class(stoodAs(x))}
	if x.Rule == queue.Chosen {
		return w.byHand(st, x, args)
	}
	return sentences(w.rule(st, x, args), w.turn(x, args), w.heads(st, x))
}

// stoodAs is the class as which the called one stood in its line: one to whose class
// the settings give no turn of its own stands among the regular.
func stoodAs(x queue.Explanation) ticket.Class {
	for _, lane := range x.Lanes {
		if lane.Head.Ticket == x.Chosen.Ticket {
			return lane.Class
		}
	}
	return x.Chosen.Class
}

// byHand is the reason of a call of a chosen number: where it was, out of turn.
func (w words) byHand(st *queue.State, x queue.Explanation, args i18n.Args) string {
	from := ""
	switch k := st.Ticket(x.Chosen.Ticket); k.State {
	case ticket.Waiting:
		from = sentences(w.ahead(st.Ahead(k)), w.waited(x.Chosen))
	case ticket.Parked:
		from = w.text("was_parked")
	case ticket.NoShow:
		from = w.text("was_missed")
	}
	return sentences(w.text("why_chosen", args), from)
}

// rule is why it was this line, among those of the counter.
func (w words) rule(st *queue.State, x queue.Explanation, args i18n.Args) string {
	switch x.Rule {
	case queue.LongestWait:
		return w.text("why_longest", args)
	case queue.Preferred:
		if x.Turn == queue.ToCounter {
			return w.text("why_preferred_sent", args)
		}
		return w.text("why_preferred", args)
	case queue.Passed:
		args["Count"] = 1
		if v := st.Counter(x.Counter); v != nil {
			args["Count"] = max(1, v.Patience)
		}
		return w.text("why_passed", args)
	case queue.Helping:
		return w.text("why_helping", args)
	}
	return ""
}

// turn is why it was this one, in its line.
func (w words) turn(x queue.Explanation, args i18n.Args) string {
	switch x.Turn {
	case queue.ByRank:
		return w.text("turn_rank", args)
	case queue.ByRatio:
		args["Ratio"] = w.ratio(x)
		return w.text("turn_ratio", args)
	case queue.ByBound:
		args["Count"] = x.Order.Bound
		return w.text("turn_bound", args)
	case queue.ByAbsence:
		return w.text("turn_absence", args)
	case queue.ToCounter:
		return w.text("turn_counter", args)
	}
	return ""
}

// ratio is the calls of a round by class: 1 priority, 2 regular.
func (w words) ratio(x queue.Explanation) string {
	var parts []string
	for _, lane := range x.Lanes {
		if lane.Calls > 0 {
			parts = append(parts, strconv.Itoa(lane.Calls)+" "+w.class(lane.Class))
		}
	}
	return strings.Join(parts, ", ")
}

func (w words) waited(s queue.Standing) string {
	return w.text("had_waited", i18n.Args{"Duration": w.lasted(s.Stood)})
}

// heads are those whom it was chosen among, with how long each had waited.
func (w words) heads(st *queue.State, x queue.Explanation) string {
	if len(x.Others) == 0 {
		return sentences(w.text("only_one"), w.waited(x.Chosen))
	}
	all := make([]string, 0, len(x.Others)+1)
	for _, s := range append([]queue.Standing{x.Chosen}, x.Others...) {
		all = append(all, w.text("head", i18n.Args{"Number": s.Number, "Service": w.service(st, s.Service), "Duration": w.lasted(s.Stood)}))
	}
	return w.text("heads", i18n.Args{"Count": len(all), "Heads": strings.Join(all, "; ")})
}
