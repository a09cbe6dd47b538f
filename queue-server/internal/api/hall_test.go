package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hall is the API over a real office, real people and a log in memory.
type hall struct {
	*testing.T
	api    *API
	store  *office.Store
	people *people.People
	server *httptest.Server
	clock  *clock
	lines  func(context.Context, string, string) (net.Conn, error) // nil: the network
	log    *strings.Builder                                        // what the API logged

	kiosk, board, other string // tokens; other is a kiosk of the other office
	admin               string // cookie of a session of all offices
}

// clock stands still at a working hour until a test moves it.
type clock struct {
	mu   sync.Mutex
	wall time.Time
	mono time.Duration
}

func (c *clock) Now() (time.Time, time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall, c.mono, true
}

func (c *clock) wallTime() time.Time { t, _, _ := c.Now(); return t }

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.mono = c.wall.Add(d), c.mono+d
}

var morning = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) // 10.00 WITA

const (
	here  = ticket.OfficeID("sinjai")
	there = ticket.OfficeID("bantaeng")
)

func openHall(t *testing.T, change ...func(*Config)) *hall {
	t.Helper()
	return openHallOn(t, nil, change...)
}

// openHallOn serves on pipes in memory where lines is not nil, for a bubble of
// synctest.
func openHallOn(t *testing.T, lines *pipes, change ...func(*Config)) *hall {
	t.Helper()
	h := &hall{T: t, log: &strings.Builder{}, clock: &clock{wall: morning}}
	f, err := furnished()
	h.must(err)
	h.kiosk, h.board, h.other, h.admin = f.kiosk, f.board, f.other, f.admin
	records := filepath.Join(t.TempDir(), "records.db")
	h.must(os.WriteFile(records, f.records, 0o600))
	tab, err := table.Open(records)
	h.must(err)
	t.Cleanup(func() { _ = tab.Close() })
	h.people, err = people.Open(tab, h.clock.wallTime)
	h.must(err)
	events := eventlog.NewMemory(eventlog.Options{})
	t.Cleanup(func() { _ = events.Close() })
	h.store, err = office.Open(t.Context(), office.Config{
		Log: events, Secrets: tab.Secrets(), Clock: h.clock, Public: "http://antrean.test",
		Device: func(o ticket.OfficeID, id ticket.DeviceID) (wire.Device, bool) {
			all, err := h.people.Devices(o)
			for _, d := range all {
				if d.ID == id {
					return wireDevice(d), err == nil
				}
			}
			return wire.Device{}, false
		},
	})
	h.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	var writer sync.WaitGroup
	writer.Go(func() {
		if err := h.store.Run(ctx); err != nil {
			t.Errorf("the store's writer: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); writer.Wait() })
	for _, o := range []ticket.OfficeID{here, there} {
		h.must(h.store.Import(t.Context(), smallOffice(o), queue.Actor{Kind: queue.ActorCommandLine, ID: "test"}))
	}
	c := Config{
		Office: h.store, People: h.people, Story: teller{}, Version: "test", Now: h.clock.wallTime,
		Log: slog.New(slog.NewTextHandler(&locked{w: h.log}, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	h.api = New(c)
	h.server = httptest.NewUnstartedServer(h.api)
	if lines != nil {
		h.must(h.server.Listener.Close())
		h.server.Listener = lines
	}
	h.server.Start()
	if lines != nil {
		h.server.Client().Transport.(*http.Transport).DialContext = lines.dial
		h.lines = lines.dial
	}
	t.Cleanup(func() { h.api.Close(); h.server.Close() })
	return h
}

// teller knows one ticket.
type teller struct{}

func (teller) Tell(_ context.Context, o ticket.OfficeID, number, day, lang string) (wire.Story, error) {
	if number != "A-001" {
		return wire.Story{}, queue.ErrNoSuchTicket
	}
	return wire.Story{Number: number, Day: day, Sentences: []wire.StoryLine{{Seq: 1, At: morning, Text: string(o) + " " + lang}}}, nil
}

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func smallOffice(o ticket.OfficeID) queue.Settings {
	name := func(s string) ticket.Text { return ticket.Text{"id": s} }
	every := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	return queue.Settings{
		Office: o, Name: name("MPP " + string(o)), TimeZone: "Asia/Makassar", Languages: []string{"id", "en"},
		Opening:   []queue.Opening{{Days: every, Open: 0, Close: 1440}},
		Voice:     queue.Voice{Times: 2, Digits: "each"},
		Outcomes:  []queue.Code{{Code: "selesai", Name: name("Selesai")}, {Code: "lama", Name: name("Lama"), Archived: true}},
		Pauses:    []queue.Code{{Code: "salat", Name: name("Salat")}},
		Parkings:  []queue.Code{{Code: "fotokopi", Name: name("Fotokopi")}},
		Zones:     []queue.Zone{{ID: "hall", Name: name("Aula")}},
		Agencies:  []queue.Agency{{ID: "dukcapil", Name: name("Dukcapil")}},
		Sequences: []queue.Sequence{{ID: "a", Prefix: "A-", Padding: 3}, {ID: "b", Prefix: "B-", Padding: 3}},
		Services: []queue.Service{
			{ID: "ktp", Ref: 1, Agency: "dukcapil", Sequence: "a", Name: name("KTP")},
			{ID: "kk", Ref: 2, Agency: "dukcapil", Sequence: "b", Name: name("Kartu Keluarga")},
			{ID: "shut", Ref: 3, Agency: "dukcapil", Sequence: "b", Name: name("Akta"), Closed: "closed_by_hand"},
		},
		Counters: []queue.Counter{
			{ID: "1", Ref: 1, Label: "1", Zone: "hall", Services: []ticket.ServiceID{"ktp", "kk"}},
			{ID: "2", Ref: 2, Label: "2", Zone: "hall", Services: []ticket.ServiceID{"ktp", "kk"}},
		},
	}
}

func (h *hall) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *hall) device(o ticket.OfficeID, kind string) string {
	h.Helper()
	_, token, err := h.people.AddDevice(o, kind, kind+" pintu masuk", "")
	h.must(err)
	return "Bearer " + token
}

// login makes an account that has changed its first password, and a session of it.
func (h *hall) login(user, role string, offices ...ticket.OfficeID) string {
	h.Helper()
	cookie, err := login(h.people, user, role, offices...)
	h.must(err)
	return cookie
}

// ask sends one request. who is a bearer, a cookie or nothing; a POST's key is
// new unless a header names one.
func (h *hall) ask(method, path, who, body string, headers ...string) reply {
	h.Helper()
	req, err := http.NewRequestWithContext(h.Context(), method, h.server.URL+path, strings.NewReader(body))
	h.must(err)
	sign(req.Header, who)
	req.Header.Set("Accept-Language", "en")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(wire.HeaderKey, newKey())
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := h.server.Client().Do(req)
	h.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	h.must(err)
	h.contract(req, body, res, raw)
	return reply{res.StatusCode, res.Header, raw, res.Cookies()}
}

// reply is an answer, read to its end.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	cookies []*http.Cookie
}

func sign(head http.Header, who string) {
	switch {
	case strings.Contains(who, "antrean="):
		head.Set("Cookie", who)
	case who != "":
		head.Set("Authorization", who)
	}
}

// gets sends a request that must succeed and decodes its answer.
func gets[T any](h *hall, method, path, who, body string, headers ...string) T {
	h.Helper()
	res := h.ask(method, path, who, body, headers...)
	var v T
	if res.status/100 != 2 {
		h.Fatalf("%s %s: %d %s", method, path, res.status, res.body)
	}
	if err := json.Unmarshal(res.body, &v); err != nil {
		h.Fatalf("%s %s: %v in %s", method, path, err, res.body)
	}
	return v
}

// refused sends a request that must be refused with a code.
func (h *hall) refused(want, method, path, who, body string, headers ...string) wire.Problem {
	h.Helper()
	res := h.ask(method, path, who, body, headers...)
	var p wire.Problem
	if err := json.Unmarshal(res.body, &p); err != nil || p.Code != want || res.status != p.Status {
		h.Errorf("%s %s: %d %s, want %s", method, path, res.status, res.body, want)
	}
	if got := res.header.Get("Content-Type"); got != wire.ProblemType {
		h.Errorf("%s %s: refused as %q", method, path, got)
	}
	if p.Title == "" || strings.HasPrefix(p.Title, "refusal.") || strings.Contains(p.Title, "<no value>") {
		h.Errorf("%s has no text for people: %q", p.Code, p.Title)
	}
	return p
}

func (h *hall) take(service ticket.ServiceID) wire.TakenTicket {
	h.Helper()
	return gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), h.kiosk, takeBody(newTicketID(), service))
}

func (h *hall) visitToken(t wire.TakenTicket) string {
	return t.Link[strings.LastIndex(t.Link, "/")+1:]
}

func takeBody(id ticket.ID, service ticket.ServiceID) string {
	b, err := json.Marshal(wire.TakeTicket{ID: id, Service: service})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// dial opens a socket, or returns the status of the answer that says no.
func (h *hall) dial(path, who string, headers ...string) (*websocket.Conn, int, error) {
	head := http.Header{}
	sign(head, who)
	for i := 0; i < len(headers); i += 2 {
		head.Set(headers[i], headers[i+1])
	}
	d := websocket.Dialer{NetDialContext: h.lines, HandshakeTimeout: 10 * time.Second}
	if t, ok := h.server.Client().Transport.(*http.Transport); ok {
		d.TLSClientConfig = t.TLSClientConfig
	}
	c, res, err := d.DialContext(h.Context(), strings.Replace(h.server.URL, "http", "ws", 1)+path, head)
	if res == nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	if err == nil {
		h.Cleanup(func() { _ = c.Close() })
	}
	return c, res.StatusCode, err
}

// watch opens a socket and asks for topics.
func (h *hall) watch(who string, topics ...string) *websocket.Conn {
	h.Helper()
	c, _, err := h.dial(wire.PathSocket(here), who)
	h.must(err)
	h.must(c.WriteJSON(wire.Ask{Subscribe: topics}))
	return c
}

// next is the next frame.
func (h *hall) next(c *websocket.Conn) wire.Frame {
	h.Helper()
	h.must(c.SetReadDeadline(time.Now().Add(10 * time.Second)))
	var f wire.Frame
	h.must(c.ReadJSON(&f))
	h.frameContract(f)
	return f
}
