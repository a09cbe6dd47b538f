package loop

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"antrean/kiosk/internal/flow"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// slowHall keeps each ask for a while after its asker hung up, then commits it; its
// answer is lost. arrives false: the ask itself is lost on the way.
type slowHall struct {
	*hall
	arrives bool
	hangUp  time.Duration // until the asker notices that it hung up
	commit  time.Duration // from the hanging up until the ticket is drawn
	out     atomic.Int32  // asks that somebody waits for
	early   atomic.Int32  // reports that came meanwhile
	reports atomic.Int32
}

func (h *slowHall) Take(ctx context.Context, o ticket.OfficeID, q wire.TakeTicket) (wire.TakenTicket, error) {
	h.out.Add(1)
	defer h.out.Add(-1)
	select {
	case <-ctx.Done():
	case <-time.After(leaves + 10*time.Second): // no asker waits longer
	}
	if h.arrives {
		go func() {
			time.Sleep(h.commit)
			_, _ = h.hall.Take(context.Background(), o, q)
		}()
	}
	time.Sleep(h.hangUp)
	return wire.TakenTicket{}, client.ErrOffline
}

func (h *slowHall) Printed(ctx context.Context, o ticket.OfficeID, id ticket.ID, p wire.Printed) error {
	h.reports.Add(1)
	if h.out.Load() > 0 {
		h.early.Add(1)
	}
	return h.hall.Printed(ctx, o, id, p)
}

// leaves is how long a visitor who touches nothing is waited for.
const leaves = flow.Idle + flow.Countdown*time.Second

// abandon is a visit that ends while the ticket is being asked for.
func (k *kiosk) abandon() {
	k.t.Helper()
	k.visit()
	k.page(flow.Taking)
	time.Sleep(leaves - time.Second)
	k.page(flow.Start)
}

func TestATicketWhoseVisitorLeftIsMarkedHoweverLateItIsDrawn(t *testing.T) {
	for name, h := range map[string]*slowHall{
		"while the asker hangs up":   {hangUp: 3 * time.Second, commit: time.Second},
		"after the asker has left":   {commit: 5 * time.Second},
		"long after, by a slow line": {commit: 14 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				h.hall, h.arrives = newHall(), true
				k, stop := start(t, h, nil, dir)
				defer stop()
				k.abandon()
				time.Sleep(h.hangUp + h.commit + doubtEvery)
				synctest.Wait()
				if len(h.tickets) != 1 {
					t.Fatalf("%d tickets", len(h.tickets))
				}
				for id := range h.tickets {
					if got, told := h.report(id); !told || got != abandoned {
						t.Errorf("a ticket waits for nobody, reported %v %+v", told, got)
					}
				}
				if left := k.unreported(); len(left) != 0 || h.early.Load() > 0 {
					t.Errorf("left over: %+v; %d reports overtook the ask", left, h.early.Load())
				}
			})
		})
	}
}

func TestAnAskThatWasLostDrawsNoTicketForAVisitorWhoLeftAndIsForgottenInTheEnd(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := &slowHall{hall: newHall()}
		k, stop := start(t, h, nil, dir)
		defer stop()
		k.abandon()
		time.Sleep(doubtTime - time.Minute)
		if len(k.unreported()) != 1 {
			t.Error("it was forgotten while the ask may be on its way")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if left := k.unreported(); len(left) != 0 || len(h.tickets) != 0 {
			t.Errorf("left over: %+v, %d tickets", left, len(h.tickets))
		}
		if n := h.reports.Load(); n > int32(2*doubtTime/doubtEvery)+2 {
			t.Errorf("%d reports", n)
		}
	})
}

func TestADoubtOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := &slowHall{hall: newHall(), arrives: true, commit: 10 * time.Minute}
		k, stop := start(t, h, nil, dir)
		k.abandon()
		synctest.Wait()
		stop()
		k, stop = start(t, h, nil, dir)
		defer stop()
		k.page(flow.Start)
		time.Sleep(h.commit + doubtEvery)
		synctest.Wait()
		for id := range h.tickets {
			if got, told := h.report(id); !told || got != abandoned {
				t.Errorf("reported %v %+v", told, got)
			}
		}
		if left := k.unreported(); len(left) != 0 || len(h.tickets) != 1 {
			t.Errorf("left over: %+v, %d tickets", left, len(h.tickets))
		}
	})
}

func TestARefusedAskLeavesNothingOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		k, stop := start(t, h, nil, dir)
		k.page(flow.Start)
		h.set(func(h *hall) { h.refuse = reason.New(reason.Conflict, "service_closed") })
		k.visit()
		k.page(flow.Refused)
		h.set(func(h *hall) { h.refuse = client.ErrOffline })
		synctest.Wait()
		stop()
		k, stop = start(t, h, nil, dir) // which takes an ask without an end for an abandoned one
		defer stop()
		synctest.Wait()
		if left := k.unreported(); len(left) != 0 {
			t.Errorf("left over: %+v", left)
		}
	})
}
