package ui

import (
	"fmt"
	"strconv"

	"antrean/display/internal/board"
	"antrean/shared/i18n"
)

// wide is the body of a landscape screen: the call over the counters at the left,
// recent calls over the waiting counts at the right.
func (d *drawing) wide(b box) {
	pad := d.sizes.pad
	side := d.sideWidth(b)
	main := b
	if side > 0 {
		main.w -= side + pad
		d.column(box{b.x + b.w - side, b.y, side, b.h}, 0, d.recents(5), d.queues())
	}
	d.column(main, 0.6, d.counters(main.w))
}

// upright is the body of a portrait screen: everything below each other.
func (d *drawing) upright(b box) {
	d.column(b, 0.3, d.recents(6), d.counters(b.w), d.queues())
}

// sideWidth is what the right column needs; 0 where the call then would not fit in
// its size beside it.
func (d *drawing) sideWidth(b box) float32 {
	pad := d.sizes.pad
	number := face{size: d.sizes.recent, bold: true}
	need := d.label().width(d.word("recent_short")) + d.label().width(d.word("counter_column")) + 4*pad
	for _, r := range d.picture.Recent {
		need = max(need, number.width(r.Number)+number.width(r.Counter)+5*pad)
	}
	need = max(need, b.w*0.36)
	if l := d.picture.Latest; l != nil {
		call := face{size: d.sizes.call, bold: true}
		if left := b.w - need - pad; left < max(call.width(l.Number), call.width(d.counterName(l)))+3*pad {
			return 0
		}
	}
	return need
}

// list is a section with the way to draw it.
type list struct {
	section
	draw func(b box, rows int)
}

// column stacks the call, where it has a part of the height, and the lists below it.
// What the lists do not need goes to the call, else to the lists' own rows.
func (d *drawing) column(b box, call float32, lists ...list) {
	pad := d.sizes.pad
	least := float32(0)
	if call > 0 {
		least = min(b.h, max(d.leastCall(), b.h*call))
	}
	sections := make([]section, 0, len(lists))
	for _, l := range lists {
		sections = append(sections, l.section)
	}
	room := b.h - least
	if call > 0 {
		room -= pad
	}
	rows := share(room, pad, sections)
	used, shown := float32(0), 0
	for i, l := range lists {
		if rows[i] > 0 {
			used += l.head + float32(rows[i])*l.row
			shown++
		}
	}
	used += pad * float32(max(0, shown-1))
	stretch := float32(0)
	if call > 0 {
		h := b.h
		if shown > 0 {
			h -= used + pad
		}
		var top box
		top, b = b.cutTop(h, pad)
		d.call(top)
	} else if shown > 0 {
		stretch = (b.h - used) / float32(shown)
	}
	for i, l := range lists {
		if rows[i] > 0 {
			var part box
			part, b = b.cutTop(l.head+float32(rows[i])*l.row+stretch, pad)
			l.draw(part, rows[i])
		}
	}
}

// leastCall is the height that the call needs in its smallest allowed size.
func (d *drawing) leastCall() float32 {
	return capOf(d.sizes.label)*2 + capOf(d.sizes.call)*2*1.35 + d.sizes.pad*2
}

func (d *drawing) counterName(l *board.Latest) string {
	return d.word("counter", i18n.Args{"Label": l.Counter})
}

