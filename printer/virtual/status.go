package virtual

import "time"

// faults is what is wrong with the printer.
type faults struct {
	paperOut, paperLow, cover, cutter, hot, broken bool
	outAfter                                       int  // lines until the paper ends; 0: it does not
	mute, busy, off, offline                       bool // offline by its own switch
	late                                           time.Duration
}

// stopped reports whether the head stands still.
func (f faults) stopped() bool {
	return f.paperOut || f.cover || f.cutter || f.hot || f.broken || f.off || f.offline
}

func bit(is bool, b byte) byte {
	if is {
		return b
	}
	return 0
}

// realtime answers DLE EOT n.
func (f faults) realtime(n byte) byte {
	const fixed = 0x12
	switch n {
	case 1:
		return fixed | bit(f.stopped(), 0x08)
	case 2:
		return fixed | bit(f.cover, 0x04) | bit(f.paperOut, 0x20) | bit(f.cutter || f.broken || f.hot, 0x40)
	case 3:
		return fixed | bit(f.cutter, 0x08) | bit(f.broken, 0x20) | bit(f.hot, 0x40)
	}
	return fixed | bit(f.paperLow || f.paperOut, 0x0c) | bit(f.paperOut, 0x60)
}

// autoBytes is the automatic status. The caller holds mu.
func (p *Printer) autoBytes() [4]byte {
	f := p.faults
	return [4]byte{
		0x10 | bit(f.stopped(), 0x08) | bit(f.cover, 0x20),
		bit(f.cutter, 0x08) | bit(f.broken, 0x20) | bit(f.hot, 0x40),
		bit(f.paperLow || f.paperOut, 0x03) | bit(f.paperOut, 0x0c),
		0x0f,
	}
}

// announce gives the automatic status if it has changed. The caller holds mu.
func (p *Printer) announce() {
	if b := p.autoBytes(); b != p.lastAuto {
		p.lastAuto = b
		if p.auto {
			p.say(b[:])
		}
	}
	p.moved.Broadcast()
}

// say gives an answer, now or as late as told. The caller holds mu.
func (p *Printer) say(b []byte) {
	if p.faults.mute || p.faults.off || p.wire == nil {
		return
	}
	p.spoken = append(p.spoken, speech{time.Now().Add(p.faults.late), append([]byte(nil), b...)})
	p.moved.Broadcast()
}

// speak writes answers to the line, one after the other.
func (p *Printer) speak() {
	for {
		p.mu.Lock()
		for len(p.spoken) == 0 && p.ctx.Err() == nil {
			p.moved.Wait()
		}
		if p.ctx.Err() != nil {
			p.mu.Unlock()
			return
		}
		s := p.spoken[0]
		p.spoken = p.spoken[1:]
		p.mu.Unlock()

		p.sleep(time.Until(s.at))
		p.mu.Lock()
		w := p.wire
		if p.faults.off {
			w = nil
		}
		p.mu.Unlock()
		if w != nil {
			_, _ = w.Write(s.bytes) // a host that is gone hears nothing
		}
	}
}
