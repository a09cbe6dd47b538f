// Package station runs a board: it brings the server's views to board, and board's
// wishes to screen, voice, disk and server. It decides nothing and draws nothing.
package station

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"antrean/display/internal/board"
	"antrean/shared/client"
	"antrean/shared/reason"
	"antrean/shared/spoken"
	"antrean/shared/ticket"
	"antrean/shared/trace"
	"antrean/shared/wire"
)

// Server is what a board asks of the queue server; *client.Client is one.
type Server interface {
	Device(context.Context) (wire.Device, error)
	Spoken(context.Context, ticket.OfficeID, wire.Spoken) error
	Watch(ctx context.Context, o ticket.OfficeID, topics []string, on func(client.Event)) error
}

// Voice makes one announcement and returns when it is over, or why nobody heard it.
type Voice interface {
	Announce(ctx context.Context, id uint64, call spoken.Call, times int) error
}

// Config says what a station is made of. Server, Save, Show and Log are needed.
//
// The trace of a board has these events (rect and window in pixels):
//
//	window          x, y, w, h: where the window was asked to stand
//	frame           epoch, seq: a view has arrived
//	shown           epoch, seq: the first frame painted of that view
//	call            id, seq, number, counter, rect [x0,y0,x1,y1]: a call was painted
//	                large; rect holds the capitals of the number, in the window
//	sound_started   id, length_ms: the loudspeaker (or the file) gets the announcement
//	sound_ended     id, ok, error
//	line            state "online" or "lost", code of a refusal
type Config struct {
	Server   Server
	Zone     *ticket.ZoneID // nil: the device's own; empty: the whole hall
	Language string
	Voice    Voice // nil: the board is mute
	Memory   board.Memory

	VoiceBroken bool                     // it was found to be broken before it was used
	Save        func(board.Memory) error // returns when it is on the disk
	Show        func(board.Picture)      // must not block; called from one goroutine
	Trace       *trace.File
	Log         *slog.Logger
}

// Pauses between tries.
const (
	firstPause   = time.Second
	longestPause = 30 * time.Second

	// lastWords is how long a stop waits for the announcement that is running, so that
	// an orderly restart neither cuts it off nor says it again.
	lastWords = 40 * time.Second
)

// Station is one running board.
type Station struct {
	cfg    Config
	events chan board.Event // to the loop
	ended  chan struct{}    // closed when the loop reads no more
	speak  chan board.Speak
	report chan board.Report
	office chan ticket.OfficeID // which office we turned out to belong to
	wrong  string               // the fault that was logged last; the watcher's own
}

// New makes a station; Run starts it.
func New(cfg Config) *Station {
	return &Station{
		cfg: cfg, events: make(chan board.Event, 16), ended: make(chan struct{}),
		speak: make(chan board.Speak, 1), report: make(chan board.Report, 1), office: make(chan ticket.OfficeID, 1),
	}
}

// Pages tells how many pages the screen needs now. It may be called from any
// goroutine and does not block: the screen's must not wait for ours.
func (s *Station) Pages(n int) {
	select {
	case s.events <- board.PagesCounted{At: time.Now(), N: n}:
	case <-s.ended:
	default: // it will be told again with the next picture
	}
}

// Run works until ctx ends; then it lets the running announcement end, and returns
// once all its goroutines have.
func (s *Station) Run(ctx context.Context) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx)) // ends after ctx, when the last words are said
	var all sync.WaitGroup
	all.Go(func() { s.watch(ctx) })
	all.Go(func() { s.speaker(work) })
	all.Go(func() { s.reporter(ctx) })
	s.loop(ctx)
	close(s.ended)
	stop()
	all.Wait()
}

func (s *Station) send(e board.Event) {
	select {
	case s.events <- e:
	case <-s.ended:
	}
}

// loop owns the board.
func (s *Station) loop(ctx context.Context) {
	b := board.New(s.cfg.Memory, board.Options{Language: s.cfg.Language, Voice: s.cfg.Voice != nil, Broken: s.cfg.VoiceBroken})
	var last board.Picture
	first := true
	timer := time.NewTimer(0)
	defer timer.Stop()
	quit := ctx.Done()
	var late <-chan time.Time
	for {
		var effects []board.Effect
		select {
		case e := <-s.events:
			effects = b.Handle(e)
		case <-timer.C:
			effects = b.Handle(board.Tick{At: time.Now()})
		case <-late:
			s.cfg.Log.Warn("the last announcement did not end in time; it will be made again", "waited", lastWords)
			return
		case <-quit:
			quit, late = nil, time.After(lastWords)
			effects = b.Handle(board.Closing{At: time.Now()})
		}
		s.do(effects)
		if quit == nil && !b.Speaking() {
			return
		}
		now := time.Now()
		if p := b.Picture(now); first || !reflect.DeepEqual(p, last) {
			first, last = false, p
			s.cfg.Show(p)
		}
		if next := b.Next(now); !next.IsZero() {
			timer.Reset(next.Sub(now))
		}
	}
}

