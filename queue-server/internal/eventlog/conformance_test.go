package eventlog

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// engineLog is what every log has to be, whatever it stands on.
type engineLog interface {
	Append(parts []Part) []Result
	Offices() []ticket.OfficeID
	Head(office ticket.OfficeID) Position
	Last() uint64
	Load(ctx context.Context, office ticket.OfficeID, form int, restore func([]byte) error, apply func(*queue.Record) error) error
	LoadAll(ctx context.Context, form int, restore func(ticket.OfficeID, []byte) error, apply func(*queue.Record) error) error
	Replay(ctx context.Context, from map[ticket.OfficeID]Position, fn func(*queue.Record) error) error
	Read(ctx context.Context, office ticket.OfficeID, first, last uint64, fn func(*queue.Record) error) error
	After(ctx context.Context, global uint64, fn func(uint64, *queue.Record) error) error
	Check(ctx context.Context, office ticket.OfficeID) (Report, error)
	SaveSnapshot(office ticket.OfficeID, seq uint64, form int, state []byte) error
	Snapshot(office ticket.OfficeID, forms ...int) (Snapshot, bool)
	Close() error
}

// engine is one store of an implementation. What the suite does behind a log's
// back it does while no log has the store open.
type engine struct {
	open func(Options) (engineLog, error) // the same store, each time
	// spoil changes the stored bytes of a record; a nil result takes it away.
	spoil func(t *testing.T, global uint64, change func([]byte) []byte)
	// spoilSnapshot changes the stored bytes of an office's newest snapshot.
	spoilSnapshot func(t *testing.T, office ticket.OfficeID, change func([]byte) []byte)
	// set changes what the store says of itself.
	set func(t *testing.T, key, value string)
}

func TestTheLogOnBboltKeepsItsPromises(t *testing.T) {
	testLog(t, func(t *testing.T) engine {
		path := filepath.Join(t.TempDir(), "events.db")
		return onDisk(func(o Options) (*Log, error) {
			o.Timeout = 60 * time.Millisecond
			return Open(path, o)
		}, func() (disk, error) { return openBolt(path, Options{}) })
	})
}

func TestTheLogInMemoryKeepsItsPromises(t *testing.T) {
	testLog(t, func(*testing.T) engine {
		m := new(Memory)
		return onDisk(m.Open, func() (disk, error) { return m, nil })
	})
}

// onDisk is the engine of a Log.
func onDisk(open func(Options) (*Log, error), bare func() (disk, error)) engine {
	change := func(t *testing.T, f func(writer) error) {
		t.Helper()
		d, err := bare()
		if err != nil {
			t.Fatal(err)
		}
		known, unknown := d.update(nil, f)
		if err := errors.Join(known, unknown, d.close()); err != nil {
			t.Fatal(err)
		}
	}
	alter := func(w writer, b bucket, key []byte, change func([]byte) []byte) error {
		if now := change(slices.Clone(w.get(b, key))); now != nil {
			return w.put(b, key, now)
		}
		return w.delete(b, key)
	}
	return engine{
		open: func(o Options) (engineLog, error) { return open(o) },
		spoil: func(t *testing.T, global uint64, f func([]byte) []byte) {
			t.Helper()
			change(t, func(w writer) error { return alter(w, events, globalKey(global), f) })
		},
		spoilSnapshot: func(t *testing.T, office ticket.OfficeID, f func([]byte) []byte) {
			t.Helper()
			change(t, func(w writer) error {
				var newest []byte
				c := w.seek(snapshots, snapshotPrefix(office))
				for key, _ := c.next(); strings.HasPrefix(string(key), string(office)+"\x00"); key, _ = c.next() {
					newest = slices.Clone(key)
				}
				return alter(w, snapshots, newest, f)
			})
		},
		set: func(t *testing.T, key, value string) {
			t.Helper()
			change(t, func(w writer) error { return w.put(about, []byte(key), []byte(value)) })
		},
	}
}

// testLog is the conformance test of every log.
func testLog(t *testing.T, start func(*testing.T) engine) {
	for _, story := range []struct {
		name string
		tell func(*testing.T, engine)
	}{
		{"what is committed is there after a restart", committedStays},
		{"a conflict refuses only that office's part", conflictIsAlone},
		{"two parts of one office in a batch build on each other", partsBuildOnEachOther},
		{"records that cannot be stored are refused alone", invalidIsAlone},
		{"a full disk changes nothing and stops nothing", fullStopsNothing},
		{"a fault before the commit is unknown and nothing is there", faultBefore},
		{"a fault after the commit is unknown and all is there", faultAfter},
		{"a commit that never ran is no success", commitNeverRan},
		{"a snapshot whose end is unknown stops the log too", snapshotUnknown},
		{"replay gives the order of the appends", replayOrder},
		{"replay goes on from positions", replayFromPositions},
		{"a reader may append while it reads", readerAppends},
		{"any stretch of an office can be read", readStretch},
		{"a cursor follows all offices", cursorFollows},
		{"every flipped byte is found", flippedByte},
		{"a swapped or missing record is found", missingRecord},
		{"a log that is cut off is found by its head", cutOff},
		{"a snapshot that is ahead of the log is found", snapshotAhead},
		{"the two newest snapshots are kept", snapshotsKept},
		{"a snapshot that is damaged or of another form is passed over", snapshotPassedOver},
		{"a store is open once only", openOnce},
		{"a log from a newer program is refused with both versions", newerRefused},
		{"a closed log says so", closedSaysSo},
		{"many readers beside a writer", readersBesideWriter},
	} {
		t.Run(story.name, func(t *testing.T) { story.tell(t, start(t)) })
	}
}

