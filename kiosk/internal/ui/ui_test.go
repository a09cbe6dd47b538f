package ui

import (
	"fmt"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"antrean/kiosk/internal/flow"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

var screens = map[string]Screen{
	"portrait32": {1080, 1920, 32},
	"square17":   {1280, 1024, 17},
	"wide15":     {1366, 768, 15.6},
	"portrait21": {1080, 1920, 21.5},
	"wide21":     {1920, 1080, 21.5},
	"least":      {1366, 768, 13.7},
}

func both(id, en string) wire.Text { return wire.Text{"id": id, "en": en} }

var (
	agency = both("Badan Penyelenggara Jaminan Sosial Ketenagakerjaan", "Workers' Social Security Administering Body")
	// 200 letters, the most that a name may have, in words of every length.
	longest = both(strings.TrimSpace(strings.Repeat("Penerbitan Dokumen Pertanggungjawaban Kependudukan ", 4))[:200],
		strings.Repeat("Antidisestablishmentarianism", 8)[:200])
	opens = time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC)
)

func tiles(n int, name wire.Text) []flow.Tile {
	all := make([]flow.Tile, n)
	for i := range all {
		all[i] = flow.Tile{Target: flow.ServiceTarget(ticket.ServiceID(fmt.Sprint("s", i))), Name: name, Waiting: i * 7}
		if i%2 == 1 {
			all[i].Closed = &wire.Closed{Code: "friday_prayer", OpensAt: &opens}
		}
	}
	return all
}

// pages is every page, each with the longest texts that it may have to hold, and
// with ordinary ones.
func pages(s Screen, lang string, long bool) map[string]flow.Page {
	n, q := s.Capacity()
	name := both("Penerbitan KTP elektronik", "Issue of an identity card")
	who, office := both("Dinas Kependudukan dan Pencatatan Sipil", "Population and Civil Registry"), both("Mal Pelayanan Publik Sinjai", "Public Service Mall of Sinjai")
	number, class := "A-001", ticket.Regular
	need := make([]wire.Text, q)
	for i := range need {
		need[i] = both("Fotokopi kartu keluarga", "Copy of the family card")
	}
	if long {
		name, who, office, number, class = longest, agency, longest, "DUKCAPIL-0001", ticket.Priority
		for i := range need {
			need[i] = longest
		}
	}
	base := flow.Page{
		Language: lang, Languages: []string{"id", "en"}, Today: "2025-03-03",
		Place:  wire.Place{Name: office, TimeZone: "Asia/Makassar", ZoneName: "WITA"},
		Agency: who, Service: name,
	}
	with := func(change func(*flow.Page)) flow.Page { p := base; change(&p); return p }
	taken := &wire.TakenTicket{Number: ticket.Number{Text: number}, Class: class, Ahead: 14, Link: "http://192.168.100.100:8080/t/bengkulu-tengah/ABCDEFGHIJKLMNOPQRSTUV"}
	noLink := *taken
	noLink.Link, noLink.Ahead = "", 0
	closed := &wire.Closed{Code: "not_open_yet", OpensAt: &opens}
	all := map[string]flow.Page{
		"start":         with(func(p *flow.Page) { p.Kind = flow.Start }),
		"start-closed":  with(func(p *flow.Page) { p.Kind, p.Closed = flow.Start, closed }),
		"start-nopaper": with(func(p *flow.Page) { p.Kind, p.PaperGone = flow.Start, true }),
		"agencies":      with(func(p *flow.Page) { p.Kind, p.Tiles, p.Sheet, p.Sheets = flow.Agencies, tiles(n, who), 2, 12 }),
		"services": with(func(p *flow.Page) {
			p.Kind, p.Tiles, p.Sheet, p.Sheets, p.Changed = flow.Services, tiles(n, name), 2, 12, true
		}),
		"services-few": with(func(p *flow.Page) { p.Kind, p.Tiles = flow.Services, tiles(3, name) }),
		"confirm": with(func(p *flow.Page) {
			p.Kind, p.Requirements, p.Sheet, p.Sheets = flow.Confirm, need, 2, 3
		}),
		"taking":         with(func(p *flow.Page) { p.Kind = flow.Taking }),
		"taking-retry":   with(func(p *flow.Page) { p.Kind, p.Retrying = flow.Taking, true }),
		"thanks":         with(func(p *flow.Page) { p.Kind, p.Ticket, p.Paper = flow.Thanks, taken, flow.Printing }),
		"thanks-printed": with(func(p *flow.Page) { p.Kind, p.Ticket, p.Paper = flow.Thanks, taken, flow.Printed }),
		"thanks-nopaper": with(func(p *flow.Page) { p.Kind, p.Ticket, p.Paper = flow.Thanks, &noLink, flow.NoPaper }),
		"thanks-unknown": with(func(p *flow.Page) { p.Kind, p.Ticket, p.Paper = flow.Thanks, taken, flow.Doubtful }),
		"refused":        with(func(p *flow.Page) { p.Kind, p.Code = flow.Refused, "never_heard_of" }),
		"refused-closed": with(func(p *flow.Page) { p.Kind, p.Code, p.Closed = flow.Refused, closed.Code, closed }),
		"away":           with(func(p *flow.Page) { p.Kind, p.Trouble = flow.Away, flow.Offline }),
		"away-token":     with(func(p *flow.Page) { p.Kind, p.Trouble, p.Code = flow.Away, flow.BadToken, "unauthorized" }),
		"away-first":     {Kind: flow.Away, Trouble: flow.Connecting, Language: "id", Languages: []string{"id"}},
	}
	for _, k := range []string{"agencies", "taking-retry", "confirm"} {
		p := all[k]
		p.Countdown = 17
		all[k+"-countdown"] = p
	}
	return all
}

