package virtual

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// Paper is a piece of paper that came out.
type Paper struct {
	N     int      // counted from 1 in its folder
	Image Dots     // a dot is a pixel: 8 a millimetre
	Text  string   // what it says, for people and golden files
	Links []string // what its native QR symbols hold
	Torn  bool     // it ended with the roll and not with a cut
	At    time.Time
	File  string // of the PNG; empty without a folder
}

// QR reads the first QR symbol on the paper from its dots, as a phone would.
func (p Paper) QR() (string, error) { return ReadQR(p.Image) }

// ReadQR reads a QR symbol from any picture of a paper.
func ReadQR(img image.Image) (string, error) {
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", fmt.Errorf("read qr: %w", err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bits, hints)
	if err != nil {
		return "", fmt.Errorf("read qr: %w", err)
	}
	return result.GetText(), nil
}

// sheet is the paper that is being printed.
type sheet struct {
	dots    int
	rows    [][]byte // a bit for each dot, the leftmost the highest
	text    []string
	links   []string
	picture struct{ w, h int } // rows of a picture that text does not name yet
}

func (s *sheet) blank(dots int) {
	for range dots {
		s.rows = append(s.rows, make([]byte, s.dots/8))
	}
}

func (s *sheet) burn(row []byte, x int) { row[x/8] |= 0x80 >> (x % 8) }

// say adds a line to the readable form.
func (s *sheet) say(line string) {
	if s.picture.h > 0 {
		s.text = append(s.text, fmt.Sprintf("[picture %dx%d]", s.picture.w, s.picture.h))
		s.picture.w, s.picture.h = 0, 0
	}
	s.text = append(s.text, strings.TrimRight(line, " "))
}

func (s *sheet) paper(torn bool) Paper {
	if torn {
		s.say("~~~ torn ~~~")
	} else {
		s.say("--- cut ---")
	}
	return Paper{Text: strings.Join(s.text, "\n") + "\n", Links: s.links, Torn: torn, At: time.Now(), Image: Dots{s.dots, s.rows}}
}

// Dots is what a head has burned: an image of two colours that takes a bit a
// dot.
type Dots struct {
	width int
	rows  [][]byte // the leftmost dot is the highest bit
}

var _ image.PalettedImage = Dots{} // so that its PNG has a bit a dot too

// ColorModel is white and black.
func (d Dots) ColorModel() color.Model {
	return color.Palette{color.Gray{Y: 255}, color.Gray{Y: 0}}
}

// Bounds has at least one row.
func (d Dots) Bounds() image.Rectangle { return image.Rect(0, 0, d.width, max(1, len(d.rows))) }

// ColorIndexAt is 1 for a burned dot.
func (d Dots) ColorIndexAt(x, y int) uint8 {
	if y < 0 || y >= len(d.rows) || x < 0 || x >= d.width {
		return 0
	}
	return d.rows[y][x/8] >> (7 - x%8) & 1
}

// At is the colour of a dot.
func (d Dots) At(x, y int) color.Color { return color.Gray{Y: 255 * (1 - d.ColorIndexAt(x, y))} }

// folder is where papers are kept. nil keeps none.
type folder struct{ path string }

func openFolder(path string) (*folder, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // no folder is no error
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("virtual printer: %w", err)
	}
	return &folder{path}, nil
}

// last is the highest number that a paper in the folder has.
func (f *folder) last() int {
	if f == nil {
		return 0
	}
	names, _ := filepath.Glob(filepath.Join(f.path, "ticket-*.png")) // the pattern is good
	highest := 0
	for _, name := range names {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(name), "ticket-%d.png", &n); err == nil {
			highest = max(highest, n)
		}
	}
	return highest
}

// keep writes the text and then the picture, each in one step: who sees a
// picture can read it and its text.
func (f *folder) keep(p Paper) (string, error) {
	if f == nil {
		return "", nil
	}
	base := filepath.Join(f.path, fmt.Sprintf("ticket-%04d", p.N))
	err := write(base+".txt", func(w io.Writer) error {
		_, err := io.WriteString(w, p.Text)
		return err
	})
	if err != nil {
		return "", err
	}
	return base + ".png", write(base+".png", func(w io.Writer) error { return png.Encode(w, p.Image) })
}

func write(path string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".paper-*")
	if err != nil {
		return err
	}
	err = errors.Join(fill(f), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
