package escpos

import (
	"bytes"
	"image"
	"image/color"
)

// slice is how many rows go into one raster command: small enough that a
// printer with a 4 KB buffer starts to print while the rest arrives.
const slice = 96

// Picture prints img, shrunk to the paper's width where it is wider, and
// dithered (Floyd and Steinberg's error diffusion). Transparent is white. The
// line must be centred by the caller.
func (e *Encoder) Picture(img image.Image) {
	e.raster(dither(shrink(img, e.profile.Dots)), false)
}

// raster is GS v 0, in slices. The bytes of a picture are dots and could be
// anything, also a command that printers obey in real time, wherever it
// stands: see defuse. doubled prints each dot two by two.
func (e *Encoder) raster(img image.Image, doubled bool) {
	b := img.Bounds()
	stride := (b.Dx() + 7) / 8
	var mode byte
	if doubled {
		mode = 3
	}
	for top := b.Min.Y; top < b.Max.Y; top += slice {
		rows := min(slice, b.Max.Y-top)
		data := make([]byte, stride*rows)
		for y := range rows {
			for x := range b.Dx() {
				if dark(img.At(b.Min.X+x, top+y)) {
					data[y*stride+x/8] |= 0x80 >> (x % 8)
				}
			}
		}
		defuse(data)
		e.raw(0x1d, 0x76, 0x30, mode, byte(stride), byte(stride>>8), byte(rows), byte(rows>>8))
		e.buf.Write(data)
	}
}

// defuse changes one dot in each real-time sequence (DLE EOT, DLE ENQ, DLE
// DC4): a printer would execute it in the middle of the picture, and a QR
// symbol corrects a dot. The changed byte is the second, by its lowest dot,
// which makes none of the three.
func defuse(data []byte) {
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0x10 && bytes.IndexByte([]byte{0x04, 0x05, 0x14}, data[i+1]) >= 0 {
			data[i+1] ^= 0x02
		}
	}
}

func dark(c color.Color) bool {
	r, g, b, a := c.RGBA()
	y := (299*r + 587*g + 114*b) / 1000
	return y+(0xffff-a) < 0x8000
}

// shrink scales img down to at most width dots by averaging, and lays it on
// white.
func shrink(img image.Image, width int) *image.Gray {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if w > width {
		w, h = width, max(1, h*width/w)
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			x0, x1 := x*b.Dx()/w, max(x*b.Dx()/w+1, (x+1)*b.Dx()/w)
			y0, y1 := y*b.Dy()/h, max(y*b.Dy()/h+1, (y+1)*b.Dy()/h)
			var sum, n uint64
			for sy := y0; sy < y1; sy++ {
				for sx := x0; sx < x1; sx++ {
					r, g, bl, a := img.At(b.Min.X+sx, b.Min.Y+sy).RGBA()
					sum += uint64(299*r+587*g+114*bl)/1000 + uint64(0xffff-a)
					n++
				}
			}
			out.SetGray(x, y, color.Gray{Y: uint8(min(sum/n, 0xffff) >> 8)})
		}
	}
	return out
}

func dither(img *image.Gray) *image.Gray {
	b := img.Bounds()
	out := image.NewGray(b)
	row, next := make([]int, b.Dx()+2), make([]int, b.Dx()+2)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := range b.Dx() {
			want := int(img.GrayAt(b.Min.X+x, y).Y) + row[x+1]/16
			got := 0
			if want >= 128 {
				got = 255
			}
			out.SetGray(b.Min.X+x, y, color.Gray{Y: uint8(got)})
			off := want - got
			row[x+2] += 7 * off
			next[x] += 3 * off
			next[x+1] += 5 * off
			next[x+2] += off
		}
		row, next = next, row
		clear(next)
	}
	return out
}
