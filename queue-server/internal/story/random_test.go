package story

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/reason"
	"antrean/shared/ticket"
)

// TestEveryCallOfARandomDayIsExplainedAndItsReasonHolds lets three counters do
// anything, and then holds the story of each number against the log: every call is
// told with a reason, who was called is the first of those it was chosen among, and
// the reason's rule is true of them.
func TestEveryCallOfARandomDayIsExplainedAndItsReasonHolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := hallOn(t, eventlog.NewMemory(eventlog.Options{}))
		h.t = rt
		var ids []ticket.ID
		for range rapid.IntRange(1, 80).Draw(rt, "steps") {
			h.pass(time.Duration(rapid.IntRange(0, 400).Draw(rt, "seconds")) * time.Second)
			h.by = rapid.SampledFrom([]queue.Actor{officer, kiosk, board, visitor, {Kind: queue.ActorCommandLine, ID: "local"}, {Kind: queue.ActorPartner, ID: "mpp"}}).Draw(rt, "by")
			if _, err := h.do(anything(rt, h, &ids)); err != nil {
				if _, refused := reason.Of(err); !refused {
					rt.Fatalf("a fault: %v", err)
				}
			}
		}
		h.must(queue.CloseDay{})
		explained(rt, h, reasonsHold(rt, h))
	})
}

func anything(rt *rapid.T, h *hall, ids *[]ticket.ID) queue.Ask {
	here := at(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(rt, "counter"))
	id := h.newID()
	if len(*ids) > 0 {
		id = rapid.SampledFrom(*ids).Draw(rt, "ticket")
	}
	service := ticket.ServiceID(rapid.SampledFrom([]string{"ktp", "kk", "akta"}).Draw(rt, "service"))
	switch rapid.IntRange(0, 15).Draw(rt, "what") {
	case 0, 1, 2, 3:
		*ids = append(*ids, h.newID())
		return queue.Take{ID: (*ids)[len(*ids)-1], Service: service, Class: rapid.SampledFrom([]ticket.Class{ticket.Regular, ticket.Priority}).Draw(rt, "class")}
	case 4:
		return queue.Start{AtCounter: here}
	case 5:
		return queue.Finish{AtCounter: here, Outcome: "complete"}
	case 6:
		return queue.Miss{AtCounter: here}
	case 7:
		return queue.Park{AtCounter: here, Reason: "photocopy"}
	case 8:
		return queue.Transfer{AtCounter: here, Service: service, To: ticket.CounterID(rapid.SampledFrom([]string{"", "c1", "c2", "c3"}).Draw(rt, "to"))}
	case 9:
		return queue.Undo{Counter: here.Counter, Session: here.Session}
	case 10:
		return rapid.SampledFrom([]queue.Ask{queue.GiveBack{ID: id}, queue.Unpark{ID: id}, queue.Cancel{ID: id}, queue.ChangeClass{ID: id, Class: ticket.Priority}}).Draw(rt, "desk")
	case 11:
		return queue.CallChosen{Counter: here.Counter, Session: here.Session, Ticket: id}
	case 12:
		return rapid.SampledFrom([]queue.Ask{queue.Recall{AtCounter: here}, queue.AddService{AtCounter: here, Service: service}, queue.ReportPrint{ID: id, State: "unknown", Detail: "odd_code"}, queue.ReportSpoken{Announcements: []uint64{h.st.Seq()}}}).Draw(rt, "rest")
	}
	return queue.CallNext{Counter: here.Counter, Session: here.Session}
}

