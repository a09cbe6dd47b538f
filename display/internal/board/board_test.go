package board

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// hall plays server, loudspeaker and clock to one board at a time.
type hall struct {
	t      *testing.T
	b      *Board
	at     time.Time // the board's clock, wrong on purpose
	epoch  string
	seq    uint64
	view   wire.BoardView
	disk   Memory
	said   []uint64 // heard to the end
	begun  []Speak
	report []uint64
	skips  []Skip
	ages   []time.Duration // of begun, when they were
}

// madeAt is when the server made an announcement.
func (h *hall) madeAt(id uint64) time.Time {
	for _, a := range h.view.Announcements {
		if a.ID == id {
			return a.At
		}
	}
	return time.Time{}
}

// server is the server's clock: the board's is 50 years behind.
func (h *hall) server() time.Time { return h.at.AddDate(50, 0, 0) }

func opened(t *testing.T) *hall {
	h := &hall{t: t, at: time.Date(1976, 11, 23, 2, 41, 30, 0, time.UTC), epoch: "e1"}
	h.view = wire.BoardView{
		Place: wire.Place{Name: wire.Text{"id": "MPP Sinjai"}, TimeZone: "Asia/Makassar", ZoneName: "WITA"},
		Day:   wire.Day{Open: true, Date: "2026-11-23"}, Voice: wire.Voice{Times: 2, Digits: "each"},
	}
	h.start(true)
	return h
}

func (h *hall) start(voice bool) { h.b = New(h.disk, Options{Language: "id", Voice: voice}) }

func (h *hall) handle(e Event) {
	h.t.Helper()
	for _, f := range h.b.Handle(e) {
		switch f := f.(type) {
		case Speak:
			if h.running() {
				h.t.Errorf("%d was begun while %d was running", f.Key.ID, h.begun[len(h.begun)-1].Key.ID)
			}
			h.begun, h.ages = append(h.begun, f), append(h.ages, h.server().Sub(h.madeAt(f.Key.ID)))
		case Skip:
			h.skips = append(h.skips, f)
		case Remember:
			h.disk = f.Memory
		case Report:
			h.report = append(h.report, f.IDs...)
		}
	}
}

func (h *hall) running() bool { return len(h.begun) > len(h.said) }

// call makes a call at the server and sends the view.
func (h *hall) call(id uint64, number, counter string) {
	h.announce(id, number, counter, 0)
	h.send()
}

func (h *hall) announce(id uint64, number, counter string, age time.Duration) {
	n := ticket.Number{N: int(id), Text: number}
	c := wire.CounterName{ID: ticket.CounterID("c" + counter), Label: counter}
	h.view.Announcements = append(h.view.Announcements, wire.Announcement{ID: id, At: h.server().Add(-age), Number: n, Prefix: number[:2], Counter: c, Language: "id"})
	h.view.Recent = slices.Insert(h.view.Recent, 0, wire.Call{Number: n, Counter: c, State: ticket.Called})
}

func (h *hall) send() {
	h.t.Helper()
	h.seq++
	h.handle(FrameArrived{At: h.at, Office: "sinjai", Epoch: h.epoch, Seq: h.seq, Sent: h.server(), View: h.view})
}

func (h *hall) pass(d time.Duration) {
	h.t.Helper()
	for end := h.at.Add(d); ; {
		next := h.b.Next(h.at)
		if next.IsZero() || next.After(end) {
			h.at = end
			return
		}
		h.at = next
		h.handle(Tick{At: h.at})
	}
}

// hear lets the running speech end after 9 seconds.
func (h *hall) hear() {
	h.t.Helper()
	if !h.running() {
		h.t.Fatal("nothing is being said")
	}
	h.pass(9 * time.Second)
	h.said = append(h.said, h.begun[len(h.said)].Key.ID)
	h.handle(SpeechEnded{At: h.at, Key: h.begun[len(h.said)-1].Key})
}

