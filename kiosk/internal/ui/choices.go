package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/words"
	"antrean/shared/i18n"
)

// choices is a page of agencies or services.
func (s *scene) choices() {
	if s.page.Kind == flow.Agencies {
		s.header(s.say("choose_agency"))
		s.footer(flow.Home)
	} else {
		s.header(s.page.Agency.In(s.page.Language))
		s.footer(flow.Back, flow.Home)
	}
	body := s.body
	if s.page.Changed {
		var strip rect
		strip, body = body.cutTop(s.bannerHeight(s.say("changed"), body.w))
		_, body = body.cutTop(s.mm(gapMM))
		s.notice(s.say("changed"), strip)
	}
	cols, rows := s.grid()
	gap := s.mm(gapMM)
	w := (body.w - gap*float32(cols-1)) / float32(cols)
	h := (body.h - gap*float32(rows-1)) / float32(rows)
	// Within reach: a tall page is filled from below, and no tile grows without end.
	h = min(h, s.mm(96))
	used := (len(s.page.Tiles) + cols - 1) / cols
	if s.page.Sheets > 1 {
		used = rows // tiles stay where they were from sheet to sheet
	}
	top := body.y
	if s.portrait() {
		top = body.y + body.h - float32(used)*h - float32(max(used-1, 0))*gap
	}
	inner := rect{0, 0, w, h}.inset(s.mm(6), s.mm(3.5))
	_, inner = inner.cutLeft(s.mm(2))
	name := s.tileName(inner)
	for i, t := range s.page.Tiles {
		r := rect{body.x + float32(i%cols)*(w+gap), top + float32(i/cols)*(h+gap), w, h}
		s.tile(t, r, name)
	}
}

// tileName is how names are written on this page: all alike, as large as the
// longest allows that has one line of news below it.
func (s *scene) tileName(inner rect) letters {
	var names []string
	for _, t := range s.page.Tiles {
		names = append(names, t.Name.In(s.page.Language))
	}
	return s.largest(names, letters{bold: true}, inner.w, inner.h-s.step(letters{cap: bodyCap}))
}

// news is what a tile says below its name.
func (s *scene) news(t flow.Tile) []string {
	if t.Closed == nil {
		if t.Waiting == 0 {
			return []string{s.say("nobody_waiting")}
		}
		return []string{s.say("waiting", i18n.Args{"Count": t.Waiting})}
	}
	lines := []string{s.say("closed") + " · " + words.Why(s.page.Language, *t.Closed)}
	if opens := words.Opens(s.page.Language, *t.Closed, s.page.Place, s.page.Today); opens != "" {
		lines = append(lines, opens)
	}
	return lines
}

func (s *scene) newsHeight(t flow.Tile, w float32) (h float32) {
	for _, line := range s.news(t) {
		h += s.height(line, letters{cap: bodyCap, bold: t.Closed != nil}, w)
	}
	return h
}

func (s *scene) tile(t flow.Tile, r rect, name letters) {
	lk, stripe := plainLook, accent
	name.color = ink
	news := letters{cap: bodyCap, color: muted}
	if t.Closed != nil {
		lk, stripe = closedLook, edge
		name.color, news.color = closedInk, closedInk
	}
	label := t.Name.In(s.page.Language) + ". " + strings.Join(s.news(t), ". ")
	s.touch(t.Target, label, r, lk, func(in rect) []fyne.CanvasObject {
		bar := canvas.NewRectangle(stripe)
		bar.CornerRadius = s.mm(1)
		place(bar, rect{s.mm(2.5), s.mm(4), s.mm(2.2), in.h - s.mm(8)})
		face := []fyne.CanvasObject{bar}
		in = in.inset(s.mm(6), s.mm(3.5))
		_, in = in.cutLeft(s.mm(2))
		below, above := in.cutBottom(min(s.newsHeight(t, in.w), in.h-s.step(name)))
		text := t.Name.In(s.page.Language)
		if own := s.largest([]string{text}, name, above.w, above.h); own.cap < name.cap {
			name = own // why it is closed needs the room
		}
		o, _ := s.write(text, name, above)
		face = append(face, o...)
		for _, line := range s.news(t) {
			o, below = s.write(line, news, below)
			face = append(face, o...)
		}
		return face
	})
}

// confirm shows what to bring, and draws the number only when the visitor says so.
func (s *scene) confirm() {
	s.header(s.say("confirm_title"))
	s.footer(flow.Back, flow.Home)
	service, agency := s.page.Service.In(s.page.Language), s.page.Agency.In(s.page.Language)
	var left, right rect
	var at rect
	if s.portrait() { // what is touched stays below
		at, right = s.body.cutBottom(s.mm(36))
		_, right = right.cutBottom(s.mm(gapMM))
		left, right = right.cutTop(s.mm(80))
		_, right = right.cutTop(s.mm(gapMM))
	} else {
		left, right = s.body.cutLeft(s.body.w * 0.42)
		_, right = right.cutLeft(s.mm(gapMM + 2))
		at, left = left.cutBottom(s.mm(30))
		_, left = left.cutBottom(s.mm(gapMM))
	}
	s.key(flow.Take, s.say("take"), theme.ConfirmIcon(), at, primaryLook)
	s.box(left, softBrand, 3)
	in := left.inset(s.mm(6), s.mm(4))
	line, in := in.cutTop(min(s.height(agency, letters{cap: bodyCap}, in.w), 2*s.step(letters{cap: bodyCap})))
	s.text(agency, letters{cap: bodyCap, color: muted}, line)
	s.text(service, s.largest([]string{service}, letters{bold: true, color: ink}, in.w, in.h), in)

	s.box(right, card, 3)
	s.requirements(right.inset(s.mm(6), s.mm(4)))
}

// requirements shares the lines of a place fairly: a short one leaves its room to
// the long ones.
func (s *scene) requirements(in rect) {
	l := letters{cap: bodyCap, color: ink}
	bullet := s.mm(10)
	gap := s.mm(2)
	left := s.room(l, in.h-gap*float32(max(len(s.page.Requirements)-1, 0)))
	for i, q := range s.page.Requirements {
		text := q.In(s.page.Language)
		most := max(left-(len(s.page.Requirements)-i-1), 1) // at least a line for each that follows
		n := min(len(s.lines(text, l, in.w-bullet, most)), most)
		if n == 0 || in.h < s.step(l) {
			continue
		}
		left -= n
		var row, spot rect
		row, in = in.cutTop(s.step(l) * float32(n))
		_, in = in.cutTop(gap)
		spot, row = row.cutLeft(bullet)
		spot, _ = spot.cutTop(s.step(l))
		s.icon(theme.DocumentIcon(), iconBrand, rect{spot.x, spot.y + s.mm(1), s.mm(7), spot.h - s.mm(2)})
		s.text(text, l, row)
	}
}
