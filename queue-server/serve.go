package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"antrean/queue-server/internal/control"
	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/server"
	"antrean/shared/i18n"
)

// logger writes what the server has to tell its keeper. Nothing personal goes in.
func logger(t terminal) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// alone does an operation on a folder that no server runs on. in and out go through
// JSON, as they do when a server is asked.
func alone(ctx context.Context, c server.Config, name string, in, out any) error {
	question, err := json.Marshal(in)
	if err != nil {
		return err
	}
	answer, known, err := server.OperateAlone(ctx, c, name, question)
	switch {
	case err != nil:
		return err
	case !known:
		return control.ErrUnknown
	case out == nil:
		return nil
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, out)
}

type initCommand struct {
	folder
	Config string `required:"" placeholder:"FILE" help:"The first office's settings (TOML)."`
}

func (c initCommand) Run(ctx context.Context, t terminal) error {
	data, err := readFile(t, c.Config)
	if err != nil {
		return err
	}
	v, err := officefile.Parse(c.Config, data)
	if err != nil {
		return err
	}
	password, err := server.Create(ctx, server.Config{Data: c.Data, Version: version, Log: logger(t)}, v)
	if err != nil {
		return err
	}
	t.say("made", i18n.Args{"Folder": c.Data, "Office": v.Office})
	t.say("password_once")
	t.print("user: %s\npassword: %s\n", server.AdminUser, password)
	return nil
}

type serveCommand struct {
	folder
	Listen  string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address and port to listen on; port 0 is a free one (${default})."`
	TLSCert string `name:"tls-cert" placeholder:"FILE" help:"Certificate chain (PEM) for an encrypted line."`
	TLSKey  string `name:"tls-key" placeholder:"FILE" help:"Its private key (PEM)."`
}

// Run serves until ctx ends. The first line of the output says where.
func (c serveCommand) Run(ctx context.Context, t terminal) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return usageError{errors.New("--tls-cert and --tls-key go together")}
	}
	log := logger(t)
	config := server.Config{
		Data: c.Data, Version: version, Listen: c.Listen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, Control: true, Log: log,
	}
	s, err := server.Open(ctx, config)
	if err != nil {
		return err
	}
	t.print("listening on %s\n", s.URL())
	if s.Exposed() {
		_, _ = fmt.Fprintln(t.err, i18n.Text(language(), "server.line_not_safe"))
	}
	if s.Public() == "" {
		log.Info("phones reach this server only for offices that set public_url; others print no QR code")
	} else {
		log.Info("phones reach this server at", "public", s.Public())
	}
	log.Info("serving", "version", version, "offices", len(s.Offices.Offices()), "pid", os.Getpid())
	err = s.Run(ctx)
	err = errors.Join(err, s.Close())
	if err == nil {
		log.Info("stopped")
	}
	return err
}
