package ui

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"antrean/kiosk/internal/flow"
	"antrean/shared/i18n"
)

// band draws the coloured ground of a header: a quiet gradient that ends in a row
// of triangles, as on the hem of a woven cloth.
func (s *scene) band(r rect) {
	g := canvas.NewHorizontalGradient(brand, brandEnd)
	place(g, r)
	s.add(g)
	hem, _ := r.cutBottom(s.mm(4))
	i := canvas.NewImageFromImage(tumpal(int(hem.w), int(hem.h)))
	i.ScaleMode = canvas.ImageScaleFastest
	place(i, hem)
	s.add(i)
}

// tumpal is a row of triangles in the accent's colour, its edges smoothed.
func tumpal(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	period := max(float64(h)*1.5, 2)
	for y := range h {
		for x := range w {
			cover := 0
			for k := range 16 {
				fx := float64(x) + (float64(k%4)+0.5)/4
				fy := float64(y) + (float64(k/4)+0.5)/4
				at := fx - period*float64(int(fx/period))
				half := (fy / float64(h)) * period / 2
				if at >= period/2-half && at <= period/2+half {
					cover++
				}
			}
			img.SetNRGBA(x, y, color.NRGBA{accent.R, accent.G, accent.B, uint8(cover * 255 / 16)})
		}
	}
	return img
}

// header names the office and the page, and offers the other languages.
func (s *scene) header(heading string) {
	s.band(s.layout.header)
	in := s.layout.header.inset(s.mm(margin), s.mm(3))
	in.h -= s.mm(4)
	var strip rect
	if s.portrait() {
		strip, in = in.cutTop(s.mm(keyMM + 3))
	} else {
		strip = in
	}
	for _, l := range s.page.Languages {
		if l == s.page.Language || !s.touchable(flow.LanguageTarget(l)) {
			continue
		}
		name := i18n.Text(l, "common.language_name")
		w := s.keyWidth(name, false)
		if strip.w-w < s.mm(110) {
			break // one more would push the heading away; the start page has them all
		}
		var at rect
		at, strip = strip.cutRight(w)
		_, strip = strip.cutRight(s.mm(gapMM))
		s.key(flow.LanguageTarget(l), name, nil, at.middle(at.w, s.mm(keyMM)), brandLook)
	}
	office := letters{cap: bodyCap, color: onBrand}
	if !s.portrait() {
		line, rest := strip.cutTop(s.step(office))
		s.text(s.page.Place.Name.In(s.page.Language), office, line)
		s.centred(heading, s.largest([]string{heading}, letters{bold: true, color: onBrand}, rest.w, rest.h), rest)
		return
	}
	s.centred(s.page.Place.Name.In(s.page.Language), s.largest([]string{s.page.Place.Name.In(s.page.Language)}, letters{color: onBrand}, strip.w, strip.h), strip)
	s.centred(heading, letters{cap: 10, bold: true, color: onBrand}, in)
}

func (s *scene) touchable(t flow.Target) bool {
	for _, x := range s.page.Touchable() {
		if x == t {
			return true
		}
	}
	return s.page.Countdown > 0 // beneath the question everything is drawn as before
}

// footer has the ways out on the left and the sheets on the right.
func (s *scene) footer(left ...flow.Target) {
	names := map[flow.Target]string{flow.Back: s.say("back"), flow.Home: s.say("home")}
	icons := map[flow.Target]fyne.Resource{flow.Back: theme.NavigateBackIcon(), flow.Home: theme.CancelIcon()}
	rest := s.layout.footer
	for _, t := range left {
		var at rect
		at, rest = rest.cutLeft(s.keyWidth(names[t], true))
		_, rest = rest.cutLeft(s.mm(gapMM))
		s.key(t, names[t], icons[t], at, plainLook)
	}
	if s.turn.w > 0 {
		rest = s.turn
	}
	s.sheets(rest)
}

func (s *scene) sheets(rest rect) {
	if s.page.Sheets < 2 {
		return
	}
	var at rect
	w := max(s.keyWidth(s.say("next_page"), true), s.keyWidth(s.say("previous_page"), true))
	at, rest = rest.cutRight(w)
	if s.page.Sheet < s.page.Sheets {
		s.key(flow.NextPage, s.say("next_page"), theme.NavigateNextIcon(), at, primaryLook)
	}
	args := i18n.Args{"Sheet": s.page.Sheet, "Sheets": s.page.Sheets}
	l := letters{cap: bodyCap, bold: true, color: muted, align: fyne.TextAlignCenter}
	text := s.say("sheet", args)
	width := func() float32 { return fyne.MeasureText(text, s.font(bodyCap), l.style()).Width + s.mm(6) }
	if rest.w < width()+w {
		text = fmt.Sprintf("%d/%d", s.page.Sheet, s.page.Sheets)
	}
	at, rest = rest.cutRight(width())
	s.centred(text, l, at)
	at, _ = rest.cutRight(w)
	if s.page.Sheet > 1 {
		s.key(flow.PreviousPage, s.say("previous_page"), theme.NavigateBackIcon(), at, plainLook)
	}
}

// banner is a line of news on its own ground, with a sign beside it: never colour alone.
func (s *scene) banner(text string, res fyne.Resource, tint fyne.ThemeColorName, ground, ink color.Color, r rect) {
	s.box(r, ground, 2.5)
	in := r.inset(s.mm(4), s.mm(1.5))
	spot, in := in.cutLeft(s.mm(10))
	s.icon(res, tint, spot.middle(s.mm(9), s.mm(9)))
	_, in = in.cutLeft(s.mm(4))
	s.centred(text, letters{cap: bodyCap, bold: true, color: ink}, in)
}

func (s *scene) notice(text string, r rect) {
	s.banner(text, theme.WarningIcon(), iconWarn, warnCard, warn, r)
}

// bannerHeight is what a banner needs in a width, 15 mm at least.
func (s *scene) bannerHeight(text string, w float32) float32 {
	return max(s.height(text, letters{cap: bodyCap, bold: true}, w-s.mm(22))+s.mm(4), s.mm(15))
}
