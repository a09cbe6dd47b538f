package escpos

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/quick"

	"golang.org/x/text/encoding/charmap"
)

func TestTextKeepsWhatThePageHasFoldsAccentsAndDropsCommands(t *testing.T) {
	for in, want := range map[string][2]string{ // cp437, cp1252
		"Rekam KTP-el":            {"Rekam KTP-el", "Rekam KTP-el"},
		"café, Éva":               {"café, Éva", "café, Éva"},
		"cafe\u0301":              {"café", "café"}, // two runes, one letter
		"Łukasz Šimić":            {"Lukasz Simic", "Lukasz Šimic"},
		"“Layanan” – gratis…":     {`"Layanan" - gratis...`, `“Layanan” – gratis…`},
		"\x1b@\x1dV\x00A":         {"@VA", "@VA"},
		"a\x10\x04\x01b":          {"ab", "ab"},
		"a\tb\nc\u00a0d":          {"a b c d", "a b c d"},
		"\u009b1A":                {"1A", "1A"},
		"\u202eevil\u200b":        {"evil", "evil"},
		"日本 ☃":                    {"?? ?", "?? ?"},
		"Rp 5.000 / € 3":          {"Rp 5.000 / EUR 3", "Rp 5.000 / € 3"},
		"½ fullwidth ＡＢ":          {"½ fullwidth AB", "½ fullwidth AB"},
		string([]byte{'x', 0xff}): {"x?", "x?"},
	} {
		for i, page := range []*charmap.Charmap{charmap.CodePage437, charmap.Windows1252} {
			if got := Clean(in, page); got != want[i] {
				t.Errorf("%q on page %d is %q, want %q", in, i, got, want[i])
			}
		}
	}
}

func TestNoTextBecomesACommand(t *testing.T) {
	for _, name := range []string{"generic58", "epson-tm-t82", "xprinter80"} {
		p, err := LookUp(name)
		if err != nil {
			t.Fatal(err)
		}
		harmless := func(s string) bool {
			e := NewEncoder(p)
			e.Paragraph(s)
			for _, c := range e.Bytes() {
				if (c < 0x20 && c != '\n') || c == 0x7f {
					return false
				}
			}
			return true
		}
		if err := quick.Check(harmless, nil); err != nil {
			t.Error(err)
		}
		if raw := func(b []byte) bool { return harmless(string(b)) }; quick.Check(raw, nil) != nil {
			t.Errorf("%s: some bytes become a command", name)
		}
	}
}

