package virtual

import (
	"fmt"
	"image"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Font A of a 203 dpi head: 12 by 24 dots.
const (
	cellWidth  = 12
	cellHeight = 24
	baseline   = 18 // from the top
	fontSize   = 20 // the Go Mono size whose advance is 12 dots
)

// glyphs are the head's characters, each drawn when first used.
type glyphs struct {
	face font.Face
	seen map[rune]*glyph
}

// glyph has a bit for each dot, the leftmost the highest of twelve.
type glyph [cellHeight]uint16

func newFont() (*glyphs, error) {
	f, err := opentype.Parse(gomono.TTF)
	if err != nil {
		return nil, fmt.Errorf("virtual printer: font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: fontSize, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("virtual printer: font: %w", err)
	}
	return &glyphs{face: face, seen: map[rune]*glyph{}}, nil
}

func (g *glyphs) of(r rune) *glyph {
	if seen, ok := g.seen[r]; ok {
		return seen
	}
	cell := image.NewGray(image.Rect(0, 0, cellWidth, cellHeight))
	draw.Draw(cell, cell.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: cell, Src: image.Black, Face: g.face, Dot: fixed.P(0, baseline)}
	d.DrawString(string(r))
	out := &glyph{}
	for y := range cellHeight {
		for x := range cellWidth {
			if cell.GrayAt(x, y).Y < 140 {
				out[y] |= 1 << (cellWidth - 1 - x)
			}
		}
	}
	g.seen[r] = out
	return out
}
