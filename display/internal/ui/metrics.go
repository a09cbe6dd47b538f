// Package ui draws a board.Picture with Fyne and decides nothing. Sizes follow from
// millimetres and the farthest seat; where space runs out rows are dropped or paged,
// and text never shrinks below its size.
package ui

import "math"

// Place is where the board hangs. Geometry is in pixels; one Fyne unit is one pixel.
type Place struct {
	Width, Height int
	DiagonalInch  float64 // of the screen's picture
	SeatMetres    float64 // to the farthest seat
}

// Capital heights for each metre to the farthest seat, in millimetres. The call:
// 0.7 degrees, EN 301 549, 5.1.4. Recent calls and labels: signage practice.
const (
	callPerMetre   = 12.2
	recentPerMetre = 8.3
	labelPerMetre  = 5.0
)

// Of the typeface, Noto Sans, in ems: the height of a capital (OS/2 table, 714 of
// 1000), and the distance from the top of Fyne's line box to the top of a capital.
const (
	capital  = 0.714
	overhead = 1.069 - capital
)

// sizes are the smallest allowed text sizes in pixels of an em, and the spacing
// that goes with them.
type sizes struct {
	call, recent, label float32
	pad                 float32
}

// PixelsPerMM follows from the diagonal; pixels are square.
func (p Place) PixelsPerMM() float64 {
	return math.Hypot(float64(p.Width), float64(p.Height)) / (p.DiagonalInch * 25.4)
}

func (p Place) sizes() sizes {
	em := func(mmPerMetre float64) float32 {
		return float32(mmPerMetre * p.SeatMetres * p.PixelsPerMM() / capital)
	}
	s := sizes{call: em(callPerMetre), recent: em(recentPerMetre), label: em(labelPerMetre)}
	s.pad = float32(math.Round(float64(s.label) * 0.35))
	return s
}

// capOf is the height of a capital of a text size; sizeOf is its inverse.
func capOf(size float32) float32 { return size * capital }
func sizeOf(cap float32) float32 { return cap / capital }

// box is a rectangle in pixels.
type box struct{ x, y, w, h float32 }

func (b box) inset(d float32) box { return box{b.x + d, b.y + d, max(0, b.w-2*d), max(0, b.h-2*d)} }

// cutTop takes h from the top and leaves a gap; below is what remains.
func (b box) cutTop(h, gap float32) (top, below box) {
	return box{b.x, b.y, b.w, h}, box{b.x, b.y + h + gap, b.w, max(0, b.h-h-gap)}
}

// section is a list with a title that wants to stand in a column.
type section struct {
	head, row  float32 // heights in pixels
	least, all int     // rows below which it is not worth showing, and how many there are
}

// share gives the height of a column to its sections: first each its least rows, the
// earlier before the later, then all that they have. The answer is the number of rows
// of each; 0 drops it whole.
func share(height, gap float32, sections []section) []int {
	rows := make([]int, len(sections))
	for i, s := range sections {
		n := min(s.least, s.all)
		need := s.head + float32(n)*s.row
		if i > 0 && height < need+gap {
			continue
		}
		if i > 0 {
			height -= gap
		}
		if n == 0 || height < s.head+s.row {
			continue
		}
		n = min(n, int((height-s.head)/s.row))
		rows[i] = n
		height -= s.head + float32(n)*s.row
	}
	for i, s := range sections {
		if rows[i] == 0 {
			continue
		}
		more := min(s.all-rows[i], int(height/s.row))
		rows[i] += more
		height -= float32(more) * s.row
	}
	return rows
}
