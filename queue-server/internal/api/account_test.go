package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"antrean/queue-server/internal/people"
	"antrean/shared/wire"
)

func TestALoginSetsACookieThatScriptsAndOtherSitesCannotUse(t *testing.T) {
	for _, secure := range []bool{false, true} {
		h := openHall(t, func(c *Config) { c.TLS = secure })
		once, err := h.people.AddUser("siti", "Siti", people.Officer, nil)
		h.must(err)
		res := h.ask("POST", wire.PathLogin, "", `{"user":"siti","password":"`+once+`"}`)
		if res.status != http.StatusOK {
			t.Fatal(res.status)
		}
		c := res.cookies[0]
		want := "antrean"
		if secure {
			want = "__Host-antrean"
		}
		if c.Name != want || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != secure || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
			t.Errorf("tls %v: cookie %q", secure, res.header["Set-Cookie"])
		}
		s := gets[wire.Session](h, "GET", wire.PathSession, c.Name+"="+c.Value, "")
		if s.User != "siti" || len(s.Offices) != 2 || !s.LineSafe {
			t.Errorf("session = %+v", s)
		}
		if strings.Contains(s.ID, c.Value) || s.ID == "" {
			t.Errorf("the session's public name is %q", s.ID)
		}
		out := h.ask("POST", wire.PathLogout, c.Name+"="+c.Value, "{}")
		if out.status != http.StatusNoContent || out.cookies[0].MaxAge >= 0 {
			t.Errorf("logout: %d %v", out.status, out.cookies)
		}
		h.refused("no_session", "GET", wire.PathSession, c.Name+"="+c.Value, "")
	}
}

func TestAPlainLineBeyondThisMachineIsCalledUnsafe(t *testing.T) {
	h := openHall(t)
	for remote, want := range map[string]bool{"127.0.0.1:4000": true, "[::1]:4000": true, "192.168.1.20:4000": false, "rubbish": false} {
		r := httptest.NewRequest("GET", wire.PathSession, nil)
		r.RemoteAddr = remote
		r.Header.Set("Cookie", h.admin)
		w := httptest.NewRecorder()
		h.api.ServeHTTP(w, r)
		if got := strings.Contains(w.Body.String(), `"line_safe":true`); got != want {
			t.Errorf("%s: line safe %v\n%s", remote, got, w.Body)
		}
	}
}

func TestLoginsAreRefusedPlainly(t *testing.T) {
	h := openHall(t)
	h.refused("wrong_login", "POST", wire.PathLogin, "", `{"user":"siapa","password":"bukan"}`)
	h.refused("missing_field", "POST", wire.PathLogin, "", `{"user":"siapa"}`)
	h.refused("text_too_long", "POST", wire.PathLogin, "", `{"user":"a","password":"`+strings.Repeat("x", 201)+`"}`)
	h.refused("password_too_short", "POST", wire.PathPassword, h.admin, `{"old":"`+password+`","new":"pendek"}`)
	h.refused("wrong_password", "POST", wire.PathPassword, h.admin, `{"old":"bukan ini","new":"sesuatu yang lain"}`)
	tries := 0
	for range 50 {
		if h.ask("POST", wire.PathLogin, "", `{"user":"admin","password":"tebak"}`).status == http.StatusTooManyRequests {
			break
		}
		tries++
	}
	if tries == 50 {
		t.Error("50 guesses in a row")
	}
	if res := h.ask("POST", wire.PathLogin, "", `{"user":"admin","password":"tebak"}`); res.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestAnotherSiteCanNeitherPostNorOpenASocket(t *testing.T) {
	h := openHall(t)
	open := wire.PathCounter(here, "1", "open")
	h.refused("cross_origin", "POST", open, h.admin, `{}`, "Sec-Fetch-Site", "cross-site")
	h.refused("cross_origin", "POST", open, h.admin, `{}`, "Origin", "https://evil.example")
	h.refused("cross_origin", "POST", wire.PathLogin, "", `{"user":"a","password":"b"}`, "Origin", "https://evil.example")
	gets[wire.CounterAnswer](h, "POST", open, h.admin, `{}`, "Sec-Fetch-Site", "same-origin")

	if _, status, err := h.dial(wire.PathSocket(here), h.admin, "Origin", "https://evil.example"); err == nil || status != http.StatusForbidden {
		t.Errorf("a socket from another site: %d %v", status, err)
	}
	if _, _, err := h.dial(wire.PathSocket(here), h.admin, "Origin", h.server.URL); err != nil {
		t.Errorf("a socket from the own site: %v", err)
	}
	if _, _, err := h.dial(wire.PathSocket(here), h.kiosk); err != nil {
		t.Errorf("a device's socket, without an Origin: %v", err)
	}
	h.refused("no_websocket", "GET", wire.PathSocket(here), h.kiosk, "")
}
