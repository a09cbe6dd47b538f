package virtual

import (
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
	"golang.org/x/text/encoding/charmap"
)

// defaultSpacing is from line to line: 30 dots, as after power on.
const defaultSpacing = 30

// head is the print head: its modes, the line it collects, the sheet under it.
// It knows no time and no faults.
type head struct {
	face  *glyphs
	sheet sheet
	modes
	line  []letter
	width int // of line, in dots
	qr    symbol
	jam   bool // the cutter will not come through the next time
}

// modes are what ESC @ resets.
type modes struct {
	align   byte
	bold    bool
	wide    int // 1 to 8
	high    int
	page    byte
	spacing int
}

type letter struct {
	r          rune
	wide, high int
	bold       bool
}

// symbol is the QR code in the symbol storage.
type symbol struct {
	module, level byte
	data          string
}

func newHead(dots int, face *glyphs) head {
	h := head{face: face, sheet: sheet{dots: dots}}
	h.reset()
	return h
}

// reset is ESC @: modes and the unprinted line, not the sheet.
func (h *head) reset() {
	h.modes = modes{wide: 1, high: 1, spacing: defaultSpacing}
	h.line, h.width = nil, 0
	h.qr = symbol{module: 3, level: 0x30}
}

// do draws o and gives how many dots of paper it moved.
func (h *head) do(o op) int {
	before := len(h.sheet.rows)
	switch o.kind {
	case text:
		h.text(o.data)
	case lineFeed:
		h.newLine()
	case reset:
		h.reset()
	case align:
		h.align = o.arg & 3
	case bold:
		h.bold = o.arg&1 == 1
	case size:
		h.wide, h.high = int(o.arg>>4&7)+1, int(o.arg&7)+1
	case page:
		h.page = o.arg
	case spacing:
		h.spacing = int(o.arg)
	case position:
		for at := int(o.data[0]) + int(o.data[1])*256; h.width+cellWidth <= min(at, h.sheet.dots); h.width += cellWidth {
			h.line = append(h.line, letter{' ', 1, 1, false})
		}
	case feedLines:
		h.flush()
		for range o.arg {
			h.newLine()
		}
	case feedDots:
		h.flush()
		h.sheet.blank(int(o.arg))
	case row:
		h.row(o.data, o.arg)
	case qr:
		h.symbol(o.data)
	}
	return len(h.sheet.rows) - before
}

// take gives the sheet up and begins the next.
func (h *head) take(torn bool) Paper {
	p := h.sheet.paper(torn)
	h.sheet = sheet{dots: h.sheet.dots}
	return p
}

func (h *head) flush() {
	if len(h.line) > 0 {
		h.newLine()
	}
}

func (h *head) text(b []byte) {
	for _, c := range b {
		w := cellWidth * h.wide
		if h.width+w > h.sheet.dots {
			h.newLine()
		}
		h.line = append(h.line, letter{decode(h.page, c), h.wide, h.high, h.bold})
		h.width += w
	}
}

func decode(page, c byte) rune {
	switch page {
	case 16:
		return charmap.Windows1252.DecodeByte(c)
	case 19:
		return charmap.CodePage858.DecodeByte(c)
	case 2:
		return charmap.CodePage850.DecodeByte(c)
	}
	return charmap.CodePage437.DecodeByte(c)
}

// indent is where something w dots wide begins.
func (h *head) indent(w int) int {
	free := max(0, h.sheet.dots-w)
	return [...]int{0, free / 2, free, 0}[h.align&3]
}

// newLine burns the collected line, its letters on one base line.
func (h *head) newLine() {
	tallest := 1
	for _, l := range h.line {
		tallest = max(tallest, l.high)
	}
	height := max(h.spacing, tallest*cellHeight)
	if len(h.line) == 0 {
		height = h.spacing
	}
	top := len(h.sheet.rows)
	h.sheet.blank(height)
	x := h.indent(h.width)
	h.sheet.say(h.readable(x))
	for _, l := range h.line {
		h.letter(l, x, top+(tallest-l.high)*cellHeight)
		x += l.wide * cellWidth
	}
	h.line, h.width = nil, 0
}

// readable is the line as it stands on the paper, large letters not spread;
// its size is named behind it.
func (h *head) readable(x int) string {
	var b strings.Builder
	largest := 1
	for _, l := range h.line {
		b.WriteRune(l.r)
		largest = max(largest, l.high)
	}
	s := strings.Repeat(" ", x/cellWidth) + b.String()
	if largest > 1 && strings.TrimSpace(s) != "" {
		s += fmt.Sprintf("  (x%d)", largest)
	}
	return s
}

// letter enlarges each dot of the font, as heads do.
func (h *head) letter(l letter, x, y int) {
	g := h.face.of(l.r)
	for gy := range cellHeight {
		bits := g[gy]
		if l.bold {
			bits |= bits >> 1
		}
		for gx := range cellWidth {
			if bits&(1<<(cellWidth-1-gx)) == 0 {
				continue
			}
			h.block(x+gx*l.wide, y+gy*l.high, l.wide, l.high)
		}
	}
}

// block burns w by hh dots that lie on the sheet already.
func (h *head) block(x, y, w, hh int) {
	for dy := range hh {
		for dx := range w {
			if x+dx < h.sheet.dots {
				h.sheet.burn(h.sheet.rows[y+dy], x+dx)
			}
		}
	}
}

// row is one row of GS v 0; mode 1 doubles its width, 2 its height, 3 both.
func (h *head) row(data []byte, mode byte) {
	h.flush()
	wide, high := 1+int(mode&1), 1+int(mode>>1&1)
	dots := len(data) * 8
	x, y := h.indent(dots*wide), len(h.sheet.rows)
	h.sheet.blank(high)
	for i := range dots {
		if data[i/8]&(0x80>>(i%8)) != 0 {
			h.block(x+i*wide, y, wide, high)
		}
	}
	h.sheet.picture.w = dots * wide
	h.sheet.picture.h += high
}

// symbol is GS ( k for QR: set, store, print.
func (h *head) symbol(data []byte) {
	if len(data) < 3 {
		return
	}
	switch data[1] {
	case 0x43:
		h.qr.module = min(max(data[2], 1), 16)
	case 0x45:
		h.qr.level = data[2]
	case 0x50:
		h.qr.data = string(data[3:])
	case 0x51:
		h.printSymbol()
	}
}

func (h *head) bitmap() [][]bool {
	if h.qr.data == "" {
		return nil
	}
	code, err := qrcode.New(h.qr.data, qrcode.RecoveryLevel(h.qr.level&3))
	if err != nil {
		return nil // too much for a symbol: a printer prints nothing either
	}
	code.DisableBorder = true
	return code.Bitmap()
}

func (h *head) printSymbol() {
	h.flush()
	bitmap, m := h.bitmap(), int(h.qr.module)
	if bitmap == nil || len(bitmap)*m > h.sheet.dots {
		return
	}
	h.sheet.blank(4 * m)
	x, y := h.indent(len(bitmap)*m), len(h.sheet.rows)
	h.sheet.blank(len(bitmap) * m)
	for by, row := range bitmap {
		for bx, dark := range row {
			if dark {
				h.block(x+bx*m, y+by*m, m, m)
			}
		}
	}
	h.sheet.blank(4 * m)
	h.sheet.say("[qr " + h.qr.data + "]")
	h.sheet.links = append(h.sheet.links, h.qr.data)
}
