package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"antrean/kiosk/internal/flow"
	"antrean/kiosk/internal/words"
	"antrean/shared/i18n"
)

// scene is a page being drawn: objects at their places, touches reused by name.
type scene struct {
	Screen
	layout
	page    flow.Page
	old     map[touchKey]*touch
	tapped  func(flow.Target)
	objects []fyne.CanvasObject
	touches []*touch
	layer   layer // of what is added now
}

func (s *scene) say(key string, args ...i18n.Args) string {
	return words.Say(s.page.Language, key, args...)
}

func (s *scene) add(o ...fyne.CanvasObject) { s.objects = append(s.objects, o...) }

// text writes from the top of r and returns what is left of it.
func (s *scene) text(text string, l letters, r rect) rect {
	o, rest := s.write(text, l, r)
	s.add(o...)
	return rest
}

// centred writes into the middle of r's height.
func (s *scene) centred(text string, l letters, r rect) {
	h := min(s.height(text, l, r.w), r.h)
	s.text(text, l, r.middle(r.w, h+1))
}

// block is a text in a stack: gap millimetres below the one before it, most lines
// at most (0: as many as it needs).
type block struct {
	text string
	letters
	gap  float64
	most int
}

// stack writes texts below each other in the middle of r.
func (s *scene) stack(r rect, blocks ...block) {
	heights, total := make([]float32, len(blocks)), float32(0)
	for i, b := range blocks {
		if b.text == "" {
			continue
		}
		heights[i] = s.height(b.text, b.letters, r.w)
		if most := float32(b.most) * s.step(b.letters); b.most > 0 {
			heights[i] = min(heights[i], most)
		}
		total += heights[i] + s.mm(b.gap)
	}
	r = r.middle(r.w, min(total, r.h)+1)
	for i, b := range blocks {
		if b.text == "" {
			continue
		}
		_, r = r.cutTop(s.mm(b.gap))
		line, rest := r.cutTop(min(heights[i], r.h))
		s.text(b.text, b.letters, line)
		r = rest
	}
}

func (s *scene) box(r rect, fill color.Color, radiusMM float64) *canvas.Rectangle {
	b := canvas.NewRectangle(fill)
	b.CornerRadius = s.mm(radiusMM)
	place(b, r)
	s.add(b)
	return b
}

func (s *scene) icon(res fyne.Resource, c fyne.ThemeColorName, r rect) {
	s.add(s.picture(res, c, r))
}

func (s *scene) picture(res fyne.Resource, c fyne.ThemeColorName, r rect) fyne.CanvasObject {
	i := canvas.NewImageFromResource(theme.NewColoredResource(res, c))
	i.FillMode = canvas.ImageFillContain
	place(i, r)
	return i
}

func place(o fyne.CanvasObject, r rect) {
	o.Move(fyne.NewPos(r.x, r.y))
	o.Resize(fyne.NewSize(r.w, r.h))
}

// look is how a touch is painted.
type look struct {
	up, down color.Color
	stroke   color.Color // nil: none
	radiusMM float64
}

var (
	primaryLook = look{up: primary, down: pressed, radiusMM: 3}
	plainLook   = look{up: card, down: cardPress, stroke: edge, radiusMM: 3}
	closedLook  = look{up: closedCard, down: cardPress, stroke: edge, radiusMM: 3}
	brandLook   = look{up: color.NRGBA{0, 0, 0, 0}, down: pressed, stroke: onBrand, radiusMM: 3}
)

// touch puts a touchable thing at r; draw fills its face, in places relative to it.
func (s *scene) touch(t flow.Target, label string, r rect, lk look, draw func(in rect) []fyne.CanvasObject) *touch {
	w := s.old[touchKey{t, s.layer}]
	if w == nil {
		w = newTouch(touchKey{t, s.layer}, s.tapped)
	}
	w.label, w.size = label, fyne.NewSize(r.w, r.h)
	w.up, w.down = lk.up, lk.down
	w.back.FillColor, w.back.CornerRadius = lk.up, s.mm(lk.radiusMM)
	w.back.StrokeColor, w.back.StrokeWidth = lk.stroke, 0
	if lk.stroke != nil {
		w.back.StrokeWidth = max(s.mm(0.5), 1)
	}
	w.face = draw(rect{0, 0, r.w, r.h})
	place(w, r)
	w.Refresh()
	s.touches = append(s.touches, w)
	s.add(w)
	return w
}

// key is a touch with one line of text and, where res is not nil, an icon.
func (s *scene) key(t flow.Target, text string, res fyne.Resource, r rect, lk look) {
	ink, tint := color.Color(ink), iconBrand
	if lk == primaryLook || lk == brandLook {
		ink, tint = onBrand, iconOnBrand
	}
	s.touch(t, text, r, lk, func(in rect) []fyne.CanvasObject {
		in = in.inset(s.mm(2.5), s.mm(1))
		l := letters{cap: bodyCap, bold: true, color: ink, align: fyne.TextAlignCenter}
		if in.h > s.mm(24) && fyne.MeasureText(text, s.font(6.2), l.style()).Width < in.w-s.mm(12) {
			l.cap = 6.2
		}
		var face []fyne.CanvasObject
		if res != nil {
			size := s.mm(8)
			total := min(size+s.mm(2)+fyne.MeasureText(text, s.font(l.cap), l.style()).Width+2, in.w)
			in = in.middle(total, in.h)
			var spot rect
			spot, in = in.cutLeft(size)
			_, in = in.cutLeft(s.mm(2))
			if t == flow.NextPage { // the arrow points away from the text
				in.x, spot.x = spot.x, spot.x+in.w+s.mm(2)
			}
			face = append(face, s.picture(res, tint, spot.middle(size, size)))
		}
		h := min(float32(len(s.lines(text, l, in.w, 2)))*s.step(l), in.h)
		o, _ := s.write(text, l, in.middle(in.w, h+1))
		return append(face, o...)
	})
}

// keyWidth is the width of a key that shows this text on one line, 44 mm at least.
func (s *scene) keyWidth(text string, icon bool) float32 {
	w := fyne.MeasureText(text, s.font(bodyCap), fyne.TextStyle{Bold: true}).Width + s.mm(7)
	if icon {
		w += s.mm(10)
	}
	return max(w, s.mm(44))
}
