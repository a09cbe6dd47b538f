//go:build linux

package main

import (
	"context"
	"image"
	"regexp"
	"strings"
)

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

// readPaperNumber reports whether the number can be read on the paper. (Tesseract
// reads the print head's 4 x 4 dots best when they are made smaller.)
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
