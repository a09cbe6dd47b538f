//go:build linux

package rig

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"antrean/shared/wire"
)

// ServerOptions say which server is started, and on what.
type ServerOptions struct {
	Program string // path of queue-server
	Logs    string // folder for what it prints
	Data    string // folder to be made
	Config  string // the office's file
	Office  string // its id
	Listen  string // address; empty: a free port of this machine alone
}

// A Server is a queue-server that runs as a child.
type Server struct {
	*Child
	URL           string
	Office        string
	Data          string
	AdminPassword string // one-time

	o ServerOptions
}

// StartServer makes a data folder with the office in it and serves it.
func StartServer(ctx context.Context, o ServerOptions) (*Server, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	s := &Server{Office: o.Office, Data: o.Data, o: o}
	out, err := s.command(ctx, "init", "--config", o.Config)
	if err != nil {
		return nil, err
	}
	if s.AdminPassword, err = said(out, "password: "); err != nil {
		return nil, err
	}
	return s, s.serve(ctx)
}

// said finds what a command printed after a word at the start of a line.
func said(out, word string) (string, error) {
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(line, word); ok {
			return strings.TrimSpace(rest), nil
		}
	}
	return "", fmt.Errorf("no line %q in what the server said: %q", word, out)
}

func (s *Server) command(ctx context.Context, words ...string) (string, error) {
	return Output(ctx, Program{Name: "queue-server " + words[0], Path: s.o.Program, Args: append(words, "--data", s.Data)})
}

// everywhere is how a server names all addresses of its machine; from here, it is
// reached by this machine's own.
var everywhere = strings.NewReplacer("[::]", "127.0.0.1", "0.0.0.0", "127.0.0.1")

func (s *Server) serve(ctx context.Context) error {
	child, err := Start(s.o.Logs, Program{Name: "server", Path: s.o.Program, Args: []string{"serve", "--data", s.Data, "--listen", s.o.Listen}})
	if err != nil {
		return err
	}
	s.Child = child
	err = Eventually(ctx, 20*time.Second, "the server answers", func() (bool, error) {
		if s.Ended() {
			return false, fmt.Errorf("it ended: %s", s.Tail())
		}
		url, err := said(s.Said(), "listening on ")
		if err != nil {
			return false, err
		}
		s.URL = everywhere.Replace(url)
		answer, err := http.Get(s.URL + wire.PathHealth)
		if err != nil {
			return false, err
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK, nil
	})
	if err != nil {
		_ = s.Stop() // the first error is the one that tells
	}
	return err
}

// Restart ends the server and starts it on the same folder; how long it took from
// the start of the process to its first answer.
func (s *Server) Restart(ctx context.Context) (time.Duration, error) {
	if err := s.Stop(); err != nil {
		return 0, err
	}
	began := time.Now()
	err := s.serve(ctx)
	return time.Since(began), err
}

// ImportOffice puts an office's file in force, while the server runs.
func (s *Server) ImportOffice(ctx context.Context, file string) error {
	_, err := s.command(ctx, "office", "import", file)
	return err
}

// AddDevice pairs a device by the command line, as a technician does, and returns
// its token. The empty zone is the whole hall.
func (s *Server) AddDevice(ctx context.Context, kind, name, zone string) (string, error) {
	words := []string{"device", "add", "--office", s.Office, "--kind", kind, "--name", name}
	if zone != "" {
		words = append(words, "--zone", zone)
	}
	out, err := s.command(ctx, words...)
	if err != nil {
		return "", err
	}
	return said(out, "token: ")
}

// AddUser makes an account and returns its one-time password.
func (s *Server) AddUser(ctx context.Context, user, name, role string) (string, error) {
	out, err := s.command(ctx, "user", "add", "--user", user, "--name", name, "--role", role, "--office", s.Office)
	if err != nil {
		return "", err
	}
	return said(out, "password: ")
}
