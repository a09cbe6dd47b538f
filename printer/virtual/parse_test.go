package virtual

import (
	"bytes"
	"fmt"
	"testing"
)

func FuzzHostStream(f *testing.F) {
	f.Add([]byte("\x1b@\x1ba\x01\x1d!\x33A-001\n\x1d(k\x04\x001P0x\x1d(k\x03\x001Q0\x1dv0\x03\x01\x00\x02\x00ab\x1dVB\x00"), 7)
	f.Add([]byte("\x1d8L\x0b\x00\x00\x000p0\x01\x011\x08\x00\x01\x00\xff\x1b*!\x01\x00abc\x1bD\x01\x00\x10\x14\x08"), 3)
	f.Add([]byte("\x1d(k\xff\xff1\x1b(A\x04\x000710\x1c(A\x02\x0000\x1b$\xff\xff"), 1)
	face, err := newFont()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte, at int) {
		parse := func(pieces ...[]byte) (log []string, size int) {
			var p parser
			for _, piece := range pieces {
				p.write(piece, func(o op) {
					size += o.size
					if o.kind != none && o.kind != text {
						log = append(log, fmt.Sprintf("%d:%d:% x", o.kind, o.arg, o.data))
					}
				})
				if len(p.pending) > 64<<10+16 {
					t.Errorf("%d bytes wait", len(p.pending))
				}
			}
			if size+len(p.pending) != len(b) {
				t.Errorf("%d bytes in, %d executed, %d waiting", len(b), size, len(p.pending))
			}
			return log, size
		}
		whole, _ := parse(b)
		if len(b) > 0 {
			at = ((at % len(b)) + len(b)) % len(b)
			if pieces, _ := parse(b[:at], b[at:]); fmt.Sprint(whole) != fmt.Sprint(pieces) {
				t.Errorf("%v in one piece, %v in two", whole, pieces)
			}
		}
		// Nothing that a host sends may hurt the head.
		h := newHead(384, face)
		var p parser
		p.write(b[:min(len(b), 2000)], func(o op) {
			if len(h.sheet.rows) < 20_000 {
				h.do(o)
			}
		})
		h.newLine()
		paper := h.take(false)
		if !bytes.HasSuffix([]byte(paper.Text), []byte("cut ---\n")) {
			t.Errorf("paper ends with %q", paper.Text)
		}
	})
}