func TestLongTextIsWrappedAtWordsAndNeverLost(t *testing.T) {
	got := wrap("Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", 20)
	want := []string{"Dinas Penanaman", "Modal dan Pelayanan", "Terpadu Satu Pintu"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	if got := wrap("abcdefghij kl", 4); !reflect.DeepEqual(got, []string{"abcd", "efgh", "ij", "kl"}) {
		t.Errorf("%q", got)
	}
	if got := wrap("  ", 4); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestTheNumberShrinksUntilItFits(t *testing.T) {
	p, _ := LookUp("generic58") // 32 columns
	e := NewEncoder(p)
	for s, want := range map[string]int{"A-001": 4, "PERIZ-0001": 3, "PERIZINAN-0001": 2, strings.Repeat("9", 40): 1} {
		if got := e.Fits(s, 4); got != want {
			t.Errorf("%s at size %d, want %d", s, got, want)
		}
	}
}

func TestCommandsAreThoseOfTheManual(t *testing.T) {
	p, _ := LookUp("epson-tm-t82")
	e := NewEncoder(p)
	e.Init()
	e.Align(Centre)
	e.Size(4)
	e.Paragraph("A-001")
	if err := e.QR("x"); err != nil {
		t.Fatal(err)
	}
	e.Cut()
	want := "\x1b@\x1bR\x00\x1bt\x10\x1da\xff" + "\x1ba\x01" + "\x1d!\x33A-001\n" +
		"\x1d(k\x04\x001A2\x00" + "\x1d(k\x03\x001C\x0b" + "\x1d(k\x03\x001E1" + "\x1d(k\x04\x001P0x" + "\x1d(k\x03\x001Q0" +
		"\x1dVB\x00"
	if got := string(e.Bytes()); got != want {
		t.Errorf("\n got % x\nwant % x", got, want)
	}
	id := MakeID(0x1234)
	if got := ProcessID(id); string(got) != "\x1d(H\x06\x0000ABCD" {
		t.Errorf("% x", got)
	}
}

func TestALinkThatNoSymbolHoldsOrThatHidesACommandIsRefused(t *testing.T) {
	p, _ := LookUp("epson-tm-t82")
	for _, link := range []string{strings.Repeat("x", 5000), "http://x/\x10\x04\x01"} {
		if err := NewEncoder(p).QR(link); err == nil {
			t.Errorf("%.20q was taken", link)
		}
	}
}

func TestAPictureHoldsNoRealtimeCommand(t *testing.T) {
	// Rows of these dots are DLE EOT, DLE ENQ and DLE DC4 all over.
	img := image.NewGray(image.Rect(0, 0, 48, 200))
	for i := range img.Pix {
		bits := []byte{0x10, 0x04, 0x10, 0x05, 0x10, 0x14}[i%48/8]
		if bits&(0x80>>(i%8)) == 0 {
			img.Pix[i] = 255
		}
	}
	p, _ := LookUp("generic80")
	e := NewEncoder(p)
	e.raster(img, false)
	for _, danger := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if n := strings.Count(string(e.Bytes()), danger); n > 0 {
			t.Errorf("% x stands in the picture %d times", danger, n)
		}
	}
	if slices := bytes.Count(e.Bytes(), []byte("\x1dv0\x00\x06\x00")); slices != 3 {
		t.Errorf("%d slices for 200 rows", slices)
	}
}

func TestAWidePictureIsShrunkAndGreyIsDithered(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1200, 400))
	for i := range img.Pix {
		img.Pix[i] = 128
	}
	p, _ := LookUp("generic58")
	small := shrink(img, p.Dots)
	if got := small.Bounds().Size(); got != image.Pt(384, 128) {
		t.Fatalf("shrunk to %v", got)
	}
	black := 0
	out := dither(small)
	for _, v := range out.Pix {
		if v == 0 {
			black++
		}
	}
	if share := float64(black) / float64(len(out.Pix)); share < 0.47 || share > 0.53 {
		t.Errorf("half grey has %.2f black", share)
	}
	clear := image.NewRGBA(image.Rect(0, 0, 8, 8)) // transparent
	if dark(clear.At(0, 0)) || dark(shrink(clear, 8).At(0, 0)) {
		t.Error("transparent is black")
	}
	if !dark(color.Black) || dark(color.White) {
		t.Error("black is white")
	}
}

func TestEveryBuiltInProfileIsSoundAndSurvivesItsFile(t *testing.T) {
	all, err := Profiles()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range all {
		path := filepath.Join(t.TempDir(), name+".toml")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.WriteTOML(f); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if again, err := LookUp(path); err != nil || again != p {
			t.Errorf("%+v came back as %+v, %v", p, again, err)
		}
	}
	for _, bad := range []string{
		"[x]\ndots = 576\ncode_page = \"cp999\"\nanswers = \"maybe\"\ncut = \"none\"\n",
		"[x]\ndots = 576\ncode_page = \"cp437\"\nanswers = \"maybe\"\ncut = \"none\"\nwidth = 80\n",
		"[x]\ndots = 5\n", "", "x",
	} {
		path := filepath.Join(t.TempDir(), "bad.toml")
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := LookUp(path); err == nil {
			t.Errorf("%q is %+v", bad, p)
		}
	}
}
