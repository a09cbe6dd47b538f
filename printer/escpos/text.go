package escpos

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Clean makes s safe and printable on a page: characters that the page has
// are kept, accents that it lacks are dropped, everything else is "?". What
// could command the printer (below 20h, 7Fh, and the C1 controls) is gone;
// white space of any kind is one space.
func Clean(s string, page *charmap.Charmap) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		case printable(r, page):
			b.WriteRune(r)
		default:
			b.WriteString(fold(r, page))
		}
	}
	return b.String()
}

// printable also refuses what a page encodes as a control byte: cp437 has
// pictures for those in some tables.
func printable(r rune, page *charmap.Charmap) bool {
	if r < 0x80 {
		return r >= 0x20 && r != 0x7f
	}
	c, ok := page.EncodeRune(r)
	return ok && c >= 0x80
}

// plain are characters of everyday typing whose plain form is no matter of
// taking an accent off.
var plain = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", ",", "“", `"`, "”", `"`, "„", `"`, "–", "-", "—", "-", "−", "-",
	"‐", "-", "‑", "-", "…", "...", "•", "*", "×", "x", "€", "EUR", "№", "No.", "æ", "ae", "Æ", "AE",
	"ø", "o", "Ø", "O", "ß", "ss", "đ", "d", "Đ", "D", "ł", "l", "Ł", "L", "→", "->", "←", "<-",
)

func fold(r rune, page *charmap.Charmap) string {
	if s := plain.Replace(string(r)); s != string(r) {
		return s
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, d):
		case unicode.IsSpace(d):
			b.WriteByte(' ')
		case printable(d, page):
			b.WriteRune(d)
		}
	}
	if b.Len() == 0 {
		return "?"
	}
	return b.String()
}

// wrap breaks clean text into lines of at most columns characters, at spaces
// where there are any.
func wrap(s string, columns int) []string {
	columns = max(columns, 1)
	var lines []string
	var line []rune
	for _, word := range strings.Fields(s) {
		w := []rune(word)
		if len(line) > 0 && len(line)+1+len(w) <= columns {
			line = append(append(line, ' '), w...)
			continue
		}
		if len(line) > 0 {
			lines = append(lines, string(line))
		}
		for len(w) > columns {
			lines = append(lines, string(w[:columns]))
			w = w[columns:]
		}
		line = append([]rune(nil), w...)
	}
	if len(line) > 0 {
		lines = append(lines, string(line))
	}
	return lines
}
