package eventlog

import (
	"errors"
	"fmt"

	"antrean/shared/ticket"
)

const defaultReserve = 64 << 20

// Append writes all parts that fit onto what is there, in one transaction, and
// answers each part in its place. It returns once they are on disk. A part with no
// record only compares the sequence. After an Unknown, every later Append is
// Unknown too, and writes nothing, until the log is opened again.
func (l *Log) Append(parts []Part) []Result {
	l.commits.Lock()
	defer l.commits.Unlock()
	results := make([]Result, len(parts))
	if err := l.broken(); err != nil {
		return l.answer(parts, results, Result{Outcome: Unknown, Err: err})
	}
	now := l.prepare(parts, results)
	if len(l.encoder.ends) == 0 {
		return results
	}
	if err := l.room(len(l.encoder.bytes)); err != nil {
		return l.answer(parts, results, Result{Outcome: Full, Err: err})
	}
	known, unknown := l.disk.update(l.options.AroundCommit, func(t writer) error { return l.write(t, now) })
	if err := errors.Join(known, unknown); err != nil { // known ought not to happen: no reason to go on
		err = l.stop(err)
		return l.answer(parts, results, Result{Outcome: Unknown, Err: err})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for office, h := range l.working {
		l.heads[office] = h
		l.last = max(l.last, h.Global)
	}
	l.about = now
	return results
}

// answer gives r to every part but those that were refused because of what is on
// disk: a refusal that rests on the batch itself ends as the batch does.
func (l *Log) answer(parts []Part, results []Result, r Result) []Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range results {
		r.Head = l.heads[parts[i].Office].Seq
		refused := results[i].Outcome != 0 && results[i].Outcome != Committed
		if !refused || results[i].Head != r.Head {
			results[i] = r
		}
	}
	return results
}

// prepare encodes what can be appended into the batch, and answers each part as it
// will be once the batch is on disk. It returns the bucket about as it will be.
func (l *Log) prepare(parts []Part, results []Result) written {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.about
	now.program = l.options.Version
	clear(l.working)
	l.encoder.reset()
	last := l.last
	for i, p := range parts {
		h := l.batchHead(p.Office)
		if p.Expected != h.Seq {
			results[i] = Result{Conflict, h.Seq, fmt.Errorf("append to office %q at sequence %d, which is at %d: %w", p.Office, p.Expected, h.Seq, ErrConflict)}
			continue
		}
		next, err := l.encodePart(p, h, last, &now)
		if err != nil {
			results[i] = Result{Invalid, h.Seq, err}
			continue
		}
		if len(p.Records) > 0 {
			l.working[p.Office] = next
			last = next.Global
		}
		results[i] = Result{Outcome: Committed, Head: next.Seq}
	}
	return now
}

// batchHead is the office's head with what is in the batch already.
func (l *Log) batchHead(office ticket.OfficeID) head {
	if h, ok := l.working[office]; ok {
		return h
	}
	return l.heads[office]
}

func (l *Log) encodePart(p Part, h head, last uint64, now *written) (head, error) {
	before, kindsBefore := l.encoder.mark(), now.kinds
	for i := range p.Records {
		r := &p.Records[i]
		err := checkPlace(p, i)
		var k storedKind
		if err == nil {
			h.Chain, k, err = l.encoder.add(r, h.Chain)
		}
		if err != nil {
			l.encoder.undo(before)
			now.kinds = kindsBefore
			return h, fmt.Errorf("append to office %q: record %d: %w", p.Office, r.Seq, err)
		}
		now.kinds[k.number] = max(now.kinds[k.number], k.version)
		last++
		h.Seq, h.Global = r.Seq, last
		if h.first == 0 {
			h.first = last
		}
	}
	return h, nil
}

func checkPlace(p Part, i int) error {
	r := &p.Records[i]
	switch {
	case r.Office == "":
		return errors.New("it names no office")
	case r.Office != p.Office:
		return fmt.Errorf("it is of office %q", r.Office)
	case r.Seq != p.Expected+1+uint64(i):
		return fmt.Errorf("its sequence ought to be %d", p.Expected+1+uint64(i))
	}
	return nil
}

func (l *Log) write(t writer, now written) error {
	for n := range l.encoder.ends {
		global := l.last + 1 + uint64(n) // l.last changes under l.commits only, which is held
		if err := t.put(events, globalKey(global), l.encoder.record(n)); err != nil {
			return fmt.Errorf("put record %d: %w", global, err)
		}
	}
	for office, h := range l.working {
		if err := t.put(heads, []byte(office), h.encode()); err != nil {
			return fmt.Errorf("put head of office %q: %w", office, err)
		}
	}
	return l.about.put(t, now)
}

// room is nil while n more bytes leave the reserve untouched. Where the system does
// not tell its free space, the write itself has to.
func (l *Log) room(n int) error {
	free := l.options.FreeSpace
	if free == nil {
		if l.disk.dir() == "" {
			return nil
		}
		free = freeSpace
	}
	left, err := free(l.disk.dir())
	if err != nil {
		return nil //nolint:nilerr // said above
	}
	if need := l.options.Reserve + uint64(n); left < need {
		return fmt.Errorf("%d bytes are free, %d are needed: %w", left, need, ErrFull)
	}
	return nil
}

// broken says why nothing may be appended; nil: all is well.
func (l *Log) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// stop remembers that a commit's end is unknown.
func (l *Log) stop(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = fmt.Errorf("%w: %w", ErrStopped, cause)
	return l.stopped
}
