package eventlog

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The bodies of what moves tickets in their lines, and of the day's rules.

// nothing reads a body that has no field.
func (f *fields) nothing() error {
	if f.next() {
		f.unknown()
	}
	return f.err
}

// onlyText reads a body whose one field is the text 1.
func (f *fields) onlyText(n *names) (s string, err error) {
	for f.next() {
		if f.tag != 1<<3|text {
			f.unknown()
			break
		}
		s = n.of(f.s)
	}
	return s, f.err
}

// ticketAnd reads a body of a ticket and one text.
func (f *fields) ticketAnd(n *names) (ref queue.Ref, s string, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			ref = queue.Ref(f.n)
		case 2<<3 | text:
			s = n.of(f.s)
		default:
			f.unknown()
		}
	}
	return ref, s, f.err
}

func (d *decoder) returned(f fields) (e queue.Returned, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Ticket = queue.Ref(f.n)
		case 2<<3 | number:
			e.Rank = queue.Instant(f.n)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func appendTransferred(b []byte, e *queue.Transferred) []byte {
	b = putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Service)
	return putInt(putText(b, 3, e.To), 4, int64(e.Rank))
}

func (d *decoder) transferred(f fields) (e queue.Transferred, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Ticket = queue.Ref(f.n)
		case 2<<3 | text:
			e.Service = ticket.ServiceID(d.names.of(f.s))
		case 3<<3 | text:
			e.To = ticket.CounterID(d.names.of(f.s))
		case 4<<3 | number:
			e.Rank = queue.Instant(f.n)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func appendForced(b []byte, e *queue.Forced) []byte {
	b = putText(b, 1, e.Service)
	if e.Open {
		b = putUint(b, 2, 1)
	}
	if e.Lifted {
		b = putUint(b, 3, 1)
	}
	return putTime(putText(b, 4, e.Reason), 5, e.Until)
}

func (d *decoder) forced(f fields) (e queue.Forced, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			e.Service = ticket.ServiceID(d.names.of(f.s))
		case 2<<3 | number:
			e.Open = f.small(1) == 1
		case 3<<3 | number:
			e.Lifted = f.small(1) == 1
		case 4<<3 | text:
			e.Reason = d.names.of(f.s)
		case 5<<3 | number:
			e.Until = f.time()
		default:
			f.unknown()
		}
	}
	return e, f.err
}

// appendLeased writes the shares by service, each a body of its own. A share of 0 is
// kept: it says that the service's quota has no place left, no share that it has none.
func appendLeased(b []byte, e *queue.Leased) []byte {
	b = putText(b, 1, e.ID)
	b = putText(b, 2, e.Device)
	b = putText(b, 3, e.Sequence)
	b = putInt(b, 4, int64(e.From))
	b = putInt(b, 5, int64(e.To))
	for _, id := range slices.Sorted(maps.Keys(e.Shares)) {
		share := putInt(putText(nil, 1, id), 2, int64(e.Shares[id]))
		b = protowire.AppendVarint(b, 6<<3|text)
		b = protowire.AppendBytes(b, share)
	}
	return b
}

func (d *decoder) leased(f fields) (e queue.Leased, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			e.ID = d.names.of(f.s)
		case 2<<3 | text:
			e.Device = ticket.DeviceID(d.names.of(f.s))
		case 3<<3 | text:
			e.Sequence = ticket.SequenceID(d.names.of(f.s))
		case 4<<3 | number:
			e.From = f.int()
		case 5<<3 | number:
			e.To = f.int()
		case 6<<3 | text:
			if e.Shares == nil {
				e.Shares = map[ticket.ServiceID]int{}
			}
			f.err = d.share(fields{left: f.s}, e.Shares)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func (d *decoder) share(f fields, into map[ticket.ServiceID]int) error {
	var id ticket.ServiceID
	n := 0
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			id = ticket.ServiceID(d.names.of(f.s))
		case 2<<3 | number:
			n = f.int()
		default:
			f.unknown()
		}
	}
	into[id] = n
	return f.err
}
