// Package escpos speaks the command language of ticket printers, both ways: an
// Encoder makes the bytes of a ticket for a Profile, a Parser tells a printer's
// answers apart. It is pure: it owns no port, no clock and no goroutine.
//
// Commands are those of the vendors' ESC/POS manuals; where makers differ, the
// profile decides.
package escpos

import (
	"bytes"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Align is where a line stands: ESC a n.
type Align byte

const (
	Left Align = iota
	Centre
	Right
)

// Encoder collects the bytes of one job. Text that it is given can never
// become a command.
type Encoder struct {
	profile Profile
	page    *charmap.Charmap
	buf     bytes.Buffer
	size    int // 1 to 8, both ways
}

// NewEncoder is for a profile that LookUp gave.
func NewEncoder(p Profile) *Encoder {
	cp := page(p.CodePage)
	if cp == nil {
		cp = charmap.CodePage437
	}
	return &Encoder{profile: p, page: cp, size: 1}
}

// Bytes are valid until the next call.
func (e *Encoder) Bytes() []byte { return e.buf.Bytes() }

func (e *Encoder) raw(b ...byte) { e.buf.Write(b) }

// Init resets the printer's modes, sets the code page, and turns the automatic
// status on again, which the reset had turned off.
func (e *Encoder) Init() {
	e.raw(0x1b, 0x40)
	if e.profile.Kanji {
		e.raw(0x1c, 0x2e) // else clones read bytes above 7Fh as Chinese
	}
	e.raw(0x1b, 0x52, 0)
	e.raw(0x1b, 0x74, byte(e.profile.PageNumber))
	if e.profile.Automatic {
		e.raw(AutomaticStatus()...)
	}
	e.size = 1
}

// Align sets where the following lines stand.
func (e *Encoder) Align(a Align) { e.raw(0x1b, 0x61, byte(a)) }

// Bold turns bold on or off.
func (e *Encoder) Bold(on bool) { e.raw(0x1b, 0x45, flag(on)) }

// Size sets the characters' size, 1 to 8 times, both ways.
func (e *Encoder) Size(n int) {
	e.size = min(max(n, 1), 8)
	e.raw(0x1d, 0x21, byte((e.size-1)<<4|(e.size-1)))
}

// Columns is how many characters fit on a line at the present size.
func (e *Encoder) Columns() int { return e.profile.Columns() / e.size }

// Paragraph prints s, wrapped at words. Empty text prints nothing.
func (e *Encoder) Paragraph(s string) {
	for _, line := range wrap(Clean(s, e.page), e.Columns()) {
		for _, r := range line {
			c, _ := e.page.EncodeRune(r) // Clean left only what the page has
			e.raw(c)
		}
		e.raw('\n')
	}
}

// Fits is the largest size up to most at which s stays on one line; at least 1.
func (e *Encoder) Fits(s string, most int) int {
	n := len([]rune(Clean(s, e.page)))
	for size := min(most, 8); size > 1; size-- {
		if n*size <= e.profile.Columns() {
			return size
		}
	}
	return 1
}

// Rule prints a line across the paper.
func (e *Encoder) Rule() { e.raw([]byte(strings.Repeat("-", e.Columns()) + "\n")...) }

// Feed feeds n lines, 0 to 255.
func (e *Encoder) Feed(n int) { e.raw(0x1b, 0x64, byte(min(max(n, 0), 255))) }

// FeedDots feeds n dots, 0 to 255: an eighth of a millimetre each.
func (e *Encoder) FeedDots(n int) { e.raw(0x1b, 0x4a, byte(min(max(n, 0), 255))) }

// Cut ends the paper as the profile can.
func (e *Encoder) Cut() {
	switch e.profile.Cut {
	case CutFeedPartial:
		e.raw(0x1d, 0x56, 0x42, 0)
	case CutPartial:
		e.Feed(e.profile.FeedLines)
		e.raw(0x1d, 0x56, 1)
	case CutNone:
		e.Feed(e.profile.FeedLines)
	}
}

// Beep sounds once, shortly, where the profile can.
func (e *Encoder) Beep() {
	switch e.profile.Beep {
	case BeepClone:
		e.raw(0x1b, 0x42, 1, 2)
	case BeepEpson:
		e.raw(0x1b, 0x28, 0x41, 4, 0, 0x30, 0x37, 1, 2)
	case BeepNone:
	}
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}
