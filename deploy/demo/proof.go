//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// A proof is one visit, and what is known of it so far.
type proof struct {
	*house
	browser *browser
	folder  string // what is left for people to look at
	out     io.Writer
	time    timeline

	number  string // as the kiosk printed it
	link    string // as the paper says it
	tapped  time.Time
	pressed time.Time
	called  boardEvent
	before  image.Image // the board's screen, before the call
}

// The visit's own choices.
const (
	visitAgency  = "dpmptsp"
	visitService = "nib"
	visitCounter = "loket-3"
	counterLabel = "3"
)

// prove runs one visit through all programs. Its error names the step that is not
// true. It has left everything that it saw in folder.
func prove(ctx context.Context, folder string, out io.Writer) (err error) {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	h, err := newHouse()
	if err != nil {
		return err
	}
	p := &proof{house: h, folder: folder, out: out, time: timeline{began: time.Now()}}
	defer func() { err = errors.Join(err, p.leave(err)) }()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"the house opens", p.openHouse},
		{"a visitor takes a ticket at the kiosk", p.takeTicket},
		{"the paper comes out, and its QR code is the visitor's link", p.readPaper},
		{"the phone follows the link", p.openPhone},
		{"an officer logs in and opens a counter", p.openCounter},
		{"the board stands there before the call", p.boardBefore},
		{"the officer presses, and the number is called", p.callNext},
		{"the board shows the number and the counter", p.readBoard},
		{"the board has said it", p.hearBoard},
		{"the phone says that it is called", p.phoneCalled},
		{"the counter starts and finishes", p.finish},
		{"the phone says that it is over", p.phoneDone},
		{"the kiosk is back at its start", p.kioskBack},
		{"no program drew from a wrong thread", p.quietLogs},
	} {
		began := time.Now()
		if err := step.do(ctx); err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = fmt.Errorf("%w (%w)", err, cause)
			}
			return fmt.Errorf("not true: %s: %w", step.name, err)
		}
		fmt.Fprintf(out, "%6.1f s  true: %s (%.1f s)\n", time.Since(p.time.began).Seconds(), step.name, time.Since(began).Seconds())
	}
	return nil
}

