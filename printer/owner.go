package printer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"antrean/printer/escpos"
	"antrean/printer/port"
)

// ErrClosed: the Printer was closed, or the context of Open has ended.
var ErrClosed = errors.New("printer is closed")

// Printer owns one port. Its methods may be called from any goroutine; jobs
// and questions are served one at a time, in the order of their calls.
type Printer struct {
	requests chan request // served by the owner, each answered exactly once
	cancel   context.CancelFunc
	done     chan struct{} // closed when the owner has released the port
}

// request is a question, or a job where job is set. Its reply channel has
// room for one, so the owner never waits for a caller.
type request struct {
	ctx     context.Context
	job     *Job
	status  chan Status
	outcome chan Outcome
}

func open(ctx context.Context, cfg Config) (*Printer, error) {
	addr, err := port.Parse(cfg.Address)
	if err != nil {
		return nil, err
	}
	if cfg.Profile == "" {
		cfg.Profile = DefaultProfile
	}
	profile, err := escpos.LookUp(cfg.Profile)
	if err != nil {
		return nil, err
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	for d, std := range map[*time.Duration]time.Duration{
		&cfg.AnswerWait:  400 * time.Millisecond,
		&cfg.ConfirmWait: 5 * time.Second,
		&cfg.StallWait:   3 * time.Second,
	} {
		if *d <= 0 {
			*d = std
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &Printer{requests: make(chan request), cancel: cancel, done: make(chan struct{})}
	o := &owner{
		ctx: ctx, cfg: cfg, addr: addr, profile: profile,
		nextID: uint16(rand.Uint32()), // an answer to an earlier run's id must confirm nothing
		late:   map[escpos.ID]Outcome{},
	}
	go func() {
		defer close(p.done)
		defer o.disconnect()
		o.serve(p.requests)
	}()
	return p, nil
}

// Status asks the printer. It returns within about five seconds (usually some
// milliseconds) once the jobs before it are done, or when ctx ends; its error
// is ctx's or ErrClosed, for all that is known about the printer, also that
// it is not there, is in the Status.
func (p *Printer) Status(ctx context.Context) (Status, error) {
	r := request{ctx: ctx, status: make(chan Status, 1)}
	if err := p.hand(r); err != nil {
		return Status{}, err
	}
	return <-r.status, nil
}

// Print prints one ticket and returns when its state is final. It takes no
// longer than the jobs before it, plus the ticket's own time on the line, plus
// the waits of Config. If ctx ends before the first byte, nothing is sent and
// the job is Failed; later, the rest of the ticket is still sent but its
// confirmation is not awaited.
func (p *Printer) Print(ctx context.Context, job Job) Outcome {
	r := request{ctx: ctx, job: &job, outcome: make(chan Outcome, 1)}
	if err := p.hand(r); err != nil {
		return Outcome{Job: job.ID, State: Failed, Err: err}
	}
	return <-r.outcome
}

// hand gives r to the owner, which then answers it whatever happens.
func (p *Printer) hand(r request) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	select {
	case p.requests <- r:
		return nil
	case <-r.ctx.Done():
		return fmt.Errorf("waiting for the printer: %w", r.ctx.Err())
	case <-p.done:
		return ErrClosed
	}
}

// Close ends the goroutine and releases the port. It takes a second or two at
// most: a ticket that is on the line is cut short and becomes Unknown.
func (p *Printer) Close() error {
	p.cancel()
	<-p.done
	return nil
}

// owner is the goroutine's state; nobody else touches it.
type owner struct {
	ctx     context.Context // ends with Close
	cfg     Config
	addr    port.Address
	profile escpos.Profile

	line  *line // nil while there is none
	heard bool  // this printer has answered a real-time question before
	dirty bool  // an answer may be under way to a question that timed out
	owed  int   // answers to queued paper questions that did not come in time

	nextID uint16
	late   map[escpos.ID]Outcome // jobs that ended Unknown, by process id
	fence  fence                 // of the job that is being printed
	auto   Status                // from the last automatic status
}

func (o *owner) serve(requests <-chan request) {
	for {
		var input <-chan []byte
		if o.line != nil {
			input = o.line.in
		}
		select {
		case <-o.ctx.Done():
			return
		case r := <-requests:
			if r.job != nil {
				r.outcome <- o.print(r.ctx, *r.job)
			} else {
				r.status <- o.ask(r.ctx)
			}
		case b, ok := <-input:
			if !ok {
				o.disconnect()
				continue
			}
			o.dirty = false // that was it, or nobody's
			o.line.feed(b, o.note)
		}
	}
}

// openWait bounds the opening of a port: a network printer that is off makes
// a host wait.
const openWait = 2500 * time.Millisecond

func (o *owner) connect(ctx context.Context) error {
	if o.line != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, openWait)
	defer cancel()
	defer context.AfterFunc(o.ctx, cancel)()
	p, err := port.Open(ctx, o.addr)
	if err != nil {
		return err
	}
	o.line = newLine(p)
	if o.profile.Automatic {
		// Its loss does no harm: status is asked for as well.
		_, _ = o.line.port.Write(escpos.AutomaticStatus())
	}
	return nil
}

// disconnect releases the port. What the driver still holds of a ticket is
// thrown away: it must not come out in front of the next one.
func (o *owner) disconnect() {
	if o.line == nil {
		return
	}
	if err := o.line.close(); err != nil {
		o.cfg.Log.Warn("close the printer's port", "address", o.addr, "err", err)
	}
	o.line, o.dirty, o.auto = nil, false, Status{}
}

// keepLate is how many unconfirmed jobs are remembered: a roll change ends
// with one of them, the rest is for a printer that is often out of reach.
const keepLate = 32

func (o *owner) remember(id escpos.ID, out Outcome) {
	if len(o.late) >= keepLate {
		for oldest := range o.late {
			delete(o.late, oldest)
			break
		}
	}
	o.late[id] = out
}

// note sees every answer, whoever waits for it.
func (o *owner) note(a escpos.Answer) {
	switch a.Kind {
	case escpos.Automatic:
		o.auto = automaticStatus([4]byte(a.Data))
	case escpos.RealtimeByte:
		o.heard = true
	case escpos.PaperByte:
		o.fence.paper()
	case escpos.Block:
		id, ok := a.ProcessID()
		if !ok || o.fence.process(id) {
			return
		}
		if out, ok := o.late[id]; ok {
			delete(o.late, id)
			out.State, out.Reason, out.Err, out.Confirmed = Confirmed, "", nil, time.Now()
			o.cfg.Log.Info("ticket confirmed late", "job", out.Job)
			if o.cfg.Late != nil {
				o.cfg.Late(out)
			}
		}
	}
}
