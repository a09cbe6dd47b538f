package board

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"antrean/shared/wire"
)

// Whatever happens in whatever order, a board that is restarted only in an orderly
// way says each call exactly once that is young and the newest of its number, tells
// of each that it does not say, says them in order, one at a time, and in the end has told the server of each.
func TestRandomDaysSayEachCallOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := opened(t)
		var made, told []uint64
		firstHeard := map[uint64]time.Duration{} // how old it was
		born := map[uint64]time.Time{}
		newest := map[string]uint64{}
		running := func() bool { return h.b.Speaking() }
		finish := func() {
			for _, f := range h.b.Handle(SpeechEnded{At: h.at, Key: h.begun[len(h.begun)-1].Key}) {
				h.keep(f, &told)
			}
		}
		handle := func(e Event) {
			was := running()
			for _, f := range h.b.Handle(e) {
				if _, speak := f.(Speak); speak && was {
					r.Fatalf("two at a time: %v", f)
				}
				h.keep(f, &told)
			}
		}
		send := func() {
			for _, id := range made {
				if _, heard := firstHeard[id]; !heard {
					firstHeard[id] = h.at.Sub(born[id])
				}
			}
			h.seq++
			handle(FrameArrived{At: h.at, Office: "sinjai", Epoch: "e1", Seq: h.seq, Sent: h.server(), View: h.view})
		}
		r.Repeat(map[string]func(*rapid.T){
			"call": func(r *rapid.T) {
				id := uint64(len(made) + 1)
				made, born[id] = append(made, id), h.at
				number := fmt.Sprintf("A-%03d", id)
				if again := rapid.Uint64Range(0, id-1).Draw(r, "a recall of"); again > 0 {
					number = h.view.Announcements[again-1].Number.Text
					h.view.Recent = slices.DeleteFunc(h.view.Recent, func(c wire.Call) bool { return c.Number.Text == number })
				}
				newest[number] = id
				h.announce(id, number, "1", 0)
				if rapid.Bool().Draw(r, "line is up") {
					send()
				}
			},
			"same view again": func(*rapid.T) { send() },
			"line lost":       func(*rapid.T) { handle(LineLost{At: h.at}) },
			"time": func(r *rapid.T) {
				h.at = h.at.Add(time.Duration(rapid.IntRange(1, 100).Draw(r, "seconds")) * time.Second)
				handle(Tick{At: h.at})
			},
			"speech ends": func(*rapid.T) {
				if running() {
					finish()
				}
			},
			"orderly restart": func(*rapid.T) {
				handle(Closing{At: h.at})
				if running() {
					finish()
				}
				h.start(true)
			},
			"report arrives": func(*rapid.T) {
				if h.b.reporting {
					ids := slices.Clone(h.b.memory.Unreported)
					handle(Reported{At: h.at, Epoch: "e1", IDs: ids[:min(len(ids), 1)]})
				}
			},
		})
		send()
		for running() || len(h.b.queue) > 0 || h.b.current != nil {
			h.at = h.at.Add(PulseTime)
			if running() {
				finish()
			}
			handle(Tick{At: h.at})
		}
		var said []uint64
		for _, s := range h.begun {
			said = append(said, s.Key.ID)
		}
		var must, may []uint64
		for _, id := range made {
			// One that was heard of before a restart and waited its turn since may have grown
			// old meanwhile: then it is shown, not spoken.
			if firstHeard[id] <= MaxAge {
				may = append(may, id)
				if h.at.Sub(born[id]) <= MaxAge && newest[h.view.Announcements[id-1].Number.Text] == id {
					must = append(must, id)
				}
			}
		}
		if !slices.IsSorted(said) || len(slices.Compact(slices.Clone(said))) != len(said) {
			r.Fatalf("said %v", said)
		}
		for i, id := range said {
			if h.ages[i] > MaxAge {
				r.Fatalf("%d was begun after %v", id, h.ages[i])
			}
		}
		for _, id := range made {
			if !slices.Contains(said, id) && !slices.ContainsFunc(h.skips, func(s Skip) bool { return s.Key.ID == id }) {
				r.Fatalf("%d was lost silently: said %v, skipped %v", id, said, h.skips)
			}
		}
		for _, id := range must {
			if !slices.Contains(said, id) {
				r.Fatalf("%d was never said: %v", id, said)
			}
		}
		for _, id := range said {
			if !slices.Contains(may, id) {
				r.Fatalf("%d was too old: %v", id, firstHeard[id])
			}
			if !h.disk.Has(id) || (!slices.Contains(told, id) && !slices.Contains(h.disk.Unreported, id)) {
				r.Fatalf("%d is not kept: %+v, told %v", id, h.disk, told)
			}
		}
	})
}

// keep plays disk and reporter for an effect.
func (h *hall) keep(f Effect, told *[]uint64) {
	switch f := f.(type) {
	case Speak:
		h.begun, h.ages = append(h.begun, f), append(h.ages, h.server().Sub(h.madeAt(f.Key.ID)))
	case Skip:
		h.skips = append(h.skips, f)
	case Remember:
		h.disk = f.Memory
	case Report:
		*told = append(*told, f.IDs...)
	}
}

func TestAFailureDoesNotCountAsSaidInAnyOrder(t *testing.T) {
	h := opened(t)
	h.announce(1, "A-001", "1", 0)
	h.call(2, "A-002", "2")
	h.handle(SpeechEnded{At: h.at, Key: Key{"e1", 2}}) // not the one that is running
	if h.disk.Has(2) {
		t.Error("a call that waits was marked")
	}
	h.handle(SpeechEnded{At: h.at, Key: Key{"e1", 1}, Err: errors.New("unplugged")})
	if h.disk.Has(1) {
		t.Error("a call that nobody heard was marked")
	}
}
