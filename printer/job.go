package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"antrean/printer/escpos"
	"antrean/printer/port"
)

// fence is the question behind a ticket whose answer proves it printed.
type fence struct {
	open bool // asked, and not answered
	byID bool
	id   escpos.ID
	at   time.Time // when it was answered
}

func (f *fence) process(id escpos.ID) bool {
	if !f.open || !f.byID || id != f.id {
		return false
	}
	f.open, f.at = false, time.Now()
	return true
}

// paper takes an answer to GS r. It carries no name: payDebts has made sure
// that it is not an earlier one's.
func (f *fence) paper() {
	if f.open && !f.byID {
		f.open, f.at = false, time.Now()
	}
}

// print carries one job to its final state.
func (o *owner) print(ctx context.Context, job Job) Outcome {
	out := Outcome{Job: job.ID, State: Queued, Started: time.Now()}
	body, err := Layout(job.Ticket, o.profile)
	if err != nil {
		return out.failed("", err)
	}
	if out.Status, err = o.prepare(ctx, job.Ticket.Copy); err != nil {
		return out.failed(out.Status.reason(), err)
	}
	if err := errors.Join(ctx.Err(), o.ctx.Err()); err != nil {
		return out.failed("", err)
	}
	out.State = Sending
	if err := o.progress(job, Sending); err != nil {
		return out.failed("", fmt.Errorf("note the job as sending: %w", err))
	}
	question := o.raiseFence()
	defer func() { o.fence = fence{} }()

	err = o.send(append(body, question...), len(body), &out)
	if err == nil {
		out.State = Sent
		if err := o.progress(job, Sent); err != nil {
			o.cfg.Log.Warn("note the job as sent", "job", job.ID, "err", err)
		}
		before := out.Status
		if err = o.confirm(ctx, &out, o.addr.WireTime(len(body))); err == nil {
			out.Status = before
		}
	}
	o.finish(&out, err)
	return out
}

func (o *owner) progress(job Job, s State) error {
	if job.Progress == nil {
		return nil
	}
	return job.Progress(s)
}

func (out Outcome) failed(c Condition, err error) Outcome {
	out.State, out.Reason, out.Err = Failed, c, err
	return out
}

// finish settles the state of a job whose bytes may be gone.
func (o *owner) finish(out *Outcome, err error) {
	out.Confirmed = o.fence.at
	switch {
	case !o.fence.at.IsZero():
		out.State, out.Reason, out.Err = Confirmed, "", nil
	case out.Bytes == 0:
		*out = out.failed(out.Reason, err)
	default:
		out.State, out.Err = Unknown, err
		if o.fence.byID {
			o.remember(o.fence.id, *out)
		} else if o.fence.open {
			o.owed++
		}
	}
}

// prepare asks the printer whether it can print, and clears what a line may
// hold from before. An error means that nothing was sent of the ticket.
func (o *owner) prepare(ctx context.Context, clear bool) (Status, error) {
	s := o.ask(ctx)
	silent := s.Has(Silent) && (o.heard || o.profile.Answers == escpos.Always)
	if s.Stops() || silent {
		return s, fmt.Errorf("printer is not ready: %s %s", s.Worst(), s.Detail)
	}
	if clear && o.profile.Clear {
		// Its answer (37h 25h 00h) says that it is done. A printer that
		// does not give it has had the time.
		_, err := o.line.ask(ctx, escpos.ClearBuffers(), o.cfg.AnswerWait, o.note, isKind(escpos.Block))
		if err != nil && !errors.Is(err, errNoAnswer) {
			return o.failed(err), err
		}
	}
	if o.owed > 0 {
		if err := o.payDebts(ctx); err != nil {
			return fault(Silent, err), err
		}
	}
	return s, nil
}

// quietAfter is how long after an answer in order no other one can still
// stand in front of it: nothing was sent between their questions.
const quietAfter = 200 * time.Millisecond

// payDebts makes sure that no answer to an earlier paper question can be taken
// for the one of the next ticket: they look the same, and they come in order.
func (o *owner) payDebts(ctx context.Context) error {
	_, err := o.line.ask(ctx, escpos.PaperStatus(), o.cfg.ConfirmWait, o.note, isKind(escpos.PaperByte))
	for err == nil {
		_, err = o.line.await(ctx, quietAfter, o.note, isKind(escpos.PaperByte))
		if errors.Is(err, errNoAnswer) {
			o.owed = 0
			return nil
		}
	}
	if errors.Is(err, port.ErrGone) {
		o.disconnect()
	}
	return fmt.Errorf("answer to an earlier ticket still owed: %w", err)
}

