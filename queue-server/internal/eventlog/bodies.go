package eventlog

import (
	"google.golang.org/protobuf/encoding/protowire"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The bodies of the event types. The field numbers of a body are as permanent as
// the type's own number.

// onlyNumber reads a body whose one field is the number 1.
func (f *fields) onlyNumber() (n uint64, err error) {
	for f.next() {
		if f.tag != 1<<3|number {
			f.unknown()
		}
		n = f.n
	}
	return n, f.err
}

func (d *decoder) epochBegun(f fields) (e queue.EpochBegun, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			e.ID = string(f.s)
		case 2<<3 | number:
			e.Gap = f.int()
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func (d *decoder) dayOpened(f fields) (e queue.DayOpened, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Number = f.int()
		case 2<<3 | text:
			e.Date = d.names.of(f.s)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func appendIssued(b []byte, e *queue.Issued) []byte {
	b = putTicket(b, 1, e.Ticket)
	b = putText(b, 2, e.Service)
	b = putText(b, 3, e.Number.Sequence)
	b = putInt(b, 4, int64(e.Number.N))
	b = putText(b, 5, e.Number.Text)
	b = putText(b, 6, e.Class)
	b = putText(b, 7, e.Language)
	b = putInt(b, 8, int64(e.Rank))
	b = putInt(b, 9, int64(e.Ahead))
	b = putText(b, 10, e.Channel)
	b = putTime(b, 11, e.Slot.From)
	b = putTime(b, 12, e.Slot.To)
	b = putText(b, 13, e.Lease)
	return putUint(b, 14, uint64(e.Late))
}

func (d *decoder) issued(f fields) (e queue.Issued, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			e.Ticket = f.ticket()
		case 2<<3 | text:
			e.Service = ticket.ServiceID(d.names.of(f.s))
		case 3<<3 | text:
			e.Number.Sequence = ticket.SequenceID(d.names.of(f.s))
		case 4<<3 | number:
			e.Number.N = f.int()
		case 5<<3 | text:
			e.Number.Text = d.names.of(f.s)
		case 6<<3 | text:
			e.Class = ticket.Class(d.names.of(f.s))
		case 7<<3 | text:
			e.Language = d.names.of(f.s)
		case 8<<3 | number:
			e.Rank = queue.Instant(f.n)
		case 9<<3 | number:
			e.Ahead = f.int()
		case 10<<3 | text:
			e.Channel = queue.Channel(d.names.of(f.s))
		case 11<<3 | number:
			e.Slot.From = f.time()
		case 12<<3 | number:
			e.Slot.To = f.time()
		case 13<<3 | text:
			e.Lease = d.names.of(f.s)
		case 14<<3 | number:
			e.Late = queue.RankFrom(f.u8())
		default:
			f.unknown()
		}
	}
	return e, f.err
}

// appendCalled packs the heads into one text: service and ticket in turn.
func appendCalled(b []byte, e *queue.Called) []byte {
	b = putUint(b, 1, uint64(e.Ticket))
	b = putUint(b, 2, uint64(e.Pick.Rule))
	b = putUint(b, 4, uint64(e.Pick.Turn))
	size := 0
	for _, h := range e.Pick.Heads {
		size += protowire.SizeVarint(uint64(h.Service)) + protowire.SizeVarint(uint64(h.Ticket))
	}
	if size == 0 {
		return b
	}
	b = protowire.AppendVarint(b, 3<<3|text)
	b = protowire.AppendVarint(b, uint64(size))
	for _, h := range e.Pick.Heads {
		b = protowire.AppendVarint(b, uint64(h.Service))
		b = protowire.AppendVarint(b, uint64(h.Ticket))
	}
	return b
}

func (d *decoder) called(f fields) (e queue.Called, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Ticket = queue.Ref(f.n)
		case 2<<3 | number:
			e.Pick.Rule = queue.Rule(f.u8())
		case 3<<3 | text:
			e.Pick.Heads = f.heads()
		case 4<<3 | number:
			e.Pick.Turn = queue.Turn(f.u8())
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func (f *fields) heads() []queue.Head {
	packed := fields{left: f.s}
	var found []queue.Head
	if len(f.s) > 0 {
		found = make([]queue.Head, 0, min(len(f.s)/2+1, 8))
	}
	for len(packed.left) > 0 && packed.err == nil {
		packed.n = packed.varint()
		service := packed.u16()
		found = append(found, queue.Head{Service: service, Ticket: queue.Ref(packed.varint())})
	}
	f.err = packed.err
	return found
}

func appendFinished(b []byte, e *queue.Finished) []byte {
	b = putText(putUint(b, 1, uint64(e.Ticket)), 2, e.Outcome)
	return putInt(putText(b, 3, e.Next), 4, int64(e.Rank))
}

func (d *decoder) finished(f fields) (e queue.Finished, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Ticket = queue.Ref(f.n)
		case 2<<3 | text:
			e.Outcome = d.names.of(f.s)
		case 3<<3 | text:
			e.Next = ticket.ServiceID(d.names.of(f.s))
		case 4<<3 | number:
			e.Rank = queue.Instant(f.n)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func (d *decoder) counterOpened(f fields) (e queue.CounterOpened, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			e.Session = d.names.of(f.s)
		case 2<<3 | text:
			e.TookOver = d.names.of(f.s)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func (d *decoder) printed(f fields) (e queue.Printed, err error) {
	for f.next() {
		switch f.tag {
		case 1<<3 | number:
			e.Ticket = queue.Ref(f.n)
		case 2<<3 | text:
			e.State = d.names.of(f.s)
		case 3<<3 | text:
			e.Detail = d.names.of(f.s)
		default:
			f.unknown()
		}
	}
	return e, f.err
}

func appendSpoken(b []byte, e *queue.Spoken) []byte {
	size := 0
	for _, id := range e.Announcements {
		size += protowire.SizeVarint(id)
	}
	if size == 0 {
		return b
	}
	b = protowire.AppendVarint(b, 1<<3|text)
	b = protowire.AppendVarint(b, uint64(size))
	for _, id := range e.Announcements {
		b = protowire.AppendVarint(b, id)
	}
	return b
}

func (d *decoder) spoken(f fields) (e queue.Spoken, err error) {
	for f.next() {
		if f.tag != 1<<3|text {
			f.unknown()
			break
		}
		packed := fields{left: f.s}
		for len(packed.left) > 0 && packed.err == nil {
			e.Announcements = append(e.Announcements, packed.varint())
		}
		f.err = packed.err
	}
	return e, f.err
}
