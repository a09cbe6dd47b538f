package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// letters is how a text looks.
type letters struct {
	cap   float64 // capital height in millimetres
	bold  bool
	color color.Color
	align fyne.TextAlign
}

func (l letters) style() fyne.TextStyle { return fyne.TextStyle{Bold: l.bold} }

// wrap breaks a text into lines no wider than width. A word that is wider than a
// line is broken where it must be.
func wrap(text string, size float32, style fyne.TextStyle, width float32) []string {
	wide := func(s string) bool { return fyne.MeasureText(s, size, style).Width > width }
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if !wide(longer) {
			line = longer
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; wide(line); {
			head, tail := breakWord(line, wide)
			if tail == "" {
				break
			}
			lines, line = append(lines, head), tail
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// breakWord cuts a word after the last letter that fits, one letter at least.
func breakWord(word string, wide func(string) bool) (head, tail string) {
	r := []rune(word)
	n := 1
	for n < len(r) && !wide(string(r[:n+1])) {
		n++
	}
	return string(r[:n]), string(r[n:])
}

// lines wraps a text and ends it with an ellipsis where it needs more than most.
func (s Screen) lines(text string, l letters, width float32, most int) []string {
	size := s.font(l.cap)
	all := wrap(text, size, l.style(), width)
	if len(all) <= most {
		return all
	}
	if most < 1 {
		return nil
	}
	last := []rune(all[most-1])
	for len(last) > 0 && fyne.MeasureText(string(last)+"…", size, l.style()).Width > width {
		last = last[:len(last)-1]
	}
	return append(append([]string{}, all[:most-1]...), strings.TrimSpace(string(last))+"…")
}

// step is the height of a line in pixels.
func (s Screen) step(l letters) float32 { return s.font(l.cap) * lineStep }

// room is how many lines a height holds.
func (s Screen) room(l letters, height float32) int { return int(height/s.step(l) + 0.01) }

// fits reports whether a text can be written whole into a place.
func (s Screen) fits(text string, l letters, w, h float32) bool {
	size := s.font(l.cap)
	for _, word := range strings.Fields(text) {
		if fyne.MeasureText(word, size, l.style()).Width > w {
			return false // broken words are for the smallest letters only
		}
	}
	return len(wrap(text, size, l.style(), w)) <= s.room(l, h)
}

// largest is the largest of the usual sizes at which all the texts can be written
// whole into places of that size; the smallest where none does.
func (s Screen) largest(texts []string, l letters, w, h float32) letters {
	for _, l.cap = range []float64{largeCap, 7.6, 6.7, 5.8, bodyCap} {
		whole := true
		for _, t := range texts {
			whole = whole && s.fits(t, l, w, h)
		}
		if whole {
			break
		}
	}
	return l
}

// write places lines from the top of r and returns what is left below them.
func (s Screen) write(text string, l letters, r rect) (objects []fyne.CanvasObject, rest rect) {
	step := s.step(l)
	for _, line := range s.lines(text, l, r.w, s.room(l, r.h)) {
		t := canvas.NewText(line, l.color)
		t.TextSize, t.TextStyle, t.Alignment = s.font(l.cap), l.style(), l.align
		own := t.MinSize().Height
		t.Resize(fyne.NewSize(r.w, own))
		t.Move(fyne.NewPos(r.x, r.y+(step-own)/2))
		objects = append(objects, t)
		_, r = r.cutTop(step)
	}
	return objects, r
}

// height is how high a text stands in a width.
func (s Screen) height(text string, l letters, w float32) float32 {
	return float32(len(wrap(text, s.font(l.cap), l.style(), w))) * s.step(l)
}
