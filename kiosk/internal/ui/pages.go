package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/words"
	"antrean/shared/i18n"
)

// start greets in every language and lets the visitor choose one.
func (s *scene) start() {
	all := rect{0, 0, float32(s.Width), float32(s.Height)}
	n := len(s.page.Languages)
	keys := float32(min(n, 4))*s.mm(36+gapMM) + s.mm(2*margin)
	cols := 1
	if !s.portrait() {
		cols = min(n, 3)
		keys = float32((n+cols-1)/cols)*s.mm(40+gapMM) + s.mm(2*margin)
	}
	low, top := all.cutBottom(min(keys, all.h*0.6))
	s.band(top)
	hero := top.inset(s.mm(margin), s.mm(8))
	hero.h -= s.mm(4)
	news := s.startNews()
	for i := len(news) - 1; i >= 0; i-- {
		var strip rect
		strip, hero = hero.cutBottom(min(s.bannerHeight(news[i], hero.w), hero.h/2))
		_, hero = hero.cutBottom(s.mm(gapMM))
		s.notice(news[i], strip)
	}
	centre := fyne.TextAlignCenter
	office := s.page.Place.Name.In(s.page.Language)
	greet := letters{cap: 6.2, color: onBrand, align: centre}
	welcome, choose := s.everyLanguage("welcome"), ""
	if n > 1 {
		choose = s.everyLanguage("choose_language")
	}
	name := letters{cap: 14, bold: true, color: onBrand, align: centre}
	for name.cap > bodyCap && !s.fits(office, name, hero.w, hero.h-s.step(greet)-s.mm(2)) {
		name.cap--
	}
	h := min(s.height(office, name, hero.w), hero.h-s.step(greet))
	ask := greet
	ask.cap = bodyCap
	if hero.h < h+s.height(welcome, greet, hero.w)+s.height(choose, ask, hero.w)+s.mm(8) {
		choose = ""
	}
	s.stack(hero, block{text: welcome, letters: greet}, block{text: office, letters: name, gap: 2}, block{text: choose, letters: ask, gap: 5})

	low = low.inset(s.mm(margin), s.mm(margin))
	gap := s.mm(gapMM)
	rows := (n + cols - 1) / cols
	w := (low.w - gap*float32(cols-1)) / float32(cols)
	kh := (low.h - gap*float32(rows-1)) / float32(rows)
	for i, l := range s.page.Languages {
		r := rect{low.x + float32(i%cols)*(w+gap), low.y + float32(i/cols)*(kh+gap), w, kh}
		s.languageKey(l, r)
	}
}

// everyLanguage is one text in all the office's languages.
func (s *scene) everyLanguage(key string) string {
	var all []string
	for _, l := range s.page.Languages {
		all = append(all, words.Say(l, key))
	}
	return strings.Join(all, "  ·  ")
}

func (s *scene) languageKey(l string, r rect) {
	name, begin := i18n.Text(l, "common.language_name"), words.Say(l, "begin")
	s.touch(flow.LanguageTarget(l), name+". "+begin, r, plainLook, func(in rect) []fyne.CanvasObject {
		in = in.inset(s.mm(8), s.mm(3))
		spot, in := in.cutRight(s.mm(14))
		big := letters{cap: largeCap, bold: true, color: primary}
		small := letters{cap: bodyCap, color: muted}
		_, in = in.cutRight(s.mm(2))
		h := s.height(name, big, in.w) + s.height(begin, small, in.w)
		in = in.middle(in.w, min(h, in.h)+1)
		o, rest := s.write(name, big, in)
		o2, _ := s.write(begin, small, rest)
		o = append(o, o2...)
		return append(o, s.picture(theme.NavigateNextIcon(), iconBrand, spot.middle(s.mm(12), s.mm(12))))
	})
}

// startNews is said in every language: nobody has chosen one yet.
func (s *scene) startNews() []string {
	var news []string
	for _, l := range s.page.Languages {
		if c := s.page.Closed; c != nil {
			text := words.Say(l, "hall_closed") + ": " + words.Why(l, *c) + "."
			if opens := words.Opens(l, *c, s.page.Place, s.page.Today); opens != "" {
				text += " " + opens + "."
			}
			news = append(news, text)
		} else if s.page.PaperGone {
			news = append(news, words.Say(l, "paper_gone"))
		}
	}
	return news
}

// taking is shown while the server is asked.
func (s *scene) taking() {
	s.header(s.say("taking"))
	in := s.panel(s.mm(120))
	line := letters{cap: bodyCap, color: muted, align: fyne.TextAlignCenter}
	spot, in := in.cutTop(s.mm(24))
	s.icon(theme.HistoryIcon(), iconBrand, spot.middle(s.mm(20), s.mm(20)))
	wait := s.say("taking_wait")
	if s.page.Retrying {
		wait = s.say("retrying")
	}
	service := s.page.Service.In(s.page.Language)
	room := in.h - s.height(wait, line, in.w) - s.mm(4)
	name := s.largest([]string{service}, letters{bold: true, color: ink, align: fyne.TextAlignCenter}, in.w, room)
	s.stack(in, block{text: service, letters: name, most: s.room(name, room)}, block{text: wait, letters: line, gap: 4})
	if s.page.Retrying {
		w := s.keyWidth(s.say("leave"), true)
		s.key(flow.Home, s.say("leave"), theme.CancelIcon(), s.layout.footer.middle(w, s.layout.footer.h), plainLook)
	}
}

