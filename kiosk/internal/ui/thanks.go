package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	qrcode "github.com/skip2/go-qrcode"

	"antrean/kiosk/internal/flow"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
)

// thanks is what the visitor came for: the number, as large as the glass allows.
func (s *scene) thanks() {
	s.header(s.say("your_number"))
	s.thanksKeys()
	body := s.body
	if text, banner := s.paper(); text != "" {
		var strip rect
		strip, body = body.cutBottom(s.bannerHeight(text, body.w))
		_, body = body.cutBottom(s.mm(gapMM))
		banner(strip)
	}
	s.box(body, card, 4)
	body = body.inset(s.mm(6), s.mm(5))
	if s.page.Ticket.Link != "" {
		body = s.follow(body)
	}
	s.number(body)
}

func (s *scene) thanksKeys() {
	rest := s.layout.footer
	text := s.say("done")
	at, rest := rest.cutRight(max(s.keyWidth(text, true), s.mm(80)))
	s.key(flow.Done, text, theme.ConfirmIcon(), at, primaryLook)
	if s.touchable(flow.StillHere) && s.page.Paper != flow.Printed && s.page.Paper != flow.Printing {
		text = s.say("more_time")
		at, _ = rest.cutLeft(max(s.keyWidth(text, true), s.mm(60)))
		s.key(flow.StillHere, text, theme.HistoryIcon(), at, plainLook)
	}
}

// paper is the line about the paper.
func (s *scene) paper() (text string, banner func(rect)) {
	switch s.page.Paper {
	case flow.Printed:
		text = s.say("paper_printed")
		return text, func(r rect) { s.banner(text, theme.ConfirmIcon(), iconGood, goodCard, good, r) }
	case flow.NoPaper:
		text = s.say("paper_none")
	case flow.Doubtful:
		text = s.say("paper_unknown")
	default:
		text = s.say("paper_printing")
		return text, func(r rect) { s.banner(text, theme.DocumentPrintIcon(), iconBrand, softBrand, ink, r) }
	}
	return text, func(r rect) { s.notice(text, r) }
}

// follow draws the code of the visitor's page and returns the place that is left.
func (s *scene) follow(r rect) rect {
	var part rect
	l := letters{cap: bodyCap, color: ink, align: fyne.TextAlignCenter}
	if s.portrait() {
		part, r = r.cutBottom(r.h * 0.42)
	} else {
		part, r = r.cutRight(min(r.w*0.36, s.mm(120)))
		_, r = r.cutRight(s.mm(4))
	}
	textH := s.height(s.say("scan"), l, part.w)
	side := min(part.w, part.h-textH-s.mm(2), s.mm(110))
	q, err := qrcode.New(s.page.Ticket.Link, qrcode.Medium)
	if err != nil || side < s.mm(20) {
		return r // a link too long for a code: the number stands alone
	}
	bits := q.Bitmap() // with its quiet border
	dot := float32(int(side / float32(len(bits))))
	if dot < 1 {
		return r
	}
	img := canvas.NewImageFromImage(q.Image(len(bits)))
	img.ScaleMode = canvas.ImageScalePixels
	size := dot * float32(len(bits))
	block := part.middle(part.w, size+textH+s.mm(2))
	at, below := block.cutTop(size)
	at = at.middle(size, size)
	at.x, at.y = float32(int(at.x)), float32(int(at.y)) // whole pixels: sharp dots
	place(img, at)
	s.add(img)
	_, below = below.cutTop(s.mm(2))
	s.text(s.say("scan"), l, below)
	return r
}

func (s *scene) number(r rect) {
	t := s.page.Ticket
	centre := fyne.TextAlignCenter
	body := letters{cap: bodyCap, color: muted, align: centre}
	wait := s.say("wait_call")
	agency, service := s.page.Agency.In(s.page.Language), s.page.Service.In(s.page.Language)
	ahead := s.say("first")
	if t.Ahead > 0 {
		ahead = i18n.Text(s.page.Language, "common.people_ahead", i18n.Args{"Count": t.Ahead})
	}
	strong := s.largest([]string{ahead}, letters{bold: true, color: primary, align: centre}, r.w, 1.5*s.step(letters{cap: largeCap}))
	if c := s.class(); c != "" {
		agency = c + " · " + agency
	}
	below := s.height(ahead, strong, r.w) + s.height(wait, body, r.w)
	two := 2 * s.step(body)
	above := min(s.height(service, letters{cap: bodyCap, bold: true}, r.w), two) + min(s.height(agency, body, r.w), two)
	num := letters{cap: 90, bold: true, color: ink, align: centre}
	room := r.h - above - below
	for num.cap > largeCap {
		size := fyne.MeasureText(t.Number.Text, s.font(num.cap), num.style())
		if size.Width <= r.w*0.92 && size.Height <= room {
			break
		}
		num.cap -= 2
	}
	line := fyne.MeasureText(t.Number.Text, s.font(num.cap), num.style()).Height
	r = r.middle(r.w, min(above+below+line, r.h)+1)
	part, r := r.cutTop(min(s.height(service, letters{cap: bodyCap, bold: true}, r.w), two))
	s.text(service, letters{cap: bodyCap, bold: true, color: ink, align: centre}, part)
	part, r = r.cutTop(min(s.height(agency, body, r.w), two))
	s.text(agency, body, part)
	part, r = r.cutTop(line)
	o := canvas.NewText(t.Number.Text, ink)
	o.TextSize, o.TextStyle, o.Alignment = s.font(num.cap), num.style(), centre
	place(o, part)
	s.add(o)
	r = s.text(ahead, strong, r)
	s.text(wait, body, r)
}

func (s *scene) class() string {
	switch s.page.Ticket.Class {
	case ticket.Priority:
		return s.say("class_priority")
	case ticket.Appointment:
		return s.say("class_appointment")
	}
	return ""
}
