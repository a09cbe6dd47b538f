// Package loop runs the flow: it feeds it what fingers, clock, server and printer
// do, and carries out what it says. One goroutine owns the flow; asking, printing,
// reporting and watching have one each, and Run waits for all of them.
package loop

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/spool"
	"antrean/printer"
	"antrean/shared/client"
	"antrean/shared/ticket"
	"antrean/shared/trace"
	"antrean/shared/wire"
)

// Server is what the kiosk asks; *client.Client is one.
type Server interface {
	Device(ctx context.Context) (wire.Device, error)
	Take(ctx context.Context, o ticket.OfficeID, t wire.TakeTicket) (wire.TakenTicket, error)
	Printed(ctx context.Context, o ticket.OfficeID, id ticket.ID, p wire.Printed) error
	Watch(ctx context.Context, o ticket.OfficeID, topics []string, on func(client.Event)) error
}

// Printer is what the kiosk prints on; *printer.Printer is one.
type Printer interface {
	Print(ctx context.Context, job printer.Job) printer.Outcome
	Status(ctx context.Context) (printer.Status, error)
}

// Glass shows pages. Show must not block.
type Glass interface{ Show(flow.Page) }

// Spool remembers what the server must still be told; *spool.Spool is one.
type Spool interface {
	Ask(o ticket.OfficeID, r wire.TakeTicket) error
	Step(id ticket.ID, to spool.Stage) error
	End(id ticket.ID, p wire.Printed) error
	Unreported() ([]spool.Entry, error)
	Reported(id ticket.ID, p wire.Printed) error
}

// Config is what a Loop is made of. Printer nil is a kiosk without one, Trace nil
// writes no trace, Log nil is slog.Default().
type Config struct {
	Flow    *flow.Flow
	Server  Server
	Printer Printer
	Glass   Glass
	Spool   Spool
	Trace   *trace.File
	Log     *slog.Logger
}

// Loop is a running kiosk without its window.
type Loop struct {
	cfg    Config
	events chan flow.Event
	papers chan flow.Print // to the printing goroutine
	wake   chan struct{}   // of the reporting goroutine; holds one

	wg     sync.WaitGroup
	office chan struct{} // closed once id is set
	once   sync.Once
	id     ticket.OfficeID
}

// New makes a loop; Run runs it.
func New(cfg Config) *Loop {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Loop{
		cfg:    cfg,
		events: make(chan flow.Event, 256),
		papers: make(chan flow.Print, 64),
		wake:   make(chan struct{}, 1),
		office: make(chan struct{}),
	}
}

// Tap reports a touch. It never blocks: where hundreds wait, one more says nothing new.
func (l *Loop) Tap(t flow.Target) {
	now := time.Now()
	l.cfg.Trace.Write(Record{T: now.UnixMicro(), What: Tapped, Name: string(t)})
	select {
	case l.events <- flow.Tapped{At: now, Target: t}:
	default:
	}
}

// Late takes a printer's word that came after its job had ended. It never blocks,
// as printer.Config.Late demands.
func (l *Loop) Late(o printer.Outcome) {
	id, err := ticket.ParseID(o.Job)
	if err != nil {
		l.cfg.Log.Error("a late paper with an unknown name", "job", o.Job)
		return
	}
	paper, detail := fate(o)
	select {
	case l.events <- flow.PrintEnded{At: time.Now(), ID: id, Paper: paper, Detail: detail}:
	default:
		l.cfg.Log.Error("a late paper was not noted", "ticket", id)
	}
}

// lastPaper is how long a stop waits for the papers that are printing, or about to,
// and for their reports. It outlasts a long ticket at 9600 baud and the printer's word.
const lastPaper = 15 * time.Second

// Run runs the kiosk until ctx ends, and returns when all its goroutines have. The
// papers of numbers that stand on the glass by then are still printed and reported,
// for lastPaper at most; what is not done by then is the next start's to report.
func (l *Loop) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	paper, cut := context.WithCancel(context.WithoutCancel(ctx)) // outlives a stop
	defer l.wg.Wait()
	defer cut()
	defer cancel()
	for _, part := range []func(context.Context){l.watch, l.report, l.look} {
		l.wg.Go(func() { part(ctx) })
	}
	printed := make(chan struct{})
	l.wg.Go(func() { defer close(printed); l.print(paper, ctx.Done()) })
	l.wakeReporter()
	l.perform(ctx, l.cfg.Flow.Begin())
	for {
		select {
		case <-ctx.Done():
			defer time.AfterFunc(lastPaper, cut).Stop()
			l.finish(paper, printed)
			return
		case e := <-l.events:
			l.perform(ctx, l.cfg.Flow.Handle(e))
		}
	}
}

