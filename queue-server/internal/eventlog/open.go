package eventlog

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"antrean/shared/ticket"
)

// openOn opens the log on a disk. It reads what the store says of itself and one
// head for each office, no record.
func openOn(d disk, o Options) (*Log, error) {
	o.Version = cmp.Or(o.Version, "unknown")
	o.Reserve = cmp.Or(o.Reserve, defaultReserve)
	l := &Log{disk: d, options: o, heads: map[ticket.OfficeID]head{}, working: map[ticket.OfficeID]head{}}
	err := d.view(func(r reader) (err error) {
		if l.about, err = readAbout(r, o.Version); err != nil {
			return err
		}
		c := r.seek(heads, nil)
		for key, value := c.next(); key != nil; key, value = c.next() {
			h, ok := decodeHead(value)
			if !ok {
				return &Damage{Office: ticket.OfficeID(key), What: "its head cannot be read"}
			}
			l.heads[ticket.OfficeID(key)] = h
			l.last = max(l.last, h.Global)
		}
		l.last = max(l.last, lastGlobal(r, l.last))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return l, nil
}

// lastGlobal is the last key of events at or after from. In a log that is not
// damaged it is from; in one that lost a head, what is there is not overwritten.
func lastGlobal(r reader, from uint64) uint64 {
	c := r.seek(events, globalKey(from))
	for key, _ := c.next(); len(key) == 8; key, _ = c.next() {
		from = binary.BigEndian.Uint64(key)
	}
	return from
}

// Close lets go of the file, once a commit that runs has ended. Appends after it
// are Unknown, with ErrClosed.
func (l *Log) Close() error {
	l.commits.Lock()
	defer l.commits.Unlock()
	l.mu.Lock()
	closed := errors.Is(l.stopped, ErrClosed)
	l.stopped = ErrClosed
	l.mu.Unlock()
	if closed {
		return nil
	}
	if err := l.disk.close(); err != nil {
		return fmt.Errorf("close log: %w", err)
	}
	return nil
}

// Offices are all that have a record, in order.
func (l *Log) Offices() []ticket.OfficeID {
	l.mu.Lock()
	defer l.mu.Unlock()
	offices := make([]ticket.OfficeID, 0, len(l.heads))
	for office := range l.heads {
		offices = append(offices, office)
	}
	slices.Sort(offices)
	return offices
}

// Head is the place of the office's last record that is on disk; zero where it has
// none.
func (l *Log) Head(office ticket.OfficeID) Position { return l.head(office).Position }

func (l *Log) head(office ticket.OfficeID) head {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.heads[office]
}

// Last is the global sequence of the last record that is on disk; 0: none.
func (l *Log) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}
