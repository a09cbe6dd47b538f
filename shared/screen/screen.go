// Package screen is what a program whose one window fills a screen needs besides
// its pictures: how large the screen is, which Fyne does not tell, where its window
// stands, one unit of the canvas to a pixel, and the signals to stop. It draws
// nothing and does not start Fyne.
package screen

import (
	"fmt"
	"os"
	"regexp"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Place is a window's size and place, in pixels of the screen.
type Place struct{ Width, Height, X, Y int }

// Limits of a window, in pixels.
const (
	leastWidth, leastHeight = 320, 240
	most                    = 16384
)

var geometry = regexp.MustCompile(`^(\d{1,5})x(\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?$`)

// Window is where the window stands: at the flag --geometry's WIDTHxHEIGHT[+X+Y],
// or over the whole screen where that is empty. Either way there must be a display
// (ErrNoDisplay), for without one nothing can be shown.
func Window(flag string) (Place, error) {
	given, err := parse(flag)
	if err != nil {
		return Place{}, err
	}
	w, h, err := Size()
	if err != nil {
		return Place{}, err
	}
	if flag == "" {
		return Place{Width: w, Height: h}, nil
	}
	return given, nil
}

func parse(flag string) (Place, error) {
	if flag == "" {
		return Place{}, nil
	}
	m := geometry.FindStringSubmatch(flag)
	var n [4]int
	for i := range min(len(n), max(0, len(m)-1)) {
		n[i], _ = strconv.Atoi(m[i+1]) // at most five digits, or none: 0
	}
	p := Place{Width: n[0], Height: n[1], X: n[2], Y: n[3]}
	if p.Width < leastWidth || p.Height < leastHeight || max(p.Width, p.Height) > most {
		return Place{}, fmt.Errorf("--geometry=%s: write WIDTHxHEIGHT or WIDTHxHEIGHT+X+Y in pixels, such as 1080x1920, from %dx%d to %dx%d",
			flag, leastWidth, leastHeight, most, most)
	}
	return p, nil
}

// PixelUnits makes one unit of Fyne's canvas one pixel: sizes come from the screen's
// millimetres. It must be called before Fyne's app is made.
func PixelUnits() error {
	for name, value := range map[string]string{"FYNE_SCALE": "1", "FYNE_DISABLE_DPI_DETECTION": "1"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// Fill puts w, which is not shown yet, at its place. It does not use SetFullScreen:
// a screen that is switched off and on again would leave such a window black for ever.
func Fill(w fyne.Window, at Place) {
	w.SetPadded(false)
	w.SetMaster()
	w.Resize(fyne.NewSize(float32(at.Width), float32(at.Height)))
	if d, ok := w.(desktop.Window); ok {
		d.RequestPosition(at.X, at.Y)
	}
}