func (h *hall) large() string {
	p := h.b.Picture(h.at)
	if p.Latest == nil {
		return ""
	}
	return p.Latest.Number + " " + p.Latest.Counter
}

func (h *hall) wantSaid(ids ...uint64) {
	h.t.Helper()
	if !slices.Equal(h.said, ids) || h.running() {
		h.t.Errorf("said %v (running: %v), want %v", h.said, h.running(), ids)
	}
}

func TestACallIsShownLargeSpokenOnceAndReported(t *testing.T) {
	h := opened(t)
	h.call(7, "A-001", "3")
	if h.large() != "A-001 3" {
		t.Errorf("large: %q", h.large())
	}
	h.send() // the same view once more
	h.hear()
	h.send()
	h.wantSaid(7)
	if s := h.begun[0]; s.Times != 2 || s.Call.Sentence() != "Nomor antrean A, nol, nol, satu. Silakan menuju loket tiga." {
		t.Errorf("said %d times %q", s.Times, s.Call.Sentence())
	}
	if !slices.Equal(h.report, []uint64{7}) {
		t.Errorf("reported %v", h.report)
	}
	h.handle(Reported{At: h.at, Epoch: "e1", IDs: []uint64{7}})
	if len(h.disk.Unreported) != 0 {
		t.Errorf("still to be reported: %v", h.disk.Unreported)
	}
}

func TestItPulsesForFiveSecondsAtOneHertzAndThenStandsStill(t *testing.T) {
	h := opened(t)
	h.call(7, "A-001", "3")
	began, flips, last := h.at, 0, true
	for h.at.Sub(began) < 20*time.Second {
		h.at = h.at.Add(10 * time.Millisecond)
		h.handle(Tick{At: h.at})
		if now := h.b.Picture(h.at).Latest.Pulse; now != last {
			flips, last = flips+1, now
			if h.at.Sub(began) > PulseTime {
				t.Errorf("it still moved after %v", h.at.Sub(began))
			}
		}
	}
	if flips != 9 || last { // reversed at once, five times, steady at the end
		t.Errorf("%d changes, reversed at the end: %v", flips, last)
	}
}

func TestThreeCallsAtOnceAreSaidOneAfterTheOtherAndEyeFollowsEar(t *testing.T) {
	h := opened(t)
	h.announce(1, "A-001", "1", 0)
	h.announce(2, "A-002", "2", 0)
	h.call(3, "A-003", "3")
	for _, want := range []string{"A-001 1", "A-002 2", "A-003 3"} {
		if h.large() != want {
			t.Errorf("large: %q, want %q", h.large(), want)
		}
		h.hear()
	}
	h.wantSaid(1, 2, 3)
	h.pass(time.Minute)
	if h.large() != "A-003 3" {
		t.Errorf("in the end %q is large", h.large())
	}
	if got := h.b.Picture(h.at).Recent; len(got) != 2 || got[0].Number != "A-002" {
		t.Errorf("recent: %v", got)
	}
}

func TestARecallIsSpokenAgain(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.hear()
	h.call(2, "A-001", "1")
	h.hear()
	h.wantSaid(1, 2)
}

func TestAnOrderlyRestartRepeatsNothingAndMissesNothing(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.hear()
	h.start(true)
	h.announce(2, "A-002", "2", 0) // made while the board was off
	h.send()
	h.hear()
	h.wantSaid(1, 2)
}

func TestAPowerCutInMidSentenceSaysTheCallAgain(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.pass(2 * time.Second)
	h.start(true)
	h.begun = nil
	h.send()
	h.hear()
	h.wantSaid(1)
}

