package printer

import (
	"context"
	"errors"
	"time"

	"antrean/printer/escpos"
	"antrean/printer/port"
)

// errNoAnswer: nothing came in time. It says nothing about the paper.
var errNoAnswer = errors.New("no answer")

// line is an open port and the goroutine that reads it.
type line struct {
	port   port.Port
	in     chan []byte // closed by the reader when the port is lost
	quit   chan struct{}
	done   chan struct{}
	parser escpos.Parser
}

func newLine(p port.Port) *line {
	l := &line{port: p, in: make(chan []byte, 16), quit: make(chan struct{}), done: make(chan struct{})}
	go l.read()
	return l
}

func (l *line) read() {
	defer close(l.done)
	defer close(l.in)
	for {
		buf := make([]byte, 64)
		n, err := l.port.Read(buf)
		if err != nil {
			return
		}
		select {
		case l.in <- buf[:n]:
		case <-l.quit:
			return
		}
	}
}

// close waits for the reader.
func (l *line) close() error {
	close(l.quit)
	err := l.port.Close()
	<-l.done
	return err
}

func (l *line) feed(b []byte, note func(escpos.Answer)) { l.parser.Write(b, note) }

// await shows every answer to note until match says yes, for at most wait. It
// fails with errNoAnswer, port.ErrGone, or ctx's error.
func (l *line) await(ctx context.Context, wait time.Duration, note func(escpos.Answer), match func(escpos.Answer) bool) (escpos.Answer, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	var got escpos.Answer
	found := false
	for {
		select {
		case b, ok := <-l.in:
			if !ok {
				return got, port.ErrGone
			}
			l.feed(b, func(a escpos.Answer) {
				note(a)
				if !found && match(a) {
					got, found = a, true
				}
			})
			if found {
				return got, nil
			}
		case <-timer.C:
			return got, errNoAnswer
		case <-ctx.Done():
			return got, ctx.Err()
		}
	}
}

// ask writes a question and awaits its answer.
func (l *line) ask(ctx context.Context, question []byte, wait time.Duration, note func(escpos.Answer), match func(escpos.Answer) bool) (escpos.Answer, error) {
	if n, err := l.port.Write(question); err != nil {
		if n > 0 && errors.Is(err, port.ErrStalled) {
			// Half a question would swallow the first bytes of what follows.
			err = errors.Join(port.ErrGone, err)
		}
		return escpos.Answer{}, err
	}
	return l.await(ctx, wait, note, match)
}

func isKind(k escpos.Kind) func(escpos.Answer) bool {
	return func(a escpos.Answer) bool { return a.Kind == k }
}
