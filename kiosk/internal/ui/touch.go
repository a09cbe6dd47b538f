package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"antrean/kiosk/internal/flow"
)

// touch is something a finger can press: it darkens under the finger and acts on
// release. It is kept while its page is redrawn, so that a finger that is down
// when a new view arrives still finds it.
type touch struct {
	widget.BaseWidget
	touchKey
	label  string
	size   fyne.Size
	tapped func(flow.Target)

	back     *canvas.Rectangle
	up, down color.Color
	face     []fyne.CanvasObject // placed relative to the touch
}

// touchKey is what makes a touch the same one from drawing to drawing. A target
// may be on the page and on the question over it.
type touchKey struct {
	target flow.Target
	layer  layer
}

type layer uint8

const (
	page layer = iota
	veil
	question
)

var (
	_ fyne.Tappable      = (*touch)(nil)
	_ desktop.Mouseable  = (*touch)(nil)
	_ desktop.Cursorable = (*touch)(nil)
	_ fyne.Accessible    = (*touch)(nil)
)

func newTouch(k touchKey, tapped func(flow.Target)) *touch {
	w := &touch{touchKey: k, tapped: tapped, back: canvas.NewRectangle(color.Transparent)}
	w.ExtendBaseWidget(w)
	return w
}

// Tapped is called on release over the touch that was pressed.
func (w *touch) Tapped(*fyne.PointEvent) { w.tapped(w.target) }

// MouseDown and MouseUp show that the finger was felt.
func (w *touch) MouseDown(*desktop.MouseEvent) { w.paint(w.down) }

// MouseUp lifts it.
func (w *touch) MouseUp(*desktop.MouseEvent) { w.paint(w.up) }

func (w *touch) paint(c color.Color) {
	w.back.FillColor = c
	w.back.Refresh()
}

// Cursor hides the pointer: a finger is its own.
func (w *touch) Cursor() desktop.Cursor { return desktop.HiddenCursor }

// AccessibilityLabel is all that the touch says, in one line.
func (w *touch) AccessibilityLabel() string { return w.label }

// AccessibilityRole implements fyne.Accessible.
func (w *touch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (w *touch) CreateRenderer() fyne.WidgetRenderer { return &touchRenderer{w} }

type touchRenderer struct{ w *touch }

func (r *touchRenderer) Destroy()              {}
func (r *touchRenderer) Layout(size fyne.Size) { r.w.back.Resize(size) }
func (r *touchRenderer) MinSize() fyne.Size    { return r.w.size }
func (r *touchRenderer) Refresh()              { canvas.Refresh(r.w) }
func (r *touchRenderer) Objects() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{r.w.back}, r.w.face...)
}
