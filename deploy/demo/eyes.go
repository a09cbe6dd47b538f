//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// read tells what is written in a part of a picture, by Tesseract, which knows
// nothing of Antrean: what is not drawn cannot be read. Only these characters are
// looked for. The writing may be light on dark or dark on light.
func read(ctx context.Context, img image.Image, where image.Rectangle, characters string) (string, error) {
	out, err := tesseract(ctx, ink(img, where.Intersect(img.Bounds())), "--psm", "7", "-c", "tessedit_char_whitelist="+characters)
	return strings.TrimSpace(out), err
}

// A word is something that can be read in a picture, and where.
type word struct {
	text string
	at   image.Rectangle
}

// readAll finds every word in a picture, wherever it stands.
func readAll(ctx context.Context, img image.Image) ([]word, error) {
	out, err := tesseract(ctx, img, "--psm", "11", "tsv")
	if err != nil {
		return nil, err
	}
	var words []word
	for line := range strings.Lines(out) { // level page block par line word left top width height conf text
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		var n [4]int
		bad := len(f) != 12 || strings.TrimSpace(f[11]) == ""
		for i := 0; i < 4 && !bad; i++ {
			n[i], err = strconv.Atoi(f[6+i])
			bad = err != nil // the line of headings
		}
		if !bad {
			words = append(words, word{strings.TrimSpace(f[11]), image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3])})
		}
	}
	return words, nil
}

func tesseract(ctx context.Context, img image.Image, args ...string) (string, error) {
	var in bytes.Buffer
	if err := png.Encode(&in, img); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tesseract", append([]string{"stdin", "stdout", "--dpi", "96"}, args...)...)
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = &in
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("tesseract: %w: %s", err, said.String())
	}
	return string(out), nil
}

// lineHeight is the height, in pixels, at which Tesseract reads best.
const lineHeight = 64

// ink is a part of a picture as black writing on white, without greys, with a
// margin, scaled to lineHeight. The colour that fills most of it is taken for the ground.
func ink(img image.Image, where image.Rectangle) *image.Gray {
	if where.Empty() {
		return image.NewGray(image.Rect(0, 0, lineHeight, lineHeight))
	}
	light, n := 0, where.Dx()*where.Dy()
	gray := image.NewGray(where)
	for y := where.Min.Y; y < where.Max.Y; y++ {
		for x := where.Min.X; x < where.Max.X; x++ {
			g := color.GrayModel.Convert(img.At(x, y)).(color.Gray)
			gray.SetGray(x, y, g)
			if g.Y > 127 {
				light++
			}
		}
	}
	invert := light < n/2
	height, width := lineHeight, max(1, where.Dx()*lineHeight/where.Dy())
	margin := lineHeight / 3
	small := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			small.Pix[y*small.Stride+x] = mean(gray, where, x, y, width, height)
		}
	}
	out := image.NewGray(image.Rect(0, 0, width+2*margin, height+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	edge := threshold(small.Pix)
	for y := range height {
		for x := range width {
			if (small.Pix[y*small.Stride+x] <= edge) != invert {
				out.SetGray(margin+x, margin+y, color.Gray{})
			}
		}
	}
	return out
}

// threshold is the grey that parts writing from ground best (N. Otsu, "A threshold
// selection method from gray-level histograms", 1979).
func threshold(pixels []uint8) uint8 {
	var histogram [256]int
	sum := 0
	for _, v := range pixels {
		histogram[v]++
		sum += int(v)
	}
	best, at := 0.0, uint8(127)
	dark, darkSum := 0, 0
	for v, n := range histogram {
		dark += n
		darkSum += v * n
		light := len(pixels) - dark
		if dark == 0 || light == 0 {
			continue
		}
		apart := float64(darkSum)/float64(dark) - float64(sum-darkSum)/float64(light)
		if between := float64(dark) * float64(light) * apart * apart; between > best {
			best, at = between, uint8(v)
		}
	}
	return at
}

// mean is the average of the source pixels that one target pixel covers.
func mean(g *image.Gray, where image.Rectangle, x, y, width, height int) uint8 {
	x0, y0 := where.Min.X+x*where.Dx()/width, where.Min.Y+y*where.Dy()/height
	x1, y1 := max(x0+1, where.Min.X+(x+1)*where.Dx()/width), max(y0+1, where.Min.Y+(y+1)*where.Dy()/height)
	sum, n := 0, 0
	for v := y0; v < y1; v++ {
		for u := x0; u < x1; u++ {
			sum += int(g.GrayAt(u, v).Y)
			n++
		}
	}
	return uint8(sum / n)
}

// numberCharacters are what printed numbers and counters' labels are made of.
const numberCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

// sameNumber compares what was read with a printed number, by its letters and
// digits only: a hyphen is easily lost. O and 0, I and 1 are alike to the eye, and
// no sequence tells its tickets apart by them.
func sameNumber(seen, number string) bool {
	alike := strings.NewReplacer("O", "0", "I", "1", "-", "", " ", "")
	return number != "" && alike.Replace(seen) == alike.Replace(number)
}

var counterSign = regexp.MustCompile(`(?i)^loket\s*(\S+)$`)

// readCounter reads "Loket 3" as 3; empty where no such words stand there.
func readCounter(ctx context.Context, img image.Image, where image.Rectangle) (string, error) {
	out, err := tesseract(ctx, ink(img, where.Intersect(img.Bounds())), "--psm", "6")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(out) {
		if m := counterSign.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			return m[1], nil
		}
	}
	return "", nil
}

// readPaperNumber reports whether the number can be read on the paper.
func readPaperNumber(ctx context.Context, file, number string) (bool, error) {
	img, err := picture(file)
	if err != nil {
		return false, err
	}
	words, err := readAll(ctx, img)
	for _, w := range words {
		if sameNumber(strings.ToUpper(w.text), number) {
			return true, nil
		}
	}
	return false, err
}
