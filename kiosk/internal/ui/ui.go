// Package ui draws what the flow says and reports which target was touched. It
// decides nothing and keeps nothing but the objects on the glass. Sizes are in
// millimetres, computed from the screen's diagonal and resolution.
package ui

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"antrean/kiosk/internal/flow"
	"antrean/shared/i18n"
)

// Options is what a Glass needs. All but Shown must be set.
type Options struct {
	Screen Screen
	Do     func(func())      // runs on Fyne's goroutine, later: fyne.Do
	Tapped func(flow.Target) // called on Fyne's goroutine; must not block
	Shown  func(Drawn)       // called on Fyne's goroutine after a page was put there
}

// Drawn is a page as it stands on the glass.
type Drawn struct {
	Page flow.Page
	Taps []Tap
}

// Tap is where a target is, in pixels of the window.
type Tap struct {
	Name       flow.Target `json:"name"`
	Label      string      `json:"label"`
	X, Y, W, H int
}

// Glass is the window's content. Show may be called from any goroutine.
type Glass struct {
	opt  Options
	root *fyne.Container
	back *canvas.Rectangle

	// Fyne's goroutine alone:
	touches map[touchKey]*touch

	mu   sync.Mutex
	next *flow.Page // newest page that is not drawn yet; a draw is on its way
}

// New makes an empty glass.
func New(o Options) *Glass {
	g := &Glass{opt: o, back: canvas.NewRectangle(ground)}
	g.root = container.NewWithoutLayout(g.back)
	g.back.Resize(fyne.NewSize(float32(o.Screen.Width), float32(o.Screen.Height)))
	return g
}

// Root is what the window shows.
func (g *Glass) Root() fyne.CanvasObject { return g.root }

// Show draws a page soon. Of a burst only the newest is drawn.
func (g *Glass) Show(p flow.Page) {
	g.mu.Lock()
	waiting := g.next != nil
	g.next = &p
	g.mu.Unlock()
	if !waiting {
		g.opt.Do(g.draw)
	}
}

func (g *Glass) draw() {
	g.mu.Lock()
	p := g.next
	g.next = nil
	g.mu.Unlock()
	if p == nil {
		return
	}
	s := &scene{Screen: g.opt.Screen, layout: newLayout(g.opt.Screen), page: *p, old: g.touches, tapped: g.opt.Tapped}
	s.whole()
	g.touches = make(map[touchKey]*touch, len(s.touches))
	drawn := Drawn{Page: *p}
	for _, w := range s.touches {
		g.touches[w.touchKey] = w
		if w.layer == veil || (w.layer == page && p.Countdown > 0) {
			continue
		}
		at, size := w.Position(), w.Size()
		drawn.Taps = append(drawn.Taps, Tap{w.target, w.label, int(at.X), int(at.Y), int(size.Width), int(size.Height)})
	}
	g.root.Objects = append([]fyne.CanvasObject{g.back}, s.objects...)
	g.root.Refresh()
	if g.opt.Shown != nil {
		g.opt.Shown(drawn)
	}
}

// whole draws the page and, where it is asked, the question over it.
func (s *scene) whole() {
	switch s.page.Kind {
	case flow.Start:
		s.start()
	case flow.Agencies, flow.Services:
		s.choices()
	case flow.Confirm:
		s.confirm()
	case flow.Taking:
		s.taking()
	case flow.Thanks:
		s.thanks()
	case flow.Refused:
		s.refused()
	default:
		s.away()
	}
	if s.page.Countdown > 0 {
		s.stillHere()
	}
}

// stillHere covers the page. A touch anywhere outside its keys also says "I am here".
func (s *scene) stillHere() {
	all := rect{0, 0, float32(s.Width), float32(s.Height)}
	s.layer = veil
	s.touch(flow.StillHere, s.say("still_here"), all, look{up: shade, down: shade}, func(rect) []fyne.CanvasObject { return nil })
	s.layer = question
	r := all.middle(min(all.w-s.mm(2*margin), s.mm(280)), s.mm(116))
	s.box(r, card, 5)
	r = r.inset(s.mm(8), s.mm(8))
	keys, r := r.cutBottom(s.mm(28))
	centre := fyne.TextAlignCenter
	title := s.say("still_here_title")
	s.stack(r,
		block{text: title, letters: s.largest([]string{title}, letters{bold: true, color: ink, align: centre}, r.w, r.h/2)},
		block{text: s.say("still_here_text", i18n.Args{"Seconds": s.page.Countdown}), letters: letters{cap: bodyCap, color: muted, align: centre}, gap: 3})
	leave, stay := keys.cutLeft(s.keyWidth(s.say("to_start"), true))
	_, stay = stay.cutLeft(s.mm(gapMM))
	s.key(flow.Home, s.say("to_start"), theme.HomeIcon(), leave, plainLook)
	s.key(flow.StillHere, s.say("still_here"), theme.ConfirmIcon(), stay, primaryLook)
}
