package ui

import (
	"fmt"
	"math"
)

// Sizes of the hall's design, in millimetres on the glass. Text is measured by
// its capital height: 5 mm is the least for anything, 8.6 mm (0.7 degrees at
// 700 mm) is aimed at for what a visitor chooses by (EN 301 549, 5.1.4).
const (
	bodyCap  = 5.0
	largeCap = 8.6
	keyMM    = 20.0 // height of a key
	gapMM    = 4.0
	tileWMM  = 60.0 // least size of a tile
	tileHMM  = 30.0

	// capHeight is a capital's height as a part of the font's size: 0.727 for
	// Inter, 0.714 for Noto Sans, which Fyne brings.
	capHeight = 0.714
	lineStep  = 1.25 // from line to line, in font sizes
)

// Screen is the glass. One unit of the canvas is one pixel (scale 1).
type Screen struct {
	Width, Height int     // pixels
	Diagonal      float64 // inches
}

// mm is a length on the glass in pixels.
func (s Screen) mm(v float64) float32 {
	d := math.Hypot(float64(s.Width), float64(s.Height))
	return float32(v * d / (s.Diagonal * 25.4))
}

// font is the font size in pixels whose capitals are so many millimetres high; a
// tall screen has the room to write everything larger.
func (s Screen) font(capMM float64) float32 {
	if s.portrait() {
		capMM *= 1.2
	}
	return s.mm(capMM / capHeight)
}

// Check refuses a glass that is too small for fingers: pages are drawn for 300 x
// 170 mm and more.
func (s Screen) Check() error {
	mm := float64(s.mm(1))
	w, h := float64(s.Width)/mm, float64(s.Height)/mm
	if min(w, h) < 170 || max(w, h) < 300 {
		return fmt.Errorf("the screen is %.0f x %.0f mm (%d x %d pixels, %g inches): a kiosk needs 300 x 170 mm, the size of a 13.6-inch wide screen", w, h, s.Width, s.Height, s.Diagonal)
	}
	return nil
}

func (s Screen) portrait() bool { return s.Height > s.Width }

// grid is how many tiles stand side by side and above each other.
func (s Screen) grid() (cols, rows int) {
	switch aspect := float64(s.Width) / float64(s.Height); {
	case aspect < 1:
		return 2, 4
	case aspect < 1.5:
		return 2, 3
	}
	return 3, 2
}

// Capacity is how many choices, and how many requirements of some 150 letters,
// one sheet holds.
func (s Screen) Capacity() (tiles, requirements int) {
	cols, rows := s.grid()
	r := newLayout(s).body
	lines := int((r.h - s.mm(30)) / (s.font(bodyCap) * lineStep))
	if s.portrait() {
		lines = int((r.h - s.mm(140)) / (s.font(bodyCap) * lineStep))
	}
	return cols * rows, min(max(lines/3, 2), 10)
}

// rect is a place on the glass in pixels.
type rect struct{ x, y, w, h float32 }

func (r rect) inset(dx, dy float32) rect { return rect{r.x + dx, r.y + dy, r.w - 2*dx, r.h - 2*dy} }

// The cut functions take a strip away from one side and return it with what is left.
func (r rect) cutTop(h float32) (strip, rest rect) {
	return rect{r.x, r.y, r.w, h}, rect{r.x, r.y + h, r.w, r.h - h}
}

func (r rect) cutBottom(h float32) (strip, rest rect) {
	return rect{r.x, r.y + r.h - h, r.w, h}, rect{r.x, r.y, r.w, r.h - h}
}

func (r rect) cutLeft(w float32) (strip, rest rect) {
	return rect{r.x, r.y, w, r.h}, rect{r.x + w, r.y, r.w - w, r.h}
}

func (r rect) cutRight(w float32) (strip, rest rect) {
	return rect{r.x + r.w - w, r.y, w, r.h}, rect{r.x, r.y, r.w - w, r.h}
}

// middle is a rect of that size in the middle of r.
func (r rect) middle(w, h float32) rect {
	return rect{r.x + (r.w-w)/2, r.y + (r.h-h)/2, w, h}
}

// layout is where the parts that every page has are.
type layout struct {
	header, body, footer rect
	turn                 rect // where sheets are turned; empty: on the footer, beside the ways out
}

// newLayout divides the glass. On a tall screen the header grows, so that all
// that is to be touched stays within reach.
func newLayout(s Screen) layout {
	var l layout
	all := rect{0, 0, float32(s.Width), float32(s.Height)}
	head := s.mm(34)
	if s.portrait() {
		head = max(s.mm(60), all.h*0.24)
	}
	l.header, all = all.cutTop(head)
	l.footer, all = all.cutBottom(s.mm(keyMM + 2*gapMM + 2))
	l.footer = l.footer.inset(s.mm(margin), s.mm(gapMM+1))
	if s.portrait() && all.w < s.mm(340) {
		l.turn, all = all.cutBottom(s.mm(keyMM + gapMM))
		_, l.turn = l.turn.inset(s.mm(margin), 0).cutTop(s.mm(gapMM))
	}
	l.body = all.inset(s.mm(margin), 0)
	l.body.y += s.mm(6)
	l.body.h -= s.mm(6)
	return l
}

const margin = 8.0
