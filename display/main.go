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

	"antrean/display/internal/board"
	"antrean/display/internal/memory"
	"antrean/display/internal/station"
	"antrean/display/internal/ui"
	"antrean/shared/client"
	"antrean/shared/screen"
	"antrean/shared/trace"
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
	traced, err := trace.Append(o.Trace)
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
	at, err := screen.Window(o.Geometry)
	if err != nil {
		return err
	}
	if err := screen.PixelUnits(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	a := app.NewWithID("antrean.board")
	place := ui.Place{Width: at.Width, Height: at.Height, DiagonalInch: o.DiagonalInch, SeatMetres: o.SeatMetres}
	release := func() {}
	ours := sync.OnceFunc(func() { release = screen.TakeSignals(cancel) })
	glass := ui.New(place, o.Language, painter(cfg.Trace))
	w := a.NewWindow(o.Title)
	w.SetContent(glass.Content())
	screen.Fill(w, at)
	w.SetCloseIntercept(cancel)
	cfg.Trace.Event("window", time.Now(), trace.Fields{"x": at.X, "y": at.Y, "w": at.Width, "h": at.Height})

	var st *station.Station
	small := sync.OnceFunc(func() {
		cfg.Log.Warn("this screen is too small for its farthest seat: a call cannot be shown in the size that it needs", "metres", o.SeatMetres, "inch", o.DiagonalInch)
	})
	latest := &slot{draw: func(p board.Picture) {
		ours() // Fyne's loop runs, and has set up its own before
		d := glass.Show(p)
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
func painter(t *trace.File) func(ui.Drawn, time.Time) {
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