func opened(t *testing.T, e engine, o Options) engineLog {
	t.Helper()
	if o.Version == "" {
		o.Version = "1.0"
	}
	l, err := e.open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// reopened closes l and opens its store again.
func reopened(t *testing.T, e engine, l engineLog) engineLog {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return opened(t, e, Options{})
}

func mustAppend(t *testing.T, l engineLog, parts ...Part) {
	t.Helper()
	for i, r := range l.Append(parts) {
		if r.Outcome != Committed || r.Err != nil {
			t.Fatalf("part %d: %v, %v", i, r.Outcome, r.Err)
		}
	}
}

// outcomes are the results in words, with the heads.
func outcomes(results []Result) string {
	var b strings.Builder
	for i, r := range results {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(r.Outcome.String())
		b.WriteString(" at ")
		b.WriteByte(byte('0' + r.Head))
		if (r.Err == nil) != (r.Outcome == Committed) {
			b.WriteString(" (its error does not fit)")
		}
	}
	return b.String()
}

func replayed(t *testing.T, l engineLog, from map[ticket.OfficeID]Position) []queue.Record {
	t.Helper()
	var all []queue.Record
	err := l.Replay(t.Context(), from, func(r *queue.Record) error {
		all = append(all, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, got, want []queue.Record) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("records differ (- want, + got):\n%s", d)
	}
}

func openOnce(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	if _, err := e.open(Options{}); !errors.Is(err, ErrHeld) {
		t.Errorf("second open: %v, want ErrHeld", err)
	}
	mustAppend(t, l, part(sinjai, 0, 1))
	reopened(t, e, l)
}

func newerRefused(t *testing.T, e engine) {
	l := opened(t, e, Options{Version: "2.7"})
	mustAppend(t, l, part(sinjai, 0, 6))
	for _, c := range []struct{ key, value, says string }{
		{"format", "3", "written by Antrean 2.7, format 3; this program is 1.4 and reads up to 1: install 2.7 or newer"},
		{"kind/9", "2 2.6", "written by Antrean 2.6, event type 9 (Started) in version 2; this program is 1.4 and reads up to 1: install 2.6 or newer"},
		{"kind/200", "1 2.7", "written by Antrean 2.7, event type 200 in version 1; this program is 1.4 and does not know it: install 2.7 or newer"},
	} {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		e.set(t, c.key, c.value)
		_, err := e.open(Options{Version: "1.4"})
		var newer *NewerError
		if !errors.As(err, &newer) || newer.Error() != c.says {
			t.Errorf("open with %s = %q:\n got %v\nwant %s", c.key, c.value, err, c.says)
		}
		e.set(t, c.key, "1 2.7")
		if c.key == "format" {
			e.set(t, c.key, "1")
		}
		if c.key == "kind/200" {
			return
		}
		l = opened(t, e, Options{Version: "1.4"})
	}
}

func closedSaysSo(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 1))
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if r := l.Append([]Part{part(sinjai, 1, 1)}); r[0].Outcome != Unknown || !errors.Is(r[0].Err, ErrClosed) {
		t.Errorf("append: %v, %v", r[0].Outcome, r[0].Err)
	}
	if err := l.Replay(t.Context(), nil, func(*queue.Record) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("replay: %v, want ErrClosed", err)
	}
}

func readersBesideWriter(t *testing.T, e engine) {
	l := opened(t, e, Options{})
	mustAppend(t, l, part(sinjai, 0, 100), part(banda, 0, 1))
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 10 {
				n := 0
				if err := l.Replay(t.Context(), nil, func(*queue.Record) error { n++; return nil }); err != nil || n < 101 {
					t.Errorf("replay beside the writer: %d records, %v", n, err)
				}
				if err := l.SaveSnapshot(sinjai, 50, 1, []byte("state")); err != nil {
					t.Error(err)
				}
				if _, ok := l.Snapshot(sinjai, 1); !ok {
					t.Error("no snapshot")
				}
				if _, err := l.Check(t.Context(), sinjai); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range uint64(50) {
		mustAppend(t, l, part(sinjai, 100+2*n, 2), part(banda, 1+n, 1))
	}
	readers.Wait()
}
