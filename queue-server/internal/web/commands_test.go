package web_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// classes gives the small office's first service an order with classes.
var classes = []string{
	`id = "ktp"
agency`, `id = "ktp"
order = { priority = 1, regular = 2, bound = 6 }
agency`,
}

const nobody = `document.querySelector("#desk").dataset.state === "idle" && !document.querySelector("#call-next").disabled`

func TestEveryCommandIsAKeyAndAChoiceAtMost(t *testing.T) {
	h := newHouse(t, classes...)
	first, _ := h.take("ktp")
	second, _ := h.take("ktp")
	third, _ := h.take("kk")
	h.Counter(h.desk, "2", "open")
	p := open(t, browser(t), false)
	p.login(h)
	p.openCounter("1")

	// A key and a choice, and the outcome stays with the server.
	p.press("n")
	p.at(first.Number.Text, "called")
	p.press("s")
	p.at(first.Number.Text, "serving")
	h.Clock.Advance(time.Minute) // so that the page's own clock is not ahead of the server's
	p.ask("f")
	p.shoot("choice-outcome")
	p.strike("2")
	p.is(nobody)

	// The last action can be taken back while its seconds run, and says what it is.
	p.is(`!document.querySelector("#undo").hidden && document.querySelector("#undo-what").textContent.includes("` + first.Number.Text + `") && /\d/.test(document.querySelector("#undo-left").textContent)`)
	p.shoot("counter-undo")
	p.press("u")
	p.at(first.Number.Text, "serving")
	p.is(`document.querySelector("#undo").hidden`)

	// Escape changes nothing; the parked number is called back from its list.
	p.ask("p")
	p.strike("\x1b")
	p.is(`!document.querySelector("#choice").open`)
	p.at(first.Number.Text, "serving")
	p.ask("p")
	p.strike("1")
	p.is(nobody)
	p.shows("#parked-total", "1")
	p.strike("3")
	p.click(`#list-parked [data-ticket="` + first.Number.Text + `"]`)
	p.shoot("choice-parked")
	p.click(`#choice [data-value="call"]`)
	p.at(first.Number.Text, "called")

	// A missed call comes back into the line.
	p.press("x")
	p.is(nobody)
	p.shows("#missed-total", "1")
	p.strike("4")
	p.click(`#list-missed [data-ticket="` + first.Number.Text + `"]`)
	p.click(`#choice [data-value="back"]`)
	p.is(`document.querySelector("#missed-total").textContent === "" && document.querySelector("#waiting-total").textContent === "3"`)

	// A chosen number, another class.
	p.strike("2")
	p.shoot("counter-line")
	p.click(`#list-line [data-ticket="` + third.Number.Text + `"]`)
	p.click(`#choice [data-value="call"]`)
	p.at(third.Number.Text, "called")
	p.ask("c")
	p.strike("2")
	p.is(`document.querySelector("#current-class").dataset.class === "priority"`)

	// One more service for the visit, then on to one counter.
	p.ask("a")
	p.click(`#choice [data-value="rekening"]`)
	p.is(`document.querySelector("#current-next").textContent.length > 5`)
	p.shoot("counter-visit")
	p.ask("t")
	p.shoot("choice-transfer")
	p.click(`#choice [data-value="ktp"]`)
	p.click(`#choice [data-value="2"]`)
	p.is(nobody)
	here := func(t wire.CounterTicket) bool { return t.ID == third.ID && t.Here }
	if v := h.counter("2"); !slices.ContainsFunc(v.Line, here) || slices.ContainsFunc(h.counter("1").Line, here) {
		t.Errorf("counter 2 would call %+v, want %s, sent to it", v.Line, third.Number.Text)
	}

	// A pause stops calling, and the same key ends it.
	p.ask("b")
	p.strike("1")
	p.is(`document.querySelector("#desk").dataset.state === "paused" && document.querySelector("#call-next").disabled`)
	p.shoot("counter-paused")
	p.press("b")
	p.is(nobody)

	// A number for somebody at the desk.
	p.ask("w")
	p.shoot("choice-walk-in")
	p.click(`#choice [data-value="ktp"]`)
	p.is(`document.querySelector("#choice [data-value='priority']")`)
	p.strike("2")
	p.is(`document.querySelector("#taken").open && /^A-\d+$/.test(document.querySelector("#taken-number").textContent)`)
	p.shoot("walk-in")
	p.click("#taken-call")
	p.is(`document.querySelector("#desk").dataset.state === "called" && document.querySelector("#current-class").dataset.class === "priority"`)
	p.press("s")
	p.ask("f")
	p.strike("1")
	p.is(nobody)
	p.press("n")
	p.at(second.Number.Text, "called")
}

func TestAQuestionGoesAwayWithItsTicketAndAHeldKeyAnswersNothing(t *testing.T) {
	h := newHouse(t, classes...)
	number, link := h.take("ktp")
	b := browser(t)
	officer, phone := open(t, b, false), open(t, b, true, 360, 740)
	officer.login(h)
	officer.openCounter("1")
	officer.press("n")
	officer.at(number.Number.Text, "called")
	officer.ask("p")
	officer.is(`document.querySelector("#choice").dispatchEvent(new KeyboardEvent("keydown", {key: "1", bubbles: true, repeat: true, cancelable: true})) || true`)
	officer.is(`document.querySelector("#choice").open`)
	phone.goTo(link)
	phone.click("#cancel")
	phone.click("#cancel-yes")
	officer.is(`!document.querySelector("#choice").open && document.querySelector("#notice").textContent.includes("` + number.Number.Text + `")`)

	// What the server refuses is said in the page's language.
	late, _ := h.take("ktp")
	officer.strike("2")
	officer.click(`#list-line [data-ticket="` + late.Number.Text + `"]`)
	h.cancel(late.ID)
	officer.click(`#choice [data-value="call"]`)
	officer.is(`document.querySelector("#notice").textContent.length > 20`)
	officer.shoot("counter-refused")
	if v := h.counter("1"); v.Current != nil {
		t.Errorf("%s is at the counter", v.Current.Number.Text)
	}
}