// leave writes what is known, ends everything, and tells where to look.
func (p *proof) leave(failed error) error {
	var errs []error
	if p.browser != nil {
		p.browser.close()
	}
	errs = append(errs, p.keep("timeline.txt", []byte(p.time.String())))
	for _, from := range []string{p.kioskTrace, p.boardTrace} {
		if err := p.keepFile(filepath.Base(from), from); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if failed != nil {
		errs = append(errs, os.CopyFS(filepath.Join(p.folder, "logs"), os.DirFS(p.logs)))
	}
	errs = append(errs, p.close())
	fmt.Fprintf(p.out, "\n%s\nLook into %s/\n", p.time.String(), p.folder)
	return errors.Join(errs...)
}

func (p *proof) keep(name string, b []byte) error {
	return os.WriteFile(filepath.Join(p.folder, name), b, 0o644)
}

func (p *proof) keepFile(name, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return p.keep(name, b)
}

// keepScreen keeps a picture of a screen once it stands still: a page is traced
// when it is put on the glass, and painted a moment later.
func (p *proof) keepScreen(ctx context.Context, name string, s *screen) error {
	var last []byte
	err := p.awaits(ctx, "the screen stands still", func() (bool, error) {
		_, b, err := s.picture(ctx)
		still := err == nil && bytes.Equal(b, last)
		last = b
		return still, err
	})
	if err != nil {
		return err
	}
	return p.keep(name, last)
}

func (p *proof) openHouse(ctx context.Context) error {
	if err := p.virtualScreens(ctx); err != nil {
		return err
	}
	if err := p.open(ctx, ""); err != nil {
		return err
	}
	for title, s := range map[string]*screen{kioskTitle: p.kiosk.screen, boardTitle: p.board.screen} {
		if _, err := s.window(ctx, title); err != nil {
			return err
		}
	}
	if _, err := p.boardEvent(ctx, "its first view", func(e boardEvent) bool { return e.Event == "shown" }); err != nil {
		return err
	}
	var err error
	p.browser, err = openBrowser(ctx, p.dir)
	return err
}

// takeTicket touches the glass at the places that the kiosk's own trace names.
func (p *proof) takeTicket(ctx context.Context) error {
	pages := []struct{ page, target string }{
		{"start", "language:id"},
		{"agencies", "agency:" + visitAgency},
		{"services", "service:" + visitService},
		{"confirm", "take"},
	}
	for _, at := range pages {
		if err := p.touch(ctx, at.page, at.target); err != nil {
			return err
		}
	}
	if _, err := p.kioskPage(ctx, "thanks", nil); err != nil {
		return err
	}
	taken, err := p.kioskMilestone(ctx, "taken", p.tapped)
	if err != nil {
		return err
	}
	p.number = taken.Number
	for _, m := range []struct{ what, name string }{
		{"taken", "tap to durable: the server's answer, which waits for the disk, is at the kiosk"},
		{"first_byte", "tap to the first byte taken by the printer's line"},
		{"confirmed", "tap to confirmed: the printer says that the paper is out"},
	} {
		e, err := p.kioskMilestone(ctx, m.what, p.tapped)
		if err != nil {
			return err
		}
		if *e.Ticket != *taken.Ticket {
			return fmt.Errorf("%s is of another ticket: %v", m.what, e.Ticket)
		}
		p.time.took(p.tapped, e.at(), m.name)
	}
	if _, err := p.kioskPage(ctx, "thanks", func(e kioskEvent) bool { return e.Paper == "printed" }); err != nil {
		return err
	}
	if err := p.keepScreen(ctx, "kiosk-5-thanks.png", p.kiosk.screen); err != nil {
		return err
	}
	p.link, err = p.linkOf(ctx, *taken.Ticket)
	return err
}

// touch waits for a page, keeps its picture and taps a target on it.
func (p *proof) touch(ctx context.Context, page, target string) error {
	has := func(e kioskEvent) bool { return e.tap(target) != nil }
	shown, err := p.kioskPage(ctx, page, has)
	if err != nil {
		return fmt.Errorf("to touch %s: %w", target, err)
	}
	names := map[string]string{"start": "1-start", "agencies": "2-agencies", "services": "3-services", "confirm": "4-confirm"}
	if err := p.keepScreen(ctx, "kiosk-"+names[page]+".png", p.kiosk.screen); err != nil {
		return err
	}
	before := time.Now().Truncate(time.Microsecond)
	if err := p.kiosk.screen.tap(ctx, shown.tap(target).middle()); err != nil {
		return err
	}
	tapped, err := p.kioskMilestone(ctx, "tap", before)
	if err != nil {
		return err
	}
	if tapped.Name != target {
		return fmt.Errorf("a finger on %s was felt on %s", target, tapped.Name)
	}
	p.tapped = tapped.at()
	return nil
}

// readPaper reads the printed picture as a phone would.
func (p *proof) readPaper(ctx context.Context) error {
	var file string
	err := p.awaits(ctx, "a paper lies in the printer's folder", func() (bool, error) {
		all, err := filepath.Glob(filepath.Join(p.paper, "*.png"))
		if len(all) > 1 {
			return false, fmt.Errorf("%d papers for one ticket", len(all))
		}
		if len(all) == 1 {
			file = all[0]
		}
		return len(all) == 1, err
	})
	if err != nil {
		return err
	}
	if err := p.keepFile("paper.png", file); err != nil {
		return err
	}
	printed, err := readQR(file)
	if err != nil {
		return err
	}
	if printed != p.link {
		return fmt.Errorf("the paper says %s, and the server %s", printed, p.link)
	}
	seen, err := readPaperNumber(ctx, file, p.number)
	if err != nil {
		return err
	}
	if !seen {
		return fmt.Errorf("the number %s cannot be read on the paper", p.number)
	}
	return nil
}

func (p *proof) openPhone(context.Context) error {
	if err := p.browser.follow(p.link, p.number); err != nil {
		return err
	}
	return p.photograph(p.browser.visitor, "phone-1-waiting.png")
}

func (p *proof) photograph(tab context.Context, name string) error {
	b, err := photograph(tab)
	if err != nil {
		return err
	}
	return p.keep(name, b)
}

func (p *proof) openCounter(context.Context) error {
	p.officer.password = "kata sandi petugas demo"
	if err := p.browser.logIn(p.server.URL, visitCounter, p.officer); err != nil {
		return err
	}
	if err := becomes(p.browser.officer, "one visitor waits", `document.querySelector("#waiting-total").textContent.trim() === "1"`); err != nil {
		return err
	}
	return p.photograph(p.browser.officer, "counter-1-idle.png")
}

// boardBefore keeps the board as it is before the call, for readBoard.
func (p *proof) boardBefore(ctx context.Context) error {
	var b []byte
	var err error
	if p.before, b, err = p.board.screen.picture(ctx); err != nil {
		return err
	}
	return p.keep("board-1-before.png", b)
}

func (p *proof) callNext(ctx context.Context) error {
	pressed, err := p.browser.press("#call-next")
	if err != nil {
		return err
	}
	p.pressed = pressed
	p.called, err = p.boardEvent(ctx, "the call", func(e boardEvent) bool { return e.Event == "call" && e.Number == p.number })
	if err != nil {
		return err
	}
	p.time.took(pressed, p.called.at(), "press to board: the number is painted")
	if err := becomes(p.browser.officer, "the counter page shows the number",
		fmt.Sprintf(`document.querySelector("#desk").dataset.state === "called" && document.querySelector("#current-number").textContent.trim() === %q`, p.number)); err != nil {
		return err
	}
	return p.photograph(p.browser.officer, "counter-2-called.png")
}

// readBoard reads the board's screen, not its words: number and counter must stand
// there for anybody who can read, and must not have stood there before the call.
func (p *proof) readBoard(ctx context.Context) error {
	window, err := p.boardEvent(ctx, "where its window is", func(e boardEvent) bool { return e.Event == "window" })
	if err != nil {
		return err
	}
	var after []byte
	err = p.awaits(ctx, fmt.Sprintf("number %s and counter %s can be read", p.number, counterLabel), func() (bool, error) {
		var img image.Image
		if img, after, err = p.board.screen.picture(ctx); err != nil {
			return false, err
		}
		taken := time.Now()
		there, err := p.readCall(ctx, img, window)
		if there {
			p.time.took(p.pressed, taken, "press to a picture of the screen on which number and counter can be read")
		}
		return there, err
	})
	if err := errors.Join(err, p.keep("board-2-called.png", after)); err != nil {
		return err
	}
	if there, err := p.readCall(ctx, p.before, window); there || err == nil {
		return errors.New("the same can be read on the picture from before the call")
	}
	return nil
}

// readCall reports whether number and counter can be read; the error says what is
// read instead.
func (p *proof) readCall(ctx context.Context, img image.Image, window boardEvent) (bool, error) {
	seen, err := read(ctx, img, p.called.number(window), numberCharacters)
	if err != nil {
		return false, err
	}
	counter, err := readCounter(ctx, img, p.called.below(window))
	if err != nil {
		return false, err
	}
	if !sameNumber(seen, p.number) || counter != counterLabel {
		return false, fmt.Errorf("number %q and counter %q are read", seen, counter)
	}
	return true, nil
}

// hearBoard checks the sound that the board has made.
func (p *proof) hearBoard(ctx context.Context) error {
	started, err := p.boardEvent(ctx, "that it speaks", func(e boardEvent) bool { return e.Event == "sound_started" && e.ID == p.called.ID })
	if err != nil {
		return err
	}
	p.time.took(p.pressed, started.at(), "press to sound: the loudspeaker, or the file, gets the announcement")
	ended, err := p.boardEvent(ctx, "that it has spoken", func(e boardEvent) bool { return e.Event == "sound_ended" && e.ID == p.called.ID })
	if err != nil {
		return err
	}
	if !ended.OK {
		return fmt.Errorf("the board could not be heard: %s", ended.Error)
	}
	files, err := filepath.Glob(filepath.Join(p.sounds, "*.wav"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("%d sounds for one call: %v, %w", len(files), files, err)
	}
	if err := p.keepFile("call.wav", files[0]); err != nil {
		return err
	}
	call, times, err := p.announcement(ctx, p.called.ID)
	if err != nil {
		return err
	}
	want, err := expectedSound(ctx, call, times, p.dir)
	if err != nil {
		return err
	}
	length, err := checkSound(files[0], want)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(files[0]), err)
	}
	p.time.say("the sound lasts %.2f s; chime and sentence, reckoned apart, %.2f s", length.Seconds(), want.Seconds())
	return nil
}

