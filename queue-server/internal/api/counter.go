package api

import (
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// here is the counter of the path, in the caller's session, with the ticket that the
// body means; nil: whichever is there.
func (c *call) here(meant *ticket.ID) queue.AtCounter {
	at := queue.AtCounter{Counter: c.counter(), Session: c.who.session.ID}
	if meant != nil {
		at.Ticket = *meant
	}
	return at
}

func openCounter(c *call, b wire.OpenCounter) (queue.Ask, error) {
	return queue.OpenCounter{Counter: c.counter(), Session: c.who.session.ID, TakeOver: b.TakeOver}, nil
}

func closeCounter(c *call, _ empty) (queue.Ask, error) {
	return queue.CloseCounter{Counter: c.counter(), Session: c.who.session.ID}, nil
}

func pause(c *call, b wire.PauseCounter) (queue.Ask, error) {
	return queue.Pause{Counter: c.counter(), Session: c.who.session.ID, Reason: b.Reason}, required("reason", b.Reason)
}

func resume(c *call, _ empty) (queue.Ask, error) {
	return queue.Resume{Counter: c.counter(), Session: c.who.session.ID}, nil
}

func callNext(c *call, _ empty) (queue.Ask, error) {
	return queue.CallNext{Counter: c.counter(), Session: c.who.session.ID}, nil
}

func callChosen(c *call, b wire.CallTicket) (queue.Ask, error) {
	if b.Ticket.IsZero() {
		return nil, ErrMissingField.With("field", "ticket")
	}
	return queue.CallChosen{Counter: c.counter(), Session: c.who.session.ID, Ticket: b.Ticket}, nil
}

func recall(c *call, b wire.CounterCommand) (queue.Ask, error) {
	return queue.Recall{AtCounter: c.here(b.Ticket)}, nil
}

func start(c *call, b wire.CounterCommand) (queue.Ask, error) {
	return queue.Start{AtCounter: c.here(b.Ticket)}, nil
}

func miss(c *call, b wire.CounterCommand) (queue.Ask, error) {
	return queue.Miss{AtCounter: c.here(b.Ticket)}, nil
}

func finish(c *call, b wire.FinishTicket) (queue.Ask, error) {
	return queue.Finish{AtCounter: c.here(b.Ticket), Outcome: b.Outcome}, nil
}

func park(c *call, b wire.ParkTicket) (queue.Ask, error) {
	return queue.Park{AtCounter: c.here(b.Ticket), Reason: b.Reason}, required("reason", b.Reason)
}

func transfer(c *call, b wire.TransferTicket) (queue.Ask, error) {
	return queue.Transfer{AtCounter: c.here(b.Ticket), Service: b.Service, To: b.Counter}, nil
}

func addService(c *call, b wire.AddService) (queue.Ask, error) {
	return queue.AddService{AtCounter: c.here(b.Ticket), Service: b.Service}, required("service", string(b.Service))
}

func undo(c *call, b wire.UndoAction) (queue.Ask, error) {
	return queue.Undo{Counter: c.counter(), Session: c.who.session.ID, Seq: b.Seq}, nil
}

// cancel is the desk's, or an officer's at a counter that the session holds.
func cancel(c *call, b wire.AtCounter) (queue.Ask, error) {
	id, err := c.ticket()
	a := queue.Cancel{ID: id, Counter: b.Counter}
	if b.Counter != "" {
		a.Session = c.who.session.ID
	}
	return a, err
}

func giveBack(c *call, b wire.AtCounter) (queue.Ask, error) {
	id, err := c.ticket()
	return queue.GiveBack{ID: id, Counter: b.Counter}, err
}

func unpark(c *call, b wire.AtCounter) (queue.Ask, error) {
	id, err := c.ticket()
	return queue.Unpark{ID: id, Counter: b.Counter}, err
}

func changeClass(c *call, b wire.ChangeClass) (queue.Ask, error) {
	id, err := c.ticket()
	if err == nil {
		err = required("class", string(b.Class))
	}
	return queue.ChangeClass{ID: id, Class: b.Class}, err
}

func openDay(_ *call, b wire.OpenDay) (queue.Ask, error) {
	return queue.OpenDay{Date: b.Date}, required("date", b.Date)
}

func closeDay(*call, empty) (queue.Ask, error) { return queue.CloseDay{}, nil }

func force(_ *call, b wire.Force) (queue.Ask, error) {
	a := queue.Force{Service: b.Service, Open: b.Open, Lift: b.Lift, Reason: b.Reason}
	if b.Until != nil {
		a.Until = *b.Until
	}
	return a, nil
}
