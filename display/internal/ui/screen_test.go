package ui

import (
	"fmt"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"antrean/display/internal/board"
)

// halls are the screens that the tests draw on.
var halls = []Place{
	{1920, 1080, 43, 4},
	{1920, 1080, 55, 8},
	{1366, 768, 32, 3},
	{1366, 768, 32, 4},
	{1080, 1920, 43, 4},
	{1080, 1920, 43, 6},
	{3840, 2160, 65, 8},
	{1280, 720, 24, 3},
}

func busy(counters, services int) board.Picture {
	p := board.Picture{
		Line: board.Online, Ready: true, Epoch: "e1", Seq: 1234,
		Office: "Mal Pelayanan Publik Kabupaten Sinjai", Zone: "Zona Barat", Clock: "10.42", ZoneName: "WITA",
		Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), DayOpen: true,
		Latest: &board.Latest{ID: 77, Number: "A-017", Counter: "3", Name: "Dinas Kependudukan dan Pencatatan Sipil"},
	}
	for i := range 11 {
		p.Recent = append(p.Recent, board.Row{Number: fmt.Sprintf("%c-%03d", 'A'+i%5, 16-i), Counter: fmt.Sprint(1 + i%12)})
	}
	for i := range counters {
		c := board.Cell{Counter: fmt.Sprint(i + 1), Open: i%5 != 4, Latest: i == 2}
		if c.Open && i%4 != 3 {
			c.Number = fmt.Sprintf("%c-%03d", 'A'+i%5, 17-i%9)
		}
		p.Counters = append(p.Counters, c)
	}
	names := []string{"Pencetakan KTP elektronik", "Perpanjangan SIM A dan SIM C", "Pembayaran pajak kendaraan bermotor tahunan", "Paspor", "Pendaftaran peserta BPJS Kesehatan"}
	agencies := []string{"Disdukcapil", "Polres Sinjai", "Samsat", "Kantor Imigrasi", "BPJS Kesehatan"}
	for i := range services {
		p.Waiting = append(p.Waiting, board.Count{Service: names[i%5], Agency: agencies[i%5], Waiting: (i * 7) % 23})
	}
	return p
}

// scenes are the pictures that a day brings, and the longest of everything.
func scenes() map[string]board.Picture {
	out := map[string]board.Picture{
		"busy": busy(12, 8), "one counter": busy(1, 1), "forty counters": busy(40, 60), "nothing": busy(0, 0),
		"searching": {}, "refused": {Line: board.Refused, Code: "token"},
		"refused for a strange reason": {Line: board.Refused, Code: "some_code_nobody_translated"},
	}
	long := busy(30, 30)
	long.Office, long.Zone = "Mal Pelayanan Publik Digital Kabupaten Bengkulu Tengah Provinsi Bengkulu", "Zona Perizinan dan Nonperizinan Lantai Dua"
	long.Latest.Number, long.Latest.Counter = "PHK-0123", "Informasi 12B"
	for i := range long.Recent {
		long.Recent[i] = board.Row{Number: "WWW-0888", Counter: "Informasi 12B"}
	}
	for i := range long.Counters {
		long.Counters[i].Counter, long.Counters[i].Number = "Informasi 12B", "WWW-0888"
	}
	out["longest"] = long
	lost := busy(12, 8)
	lost.Line, lost.LastView, lost.Silent = board.Lost, "10.38 WITA", true
	out["lost and silent"] = lost
	revoked := busy(12, 8)
	revoked.Line, revoked.LastView, revoked.Code = board.Refused, "10.38 WITA", "token"
	out["revoked"] = revoked
	pulse := busy(12, 8)
	pulse.Latest.Pulse, pulse.Latest.Recall = true, true
	out["pulse"] = pulse
	closed := busy(3, 3)
	closed.Latest, closed.Recent, closed.DayOpen = nil, nil, false
	out["closed"] = closed
	return out
}