type shown struct {
	drawn  Drawn
	tapped []flow.Target
}

func glass(t testing.TB, s Screen) (*Glass, fyne.Window, *shown) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	out := &shown{}
	g := New(Options{
		Screen: s, Do: func(f func()) { f() },
		Tapped: func(x flow.Target) { out.tapped = append(out.tapped, x) },
		Shown:  func(d Drawn) { out.drawn = d },
	})
	w := test.NewTempWindow(t, g.Root())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(float32(s.Width), float32(s.Height)))
	return g, w, out
}

// With KIOSK_PICTURES=FOLDER each page is also written there, to be looked at.
func TestEveryPageFitsEveryScreenInEveryLanguage(t *testing.T) {
	folder := os.Getenv("KIOSK_PICTURES")
	for where, s := range screens {
		g, w, out := glass(t, s)
		for _, lang := range []string{"id", "en"} {
			for _, long := range []bool{false, true} {
				for name, p := range pages(s, lang, long) {
					at := fmt.Sprintf("%s/%s-%s-long=%v", where, name, lang, long)
					g.Show(p)
					if m := g.Root().MinSize(); m.Width > float32(s.Width) || m.Height > float32(s.Height) {
						t.Errorf("%s: needs %v", at, m)
					}
					inside(t, at, s, g.root.Objects, fyne.NewSize(float32(s.Width), float32(s.Height)))
					targets(t, at, s, p, out.drawn)
					if folder != "" && (lang == "id" || !long) {
						picture(t, filepath.Join(folder, fmt.Sprintf("%s-%s-%s-%v.png", where, name, lang, long)), w)
					}
				}
			}
		}
	}
}

