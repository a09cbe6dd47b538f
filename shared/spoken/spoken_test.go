package spoken

import (
	"strings"
	"testing"

	"antrean/shared/ticket"
)

func TestNumbersAreSaidAsPeopleSayThem(t *testing.T) {
	for n, want := range map[int][2]string{
		0: {"nol", "zero"}, 1: {"satu", "one"}, 9: {"sembilan", "nine"}, 10: {"sepuluh", "ten"}, 11: {"sebelas", "eleven"},
		12: {"dua belas", "twelve"}, 19: {"sembilan belas", "nineteen"}, 20: {"dua puluh", "twenty"}, 21: {"dua puluh satu", "twenty-one"},
		99: {"sembilan puluh sembilan", "ninety-nine"}, 100: {"seratus", "one hundred"}, 101: {"seratus satu", "one hundred one"},
		111: {"seratus sebelas", "one hundred eleven"}, 199: {"seratus sembilan puluh sembilan", "one hundred ninety-nine"},
		200: {"dua ratus", "two hundred"}, 215: {"dua ratus lima belas", "two hundred fifteen"}, 999: {"sembilan ratus sembilan puluh sembilan", "nine hundred ninety-nine"},
		1000: {"seribu", "one thousand"}, 1001: {"seribu satu", "one thousand one"}, 1100: {"seribu seratus", "one thousand one hundred"},
		2000: {"dua ribu", "two thousand"}, 4010: {"empat ribu sepuluh", "four thousand ten"},
		9999:  {"sembilan ribu sembilan ratus sembilan puluh sembilan", "nine thousand nine hundred ninety-nine"},
		10000: {"10000", "10000"}, -1: {"-1", "-1"},
	} {
		for i, lang := range []string{"id", "en"} {
			if got := Number(lang, n); got != want[i] {
				t.Errorf("%s %d: %q, want %q", lang, n, got, want[i])
			}
		}
	}
}

func TestNoTwoNumbersSoundTheSame(t *testing.T) {
	for _, lang := range []string{"id", "en"} {
		said := map[string]int{}
		for n := range 10000 {
			w := Number(lang, n)
			if other, twice := said[w]; twice {
				t.Fatalf("%s: %d and %d are both %q", lang, other, n, w)
			}
			said[w] = n
		}
	}
}

func TestACallIsASentence(t *testing.T) {
	for _, c := range []struct {
		text, prefix  string
		n             int
		counter       string
		lang, digits  string
		read, phoneme string
	}{
		{"A-001", "A-", 1, "3", "id", "each", "Nomor antrean A, nol, nol, satu. Silakan menuju loket tiga.", "Nomor antrean a, nol, nol, satu. Silakan menuju loket tiga."},
		{"A001", "A", 1, "11", "id", "each", "Nomor antrean A, nol, nol, satu. Silakan menuju loket sebelas.", "Nomor antrean a, nol, nol, satu. Silakan menuju loket sebelas."},
		{"B-023", "B-", 23, "03", "id", "number", "Nomor antrean B, dua puluh tiga. Silakan menuju loket tiga.", "Nomor antrean be, dua puluh tiga. Silakan menuju loket tiga."},
		{"PH-017", "PH-", 17, "12B", "id", "each", "Nomor antrean P, H, nol, satu, tujuh. Silakan menuju loket dua belas B.", "Nomor antrean pe, ha, nol, satu, tujuh. Silakan menuju loket dua belas be."},
		{"4K-01", "4K-", 1, "CS 2", "id", "each", "Nomor antrean empat, K, nol, satu. Silakan menuju loket C S dua.", "Nomor antrean empat, ka, nol, satu. Silakan menuju loket ce es dua."},
		{"C-120", "C-", 120, "Informasi", "id", "number", "Nomor antrean C, seratus dua puluh. Silakan menuju loket Informasi.", "Nomor antrean ce, seratus dua puluh. Silakan menuju loket Informasi."},
		{"A-001", "A-", 1, "3", "en", "each", "Queue number A, zero, zero, one. Please go to counter three.", "Queue number A, zero, zero, one. Please go to counter three."},
		{"A-021", "A-", 21, "21", "en-GB", "number", "Queue number A, twenty-one. Please go to counter twenty-one.", "Queue number A, twenty-one. Please go to counter twenty-one."},
		{"A-001", "A-", 1, "3", "jv", "", "Nomor antrean A, nol, nol, satu. Silakan menuju loket tiga.", "Nomor antrean a, nol, nol, satu. Silakan menuju loket tiga."},
		{"017", "", 17, "3", "id", "number", "Nomor antrean tujuh belas. Silakan menuju loket tiga.", "Nomor antrean tujuh belas. Silakan menuju loket tiga."},
		{"Z9", "X-", 9, "1", "id", "number", "Nomor antrean Z, sembilan. Silakan menuju loket satu.", "Nomor antrean zet, sembilan. Silakan menuju loket satu."},
	} {
		call := Call{Number: ticket.Number{N: c.n, Text: c.text}, Prefix: c.prefix, Counter: c.counter, Language: c.lang, Digits: c.digits}
		if got := call.Sentence(); got != c.read {
			t.Errorf("%s: %q, want %q", c.text, got, c.read)
		}
		if got := call.Phonetic(); got != c.phoneme {
			t.Errorf("%s to the synthesiser: %q, want %q", c.text, got, c.phoneme)
		}
	}
}

func TestEveryLetterHasItsIndonesianName(t *testing.T) {
	if len(letterNames) != 26 {
		t.Fatalf("%d names for 26 letters", len(letterNames))
	}
	for want, r := range map[string]rune{"ce": 'c', "ki": 'Q', "ve": 'V', "ye": 'y', "zet": 'Z'} {
		if got := letter("id", r, phonetic); got != want {
			t.Errorf("%c is %q, want %q", r, got, want)
		}
	}
}

func TestAStrangeLabelIsSaidWithoutItsSigns(t *testing.T) {
	for in, want := range map[string]string{"": "", "--": "", "0": "nol", "000": "nol", "1-2": "satu dua", "123456": "satu, dua, tiga, empat, lima, enam", "É2": "É dua", "Loket-VIP 9": "Loket V I P sembilan"} {
		if got := strings.Join(label("id", in, readable), " "); got != want {
			t.Errorf("label %q is %q, want %q", in, got, want)
		}
	}
}