// shown draws a picture in a window of the place's size.
func shown(t *testing.T, at Place, lang string, p board.Picture) (*Screen, Drawn, fyne.Window) {
	t.Helper()
	s := New(at, lang, nil)
	w := test.NewTempWindow(t, s.Content())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(float32(at.Width), float32(at.Height)))
	return s, s.Show(p), w
}

// eachPage runs over scene x language x place.
func eachPage(t *testing.T, do func(t *testing.T, at Place, s *Screen, d Drawn, p board.Picture)) {
	test.NewTempApp(t)
	for name, p := range scenes() {
		for _, lang := range []string{"id", "en"} {
			for _, at := range halls {
				t.Run(fmt.Sprintf("%s %s %dx%d %vm", name, lang, at.Width, at.Height, at.SeatMetres), func(t *testing.T) {
					s, d, _ := shown(t, at, lang, p)
					do(t, at, s, d, p)
				})
			}
		}
	}
}

func TestEveryPageFitsItsScreen(t *testing.T) {
	eachPage(t, func(t *testing.T, at Place, s *Screen, _ Drawn, _ board.Picture) {
		if m := s.Content().MinSize(); m.Width > float32(at.Width) || m.Height > float32(at.Height) {
			t.Errorf("the page wants %v", m)
		}
		for _, o := range s.pen.texts.Objects {
			if x := o.(*canvas.Text); x.Visible() {
				top, bottom := x.Position().Y+overhead*x.TextSize, x.Position().Y+(overhead+capital)*x.TextSize
				if x.Position().X < 0 || x.Position().X+x.Size().Width > float32(at.Width)+1 || top < 0 || bottom > float32(at.Height) {
					t.Errorf("%q is outside: %v %v", x.Text, x.Position(), x.Size())
				}
			}
		}
		for _, o := range s.pen.rects.Objects {
			if o.Visible() && (o.Position().X < -1 || o.Position().Y < -1 || o.Position().X+o.Size().Width > float32(at.Width)+1 || o.Position().Y+o.Size().Height > float32(at.Height)+1) {
				t.Errorf("a panel is outside: %v %v", o.Position(), o.Size())
			}
		}
	})
}

func TestNoTwoTextsLieOverEachOther(t *testing.T) {
	eachPage(t, func(t *testing.T, _ Place, s *Screen, _ Drawn, _ board.Picture) {
		var boxes []box
		var names []string
		for _, o := range s.pen.texts.Objects {
			x := o.(*canvas.Text)
			if !x.Visible() || x.Text == "" {
				continue
			}
			b := box{x.Position().X + 1, x.Position().Y + overhead*x.TextSize, x.Size().Width - 2, capital * x.TextSize}
			for i, other := range boxes {
				if b.x < other.x+other.w && other.x < b.x+b.w && b.y < other.y+other.h && other.y < b.y+b.h {
					t.Errorf("%q lies over %q", x.Text, names[i])
				}
			}
			boxes, names = append(boxes, b), append(names, x.Text)
		}
	})
}

func TestTextNeverShrinksBelowItsSize(t *testing.T) {
	eachPage(t, func(t *testing.T, at Place, s *Screen, d Drawn, p board.Picture) {
		label := at.sizes().label
		for _, o := range s.pen.texts.Objects {
			if x := o.(*canvas.Text); x.Visible() && x.TextSize < label*0.99 {
				t.Errorf("%q has size %v, least is %v", x.Text, x.TextSize, label)
			}
		}
		if p.Latest != nil && !d.Kept && len(p.Latest.Number) < 6 {
			t.Errorf("%s is too small: %v", d.Number, d.Rect)
		}
	})
}

