package eventlog

import (
	"bytes"
	"crypto/sha256"
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// The fields of a stored record. Office and sequence come first and the chain's
// link last, always; the link covers every byte before its own field.
const (
	fieldOffice    = 1
	fieldSeq       = 2
	fieldCommand   = 3
	fieldDay       = 4
	fieldAt        = 5
	fieldPlausible = 6
	fieldTime      = 7
	fieldDevice    = 8
	fieldActorKind = 9
	fieldActorID   = 10
	fieldCounter   = 11
	fieldKind      = 12
	fieldVersion   = 13
	fieldBody      = 14
	fieldChain     = 15
)

// linkSize is the bytes of the chain's field: tag, length, hash.
const linkSize = 2 + len(Hash{})

// storedKind is an event type and the version of its form.
type storedKind struct{ number, version uint64 }

// encoder holds stored records, one after the other. The zero encoder is empty.
type encoder struct {
	bytes []byte
	ends  []int // where each record ends
	body  []byte
	chain chain
}

func (e *encoder) reset() { e.undo(0) }

func (e *encoder) mark() int { return len(e.ends) }

// undo forgets all records after a mark.
func (e *encoder) undo(mark int) {
	e.ends = e.ends[:mark]
	e.bytes = e.bytes[:e.start(mark)]
}

func (e *encoder) start(n int) int {
	if n == 0 {
		return 0
	}
	return e.ends[n-1]
}

// record is the stored form of the n-th record, good until the next reset.
func (e *encoder) record(n int) []byte { return e.bytes[e.start(n):e.ends[n]] }

// add stores r after the chain's link before it, and returns r's own link.
func (e *encoder) add(r *queue.Record, before Hash) (Hash, storedKind, error) {
	body, kind, err := appendEvent(e.body[:0], r.Event)
	if err != nil {
		return Hash{}, kind, err
	}
	e.body = body
	start := len(e.bytes)
	b := putText(e.bytes, fieldOffice, r.Office)
	b = putUint(b, fieldSeq, r.Seq)
	if r.Command != nil {
		b = appendCommand(b, r.Command)
	}
	b = putInt(b, fieldDay, int64(r.Day))
	b = putTime(b, fieldAt, r.At)
	if r.Plausible {
		b = putUint(b, fieldPlausible, 1)
	}
	b = putInt(b, fieldTime, int64(r.Time))
	b = putTime(b, fieldDevice, r.Device)
	b = putUint(b, fieldActorKind, uint64(r.Actor.Kind))
	b = putText(b, fieldActorID, r.Actor.ID)
	b = putText(b, fieldCounter, r.Counter)
	b = putUint(b, fieldKind, kind.number)
	b = putUint(b, fieldVersion, kind.version)
	b = putText(b, fieldBody, body)
	link := e.chain.link(before, b[start:])
	e.bytes = putText(b, fieldChain, link[:])
	e.ends = append(e.ends, len(e.bytes))
	return link, kind, nil
}

// chain works out links. It is a buffer: one call over bytes that lie together is
// cheaper than a hash.Hash, whose sum has to be allocated.
type chain struct{ buffer []byte }

// link is the one that follows before: SHA-256(before, stored).
func (c *chain) link(before Hash, stored []byte) Hash {
	c.buffer = append(append(c.buffer[:0], before[:]...), stored...)
	return sha256.Sum256(c.buffer)
}

func appendCommand(b []byte, c *queue.Command) []byte {
	b = protowire.AppendVarint(b, fieldCommand<<3|text)
	sized := len(b)
	b = append(b, 0) // its length: one byte nearly always
	b = putText(b, 1, c.Key)
	b = putInt(b, 2, int64(c.Count))
	b = putText(b, 3, c.MAC)
	b = putUint(b, 4, uint64(c.MACKey))
	b = putUint(b, 5, uint64(c.Answer.Ticket))
	b = putUint(b, 6, uint64(c.Answer.State))
	size := len(b) - sized - 1
	if size < 0x80 {
		b[sized] = byte(size)
		return b
	}
	inner := bytes.Clone(b[sized+1:])
	b = protowire.AppendVarint(b[:sized], uint64(size))
	return append(b, inner...)
}

// peek reads only which record this is. office is part of stored.
func peek(stored []byte) (office []byte, seq uint64, rest []byte, err error) {
	f := fields{left: stored}
	if !f.next() || f.tag != fieldOffice<<3|text || len(f.s) == 0 {
		return nil, 0, nil, errMalformed
	}
	if !f.next() || f.tag != fieldSeq<<3|number || f.n == 0 {
		return nil, 0, nil, errMalformed
	}
	return f.s, f.n, f.left, nil
}

// linkOf splits a stored record into what the chain covers and its link.
func linkOf(stored []byte) (covered []byte, link Hash, err error) {
	n := len(stored) - linkSize
	if n < 0 || stored[n] != fieldChain<<3|byte(text) || stored[n+1] != byte(len(link)) {
		return nil, link, errMalformed
	}
	copy(link[:], stored[n+2:])
	return stored[:n], link, nil
}

// decoder reads stored records. One goroutine's; the zero decoder is ready.
type decoder struct {
	names names
	chain chain
}

// follows checks that stored ends the link that follows before, and returns it.
func (d *decoder) follows(before Hash, stored []byte) (Hash, error) {
	covered, link, err := linkOf(stored)
	if err != nil {
		return link, err
	}
	if d.chain.link(before, covered) != link {
		return link, errChain
	}
	return link, nil
}

var errChain = errors.New("its bytes, or those of the record before it, are not those that were written: the hash chain breaks here")

// record reads a stored record into r, which keeps nothing of stored. It does not
// look at the chain. The error is *NewerError, without the programs' names, for an
// event of a type or version that this program does not know.
func (d *decoder) record(stored []byte, r *queue.Record) error {
	office, seq, rest, err := peek(stored)
	if err != nil {
		return err
	}
	if len(rest) < linkSize {
		return errMalformed
	}
	*r = queue.Record{Office: ticket.OfficeID(d.names.of(office)), Seq: seq}
	var kind storedKind
	var body []byte
	f := fields{left: rest[:len(rest)-linkSize]}
	for f.next() {
		switch f.tag {
		case fieldCommand<<3 | text:
			r.Command, f.err = d.command(f.s)
		case fieldDay<<3 | number:
			r.Day = f.int()
		case fieldAt<<3 | number:
			r.At = f.time()
		case fieldPlausible<<3 | number:
			r.Plausible = f.small(1) == 1
		case fieldTime<<3 | number:
			r.Time = queue.Instant(f.n)
		case fieldDevice<<3 | number:
			r.Device = f.time()
		case fieldActorKind<<3 | number:
			r.Actor.Kind = queue.ActorKind(f.u8())
		case fieldActorID<<3 | text:
			r.Actor.ID = d.names.of(f.s)
		case fieldCounter<<3 | text:
			r.Counter = ticket.CounterID(d.names.of(f.s))
		case fieldKind<<3 | number:
			kind.number = f.n
		case fieldVersion<<3 | number:
			kind.version = f.n
		case fieldBody<<3 | text:
			body = f.s
		default:
			f.unknown()
		}
	}
	if f.err != nil {
		return f.err
	}
	r.Event, err = d.event(kind, body)
	return err
}

func (d *decoder) command(b []byte) (*queue.Command, error) {
	c := new(queue.Command)
	f := fields{left: b}
	for f.next() {
		switch f.tag {
		case 1<<3 | text:
			c.Key = string(f.s)
		case 2<<3 | number:
			c.Count = f.int()
		case 3<<3 | text:
			c.MAC = append([]byte(nil), f.s...)
		case 4<<3 | number:
			c.MACKey = f.u32()
		case 5<<3 | number:
			c.Answer.Ticket = queue.Ref(f.n)
		case 6<<3 | number:
			c.Answer.State = ticket.State(f.u8())
		default:
			f.unknown()
		}
	}
	return c, f.err
}
