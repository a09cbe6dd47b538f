package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"antrean/shared/i18n"
	"antrean/shared/wire"
)

// page is an answer with its body read. Redirects are not followed.
type page struct {
	*http.Response
	body string
}

func get(t *testing.T, url string, header ...string) page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{res, string(b)}
}

func TestEveryPageIsLockedDown(t *testing.T) {
	h := newHouse(t)
	_, link := h.take("ktp")
	inline := regexp.MustCompile(`(?i)\son\w+=|\sstyle=|<style|<script(?:>|\s+(?:type="module"\s*)?>)|javascript:|https?://`)
	for _, url := range []string{h.URL + "/login", h.URL + "/password", h.URL + "/counter", h.URL + "/supervisor", link, h.URL + "/t/uji/wrong", h.URL + "/nowhere"} {
		p := get(t, url)
		csp := p.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'self'; connect-src 'self' ws://127.0.0.1:") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", url, csp)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := p.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", url, name, got, want)
			}
		}
		if found := inline.FindString(p.body); found != "" {
			t.Errorf("%s: %q inside the page, which its policy forbids", url, found)
		}
	}
}

func TestAHostHeaderCannotWriteIntoThePolicy(t *testing.T) {
	h := newHouse(t)
	p := get(t, h.Server.URL+"/login", "Host", "evil.test; script-src *")
	if csp := p.Header.Get("Content-Security-Policy"); strings.Contains(csp, "evil") {
		t.Errorf("policy %q", csp)
	}
}

func TestTheLanguageIsChosenBySwitchThenCookieThenBrowser(t *testing.T) {
	h := newHouse(t)
	lang := func(p page) string { return regexp.MustCompile(`<html lang="(\w+)">`).FindStringSubmatch(p.body)[1] }
	for _, c := range []struct{ accept, cookie, want string }{
		{"", "", "id"}, {"en-GB,en;q=0.9", "", "en"}, {"fr", "", "id"}, {"en", "lang=id", "id"}, {"id", "lang=en", "en"}, {"en", "lang=xx", "en"},
	} {
		if got := lang(get(t, h.URL+"/login", "Accept-Language", c.accept, "Cookie", c.cookie)); got != c.want {
			t.Errorf("accept %q, cookie %q: %q, want %q", c.accept, c.cookie, got, c.want)
		}
	}
	p := get(t, h.URL+"/counter?office=uji&lang=en&counter=1")
	if to := p.Header.Get("Location"); p.StatusCode != http.StatusSeeOther || to != "/counter?counter=1&office=uji" {
		t.Errorf("the switch answers %d to %q, want the same page without lang", p.StatusCode, to)
	}
	if c := p.Cookies(); len(c) != 1 || c[0].Name != "lang" || c[0].Value != "en" || !c[0].HttpOnly {
		t.Errorf("the switch keeps %v", c)
	}
	if p := get(t, h.URL+"/login?lang=zz"); len(p.Cookies()) != 0 {
		t.Errorf("an unknown language is kept: %v", p.Cookies())
	}
	for _, path := range []string{"//evil.test/?lang=en", "/%2fevil.test/?lang=en", `/\evil.test/?lang=en`, "/.//evil.test?lang=en"} {
		for hop := 0; hop < 3; hop++ {
			to := get(t, h.URL+path).Header.Get("Location")
			if regexp.MustCompile(`^(//|/\\|\w+:)`).MatchString(to) {
				t.Errorf("%s leads away, to %q", path, to)
			}
			if path = to; to == "" {
				break
			}
		}
	}
}

func TestTheFirstPageLeadsToWork(t *testing.T) {
	h := newHouse(t)
	if p := get(t, h.URL+"/"); p.StatusCode != http.StatusSeeOther || p.Header.Get("Location") != "/counter" {
		t.Errorf("/ answers %s to %q", p.Status, p.Header.Get("Location"))
	}
}

