// Package api is the wire's face of the server: commands by POST, views by GET and
// WebSocket, for devices, pages and partners. It decides who may ask what, checks
// the shape of what is asked, and translates; it holds no rule of the queue.
package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/people"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Office is what the API needs of the store of offices.
type Office interface {
	Do(ctx context.Context, r office.Request) (office.Reply, error)
	Frame(ctx context.Context, o ticket.OfficeID, topic string) (*office.Frame, error)
	Watcher() *office.Watcher
	TicketOf(ctx context.Context, o ticket.OfficeID, token string) (ticket.ID, error)
	Offices() []ticket.OfficeID
}

// People is what the API needs of accounts, sessions and devices.
type People interface {
	Login(ctx context.Context, user, password, remote string) (s people.Session, secret string, err error)
	Session(secret string) (people.Session, error)
	Logout(secret string) error
	SetPassword(ctx context.Context, secret, old, replacement string) error
	DeviceByToken(token string) (people.Device, error)
	OnRevoke(f func(people.Revoked)) (stop func())
}

// Story is what the API needs to tell a ticket's story: in a language, by its
// printed number and the business day's date; the empty day is the last one.
type Story interface {
	Tell(ctx context.Context, o ticket.OfficeID, number, day, lang string) (wire.Story, error)
}

// Config is what the API stands on.
type Config struct {
	Office  Office
	People  People
	Story   Story            // nil: no story is told
	TLS     bool             // the line is encrypted: cookies are Secure and carry the __Host- prefix
	Version string           // told by health
	Now     func() time.Time // wall clock; nil: time.Now
	Log     *slog.Logger     // nil: slog.Default
}

// API serves every path below /api/. Close ends its sockets.
type API struct {
	Config
	mux     *http.ServeMux
	unhook  func()
	origin  *http.CrossOriginProtection
	sockets sockets
}

// New makes the API. Whoever calls it calls Close when the server stops taking
// requests.
func New(c Config) *API {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	a := &API{Config: c, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	a.sockets.open, a.sockets.phones = map[*socket]struct{}{}, map[ticket.ID]int{}
	a.unhook = c.People.OnRevoke(a.revoked)
	for _, r := range routes {
		if a.has(r) {
			a.mux.Handle(r.method+" "+r.pattern, a.serve(r))
		}
	}
	return a
}

// ServeHTTP answers one request. Whatever goes wrong ends in refuse.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic's value
			a.refuse(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if _, pattern := a.mux.Handler(r); pattern == "" {
		a.refuse(w, r, a.nowhere(r))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// nowhere is the refusal for a request that no route takes.
func (a *API) nowhere(r *http.Request) error {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := *r
		other.Method = method
		if _, pattern := a.mux.Handler(&other); pattern != "" {
			return ErrWrongMethod.With("method", method)
		}
	}
	return ErrNoSuchPath
}

// serve is what every route has around it: the caller is known and allowed before
// the handler sees anything.
func (a *API) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.origin.Check(r); err != nil {
			a.refuse(w, r, ErrCrossOrigin)
			return
		}
		who, err := a.admit(rt.who, r)
		if err == nil {
			err = rt.do(a, &call{w: w, r: r, who: who, office: ticket.OfficeID(r.PathValue("office"))})
		}
		if err != nil {
			a.refuse(w, r, err)
		}
	})
}

// call is one request with its caller. A handler answers through w, or returns an
// error and has written nothing.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	who    caller
	office ticket.OfficeID // of the path; empty where the path names none
}