// do carries out what the board wishes. It never waits for speaker or reporter: the
// board asks each for one thing at a time.
func (s *Station) do(effects []board.Effect) {
	for _, f := range effects {
		switch f := f.(type) {
		case board.Remember:
			if err := s.cfg.Save(f.Memory); err != nil {
				s.cfg.Log.Error("what was spoken could not be kept; after a restart it may be said again", "err", err)
			}
		case board.Speak:
			s.speak <- f
		case board.Report:
			s.report <- f
		}
	}
}

// watch finds out who we are, then brings view after view.
func (s *Station) watch(ctx context.Context) {
	d, ok := s.device(ctx)
	if !ok {
		return
	}
	zone := d.Zone
	if s.cfg.Zone != nil {
		zone = *s.cfg.Zone
	}
	topic := wire.TopicBoard(zone)
	s.cfg.Log.Info("this board", "office", d.Office, "device", d.ID, "name", d.Name, "topic", topic)
	s.office <- d.Office
	for pause := firstPause; ctx.Err() == nil; pause = min(2*pause, longestPause) {
		err := s.cfg.Server.Watch(ctx, d.Office, []string{topic}, func(e client.Event) { s.heard(topic, e) })
		if ctx.Err() == nil {
			s.lost(err)
			sleep(ctx, pause)
		}
	}
}

// device asks which device our token is until there is an answer that will do.
func (s *Station) device(ctx context.Context) (wire.Device, bool) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		d, err := s.cfg.Server.Device(ctx)
		if err == nil && d.Kind == "board" {
			return d, true
		}
		if ctx.Err() != nil {
			return wire.Device{}, false
		}
		if err == nil {
			err = errNotABoard
		}
		s.lost(err)
		if !sleep(ctx, pause) {
			return wire.Device{}, false
		}
	}
}

var errNotABoard = reason.New(reason.Forbidden, "not_a_board")

func (s *Station) heard(topic string, e client.Event) {
	now := time.Now()
	switch f := e.Frame; {
	case f != nil && f.Topic != topic:
	case f != nil && f.Problem != nil:
		s.lost(reason.New(reason.KindOf(f.Problem.Status), f.Problem.Code))
	case f != nil:
		var view wire.BoardView
		if err := json.Unmarshal(f.View, &view); err != nil {
			s.lost(err)
			return
		}
		s.wrong = ""
		s.cfg.Trace.Event("frame", now, trace.Fields{"epoch": f.Epoch, "seq": f.Seq})
		s.send(board.FrameArrived{At: now, Office: f.Office, Epoch: f.Epoch, Seq: f.Seq, Sent: f.At, View: view})
	case e.Online:
		s.cfg.Log.Info("connected")
		s.cfg.Trace.Event("line", now, trace.Fields{"state": "online"})
	default:
		s.lost(e.Err)
	}
}

// lost tells the board, log and trace that the server cannot be heard, and why.
func (s *Station) lost(err error) {
	code, now := codeOf(err), time.Now()
	if text := err.Error(); text != s.wrong { // not once for each try of a long night
		s.wrong = text
		s.cfg.Log.Warn("no view from the server", "err", err, "code", code)
	}
	s.cfg.Trace.Event("line", now, trace.Fields{"state": "lost", "code": code})
	s.send(board.LineLost{At: now, Code: code})
}

// codeOf is what the board shows of an error: nothing where trying again is all that
// can be done, "token" where the server does not know us, else the refusal's code.
func codeOf(err error) string {
	r, refused := reason.Of(err)
	switch {
	case !refused || r.Kind == reason.Unavailable || r.Kind == reason.TooMany || r.Kind == reason.StorageFull:
		return ""
	case r.Kind == reason.Unauthorized:
		return "token"
	}
	return r.Code
}

// speaker makes one announcement after the other. ctx ends only after the last words.
func (s *Station) speaker(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.speak:
			err := s.cfg.Voice.Announce(ctx, a.Key.ID, a.Call, a.Times)
			if err != nil {
				s.cfg.Log.Error("an announcement was not heard", "id", a.Key.ID, "number", a.Call.Number.Text, "err", err)
			}
			s.send(board.SpeechEnded{At: time.Now(), Key: a.Key, Err: err})
		}
	}
}

// reporter tells the server which announcements were made, until it listens.
func (s *Station) reporter(ctx context.Context) {
	var office ticket.OfficeID
	select {
	case <-ctx.Done():
		return
	case office = <-s.office:
	}
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-s.report:
			if !s.tell(ctx, office, r.IDs) {
				return
			}
			s.send(board.Reported{At: time.Now(), Epoch: r.Epoch, IDs: r.IDs})
		}
	}
}

// tell returns once the server knows, or has said that it never will want to know;
// false where ctx ended before.
func (s *Station) tell(ctx context.Context, o ticket.OfficeID, ids []uint64) bool {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := s.cfg.Server.Spoken(ctx, o, wire.Spoken{IDs: ids})
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if r, refused := reason.Of(err); refused && (r.Kind == reason.Invalid || r.Kind == reason.NotFound || r.Kind == reason.Unprocessable) {
			s.cfg.Log.Warn("the server does not take our report", "ids", ids, "err", err)
			return true
		}
		if !errors.Is(err, client.ErrOffline) {
			s.cfg.Log.Warn("report of what was spoken", "ids", ids, "err", err)
		}
		if !sleep(ctx, pause) {
			return false
		}
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
