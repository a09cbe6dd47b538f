// Package web is the server's pages: log-in, the officer's counter, the
// supervisor's hall, the visitor's phone. Pages speak the wire like any other client, so this package holds no
// rule, no session and no command: it renders a page's frame, texts and paths, and
// serves the files that do the rest in the browser.
//
// Elements that tests and screen readers rely on are listed in elements.go.
package web

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"antrean/queue-server/internal/office"
	"antrean/shared/i18n"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Config is what the pages need from the rest of the server.
type Config struct {
	Office Office
	Now    func() time.Time // the server's wall clock; nil: time.Now
	Log    *slog.Logger     // nil: slog.Default
}

// Office is what the visitor's page needs of the store of offices, so that its
// first sight is right without a socket, and a wrong link is a 404.
type Office interface {
	TicketOf(ctx context.Context, o ticket.OfficeID, token string) (ticket.ID, error)
	Frame(ctx context.Context, o ticket.OfficeID, topic string) (*office.Frame, error)
}

type site struct {
	Config
	pages  map[string]*template.Template
	static *static
	texts  map[string]map[string]any // language -> key -> text or plural table
}

// New serves every page: "/", "/login", "/password", "/counter",
// "/supervisor", "/t/{office}/{token}" and the files below "/static/". All are public; what they
// ask of the API is not.
func New(c Config) (http.Handler, error) {
	if c.Office == nil {
		return nil, errors.New("web: Config.Office is missing")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &site{Config: c, texts: map[string]map[string]any{}}
	var err error
	if s.static, err = openStatic(); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	for _, lang := range i18n.Languages {
		if s.texts[lang], err = i18n.Raw(lang); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/counter", http.StatusSeeOther) // which leads on to /login where nobody is logged in
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.static.url("icon.svg"), http.StatusFound)
	})
	mux.Handle("GET /static/", s.static)
	mux.HandleFunc("GET /login", s.page("login", "login", accountPaths))
	mux.HandleFunc("GET /password", s.page("password", "login", accountPaths))
	mux.HandleFunc("GET /counter", s.page("counter", "counter", counterPaths))
	mux.HandleFunc("GET /supervisor", s.page("supervisor", "supervisor", supervisorPaths))
	mux.HandleFunc("GET /t/{office}/{token}", s.visit)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.gone(w, r, http.StatusNotFound, "page")
	})
	return secure(mux), nil
}

// Paths of the wire as a page gets them; ":office" and the like are filled in by
// the page (PathEscape leaves the colon alone).
var (
	accountPaths = map[string]string{
		"login": wire.PathLogin, "logout": wire.PathLogout, "session": wire.PathSession,
		"password": wire.PathPassword, "health": wire.PathHealth,
	}
	counterPaths = map[string]string{
		"logout": wire.PathLogout, "session": wire.PathSession, "health": wire.PathHealth,
		"socket":        wire.PathSocket(":office"),
		"view":          wire.PathView(":office", ":topic"),
		"command":       wire.PathCounter(":office", ":counter", ":command"),
		"topic_office":  wire.TopicOffice,
		"topic_counter": wire.TopicCounter(":counter"),
		"tickets":       wire.PathTickets(":office"),
		"ticket":        wire.Prefix(":office") + "/tickets/:ticket/:command",
	}
	supervisorPaths = map[string]string{
		"logout": wire.PathLogout, "session": wire.PathSession, "health": wire.PathHealth,
		"socket":       wire.PathSocket(":office"),
		"view":         wire.PathView(":office", ":topic"),
		"topic_office": wire.TopicOffice,
		"topic_kiosk":  wire.TopicKiosk,
		"day":          wire.PathDay(":office", ":command"),
		"force":        wire.PathForce(":office"),
		"story":        wire.PathStory(":office"),
	}
)

// page serves a page that is the same for everybody but for its language.
func (s *site) page(name, section string, paths map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lang, done := s.language(w, r)
		if done {
			return
		}
		s.render(w, r, http.StatusOK, name, s.data(r, lang, section, paths))
	}
}

func (s *site) render(w http.ResponseWriter, r *http.Request, status int, name string, data pageData) {
	data.Name = name
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "layout", data); err != nil {
		s.Log.ErrorContext(r.Context(), "render page", "page", name, "err", err)
		http.Error(w, i18n.Text(data.Lang, "refusal.internal"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", data.Lang)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the reader may have gone
	}
}
