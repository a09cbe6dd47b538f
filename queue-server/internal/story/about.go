package story

import (
	"slices"

	"antrean/queue-server/internal/queue"
)

// concerns reports whether a record is about the ticket. Most are not, and words are
// dear.
func (n *narrator) concerns(r *queue.Record) bool {
	switch e := r.Event.(type) {
	case queue.Issued:
		return queue.Ref(r.Seq) == n.ref
	case queue.Undone:
		return n.undone != nil
	case queue.DayClosed:
		return true
	case queue.Spoken:
		return slices.ContainsFunc(e.Announcements, func(id uint64) bool { return slices.Contains(n.voiced, id) })
	case queue.CounterOpened:
		return n.theirs && e.TookOver != ""
	}
	return ticketOf(r.Event) == n.ref
}

// ticketOf is the ticket that an event names; 0: none.
func ticketOf(e queue.Event) queue.Ref {
	switch e := e.(type) {
	case queue.Called:
		return e.Ticket
	case queue.Recalled:
		return e.Ticket
	case queue.Started:
		return e.Ticket
	case queue.Finished:
		return e.Ticket
	case queue.MissedCall:
		return e.Ticket
	case queue.Cancelled:
		return e.Ticket
	case queue.Returned:
		return e.Ticket
	case queue.Parked:
		return e.Ticket
	case queue.Unparked:
		return e.Ticket
	case queue.Transferred:
		return e.Ticket
	case queue.ServiceAdded:
		return e.Ticket
	case queue.ClassChanged:
		return e.Ticket
	case queue.Due:
		return e.Ticket
	case queue.Printed:
		return e.Ticket
	}
	return 0
}
