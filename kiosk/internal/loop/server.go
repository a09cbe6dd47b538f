package loop

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/spool"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/wire"
)

// Waits between attempts, each with jitter: a hall full of kiosks must not ask in step.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
	refusedWait = 30 * time.Second // another try will hardly change it
)

// watch learns which office this is, then follows its view until ctx ends.
func (l *Loop) watch(ctx context.Context) {
	for wait := firstWait; ctx.Err() == nil; wait = min(2*wait, longestWait) {
		d, err := l.cfg.Server.Device(ctx)
		pause := wait/2 + rand.N(wait/2)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			line := trouble(err)
			if line.Trouble != flow.Offline {
				pause = refusedWait
			}
			l.cfg.Log.Warn("the server does not know this kiosk yet", "err", err)
			l.send(ctx, line)
		case d.Kind != "kiosk":
			l.cfg.Log.Error("the token is another device's", "device", d.ID, "kind", d.Kind)
			l.send(ctx, flow.Line{At: time.Now(), Trouble: flow.WrongDevice, Code: d.Kind})
			pause = refusedWait
		default:
			l.once.Do(func() { l.id = d.Office; close(l.office) })
			err := l.cfg.Server.Watch(ctx, l.id, []string{wire.TopicKiosk}, l.listener(ctx))
			if ctx.Err() == nil {
				l.cfg.Log.Error("the watch ended", "err", err)
			}
		}
		sleep(ctx, pause)
	}
}

// listener turns what the line says into the flow's events. The client calls it
// from one goroutine.
func (l *Loop) listener(ctx context.Context) func(client.Event) {
	refused := false // the topic itself, while the line stands
	return func(e client.Event) {
		now := time.Now()
		switch {
		case !e.Online:
			l.cfg.Log.Warn("the line to the server is away", "err", e.Err)
			l.send(ctx, trouble(e.Err))
		case e.Frame == nil:
			l.cfg.Log.Info("the line to the server stands")
			l.send(ctx, flow.Line{At: now})
		case e.Frame.Topic != wire.TopicKiosk:
		case e.Frame.Problem != nil:
			refused = true
			l.send(ctx, flow.Line{At: now, Trouble: flow.NoView, Code: e.Frame.Problem.Code})
		default:
			var v wire.KioskView
			if err := json.Unmarshal(e.Frame.View, &v); err != nil {
				l.cfg.Log.Error("a view that cannot be read", "err", err)
				return
			}
			l.send(ctx, flow.Viewed{At: now, Server: e.Frame.At, View: v})
			if refused {
				refused = false
				l.send(ctx, flow.Line{At: now})
			}
		}
	}
}

// trouble is why there is no line.
func trouble(err error) flow.Line {
	line := flow.Line{At: time.Now(), Trouble: flow.Offline}
	if r, ok := reason.Of(err); ok {
		line.Code = r.Code
		switch r.Kind {
		case reason.Unauthorized, reason.Forbidden:
			line.Trouble = flow.BadToken
		case reason.Unavailable, reason.TooMany:
		default:
			line.Trouble = flow.NoView
		}
	}
	return line
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func (l *Loop) wakeReporter() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// report tells the server what became of papers, as long as it takes.
func (l *Loop) report(ctx context.Context) {
	if _, ok := l.officeID(ctx); !ok {
		return
	}
	wait := firstWait
	for {
		var again <-chan time.Time
		if !l.reportAll(ctx) {
			again = time.After(wait/2 + rand.N(wait/2))
			wait = min(2*wait, longestWait)
		} else {
			wait = firstWait
		}
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		case <-again:
		}
	}
}

// reportAll goes once through what is unreported; the office must be known. It
// reports false where something is left.
func (l *Loop) reportAll(ctx context.Context) bool {
	all, err := l.cfg.Spool.Unreported()
	l.note(err)
	done := err == nil
	for _, e := range all {
		if e.Office == "" {
			e.Office = l.id
		}
		done = l.reportOne(ctx, e) && done
	}
	return done
}

// reportOne reports false where the same report must be tried again.
func (l *Loop) reportOne(ctx context.Context, e spool.Entry) bool {
	id, p := e.Request.ID, *e.Report
	if err := l.cfg.Server.Printed(ctx, e.Office, id, p); err != nil {
		r, refused := reason.Of(err)
		if !refused || r.Kind == reason.Unavailable || r.Kind == reason.TooMany || r.Kind == reason.Unauthorized || r.Kind == reason.StorageFull {
			return false
		}
		// An ask that never arrived has no ticket; nothing is to be told.
		l.cfg.Log.Info("the server has no use for a report", "ticket", id, "state", p.State, "err", err)
	}
	l.note(l.cfg.Spool.Reported(id, p))
	return true
}