func TestALostLineKeepsTheLastViewAndSaysFromWhen(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.hear()
	h.pass(10 * time.Minute)
	h.handle(LineLost{At: h.at})
	h.pass(5 * time.Minute)
	p := h.b.Picture(h.at)
	if p.Line != Lost || p.LastView != "10.41 WITA" || p.Latest.Number != "A-001" {
		t.Errorf("%v, last view %q, large %v", p.Line, p.LastView, p.Latest)
	}
	if p.Clock != "10.56" {
		t.Errorf("the clock says %s", p.Clock)
	}
	h.announce(2, "A-002", "2", time.Minute) // while the line was down
	h.send()
	h.hear()
	h.wantSaid(1, 2)
	if p := h.b.Picture(h.at); p.Line != Online || p.LastView != "" {
		t.Errorf("after the return: %v %q", p.Line, p.LastView)
	}
}

func TestOldCallsAreShownAndNotSpoken(t *testing.T) {
	h := opened(t)
	h.announce(1, "A-001", "1", MaxAge+time.Second)
	h.announce(2, "A-002", "2", MaxAge-time.Second)
	h.send()
	h.hear()
	h.wantSaid(2)
	if got := h.b.Picture(h.at).Recent; len(got) != 1 || got[0].Number != "A-001" {
		t.Errorf("recent: %v", got)
	}
}

func TestARestoredLogIsANewMemory(t *testing.T) {
	h := opened(t)
	h.call(5, "A-005", "1")
	h.hear()
	h.epoch, h.view.Announcements, h.view.Recent = "e2", nil, nil
	h.call(5, "A-205", "1") // the same id means another call
	h.hear()
	h.wantSaid(5, 5)
	if h.disk.Epoch != "e2" || !slices.Equal(h.disk.Spoken, []uint64{5}) {
		t.Errorf("memory: %+v", h.disk)
	}
}

func TestARestoreInMidSentenceNeitherCutsItOffNorMarksTheNewCall(t *testing.T) {
	h := opened(t)
	h.call(5, "A-005", "1")
	h.epoch, h.view.Announcements, h.view.Recent = "e2", nil, nil
	h.call(5, "A-205", "1")
	h.hear()
	if h.disk.Has(5) && h.disk.Epoch == "e2" {
		t.Error("the old sentence marked the new call")
	}
	h.hear()
	h.wantSaid(5, 5)
}

func TestALoudspeakerThatFailsIsSaidOnTheScreenAndHoldsUpNobody(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.pass(time.Second)
	h.handle(SpeechEnded{At: h.at, Key: Key{"e1", 1}, Err: errors.New("no card")})
	if p := h.b.Picture(h.at); !p.Silent || p.Latest.Number != "A-001" {
		t.Errorf("silent: %v, large: %v", p.Silent, p.Latest)
	}
	if h.disk.Has(1) || len(h.report) > 0 {
		t.Error("what nobody heard was marked as spoken")
	}
	h.said = append(h.said, 1)
	h.pass(PulseTime)
	h.call(2, "A-002", "2")
	h.hear()
	if h.b.Picture(h.at).Silent {
		t.Error("the sign stays although the voice is back")
	}
	h.start(true) // a restart with the mended loudspeaker
	h.send()
	h.hear()
	if got := h.said; got[len(got)-1] != 1 {
		t.Errorf("said %v", got)
	}
}

func TestAMutedBoardShowsEachCallAndSaysNothing(t *testing.T) {
	h := opened(t)
	h.start(false)
	h.announce(1, "A-001", "1", 0)
	h.call(2, "A-002", "2")
	if h.large() != "A-001 1" {
		t.Errorf("large: %q", h.large())
	}
	h.pass(PulseTime)
	if h.large() != "A-002 2" || len(h.begun) > 0 || len(h.report) > 0 {
		t.Errorf("large: %q, begun %v, reported %v", h.large(), h.begun, h.report)
	}
}

func TestWhatTheServerDoesNotKnowYetIsReportedAfterARestart(t *testing.T) {
	h := opened(t)
	h.call(1, "A-001", "1")
	h.hear()
	h.report = nil
	h.start(true)
	h.handle(Tick{At: h.at})
	if len(h.report) > 0 {
		t.Error("reported before the epoch is known")
	}
	h.send()
	if !slices.Equal(h.report, []uint64{1}) {
		t.Errorf("reported %v", h.report)
	}
}

