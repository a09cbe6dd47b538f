//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	_ "embed"

	"github.com/google/uuid"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
	"antrean/shared/ticket"
)

// officeFile is the office that everything here is measured with: one service, ten
// counters, never closed.
//
//go:embed office.toml
var officeFile []byte

// officeAlone measures durable tickets of the store itself, without HTTP, at each
// number of callers. Every number of callers has a store of its own.
func officeAlone(dir string, counts []int, span time.Duration) ([]measured, error) {
	var all []measured
	for _, n := range counts {
		m, err := oneOffice(filepath.Join(dir, fmt.Sprintf("alone-%d", n)), n, span)
		if err != nil {
			return nil, fmt.Errorf("the office with %d callers: %w", n, err)
		}
		all = append(all, m)
	}
	return all, nil
}

func oneOffice(path string, n int, span time.Duration) (m measured, err error) {
	log, err := eventlog.Open(path+".db", eventlog.Options{Version: "bench"})
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	records, err := table.Open(path + ".records.db")
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	store, err := office.Open(context.Background(), office.Config{Log: log, Secrets: records.Secrets(), Public: "http://127.0.0.1:8080"})
	if err != nil {
		return m, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- store.Run(ctx) }()
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
	}()
	settings, err := officefile.Parse("office.toml", officeFile)
	if err != nil {
		return m, err
	}
	if err := store.Import(ctx, settings, queue.Actor{Kind: queue.ActorCommandLine}); err != nil {
		return m, err
	}
	return callers(n, span, func(caller int) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		_, err = store.Do(ctx, office.Request{
			Office: benchOffice, Actor: queue.Actor{Kind: queue.ActorDevice, ID: fmt.Sprint("kiosk-", caller)},
			Key: id.String(), Body: []byte("POST /api/v1/offices/bench/tickets\n" + id.String()),
			Command: queue.Take{ID: ticket.ID(id), Service: benchService},
		})
		return err
	})
}
