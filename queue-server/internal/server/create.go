package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
)

// AdminUser is the first account's name.
const AdminUser = "admin"

// newFolder begins the name of a folder in which a store is being built.
const newFolder = ".new-"

// Create makes a store in a folder, which it makes too where there is none: the
// office, and an administrator whose one-time password it returns. A folder that
// holds a store is ErrStore. The store is built aside and moved in when it is whole,
// so that a failure leaves the folder as it was.
//
// Only the log makes a folder a store. A power cut between the two moves leaves
// records without a log: their accounts belong to no office and their password was
// told to nobody, so the next Create puts its own in their place.
func Create(ctx context.Context, c Config, first queue.Settings) (password string, err error) {
	if _, err := os.Lstat(filepath.Join(c.Data, EventsFile)); err == nil {
		return "", fmt.Errorf("%s: %w", c.Data, ErrStore)
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	made, err := makeFolder(c.Data)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil && made {
			_ = os.Remove(c.Data) // only where it is empty again
		}
	}()
	if err := sweep(c.Data); err != nil {
		return "", err
	}
	aside, err := os.MkdirTemp(c.Data, newFolder)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(aside) }()
	built := c
	built.Data, built.Listen, built.Control = aside, "", false
	if password, err = build(ctx, built, first); err != nil {
		return "", err
	}
	// The log goes last, and only when the records' name is on the disk: it is what
	// makes the folder a store, so it must never be there without them.
	for _, name := range []string{RecordsFile, EventsFile} {
		if err := os.Rename(filepath.Join(aside, name), filepath.Join(c.Data, name)); err != nil {
			_ = os.Remove(filepath.Join(c.Data, RecordsFile)) // without the log it is nothing
			return "", err
		}
		if err := syncFolder(c.Data); err != nil {
			return "", err
		}
	}
	return password, nil
}

// sweep takes away what earlier tries left when the power was cut.
func sweep(data string) error {
	entries, err := os.ReadDir(data)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), newFolder) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(data, e.Name())))
		}
	}
	return err
}

// makeFolder makes the data folder for its owner alone; made: it was not there.
func makeFolder(path string) (made bool, err error) {
	if _, err := os.Stat(path); err == nil {
		return false, nil
	}
	return true, os.MkdirAll(path, 0o700)
}

func build(ctx context.Context, c Config, first queue.Settings) (password string, err error) {
	s, err := open(ctx, c)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = s.During(ctx, func(ctx context.Context) error {
		return s.Offices.Import(ctx, first, commandLine)
	})
	if err != nil {
		return "", err
	}
	return s.People.AddUser(AdminUser, "Administrator", people.Admin, nil)
}

// During runs the server while f does, for a command that needs the offices when
// no server runs.
func (s *Server) During(ctx context.Context, f func(ctx context.Context) error) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := start(func() error { return s.Run(running) })
	err := f(ctx)
	stop()
	return errors.Join(err, <-ended)
}
