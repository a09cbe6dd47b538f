// Package table keeps small records by key, in named buckets of one bbolt file:
// accounts, devices, cursors, secrets. A bucket has one owner, the package whose
// name it begins with ("people.accounts"), and nobody else reads or writes it.
// What happened in an office is not here: that is the log's.
package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// ErrInUse says that another program has the file open.
var ErrInUse = errors.New("the records are in use by another program")

// openTimeout is how long Open waits for another program to let go of the file.
const openTimeout = 2 * time.Second

// Table is an open file of records. All methods may be called at the same time.
type Table struct{ db *bbolt.DB }

// Open opens the records at path, or begins them, readable by their owner alone.
func Open(path string) (*Table, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: openTimeout, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("open records: %w", err)
	}
	return &Table{db: db}, nil
}

// Close waits for what is running and lets go of the file.
func (t *Table) Close() error { return t.db.Close() }

// Tx is one atomic look or change. It ends with the function that got it.
type Tx struct{ tx *bbolt.Tx }

// Update runs f and makes what it changed durable, all of it or, when f or the
// disk says no, nothing. One Update runs at a time. After an error of the disk the
// change may still have been made; every change here can be asked again.
func (t *Table) Update(f func(*Tx) error) error {
	return t.db.Update(func(tx *bbolt.Tx) error { return f(&Tx{tx}) })
}

// View runs f on one state of the records; it cannot change them.
func (t *Table) View(f func(*Tx) error) error {
	return t.db.View(func(tx *bbolt.Tx) error { return f(&Tx{tx}) })
}

// Get returns a copy of a key's value; nil where there is none.
func (x *Tx) Get(bucket, key string) []byte {
	b := x.tx.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	v := b.Get([]byte(key))
	if v == nil {
		return nil
	}
	return append([]byte{}, v...)
}

// Put sets a key's value.
func (x *Tx) Put(bucket, key string, value []byte) error {
	b, err := x.tx.CreateBucketIfNotExists([]byte(bucket))
	if err != nil {
		return fmt.Errorf("bucket %s: %w", bucket, err)
	}
	return b.Put([]byte(key), value)
}

// Delete removes a key; one that is not there is no error.
func (x *Tx) Delete(bucket, key string) error {
	b := x.tx.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	return b.Delete([]byte(key))
}

// ForEach calls f with every key that begins with prefix, in byte order, until f
// returns an error. The value is valid during the call only. f must not change the
// bucket: collect the keys and change them afterwards.
func (x *Tx) ForEach(bucket, prefix string, f func(key string, value []byte) error) error {
	b := x.tx.Bucket([]byte(bucket))
	if b == nil {
		return nil
	}
	c := b.Cursor()
	for k, v := c.Seek([]byte(prefix)); k != nil && len(k) >= len(prefix) && string(k[:len(prefix)]) == prefix; k, v = c.Next() {
		if err := f(string(k), v); err != nil {
			return err
		}
	}
	return nil
}

// GetJSON reads a key's value as JSON; ok is false where there is none.
func (x *Tx) GetJSON(bucket, key string, into any) (ok bool, err error) {
	v := x.Get(bucket, key)
	if v == nil {
		return false, nil
	}
	if err := json.Unmarshal(v, into); err != nil {
		return false, fmt.Errorf("record %s/%s: %w", bucket, key, err)
	}
	return true, nil
}

// PutJSON sets a key's value to v as JSON.
func (x *Tx) PutJSON(bucket, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("record %s/%s: %w", bucket, key, err)
	}
	return x.Put(bucket, key, b)
}

// Get returns a copy of one key's value; nil where there is none.
func (t *Table) Get(bucket, key string) (v []byte, err error) {
	err = t.View(func(x *Tx) error { v = x.Get(bucket, key); return nil })
	return v, err
}

// Put sets one key's value, durable when it returns.
func (t *Table) Put(bucket, key string, value []byte) error {
	return t.Update(func(x *Tx) error { return x.Put(bucket, key, value) })
}

// Delete removes one key.
func (t *Table) Delete(bucket, key string) error {
	return t.Update(func(x *Tx) error { return x.Delete(bucket, key) })
}

// ForEach calls f as Tx.ForEach does, on one state of the records.
func (t *Table) ForEach(bucket, prefix string, f func(key string, value []byte) error) error {
	return t.View(func(x *Tx) error { return x.ForEach(bucket, prefix, f) })
}
