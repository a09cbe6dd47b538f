//go:build linux

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"antrean/deploy/rig"
)

// pageWait is how long a page may take to become what it should be.
const pageWait = 15 * time.Second

// A browser is a real Chromium without a window, with an officer's tab and a
// visitor's in stores of cookies of their own.
type browser struct {
	officer context.Context
	visitor context.Context
	ends    []context.CancelFunc
}

// openBrowser starts Chromium with an empty profile below dir.
func openBrowser(ctx context.Context, dir string) (*browser, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, fmt.Errorf("the demo needs Debian's chromium: %w", err)
	}
	b := &browser{}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(filepath.Join(dir, "chromium")),
		chromedp.Flag("lang", "id-ID"),
		chromedp.Flag("accept-lang", "id-ID,id"),
		chromedp.Flag("no-proxy-server", true), // the house is on loopback
	)
	allocator, end := chromedp.NewExecAllocator(ctx, options...)
	b.ends = append(b.ends, end)
	b.officer, end = chromedp.NewContext(allocator)
	b.ends = append(b.ends, end)
	if err := chromedp.Do(b.officer, chromedp.EmulateViewport(1366, 768)); err != nil {
		b.close()
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	b.visitor, end = chromedp.NewContext(b.officer, chromedp.WithNewBrowserContext())
	b.ends = append(b.ends, end)
	if err := chromedp.Do(b.visitor, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))); err != nil {
		b.close()
		return nil, fmt.Errorf("open the phone's tab: %w", err)
	}
	return b, nil
}

// close ends Chromium and waits for it.
func (b *browser) close() {
	for _, end := range slices.Backward(b.ends) {
		end()
	}
}

// do runs actions in a tab within pageWait; what names them in the error.
func do(tab context.Context, what string, actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(tab, pageWait)
	defer cancel()
	for _, action := range actions {
		err := chromedp.Do(ctx, action)
		for err != nil && strings.Contains(err.Error(), "Could not find node") && ctx.Err() == nil {
			err = chromedp.Do(ctx, action) // the page was just being replaced by the next; nothing was done
		}
		if err != nil {
			return fmt.Errorf("%s: %w; the page says:\n%s", what, err, body(tab))
		}
	}
	return nil
}

// becomes waits until a JavaScript expression is true in the tab. (Not by chromedp's
// own Poll: it evaluates a string inside the page, which our pages forbid.)
func becomes(tab context.Context, what, expression string) error {
	err := rig.Eventually(tab, pageWait, what, func() (bool, error) {
		return chromedp.Run(tab, chromedp.Evaluate[bool]("!!("+expression+")"))
	})
	if err != nil {
		return fmt.Errorf("%w; the page says:\n%s", err, body(tab))
	}
	return nil
}

// text reads an element's text as it is shown.
func text(tab context.Context, selector chromedp.CSS) (string, error) {
	ctx, cancel := context.WithTimeout(tab, pageWait)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Text(selector))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", selector, err)
	}
	return strings.TrimSpace(s), nil
}

// body is what the page says, only to tell more about a failure.
func body(tab context.Context) string {
	ctx, cancel := context.WithTimeout(tab, time.Second)
	defer cancel()
	s, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + (document.body ? document.body.innerText.slice(0, 600) : "")`))
	if err != nil {
		return "(nothing: " + err.Error() + ")"
	}
	return s
}

// photograph takes a PNG of what the tab shows.
func photograph(tab context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(tab, pageWait)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// press clicks a button and returns the moment just before.
func (b *browser) press(button chromedp.CSS) (time.Time, error) {
	err := becomes(b.officer, "the button "+string(button)+" can be pressed", fmt.Sprintf("!document.querySelector(%q).disabled", button))
	if err != nil {
		return time.Time{}, err
	}
	at := time.Now()
	return at, do(b.officer, "press "+string(button), chromedp.Click(button))
}

// follow opens the visitor's link on the phone, which then says that its number waits.
func (b *browser) follow(link, number string) error {
	if err := do(b.visitor, "open "+link, chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#number"))); err != nil {
		return err
	}
	if err := becomes(b.visitor, "the phone says that it waits", `document.body.dataset.state === "waiting"`); err != nil {
		return err
	}
	shown, err := text(b.visitor, "#number")
	if err == nil && shown != number {
		err = fmt.Errorf("the phone shows %q, and the ticket is %s", shown, number)
	}
	return err
}

// logIn logs the officer in with the one-time password, replaces it as the server
// demands, and opens a counter.
func (b *browser) logIn(base, counter string, who officer) error {
	button := chromedp.CSS(fmt.Sprintf("#counter-list [data-counter=%q]", counter))
	steps := []struct {
		what string
		do   []chromedp.Action[chromedp.Void]
	}{
		{"the officer logs in with the one-time password", []chromedp.Action[chromedp.Void]{
			chromedp.Navigate(base + "/login"),
			chromedp.WaitVisible(chromedp.CSS("#user")),
			chromedp.SendKeys(chromedp.CSS("#user"), who.user),
			chromedp.SendKeys(chromedp.CSS("#password"), who.oneTime),
			chromedp.Click(chromedp.CSS("#login")),
			chromedp.WaitVisible(chromedp.CSS("#old")),
		}},
		{"the officer sets a password of their own", []chromedp.Action[chromedp.Void]{
			chromedp.SendKeys(chromedp.CSS("#old"), who.oneTime),
			chromedp.SendKeys(chromedp.CSS("#new"), who.password),
			chromedp.SendKeys(chromedp.CSS("#again"), who.password),
			chromedp.Click(chromedp.CSS("#save")),
			chromedp.WaitVisible(button),
		}},
		{"the officer opens counter " + counter, []chromedp.Action[chromedp.Void]{
			chromedp.Click(button),
			chromedp.WaitVisible(chromedp.CSS("#desk[data-state=idle]")),
		}},
	}
	for _, s := range steps {
		if err := do(b.officer, s.what, s.do...); err != nil {
			return err
		}
	}
	return nil
}
