package web_test

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"antrean/queue-server/servertest"
)

// shots keeps pictures of every page: go test -run Pages -shots DIR
var shots = flag.String("shots", "", "folder for screenshots of the pages")

// patience is how long a page may take on a busy machine before a test fails.
const patience = 30 * time.Second

// chromium is the one browser of all tests, started by the first that needs it.
var chromium struct {
	once sync.Once
	path string          // empty: there is none on this machine
	ctx  context.Context // nil: it did not start
	err  error
	stop []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range slices.Backward(chromium.stop) {
		stop()
	}
	os.Exit(code)
}

func startChromium() {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			chromium.path = p
			break
		}
	}
	if chromium.path == "" {
		return
	}
	profile, err := os.MkdirTemp("", "antrean-web-*")
	if err != nil {
		chromium.err = err
		return
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium.path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "id"),
		chromedp.Flag("host-resolver-rules", "MAP mpp.test 127.0.0.1"), // a name that is not loopback to the browser
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	chromium.stop = []func(){func() { _ = os.RemoveAll(profile) }, stop, end}
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
}

// browser is a real Chromium with cookies of this test's own, or skips the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromium.once.Do(startChromium)
	if chromium.path == "" {
		t.Skip("no Chromium on this machine: the pages cannot be clicked")
	}
	if chromium.err != nil {
		t.Fatalf("start Chromium: %v", chromium.err)
	}
	ctx, stop := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is one window of the browser. Tabs of one window share its session.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// open makes a tab; faults of its scripts fail the test.
func open(t *testing.T, browser context.Context, apart bool, size ...int64) *tab {
	t.Helper()
	var opts []chromedp.ContextOption
	if apart { // cookies of its own
		opts = append(opts, chromedp.WithNewBrowserContext())
	}
	ctx, stop := chromedp.NewContext(browser, opts...)
	t.Cleanup(stop)
	p := &tab{t, ctx}
	listen := func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page's script failed: %+v", e.ExceptionDetails)
		}
	}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	// Every tab believes that it is in front, as it would on a machine of its own.
	p.do(command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
	if len(size) == 2 {
		p.do(chromedp.EmulateViewport(size[0], size[1]))
	} else {
		p.do(chromedp.EmulateViewport(1366, 768))
	}
	return p
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, steps...)
	for err != nil && strings.Contains(err.Error(), "Could not find node") && ctx.Err() == nil {
		err = chromedp.Do(ctx, steps...) // the page was just being replaced by the next; nothing was done
	}
	if err != nil {
		p.t.Fatalf("%v\n%s", err, p.body())
	}
}

// body is what the page shows, for a failure's text.
func (p *tab) body() string {
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (p *tab) goTo(url string) { p.t.Helper(); p.do(chromedp.Navigate(url)) }

func (p *tab) click(css string) {
	p.t.Helper()
	p.is(fmt.Sprintf("!document.querySelector(%q).disabled && document.querySelector(%q).offsetParent !== null", css, css))
	p.do(chromedp.Click(chromedp.CSS(css)))
}

// strike types a key, whether or not it may do anything now.
func (p *tab) strike(key string) { p.t.Helper(); p.do(chromedp.KeyEvent(key)) }

// press types the key of a counter's button once that may be used.
func (p *tab) press(key string) {
	p.t.Helper()
	button := map[string]string{"n": "#call-next", "r": "#recall", "s": "#start", "f": "#finish", "x": "#no-show", "p": "#park", "t": "#transfer", "a": "#add-service", "c": "#class", "u": "#undo", "w": "#walk-in", "b": "#pause"}[key]
	p.is(fmt.Sprintf("!document.querySelector(%q).disabled", button))
	p.strike(key)
}

func (p *tab) fill(css, words string) {
	p.t.Helper()
	p.is(fmt.Sprintf("document.querySelector(%q).value = '', true", css))
	p.do(chromedp.SendKeys(chromedp.CSS(css), words))
}

// is waits until a condition of the page is true, also across a change of pages.
func (p *tab) is(condition string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	again := time.NewTicker(30 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](guard(condition)))
		if ok && err == nil {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("never true: %s (%v)\n%s", condition, err, p.body())
		case <-again.C:
		}
	}
}

// guard keeps a condition about an element that is not there yet from being a fault.
func guard(condition string) string {
	return "(() => { try { return Boolean((" + condition + ")) } catch (e) { return false } })()"
}

// shows waits until an element's text is exactly so.
func (p *tab) shows(id, want string) {
	p.t.Helper()
	p.is(fmt.Sprintf("document.querySelector(%q).textContent.trim() === %q", id, want))
}

// login is a new officer who logs in.
func (p *tab) login(h *house) { p.t.Helper(); p.loginAs(h, "officer", "/counter") }

func (p *tab) loginAs(h *house, role, page string) {
	p.t.Helper()
	p.goTo(h.URL + "/login?next=" + url.QueryEscape(page))
	p.fill("#user", h.Account(role))
	p.fill("#password", servertest.Password)
	p.click("#login")
	p.is(fmt.Sprintf("location.pathname === %q", page))
}

// ask presses a key of the desk, and waits for the question that it puts.
func (p *tab) ask(key string) {
	p.t.Helper()
	p.press(key)
	p.is(`document.querySelector("#choice").open`)
}

// is at the counter: the number that is shown, and what is done with it.
func (p *tab) at(number, state string) {
	p.t.Helper()
	p.shows("#current-number", number)
	p.is(fmt.Sprintf("document.querySelector('#desk').dataset.state === %q", state))
}

// shoot keeps a picture where pictures were asked for.
func (p *tab) shoot(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	if err := os.MkdirAll(*shots, 0o755); err != nil {
		p.t.Fatal(err)
	}
	p.is(`document.fonts.status === "loaded"`)
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) dark(on bool) {
	p.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	p.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
	}))
}

// command makes a step of a command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		_, err = cdp.Call(ctx, t, c, params)
		return v, err
	}
}
