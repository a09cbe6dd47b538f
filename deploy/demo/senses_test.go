//go:build linux

package main

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/skip2/go-qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"antrean/shared/spoken"
)

// The demo proves nothing unless its own eyes and ears can say no.

// written is a dark board with a light text in its middle.
func written(t *testing.T, text string) *image.RGBA {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 300))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{10, 40, 90, 255}), image.Point{}, draw.Src)
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 120, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	d := font.Drawer{Dst: img, Src: image.White, Face: face, Dot: fixed.P(150, 200)}
	d.DrawString(text)
	return img
}

func TestWhatStandsOnTheBoardIsReadAndNothingElse(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Skip("tesseract is not installed")
	}
	for _, number := range []string{"A-001", "B-047", "C-138", ""} {
		img := written(t, number)
		got, err := read(t.Context(), img, img.Bounds(), numberCharacters)
		if err != nil {
			t.Fatal(err)
		}
		for _, asked := range []string{"A-001", "A-007", "B-047", "C-138"} {
			if sameNumber(got, asked) != (asked == number) {
				t.Errorf("%q is drawn and %q was read: is it %s? %v", number, got, asked, sameNumber(got, asked))
			}
		}
	}
}

func TestAQRCodeIsReadOnlyWhereThereIsOne(t *testing.T) {
	const link = "http://127.0.0.1:8080/t/demo/AbCdEf0123456789_-xyzQ"
	code, err := qrcode.New(link, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "paper.png")
	for picture, want := range map[image.Image]string{code.Image(200): link, image.NewGray(image.Rect(0, 0, 300, 300)): ""} {
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, picture); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := readQR(file); got != want || (err == nil) != (want != "") {
			t.Errorf("read %q, %v", got, err)
		}
	}
}

func TestASilentOrShortOrChimelessSoundIsFound(t *testing.T) {
	const rate = 8000
	sentence := spoken.Sound{Rate: rate, Samples: make([]int16, 3*rate)}
	quiet := spoken.Announcement(sentence, 1)
	for i := range sentence.Samples {
		sentence.Samples[i] = int16(8000 - 16000*(i/20%2)) // a square wave of 200 Hz
	}
	whole := spoken.Announcement(sentence, 1)
	mute := spoken.Announcement(sentence, 1)
	clear(mute.Samples[:rate])
	short := spoken.Sound{Rate: rate, Samples: whole.Samples[:rate*7/2]}

	file := filepath.Join(t.TempDir(), "call.wav")
	want := spoken.ChimeLength + spoken.PauseBefore + 3*time.Second
	for name, c := range map[string]struct {
		sound spoken.Sound
		good  bool
	}{"whole": {whole, true}, "silent words": {quiet, false}, "no chime": {mute, false}, "cut off": {short, false}} {
		if err := os.WriteFile(file, c.sound.WAV(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := checkSound(file, want); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
