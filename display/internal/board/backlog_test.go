package board

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// sentence is how long the voice of these tests needs to say a call once.
const sentence = 8 * time.Second

// rush lets a call be made each time every is over, for so long, with a voice that
// says one after the other; then it waits until the hall is silent. During it, large
// is asked what is shown.
func (h *hall) rush(every, long time.Duration, large func(newest uint64, p Picture)) (calls uint64) {
	h.t.Helper()
	began, due := h.at, h.at
	var end time.Time // of the running sentence
	begun := 0
	for ; h.at.Sub(began) < long || h.running(); h.at = h.at.Add(time.Second) {
		if h.running() && !h.at.Before(end) {
			key := h.begun[len(h.said)].Key
			h.said = append(h.said, key.ID)
			h.handle(SpeechEnded{At: h.at, Key: key})
		}
		if h.at.Sub(began) < long && !h.at.Before(due) {
			due = due.Add(every)
			calls++
			h.announce(calls, fmt.Sprintf("A-%03d", calls), "1", 0)
			h.trim()
			h.send()
		}
		h.handle(Tick{At: h.at})
		if len(h.begun) > begun {
			begun = len(h.begun)
			end = h.at.Add(sentence * time.Duration(h.begun[len(h.begun)-1].Times))
		}
		large(calls, h.b.Picture(h.at))
	}
	return calls
}

// trim keeps of the view what a server tells: five minutes of announcements, and
// twelve calls.
func (h *hall) trim() {
	h.view.Announcements = slices.DeleteFunc(h.view.Announcements, func(a wire.Announcement) bool { return h.server().Sub(a.At) > 5*time.Minute })
	h.view.Recent = h.view.Recent[:min(len(h.view.Recent), 12)]
}

func TestAVoiceThatFallsBehindSaysEachCallOnceAndCatchesUp(t *testing.T) {
	h := opened(t)
	oldest := 0
	calls := h.rush(10*time.Second, time.Hour, func(uint64, Picture) { oldest = max(oldest, len(h.b.queue)) })
	if len(h.said) != int(calls) || len(h.skips) > 0 || !slices.IsSorted(h.said) {
		t.Errorf("%d calls, %d said, not said %v", calls, len(h.said), h.skips)
	}
	late := time.Duration(0)
	for _, age := range h.ages {
		late = max(late, age)
	}
	if late > 40*time.Second || oldest > 4 {
		t.Errorf("a call was begun %v late, %d waited", late, oldest)
	}
	if once, twice := h.times(1), h.times(2); once == 0 || twice == 0 {
		t.Errorf("%d said once, %d twice", once, twice)
	}
}

func (h *hall) times(n int) (count int) {
	for _, s := range h.begun {
		if s.Times == n {
			count++
		}
	}
	return count
}

func TestWhereTheVoiceCannotKeepUpEyesSeeTheNewestAndNoCallIsLostSilently(t *testing.T) {
	h := opened(t)
	most, wrong := 0, 0
	calls := h.rush(5*time.Second, time.Hour, func(newest uint64, p Picture) {
		most = max(most, len(h.b.queue))
		if h.b.current != nil && h.b.current.late && p.Latest.ID != newest {
			wrong++
		}
	})
	for i, age := range h.ages {
		if age > MaxAge {
			t.Errorf("call %d was begun %v late", h.begun[i].Key.ID, age)
		}
	}
	if most > int(MaxAge/(5*time.Second))+1 || wrong > 0 {
		t.Errorf("%d waited; %d times an old call was large", most, wrong)
	}
	fate := map[uint64]int{}
	for _, id := range h.said {
		fate[id]++
	}
	for _, s := range h.skips {
		fate[s.Key.ID]++
		if s.Why != Old || s.Age <= MaxAge || s.Number == "" {
			t.Errorf("not said: %+v", s)
		}
		if h.disk.Has(s.Key.ID) && s.Key.ID > h.disk.Floor || slices.Contains(h.report, s.Key.ID) {
			t.Errorf("%d counts as spoken", s.Key.ID)
		}
	}
	for id := uint64(1); id <= calls; id++ {
		if fate[id] != 1 {
			t.Errorf("call %d came to %d ends", id, fate[id])
		}
	}
	if len(h.skips) == 0 {
		t.Error("the voice kept up after all")
	}
}

func TestTheNewestCallPulsesWhenItComesAlsoWhileTheVoiceIsLate(t *testing.T) {
	h := opened(t)
	h.announce(1, "A-001", "1", time.Minute) // while the line was down
	h.send()
	h.pass(6 * time.Second)
	if p := h.b.Picture(h.at); p.Latest.ID != 1 || p.Latest.Pulse {
		t.Errorf("large: %+v", p.Latest)
	}
	h.call(2, "A-002", "2")
	if p := h.b.Picture(h.at); p.Latest.ID != 2 || !p.Latest.Pulse {
		t.Errorf("large: %+v", p.Latest)
	}
	h.pass(pulseHalf)
	if p := h.b.Picture(h.at); p.Latest.Pulse {
		t.Error("it does not pulse")
	}
	h.hear()
	h.hear()
	h.wantSaid(1, 2)
}

func TestACallThatIsOutdatedWhileItWaitsIsNotSaidAndThatIsKnown(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(h *hall)
		said      []uint64
		skip      uint64
		why       Why
	}{
		"recalled from another counter": {func(h *hall) { h.call(4, "A-002", "4") }, []uint64{1, 3, 4}, 2, Superseded},
		"cancelled":                     {func(h *hall) { h.view.Recent[1].State = ticket.Cancelled; h.send() }, []uint64{1, 3}, 2, Gone},
		"no longer told":                {func(h *hall) { h.view.Announcements = slices.Delete(h.view.Announcements, 1, 2); h.send() }, []uint64{1, 3}, 2, Gone},
		"grown old":                     {func(h *hall) { h.pass(MaxAge - 10*time.Second); h.call(4, "A-004", "4") }, []uint64{1, 3, 4}, 2, Old},
	} {
		t.Run(name, func(t *testing.T) {
			h := opened(t)
			h.announce(1, "A-001", "1", 0)
			h.announce(2, "A-002", "2", 30*time.Second)
			h.call(3, "A-003", "3")
			c.meanwhile(h)
			for h.running() {
				h.hear()
			}
			h.wantSaid(c.said...)
			if len(h.skips) != 1 || h.skips[0].Key != (Key{"e1", c.skip}) || h.skips[0].Why != c.why || h.skips[0].Number != "A-002" {
				t.Errorf("not said: %+v", h.skips)
			}
			if h.disk.Has(c.skip) || slices.Contains(h.report, c.skip) {
				t.Error("it counts as spoken")
			}
			h.skips = nil
			h.start(true) // and the next life decides the same
			h.send()
			h.wantSaid(c.said...)
		})
	}
}

func TestARestoredLogSaysWhichCallsItTookAway(t *testing.T) {
	h := opened(t)
	h.announce(1, "A-001", "1", 0)
	h.call(2, "A-002", "2")
	h.epoch, h.view.Announcements, h.view.Recent = "e2", nil, nil
	h.send()
	h.hear()
	h.wantSaid(1)
	if len(h.skips) != 1 || h.skips[0].Key != (Key{"e1", 2}) || h.skips[0].Why != Restored {
		t.Errorf("not said: %+v", h.skips)
	}
}