func (p *proof) phoneCalled(context.Context) error {
	err := becomes(p.browser.visitor, "the phone says that it is called",
		fmt.Sprintf(`document.body.dataset.state === "called" && document.querySelector("#counter").textContent.includes(%q)`, counterLabel))
	if err != nil {
		return err
	}
	return p.photograph(p.browser.visitor, "phone-2-called.png")
}

func (p *proof) finish(context.Context) error {
	for _, s := range []struct {
		button chromedp.CSS
		state  string
	}{{"#start", "serving"}, {"#finish", "idle"}} {
		if _, err := p.browser.press(s.button); err != nil {
			return err
		}
		if err := becomes(p.browser.officer, "the counter is "+s.state, fmt.Sprintf(`document.querySelector("#desk").dataset.state === %q`, s.state)); err != nil {
			return err
		}
		if err := p.photograph(p.browser.officer, "counter-"+map[string]string{"serving": "3-serving", "idle": "4-finished"}[s.state]+".png"); err != nil {
			return err
		}
	}
	return nil
}

func (p *proof) phoneDone(context.Context) error {
	if err := becomes(p.browser.visitor, "the phone says that the visit is over", `document.body.dataset.state === "done"`); err != nil {
		return err
	}
	return p.photograph(p.browser.visitor, "phone-3-done.png")
}

func (p *proof) kioskBack(ctx context.Context) error {
	_, err := p.kioskPage(ctx, "start", nil)
	return err
}

// quietLogs looks for the line by which Fyne betrays a fault that no picture shows.
func (p *proof) quietLogs(context.Context) error {
	for _, c := range p.children {
		if strings.Contains(c.Said(), "*** Error in Fyne call thread") {
			return fmt.Errorf("%s has touched its window from a wrong goroutine: see its log", c.Name)
		}
	}
	return nil
}
