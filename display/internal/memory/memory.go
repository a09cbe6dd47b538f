// Package memory keeps a board.Memory in a folder of the board's own disk, so that
// nothing is spoken twice or forgotten over a restart. It knows no rule about it.
package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"antrean/display/internal/board"
)

// Files in the folder.
const (
	file   = "spoken.json"     // the memory
	broken = "spoken.json.bad" // one that could not be read, for whoever looks for the cause
	lock   = "board.lock"      // held while a board runs
)

// ErrInUse says that another board runs on the same folder; the two would forget
// what the other has spoken.
var ErrInUse = errors.New("another board is using this folder")

// Folder is one board's own; only one program at a time has it open.
type Folder struct {
	dir  string
	lock *os.File
}

// Open makes the folder where there is none and takes hold of it.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lock), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // it says no more than the error at hand
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
		}
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return &Folder{dir: dir, lock: f}, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.lock.Close() }

// Load returns what was saved last; nothing where nothing was. A file that cannot be
// read is put aside and answered with an empty memory and the error: a board that
// says a call twice is better than one that does not start.
func (f *Folder) Load() (board.Memory, error) {
	path := filepath.Join(f.dir, file)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return board.Memory{}, nil
	}
	var m board.Memory
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return board.Memory{}, errors.Join(fmt.Errorf("%s: %w", path, err), os.Rename(path, filepath.Join(f.dir, broken)))
	}
	return m, nil
}

// Save returns once the memory is on the disk: after a power cut the file is the old
// one or the new one, whole.
func (f *Folder) Save(m board.Memory) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return WriteFile(filepath.Join(f.dir, file), b)
}

// WriteFile replaces a file whole: written beside it, synced, renamed, and the
// folder synced.
func WriteFile(path string, b []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil // renamed; a folder that cannot be opened cannot be synced either
	}
	return errors.Join(dir.Sync(), dir.Close())
}
