package web_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"antrean/queue-server/servertest"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// house is a real server, reached over a network that a test can spoil.
type house struct {
	*servertest.Server
	t      *testing.T
	URL    string // through the network
	line   *line
	before atomic.Pointer[before] // where set, it answers instead of the server
	desk   *http.Cookie           // a supervisor, who takes and cancels tickets
}

// before stands in front of the server.
type before func(w http.ResponseWriter, r *http.Request, server http.Handler)

func (h *house) answer(f before) { h.before.Store(&f) }

// newHouse runs the small office, with some of its file's words replaced.
func newHouse(t *testing.T, change ...string) *house {
	t.Helper()
	return houseOf(t, strings.NewReplacer(change...).Replace(servertest.SmallOffice))
}

func houseOf(t *testing.T, file string) *house {
	t.Helper()
	h := &house{Server: servertest.Start(t, servertest.Options{Office: file}), t: t}
	target, err := url.Parse(h.Server.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // the origin that the pages see
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // a line, not a gateway
	}
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before := h.before.Load(); before != nil {
			(*before)(w, r, proxy)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	h.line = &line{Listener: front.Listener, open: map[net.Conn]bool{}}
	front.Listener = h.line
	front.Start()
	h.URL = front.URL
	t.Cleanup(func() {
		h.line.cut(true)
		front.Close()
	})
	h.desk = h.Session("supervisor")
	return h
}

// line is the network: it can be cut, with everything that runs over it.
type line struct {
	net.Listener
	mu   sync.Mutex
	open map[net.Conn]bool
	down bool
}

func (l *line) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		down := l.down
		if !down {
			l.open[c] = true
		}
		l.mu.Unlock()
		if !down {
			return c, nil
		}
		_ = c.Close() // the network is down: nobody comes through
	}
}

// cut breaks every connection and lets no new one through, until it is mended.
func (l *line) cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
	if !down {
		return
	}
	for c := range l.open {
		_ = c.Close() // as a cable does
	}
	clear(l.open)
}

// take is a visitor who asks for a service; link is the page on their phone.
func (h *house) take(service ticket.ServiceID) (taken wire.TakenTicket, link string) {
	h.t.Helper()
	taken = h.Take(h.desk, service)
	u, err := url.Parse(taken.Link)
	if err != nil || u.Path == "" {
		h.t.Fatalf("link %q: %v", taken.Link, err)
	}
	return taken, h.URL + u.Path
}

// cancel is a ticket given up at the desk.
func (h *house) cancel(id ticket.ID) {
	h.t.Helper()
	h.ask(http.MethodPost, wire.PathCancel(h.Office, id), []byte("{}"))
}

// counter is what the server itself says of a counter.
func (h *house) counter(id ticket.CounterID) (v wire.CounterView) {
	h.t.Helper()
	var frame wire.Frame
	if err := json.Unmarshal(h.ask(http.MethodGet, wire.PathView(h.Office, wire.TopicCounter(id)), nil), &frame); err != nil {
		h.t.Fatal(err)
	}
	if err := json.Unmarshal(frame.View, &v); err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h *house) ask(method, path string, body []byte) []byte {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.Server.URL+path, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.AddCookie(h.desk)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(wire.HeaderKey, rand.Text())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		h.t.Fatalf("%s %s: %s %s %v", method, path, res.Status, raw, err)
	}
	return raw
}
