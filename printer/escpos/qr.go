package escpos

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"unicode"

	qrcode "github.com/skip2/go-qrcode"
)

// quiet is the white border of a QR symbol in modules: the standard asks 4.
// Left and right the paper itself gives it.
const quiet = 4

// qrWidth is how much of the paper's width a symbol takes at most, in dots:
// 30 mm can be read from an arm's length.
const qrWidth = 240

// QR prints link as a QR symbol of correction level M, by the printer itself
// where the profile says so, else as a picture. It fails for text that no
// symbol holds. The line must be centred by the caller.
func (e *Encoder) QR(link string) error {
	if strings.ContainsFunc(link, unicode.IsControl) {
		return errors.New("qr: control characters in the link") // DLE EOT works inside data too
	}
	code, err := qrcode.New(link, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("qr: %w", err)
	}
	code.DisableBorder = true
	bitmap := code.Bitmap()
	module := qrWidth / len(bitmap)
	if e.profile.NativeQR {
		e.nativeQR(link, min(max(module, 3), 16))
		return nil
	}
	// An even module is sent at half its size and doubled by the printer: a
	// quarter of the bytes.
	module = max(module/2*2, 2)
	e.FeedDots(quiet * module)
	e.raster(grow(bitmap, module/2), true)
	e.FeedDots(quiet * module)
	return nil
}

// nativeQR is GS ( k: model 2, module size, correction M, store, print.
func (e *Encoder) nativeQR(link string, module int) {
	n := len(link) + 3
	e.raw(0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0)
	e.raw(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, byte(module))
	e.raw(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31)
	e.raw(0x1d, 0x28, 0x6b, byte(n), byte(n>>8), 0x31, 0x50, 0x30)
	e.buf.WriteString(link)
	e.raw(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30)
}

// grow makes a picture of modules, each n by n dots.
func grow(bitmap [][]bool, n int) image.Image {
	side := len(bitmap) * n
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !bitmap[y/n][x/n] {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return img
}