func TestAWrongTokenIsSaidAlsoOverAnOldView(t *testing.T) {
	h := opened(t)
	h.handle(LineLost{At: h.at, Code: "token_unknown"})
	if p := h.b.Picture(h.at); p.Line != Refused || p.Ready || p.Code != "token_unknown" {
		t.Errorf("%+v", p)
	}
	h.call(1, "A-001", "1")
	h.handle(LineLost{At: h.at, Code: "token_revoked"})
	if p := h.b.Picture(h.at); p.Line != Refused || p.LastView == "" || p.Latest == nil {
		t.Errorf("%+v", p)
	}
	h.send()
	if p := h.b.Picture(h.at); p.Line != Online || p.Code != "" {
		t.Errorf("%+v", p)
	}
}

func TestAQuietBoardWakesOnceAMinute(t *testing.T) {
	h := opened(t)
	h.send()
	wakes := 0
	for end := h.at.Add(time.Hour); ; wakes++ {
		next := h.b.Next(h.at)
		if next.After(end) {
			break
		}
		h.at = next
		h.handle(Tick{At: next})
	}
	if wakes != 60 {
		t.Errorf("%d wakes in an hour", wakes)
	}
	h.handle(PagesCounted{At: h.at, N: 3})
	if d := h.b.Next(h.at).Sub(h.at); d <= 0 || d > PageTime {
		t.Errorf("with pages it wakes after %v", d)
	}
}

func TestAWeekOfCallsDoesNotGrowTheMemory(t *testing.T) {
	h := opened(t)
	for id := uint64(1); id <= 3000; id++ {
		h.call(id, fmt.Sprintf("A-%03d", id), "1")
		h.hear()
		if n := len(h.view.Announcements); n > 5 {
			h.view.Announcements, h.view.Recent = h.view.Announcements[n-5:], h.view.Recent[:5]
		}
	}
	if len(h.disk.Spoken) > maxRemembered || len(h.disk.Unreported) > maxRemembered || len(h.b.known) > 1000 {
		t.Errorf("%d spoken, %d unreported, %d known", len(h.disk.Spoken), len(h.disk.Unreported), len(h.b.known))
	}
	if !h.disk.Has(1) || h.disk.Has(3001) {
		t.Error("the floor forgot")
	}
}

func TestRowsThatTellNothingAreDroppedBeforePagesAreMade(t *testing.T) {
	cells := []Cell{{Counter: "1", Open: true}, {Counter: "2"}, {Counter: "3", Open: true}, {Counter: "4"}, {Counter: "5", Open: true}}
	tells := func(c Cell) bool { return c.Open }
	for _, c := range []struct{ fits, turn, rows, pages int }{{5, 0, 5, 1}, {3, 0, 3, 1}, {2, 0, 2, 2}, {2, 1, 1, 2}, {2, 2, 2, 2}, {0, 0, 0, 0}} {
		rows, pages := Page(cells, c.fits, c.turn, tells)
		if len(rows) != c.rows || pages != c.pages {
			t.Errorf("%+v: %d rows, %d pages", c, len(rows), pages)
		}
	}
}

func TestAHallWithTooManyServicesIsToldByAgency(t *testing.T) {
	var all []Count
	for i := range 60 {
		all = append(all, Count{Service: fmt.Sprint(i), Agency: fmt.Sprint("agency ", i%6), Waiting: 1 + i%2})
	}
	rows, pages := Queues(all, 3, 1)
	if pages != 2 || rows[0].Service != "agency 3" || rows[0].Waiting != 20 {
		t.Errorf("%d pages, %+v", pages, rows)
	}
	if rows, pages := Queues(all[:9], 3, 0); pages != 3 || rows[0].Service != "0" {
		t.Errorf("few services: %d pages, %+v", pages, rows)
	}
}
