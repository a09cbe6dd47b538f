package screen

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// TakeSignals makes the signals to stop ours alone: Fyne listens to them too and
// would close the window at once, in the middle of a paper or an announcement. Call
// it when Fyne's loop runs, for that is when it has begun to listen. The first
// signal calls stop; the second ends the program. release gives them back and waits
// for the goroutine.
func TakeSignals(stop func()) (release func()) {
	caught, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		defer signal.Stop(caught)
		select {
		case <-caught:
			signal.Stop(caught) // before stop, which may take long
			stop()
		case <-done:
		}
	})
	return func() {
		close(done)
		waiting.Wait()
	}
}
