package office

import (
	"errors"
	"fmt"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// batch is what one transaction holds. Each command is decided on the working
// state: what is committed plus what the batch has decided before it.
type batch struct {
	jobs  int
	parts []*part
	of    map[ticket.OfficeID]*part
}

// room guesses how much of what is left the next office will get.
func (b *batch) room() int { return b.jobs/(len(b.parts)+1) + 2 }

// part is one office's share of a batch.
type part struct {
	desk     *desk
	expected uint64
	records  []queue.Record
	answers  []answer
	moment   queue.Moment
	time     officeTime // as it was before the batch
	fresh    bool       // the office did not exist before this batch
}

type answer struct {
	job    job
	result result
}

// pass decides, appends, answers and announces one batch; nil jobs are a beat of
// the clock. An error means that the store has to stop.
func (s *Store) pass(jobs []job) error {
	b := &batch{jobs: len(jobs), of: map[ticket.OfficeID]*part{}}
	if jobs == nil {
		for _, d := range s.desks {
			if len(d.state.Tick(s.moment(d))) > 0 || s.behind(d, s.moment(d)) {
				s.open(b, d.id)
			}
		}
	}
	var reads []job
	for _, j := range jobs {
		if j.read != nil {
			reads = append(reads, j)
			continue
		}
		s.decide(b, j)
	}
	if err := s.commit(b); err != nil {
		for _, j := range reads {
			j.done <- result{err: ErrStopping}
		}
		return err
	}
	for _, j := range reads {
		if d := s.desks[j.office]; d != nil {
			j.done <- result{err: j.read(d)}
		} else {
			j.done <- result{err: ErrNoSuchOffice}
		}
	}
	return nil
}

// open begins an office's share of a batch with what time alone brings about.
func (s *Store) open(b *batch, id ticket.OfficeID) *part {
	if p := b.of[id]; p != nil {
		return p
	}
	d, fresh := s.desks[id], false
	if d == nil {
		d = newDesk(id)
		s.settle(d)
		wall, _, synced := s.clock.Now()
		d.time.base, d.time.caught, fresh = queue.InstantOf(wall), d.state.Plausible(wall, synced), true
	}
	p := &part{
		desk: d, expected: d.state.Seq(), moment: s.moment(d), time: d.time, fresh: fresh,
		records: make([]queue.Record, 0, b.room()), answers: make([]answer, 0, b.room()),
	}
	b.of[id], b.parts = p, append(b.parts, p)
	if !fresh {
		s.follow(p)
		p.add(queue.Actor{Kind: queue.ActorSystem}, Request{}, nil, "", d.state.Tick(p.moment))
	}
	return p
}

// clockStep is how far the wall clock may run ahead of office time before office
// time follows: more than a good clock drifts between two corrections.
const clockStep = 2 * time.Second

// behind reports whether office time should follow the wall clock: at a start, and
// when the wall clock was corrected forward by more than the drift of a good one.
func (s *Store) behind(d *desk, now queue.Moment) bool {
	if !now.Plausible || d.state.Seq() == 0 {
		return false
	}
	ahead := queue.InstantOf(now.Wall).Sub(now.Office)
	return ahead > clockStep || !d.time.caught && ahead > 0
}

func (s *Store) follow(p *part) {
	d := p.desk
	if s.behind(d, p.moment) {
		from := p.moment.Office
		p.moment.Office = queue.InstantOf(p.moment.Wall)
		_, d.time.mono, _ = s.clock.Now()
		d.time.base = p.moment.Office
		p.add(queue.Actor{Kind: queue.ActorSystem}, Request{}, nil, "", []queue.Event{queue.ClockFollowed{From: from}})
	}
	d.time.caught = d.time.caught || p.moment.Plausible
}

// add gives events their place in the log and folds them into the working state.
func (p *part) add(by queue.Actor, r Request, c *queue.Command, at ticket.CounterID, events []queue.Event) {
	st := p.desk.state
	for _, e := range events {
		day := st.Day().Number
		if o, ok := e.(queue.DayOpened); ok {
			day = o.Number
		}
		rec := queue.Record{
			Office: p.desk.id, Seq: st.Seq() + 1, Command: c, Day: day, At: p.moment.Wall, Plausible: p.moment.Plausible,
			Time: p.moment.Office, Device: stored(r.Device), Actor: by, Counter: at, Event: e,
		}
		c = nil // on the first event only
		p.records = append(p.records, rec)
		st.Apply(&p.records[len(p.records)-1])
	}
}

// stored is a time as the log keeps it, so that a replay gives the same one.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Microsecond)
}

func (s *Store) decide(b *batch, j job) {
	r := j.request
	if _, creates := r.Command.(queue.ChangeSettings); s.desks[r.Office] == nil && b.of[r.Office] == nil && !creates {
		j.done <- result{err: ErrNoSuchOffice}
		return
	}
	p := s.open(b, r.Office)
	res := s.answer(p, j)
	p.answers = append(p.answers, answer{j, res})
}

