// Package servertest runs a real queue server on a temporary folder, for the tests
// of every program that speaks to one: the log on a real file, real accounts, real
// sockets on loopback. Only the clock is the test's.
package servertest

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/server"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// SmallOffice is the office file of a server that is told no other: "uji", always
// open, with services ktp, kk and rekening, counters 1, 2 and 3, zones aula and
// lantai-2, outcomes selesai and berkas_kurang, pause salat, parking fotokopi, and a
// return within 10 minutes.
//
//go:embed office.toml
var SmallOffice string

// Password is that of every account that a Server makes.
const Password = "kata sandi untuk uji"

// Options say how a server differs from the usual one. All may be zero.
type Options struct {
	Office string // an office file's content; empty: SmallOffice
	Clock  *Clock // nil: NewClock()
	Log    io.Writer

	AroundCommit func(commit func() error) error  // stands around each commit, to fail it
	FreeSpace    func(dir string) (uint64, error) // what counts as free space
}

// Server is a running server. It ends with its test.
type Server struct {
	URL    string // http://127.0.0.1:port; the same after a Restart
	Office ticket.OfficeID
	Clock  *Clock

	t       testing.TB
	config  server.Config
	admin   string // the administrator's first password, until it is replaced
	running *server.Server
	cancel  context.CancelFunc
	ended   chan error
	names   int
}

// Start makes a store with one office and runs a server on it.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Office == "" {
		o.Office = SmallOffice
	}
	if o.Clock == nil {
		o.Clock = NewClock()
	}
	s := &Server{t: t, Clock: o.Clock, config: server.Config{
		Data: t.TempDir(), Version: "test", Listen: "127.0.0.1:0", Clock: o.Clock,
	}}
	if o.Log != nil {
		s.config.Log = slog.New(slog.NewTextHandler(o.Log, nil))
	}
	settings, err := officefile.Parse("office.toml", []byte(o.Office))
	s.must(err)
	s.Office = settings.Office
	s.admin, err = server.Create(t.Context(), s.config, settings)
	s.must(err)
	s.config.AroundCommit, s.config.FreeSpace = o.AroundCommit, o.FreeSpace
	s.run()
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return s
}

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) run() {
	s.t.Helper()
	var err error
	s.running, err = server.Open(context.WithoutCancel(s.t.Context()), s.config)
	s.must(err)
	s.URL, s.config.Listen = s.running.URL(), s.running.Addr()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	s.cancel, s.ended = cancel, make(chan error, 1)
	go func() { s.ended <- s.running.Run(ctx) }()
	// Once the writer answers, it has opened the day: nothing but what the test asks
	// is committed from here on, until time passes.
	_, err = s.running.Offices.Frame(s.t.Context(), s.Office, wire.TopicOffice)
	s.must(err)
}

// Stop ends the server and returns what its run ended with; the folder stays. A
// server that has stopped is not stopped again.
func (s *Server) Stop() error {
	if s.running == nil {
		return nil
	}
	s.cancel()
	err := <-s.ended
	if e := s.running.Close(); err == nil {
		err = e
	}
	s.running = nil
	return err
}

// Ended waits until the server ends by itself, as it does when the end of a commit
// is unknown, and returns why. Restart may follow.
func (s *Server) Ended() error {
	err := <-s.ended
	s.cancel()
	if e := s.running.Close(); err == nil {
		err = e
	}
	s.running = nil
	return err
}

// Restart runs the server on the same folder and the same address, stopping it
// first where it runs.
func (s *Server) Restart() {
	s.t.Helper()
	s.must(s.Stop())
	s.run()
}

// Device pairs a device and returns it with its token. kind is "kiosk" or "board";
// the empty zone is the whole hall.
func (s *Server) Device(kind string, zone ticket.ZoneID) (wire.Device, string) {
	s.t.Helper()
	s.names++
	d, token, err := s.running.People.AddDevice(s.Office, kind, fmt.Sprintf("%s %d", kind, s.names), zone)
	s.must(err)
	return wire.Device{ID: d.ID, Office: d.Office, Kind: d.Kind, Name: d.Name, Zone: d.Zone}, token
}

// DeviceToken is the token of a new device.
func (s *Server) DeviceToken(kind string, zone ticket.ZoneID) string {
	s.t.Helper()
	_, token := s.Device(kind, zone)
	return token
}

// RevokeDevice ends a device's token and its sockets.
func (s *Server) RevokeDevice(id ticket.DeviceID) {
	s.t.Helper()
	s.must(s.running.People.RevokeDevice(id))
}

// Account makes an account of a role (admin, supervisor, officer) that has changed
// its first password to Password, and returns its user name.
func (s *Server) Account(role string) string {
	s.t.Helper()
	user, once := s.NewAccount(role)
	s.replace(user, once)
	return user
}

