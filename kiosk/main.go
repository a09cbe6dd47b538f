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
	"syscall"
	"time"
	_ "time/tzdata" // a small box may have none, and shows an office's hours

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/loop"
	"antrean/kiosk/internal/spool"
	"antrean/kiosk/internal/ui"
	"antrean/printer"
	"antrean/shared/client"
	"antrean/shared/i18n"
	"antrean/shared/screen"
	"antrean/shared/trace"
)

var version = "unversioned" // set by the linker

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if code := exitCode(0); errors.As(err, &code) {
		os.Exit(int(code))
	}
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
	server, err := client.New(client.Config{Server: o.Server, Token: o.token, Language: i18n.Default})
	if err != nil {
		return err
	}
	if o.TestPage {
		return testPage(ctx, o, server, out)
	}
	tr, err := trace.Create(o.Trace)
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
	win := newWindow(ctx, a)
	glass := ui.New(ui.Options{
		Screen: o.screen, Do: win.do,
		Tapped: func(t flow.Target) { l.Tap(t) },
		Shown: func(d ui.Drawn) {
			win.drawn()
			tr.Write(shown(d, o.window))
		},
	})
	tiles, requirements := o.screen.Capacity()
	cfg := loop.Config{
		Flow:   flow.New(flow.Config{NewID: client.NewTicketID, Languages: i18n.Languages, Tiles: tiles, Requirements: requirements}),
		Server: server, Glass: glass, Spool: sp, Trace: tr,
	}
	if o.Printer != noPrinter {
		// A stop lets a running paper end: Close ends the printer, not ctx.
		p, err := printer.Open(context.WithoutCancel(ctx), printer.Config{Address: o.Printer, Profile: o.PrinterProfile, Late: func(late printer.Outcome) { l.Late(late) }})
		if err != nil {
			return fmt.Errorf("--printer: %w", err)
		}
		defer func() { err = cmp.Or(err, p.Close()) }()
		cfg.Printer = p
	}
	l = loop.New(cfg)
	win.run(o, glass.Root(), l)
	return nil
}

// newApp is Fyne with one unit of the canvas to a pixel: sizes come from the
// screen's millimetres.
func newApp() (fyne.App, error) {
	if err := screen.PixelUnits(); err != nil {
		return nil, err
	}
	a := app.New()
	a.Settings().SetTheme(ui.Theme{})
	return a, nil
}

// shown is a page in the trace, its targets in the screen's pixels.
func shown(d ui.Drawn, at screen.Place) loop.Record {
	p := d.Page
	r := loop.Record{
		T: time.Now().UnixMicro(), What: loop.Shown, Page: string(p.Kind), Language: p.Language,
		Sheet: p.Sheet, Sheets: p.Sheets, Paper: string(p.Paper), Waiting: p.Countdown,
	}
	if p.Ticket != nil {
		r.Ticket, r.Number = &p.Ticket.ID, p.Ticket.Number.Text
	}
	for _, t := range d.Taps {
		r.Taps = append(r.Taps, loop.Tap{Name: string(t.Name), Label: t.Label, X: t.X + at.X, Y: t.Y + at.Y, W: t.W, H: t.H})
	}
	return r
}
