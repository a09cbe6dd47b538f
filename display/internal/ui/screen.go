package ui

import (
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"antrean/display/internal/board"
)

// Drawn tells what a picture shows large and where, for the trace.
type Drawn struct {
	Epoch   string
	Seq     uint64
	ID      uint64 // of the announcement
	Number  string // empty: no call is shown
	Counter string
	Rect    image.Rectangle // the capitals of the number, in pixels of the window
	Kept    bool            // the size rule is kept: the number is as high as the farthest seat needs
	Pages   int             // of counters and services
}

// Screen is the window's content. Its methods belong to Fyne's goroutine.
type Screen struct {
	place    Place
	language string
	pen      *pen
	ground   *canvas.Rectangle
	cover    *cover
	marker   *canvas.Raster
	root     *fyne.Container

	picture board.Picture
	drawn   Drawn
	painted func(Drawn, time.Time)
}

// New makes a screen that shows nothing yet. painted, where not nil, is called on
// Fyne's goroutine when a new picture is being painted, not merely asked for.
func New(p Place, language string, painted func(Drawn, time.Time)) *Screen {
	s := &Screen{place: p, language: language, painted: painted, ground: canvas.NewRectangle(ground)}
	free := freely{s}
	s.pen = newPen(nil)
	// The marker is one pixel in the ground's colour. Fyne asks for its content in the
	// middle of painting the frame, after everything below it.
	s.marker = canvas.NewRaster(func(w, h int) image.Image {
		if s.painted != nil {
			s.painted(s.drawn, time.Now())
		}
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				img.SetNRGBA(x, y, ground)
			}
		}
		return img
	})
	s.cover = newCover()
	s.root = container.New(free, s.ground, s.pen.rects, s.pen.texts, s.cover, s.marker)
	return s
}

// cover hides the mouse pointer, which nobody needs on a wall.
type cover struct{ widget.BaseWidget }

func newCover() *cover {
	c := &cover{}
	c.ExtendBaseWidget(c)
	return c
}

func (*cover) Cursor() desktop.Cursor { return desktop.HiddenCursor }

func (*cover) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// Content is what the window shows. It has no least size of its own, so it can
// never make the window larger than the screen.
func (s *Screen) Content() fyne.CanvasObject { return s.root }

// freely fills the window and leaves the rest to draw.
type freely struct{ s *Screen }

func (freely) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (f freely) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := f.s
	for _, o := range []fyne.CanvasObject{s.ground, s.pen.rects, s.pen.texts, s.cover} {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
	s.marker.Resize(fyne.NewSize(1, 1))
	s.marker.Move(fyne.NewPos(size.Width-1, size.Height-1))
	s.draw()
}

// Show draws a picture and says what it shows.
func (s *Screen) Show(p board.Picture) Drawn {
	s.picture = p
	s.draw()
	s.marker.Refresh()
	return s.drawn
}

func (s *Screen) draw() {
	size := s.root.Size()
	if size.Width < 2 || size.Height < 2 {
		return
	}
	d := drawing{pen: s.pen, sizes: s.place.sizes(), lang: s.language, picture: &s.picture}
	s.pen.begin()
	d.all(box{0, 0, size.Width, size.Height})
	s.pen.end()
	d.drawn.Epoch, d.drawn.Seq = s.picture.Epoch, s.picture.Seq
	s.drawn = d.drawn
}
