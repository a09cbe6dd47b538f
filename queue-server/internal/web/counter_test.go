package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"antrean/shared/wire"
)

const (
	idle  = `!document.querySelector("#desk").hidden && document.querySelector("#desk").dataset.state === "idle"`
	ready = idle + ` && !document.querySelector("#call-next").disabled`
)

func (p *tab) openCounter(id string) {
	p.t.Helper()
	p.click(`[data-counter="` + id + `"]`)
	p.is(ready)
}

func TestAnotherSessionTakesACounterOverOnlyWhenTheOfficerSaysSo(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	number, _ := h.take("ktp")
	siti, budi := open(t, b, true), open(t, b, true)
	siti.login(h)
	siti.openCounter("1")
	siti.press("n")
	siti.shows("#current-number", number.Number.Text)

	budi.login(h)
	budi.click(`[data-counter="1"]`)
	budi.is(`document.querySelector("#take-over").open`)
	budi.shoot("take-over")
	budi.click("#take-over-no")
	budi.is(`!document.querySelector("#take-over").open`)
	if v := h.counter("1"); v.Current == nil || v.Holder == nil {
		t.Fatalf("the counter changed hands without a yes: %+v", v)
	}
	budi.click(`[data-counter="1"]`)
	budi.click("#take-over-yes")
	budi.shows("#current-number", number.Number.Text)

	siti.is(`document.querySelector("#desk").dataset.state === "lost" && !document.querySelector("#lost").hidden`)
	siti.is(`[...document.querySelectorAll("[data-command]")].every((b) => b.disabled)`)
	siti.shoot("counter-lost")
	siti.strike("s") // must not start it
	budi.press("s")
	budi.is(`document.querySelector("#desk").dataset.state === "serving"`)
	siti.click("#take-back")
	siti.is(`document.querySelector("#desk").dataset.state === "serving"`)
	budi.is(`document.querySelector("#desk").dataset.state === "lost"`)
	budi.click("#choose-other")
	budi.openCounter("2")
}

func TestTwoTabsOfOneSessionShowTheSameAndCallOnce(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	first, _ := h.take("ktp")
	second, _ := h.take("ktp")
	left := open(t, b, false)
	left.login(h)
	left.openCounter("1")
	right := open(t, b, false)
	right.goTo(h.URL + "/counter?office=uji&counter=1")
	right.is(ready)
	left.is(ready)

	var both sync.WaitGroup
	for _, p := range []*tab{left, right} {
		both.Go(func() { p.strike("n") })
	}
	both.Wait()
	left.shows("#current-number", first.Number.Text)
	right.shows("#current-number", first.Number.Text)
	left.shows("#waiting-total", "1")

	right.click("#start")
	right.is(`document.querySelector("#desk").dataset.state === "serving"`)
	left.click("#finish")
	left.click(`#choice [data-value="selesai"]`)
	right.is(idle)
	right.press("n")
	left.shows("#current-number", second.Number.Text)
	right.press("x")
	left.is(idle)
	left.click("#close-counter")
	right.is(`document.querySelector("#desk").dataset.state === "closed"`)
	right.shoot("counter-closed")
	right.click("#take-back")
	right.is(idle)
}