// reasonsHold folds the log again and checks each call against the state before it.
// It gives the calls of each number.
func reasonsHold(rt *rapid.T, h *hall) map[string][]uint64 {
	calls := map[string][]uint64{}
	st := queue.New("uji")
	err := h.log.Read(context.Background(), "uji", 1, 0, func(r *queue.Record) error {
		if e, ok := r.Event.(queue.Called); ok {
			k := st.Ticket(e.Ticket)
			calls[k.Number.Text] = append(calls[k.Number.Text], r.Seq)
			reasonHolds(rt, st, r, e)
		}
		st.Apply(r)
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
	return calls
}

func reasonHolds(rt *rapid.T, st *queue.State, r *queue.Record, e queue.Called) {
	if len(e.Pick.Heads) == 0 || e.Pick.Heads[0].Ticket != e.Ticket {
		rt.Fatalf("call %d: %d is not the first of the heads %v", r.Seq, e.Ticket, e.Pick.Heads)
	}
	x, ok := st.Explain(r)
	if !ok || x.Chosen.Ticket != e.Ticket || len(x.Others) != len(e.Pick.Heads)-1 {
		rt.Fatalf("call %d: %+v does not explain %+v", r.Seq, x, e.Pick)
	}
	own := st.Counter(r.Counter).Services
	for _, s := range append([]queue.Standing{x.Chosen}, x.Others...) {
		k := st.Ticket(s.Ticket)
		if e.Pick.Rule == queue.Chosen {
			break
		}
		if k.State != ticket.Waiting || k.Number.Text != s.Number || k.Service != s.Service {
			rt.Fatalf("call %d: the head %+v does not wait so: %+v", r.Seq, s, k)
		}
		switch e.Pick.Rule {
		case queue.LongestWait:
			if s.Stood > x.Chosen.Stood {
				rt.Fatalf("call %d: %s had waited longer than %s", r.Seq, s.Number, x.Chosen.Number)
			}
		case queue.Helping:
			if slices.Contains(own, s.Service) {
				rt.Fatalf("call %d: helped, while %s waited", r.Seq, s.Number)
			}
		}
	}
	if e.Pick.Turn == queue.ToCounter && st.Ticket(e.Ticket).To != r.Counter {
		rt.Fatalf("call %d: %s was not sent to %s", r.Seq, x.Chosen.Number, r.Counter)
	}
}

// explained holds the stories of all numbers against the calls of the log.
func explained(rt *rapid.T, h *hall, calls map[string][]uint64) {
	for k := range h.st.Tickets {
		for _, lang := range []string{"id", "en"} {
			told, err := h.teller().Tell(context.Background(), "uji", k.Number.Text, "", lang)
			if err != nil {
				rt.Fatal(err)
			}
			clean(rt, strings.Join(lines(told), "\n"))
			var seqs []uint64
			for _, line := range told.Sentences {
				if line.Why != "" {
					seqs = append(seqs, line.Seq)
				}
			}
			if !slices.Equal(seqs, calls[k.Number.Text]) {
				rt.Fatalf("%s was called by %v, its story says %v", k.Number.Text, calls[k.Number.Text], seqs)
			}
			last := told.Sentences[len(told.Sentences)-1]
			if k.State == ticket.Expired && last.Text != (words{lang}).text("expired") {
				rt.Fatalf("%s is %v, its story ends: %s", k.Number.Text, k.State, last.Text)
			}
		}
	}
}

func TestStoriesAreToldWhileTheWriterWrites(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	h.call("1")
	teller := h.teller()
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if _, err := teller.Tell(ctx, "uji", "A-001", "", "id"); err != nil && ctx.Err() == nil {
					t.Errorf("Tell: %v", err)
					return
				}
				if _, err := teller.At(ctx, "uji", fmt.Sprint(3+n), "en"); err != nil && ctx.Err() == nil {
					t.Errorf("At: %v", err)
					return
				}
			}
		})
	}
	for range 200 {
		h.take("akta", ticket.Regular)
	}
	stop()
	readers.Wait()
}

func TestTheSameNumberOfTwoDaysHasTwoStories(t *testing.T) {
	h := newHall(t)
	h.take("ktp", ticket.Regular)
	h.pass(24 * time.Hour)
	h.take("akta", ticket.Regular)
	h.take("kk", ticket.Regular)
	monday, tuesday := h.story(t, "A-001", "2026-11-23", "en"), h.story(t, "A-001", "", "en")
	if len(monday) != 2 || !strings.Contains(monday[0], "Identity card") || !strings.Contains(monday[1], "expired") {
		t.Errorf("Monday: %q", monday)
	}
	if len(tuesday) != 1 || !strings.Contains(tuesday[0], "Family card") {
		t.Errorf("Tuesday: %q", tuesday)
	}
}