// raiseFence gives the question to send behind the cut: nothing where the
// printer answers none.
func (o *owner) raiseFence() []byte {
	switch {
	case o.profile.Answers == escpos.Never:
		o.fence = fence{}
		return nil
	case o.profile.ProcessID:
		o.nextID++
		o.fence = fence{open: true, byID: true, id: escpos.MakeID(o.nextID)}
		return escpos.ProcessID(o.fence.id)
	default:
		o.fence = fence{open: true}
		return escpos.PaperStatus()
	}
}

// piece is what is written between two looks at Close.
const piece = 256

// sendLimit is what sending may take beyond twice the time on the wire, for a
// line that moves a byte now and then.
const sendLimit = 20 * time.Second

// send writes b, of which the first ticket bytes are the paper's, and waits
// until the driver has none of it left.
func (o *owner) send(b []byte, ticket int, out *Outcome) error {
	progress := time.Now()
	limit := progress.Add(2*o.addr.WireTime(len(b)) + sendLimit)
	for done := 0; done < len(b); {
		if err := o.ctx.Err(); err != nil {
			o.disconnect()
			return err
		}
		n, err := o.line.port.Write(b[done:min(done+piece, len(b))])
		now := time.Now()
		if n > 0 {
			if done == 0 {
				out.FirstByte = now
			}
			progress = now
		}
		done += n
		out.Bytes = min(done, ticket)
		if err == nil && done < len(b) && now.After(limit) {
			err, progress = port.ErrStalled, time.Time{}
		}
		if stop := o.stalled(err, now.Sub(progress), done, out); stop != nil {
			return stop
		}
	}
	for {
		err := o.line.port.Drain()
		if err == nil {
			out.LastByte = time.Now()
			return nil
		}
		if stop := o.stalled(err, time.Since(progress), len(b), out); stop != nil {
			return stop
		}
		if err := o.ctx.Err(); err != nil {
			o.disconnect()
			return err
		}
	}
}

// stalled decides whether err ends the sending. A stall does at once before
// the first byte, and in the middle of a ticket after StallWait, for printers
// with a full buffer hold their host off while they print.
func (o *owner) stalled(err error, still time.Duration, done int, out *Outcome) error {
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, port.ErrStalled):
		out.Reason = Absent
		o.disconnect()
		return err
	case done == 0:
		out.Reason = Busy
		return err
	case still >= o.cfg.StallWait:
		out.Reason = Busy
		if o.auto.Stops() {
			out.Reason, out.Status = o.auto.Worst(), o.auto
		}
		o.disconnect() // and with it the rest of the ticket
		return err
	}
	return nil
}

// lookAfter is how often a printer that has not confirmed is asked why.
const lookAfter = 500 * time.Millisecond

// confirm waits for the fence's answer. It gives up early once the printer
// keeps saying that it is stopped: a paper change takes minutes. wire is what
// the ticket may still need on a line whose driver hides its queue; a question
// would only stand in line behind it.
func (o *owner) confirm(ctx context.Context, out *Outcome, wire time.Duration) error {
	if !o.fence.open && o.fence.at.IsZero() {
		return errors.New("this kind of printer confirms nothing")
	}
	ctx, cancel := context.WithTimeout(ctx, wire+o.cfg.ConfirmWait)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()
	var stopped time.Time // since when it has been saying so
	wait := wire + lookAfter
	for o.fence.open {
		_, err := o.line.await(ctx, wait, o.note, func(a escpos.Answer) bool {
			return !o.fence.open || (a.Kind == escpos.Automatic && o.auto.Stops())
		})
		wait = lookAfter
		switch {
		case !o.fence.open:
			return nil
		case errors.Is(err, port.ErrGone):
			o.disconnect()
			out.Reason, out.Status = Absent, fault(Absent, err)
			return err
		case ctx.Err() != nil:
			return fmt.Errorf("not confirmed: %w", ctx.Err())
		case !o.heard:
			continue // asking more would not help
		}
		s := o.ask(ctx)
		if ctx.Err() != nil || !o.fence.open {
			continue
		}
		out.Status, out.Reason = s, s.reason()
		switch {
		case !s.Stops() || s.Worst() == HeadHot:
			stopped = time.Time{}
		case stopped.IsZero():
			stopped = time.Now()
		}
		if s.Has(Absent) || (!stopped.IsZero() && time.Since(stopped) >= lookAfter) {
			return fmt.Errorf("not confirmed: %s", s.Worst())
		}
	}
	return nil
}
