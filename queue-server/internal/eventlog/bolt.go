package eventlog

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// Open opens the log in the file at path, which it makes where there is none.
// ErrHeld: another process (or this one) has it open. *NewerError: a newer program
// wrote it.
func Open(path string, o Options) (*Log, error) {
	d, err := openBolt(path, o)
	if err != nil {
		return nil, err
	}
	l, err := openOn(d, o)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return l, nil
}

type bolt struct {
	db   *bbolt.DB
	path string
}

func openBolt(path string, o Options) (*bolt, error) {
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if o.MapSize == 0 {
		o.MapSize = defaultMapSize
	}
	// NoFreelistSync stays off: it saves 0-3 % of an append, and makes every open read
	// every page of the file, and panic where one is damaged (see DESIGN.md).
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         o.Timeout,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: o.MapSize,
		NoStatistics:    true,
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("open log %s: %w", path, ErrHeld)
	case err != nil:
		return nil, fmt.Errorf("open log %s: %w", path, err)
	}
	d := &bolt{db: db, path: path}
	if err := d.makeBuckets(); err != nil {
		return nil, errors.Join(fmt.Errorf("open log %s: %w", path, err), db.Close())
	}
	return d, nil
}

func (d *bolt) makeBuckets() error {
	missing := false
	err := d.db.View(func(tx *bbolt.Tx) error {
		for _, name := range bucketNames {
			missing = missing || tx.Bucket([]byte(name)) == nil
		}
		return nil
	})
	if err != nil || !missing {
		return err
	}
	return d.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range bucketNames {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *bolt) dir() string  { return filepath.Dir(d.path) }
func (d *bolt) close() error { return d.db.Close() }

func (d *bolt) update(around func(commit func() error) error, change func(writer) error) (known, unknown error) {
	tx, err := d.db.Begin(true)
	if err != nil {
		return err, nil
	}
	t := newBoltTx(tx)
	t.buckets[events].FillPercent = 1  // its keys only grow, so no page is split to leave room
	t.buckets[heads].FillPercent = 0.9 // its values change in place: the fewer pages, the better
	if err := change(t); err != nil {
		return errors.Join(err, tx.Rollback()), nil
	}
	ran, err := guard(around, tx.Commit)
	if !ran {
		return nil, errors.Join(err, tx.Rollback())
	}
	return nil, err
}

func (d *bolt) view(read func(reader) error) error {
	return d.db.View(func(tx *bbolt.Tx) error { return read(newBoltTx(tx)) })
}

type boltTx struct {
	buckets [len(bucketNames)]*bbolt.Bucket
}

func newBoltTx(tx *bbolt.Tx) *boltTx {
	t := &boltTx{}
	for b, name := range bucketNames {
		t.buckets[b] = tx.Bucket([]byte(name))
	}
	return t
}

func (t *boltTx) get(b bucket, key []byte) []byte       { return t.buckets[b].Get(key) }
func (t *boltTx) put(b bucket, key, value []byte) error { return t.buckets[b].Put(key, value) }
func (t *boltTx) delete(b bucket, key []byte) error     { return t.buckets[b].Delete(key) }

func (t *boltTx) seek(b bucket, key []byte) cursor {
	return &boltCursor{c: t.buckets[b].Cursor(), from: key}
}

type boltCursor struct {
	c       *bbolt.Cursor
	from    []byte
	started bool
}

func (c *boltCursor) next() (key, value []byte) {
	if !c.started {
		c.started = true
		return c.c.Seek(c.from)
	}
	return c.c.Next()
}