// panel is a white card of that height in the middle of the body; it returns its inside.
func (s *scene) panel(h float32) rect {
	r := s.body.middle(s.body.w, min(h, s.body.h))
	s.box(r, card, 4)
	return r.inset(s.mm(8), s.mm(6))
}

// refused says no, why, and what to do instead.
func (s *scene) refused() {
	title := s.say("refused_title")
	if s.page.Closed != nil {
		title = s.say("refused_service")
	}
	s.header(title)
	s.footer(flow.Back, flow.Home)
	in := s.panel(s.mm(150))
	centre := fyne.TextAlignCenter
	spot, in := in.cutTop(s.mm(20))
	s.icon(theme.InfoIcon(), iconWarn, spot.middle(s.mm(18), s.mm(18)))
	why, when := words.Refusal(s.page.Language, s.page.Code), ""
	if c := s.page.Closed; c != nil {
		why, when = words.Why(s.page.Language, *c), words.Opens(s.page.Language, *c, s.page.Place, s.page.Today)
	}
	body := letters{cap: bodyCap, color: muted, align: centre}
	later := letters{cap: 6.2, bold: true, color: warn, align: centre}
	help := s.say("refused_help")
	room := in.h - s.height(when, later, in.w) - s.height(help, body, in.w) - 2*s.step(body) - s.mm(12)
	strong := s.largest([]string{why}, letters{bold: true, color: ink, align: centre}, in.w, room)
	s.stack(in,
		block{text: s.page.Service.In(s.page.Language), letters: body, most: 2},
		block{text: why, letters: strong, gap: 2, most: max(s.room(strong, room), 1)},
		block{text: when, letters: later, gap: 2},
		block{text: help, letters: body, gap: 8})
}

// away says that no number can be given here, in every language, and to the
// technician why.
func (s *scene) away() {
	s.band(s.layout.header)
	in := s.layout.header.inset(s.mm(margin), s.mm(4))
	in.h -= s.mm(4)
	s.centred(s.page.Place.Name.In(s.page.Language), letters{cap: largeCap, bold: true, color: onBrand, align: fyne.TextAlignCenter}, in)
	body := s.body
	body.h += s.layout.footer.h
	centre := fyne.TextAlignCenter
	if key := s.technician(); key != "" {
		text := s.say(key, i18n.Args{"Code": s.page.Code})
		var strip rect
		strip, body = body.cutBottom(min(s.bannerHeight(text, body.w), body.h/3))
		_, body = body.cutBottom(s.mm(gapMM))
		s.notice(text, strip)
	}
	title, help := "away_offline", "away_help"
	switch {
	case s.page.Trouble == flow.Connecting:
		title = "away_connecting"
	case s.technician() != "":
		title, help = "away_technician", "away_desk"
	}
	body = body.middle(body.w, min(body.h, s.font(110))) // grows with the letters
	s.box(body, card, 4)
	body = body.inset(s.mm(8), s.mm(5))
	spot, body := body.cutTop(s.mm(22))
	icon := theme.WarningIcon()
	if s.page.Trouble == flow.Connecting {
		icon = theme.HistoryIcon()
	}
	s.icon(icon, iconWarn, spot.middle(s.mm(20), s.mm(20)))
	var blocks []block
	for i, l := range s.awayLanguages() {
		strong := letters{cap: largeCap, bold: true, color: ink, align: centre}
		if i > 0 {
			strong.cap = 6.2
		}
		blocks = append(blocks, block{text: words.Say(l, title), letters: strong, gap: 8 * float64(min(i, 1))})
		if s.page.Trouble != flow.Connecting {
			blocks = append(blocks, block{text: words.Say(l, help), letters: letters{cap: bodyCap, color: muted, align: centre}, gap: 1})
		}
	}
	s.stack(body, blocks...)
}

// awayLanguages are all that the kiosk speaks while no office told it which.
func (s *scene) awayLanguages() []string {
	if len(s.page.Languages) > 1 {
		return s.page.Languages
	}
	if s.page.Place.TimeZone == "" {
		return i18n.Languages
	}
	return s.page.Languages
}

func (s *scene) technician() string {
	switch s.page.Trouble {
	case flow.BadToken:
		return "away_bad_token"
	case flow.WrongDevice:
		return "away_wrong_device"
	case flow.NoView:
		return "away_no_view"
	}
	return ""
}
