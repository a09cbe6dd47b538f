//go:build linux

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"
)

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

func (p *proof) phoneCalled(context.Context) error {
	err := becomes(p.browser.visitor, "the phone says that it is called",
		fmt.Sprintf(`document.body.dataset.state === "called" && document.querySelector("#counter").textContent.includes(%q)`, counterLabel))
	if err != nil {
		return err
	}
	return p.photograph(p.browser.visitor, "phone-2-called.png")
}

// outcome is the answer to how the service ended, of the demo's office.
const outcome chromedp.CSS = `#choice [data-value="selesai"]`

func (p *proof) finish(context.Context) error {
	for _, s := range []struct {
		buttons []chromedp.CSS
		state   string
	}{{[]chromedp.CSS{"#start"}, "serving"}, {[]chromedp.CSS{"#finish", outcome}, "idle"}} {
		for _, button := range s.buttons {
			if _, err := p.browser.press(button); err != nil {
				return err
			}
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
