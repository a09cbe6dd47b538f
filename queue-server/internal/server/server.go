// Package server puts the parts of the queue server together on a data folder: the
// log, the records, the offices, the API and the pages. It is what main runs and
// what tests start; it decides nothing that its parts decide.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"antrean/queue-server/internal/api"
	"antrean/queue-server/internal/control"
	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/story"
	"antrean/queue-server/internal/table"
	"antrean/queue-server/internal/web"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Files of a data folder.
const (
	EventsFile  = "events.db"  // the log of every office
	RecordsFile = "records.db" // accounts, sessions, devices, keys
)

// Errors of a data folder.
var (
	ErrNoStore = errors.New("there is no store in this folder: make one with queue-server init")
	ErrStore   = errors.New("this folder holds a store already")
	ErrInUse   = errors.New("another queue-server runs on this folder")
)

// Config says on what a server runs. Data is needed; the rest may be zero.
type Config struct {
	Data    string // the data folder
	Version string

	Listen  string // address for Run to serve on, such as 127.0.0.1:0; empty: Run serves nothing
	TLSCert string // PEM file; with TLSKey, the line is encrypted
	TLSKey  string
	TLS     bool   // the line is encrypted by somebody else; set by Open where TLSCert is
	Control bool   // whether Run answers the command line at DIR/control.sock
	Public  string // where phones reach the server, for offices that do not say; empty: the LAN address, where Listen is on one

	Clock office.Clock // nil: the machine's
	Log   *slog.Logger // nil: silent

	// For tests: what stands around each commit, and what counts as free space.
	AroundCommit func(commit func() error) error
	FreeSpace    func(dir string) (uint64, error)
}

// Server is an open data folder. Run works on it; Close lets go of it.
type Server struct {
	config Config
	log    *slog.Logger

	Offices *office.Store
	People  *people.People

	events   *eventlog.Log
	records  *table.Table
	stories  *story.Teller
	api      *api.API
	handler  http.Handler
	listener net.Listener // nil: nothing is served
	control  *control.Listener
	ran      bool
}

// Open opens a folder that Create made. ErrNoStore, ErrInUse; a log from a newer
// program is an *eventlog.NewerError.
func Open(ctx context.Context, c Config) (*Server, error) {
	if !exists(c) {
		return nil, fmt.Errorf("%s: %w", c.Data, ErrNoStore)
	}
	s, err := open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := sweep(c.Data); err != nil { // of a Create whose power was cut at its very end
		s.log.Warn("what is left of the store's making could not be taken away", "err", err)
	}
	return s, nil
}

func exists(c Config) bool {
	_, err := os.Stat(filepath.Join(c.Data, EventsFile))
	return !errors.Is(err, os.ErrNotExist)
}

func open(ctx context.Context, c Config) (*Server, error) {
	c.TLS = c.TLS || c.TLSCert != ""
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = office.Machine()
	}
	s := &Server{config: c, log: c.Log}
	if err := s.assemble(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// assemble opens part after part. The folder's lock comes first: who has it may
// take the address and the control socket.
func (s *Server) assemble(ctx context.Context) (err error) {
	c := s.config
	s.events, err = openEvents(c)
	if err != nil {
		return err
	}
	s.records, err = table.Open(filepath.Join(c.Data, RecordsFile))
	if errors.Is(err, table.ErrInUse) {
		return fmt.Errorf("%s: %w", c.Data, ErrInUse)
	} else if err != nil {
		return err
	}
	if s.People, err = people.Open(s.records, s.now); err != nil {
		return err
	}
	if err := s.listen(ctx); err != nil {
		return err
	}
	s.Offices, err = office.Open(ctx, office.Config{
		Log: s.events, Secrets: s.records.Secrets(), Clock: c.Clock, Public: s.config.Public, Device: s.device, Logger: s.log,
	})
	if err != nil {
		return err
	}
	s.stories = story.New(story.Config{Log: s.events, Role: s.role})
	pages, err := web.New(web.Config{Office: s.Offices, Now: s.now, Log: s.log})
	if err != nil {
		return err
	}
	s.api = api.New(api.Config{Office: s.Offices, People: s.People, Story: s.stories, TLS: c.TLS, Version: c.Version, Now: s.now, Log: s.log})
	s.handler = split(s.api, pages)
	if c.Control {
		// A queue goes on without it: a path may be too long for a socket.
		if s.control, err = control.Listen(c.Data, s.Operate, s.log); err != nil {
			s.control = nil
			s.log.Warn("the command line cannot speak to this server while it runs", "err", err)
		}
	}
	return nil
}

func openEvents(c Config) (*eventlog.Log, error) {
	l, err := eventlog.Open(filepath.Join(c.Data, EventsFile), eventlog.Options{
		Version: c.Version, AroundCommit: c.AroundCommit, FreeSpace: c.FreeSpace,
	})
	if errors.Is(err, eventlog.ErrHeld) {
		return nil, fmt.Errorf("%s: %w", c.Data, ErrInUse)
	}
	return l, err
}

// split sends the API's paths to the API and everything else to the pages.
func split(api, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

func (s *Server) now() time.Time {
	wall, _, _ := s.config.Clock.Now()
	return wall
}

// device tells the offices who a paired device is.
func (s *Server) device(o ticket.OfficeID, id ticket.DeviceID) (wire.Device, bool) {
	d, err := s.People.Device(id)
	if err != nil || d.Revoked || d.Office != o {
		return wire.Device{}, false
	}
	return wire.Device{ID: d.ID, Office: d.Office, Kind: d.Kind, Name: d.Name, Zone: d.Zone}, true
}

// Handler is the whole of what the server answers over HTTP. It works while Run
// does.
func (s *Server) Handler() http.Handler { return s.handler }

// Addr is where the server listens; empty: nowhere.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// URL is the server's address as a browser on this machine writes it; empty where
// it does not listen.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	scheme := "http://"
	if s.config.TLS {
		scheme = "https://"
	}
	return scheme + s.Addr()
}

// Close lets go of the folder. Run must have returned.
func (s *Server) Close() error {
	var errs []error
	if s.api != nil {
		s.api.Close()
	}
	if s.listener != nil && !s.ran {
		errs = append(errs, s.listener.Close())
	}
	if s.control != nil && !s.ran {
		errs = append(errs, s.control.Close())
	}
	if s.events != nil {
		errs = append(errs, s.events.Close())
	}
	if s.records != nil {
		errs = append(errs, s.records.Close())
	}
	return errors.Join(errs...)
}
