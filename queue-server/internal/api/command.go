package api

import (
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// empty is the body of a command that needs to be told nothing: {}.
type empty struct{}

const mostSpoken = 100 // announcements in one report

// command is the handler of a POST that becomes one command of the queue: build
// makes it of the body, reply makes the answer.
func command[B any](build func(*call, B) (queue.Ask, error), reply func(office.Reply) any) func(*API, *call) error {
	return func(a *API, c *call) error {
		key, err := keyOf(c.r.Header)
		if err != nil {
			return err
		}
		asked, err := deviceTime(c.r.Header)
		if err != nil {
			return err
		}
		raw, err := readBody(c.w, c.r)
		if err != nil {
			return err
		}
		var body B
		if err := decode(raw, &body); err != nil {
			return err
		}
		ask, err := build(c, body)
		if err != nil {
			return err
		}
		same := append([]byte(c.r.Method+" "+c.r.URL.EscapedPath()+"\n"), raw...)
		done, err := a.Office.Do(c.r.Context(), office.Request{
			Office: c.office, Actor: c.who.actor(), Key: key, Body: same, Device: asked, Command: ask,
		})
		if err != nil {
			return err
		}
		return answer(c.w, reply(done))
	}
}

func (c *call) ticket() (ticket.ID, error) {
	id, err := ticket.ParseID(c.r.PathValue("ticket"))
	if err != nil {
		return ticket.ID{}, ErrBadTicketID
	}
	return id, nil
}

func (c *call) counter() ticket.CounterID { return ticket.CounterID(c.r.PathValue("counter")) }

func take(c *call, b wire.TakeTicket) (queue.Ask, error) {
	if b.ID.IsZero() {
		return nil, ErrMissingField.With("field", "id")
	}
	if err := required("service", string(b.Service)); err != nil {
		return nil, err
	}
	by := queue.ChannelDesk
	if c.who.device != nil {
		by = queue.ChannelKiosk
	}
	return queue.Take{ID: b.ID, Service: b.Service, Class: b.Class, Language: b.Language, Channel: by}, nil
}

func cancelVisit(c *call, _ empty) (queue.Ask, error) { return queue.Cancel{ID: c.who.visit}, nil }

func printed(c *call, b wire.Printed) (queue.Ask, error) {
	id, err := c.ticket()
	if err != nil {
		return nil, err
	}
	if err := required("state", b.State); err != nil {
		return nil, err
	}
	if !isCode(b.Detail) {
		return nil, ErrNotACode.With("field", "detail")
	}
	return queue.ReportPrint{ID: id, State: b.State, Detail: b.Detail}, nil
}

func spoken(_ *call, b wire.Spoken) (queue.Ask, error) {
	switch {
	case len(b.IDs) == 0:
		return nil, ErrMissingField.With("field", "ids")
	case len(b.IDs) > mostSpoken:
		return nil, ErrTooManyItems.With("field", "ids")
	}
	return queue.ReportSpoken{Announcements: b.IDs}, nil
}

func takenTicket(r office.Reply) any {
	t := r.Ticket
	return wire.TakenTicket{
		ID: t.ID, Number: t.Number, Service: t.Service, Class: t.Class,
		Day: r.Day, At: r.At, Ahead: t.Ahead, Link: r.Link, Seq: r.Seq,
	}
}

func counterAnswer(r office.Reply) any {
	a := wire.CounterAnswer{At: r.At, Seq: r.Seq}
	if t := r.Ticket; t != nil {
		a.Ticket = &wire.AnsweredTicket{ID: t.ID, Number: t.Number, Service: t.Service, Class: t.Class, State: r.State}
	}
	return a
}

func cancelled(r office.Reply) any { return wire.Cancelled{ID: r.Ticket.ID, Seq: r.Seq} }

func accepted(r office.Reply) any { return wire.Accepted{Seq: r.Seq} }
