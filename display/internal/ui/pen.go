package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// pen draws a picture anew with the objects of the last one: new objects at every
// tick would throw Fyne's textures away. Rectangles lie below all texts.
type pen struct {
	rects, texts *fyne.Container
	r, t         int // used so far in this picture
}

func newPen(o fyne.Layout) *pen {
	return &pen{rects: &fyne.Container{Layout: o}, texts: &fyne.Container{Layout: o}}
}

func (p *pen) begin() { p.r, p.t = 0, 0 }

// end hides what this picture did not need.
func (p *pen) end() {
	for _, o := range p.rects.Objects[p.r:] {
		o.Hide()
	}
	for _, o := range p.texts.Objects[p.t:] {
		o.Hide()
	}
}

func (p *pen) rect(b box, fill color.NRGBA, radius float32) {
	if p.r == len(p.rects.Objects) {
		p.rects.Objects = append(p.rects.Objects, canvas.NewRectangle(fill))
	}
	o := p.rects.Objects[p.r].(*canvas.Rectangle)
	p.r++
	o.Move(fyne.NewPos(b.x, b.y))
	o.Resize(fyne.NewSize(b.w, b.h))
	if o.FillColor != fill || o.CornerRadius != radius || !o.Visible() {
		o.FillColor, o.CornerRadius = fill, radius
		o.Show()
		o.Refresh()
	}
}

// align says which point of a text lies at x.
type align int

const (
	left align = iota
	centre
	right
)

// face is how a text looks.
type face struct {
	size float32
	bold bool
	ink  color.NRGBA
}

func (f face) style() fyne.TextStyle         { return fyne.TextStyle{Bold: f.bold} }
func (f face) width(s string) float32        { return fyne.MeasureText(s, f.size, f.style()).Width }
func (f face) in(ink color.NRGBA) face       { f.ink = ink; return f }
func (f face) cap() float32                  { return capOf(f.size) }
func (f face) fits(s string, w float32) bool { return f.width(s) <= w }

// text draws one line so that its capitals begin at top, and returns the box of the
// capitals.
func (p *pen) text(s string, f face, a align, x, top float32) box {
	if p.t == len(p.texts.Objects) {
		p.texts.Objects = append(p.texts.Objects, canvas.NewText("", ink))
	}
	o := p.texts.Objects[p.t].(*canvas.Text)
	p.t++
	if o.Text != s || o.TextSize != f.size || o.TextStyle.Bold != f.bold || o.Color != f.ink || !o.Visible() {
		o.Text, o.TextSize, o.TextStyle, o.Color = s, f.size, f.style(), f.ink
		o.Show()
		o.Refresh()
	}
	size := o.MinSize()
	switch a {
	case centre:
		x -= size.Width / 2
	case right:
		x -= size.Width
	}
	o.Resize(size)
	o.Move(fyne.NewPos(x, top-overhead*f.size))
	return box{x, top, size.Width, f.cap()}
}

// shorten cuts a name that is too wide, at a whole character, with an ellipsis.
func (f face) shorten(s string, w float32) string {
	if f.fits(s, w) {
		return s
	}
	r := []rune(s)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if f.fits(strings.TrimRight(string(r[:mid]), " ,·-")+"…", w) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return strings.TrimRight(string(r[:lo]), " ,·-") + "…"
}

// wrap breaks a text into lines of at most w, at spaces; a word that is too wide is cut.
func (f face) wrap(s string, w float32) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		word = f.shorten(word, w)
		next := strings.TrimSpace(line + " " + word)
		if line != "" && !f.fits(next, w) {
			lines = append(lines, line)
			next = word
		}
		line = next
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// grow is the largest bold size in which the text is at most w wide and its capitals
// at most h high. Where that is below least, a whole number in smaller type beats a
// cut one: kept is then false.
func grow(s string, least, w, h float32) (size float32, kept bool) {
	const probe = 100
	at100 := face{size: probe, bold: true}.width(s)
	if at100 <= 0 {
		return least, true
	}
	size = min(probe*w/at100*0.995, sizeOf(h))
	return size, size >= least*0.99
}
