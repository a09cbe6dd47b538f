package station

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"antrean/display/internal/board"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/spoken"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// hall is everything around one station: server, loudspeaker, disk and screen. It
// lives in a synctest bubble, where time passes only while everybody waits.
type hall struct {
	t      *testing.T
	device wire.Device
	refuse error // of Device
	deaf   error // of Spoken
	frames chan client.Event
	topics []string

	mu       sync.Mutex
	view     wire.BoardView
	heard    []uint64
	reported []uint64
	kept     board.Memory
	picture  board.Picture
	broken   error // of the loudspeaker
	length   time.Duration
	history  []string
}

const sentence = 9 * time.Second

func opened(t *testing.T) *hall {
	return &hall{
		t: t, device: wire.Device{ID: "b1", Office: "sinjai", Kind: "board", Zone: "barat"}, frames: make(chan client.Event, 10), length: sentence,
		view: wire.BoardView{Place: wire.Place{TimeZone: "Asia/Makassar", ZoneName: "WITA"}, Day: wire.Day{Open: true}, Voice: wire.Voice{Times: 1}},
	}
}

func (h *hall) Device(context.Context) (wire.Device, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.device, h.refuse
}

func (h *hall) Spoken(_ context.Context, o ticket.OfficeID, s wire.Spoken) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deaf != nil {
		return h.deaf
	}
	if o != "sinjai" {
		h.t.Errorf("reported to %q", o)
	}
	h.reported = append(h.reported, s.IDs...)
	h.history = append(h.history, fmt.Sprint("reported ", s.IDs))
	return nil
}

func (h *hall) Watch(ctx context.Context, _ ticket.OfficeID, topics []string, on func(client.Event)) error {
	h.topics = topics
	on(client.Event{Online: true})
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-h.frames:
			on(e)
		}
	}
}

func (h *hall) Announce(ctx context.Context, id uint64, _ spoken.Call, _ int) error {
	if h.broken != nil {
		return h.broken
	}
	if !sleep(ctx, h.length) {
		return ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = append(h.heard, id)
	h.history = append(h.history, fmt.Sprint("heard ", id))
	return nil
}

func (h *hall) save(m board.Memory) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Equal(m.Spoken, h.kept.Spoken) {
		h.history = append(h.history, fmt.Sprint("kept ", m.Spoken))
	}
	h.kept = m
	return nil
}

func (h *hall) show(p board.Picture) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.picture = p
}

// start runs a station until the returned function is called, which waits for its end.
func (h *hall) start() (stop func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	s := New(Config{Server: h, Language: "id", Voice: h, Memory: h.kept, Save: h.save, Show: h.show, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	synctest.Wait()
	return func() {
		cancel()
		<-ended
	}
}

func (h *hall) call(id uint64) {
	n := ticket.Number{N: int(id), Text: fmt.Sprintf("A-%03d", id)}
	c := wire.CounterName{ID: "c3", Label: "3"}
	h.view.Announcements = append(h.view.Announcements, wire.Announcement{ID: id, At: time.Now(), Number: n, Prefix: "A-", Counter: c})
	h.view.Recent = slices.Insert(h.view.Recent, 0, wire.Call{Number: n, Counter: c, State: ticket.Called})
	h.send()
}

func (h *hall) send() {
	b, err := json.Marshal(h.view)
	if err != nil {
		h.t.Fatal(err)
	}
	h.frames <- client.Event{Online: true, Frame: &wire.Frame{Topic: "board/barat", Office: "sinjai", Epoch: "e1", Seq: 1, At: time.Now(), View: b}}
	synctest.Wait()
}

func (h *hall) now() board.Picture {
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.picture
}

func TestACallIsHeardThenKeptThenReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		defer h.start()()
		h.call(7)
		if p := h.now(); p.Latest == nil || p.Latest.Number != "A-007" || p.Line != board.Online {
			t.Errorf("picture: %+v", p)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if want := []string{"heard 7", "kept [7]", "reported [7]"}; !slices.Equal(h.history, want) {
			t.Errorf("%v, want %v", h.history, want)
		}
		if !slices.Equal(h.topics, []string{"board/barat"}) {
			t.Errorf("watched %v", h.topics)
		}
	})
}

