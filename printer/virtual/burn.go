package virtual

import (
	"fmt"
	"log/slog"
	"time"
)

// cutTime is what a guillotine takes.
const cutTime = 150 * time.Millisecond

// burn is the head's goroutine: it executes what is in the buffer, at the
// paper's speed, while nothing stops it.
func (p *Printer) burn() {
	for {
		p.mu.Lock()
		for (len(p.queue) == 0 || p.faults.stopped()) && p.ctx.Err() == nil {
			p.moved.Wait()
		}
		if p.ctx.Err() != nil {
			p.mu.Unlock()
			return
		}
		o := p.queue[0]
		if o.kind == cut && p.jams() {
			p.mu.Unlock()
			continue
		}
		p.queue = p.queue[1:]
		p.held -= o.size
		moved := p.execute(o)
		ends := o.kind == cut || (p.cfg.NoCutter && o.kind == feedLines && o.arg >= 3)
		p.unblock()
		p.mu.Unlock()

		p.sleep(p.takes(moved, o.kind))
		if ends {
			p.deliver(false)
		}
	}
}

// jams: an armed jam strikes at the cut, which then waits. The caller holds mu.
func (p *Printer) jams() bool {
	if !p.head.jam {
		return false
	}
	p.head.jam, p.faults.cutter = false, true
	p.announce()
	return true
}

// takes is how long an op keeps the head busy.
func (p *Printer) takes(dots int, k kind) time.Duration {
	if p.cfg.Speed <= 0 {
		return 0
	}
	d := time.Duration(float64(dots) / 8 / p.cfg.Speed * float64(time.Second))
	if k == cut {
		d += cutTime
	}
	return d
}

// cutFeed is from the head to the cutter, in dots.
const cutFeed = 120

// execute draws o or answers it, and gives the dots of paper that went by. The
// caller holds mu.
func (p *Printer) execute(o op) int {
	switch o.kind {
	case reset:
		p.auto = false
	case automatic:
		if p.auto = o.arg != 0 && !p.cfg.NoAuto; p.auto {
			p.lastAuto = p.autoBytes()
			p.say(p.lastAuto[:])
		}
	case paperStatus:
		p.say([]byte{bit(o.arg&0xf == 1 && p.faults.paperLow, 0x03)})
	case processID:
		if !p.cfg.NoProcessID {
			p.say(append(append([]byte{0x37, 0x22}, o.data...), 0))
		}
	case identity:
		p.identify(o.arg)
	case qr:
		if p.cfg.NoQR {
			return 0
		}
		if o.data[1] == 0x52 {
			p.tellSymbol()
		}
	case cut:
		p.head.flush()
		if o.arg == 'A' || o.arg == 'B' {
			p.head.sheet.blank(cutFeed)
			return p.paperMoves(cutFeed)
		}
		return 0
	}
	return p.paperMoves(p.head.do(o))
}

// paperMoves brings the end of the roll nearer. The caller holds mu.
func (p *Printer) paperMoves(dots int) int {
	if f := &p.faults; f.outAfter > 0 && dots > 0 {
		if f.outAfter -= dots; f.outAfter <= 0 {
			f.outAfter, f.paperOut = 0, true
			p.announce()
		}
	}
	return dots
}

// identify answers GS I n. The caller holds mu.
func (p *Printer) identify(n byte) {
	texts := map[byte]string{65: "1.0", 66: "ANTREAN", 67: fmt.Sprintf("VIRTUAL-%d", p.cfg.Dots), 68: "1"}
	if t, ok := texts[n]; ok {
		p.say(append([]byte("_"+t), 0))
		return
	}
	if n >= 1 && n <= 3 {
		p.say([]byte{0x02})
	}
}

// tellSymbol answers GS ( k, function 82. The caller holds mu.
func (p *Printer) tellSymbol() {
	side := len(p.head.bitmap()) * int(p.head.qr.module)
	fits := '0'
	if side == 0 || side > p.cfg.Dots {
		fits = '1'
	}
	p.say(fmt.Appendf(nil, "\x37\x36%d\x1f%d\x1f1\x1f%c\x00", side, side, fits))
}

// unblock lets the host go on when the buffer has room again. The caller
// holds mu.
func (p *Printer) unblock() {
	if p.xoff && p.room() > p.cfg.Buffer/2 {
		p.xoff = false
		p.say([]byte{0x11})
	}
	p.moved.Broadcast()
}

// deliver gives the sheet out.
func (p *Printer) deliver(torn bool) {
	p.mu.Lock()
	paper := p.finish(torn)
	p.mu.Unlock()
	p.handOut(paper)
}

// finish takes the sheet off; nil where there is nothing to tear off. The
// caller holds mu, and then calls handOut without it.
func (p *Printer) finish(torn bool) *Paper {
	if torn && len(p.head.sheet.rows) == 0 {
		return nil
	}
	if p.number == 0 {
		p.number = p.out.last()
	}
	p.number++
	paper := p.head.take(torn)
	paper.N = p.number
	return &paper
}

func (p *Printer) handOut(paper *Paper) {
	if paper == nil {
		return
	}
	name, err := p.out.keep(*paper)
	if err != nil {
		slog.Error("keep the virtual paper", "paper", paper.N, "err", err)
	}
	paper.File = name
	if p.cfg.OnPaper != nil {
		p.cfg.OnPaper(*paper)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.papers = append(p.papers, *paper)
	if len(p.papers) > keepPapers {
		p.papers = p.papers[1:]
	}
	p.count++
	p.moved.Broadcast()
}