func TestTheVisitorsPageIsRightBeforeItsScriptRuns(t *testing.T) {
	h := newHouse(t)
	h.take("ktp")
	taken, link := h.take("ktp")
	p := get(t, link, "Accept-Language", "en")
	for _, want := range []string{`data-length="5">` + taken.Number.Text + `<`, `data-state="waiting"`, `<strong id="ahead">1</strong>`, "person ahead of you", "Identity card"} {
		if !strings.Contains(p.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestNamesOfThingsCannotBecomeMarkup(t *testing.T) {
	const hostile = `</script><script>alert(1)</script><b>&amp;\u2028`
	h := newHouse(t, `en = "Identity card"`, `en = '`+hostile+`'`, `name = { id = "MPP Uji"`, `name = { id = '<i>"MPP"</i>'`)
	_, link := h.take("ktp")
	p := get(t, link, "Accept-Language", "en")
	for _, raw := range []string{"<script>alert", "<b>&amp;", "<i>"} {
		if strings.Contains(p.body, raw) {
			t.Errorf("%q is in the page as markup", raw)
		}
	}
	var island struct {
		Frame struct{ View wire.TicketView }
	}
	found := regexp.MustCompile(`(?s)<script type="application/json" id="island">(.*?)</script>`).FindStringSubmatch(p.body)
	if found == nil {
		t.Fatal("no island in the page")
	}
	if err := json.Unmarshal([]byte(found[1]), &island); err != nil {
		t.Fatal(err)
	}
	if got := island.Frame.View.Service["en"]; got != hostile {
		t.Errorf("the script gets %q, want %q", got, hostile)
	}
}

func TestAWrongLinkGetsAKindPage(t *testing.T) {
	h := newHouse(t)
	_, link := h.take("ktp")
	for _, url := range []string{h.URL + "/t/uji/AAAAAAAAAAAAAAAAAAAAAA", h.URL + "/t/elsewhere/" + filepath.Base(link), h.URL + "/t/uji/" + strings.Repeat("x", 5000), link + "x"} {
		for lang, want := range map[string]string{"id": "Tautan ini tidak berlaku", "en": "This link is not valid"} {
			p := get(t, url, "Accept-Language", lang)
			if p.StatusCode != http.StatusNotFound || !strings.Contains(p.body, want) || !strings.Contains(p.body, `id="gone"`) {
				t.Errorf("%.60s in %s: %s", url, lang, p.Status)
			}
		}
	}
	if p := get(t, h.URL+"/t/uji"); p.StatusCode != http.StatusNotFound {
		t.Errorf("half a link: %s", p.Status)
	}
}

func TestFilesMayBeKeptUntilTheyChange(t *testing.T) {
	h := newHouse(t)
	p := get(t, h.URL+"/counter")
	for _, at := range regexp.MustCompile(`/static/[0-9a-f]{16}/[\w.]+`).FindAllString(p.body, -1) {
		f := get(t, h.URL+at)
		if f.StatusCode != http.StatusOK || f.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || f.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %s, %v", at, f.Status, f.Header)
		}
		old := regexp.MustCompile(`[0-9a-f]{16}`).ReplaceAllString(at, "0123456789abcdef")
		if f := get(t, h.URL+old); f.StatusCode != http.StatusOK || f.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s, from an old page: %s, %q", old, f.Status, f.Header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{"/static/", "/static/x", "/static/x/../../web.go", "/static/x/..%2fweb.go"} {
		if f := get(t, h.URL+path); f.StatusCode == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

// Sources that name things which must exist elsewhere.

func read(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s (%v)", pattern, err)
	}
	out := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(b)
	}
	return out
}

func TestEveryTextThatAPageNamesExists(t *testing.T) {
	keys, err := i18n.Keys(i18n.Default)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`"((?:web|login|counter|supervisor|phone)\.[a-z_]+)"`)
	for _, pattern := range []string{"static/*.js", "pages/*.html"} {
		for name, source := range read(t, pattern) {
			for _, m := range named.FindAllStringSubmatch(source, -1) {
				if !slices.Contains(keys, m[1]) && !slices.ContainsFunc(keys, func(k string) bool { return strings.HasSuffix(m[1], "_") && strings.HasPrefix(k, m[1]) }) {
					t.Errorf("%s: no text %q", name, m[1])
				}
			}
		}
	}
}

func TestEveryModuleThatIsImportedIsThere(t *testing.T) {
	files := read(t, "static/*.js")
	for name, source := range files {
		for _, m := range regexp.MustCompile(`from "\./([\w.]+)"`).FindAllStringSubmatch(source, -1) {
			if files[filepath.Join("static", m[1])] == "" {
				t.Errorf("%s imports %s, which is not there", name, m[1])
			}
		}
	}
}

func TestEveryElementThatIsPromisedIsOnAPage(t *testing.T) {
	all := ""
	for _, source := range read(t, "pages/*.html") {
		all += source
	}
	promises := read(t, "elements.go")["elements.go"]
	for _, m := range regexp.MustCompile(`#([a-z][a-z-]+)`).FindAllStringSubmatch(promises, -1) {
		if id := m[1]; !strings.HasPrefix(id, "lang-") && !strings.Contains(all, `id="`+id+`"`) {
			t.Errorf("elements.go promises #%s, and no page has it", id)
		}
	}
}
