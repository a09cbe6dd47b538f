package eventlog

import (
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"antrean/shared/ticket"
)

// What is stored is in protobuf's wire format, of which only whole numbers and
// strings of bytes are used. As in proto3, a zero is left out; a time is left out
// where it is the zero Time, so that 1970 can be told from none.

const (
	number = uint64(protowire.VarintType)
	text   = uint64(protowire.BytesType)
)

var errMalformed = errors.New("its bytes are no record")

func putUint(b []byte, field uint64, v uint64) []byte {
	if v == 0 {
		return b
	}
	b = protowire.AppendVarint(b, field<<3|number)
	return protowire.AppendVarint(b, v)
}

func putInt(b []byte, field uint64, v int64) []byte { return putUint(b, field, uint64(v)) }

func putText[T ~string | ~[]byte](b []byte, field uint64, s T) []byte {
	if len(s) == 0 {
		return b
	}
	b = protowire.AppendVarint(b, field<<3|text)
	b = protowire.AppendVarint(b, uint64(len(s)))
	return append(b, s...)
}

// putTime writes microseconds since 1970, UTC.
func putTime(b []byte, field uint64, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	b = protowire.AppendVarint(b, field<<3|number)
	return protowire.AppendVarint(b, uint64(t.UnixMicro()))
}

func putTicket(b []byte, field uint64, id ticket.ID) []byte {
	if id.IsZero() {
		return b
	}
	return putText(b, field, id[:])
}

// fields reads what was put, field by field:
//
//	for f := read(b); f.next(); {
//		switch f.tag {
//		case 1<<3 | number: ... f.n
//		case 2<<3 | text: ... f.s
//		default: f.unknown()
//		}
//	}
//	return f.err
type fields struct {
	left []byte
	tag  uint64
	n    uint64 // of a number
	s    []byte // of a text; part of what is read
	err  error  // the first thing that was wrong; it ends the reading
}

func (f *fields) next() bool {
	if len(f.left) == 0 || f.err != nil {
		return false
	}
	f.tag = f.varint()
	v := f.varint()
	switch f.tag & 7 {
	case number:
		f.n = v
	case text:
		if v > uint64(len(f.left)) {
			f.err = errMalformed
		}
		if f.err == nil {
			f.s, f.left = f.left[:v], f.left[v:]
		}
	default:
		f.err = errMalformed
	}
	return f.err == nil
}

func (f *fields) varint() uint64 {
	if len(f.left) > 0 && f.left[0] < 0x80 {
		v := uint64(f.left[0])
		f.left = f.left[1:]
		return v
	}
	v, n := protowire.ConsumeVarint(f.left)
	if n < 0 {
		f.err = errMalformed
		return 0
	}
	f.left = f.left[n:]
	return v
}

// unknown refuses the field at hand: a new field means a new version, so an unknown
// one is damage.
func (f *fields) unknown() {
	f.err = fmt.Errorf("%w: field %d of type %d is not of its version", errMalformed, f.tag>>3, f.tag&7)
}

// small is the number at hand where it is not above limit.
func (f *fields) small(limit uint64) uint64 {
	if f.n > limit {
		f.err = fmt.Errorf("%w: %d in field %d is above %d", errMalformed, f.n, f.tag>>3, limit)
		return 0
	}
	return f.n
}

func (f *fields) u8() uint8   { return uint8(f.small(math.MaxUint8)) }
func (f *fields) u16() uint16 { return uint16(f.small(math.MaxUint16)) }
func (f *fields) u32() uint32 { return uint32(f.small(math.MaxUint32)) }
func (f *fields) int() int    { return int(int64(f.n)) }

func (f *fields) time() time.Time { return time.UnixMicro(int64(f.n)).UTC() }

func (f *fields) ticket() (id ticket.ID) {
	if copy(id[:], f.s) != len(id) || len(f.s) != len(id) {
		f.err = fmt.Errorf("%w: a ticket's id has %d bytes", errMalformed, len(f.s))
	}
	return id
}

// names keeps one copy of each text that comes again and again. The zero names are
// ready.
type names struct{ known map[string]string }

const (
	longestName = 64
	mostNames   = 1 << 14
)

func (n *names) of(b []byte) string {
	if len(b) > longestName {
		return string(b)
	}
	if s, ok := n.known[string(b)]; ok {
		return s
	}
	if n.known == nil || len(n.known) >= mostNames {
		n.known = make(map[string]string, 256)
	}
	s := string(b)
	n.known[s] = s
	return s
}