// NewAccount makes an account that still has its one-time password.
func (s *Server) NewAccount(role string) (user, once string) {
	s.t.Helper()
	s.names++
	user = fmt.Sprintf("%s-%d", role, s.names)
	once, err := s.running.People.AddUser(user, user, role, []ticket.OfficeID{s.Office})
	s.must(err)
	return user, once
}

func (s *Server) replace(user, once string) {
	s.t.Helper()
	_, secret, err := s.running.People.Login(s.t.Context(), user, once, "127.0.0.1")
	s.must(err)
	s.must(s.running.People.SetPassword(s.t.Context(), secret, once, Password))
}

// Login begins a session over HTTP and returns its cookie.
func (s *Server) Login(user, password string) *http.Cookie {
	s.t.Helper()
	var session wire.Session
	return s.post(nil, wire.PathLogin, wire.Login{User: user, Password: password}, &session)[0]
}

// Session is the cookie of a new account of a role.
func (s *Server) Session(role string) *http.Cookie {
	s.t.Helper()
	return s.Login(s.Account(role), Password)
}

// AdminSession is the cookie of a session of the first administrator.
func (s *Server) AdminSession() *http.Cookie {
	s.t.Helper()
	if s.admin != "" {
		s.replace(server.AdminUser, s.admin)
		s.admin = ""
	}
	return s.Login(server.AdminUser, Password)
}

// Take takes a ticket in the name of a session.
func (s *Server) Take(who *http.Cookie, service ticket.ServiceID) wire.TakenTicket {
	s.t.Helper()
	var taken wire.TakenTicket
	s.post(who, wire.PathTickets(s.Office), wire.TakeTicket{ID: ticket.ID(uuid.Must(uuid.NewV7())), Service: service}, &taken)
	return taken
}

// Counter does one of a counter's commands that need to be told nothing: open,
// close, resume, call-next, recall, start, finish, no-show, undo. It must succeed.
func (s *Server) Counter(who *http.Cookie, counter ticket.CounterID, command string) wire.CounterAnswer {
	s.t.Helper()
	var a wire.CounterAnswer
	s.post(who, wire.PathCounter(s.Office, counter, command), struct{}{}, &a)
	return a
}

// Post sends a command with a body and reads its answer. It must succeed.
func (s *Server) Post(who *http.Cookie, path string, body, answer any) {
	s.t.Helper()
	s.post(who, path, body, answer)
}

// Refused sends a command that must be refused, and returns how.
func (s *Server) Refused(who *http.Cookie, path string, body any) wire.Problem {
	s.t.Helper()
	got, raw := s.ask(who, http.MethodPost, path, body)
	var p wire.Problem
	if got.code/100 == 2 {
		s.t.Fatalf("POST %s: %s %s, want a refusal", path, got.status, strings.TrimSpace(string(raw)))
	}
	s.must(json.Unmarshal(raw, &p))
	return p
}

// Get reads what a path answers. It must succeed.
func (s *Server) Get(who *http.Cookie, path string, answer any) {
	s.t.Helper()
	got, raw := s.ask(who, http.MethodGet, path, nil)
	if got.code != http.StatusOK {
		s.t.Fatalf("GET %s: %s %s", path, got.status, strings.TrimSpace(string(raw)))
	}
	s.must(json.Unmarshal(raw, answer))
}

// View reads a topic's view as it is now.
func (s *Server) View(who *http.Cookie, topic string, view any) {
	s.t.Helper()
	var f wire.Frame
	s.Get(who, wire.PathView(s.Office, topic), &f)
	s.must(json.Unmarshal(f.View, view))
}

func (s *Server) post(who *http.Cookie, path string, body, answer any) []*http.Cookie {
	s.t.Helper()
	got, raw := s.ask(who, http.MethodPost, path, body)
	if got.code != http.StatusOK {
		s.t.Fatalf("POST %s: %s %s", path, got.status, strings.TrimSpace(string(raw)))
	}
	s.must(json.Unmarshal(raw, answer))
	return got.cookies
}

// answered is an answer without its body.
type answered struct {
	code    int
	status  string
	cookies []*http.Cookie
}

// ask sends one request; its answer is read to the end.
func (s *Server) ask(who *http.Cookie, method, path string, body any) (got answered, raw []byte) {
	s.t.Helper()
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		s.must(err)
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, content)
	s.must(err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(wire.HeaderKey, uuid.NewString())
	}
	if who != nil {
		req.AddCookie(who)
	}
	client := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	s.must(err)
	defer res.Body.Close()
	raw, err = io.ReadAll(res.Body)
	s.must(err)
	return answered{res.StatusCode, res.Status, res.Cookies()}, raw
}