// finish waits for the papers that are under way and tells the server of them.
func (l *Loop) finish(ctx context.Context, printed <-chan struct{}) {
	handle := func(e flow.Event) {
		// Nothing else is begun any more; a number whose answer waits here has no paper.
		if _, paper := e.(flow.PrintEnded); paper {
			l.perform(ctx, l.cfg.Flow.Handle(e))
		}
	}
	for running := true; running; {
		select {
		case e := <-l.events:
			handle(e)
		case <-printed:
			running = false
		}
	}
	for left := true; left; {
		select {
		case e := <-l.events:
			handle(e)
		default:
			left = false
		}
	}
	select {
	case <-l.office:
		l.reportAll(ctx)
	default: // the server never said which office this is, so there is nothing to tell
	}
}

// send hands an event to the flow's goroutine.
func (l *Loop) send(ctx context.Context, e flow.Event) {
	select {
	case l.events <- e:
	case <-ctx.Done():
	}
}

// perform carries effects out, in their order. It must not block for long: the
// glass is dead while it does.
func (l *Loop) perform(ctx context.Context, effects []flow.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case flow.Show:
			l.cfg.Glass.Show(e.Page)
		case flow.Ask:
			l.wg.Go(func() { l.ask(ctx, e.Request) })
		case flow.Print:
			l.note(l.cfg.Spool.Step(e.Ticket.ID, spool.Taken))
			l.queue(ctx, e)
		case flow.Report:
			l.note(l.cfg.Spool.End(e.ID, e.Printed))
			l.wakeReporter()
		case flow.Forget:
			l.note(l.cfg.Spool.End(e.ID, wire.Printed{State: "failed", Detail: "abandoned"}))
			l.wakeReporter()
		case flow.After:
			l.wg.Go(func() { l.after(ctx, e) })
		}
	}
}

// queue gives a paper to the printing goroutine; where very many wait for a stuck
// printer, this one is not printed.
func (l *Loop) queue(ctx context.Context, p flow.Print) {
	select {
	case l.papers <- p:
	default:
		l.wg.Go(func() {
			l.send(ctx, flow.PrintEnded{At: time.Now(), ID: p.Ticket.ID, Paper: flow.NoPaper, Detail: "fault"})
		})
	}
}

func (l *Loop) after(ctx context.Context, e flow.After) {
	t := time.NewTimer(e.Wait)
	defer t.Stop()
	select {
	case <-t.C:
		l.send(ctx, flow.Elapsed{At: time.Now(), Timer: e.Timer})
	case <-ctx.Done():
	}
}

// ask asks once; the flow asks again.
func (l *Loop) ask(ctx context.Context, r wire.TakeTicket) {
	o, ok := l.officeID(ctx)
	if !ok {
		return
	}
	l.note(l.cfg.Spool.Ask(o, r))
	taken, err := l.cfg.Server.Take(ctx, o, r)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		l.cfg.Log.Warn("no ticket", "ticket", r.ID, "service", r.Service, "err", err)
		l.send(ctx, flow.Answered{At: time.Now(), ID: r.ID, Err: err})
		return
	}
	now := time.Now()
	l.send(ctx, flow.Answered{At: now, ID: r.ID, Taken: &taken})
	l.cfg.Trace.Write(milestone(Taken, now, taken.ID, taken.Number.Text))
}

// officeID waits until the server has said which office this kiosk stands in.
func (l *Loop) officeID(ctx context.Context) (ticket.OfficeID, bool) {
	select {
	case <-l.office:
		return l.id, true
	case <-ctx.Done():
		return "", false
	}
}

// note logs that the kiosk's own disk failed. Visitors are served all the same: a
// full disk must not close the hall.
func (l *Loop) note(err error) {
	if err != nil {
		l.cfg.Log.Error("not noted on the kiosk's disk", "err", err)
	}
}