// The server calls the number, and the answer is lost: the page asks again with
// the same key, and nobody else is called.
func TestAPressIsRepeatedWithItsOwnKeyUntilItIsAnswered(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	first, _ := h.take("ktp")
	h.take("ktp")
	officer := open(t, b, false)
	officer.login(h)
	officer.openCounter("1")

	var mu sync.Mutex
	var keys []string
	h.answer(func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if !strings.HasSuffix(r.URL.Path, "/call-next") {
			server.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		keys = append(keys, r.Header.Get(wire.HeaderKey))
		n := len(keys)
		mu.Unlock()
		switch n {
		case 1:
			server.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler) // the line breaks before the answer
		case 2:
			w.Header().Set("Content-Type", wire.ProblemType)
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"title":"?","status":503,"code":"outcome_unknown"}`))
		default:
			server.ServeHTTP(w, r)
		}
	})
	officer.press("n")
	officer.shows("#current-number", first.Number.Text)
	officer.click("#start") // answered at last
	officer.is(`document.querySelector("#desk").dataset.state === "serving"`)
	mu.Lock()
	defer mu.Unlock()
	if len(keys) != 3 || keys[0] == "" || keys[0] != keys[1] || keys[1] != keys[2] {
		t.Errorf("keys of the three tries: %q, want one key three times", keys)
	}
	if v := h.counter("1"); v.Waiting != 1 {
		t.Errorf("%d wait, want 1: a repeated press called another number", v.Waiting)
	}
}

func TestAHeldKeyAndAKeyWithAModifierDoNothing(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	first, _ := h.take("ktp")
	officer := open(t, b, false)
	officer.login(h)
	officer.openCounter("1")
	var asked sync.Map
	h.answer(func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if r.Method == http.MethodPost {
			asked.Store(r.URL.Path, true)
		}
		server.ServeHTTP(w, r)
	})
	for _, how := range []string{"repeat: true", "ctrlKey: true", "altKey: true", "metaKey: true"} {
		officer.is(`document.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true, ` + how + `}))`)
	}
	officer.strike("?")
	officer.is(`document.querySelector("#help").open`)
	officer.shoot("counter-help")
	officer.strike("n") // while the help is open
	officer.click("#keys-on")
	officer.click("#help-close")
	officer.strike("n") // switched off
	asked.Range(func(path, _ any) bool {
		t.Errorf("a key that must do nothing asked for %s", path)
		return true
	})
	officer.strike("?")
	officer.click("#keys-on")
	officer.click("#help-close")
	officer.press("n")
	officer.shows("#current-number", first.Number.Text)
}

func TestACutLineIsSaidAndTheCounterIsRightAgainAfterwards(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	number, link := h.take("ktp")
	officer, phone := open(t, b, false), open(t, b, true, 360, 740)
	officer.login(h)
	officer.openCounter("1")
	officer.shows("#waiting-total", "1")
	phone.goTo(link)
	phone.is(`document.body.dataset.state === "waiting"`)

	h.line.cut(true)
	officer.is(`!document.querySelector("#line-down").hidden && document.querySelector("#call-next").disabled`)
	officer.shoot("counter-line-down")
	phone.is(`!document.querySelector("#offline").hidden && document.querySelector("#updated").textContent !== ""`)
	phone.shoot("phone-offline")
	h.take("ktp")
	h.cancel(number.ID)
	h.take("kk")
	h.line.cut(false)
	officer.is(`document.querySelector("#line-down").hidden`)
	officer.shows("#waiting-total", "2")
	phone.is(`document.body.dataset.state === "cancelled" && document.querySelector("#offline").hidden`)
}

func TestAnEndedSessionLeadsBackToTheLogIn(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	officer := open(t, b, false)
	officer.login(h)
	officer.openCounter("1")
	other := open(t, b, false)
	other.goTo(h.URL + "/counter")
	other.is(`document.querySelector("[data-counter]")`)
	other.click("#logout")
	officer.is(`location.pathname === "/login" && !document.querySelector("#why").hidden`)
	officer.is(`new URLSearchParams(location.search).get("next") === "/counter?office=uji&counter=1"`)
	officer.shoot("login-ended")
}

// An office without TLS: the browser trusts the page less (no Sec-Fetch headers, no
// crypto.randomUUID), and everything has to work all the same.
func TestOverAPlainLineEverythingWorksAndIsSaidToBeUnsafe(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	h.URL = strings.Replace(h.URL, "127.0.0.1", "mpp.test", 1)
	number, link := h.take("ktp")
	h.answer(func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		if r.URL.Path != wire.PathSession {
			server.ServeHTTP(w, r)
			return
		}
		seen := httptest.NewRecorder()
		server.ServeHTTP(seen, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(seen.Code)
		// What the server says to a browser on another machine.
		_, _ = w.Write([]byte(strings.Replace(seen.Body.String(), `"line_safe":true`, `"line_safe":false`, 1)))
	})
	officer, phone := open(t, b, false), open(t, b, true, 360, 740)
	officer.goTo(h.URL + "/login")
	officer.is(`!window.isSecureContext && !document.querySelector("#line-unsafe").hidden`)
	officer.login(h)
	officer.openCounter("1")
	officer.is(`!document.querySelector("#line-unsafe").hidden`)
	officer.press("n")
	officer.shows("#current-number", number.Number.Text)
	officer.shoot("counter-unsafe")
	phone.goTo(link)
	phone.is(`document.body.dataset.state === "called"`)
	phone.click("#cancel")
	phone.click("#cancel-yes")
	phone.is(`document.body.dataset.state === "cancelled"`)
	officer.is(idle)
}

func TestAnOfficerWhoHoldsACounterIsToldSoAtAnother(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	officer := open(t, b, false)
	officer.login(h)
	officer.openCounter("1")
	tab2 := open(t, b, false)
	tab2.goTo(h.URL + "/counter")
	tab2.is(`document.querySelector("[data-counter='1'] .mine")`)
	tab2.click(`[data-counter="2"]`)
	tab2.is(`!document.querySelector("#chooser-notice").hidden && document.querySelector("#chooser-notice").textContent.length > 10`)
	tab2.shoot("chooser-refused")
	tab2.openCounter("1") // one's own is entered without a question
}

func TestAVisitorWhoLeavesTheLineIsAskedFirst(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	number, link := h.take("ktp")
	officer, phone := open(t, b, false), open(t, b, true, 360, 740)
	officer.login(h)
	officer.openCounter("1")
	phone.goTo(link + "?lang=id")
	phone.click("#cancel")
	phone.is(`!document.querySelector("#cancel-sure").hidden && document.querySelector("#cancel").hidden`)
	phone.shoot("phone-cancel")
	phone.click("#cancel-no")
	phone.is(`document.querySelector("#cancel-sure").hidden`)
	officer.press("n")
	officer.shows("#current-number", number.Number.Text)
	phone.is(`document.body.dataset.state === "called"`)
	phone.click("#cancel")
	phone.click("#cancel-yes")
	phone.is(`document.body.dataset.state === "cancelled"`)
	phone.shoot("phone-cancelled")
	officer.is(idle)
	officer.is(`document.querySelector("#notice").textContent.includes("` + number.Number.Text + `")`)
}

func TestTheBellRingsOnceForEachCall(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	number, link := h.take("ktp")
	officer, phone := open(t, b, false), open(t, b, true, 360, 740)
	officer.login(h)
	officer.openCounter("1")
	phone.goTo(link)
	// Count the notes that the page plays: nothing else can be heard here.
	phone.is(`window.notes = 0, (() => { const real = OscillatorNode.prototype.start; OscillatorNode.prototype.start = function (at) { window.notes++; return real.call(this, at) } })(), true`)
	phone.click("#bell")
	phone.is(`document.querySelector("#bell").getAttribute("aria-pressed") === "true" && window.notes === 3`)
	phone.shoot("phone-bell")
	officer.press("n")
	officer.shows("#current-number", number.Number.Text)
	phone.is(`document.body.dataset.state === "called" && window.notes >= 6`)
	officer.click("#start")
	phone.is(`document.body.dataset.state === "serving" && document.querySelector("#bell").hidden`)
}

func TestAnAddressWithAnUnknownCounterOrOfficeLeadsToTheLists(t *testing.T) {
	b := browser(t)
	h := newHouse(t)
	officer := open(t, b, false)
	officer.login(h)
	for _, query := range []string{"office=uji&counter=99", "office=elsewhere&counter=1", "office=%3Cb%3E", "counter=1"} {
		officer.goTo(h.URL + "/counter?" + query)
		officer.is(`!document.querySelector("#chooser").hidden && document.querySelectorAll("[data-counter]").length === 3`)
	}
}