func (s *Store) answer(p *part, j job) result {
	r, st := j.request, p.desk.state
	if r.Key != "" {
		if e, ok := st.Known(r.Actor, r.Key); ok {
			same, err := s.macs.same(e.Command.MACKey, e.Command.MAC, r.Body)
			switch {
			case err != nil:
				return result{err: fmt.Errorf("compare with the key's first request: %w", err)}
			case !same:
				return result{err: ErrKeyReused}
			}
			return s.reply(p, Reply{Seq: e.Seq, At: e.At, Repeated: true}, e.Command.Answer)
		}
	}
	d, err := r.Command.Decide(st, p.moment)
	if err != nil {
		return result{err: err}
	}
	if p.fresh && st.Seq() == 0 {
		p.add(queue.Actor{Kind: queue.ActorSystem}, Request{}, nil, "", []queue.Event{queue.EpochBegun{ID: newEpoch()}})
	}
	if d.Before {
		rep := Reply{Seq: st.Seq(), At: p.moment.Wall, Repeated: true}
		if t := st.Ticket(d.Answer.Ticket); t != nil {
			rep.Seq, rep.At = uint64(t.Ref), t.Taken
		}
		return s.reply(p, rep, d.Answer)
	}
	c := &queue.Command{Key: r.Key, Count: len(d.Events), MAC: j.mac, MACKey: j.macKey, Answer: d.Answer}
	first := st.Seq() + 1
	p.add(r.Actor, *r, c, d.Counter, d.Events)
	return s.reply(p, Reply{Seq: first, At: p.moment.Wall}, d.Answer)
}

// reply completes an answer from the ticket that it is about.
func (s *Store) reply(p *part, rep Reply, a queue.Answer) result {
	rep.State = a.State
	t := p.desk.state.Ticket(a.Ticket)
	if t == nil {
		return result{reply: rep}
	}
	c := *t
	rep.Ticket, rep.Day = &c, t.Date
	res := result{reply: rep, link: linkMaker{public: s.publicURL(p.desk.state.Settings()), office: p.desk.id}}
	if res.link.public != "" {
		key, err := p.desk.links.key(t.Day)
		if err != nil {
			s.log.Error("a ticket has no link", "office", p.desk.id, "err", err)
		}
		res.link.key = key
	}
	return res
}

// commit appends the batch and ends it: every answer waits for this.
func (s *Store) commit(b *batch) error {
	var parts []eventlog.Part
	var with []*part
	for _, p := range b.parts {
		if len(p.records) == 0 {
			p.finish(nil)
			continue
		}
		with = append(with, p)
		parts = append(parts, eventlog.Part{Office: p.desk.id, Expected: p.expected, Records: p.records})
	}
	if len(parts) == 0 {
		return nil
	}
	var errs []error
	for i, got := range s.config.Log.Append(parts) {
		p := with[i]
		switch got.Outcome {
		case eventlog.Committed:
			s.committed(p)
		case eventlog.Unknown:
			p.finish(ErrOutcomeUnknown)
			errs = append(errs, fmt.Errorf("%w: %w", ErrOutcomeUnknown, got.Err))
		default:
			errs = append(errs, s.undo(p, got))
		}
	}
	return errors.Join(errs...)
}

func (s *Store) committed(p *part) {
	d, dayClosed := p.desk, false
	if p.fresh {
		s.desks[d.id] = d
		s.rename()
	}
	for i := range p.records {
		switch p.records[i].Event.(type) {
		case queue.Issued:
			d.links.next = append(d.links.next, queue.Ref(p.records[i].Seq))
		case queue.DayOpened:
			s.dayChanged(d)
		case queue.DayClosed:
			dayClosed = true
		}
	}
	p.finish(nil)
	s.publish(d, p.records)
	s.saveSoon(d, dayClosed)
}

func (s *Store) dayChanged(d *desk) {
	if err := s.newDay(); err != nil {
		s.log.Error("the day's request key could not be made", "err", err)
	}
	if err := d.links.endOld(); err != nil {
		s.log.Error("old link keys could not be destroyed", "office", d.id, "err", err)
	}
}

// undo builds the working state again after an append that is known not to have
// happened, and refuses its commands.
func (s *Store) undo(p *part, got eventlog.Result) error {
	refusal := error(ErrStorageFull)
	switch got.Outcome {
	case eventlog.Full:
		s.log.Error("the disk is full: nothing is accepted until there is room", "office", p.desk.id, "err", got.Err)
	case eventlog.Conflict:
		refusal = ErrMovedOn
		s.log.Warn("another writer was first", "office", p.desk.id, "err", got.Err)
	default:
		refusal = fmt.Errorf("append: %w", got.Err)
		s.log.Error("the log cannot store a command's events", "office", p.desk.id, "err", got.Err)
	}
	if !p.fresh {
		p.desk.time = p.time
		if err := s.reload(p.desk); err != nil {
			p.finish(ErrStopping) // true: the append is known not to have happened
			return fmt.Errorf("read office %s again: %w", p.desk.id, err)
		}
	}
	p.finish(refusal)
	return nil
}

// finish sends the answers; err, where there is one, in place of each.
func (p *part) finish(err error) {
	for _, a := range p.answers {
		if err != nil {
			a.result = result{err: err}
		}
		a.job.done <- a.result
	}
	p.answers = nil
}