// call draws the latest call as large as its panel allows.
func (d *drawing) call(b box) {
	l, pad := d.picture.Latest, d.sizes.pad
	if l == nil {
		d.rect(b, callPanel, pad)
		d.middle(b, d.word(map[bool]string{true: "none_called", false: "day_closed"}[d.picture.DayOpen]))
		return
	}
	fill, number, counter, title := callPanel, ink, sun, soft
	if l.Pulse {
		fill, number, counter, title = sun, night, night, night
	}
	d.rect(b, fill, pad)
	in := b.inset(pad)
	head := d.label().in(title)
	words := d.word("number")
	if l.Recall {
		words = d.word("recall")
	}
	d.text(head.shorten(words, in.w), head, centre, in.x+in.w/2, in.y+pad*0.4)
	_, in = in.cutTop(head.cap()+pad*1.2, 0)

	name := d.counterName(l)
	least := capOf(d.sizes.call)
	counterH := min(max(in.h*0.27, least), in.h*0.42)
	nsize, nok := grow(l.Number, d.sizes.call, in.w, max(in.h*0.74-counterH, min(least, in.h*0.42)))
	csize, cok := grow(name, d.sizes.call, in.w, counterH)
	nf := face{size: nsize, bold: true, ink: number}
	cf := face{size: csize, bold: true, ink: counter}
	if !cok { // the label in its size, the word before it smaller
		cf.size, cok = d.sizes.call, counterH >= least*0.99
	}
	gap := (in.h - nf.cap() - cf.cap()) / 3
	drawn := d.text(l.Number, nf, centre, in.x+in.w/2, in.y+gap*0.8)
	cok = d.counterLine(l, cf, in, in.y+gap*0.8+nf.cap()+gap) && cok
	if small := d.label().in(title); l.Name != "" && gap*1.2 > small.cap()*2 {
		d.text(small.shorten(l.Name, in.w), small, centre, in.x+in.w/2, in.y+in.h-small.cap()-pad*0.4)
	}
	d.drawn.ID, d.drawn.Number, d.drawn.Counter = l.ID, l.Number, l.Counter
	d.drawn.Rect, d.drawn.Kept = pixels(drawn), nok && cok
}

// counterLine writes "Loket 3". Where that is too wide, the word shrinks to the size of
// a recent call; where even that does not help, all of it does, and the answer is false.
func (d *drawing) counterLine(l *board.Latest, f face, in box, top float32) bool {
	name := d.counterName(l)
	if f.fits(name, in.w) {
		d.text(name, f, centre, in.x+in.w/2, top)
		return true
	}
	word := face{size: d.sizes.recent, bold: true, ink: f.ink}
	before, gap := d.word("counter_column"), d.sizes.pad
	if w := word.width(before) + gap + f.width(l.Counter); w <= in.w {
		x := in.x + (in.w-w)/2
		d.text(before, word, left, x, top+f.cap()-word.cap())
		d.text(l.Counter, f, right, x+w, top)
		return true
	}
	size, _ := grow(name, f.size, in.w, f.cap())
	small := face{size: size, bold: true, ink: f.ink}
	d.text(name, small, centre, in.x+in.w/2, top+f.cap()-small.cap())
	return false
}

// middle writes a few words into the middle of a box.
func (d *drawing) middle(b box, words string) {
	f := face{size: d.sizes.label * 1.4, bold: true, ink: ink}
	lines := f.wrap(words, b.w-2*d.sizes.pad)
	y := b.y + (b.h-float32(len(lines))*f.cap()*1.8)/2
	for _, line := range lines {
		d.text(line, f, centre, b.x+b.w/2, y)
		y += f.cap() * 1.8
	}
}

func (d *drawing) headHeight() float32 { return capOf(d.sizes.label) + d.sizes.pad*1.8 }

// head draws a list's panel with its title and returns what is left for the rows.
func (d *drawing) head(b box, title, page string) box {
	pad := d.sizes.pad
	d.rect(b, panel, pad)
	f := d.label()
	width := b.w - 2*pad
	if page != "" {
		width = d.text(page, f, right, b.x+b.w-pad, b.y+pad*0.9).x - b.x - 2*pad
	}
	d.text(f.shorten(title, width), f, left, b.x+pad, b.y+pad*0.9)
	_, rows := b.cutTop(d.headHeight(), 0)
	return rows
}

// page counts a list's pages in and says which one is shown.
func (d *drawing) page(pages int) string {
	d.drawn.Pages = max(d.drawn.Pages, pages)
	if pages < 2 {
		return ""
	}
	return fmt.Sprintf("%d/%d", d.picture.Turn%pages+1, pages)
}

