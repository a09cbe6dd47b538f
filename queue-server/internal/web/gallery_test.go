package web_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"antrean/queue-server/servertest"
	"antrean/shared/i18n"
)

// axe is a copy of axe-core's axe.min.js; where it is given, every picture's page is
// checked for accessibility faults.
var axe = flag.String("axe", "", "axe.min.js, to check the pages for accessibility")

// TestPagesForTheEye walks through every page in every language, by day and by
// night, at the size of a real office. It shows pages to people (-shots DIR) and to
// axe-core (-axe FILE); without either it has nothing to do.
func TestPagesForTheEye(t *testing.T) {
	if *shots == "" && *axe == "" {
		t.Skip("nobody looks: give -shots DIR or -axe FILE")
	}
	b := browser(t)
	file, err := os.ReadFile("../../../deploy/offices/sinjai.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		for _, dark := range []bool{false, true} {
			name := map[bool]string{false: "day", true: "night"}[dark]
			t.Run(lang+"-"+name, func(t *testing.T) {
				h := houseOf(t, strings.Replace(string(file), `public_url = ""`, `public_url = "http://mpp.test"`, 1))
				gallery(t, &eye{
					b: t, lang: lang, name: lang + "-" + name, dark: dark, h: h,
					desk: open(t, b, true), phone: open(t, b, true, 360, 740),
				})
			})
		}
	}
}

type eye struct {
	b           *testing.T
	h           *house
	lang, name  string
	dark        bool
	desk, phone *tab
}

// keep takes the picture and has the page checked.
func (e *eye) keep(p *tab, name string) {
	e.b.Helper()
	p.shoot(e.name + "-" + name)
	if *axe == "" {
		return
	}
	script, err := os.ReadFile(*axe)
	if err != nil {
		e.b.Fatal(err)
	}
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](string(script)+`;
		axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) =>
			r.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.target.join(" ")).join(", ")))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		e.b.Fatal(err)
	}
	for _, fault := range found {
		e.b.Errorf("%s: %s", name, fault)
	}
}

func gallery(t *testing.T, e *eye) {
	e.desk.dark(e.dark)
	e.phone.dark(e.dark)
	h, desk, phone := e.h, e.desk, e.phone
	service := h.counter("loket-1").Services
	take := func(n int) (number, link string) {
		for range n {
			taken, at := h.take(service[0].ID)
			number, link = taken.Number.Text, at
		}
		return number, link
	}
	number, link := take(1)
	take(3)
	_, later := take(1)
	for i, s := range service[1:] {
		for range i + 1 {
			h.take(s.ID)
		}
	}

	desk.goTo(h.URL + "/login?lang=" + e.lang)
	e.keep(desk, "login")
	user, once := h.NewAccount("officer")
	desk.fill("#user", user)
	desk.fill("#password", once)
	desk.click("#login")
	desk.is(`location.pathname === "/password" && document.querySelector("#user").value`)
	e.keep(desk, "password")
	desk.fill("#old", once)
	desk.fill("#new", servertest.Password)
	desk.fill("#again", servertest.Password)
	desk.click("#save")
	desk.is(`document.querySelector("[data-counter]")`)
	e.keep(desk, "chooser")
	desk.openCounter("loket-1")
	h.Clock.Advance(7 * time.Minute)
	e.keep(desk, "counter-idle")

	phone.goTo(link + "?lang=" + e.lang)
	phone.is(`document.body.dataset.state === "waiting"`)
	e.keep(phone, "phone-next")
	narrow := open(t, e.phone.ctx, true, 320, 640)
	narrow.dark(e.dark)
	narrow.goTo(later + "?lang=" + e.lang)
	narrow.is(`document.documentElement.scrollWidth <= 320`)
	e.keep(narrow, "phone-waiting-320")

	desk.click("#walk-in")
	desk.is(`document.querySelector("#choice").open`)
	e.keep(desk, "choice-walk-in")
	desk.strike("\x1b")
	desk.strike("2")
	e.keep(desk, "counter-line")
	desk.press("n")
	desk.is(`document.querySelector("#desk").dataset.state === "called"`)
	phone.is(`document.body.dataset.state === "called"`)
	h.Clock.Advance(time.Minute)
	desk.press("r")
	desk.is(`/^2 /.test(document.querySelector("#calls").textContent)`)
	desk.is(`!document.querySelector("#recall").disabled`)
	e.keep(desk, "counter-called")
	phone.is(`document.getAnimations().length === 0`)
	e.keep(phone, "phone-called")
	desk.press("s")
	phone.is(`document.body.dataset.state === "serving" && document.getAnimations().length === 0`)
	desk.is(`!document.querySelector("#finish").disabled`)
	e.keep(desk, "counter-serving")
	e.keep(phone, "phone-serving")
	desk.strike("?")
	desk.is(`document.querySelector("#help").open`)
	e.keep(desk, "counter-help")
	desk.click("#help-close")
	desk.click("#transfer")
	desk.is(`document.querySelector("#choice").open`)
	e.keep(desk, "choice-transfer")
	desk.strike("\x1b")
	desk.do(chromedp.EmulateViewport(1024, 768))
	e.keep(desk, "counter-1024")
	desk.is(`document.documentElement.scrollWidth <= 1024`)
	desk.do(chromedp.EmulateViewport(1366, 768))
	desk.ask("f")
	e.keep(desk, "choice-outcome")
	desk.strike("1")
	phone.is(`document.body.dataset.state === "done"`)
	e.keep(phone, "phone-done")
	e.keep(desk, "counter-undo")
	hall := open(t, e.phone.ctx, true)
	hall.dark(e.dark)
	hall.goTo(h.URL + "/login?lang=" + e.lang)
	hall.loginAs(h, "supervisor", "/supervisor")
	hall.is(`document.querySelector("#service-list tr .agency").textContent.length > 3`)
	e.keep(hall, "supervisor")
	hall.is(`document.querySelector("#services-title").scrollIntoView(), true`)
	e.keep(hall, "supervisor-services")
	hall.do(chromedp.EmulateViewport(1024, 768))
	e.keep(hall, "supervisor-1024")
	hall.is(`document.documentElement.scrollWidth <= 1024`)
	hall.do(chromedp.EmulateViewport(1366, 768))
	hall.fill("#story-number", number)
	hall.click("#story-find")
	hall.is(`document.querySelectorAll("#story-list li").length > 2`)
	hall.is(`document.querySelector("#story-title").scrollIntoView(), true`)
	e.keep(hall, "supervisor-story")
	hall.click("#force-office")
	e.keep(hall, "supervisor-force")
	hall.click("#force-no")
	hall.click("#open-day")
	e.keep(hall, "supervisor-open-day")
	phone.goTo(fmt.Sprintf("%s/t/%s/wrong", h.URL, h.Office))
	e.keep(phone, "phone-gone")
}
