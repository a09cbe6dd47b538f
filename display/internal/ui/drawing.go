package ui

import (
	"image"
	"math"
	"strings"

	"antrean/display/internal/board"
	"antrean/shared/i18n"
)

// drawing is one picture on its way to the screen.
type drawing struct {
	*pen
	sizes   sizes
	lang    string
	picture *board.Picture
	drawn   Drawn
}

func (d *drawing) word(key string, args ...i18n.Args) string {
	return i18n.Text(d.lang, "board."+key, args...)
}

func (d *drawing) label() face { return face{size: d.sizes.label, ink: soft} }
func (d *drawing) strong() face {
	return face{size: d.sizes.label, bold: true, ink: ink}
}

func (d *drawing) all(screen box) {
	pad := d.sizes.pad
	body := screen.inset(pad)
	if d.picture.Ready {
		var head box
		line := capOf(d.sizes.label)*1.3 + pad
		if screen.h > screen.w { // a tall screen has room for the name on a line of its own
			head, body = body.cutTop(line*0.9, 0)
			d.text(d.strong().shorten(d.picture.Office, head.w), d.strong(), left, head.x, head.y+pad*0.4)
			head, body = body.cutTop(line, pad)
			d.header(head, d.picture.Zone, "")
		} else {
			head, body = body.cutTop(line, pad)
			d.header(head, d.picture.Office, d.picture.Zone)
		}
	}
	if text := d.notice(); d.picture.Ready && text != "" {
		body = d.bar(body, text)
	}
	switch {
	case !d.picture.Ready:
		d.plain(body)
	case screen.h > screen.w:
		d.upright(body)
	default:
		d.wide(body)
	}
}

// header is the office, the zone and the clock. The clock and the sign of a lost
// voice stay; the date goes first when space runs out, then the zone, then the name's end.
func (d *drawing) header(b box, office, part string) {
	p, pad := d.picture, d.sizes.pad
	base := b.y + b.h - pad/2 // where all baselines stand
	clock := face{size: d.sizes.label * 1.3, bold: true, ink: ink}
	zone := d.label()
	edge := b.x + b.w
	if p.ZoneName != "" {
		edge = d.text(p.ZoneName, zone, right, edge, base-zone.cap()).x - pad*0.6
	}
	edge = d.text(p.Clock, clock, right, edge, base-clock.cap()).x - pad
	if p.Silent {
		edge = d.chip(d.word("silent"), b.x, edge, base) - pad
	}
	name := d.strong()
	date := d.date()
	if w := zone.width(date); edge-b.x-w-pad*2 > name.width(office) {
		edge = d.text(date, zone, right, edge, base-zone.cap()).x - pad*2
	}
	at := d.text(name.shorten(office, edge-b.x), name, left, b.x, base-name.cap())
	if rest := edge - at.x - at.w - pad; part != "" && zone.fits("· "+part, rest) {
		d.text("· "+part, zone, left, at.x+at.w+pad*0.6, base-zone.cap())
	}
}

// chip is a small sign that ends at x and returns where it begins. Where its words
// would pass from, the exclamation mark stands alone.
func (d *drawing) chip(text string, from, x, base float32) float32 {
	f := d.strong().in(night)
	pad := d.sizes.pad * 0.6
	text = "! " + text
	if !f.fits(text, x-from-2*pad) {
		text = "!"
	}
	w := f.width(text)
	d.rect(box{x - w - 2*pad, base - f.cap() - pad, w + 2*pad, f.cap() + 2*pad}, sun, pad)
	return d.text(text, f, right, x-pad, base-f.cap()).x - pad
}

func (d *drawing) date() string {
	day := d.picture.Date
	weekdays, months := strings.Fields(d.word("weekdays")), strings.Fields(d.word("months"))
	if len(weekdays) != 7 || len(months) != 12 {
		return day.Format("2006-01-02")
	}
	return d.word("date", i18n.Args{"Weekday": weekdays[day.Weekday()], "Day": day.Day(), "Month": months[day.Month()-1], "Year": day.Year()})
}

// notice is what is wrong with the line, empty where nothing is.
func (d *drawing) notice() string {
	switch p := d.picture; p.Line {
	case board.Lost:
		return d.word("lost", i18n.Args{"Time": p.LastView})
	case board.Refused:
		return d.word("last_view", i18n.Args{"Time": p.LastView}) + " " + d.refusal()
	}
	return ""
}

// refusal is the text of the server's no: our own words, else the catalogue's, else the code.
func (d *drawing) refusal() string {
	for _, section := range []string{"board.", "refusal."} {
		key := section + d.picture.Code
		if text := i18n.Text(d.lang, key); text != key {
			return text
		}
	}
	return d.word("refused", i18n.Args{"Code": d.picture.Code})
}

// bar draws a notice along the bottom and returns what is left of the body.
func (d *drawing) bar(body box, text string) box {
	f, pad := d.strong().in(night), d.sizes.pad
	width, step := body.w-pad*3-f.cap()*1.8, f.cap()*1.7
	lines := f.wrap(text, width)
	most := min(5, max(1, int((body.h-d.leastCall()-pad*2.2)/step))) // the call keeps its size
	if len(lines) > most {
		lines = append(lines[:most-1], f.shorten(strings.Join(lines[most-1:], " "), width))
	}
	h := float32(len(lines))*step + pad*1.2
	b := box{body.x, body.y + body.h - h, body.w, h}
	d.rect(b, sun, pad*0.6)
	d.sign(b.x+pad, b.y+b.h/2)
	for i, line := range lines {
		d.text(line, f, left, b.x+pad*2+f.cap()*1.8, b.y+pad*0.6+f.cap()*0.35+step*float32(i))
	}
	body.h -= h + pad
	return body
}

// sign is an exclamation mark on a dark disc whose left edge is at x.
func (d *drawing) sign(x, middle float32) {
	f := d.strong().in(sun)
	side := f.cap() * 1.8
	d.rect(box{x, middle - side/2, side, side}, night, side/2)
	d.text("!", f, centre, x+side/2, middle-f.cap()/2)
}

// plain is the screen before the first view.
func (d *drawing) plain(b box) {
	title, detail := d.word("searching"), d.word("searching_detail")
	if d.picture.Line == board.Refused {
		title, detail = d.word("refused_title"), d.refusal()
	}
	d.rect(b, panel, d.sizes.pad)
	big := face{size: d.sizes.label * 1.6, bold: true, ink: ink}
	small := d.label()
	width := b.w - d.sizes.pad*6
	top, rest := big.wrap(title, width), small.wrap(detail, width)
	h := float32(len(top))*big.cap()*1.8 + float32(len(rest))*small.cap()*1.9
	y := b.y + (b.h-h)/2
	for _, line := range top {
		d.text(line, big, centre, b.x+b.w/2, y)
		y += big.cap() * 1.8
	}
	for _, line := range rest {
		d.text(line, small, centre, b.x+b.w/2, y)
		y += small.cap() * 1.9
	}
}

// pixels rounds a box outward.
func pixels(b box) image.Rectangle {
	floor := func(v float32) int { return int(math.Floor(float64(v))) }
	ceil := func(v float32) int { return int(math.Ceil(float64(v))) }
	return image.Rect(floor(b.x), floor(b.y), ceil(b.x+b.w), ceil(b.y+b.h))
}
