// Command board shows and speaks the calls of one zone of an office. This file
// wires it together; it is the only one that imports fyne/app.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // a board may run on a machine without a zone database

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"antrean/display/internal/board"
	"antrean/display/internal/memory"
	"antrean/display/internal/station"
	"antrean/display/internal/trace"
	"antrean/display/internal/ui"
	"antrean/shared/client"
)

var version = "development" // set by the build

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "board:", err)
		os.Exit(1)
	}
}

// run shows the board until ctx ends or its window is closed. It must be called on
// the main goroutine, which is Fyne's.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args, out)
	if errors.Is(err, errAnswered) {
		return nil
	}
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	server, err := client.New(client.Config{Server: o.Server, Token: o.token, Language: o.Language})
	if err != nil {
		return err
	}
	folder, err := memory.Open(o.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	remembered, err := folder.Load()
	if err != nil {
		log.Error("what was spoken before is lost; young calls may be made again", "err", err)
	}
	traced, err := trace.Open(o.Trace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, traced.Close()) }()

	voice, broken := o.voice(ctx, traced, log)
	cfg := station.Config{
		Server: server, Zone: o.zone(), Language: o.Language, Voice: voice, VoiceBroken: broken,
		Memory: remembered, Save: folder.Save, Trace: traced, Log: log,
	}
	return show(ctx, o, cfg)
}

// show opens the window and runs the station behind it.
func show(ctx context.Context, o options, cfg station.Config) error {
	at, err := o.geometry()
	if err != nil {
		return err
	}
	// One Fyne unit is one pixel; millimetres come from the diagonal that we were told.
	for name, value := range map[string]string{"FYNE_SCALE": "1", "FYNE_DISABLE_DPI_DETECTION": "1"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	a := app.NewWithID("antrean.board")
	place := ui.Place{Width: at.w, Height: at.h, DiagonalInch: o.DiagonalInch, SeatMetres: o.SeatMetres}
	release := func() {}
	ours := sync.OnceFunc(func() { release = takeSignals(cancel) })
	screen := ui.New(place, o.Language, painter(cfg.Trace))
	w := a.NewWindow(o.Title)
	w.SetPadded(false)
	w.SetMaster()
	w.SetContent(screen.Content())
	// Not SetFullScreen: a television that is switched off and on again would leave it black.
	w.Resize(fyne.NewSize(float32(at.w), float32(at.h)))
	if d, ok := w.(desktop.Window); ok {
		d.RequestPosition(at.x, at.y)
	}
	w.SetCloseIntercept(cancel)
	cfg.Trace.Event("window", time.Now(), trace.Fields{"x": at.x, "y": at.y, "w": at.w, "h": at.h})

	var st *station.Station
	small := sync.OnceFunc(func() {
		cfg.Log.Warn("this screen is too small for its farthest seat: a call cannot be shown in the size that it needs", "metres", o.SeatMetres, "inch", o.DiagonalInch)
	})
	latest := &slot{draw: func(p board.Picture) {
		ours() // Fyne's loop runs, and has set up its own before
		d := screen.Show(p)
		if d.Number != "" && !d.Kept {
			small()
		}
		st.Pages(d.Pages)
	}}
	cfg.Show = latest.put
	st = station.New(cfg)

	var running sync.WaitGroup
	a.Lifecycle().SetOnStarted(func() {
		running.Go(func() {
			st.Run(ctx)
			fyne.Do(a.Quit)
		})
	})
	w.ShowAndRun()
	latest.close()
	cancel()
	running.Wait()
	release()
	return nil
}

// takeSignals makes the signals to stop ours alone: Fyne listens to them too and
// would close the window at once, in the middle of an announcement. The second one
// ends the program. release gives them back and waits for the goroutine.
func takeSignals(stop func()) (release func()) {
	caught, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-caught:
			signal.Stop(caught)
			stop()
		case <-done:
			signal.Stop(caught)
		}
	})
	return func() {
		close(done)
		waiting.Wait()
	}
}

// slot hands the newest picture to Fyne's goroutine; a burst is drawn once.
type slot struct {
	draw func(board.Picture)

	mu      sync.Mutex
	picture board.Picture
	waiting bool // a drawing is under way that will take the picture
	closed  bool // Fyne has ended; it would run what we give it on our goroutine
}

func (s *slot) put(p board.Picture) {
	s.mu.Lock()
	first := !s.waiting && !s.closed
	s.picture, s.waiting = p, true
	s.mu.Unlock()
	if first {
		fyne.Do(s.take)
	}
}

func (s *slot) take() {
	s.mu.Lock()
	p, closed := s.picture, s.closed
	s.waiting = false
	s.mu.Unlock()
	if !closed {
		s.draw(p)
	}
}

func (s *slot) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// painter traces what a painted frame shows that the one before did not.
func painter(t *trace.Log) func(ui.Drawn, time.Time) {
	var last ui.Drawn
	return func(d ui.Drawn, at time.Time) {
		if d.Epoch != last.Epoch || d.Seq != last.Seq {
			t.Event("shown", at, trace.Fields{"epoch": d.Epoch, "seq": d.Seq})
		}
		if d.Number != "" && (d.ID != last.ID || d.Number != last.Number || d.Counter != last.Counter || d.Epoch != last.Epoch) {
			t.Event("call", at, trace.Fields{
				"id": d.ID, "seq": d.Seq, "number": d.Number, "counter": d.Counter,
				"rect": [4]int{d.Rect.Min.X, d.Rect.Min.Y, d.Rect.Max.X, d.Rect.Max.Y},
			})
		}
		last = d
	}
}
