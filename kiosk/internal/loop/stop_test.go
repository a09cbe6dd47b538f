package loop

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/printer"
	"antrean/shared/client"
	"antrean/shared/wire"
)

// slow is a printer that takes its time for a ticket, and hears when nobody waits
// for its word any more.
type slow struct {
	takes time.Duration
	began chan struct{} // a value for each ticket
}

func (s slow) Print(ctx context.Context, j printer.Job) printer.Outcome {
	if err := j.Progress(printer.Sending); err != nil {
		return printer.Outcome{Job: j.ID, State: printer.Failed, Err: err}
	}
	s.began <- struct{}{}
	t := time.NewTimer(s.takes)
	defer t.Stop()
	select {
	case <-t.C:
		return printer.Outcome{Job: j.ID, State: printer.Confirmed, FirstByte: time.Now(), Confirmed: time.Now()}
	case <-ctx.Done():
		return printer.Outcome{Job: j.ID, State: printer.Unknown, FirstByte: time.Now(), Err: ctx.Err()}
	}
}

func (slow) Status(ctx context.Context) (printer.Status, error) { return printer.Status{}, ctx.Err() }

func TestAStopLetsTheRunningPaperEndAndReportsIt(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h, p := newHall(), slow{takes: 4 * time.Second, began: make(chan struct{}, 1)}
		k, stop := start(t, h, p, dir)
		k.visit()
		<-p.began
		id := k.page(flow.Thanks).Ticket.ID
		at := time.Now()
		stop()
		if took := time.Since(at); took > p.takes {
			t.Errorf("the stop took %v", took)
		}
		if got, _ := h.report(id); got != (wire.Printed{State: "confirmed"}) {
			t.Errorf("reported %+v", got)
		}
		if page := k.glass.now(); page.Paper != flow.Printed {
			t.Errorf("the glass shows %+v", page)
		}
	})
}

func TestAStopWaitsForAStuckPrinterNoLongerThanItsBound(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h, p := newHall(), slow{takes: time.Hour, began: make(chan struct{}, 1)}
		k, stop := start(t, h, p, dir)
		k.visit()
		<-p.began
		id := k.page(flow.Thanks).Ticket.ID
		at := time.Now()
		stop()
		if took := time.Since(at); took != lastPaper {
			t.Errorf("the stop took %v", took)
		}
		k, stop = start(t, h, nil, dir) // whatever was not told is told now
		defer stop()
		k.page(flow.Start)
		synctest.Wait()
		if got, _ := h.report(id); got.State != "unknown" {
			t.Errorf("reported %+v", got)
		}
	})
}

func TestAStopWithoutAServerLeavesTheReportToTheNextStart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h, p := newHall(), slow{takes: time.Second, began: make(chan struct{}, 1)}
		k, stop := start(t, h, p, dir)
		k.visit()
		<-p.began
		id := k.page(flow.Thanks).Ticket.ID
		h.set(func(h *hall) { h.refuse = client.ErrOffline })
		stop()
		if _, told := h.report(id); told {
			t.Fatal("reported without a server")
		}
		h.set(func(h *hall) { h.refuse = nil })
		k, stop = start(t, h, nil, dir)
		defer stop()
		k.page(flow.Start)
		synctest.Wait()
		if got, _ := h.report(id); got.State != "confirmed" {
			t.Errorf("reported %+v", got)
		}
	})
}