func TestAStopInMidSentenceLetsItEndAndARestartGoesOnWithTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		stop := h.start()
		h.call(1)
		h.call(2)
		time.Sleep(2 * time.Second)
		began := time.Now()
		stop()
		if d := time.Since(began); d != sentence-2*time.Second || !slices.Equal(h.kept.Spoken, []uint64{1}) {
			t.Errorf("it stopped after %v having kept %v", d, h.kept.Spoken)
		}
		defer h.start()()
		h.send()
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.Equal(h.heard, []uint64{1, 2}) || !slices.Equal(h.reported, []uint64{1, 2}) {
			t.Errorf("heard %v, reported %v", h.heard, h.reported)
		}
	})
}

func TestALoudspeakerThatNeverEndsDoesNotHoldUpAStopForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.length = time.Hour
		stop := h.start()
		h.call(1)
		began := time.Now()
		stop()
		if d := time.Since(began); d != lastWords || len(h.kept.Spoken) > 0 {
			t.Errorf("it took %v and kept %v", d, h.kept.Spoken)
		}
	})
}

func TestAWrongTokenIsShownAndARightOneEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.refuse = reason.New(reason.Unauthorized, "token_unknown")
		defer h.start()()
		if p := h.now(); p.Line != board.Refused || p.Code != "token" {
			t.Errorf("picture: %v %q", p.Line, p.Code)
		}
		h.mu.Lock()
		h.refuse = nil
		h.mu.Unlock()
		time.Sleep(longestPause)
		h.send()
		if p := h.now(); p.Line != board.Online || !p.Ready {
			t.Errorf("picture: %v %q", p.Line, p.Code)
		}
	})
}

func TestAKiosksTokenIsNoBoards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.device.Kind = "kiosk"
		defer h.start()()
		if p := h.now(); p.Line != board.Refused || p.Code != "not_a_board" {
			t.Errorf("picture: %v %q", p.Line, p.Code)
		}
	})
}

func TestALostLineIsShownUntilAViewComesAndNotOnlyALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		defer h.start()()
		h.send()
		h.frames <- client.Event{Err: client.ErrOffline}
		if p := h.now(); p.Line != board.Lost || p.LastView == "" {
			t.Errorf("picture: %v %q", p.Line, p.LastView)
		}
		h.frames <- client.Event{Online: true}
		if p := h.now(); p.Line != board.Lost {
			t.Errorf("a line without a view: %v", p.Line)
		}
		h.send()
		if p := h.now(); p.Line != board.Online {
			t.Errorf("with a view: %v", p.Line)
		}
	})
}

func TestAZoneThatMayNotBeWatchedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		defer h.start()()
		h.frames <- client.Event{Online: true, Frame: &wire.Frame{Topic: "board/barat", Problem: &wire.Problem{Status: 404, Code: "zone_unknown"}}}
		if p := h.now(); p.Line != board.Refused || p.Code != "zone_unknown" {
			t.Errorf("picture: %v %q", p.Line, p.Code)
		}
	})
}

func TestAReportIsRepeatedUntilTheServerListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.deaf = client.ErrOffline
		defer h.start()()
		h.call(1)
		time.Sleep(5 * time.Minute)
		h.mu.Lock()
		h.deaf = nil
		h.mu.Unlock()
		time.Sleep(longestPause)
		synctest.Wait()
		if !slices.Equal(h.reported, []uint64{1}) || len(h.kept.Unreported) != 0 {
			t.Errorf("reported %v, to be reported %v", h.reported, h.kept.Unreported)
		}
	})
}

func TestAReportThatTheServerWillNeverTakeIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.deaf = reason.New(reason.Unprocessable, "no_such_announcement")
		defer h.start()()
		h.call(1)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(h.kept.Unreported) != 0 {
			t.Errorf("still to be reported: %v", h.kept.Unreported)
		}
	})
}

func TestABrokenLoudspeakerIsShownAndTheNextCallStillComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := opened(t)
		h.broken = errors.New("no card")
		defer h.start()()
		h.call(1)
		if p := h.now(); !p.Silent || p.Latest.Number != "A-001" {
			t.Errorf("picture: %+v", p)
		}
		time.Sleep(time.Minute)
		h.call(2)
		if p := h.now(); p.Latest.Number != "A-002" || len(h.kept.Spoken) > 0 {
			t.Errorf("picture: %+v, kept %v", p.Latest, h.kept.Spoken)
		}
	})
}
