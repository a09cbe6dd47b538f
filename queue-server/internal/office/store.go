package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Store runs every office of one log. Run is its writer; all else may be called
// from any goroutine while it runs.
type Store struct {
	config   Config
	log      *slog.Logger
	clock    Clock
	macs     *macKeys
	jobs     chan job      // the writer's alone to receive from
	stopped  chan struct{} // closed when the writer takes nothing more
	finished chan struct{} // closed when the writer has answered all that it took
	saves    sync.WaitGroup

	desks map[ticket.OfficeID]*desk // the writer's alone

	mu    sync.RWMutex
	names []ticket.OfficeID
}

// desk is one office at work. The writer owns it.
type desk struct {
	id     ticket.OfficeID
	shared sharedPart
	state  *queue.State
	links  *links
	topics map[string]*topic
	time   officeTime
	saved  uint64 // sequence of the newest snapshot
}

// officeTime is a desk's clock: base when the monotonic clock said mono, and on from
// there. It moves only by records.
type officeTime struct {
	base   queue.Instant
	mono   time.Duration
	caught bool // it has followed the wall clock since the start
}

// job is a command, or a function that reads.
type job struct {
	request *Request
	mac     []byte
	macKey  uint32
	read    func(*desk) error
	office  ticket.OfficeID
	done    chan result // one place, so that the writer never waits
}

type result struct {
	reply Reply
	link  linkMaker
	err   error
}

// A snapshot is taken when a day has closed, at the end, and in between after so
// many records as the log replays in a tenth of a second; a large state waits for
// as many more as it holds itself, so that snapshots cost no more than the records.
const snapshotEvery = 50_000

// Open loads every office of the log. It changes nothing on disk.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{
		config: c, log: c.Logger, clock: c.Clock,
		jobs: make(chan job, 1024), stopped: make(chan struct{}), finished: make(chan struct{}),
		desks: map[ticket.OfficeID]*desk{},
		macs:  &macKeys{secrets: c.Secrets, keys: map[uint32][]byte{}},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = Machine()
	}
	if err := s.loadAll(ctx); err != nil {
		return nil, err
	}
	return s, s.newDay()
}

func (s *Store) loadAll(ctx context.Context) error {
	desk := func(id ticket.OfficeID) *desk {
		if s.desks[id] == nil {
			s.desks[id] = newDesk(id)
		}
		return s.desks[id]
	}
	err := s.config.Log.LoadAll(ctx, queue.SnapshotForm, func(id ticket.OfficeID, b []byte) error {
		return desk(id).restore(b)
	}, func(r *queue.Record) error {
		desk(r.Office).state.Apply(r)
		return nil
	})
	if err != nil {
		return fmt.Errorf("load the offices: %w", err)
	}
	for _, d := range s.desks {
		s.settle(d)
	}
	s.rename()
	return nil
}

func newDesk(id ticket.OfficeID) *desk {
	return &desk{id: id, state: queue.New(id), topics: map[string]*topic{}}
}

func (d *desk) restore(b []byte) error {
	var n queue.Snapshot
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("read snapshot: %w", err)
	}
	d.state = queue.Restore(&n)
	d.saved = d.state.Seq()
	return nil
}

// settle starts a desk's office time where its state ends.
func (s *Store) settle(d *desk) {
	_, mono, _ := s.clock.Now()
	d.time.base, d.time.mono = d.state.Time(), mono
	d.links = newLinks(s.config.Secrets, d.state)
}

// moment is the time at a desk. Office time advances with the monotonic clock from
// the last record that moved it.
func (s *Store) moment(d *desk) queue.Moment {
	wall, mono, synced := s.clock.Now()
	return queue.Moment{
		Wall:      wall.UTC().Truncate(time.Microsecond),
		Plausible: d.state.Plausible(wall, synced),
		Office:    max(d.state.Time(), d.time.base.Add(mono-d.time.mono)),
	}
}

// Beat is how often the writer looks at the clock when nobody asks anything.
const Beat = time.Second

