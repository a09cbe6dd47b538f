package table

import (
	"crypto/rand"
	"errors"
	"fmt"
)

// secretSize is the length of every secret, in bytes.
const secretSize = 32

// secretsBucket is this package's own.
const secretsBucket = "table.secrets"

// ErrNoSecret says that a secret was never made, or is destroyed.
var ErrNoSecret = errors.New("there is no such secret")

// Secrets are random keys by name, each made once: what is signed with one can be
// checked until it is destroyed, and never again after that. The names are the
// user's, such as "link/{office}/{day}".
//
// Destroy removes a key from the records. The bytes may stay in a free page of the
// file until that is written over, so a destroyed key is safe from whoever asks the
// server, not from whoever takes the disk the same hour.
type Secrets struct{ t *Table }

// Secrets are the secrets kept in this table.
func (t *Table) Secrets() *Secrets { return &Secrets{t} }

// Secret returns the 32 bytes of a name. Where there are none it makes them, on
// disk before it returns, if make says so; else it is ErrNoSecret.
func (s *Secrets) Secret(name string, make bool) ([]byte, error) {
	v, err := s.t.Get(secretsBucket, name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("secret %s: %w", name, err)
	case v != nil:
		return v, nil
	case !make:
		return nil, ErrNoSecret
	}
	err = s.t.Update(func(x *Tx) error {
		if v = x.Get(secretsBucket, name); v != nil {
			return nil // somebody was faster
		}
		v = append(v, fresh()...)
		return x.Put(secretsBucket, name, v)
	})
	if err != nil {
		return nil, fmt.Errorf("make secret %s: %w", name, err)
	}
	return v, nil
}

func fresh() []byte {
	b := make([]byte, secretSize)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

// Destroy removes a secret, for ever; one that is not there is no error.
func (s *Secrets) Destroy(name string) error {
	if err := s.t.Delete(secretsBucket, name); err != nil {
		return fmt.Errorf("destroy secret %s: %w", name, err)
	}
	return nil
}

// List names the secrets that begin with prefix, in byte order.
func (s *Secrets) List(prefix string) ([]string, error) {
	var names []string
	err := s.t.ForEach(secretsBucket, prefix, func(name string, _ []byte) error {
		names = append(names, name)
		return nil
	})
	return names, err
}