// recents wants at most so many rows; the waiting counts need room too.
func (d *drawing) recents(most int) list {
	f := face{size: d.sizes.recent, bold: true, ink: ink}
	row := f.cap() + d.sizes.pad*1.5
	return list{section{d.headHeight(), row, 3, min(most, len(d.picture.Recent))}, func(b box, rows int) {
		pad := d.sizes.pad
		// The counter's column is headed, so that a bare "3" says what it is.
		title, column := d.word("recent"), d.word("counter_column")
		if d.label().width(title+column)+4*pad > b.w {
			title = d.word("recent_short")
		}
		in := d.head(b, title, column)
		row := min((in.h-pad*0.5)/float32(rows), row*1.35)
		for i, r := range d.picture.Recent[:rows] {
			y := in.y + float32(i)*row
			if i%2 == 0 {
				d.rect(box{in.x, y, in.w, row}, stripe, 0)
			}
			top := y + (row-f.cap())/2
			n := d.text(r.Number, f, left, in.x+pad, top)
			counter := f.in(sun)
			d.text(counter.shorten(r.Counter, in.x+in.w-2*pad-n.x-n.w), counter, right, in.x+in.w-pad, top)
		}
	}}
}

func (d *drawing) counters(width float32) list {
	pad := d.sizes.pad
	number, chip := d.strong(), d.strong()
	numberW, chipW := number.width("A-000"), chip.width("00")
	for _, c := range d.picture.Counters {
		numberW = max(numberW, number.width(d.serving(c)))
		chipW = max(chipW, chip.width(c.Counter))
	}
	cell := chipW + numberW + pad*4
	columns := max(1, int((width-pad)/cell))
	row := number.cap() + pad*1.8
	n := len(d.picture.Counters)
	return list{section{d.headHeight(), row, 2, (n + columns - 1) / columns}, func(b box, rows int) {
		cells, pages := board.Page(d.picture.Counters, rows*columns, d.picture.Turn, func(c board.Cell) bool { return c.Open || c.Number != "" })
		in := d.head(b, d.word("serving"), d.page(pages))
		row := min((in.h-pad*0.4)/float32(rows), row*1.35)
		w := (in.w - pad) / float32(columns)
		for i, c := range cells {
			at := box{in.x + pad + float32(i%columns)*w, in.y + float32(i/columns)*row, w - pad, row - pad*0.5}
			d.cell(at, c, chipW)
		}
	}}
}

func (d *drawing) serving(c board.Cell) string {
	switch {
	case c.Number != "":
		return c.Number
	case !c.Open:
		return d.word("counter_closed")
	}
	return "–"
}

// cell is one counter: its label on a chip, then the number there.
func (d *drawing) cell(b box, c board.Cell, chipW float32) {
	pad := d.sizes.pad
	d.rect(b, stripe, pad*0.5)
	label, number := d.strong(), d.strong()
	if !c.Open && c.Number == "" {
		number = d.label()
	}
	chip := box{b.x, b.y, chipW + pad*1.2, b.h}
	fill := callPanel
	if c.Latest {
		fill, label = sun, label.in(night)
	}
	d.rect(chip, fill, pad*0.5)
	top := b.y + (b.h-label.cap())/2
	d.text(c.Counter, label, centre, chip.x+chip.w/2, top)
	d.text(number.shorten(d.serving(c), b.w-chip.w-pad), number, left, chip.x+chip.w+pad*0.8, top)
}

func (d *drawing) queues() list {
	f, strong := d.label().in(ink), d.strong()
	row := f.cap() + d.sizes.pad*1.3
	return list{section{d.headHeight(), row, 3, len(d.picture.Waiting)}, func(b box, rows int) {
		pad := d.sizes.pad
		counts, pages := board.Queues(d.picture.Waiting, rows, d.picture.Turn)
		in := d.head(b, d.word("waiting"), d.page(pages))
		row := min((in.h-pad*0.5)/float32(rows), row*1.5)
		for i, c := range counts {
			top := in.y + float32(i)*row + (row-f.cap())/2
			n := d.text(strconv.Itoa(c.Waiting), strong, right, in.x+in.w-pad, top)
			name, room := c.Service, n.x-in.x-3*pad
			if both := c.Service + " · " + c.Agency; c.Agency != "" && f.fits(both, room) {
				name = both
			}
			d.text(f.shorten(name, room), f, left, in.x+pad, top)
		}
	}}
}
