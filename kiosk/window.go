package main

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"antrean/kiosk/internal/loop"
	"antrean/shared/screen"
)

// window is the kiosk's only one. A signal or a closing of it ends ctx; it stays on
// the screen until the loop has ended too, for a paper may still be printing.
type window struct {
	app     fyne.App
	ctx     context.Context
	stop    func()
	drawn   func() // must be called once Fyne draws
	release func() // of the signals

	mu    sync.Mutex
	ended bool // Fyne has: it would run what it is given on our goroutine
}

func newWindow(ctx context.Context, a fyne.App) *window {
	w := &window{app: a, release: func() {}}
	w.ctx, w.stop = context.WithCancel(ctx)
	w.drawn = sync.OnceFunc(func() { w.release = screen.TakeSignals(w.stop) })
	return w
}

// do runs f on Fyne's goroutine, later, unless Fyne has ended.
func (w *window) do(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		fyne.Do(f)
	}
}

// run shows content and runs the loop behind it until ctx has ended.
func (w *window) run(o *options, content fyne.CanvasObject, l *loop.Loop) {
	win := w.app.NewWindow(o.Title)
	win.SetContent(content)
	screen.Fill(win, o.window)
	win.SetCloseIntercept(w.stop)
	var running sync.WaitGroup
	w.app.Lifecycle().SetOnStarted(func() {
		running.Go(func() {
			l.Run(w.ctx)
			w.do(w.app.Quit)
		})
	})
	win.ShowAndRun()
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	w.stop()
	running.Wait()
	w.release()
}
