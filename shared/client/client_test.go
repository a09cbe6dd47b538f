package client

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := New(Config{Server: s.URL, Token: "secret", Language: "en", HTTP: s.Client()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", wire.ProblemType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(wire.Problem{Type: "about:blank", Title: "no", Status: status, Code: code, Args: map[string]string{"counter": "3"}})
}

func TestATicketIsAskedForUnderItsOwnID(t *testing.T) {
	id := NewTicketID()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name, want := range map[string]string{
			wire.HeaderKey: id.String(), "Authorization": "Bearer secret",
			"Accept-Language": "en", "Content-Type": "application/json",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		if _, err := time.Parse(time.RFC3339Nano, r.Header.Get(wire.HeaderAsked)); err != nil {
			t.Errorf("device time: %v", err)
		}
		if r.Method != http.MethodPost || r.URL.Path != wire.PathTickets("sinjai") {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		var body wire.TakeTicket
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.ID != id {
			t.Errorf("body = %+v, %v", body, err)
		}
		_ = json.NewEncoder(w).Encode(wire.TakenTicket{ID: id, Number: ticket.Number{Text: "A-001"}})
	})
	got, err := c.Take(t.Context(), "sinjai", wire.TakeTicket{ID: id, Service: "ktp"})
	if err != nil || got.Number.Text != "A-001" {
		t.Errorf("took %+v, %v", got, err)
	}
}

func TestTheSameReportHasTheSameKeyAndAnotherHasAnother(t *testing.T) {
	var keys []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get(wire.HeaderKey))
		_, _ = io.WriteString(w, `{"seq":1}`)
	})
	for _, ids := range [][]uint64{{1, 2}, {1, 2}, {1, 3}} {
		if err := c.Spoken(t.Context(), "sinjai", wire.Spoken{IDs: ids}); err != nil {
			t.Fatal(err)
		}
	}
	if keys[0] != keys[1] || keys[1] == keys[2] {
		t.Errorf("keys = %q", keys)
	}
}

func TestARefusalIsTheSameOnThisSideOfTheNetwork(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusConflict, "service_closed") })
	_, err := c.Take(t.Context(), "sinjai", wire.TakeTicket{ID: NewTicketID()})
	if !errors.Is(err, reason.New(reason.Conflict, "service_closed")) {
		t.Fatalf("err = %v", err)
	}
	if r, _ := reason.Of(err); r.Kind != reason.Conflict || r.Args["counter"] != "3" {
		t.Errorf("refusal = %+v", r)
	}
}

func TestAFaultIsNoRefusalAndNoLackOfALine(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"internal":      func(w http.ResponseWriter, _ *http.Request) { refuse(w, 500, "internal") },
		"proxy":         func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusForbidden) },
		"no JSON":       func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"another shape": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":7}`) },
		"redirect":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := serve(t, h).Device(t.Context())
			if _, refused := reason.Of(err); err == nil || refused || errors.Is(err, ErrOffline) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestNoAnswerIsOffline(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	gone := s.URL
	s.Close()
	c, err := New(Config{Server: gone})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Device(t.Context()); !errors.Is(err, ErrOffline) {
		t.Errorf("a server that is gone: %v", err)
	}
	c = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"id":"k`)
	})
	if _, err := c.Device(t.Context()); !errors.Is(err, ErrOffline) {
		t.Errorf("a line that breaks inside the answer: %v", err)
	}
}

func TestAnAddressThatIsNoServerIsRefusedAtOnce(t *testing.T) {
	for _, bad := range []string{"", "sinjai.local:8080", "ftp://sinjai", "http://", "http://a/b", "http://u:p@a", "http://a?x=1"} {
		if _, err := New(Config{Server: bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := New(Config{Server: "http://a", Token: "a\nb"}); err == nil {
		t.Error("a token with a line break was taken")
	}
}
