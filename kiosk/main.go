// Kiosk is the touch screen at which a visitor takes a queue number: one window
// that fills the screen, one printer, one server.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // a small box may have none, and shows an office's hours

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/loop"
	"antrean/kiosk/internal/spool"
	"antrean/kiosk/internal/trace"
	"antrean/kiosk/internal/ui"
	"antrean/printer"
	"antrean/shared/client"
	"antrean/shared/i18n"
)

var version = "unversioned" // set by the linker

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kiosk:", err)
		os.Exit(1)
	}
}

// run is the whole program. It must be called from the first goroutine, which is
// Fyne's; it returns when ctx ends or the window is closed.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args, out)
	if err != nil || o == nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server, err := client.New(client.Config{Server: o.Server, Token: o.token, Language: i18n.Default})
	if err != nil {
		return err
	}
	tr, err := openTrace(o.Trace)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, tr.Close()) }()
	sp, err := spool.Open(o.Data)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, sp.Close()) }()

	a, err := newApp() // before anything is drawn
	if err != nil {
		return err
	}
	var l *loop.Loop // whom the glass and the printer tell; made last, run later still
	glass := ui.New(ui.Options{
		Screen: o.screen, Do: fyne.Do,
		Tapped: func(t flow.Target) { l.Tap(t) },
		Shown:  func(d ui.Drawn) { tr.Write(shown(d, o.x, o.y)) },
	})
	tiles, requirements := o.screen.Capacity()
	cfg := loop.Config{
		Flow:   flow.New(flow.Config{NewID: client.NewTicketID, Languages: i18n.Languages, Tiles: tiles, Requirements: requirements}),
		Server: server, Glass: glass, Spool: sp, Trace: tr,
	}
	if o.Printer != "none" {
		p, err := printer.Open(ctx, printer.Config{Address: o.Printer, Profile: o.PrinterProfile, Late: func(late printer.Outcome) { l.Late(late) }})
		if err != nil {
			return fmt.Errorf("--printer: %w", err)
		}
		defer func() { err = cmp.Or(err, p.Close()) }()
		cfg.Printer = p
	}
	l = loop.New(cfg)
	show(ctx, cancel, a, o, glass.Root(), l)
	return nil
}

// newApp is Fyne with one unit of the canvas to a pixel: sizes come from the
// screen's millimetres.
func newApp() (fyne.App, error) {
	for k, v := range map[string]string{"FYNE_SCALE": "1", "FYNE_DISABLE_DPI_DETECTION": "1"} {
		if err := os.Setenv(k, v); err != nil {
			return nil, err
		}
	}
	a := app.New()
	a.Settings().SetTheme(ui.Theme{})
	return a, nil
}

// show runs the loop behind the window until ctx ends or the window is closed.
func show(ctx context.Context, cancel func(), a fyne.App, o *options, content fyne.CanvasObject, l *loop.Loop) {
	w := a.NewWindow(o.Title)
	w.SetPadded(false)
	w.SetMaster()
	w.SetContent(content)
	// Not SetFullScreen: a screen that is switched off and on again would leave a
	// black window for ever.
	w.Resize(fyne.NewSize(float32(o.screen.Width), float32(o.screen.Height)))
	if d, ok := w.(desktop.Window); ok {
		d.RequestPosition(o.x, o.y)
	}
	var running sync.WaitGroup
	a.Lifecycle().SetOnStarted(func() {
		running.Go(func() { l.Run(ctx) })
	})
	quit := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	w.ShowAndRun()
	quit()
	cancel()
	running.Wait()
}

func openTrace(path string) (*trace.File, error) {
	if path == "" {
		return nil, nil
	}
	return trace.Open(path)
}

// shown is a page in the trace, its targets in the screen's pixels.
func shown(d ui.Drawn, x, y int) trace.Record {
	p := d.Page
	r := trace.Record{
		T: time.Now().UnixMicro(), What: trace.Shown, Page: string(p.Kind), Language: p.Language,
		Sheet: p.Sheet, Sheets: p.Sheets, Paper: string(p.Paper), Waiting: p.Countdown,
	}
	if p.Ticket != nil {
		r.Ticket, r.Number = &p.Ticket.ID, p.Ticket.Number.Text
	}
	for _, t := range d.Taps {
		r.Taps = append(r.Taps, trace.Tap{Name: string(t.Name), Label: t.Label, X: t.X + x, Y: t.Y + y, W: t.W, H: t.H})
	}
	return r
}

var errToken = errors.New("a device token is needed: --token-file FILE or ANTREAN_TOKEN (queue-server device add prints one)")
