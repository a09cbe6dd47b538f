// Package spoken is what is said aloud: a code becomes words, words become sound,
// and a chime stands before them. It knows no queue and plays nothing: who speaks,
// when, and through which loudspeaker is the caller's.
package spoken

import (
	"strings"
	"unicode"

	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// How the digits of a number are said (wire.Voice.Digits).
const (
	DigitsEach   = "each"   // "A, nol, nol, satu"
	DigitsNumber = "number" // "A, satu"
)

// Call is a call as it is to be said.
type Call struct {
	Number   ticket.Number
	Prefix   string // what stands before the digits in Number.Text: "A-"
	Counter  string // the counter's label: "3", "12B", "Informasi"
	Language string // a tag; one that the house does not speak is said in Indonesian
	Digits   string // DigitsEach or DigitsNumber; anything else is DigitsEach
}

// Sentence is the call in words, for people to read: "Nomor antrean A, nol, nol,
// satu. Silakan menuju loket tiga."
func (c Call) Sentence() string { return c.say(readable) }

// Phonetic is the same sentence for a synthesiser, with Indonesian letters spelled
// by name: left to itself, espeak-ng's Indonesian voice says C as "che" and reads
// "B-023" as a number.
func (c Call) Phonetic() string { return c.say(phonetic) }

type manner bool

const (
	readable manner = false
	phonetic manner = true
)

func (c Call) say(m manner) string {
	lang := i18n.Negotiate(c.Language)
	return i18n.Text(lang, "spoken.call", i18n.Args{
		"Number":  strings.Join(c.code(lang, m), ", "),
		"Counter": strings.Join(label(lang, c.Counter, m), " "),
	})
}

// code splits the printed number into what is said, piece by piece. The prefix is
// always spelled, its digits too ("4K-01": "empat, K, nol, satu").
func (c Call) code(lang string, m manner) []string {
	rest, found := strings.CutPrefix(c.Number.Text, c.Prefix)
	if !found || rest == "" { // a text that does not begin with its prefix is spelled whole
		return spell(lang, c.Number.Text, m)
	}
	words := spell(lang, c.Prefix, m)
	if c.Digits == DigitsNumber {
		return append(words, Number(lang, c.Number.N))
	}
	return append(words, spell(lang, rest, m)...)
}

// spell says every letter and digit by itself; what is neither is not said.
func spell(lang, code string, m manner) []string {
	var words []string
	for _, r := range code {
		switch {
		case r >= '0' && r <= '9':
			words = append(words, Number(lang, int(r-'0')))
		case unicode.IsLetter(r):
			words = append(words, letter(lang, r, m))
		}
	}
	return words
}

// label says a counter's label: its digits as a number, short capitals spelled,
// anything longer as the word that it is.
func label(lang, text string, m manner) []string {
	var words []string
	for _, run := range runs(text) {
		switch first := rune(run[0]); {
		case unicode.IsDigit(first):
			words = append(words, digits(lang, run))
		case len(run) <= 3 && strings.ToUpper(run) == run:
			words = append(words, spell(lang, run, m)...)
		default:
			words = append(words, run)
		}
	}
	return words
}

// runs cuts a text into runs of ASCII digits and runs of letters and drops the rest.
func runs(text string) []string {
	kind := func(r rune) int {
		switch {
		case r >= '0' && r <= '9':
			return 1
		case unicode.IsLetter(r):
			return 2
		}
		return 0
	}
	var out []string
	last := 0
	for _, r := range text {
		k := kind(r)
		switch k {
		case 0:
		case last:
			out[len(out)-1] += string(r)
		default:
			out = append(out, string(r))
		}
		last = k
	}
	return out
}

// digits says a run of digits as a number, or one by one where it is too long for one.
func digits(lang, run string) string {
	if run = strings.TrimLeft(run, "0"); run == "" {
		run = "0"
	}
	if len(run) > 4 {
		return strings.Join(spell(lang, run, readable), ", ")
	}
	n := 0
	for _, r := range run {
		n = n*10 + int(r-'0')
	}
	return Number(lang, n)
}

// letterNames are the Indonesian names of the letters A to Z.
var letterNames = strings.Fields("a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet")

// letter says one letter. The English voice knows capitals by name; the Indonesian
// one must be told.
func letter(lang string, r rune, m manner) string {
	up := unicode.ToUpper(r)
	if m == phonetic && lang == i18n.Default && up >= 'A' && up <= 'Z' {
		return letterNames[up-'A']
	}
	return string(up)
}
