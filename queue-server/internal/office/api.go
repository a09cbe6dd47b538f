// Package office runs the core: one writer for all offices of a store, group
// commit, and the views that windows watch. Nothing leaves it that is not on disk.
package office

import (
	"context"
	"log/slog"
	"time"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Log is what an office needs of the event log; package eventlog has it.
type Log interface {
	// Append answers for each part; parts that do not conflict are one transaction.
	Append(parts []eventlog.Part) []eventlog.Result
	// Load reads one office: restore gets the newest snapshot that it can read (it
	// may refuse one), then apply gets every record after it, in order.
	Load(ctx context.Context, office ticket.OfficeID, form int, restore func(state []byte) error, apply func(*queue.Record) error) error
	// LoadAll is Load for every office, reading the log once.
	LoadAll(ctx context.Context, form int, restore func(office ticket.OfficeID, state []byte) error, apply func(*queue.Record) error) error
	SaveSnapshot(office ticket.OfficeID, seq uint64, form int, state []byte) error
}

// Secrets keeps random keys of 32 bytes apart from the log, so that destroying one
// ends what rests on it.
type Secrets interface {
	// Secret returns the key of that name. Where there is none, create makes one,
	// durable before it is returned; else the error is table.ErrNoSecret.
	Secret(name string, create bool) ([]byte, error)
	Destroy(name string) error
	List(prefix string) ([]string, error)
}

// Clock tells the time. Mono advances evenly and never jumps.
type Clock interface {
	Now() (wall time.Time, mono time.Duration, synchronised bool)
}

// Config is what a store stands on.
type Config struct {
	Log     Log
	Secrets Secrets
	Clock   Clock                                                      // nil: the machine's
	Public  string                                                     // where phones reach the server, for an office that does not say; empty: nowhere
	Device  func(ticket.OfficeID, ticket.DeviceID) (wire.Device, bool) // who a paired device is; nil: there are none
	Logger  *slog.Logger
}

// Request is a command with what surrounds it.
type Request struct {
	Office  ticket.OfficeID
	Actor   queue.Actor
	Key     string    // idempotency key, scoped to (office, actor); empty: none
	Body    []byte    // what must be the same when the key is used again: method, path and body
	Device  time.Time // what the device's clock said; zero: unknown
	Command queue.Ask
}

// Reply is a command's answer, the same at every repetition of its key.
type Reply struct {
	Seq      uint64        // the command's first event
	At       time.Time     // its wall time
	Ticket   *queue.Ticket // a copy, as it is now; nil where the command is about no ticket
	State    ticket.State  // the ticket's, as the command left it
	Link     string        // the visitor's link; empty where there is none
	Day      string        // the date of the ticket's business day
	Repeated bool
}

// Refusals of the store itself.
var (
	ErrNoSuchOffice   = reason.New(reason.NotFound, "no_such_office")
	ErrNoSuchTopic    = reason.New(reason.NotFound, "no_such_topic")
	ErrNoSuchLink     = reason.New(reason.NotFound, "no_such_link")
	ErrKeyReused      = reason.New(reason.Unprocessable, "key_reused")
	ErrStorageFull    = reason.New(reason.StorageFull, "storage_full")
	ErrMovedOn        = reason.New(reason.Unavailable, "moved_on")        // another writer was first: ask again
	ErrStopping       = reason.New(reason.Unavailable, "stopping")        // nothing was done
	ErrOutcomeUnknown = reason.New(reason.Unavailable, "outcome_unknown") // ask again with the same key
	ErrNoSettings     = reason.New(reason.Conflict, "no_settings")
)

// Do has a command decided and committed, and returns once it is on disk. A refusal
// is a *reason.Refusal. When ctx ends first the command may still happen.
func (s *Store) Do(ctx context.Context, r Request) (Reply, error) {
	j := job{request: &r, done: make(chan result, 1)}
	if r.Key != "" {
		id, key, err := s.requestKey()
		if err != nil {
			return Reply{}, err
		}
		j.macKey, j.mac = id, requestMAC(key, r.Body)
	}
	if err := s.send(ctx, j); err != nil {
		return Reply{}, err
	}
	got, err := s.wait(ctx, j, func() error { return ErrOutcomeUnknown })
	if err != nil {
		return Reply{}, err
	}
	got.reply.Link = got.link.of(got.reply.Ticket)
	return got.reply, nil
}

// wait is a job's end. A job that reached the writer's channel after the writer had
// gone was never decided.
// When ctx ends first, left says what that means to the caller.
func (s *Store) wait(ctx context.Context, j job, left func() error) (result, error) {
	select {
	case got := <-j.done:
		return got, got.err
	case <-s.finished:
		select {
		case got := <-j.done:
			return got, got.err
		default:
			return result{}, ErrStopping
		}
	case <-ctx.Done():
		return result{}, left()
	}
}

// send hands a job to the writer.
func (s *Store) send(ctx context.Context, j job) error {
	select {
	case s.jobs <- j:
		return nil
	case <-s.stopped:
		return ErrStopping
	case <-ctx.Done():
		return ErrStopping
	}
}

// read runs fn on the writer's goroutine, between two batches, so that it sees only
// what is on disk.
func (s *Store) read(ctx context.Context, id ticket.OfficeID, fn func(*desk) error) error {
	j := job{read: fn, office: id, done: make(chan result, 1)}
	if err := s.send(ctx, j); err != nil {
		return err
	}
	_, err := s.wait(ctx, j, ctx.Err)
	return err
}

// readOne is read for one value, which a caller that has gone away never touches.
func readOne[T any](ctx context.Context, s *Store, id ticket.OfficeID, fn func(*desk) (T, error)) (out T, err error) {
	got := make(chan T, 1)
	err = s.read(ctx, id, func(d *desk) error {
		v, err := fn(d)
		got <- v
		return err
	})
	if err == nil {
		out = <-got
	}
	return out, err
}

// Import creates an office from its settings, or changes them.
func (s *Store) Import(ctx context.Context, v queue.Settings, by queue.Actor) error {
	_, err := s.Do(ctx, Request{Office: v.Office, Actor: by, Command: queue.ChangeSettings{Settings: v}})
	return err
}

// Settings are an office's settings in force. They must not be changed.
func (s *Store) Settings(ctx context.Context, id ticket.OfficeID) (queue.Settings, error) {
	return readOne(ctx, s, id, func(d *desk) (queue.Settings, error) {
		if d.state.Settings() == nil {
			return queue.Settings{}, ErrNoSettings
		}
		return *d.state.Settings(), nil
	})
}

// TicketOf is the ticket that a visitor's token stands for.
func (s *Store) TicketOf(ctx context.Context, id ticket.OfficeID, token string) (ticket.ID, error) {
	return readOne(ctx, s, id, func(d *desk) (ticket.ID, error) {
		if t := d.links.find(token); t != nil {
			return t.ID, nil
		}
		return ticket.ID{}, ErrNoSuchLink
	})
}

// Frame is a topic's view at this moment.
func (s *Store) Frame(ctx context.Context, id ticket.OfficeID, topic string) (*Frame, error) {
	return readOne(ctx, s, id, func(d *desk) (*Frame, error) {
		v, err := s.view(d, topic)
		if err != nil {
			return nil, err
		}
		return d.frame(topic, v, s.moment(d))
	})
}

// Offices are the offices of the store, in the order of their names.
func (s *Store) Offices() []ticket.OfficeID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]ticket.OfficeID(nil), s.names...)
}

// publicURL is where phones reach the server for an office.
func (s *Store) publicURL(v *queue.Settings) string {
	if v != nil && v.PublicURL != "" {
		return v.PublicURL
	}
	return s.config.Public
}

func (l linkMaker) of(t *queue.Ticket) string {
	if t == nil || l.public == "" || l.key == nil {
		return ""
	}
	return wire.VisitLink(l.public, l.office, token(l.key, t.ID))
}