func TestACapitalIsAsHighOnTheScreenAsInTheTable(t *testing.T) {
	test.NewTempApp(t)
	at := Place{1920, 1080, 43, 4}
	p := busy(0, 0)
	p.Latest.Number = "H"
	_, d, w := shown(t, at, "id", p)
	img := w.Canvas().Capture()
	x := (d.Rect.Min.X + d.Rect.Max.X) / 2
	ground := img.At(d.Rect.Min.X-20, d.Rect.Min.Y-20)
	top, bottom := -1, -1
	for y := d.Rect.Min.Y - 30; y < d.Rect.Max.Y+30; y++ {
		for dx := -d.Rect.Dx() / 2; dx < d.Rect.Dx()/2; dx++ {
			if img.At(x+dx, y) != ground {
				if top < 0 {
					top = y
				}
				bottom = y
				break
			}
		}
	}
	if got, want := bottom-top+1, d.Rect.Dy(); got < want-3 || got > want+3 {
		t.Errorf("the capital is %d pixels high, the trace says %d", got, want)
	}
	if mm := float64(bottom-top+1) / at.PixelsPerMM(); mm < callPerMetre*at.SeatMetres {
		t.Errorf("%.1f mm for %v m", mm, at.SeatMetres)
	}
}

func TestTheTraceRectangleHoldsTheNumberAndChangesWithIt(t *testing.T) {
	test.NewTempApp(t)
	s, d, w := shown(t, halls[0], "id", busy(12, 8))
	if d.Number != "A-017" || d.Counter != "3" || d.ID != 77 || d.Seq != 1234 {
		t.Errorf("drawn: %+v", d)
	}
	img := w.Canvas().Capture()
	white := 0
	for y := d.Rect.Min.Y; y < d.Rect.Max.Y; y++ {
		for x := d.Rect.Min.X; x < d.Rect.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r > 0xf000 && g > 0xf000 && b > 0xf000 {
				white++
			}
		}
	}
	if share := float64(white) / float64(d.Rect.Dx()*d.Rect.Dy()); share < 0.15 || share > 0.7 {
		t.Errorf("%.2f of the rectangle is text", share)
	}
	if d := s.Show(board.Picture{}); d.Number != "" || !d.Rect.Empty() {
		t.Errorf("without a call: %+v", d)
	}
}

func TestManyCountersArePagedAndTheTurnChangesThePage(t *testing.T) {
	test.NewTempApp(t)
	p := busy(40, 60)
	s, d, _ := shown(t, halls[0], "id", p)
	if d.Pages < 2 {
		t.Fatalf("%d pages", d.Pages)
	}
	first := words(s)
	p.Turn = 1
	s.Show(p)
	if words(s) == first {
		t.Error("the second page is the first")
	}
}

func words(s *Screen) string {
	out := ""
	for _, o := range s.pen.texts.Objects {
		if x := o.(*canvas.Text); x.Visible() {
			out += x.Text + "|"
		}
	}
	return out
}

func TestTheSamePictureMakesNoNewObjects(t *testing.T) {
	test.NewTempApp(t)
	s, _, _ := shown(t, halls[0], "id", busy(12, 8))
	texts, rects := len(s.pen.texts.Objects), len(s.pen.rects.Objects)
	for range 10 {
		s.Show(busy(12, 8))
	}
	if len(s.pen.texts.Objects) != texts || len(s.pen.rects.Objects) != rects {
		t.Error("objects grow with each picture")
	}
}

func TestEveryTextHasSevenToOneContrast(t *testing.T) {
	channel := func(v uint8) float64 { // WCAG 2.2, relative luminance
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	light := func(r, g, b uint8) float64 {
		return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
	}
	for _, p := range pairs {
		a, b := light(p.text.R, p.text.G, p.text.B), light(p.ground.R, p.ground.G, p.ground.B)
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 7 {
			t.Errorf("%s: %.1f", p.name, ratio)
		}
	}
}

func TestThePainterIsToldWhenAPictureIsPaintedAndNotBefore(t *testing.T) {
	test.NewTempApp(t)
	var painted []Drawn
	s := New(halls[0], "id", func(d Drawn, _ time.Time) { painted = append(painted, d) })
	w := test.NewTempWindow(t, s.Content())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1920, 1080))
	s.Show(busy(12, 8))
	painted = nil
	w.Canvas().Capture()
	if len(painted) != 1 || painted[0].Number != "A-017" {
		t.Errorf("painted: %+v", painted)
	}
}