func TestTheSupervisorSeesTheHallAndOpensAndClosesIt(t *testing.T) {
	h := newHouse(t, classes...)
	number, _ := h.take("ktp")
	h.Counter(h.desk, "1", "open")
	h.Counter(h.desk, "1", "call-next")
	h.take("rekening")
	b := browser(t)
	p := open(t, b, true)
	p.goTo(h.URL + "/login?lang=id")
	p.loginAs(h, "supervisor", "/supervisor")
	p.is(`document.querySelector("[data-counter='1'] .number").textContent === "` + number.Number.Text + `"`)
	p.is(`document.querySelector("[data-service='rekening'] .waiting").textContent === "1"`)
	p.is(`document.querySelector("[data-service='ktp'] .rule").textContent === "1 prioritas, lalu 2 reguler; tidak ada yang disalip lebih dari 6 kali."`)
	p.is(`document.querySelector("[data-alert='no_open_counter']").textContent.includes("Rekening air")`)
	p.shoot("supervisor")

	// A service is closed by hand, with its reason, until it is lifted.
	p.click(`[data-service="kk"] button`)
	p.is(`document.querySelector("#force-ask").open`)
	p.is(`document.querySelector("#force-reason").value = "system_down", document.querySelector("#force-until").value = "60", true`)
	p.shoot("supervisor-force")
	p.click("#force-yes")
	p.is(`!document.querySelector("#force-ask").open && document.querySelector("[data-service='kk'] .closed").textContent.includes("Gangguan sistem")`)
	p.click(`[data-service="kk"] button`)
	p.is(`document.querySelector("#force-lift").checked`)
	p.click("#force-yes")
	p.is(`document.querySelector("[data-service='kk'] .state span").textContent === "Buka"`)

	// Without the line the last state stays, and nothing can be asked.
	h.line.cut(true)
	p.is(`!document.querySelector("#line-down").hidden && [...document.querySelectorAll("[data-ask]")].every((b) => b.disabled)`)
	p.shoot("supervisor-offline")
	h.line.cut(false)
	p.is(`document.querySelector("#line-down").hidden && !document.querySelector("#open-day").disabled`)

	// A ticket's story says why it was called.
	p.fill("#story-number", strings.ToLower(number.Number.Text))
	p.click("#story-find")
	p.is(`document.querySelectorAll("#story-list li").length >= 2 && document.querySelector("#story-list .why").textContent.length > 10`)
	p.is(`document.querySelector("#story-of").scrollIntoView(), true`)
	p.shoot("supervisor-story")
	p.fill("#story-number", "Z-999")
	p.click("#story-find")
	p.is(`!document.querySelector("#story-error").hidden && document.querySelectorAll("#story-list li").length === 0`)

	// The next day needs its date, read and confirmed.
	p.click("#open-day")
	p.is(`document.querySelector("#open-day-yes").disabled && document.querySelector("#open-day-date").value === "2026-11-24"`)
	p.click("#open-day-sure")
	p.shoot("supervisor-open-day")
	p.click("#open-day-yes")
	p.is(`document.querySelector("#day-date").textContent.includes("24 November 2026") && document.querySelector("#waiting-total").textContent === "0"`)
	p.click("#close-day")
	p.shoot("supervisor-close-day")
	p.click("#close-day-yes")
	p.is(`document.querySelector("#day-state").dataset.open === "no" && document.querySelector("#close-day").disabled`)

	// It is for those whose work it is, and each page leads to the other.
	p.click("#to-counter")
	p.is(`location.pathname === "/counter" && !document.querySelector("#to-supervisor").hidden`)
	p.do(chromedp.EmulateViewport(1024, 768))
	p.is(`document.documentElement.scrollWidth <= 1024`)
	p.shoot("counter-of-a-supervisor")
	officer := open(t, b, true)
	officer.loginAs(h, "officer", "/supervisor")
	officer.is(`!document.querySelector("#only").hidden && document.querySelector("#hall").hidden`)
	officer.goTo(h.URL + "/counter")
	officer.is(`document.querySelector("[data-counter]") && document.querySelector("#to-supervisor").hidden`)
}

// The number that a page asks for keeps its id through a broken line: one ticket.
func TestANumberFromTheDeskIsOneTicketHoweverOftenItIsAskedFor(t *testing.T) {
	h := newHouse(t)
	p := open(t, browser(t), false)
	p.login(h)
	p.openCounter("1")
	broken := false
	h.answer(func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if r.URL.Path != wire.PathTickets(h.Office) || broken {
			server.ServeHTTP(w, r)
			return
		}
		broken = true
		server.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // the line breaks before the answer
	})
	p.ask("w")
	p.click(`#choice [data-value="ktp"]`)
	p.is(`document.querySelector("#choice [data-value='regular']")`)
	p.strike("1")
	p.is(`document.querySelector("#taken").open`)
	p.shows("#taken-number", "A-001")
	if v := h.counter("1"); v.Waiting != 1 || v.Line[0].Class != ticket.Regular {
		t.Errorf("%d wait, want one: %+v", v.Waiting, v.Line)
	}
}
