// Package virtual is a ticket printer made of software. It speaks the real
// protocol over a real pseudo-terminal or TCP port, keeps a small buffer, is as
// slow as its baud rate and its paper, draws what a head would burn, and can
// be told, while it runs, to fail as printers do. It shares no code with the
// encoder, so that each is a check of the other.
package virtual

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Config describes the printer. The zero value is a fast 80 mm printer that
// holds its host off when its buffer is full.
type Config struct {
	Dots   int     // of the print head: 576 (80 mm, default) or 384 (58 mm)
	Baud   int     // of the line, ten bits a byte; 0: as fast as bytes come
	Speed  float64 // of the paper, mm a second; 0: no time passes
	Buffer int     // bytes; default 4096
	Flow   Flow    // what happens when the buffer is full

	NoProcessID bool // as most clones: GS ( H is ignored
	NoQR        bool // as old ones: GS ( k is ignored
	NoAuto      bool // GS a is ignored
	NoCutter    bool // papers end where three lines or more are fed

	Out     string      // folder for ticket-0001.png and .txt; empty: none
	OnPaper func(Paper) // called for each paper, from the head's goroutine
}

// Flow is how the printer protects its buffer.
type Flow string

const (
	Hold    Flow = ""        // reads no further: RTS/CTS, TCP
	XONXOFF Flow = "xonxoff" // says so
	Drop    Flow = "drop"    // not at all: bytes are lost
)

// keepPapers is how many papers Papers gives at most.
const keepPapers = 64

// Printer is the device. All its methods may be called from any goroutine.
type Printer struct {
	cfg Config
	out *folder

	quit    context.CancelFunc
	ctx     context.Context
	running sync.WaitGroup

	mu    sync.Mutex
	moved *sync.Cond // anything below has changed

	parser   parser
	detector detector
	queue    []op // parsed, not executed
	held     int  // bytes in queue
	xoff     bool
	faults   faults
	auto     bool // automatic status is on
	lastAuto [4]byte
	spoken   []speech
	wire     io.Writer // where answers go; nil while nobody is connected
	plugs    []plug    // what "cable" and "power" unplug
	papers   []Paper
	count    int // papers that came out
	number   int // of the last, in its folder
	head     head
}

// speech is an answer and when it is given.
type speech struct {
	at    time.Time
	bytes []byte
}

// plug is a connection that can be pulled.
type plug interface {
	pull()
	push() error
}

// New makes a printer that is switched on and has paper. Close must be called.
func New(cfg Config) (*Printer, error) {
	cfg.Dots = cmp.Or(cfg.Dots, 576)
	cfg.Buffer = cmp.Or(cfg.Buffer, 4096)
	if cfg.Dots%8 != 0 || cfg.Dots < 64 || cfg.Dots > 2048 {
		return nil, fmt.Errorf("virtual printer: %d dots", cfg.Dots)
	}
	face, err := newFont()
	if err != nil {
		return nil, err
	}
	out, err := openFolder(cfg.Out)
	if err != nil {
		return nil, err
	}
	p := &Printer{cfg: cfg, out: out}
	p.ctx, p.quit = context.WithCancel(context.Background())
	p.moved = sync.NewCond(&p.mu)
	p.head = newHead(cfg.Dots, face)
	p.lastAuto = p.autoBytes()
	p.run(p.burn)
	p.run(p.speak)
	return p, nil
}

func (p *Printer) run(f func()) {
	p.running.Add(1)
	go func() {
		defer p.running.Done()
		f()
	}()
}

// Close unplugs the printer and ends its goroutines.
func (p *Printer) Close() error {
	p.quit()
	p.mu.Lock()
	plugs := p.plugs
	p.plugs = nil
	p.moved.Broadcast()
	p.mu.Unlock()
	for _, c := range plugs {
		c.pull()
	}
	p.running.Wait()
	return nil
}

// Papers gives what has come out so far, oldest first, at most the last 64.
func (p *Printer) Papers() []Paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Paper(nil), p.papers...)
}

// WaitPapers waits until n papers have come out in all, and gives them.
func (p *Printer) WaitPapers(ctx context.Context, n int) ([]Paper, error) {
	defer context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.moved.Broadcast()
	})()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.count < n {
		if err := errors.Join(ctx.Err(), p.ctx.Err()); err != nil {
			return append([]Paper(nil), p.papers...), fmt.Errorf("%d papers of %d: %w", p.count, n, err)
		}
		p.moved.Wait()
	}
	return append([]Paper(nil), p.papers...), nil
}

// sleep lets d pass, or less if the printer is closed.
func (p *Printer) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.ctx.Done():
	}
}