// redraw is how many beats pass between two looks at views that only time changes.
const redraw = 5

// Run is the writer. It ends with ctx, or with ErrOutcomeUnknown when a commit's end
// is unknown: then the process has to start again and read the log.
func (s *Store) Run(ctx context.Context) error {
	defer close(s.finished)
	beat := time.NewTicker(Beat)
	defer beat.Stop()
	if err := s.pass(nil); err != nil { // the day and the clock, before the first visitor
		s.stop()
		return err
	}
	for beats := 0; ; {
		var batch []job
		select {
		case <-ctx.Done():
			s.stop()
			return s.saveAll()
		case j := <-s.jobs:
			batch = s.drain(j)
		case <-beat.C:
			beats++
		}
		if err := s.pass(batch); err != nil {
			s.stop()
			return err
		}
		if batch == nil && beats%redraw == 0 {
			s.redrawAll()
		}
	}
}

// most is how many jobs one transaction holds.
const most = 1024

// drain takes what already waits, never waiting for more: the sync of the batch
// before was the window in which these gathered. The callers whom that batch has
// answered are runnable, though not yet running, so it lets them run first, as long
// as that brings new jobs: no timer, and no cost where nobody is runnable. Without
// it every other batch would hold one job.
func (s *Store) drain(first job) []job {
	for waiting := -1; len(s.jobs) > waiting && len(s.jobs) < most; {
		waiting = len(s.jobs)
		runtime.Gosched()
	}
	batch := append(make([]job, 0, len(s.jobs)+1), first)
	for len(batch) < most {
		select {
		case j := <-s.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// stop refuses what still waits: none of it was decided.
func (s *Store) stop() {
	close(s.stopped)
	for {
		select {
		case j := <-s.jobs:
			j.done <- result{err: ErrStopping}
		default:
			s.saves.Wait()
			return
		}
	}
}

func (s *Store) saveAll() error {
	var errs []error
	for _, d := range s.desks {
		if d.state.Seq() > d.saved {
			errs = append(errs, s.save(d.state.Snapshot()))
		}
	}
	return errors.Join(errs...)
}

func (s *Store) save(n *queue.Snapshot) error {
	b, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	if err := s.config.Log.SaveSnapshot(n.Office, n.Seq, queue.SnapshotForm, b); err != nil {
		return fmt.Errorf("snapshot of %s: %w", n.Office, err)
	}
	return nil
}

// saveSoon copies the state now and writes it beside the writer.
func (s *Store) saveSoon(d *desk, dayClosed bool) {
	if !dayClosed && d.state.Seq()-d.saved < uint64(snapshotEvery+4*d.state.Size()) {
		return
	}
	d.saved = d.state.Seq()
	n := d.state.Snapshot()
	s.saves.Go(func() {
		if err := s.save(n); err != nil {
			s.log.Error("no snapshot was written; the log is whole without it", "office", n.Office, "err", err)
		}
	})
}

// newDay changes the keys that belong to a day.
func (s *Store) newDay() error {
	wall, _, _ := s.clock.Now()
	latest := queue.InstantOf(wall)
	if len(s.desks) > 0 {
		latest = 0
		for _, d := range s.desks {
			latest = max(latest, s.moment(d).Office)
		}
	}
	if latest <= 0 {
		latest = 1
	}
	return s.macs.use(macDay(latest))
}

// reload reads a desk's state from the log again; who watches it stays, and so does
// its clock.
func (s *Store) reload(d *desk) error {
	again := newDesk(d.id)
	err := s.config.Log.Load(context.Background(), d.id, queue.SnapshotForm, again.restore, func(r *queue.Record) error {
		again.state.Apply(r)
		return nil
	})
	if err != nil {
		return err
	}
	d.state, d.saved = again.state, again.saved
	d.links = newLinks(s.config.Secrets, d.state)
	return nil
}

func (s *Store) rename() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = s.names[:0:0]
	for id := range s.desks {
		s.names = append(s.names, id)
	}
	slices.Sort(s.names)
}

func newEpoch() string { return uuid.NewString() }
