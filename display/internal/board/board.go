// Package board decides what a board shows and says: which call is large, what
// pulses, which rows, what is spoken, and what is remembered as spoken. It is pure:
// events come in with their time, effects go out, and Picture tells what to draw.
// It knows no screen, disk, network or loudspeaker.
package board

import (
	"fmt"
	"time"

	"antrean/shared/spoken"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const (
	// PulseTime is how long a call pulses before it stands still, at one pulse a
	// second (WCAG 2.3.1 allows three flashes; ours is far below).
	PulseTime = 5 * time.Second
	pulseHalf = 500 * time.Millisecond

	// PageTime is how long a page of counters or services stands when there are several.
	PageTime = 8 * time.Second

	// MaxAge is how old a call may be, by the server's own clock, when the board first
	// hears of it, and still be spoken. A board that was away for a while must make up
	// for what people are still waiting to hear; but after three minutes the visitor
	// has come by the shown number, was recalled (which is a new announcement), or was
	// marked absent, and a dozen stale calls in a row would drown the live ones. What
	// is older is shown like any other call. The same holds for one that grew so old
	// while it waited for the loudspeaker.
	MaxAge = 3 * time.Minute

	// Backlog is how many calls may wait behind the one that is said before sentences
	// are said once, whatever the setting says: a repetition helps who missed the first,
	// but each one makes everybody behind wait, and a call said once and in time brings
	// its visitor sooner than one said twice and minutes late.
	Backlog = 2

	// Lag is how late the voice may begin a call, about one sentence, for the screen to
	// show that call large with it. A voice that is further behind keeps its order, and
	// the screen shows the newest call: eyes need no queue, and who is called now should
	// not have to wait for the ears of others.
	Lag = 10 * time.Second
)

// Key names an announcement across restores of the server's log.
type Key struct {
	Epoch string
	ID    uint64
}

// Event is something that happened: FrameArrived, LineLost, SpeechEnded, Reported,
// PagesCounted, Closing or Tick. At is the board's own clock; only differences of it are used.
type Event interface{ when() time.Time }

type (
	// FrameArrived is a whole new view. Sent is the server's time in it.
	FrameArrived struct {
		At     time.Time
		Office ticket.OfficeID
		Epoch  string
		Seq    uint64
		Sent   time.Time
		View   wire.BoardView
	}
	// LineLost says that the server cannot be heard. Code is a refusal's code, empty
	// where the line or the server is simply away. It is over with the next view and
	// not before: a line without a view is no reason to believe the old one.
	LineLost struct {
		At   time.Time
		Code string
	}
	// SpeechEnded answers a Speak. Err: it was not heard (to its end).
	SpeechEnded struct {
		At  time.Time
		Key Key
		Err error
	}
	// Reported answers a Report: the server knows, or will never want to.
	Reported struct {
		At    time.Time
		Epoch string
		IDs   []uint64
	}
	// PagesCounted says how many pages the screen needs for its counters and services.
	PagesCounted struct {
		At time.Time
		N  int
	}
	// Closing says that the program stops: what runs may end, nothing new begins.
	Closing struct{ At time.Time }
	// Tick is time passing; see Board.Next.
	Tick struct{ At time.Time }
)

func (e FrameArrived) when() time.Time { return e.At }
func (e LineLost) when() time.Time     { return e.At }
func (e SpeechEnded) when() time.Time  { return e.At }
func (e Reported) when() time.Time     { return e.At }
func (e PagesCounted) when() time.Time { return e.At }
func (e Closing) when() time.Time      { return e.At }
func (e Tick) when() time.Time         { return e.At }

// Effect is something to be done: Speak, Skip, Remember or Report.
type Effect interface{ effect() }

type (
	// Speak asks for one announcement to be made. The next comes only after its SpeechEnded.
	Speak struct {
		Key   Key
		Call  spoken.Call
		Times int
	}
	// Skip says that an announcement is not made, now or later, and why: it is for log
	// and trace. Nothing of it is kept on disk: after a restart the same holds again.
	Skip struct {
		Key    Key
		Number string
		Age    time.Duration // by the server's clock
		Why    Why
	}
	// Remember asks for the memory to be kept on disk before anything later happens.
	Remember struct{ Memory Memory }
	// Report asks for the server to be told; at most one is under way at a time.
	Report struct {
		Epoch string
		IDs   []uint64
	}
)

func (Speak) effect()    {}
func (Skip) effect()     {}
func (Remember) effect() {}
func (Report) effect()   {}

// Options are what a board is told at its start.
type Options struct {
	Language string // of the labels and names on the screen
	Voice    bool   // false: it shows and never speaks
	Broken   bool   // the voice is known not to be heard, until it is
}

// Board is the state of one board. It is its owner's alone.
type Board struct {
	opts   Options
	memory Memory

	ready  bool // there is a view
	view   wire.BoardView
	office ticket.OfficeID
	epoch  string
	seq    uint64
	sent   time.Time // the server's time in the newest view
	seen   time.Time // the board's own at that moment
	zone   *time.Location
	online bool
	code   string // why the server says no

	known   map[uint64]bool     // announcements met in this epoch, since the start of the program
	queue   []wire.Announcement // those that wait; advance keeps it as short as MaxAge
	arrived arrival             // of the newest announcement that was to be made
	current *turn
	failed  bool // the last speech was not heard

	started   time.Time // of the first event, for the pages
	pages     int
	reporting bool
	closing   bool
}

// turn is the announcement that has the loudspeaker, and the screen unless it is late.
type turn struct {
	call     wire.Announcement
	key      Key
	began    time.Time
	late     bool // it began more than Lag after it was made
	speaking bool
}

type arrival struct {
	id uint64
	at time.Time
}

func (t *turn) over(at time.Time) bool {
	return !t.speaking && at.Sub(t.began) >= PulseTime
}

// New makes a board with what it remembers of its life before.
func New(m Memory, o Options) *Board {
	return &Board{opts: o, memory: m.clone(), known: map[uint64]bool{}, zone: time.UTC, failed: o.Broken}
}

// Handle takes one event and says what is to be done about it, in order.
func (b *Board) Handle(e Event) []Effect {
	if b.started.IsZero() {
		b.started = e.when()
	}
	var out []Effect
	switch e := e.(type) {
	case FrameArrived:
		out = b.frame(e)
	case LineLost:
		b.online, b.code = false, e.Code
	case SpeechEnded:
		out = b.speechEnded(e)
	case Reported:
		out = b.reported(e)
	case PagesCounted:
		b.pages = e.N
	case Closing:
		b.closing = true
	case Tick:
	default:
		panic(fmt.Sprintf("board: unknown event %T", e))
	}
	out = append(out, b.advance(e.when())...)
	return append(out, b.report()...)
}

func (b *Board) frame(e FrameArrived) (out []Effect) {
	b.online, b.code, b.ready = true, "", true
	b.view, b.seq, b.sent, b.seen = e.View, e.Seq, e.Sent, e.At
	b.zone = location(e.View.Place)
	if e.Epoch != b.epoch || e.Office != b.office { // also the first frame of all
		for _, a := range b.queue {
			out = append(out, b.skip(a, e.At, Restored))
		}
		b.epoch, b.office = e.Epoch, e.Office
		b.known, b.queue = map[uint64]bool{}, nil
		if !b.memory.of(e.Office, e.Epoch) {
			b.memory = Memory{Office: e.Office, Epoch: e.Epoch}
		}
	}
	for _, a := range e.View.Announcements {
		if b.known[a.ID] {
			continue
		}
		b.known[a.ID] = true
		if !b.memory.Has(a.ID) {
			b.queue = append(b.queue, a)
			b.arrived = arrival{a.ID, e.At}
		}
	}
	b.forget()
	return out
}

// forget keeps known as small as what the server still tells of.
func (b *Board) forget() {
	if len(b.known) < 1000 {
		return
	}
	kept := make(map[uint64]bool, len(b.view.Announcements))
	for _, a := range b.view.Announcements {
		kept[a.ID] = true
	}
	b.known = kept
}

// advance gives screen and loudspeaker to the next announcement, once the one before
// is over. One that is running is never cut off.
func (b *Board) advance(at time.Time) []Effect {
	if b.closing {
		return nil // what waits is the next start's
	}
	out := b.sift(at)
	if b.current != nil && b.current.over(at) {
		b.current = nil
	}
	if b.current != nil || len(b.queue) == 0 {
		return out
	}
	a := b.queue[0]
	b.queue = b.queue[1:]
	b.current = &turn{call: a, key: Key{b.epoch, a.ID}, began: at, late: b.now(at).Sub(a.At) > Lag, speaking: b.opts.Voice}
	if !b.opts.Voice {
		return out
	}
	times := min(max(b.view.Voice.Times, 1), 3)
	if len(b.queue) >= Backlog {
		times = 1
	}
	return append(out, Speak{
		Key:   b.current.key,
		Times: times,
		Call:  spoken.Call{Number: a.Number, Prefix: a.Prefix, Counter: a.Counter.Label, Language: a.Language, Digits: b.view.Voice.Digits},
	})
}

// speechEnded marks a call as spoken only now that it was heard: after a power cut
// in mid-sentence it is said again, which is better than never. An orderly stop lets
// the sentence end first, so across a restart it is said exactly once. What was not
// heard is not tried again in this life (the next calls would wait behind a loudspeaker
// that is not there), and not marked either: a restart with a mended one says what is
// still young.
func (b *Board) speechEnded(e SpeechEnded) []Effect {
	if b.current == nil || b.current.key != e.Key {
		return nil
	}
	b.current.speaking = false
	b.failed = e.Err != nil
	if e.Err != nil || e.Key.Epoch != b.memory.Epoch {
		return nil
	}
	b.memory.add(e.Key.ID)
	return []Effect{Remember{b.memory.clone()}}
}

func (b *Board) reported(e Reported) []Effect {
	b.reporting = false
	if e.Epoch != b.memory.Epoch {
		return nil
	}
	b.memory.reported(e.IDs)
	return []Effect{Remember{b.memory.clone()}}
}

// report tells the server of what it has not heard of yet, once it can be reached
// and its epoch is known.
func (b *Board) report() []Effect {
	if b.reporting || b.closing || !b.online || b.epoch == "" || b.memory.Epoch != b.epoch || len(b.memory.Unreported) == 0 {
		return nil
	}
	b.reporting = true
	ids := b.memory.Unreported[:min(len(b.memory.Unreported), maxReport)]
	return []Effect{Report{Epoch: b.epoch, IDs: append([]uint64(nil), ids...)}}
}

// now is the office's time of day at the board's own at: the server's clock, carried
// on by the board's. A board whose clock is wrong shows the right time.
func (b *Board) now(at time.Time) time.Time {
	return b.sent.Add(at.Sub(b.seen)).In(b.zone)
}

// Next is when the picture changes, or something must be done, although nothing
// happens; zero: never.
func (b *Board) Next(at time.Time) time.Time {
	var next time.Time
	sooner := func(t time.Time) {
		if t.After(at) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	pulse := func(began time.Time) {
		if at.Sub(began) < PulseTime {
			sooner(began.Add((at.Sub(began)/pulseHalf + 1) * pulseHalf))
		}
		sooner(began.Add(PulseTime))
	}
	if c := b.current; c != nil {
		pulse(c.began)
		if c.late {
			pulse(b.arrived.at)
		}
	}
	if b.pages > 1 {
		sooner(b.started.Add((at.Sub(b.started)/PageTime + 1) * PageTime))
	}
	if b.ready {
		now := b.now(at)
		sooner(at.Add(now.Truncate(time.Minute).Add(time.Minute).Sub(now)))
	}
	return next
}

// Speaking reports whether a speech is under way: an orderly stop waits for it.
func (b *Board) Speaking() bool { return b.current != nil && b.current.speaking }