func picture(t *testing.T, file string, w fyne.Window) {
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// inside holds every object to its parent, every text to its place and to 5 mm.
func inside(t *testing.T, at string, s Screen, objects []fyne.CanvasObject, room fyne.Size) {
	t.Helper()
	const slack = 1.5 // pixels, of rounding
	for _, o := range objects {
		p, size := o.Position(), o.Size()
		if x, ok := o.(*canvas.Text); ok {
			m := x.MinSize()
			if m.Width > size.Width+slack {
				t.Errorf("%s: %q is %v wide in %v", at, x.Text, m.Width, size.Width)
			}
			if cap := float64(x.TextSize) * capHeight / float64(s.mm(1)); cap < bodyCap-0.01 {
				t.Errorf("%s: %q has capitals of %.1f mm", at, x.Text, cap)
			}
		}
		if p.X < -slack || p.Y < -slack || p.X+size.Width > room.Width+slack || p.Y+size.Height > room.Height+slack {
			what := fmt.Sprintf("%T", o)
			if x, ok := o.(*canvas.Text); ok {
				what = x.Text
			}
			t.Errorf("%s: %s at %v, %v leaves its %v", at, what, p, size, room)
		}
		if w, ok := o.(*touch); ok {
			inside(t, at+"/"+string(w.target), s, w.face, size)
			if w.AccessibilityLabel() == "" {
				t.Errorf("%s: %s has no label", at, w.target)
			}
		}
	}
}

// targets holds what can be touched to what the flow says, to its size and apart.
func targets(t *testing.T, at string, s Screen, p flow.Page, d Drawn) {
	t.Helper()
	drawn := map[flow.Target]Tap{}
	for _, x := range d.Taps {
		drawn[x.Name] = x
		w, h := float64(float32(x.W)/s.mm(1)), float64(float32(x.H)/s.mm(1))
		leastW, leastH := 40.0, keyMM
		if strings.HasPrefix(string(x.Name), "service:") || strings.HasPrefix(string(x.Name), "agency:") {
			leastW, leastH = tileWMM, tileHMM
		}
		if w < leastW-0.5 || h < leastH-0.5 {
			t.Errorf("%s: %s is %.0f x %.0f mm", at, x.Name, w, h)
		}
	}
	for _, want := range p.Touchable() {
		if _, ok := drawn[want]; !ok {
			t.Errorf("%s: %s cannot be touched", at, want)
		}
	}
	if len(drawn) != len(p.Touchable()) {
		t.Errorf("%s: drawn %d, touchable %d", at, len(drawn), len(p.Touchable()))
	}
	for i, a := range d.Taps {
		for _, b := range d.Taps[:i] {
			gap := int(s.mm(gapMM)) - 2
			if a.X < b.X+b.W+gap && b.X < a.X+a.W+gap && a.Y < b.Y+b.H+gap && b.Y < a.Y+a.H+gap {
				t.Errorf("%s: %s and %s are nearer than %.0f mm", at, a.Name, b.Name, gapMM)
			}
		}
	}
}

func TestAFingerIsHeardOnReleaseWhereThePageSaysItsTargetsAre(t *testing.T) {
	s := screens["wide15"]
	g, w, out := glass(t, s)
	p := pages(s, "id", false)["agencies"]
	g.Show(p)
	for _, x := range out.drawn.Taps {
		test.TapCanvas(w.Canvas(), fyne.NewPos(float32(x.X+x.W/2), float32(x.Y+x.H/2)))
		if got := out.tapped[len(out.tapped)-1]; got != x.Name {
			t.Errorf("tapped %s, heard %s", x.Name, got)
		}
	}
	heard := len(out.tapped)
	test.TapCanvas(w.Canvas(), fyne.NewPos(2, float32(s.Height)-2))
	if len(out.tapped) != heard {
		t.Errorf("the bare ground was heard as %s", out.tapped[heard])
	}
}

func TestTheQuestionCoversThePageAndAnyTouchAnswersIt(t *testing.T) {
	s := screens["square17"]
	g, w, out := glass(t, s)
	p := pages(s, "id", false)["agencies"]
	g.Show(p)
	tile := out.drawn.Taps[1]
	p.Countdown = 12
	g.Show(p)
	test.TapCanvas(w.Canvas(), fyne.NewPos(float32(tile.X+3), float32(tile.Y+3)))
	if got := out.tapped[0]; got != flow.StillHere {
		t.Errorf("heard %s through the question", got)
	}
}

func TestAFingerThatIsDownWhenANewViewArrivesStillFindsItsTile(t *testing.T) {
	s := screens["wide15"]
	g, _, _ := glass(t, s)
	p := pages(s, "id", false)["services-few"]
	g.Show(p)
	before := g.touches[touchKey{target: p.Tiles[0].Target}]
	p.Tiles = append([]flow.Tile{}, p.Tiles...)
	p.Tiles[0].Waiting = 99
	g.Show(p)
	if after := g.touches[touchKey{target: p.Tiles[0].Target}]; after != before {
		t.Error("the tile under the finger was replaced")
	}
	if !strings.Contains(before.AccessibilityLabel(), "99") {
		t.Errorf("label = %q", before.AccessibilityLabel())
	}
}

func TestABurstOfPagesIsDrawnOnceWithTheNewest(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	var later []func()
	var drawn []Drawn
	g := New(Options{
		Screen: screens["wide15"], Do: func(f func()) { later = append(later, f) },
		Tapped: func(flow.Target) {}, Shown: func(d Drawn) { drawn = append(drawn, d) },
	})
	p := pages(screens["wide15"], "id", false)
	g.Show(p["start"])
	g.Show(p["agencies"])
	g.Show(p["taking"])
	for _, f := range later {
		f()
	}
	if len(drawn) != 1 || drawn[0].Page.Kind != flow.Taking {
		t.Errorf("drawn %d times, last %v", len(drawn), drawn[len(drawn)-1].Page.Kind)
	}
}

func TestTextsStandOutFromTheirGround(t *testing.T) {
	for _, c := range []struct {
		name       string
		ink, paper color.NRGBA
		least      float64
	}{
		{"ink on card", ink, card, 7},
		{"ink on ground", ink, ground, 7},
		{"ink on soft brand", ink, softBrand, 7},
		{"muted on card", muted, card, 7},
		{"muted on ground", muted, ground, 7},
		{"muted on soft brand", muted, softBrand, 7},
		{"on brand", onBrand, brand, 7},
		{"on the brand's end", onBrand, brandEnd, 7},
		{"on primary", onBrand, primary, 7},
		{"primary on card", primary, card, 7},
		{"closed", closedInk, closedCard, 7},
		{"good", good, goodCard, 7},
		{"warning", warn, warnCard, 7},
		{"warning on card", warn, card, 7},
		{"edge of a tile", edge, ground, 3},
		{"edge of a closed tile", edge, closedCard, 3},
	} {
		if got := contrast(c.ink, c.paper); got < c.least {
			t.Errorf("%s: %.2f:1, want %.1f:1", c.name, got, c.least)
		}
	}
}

// contrast is WCAG 2.2's ratio of relative luminances.
func contrast(a, b color.NRGBA) float64 {
	lum := func(c color.NRGBA) float64 {
		lin := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
	}
	x, y := lum(a), lum(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
