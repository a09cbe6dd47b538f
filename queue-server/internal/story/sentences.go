package story

import (
	"antrean/queue-server/internal/queue"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// narrator follows one ticket through the records of its days. Each record is shown
// to it twice: before it is folded in, and after.
type narrator struct {
	words
	ref    queue.Ref
	number string
	lines  []wire.StoryLine

	role   func(queue.Actor) string
	roles  map[queue.Actor]string
	voiced []uint64 // its announcements
	doubt  bool     // it has been said that the clock was wrong

	// What was before the record at hand.
	was    queue.Ticket
	why    string        // of a call
	undone *queue.Action // by an undo; nil: of another ticket, or none
	theirs bool          // the ticket is at the record's counter
}

func (t *Teller) narrator(st *queue.State, k *queue.Ticket, lang string) *narrator {
	return &narrator{words: words{lang}, ref: k.Ref, number: k.Number.Text, role: t.role, roles: map[queue.Actor]string{}, was: *k}
}

// before keeps what the sentence about a record needs of the state before it.
func (n *narrator) before(st *queue.State, r *queue.Record) {
	if k := st.Ticket(n.ref); k != nil {
		n.was = *k
	}
	n.why, n.undone, n.theirs = "", nil, false
	if r.Counter != "" {
		seat := st.Seat(r.Counter)
		n.theirs = seat.Current == n.ref
		if u, ok := r.Event.(queue.Undone); ok && seat.Action != nil && uint64(seat.Action.Seq) == u.Seq &&
			seat.Action.Ticket != nil && seat.Action.Ticket.Ref == n.ref {
			n.undone = seat.Action
		}
	}
	if e, ok := r.Event.(queue.Called); ok && e.Ticket == n.ref {
		n.why = n.because(st, r)
	}
}

// after adds the record's sentence, where it is about the ticket.
func (n *narrator) after(st *queue.State, r *queue.Record) {
	k := st.Ticket(n.ref)
	if k == nil || !n.concerns(r) {
		return
	}
	args := n.args(st, r)
	text := n.moved(st, r, k, args)
	if text == "" {
		text = n.noted(st, r, k, args)
	}
	if text == "" {
		return
	}
	if !r.Plausible && !n.doubt {
		n.doubt = true
		text = sentences(text, n.text("clock_wrong"))
	}
	n.lines = append(n.lines, wire.StoryLine{Seq: r.Seq, At: r.At.In(st.Zone()), Text: text, Why: n.why})
}

// args are what every sentence may name: the actor, without the counter and with it.
func (n *narrator) args(st *queue.State, r *queue.Record) i18n.Args {
	role, ok := n.roles[r.Actor]
	if !ok {
		role = n.role(r.Actor)
		n.roles[r.Actor] = role
	}
	who := n.actor(r.Actor, role)
	args := i18n.Args{"Who": who, "By": who, "Counter": n.counter(st, r.Counter)}
	if r.Counter != "" {
		args["By"] = n.text("by_at", args)
	}
	return args
}

// moved is the sentence of an event that moves the ticket; empty: it is none.
func (n *narrator) moved(st *queue.State, r *queue.Record, k *queue.Ticket, args i18n.Args) string {
	switch e := r.Event.(type) {
	case queue.Issued:
		return n.taken(st, e, k, args)
	case queue.Called:
		n.voiced = append(n.voiced, r.Seq)
		return n.text("called", args)
	case queue.Started:
		return n.text("started", args)
	case queue.Finished:
		return n.finished(st, r, e, args)
	case queue.MissedCall:
		return n.text("missed", args)
	case queue.Returned:
		return sentences(n.text("returned", args), n.ahead(st.Ahead(k)))
	case queue.Parked:
		args["Reason"] = n.code(settingsOf(st).Parkings, e.Reason)
		return n.text("parked", args)
	case queue.Unparked:
		return sentences(n.text("unparked", args), n.ahead(st.Ahead(k)))
	case queue.Transferred:
		args["Service"], args["To"] = n.service(st, e.Service), n.counter(st, e.To)
		key := "transferred"
		if e.To != "" {
			key = "transferred_to"
		}
		return sentences(n.text(key, args), n.ahead(st.Ahead(k)))
	case queue.Cancelled:
		return n.text("cancelled", args)
	case queue.Undone:
		return n.takenBack(n.undone, k, args)
	case queue.DayClosed:
		return n.dayEnded(k)
	}
	return ""
}

// noted is the sentence of an event that leaves the ticket where it is.
func (n *narrator) noted(st *queue.State, r *queue.Record, k *queue.Ticket, args i18n.Args) string {
	switch e := r.Event.(type) {
	case queue.Recalled:
		n.voiced = append(n.voiced, r.Seq)
		return n.text("recalled", args)
	case queue.Due:
		return sentences(n.text("due"), n.ahead(st.Ahead(k)))
	case queue.ServiceAdded:
		args["Service"] = n.service(st, e.Service)
		return n.text("service_added", args)
	case queue.ClassChanged:
		args["From"], args["To"] = n.class(n.was.Class), n.class(e.Class)
		return n.text("class_changed", args)
	case queue.Printed:
		return n.paper(e)
	case queue.Spoken:
		return n.text("spoken", args)
	case queue.CounterOpened:
		return n.text("taken_over", args)
	}
	return ""
}

// settingsOf are those in force; empty before the first.
func settingsOf(st *queue.State) *queue.Settings {
	if v := st.Settings(); v != nil {
		return v
	}
	return &queue.Settings{}
}

func (n *narrator) taken(st *queue.State, e queue.Issued, k *queue.Ticket, args i18n.Args) string {
	args["Number"], args["Service"], args["Class"] = n.number, n.service(st, e.Service), n.class(e.Class)
	text := n.text("taken", args)
	if !e.Slot.From.IsZero() {
		zone := st.Zone()
		text = sentences(text, n.text("slot", i18n.Args{"From": e.Slot.From.In(zone).Format("15:04"), "To": e.Slot.To.In(zone).Format("15:04")}))
	}
	if e.Lease == "" {
		return sentences(text, n.ahead(e.Ahead))
	}
	rank := ""
	switch e.Late {
	case queue.RankOfAge:
		rank = n.text("rank_of_age")
	case queue.RankOfReach:
		rank = n.text("rank_of_reach")
	}
	if k.State == ticket.Expired {
		return sentences(text, n.text("alone"), n.text("after_its_day"))
	}
	return sentences(text, n.text("alone"), rank, n.ahead(st.Ahead(k)))
}

func (n *narrator) finished(st *queue.State, r *queue.Record, e queue.Finished, args i18n.Args) string {
	text := n.text("finished", args)
	if e.Outcome != "" {
		text = sentences(text, n.text("outcome", i18n.Args{"Outcome": n.code(settingsOf(st).Outcomes, e.Outcome)}))
	}
	if n.was.StartedTime != 0 {
		text = sentences(text, n.text("took", i18n.Args{"Duration": n.lasted(r.Time.Sub(n.was.StartedTime))}))
	}
	if e.Next != "" {
		k := st.Ticket(n.ref)
		text = sentences(text, n.text("goes_on", i18n.Args{"Service": n.service(st, e.Next)}), n.ahead(st.Ahead(k)))
	}
	return text
}

var deeds = map[queue.Deed]string{
	queue.DeedCalled: "called", queue.DeedStarted: "started", queue.DeedFinished: "finished", queue.DeedMissed: "missed",
	queue.DeedCancelled: "cancelled", queue.DeedParked: "parked", queue.DeedTransferred: "transferred", queue.DeedServiceAdded: "service_added",
}

func (n *narrator) takenBack(a *queue.Action, k *queue.Ticket, args i18n.Args) string {
	deed := deeds[a.What]
	if deed == "" {
		deed = "other"
	}
	args["What"] = n.text("deed_" + deed)
	args["State"] = n.text("state_" + k.State.String())
	return n.text("undone", args)
}

func (n *narrator) dayEnded(k *queue.Ticket) string {
	switch {
	case n.was.State.Final() || !k.State.Final():
		return ""
	case k.State == ticket.Done:
		return n.text("day_ended_done")
	}
	return n.text("expired")
}

func (n *narrator) paper(e queue.Printed) string {
	text := n.text("paper_" + e.State)
	if e.Detail != "" {
		text = sentences(text, n.text("detail", i18n.Args{"Detail": n.known("story.paper_detail_", e.Detail)}))
	}
	return text
}
