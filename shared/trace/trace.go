// Package trace writes what a program did and when, one JSON object a line, for
// end-to-end tests and for a technician who measures. What the lines say is each
// program's own; none may hold a link or anything about a person. A nil *File takes
// everything and writes nothing.
package trace

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// File is open for writing. Its methods may be called from any goroutine.
type File struct {
	mu  sync.Mutex
	w   io.WriteCloser
	err error // the first one
}

// Create begins a file anew; an empty path is no trace.
func Create(path string) (*File, error) { return open(path, os.O_TRUNC) }

// Append goes on with a file, or begins it; an empty path is no trace.
func Append(path string) (*File, error) { return open(path, os.O_APPEND) }

func open(path string, how int) (*File, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|how, 0o600)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	return To(f), nil
}

// To writes to w, which Close closes.
func To(w io.WriteCloser) *File { return &File{w: w} }

// Write adds v as a line, at once. A trace that cannot be written stops nobody: the
// first error is Close's.
func (t *File) Write(v any) {
	if t == nil {
		return
	}
	b, err := json.Marshal(v)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		_, err = t.w.Write(append(b, '\n'))
	}
	if t.err == nil {
		t.err = err
	}
}

// Fields are an event's own.
type Fields map[string]any

// Event adds a line with "event", "at_us" (microseconds since 1970) and f.
func (t *File) Event(name string, at time.Time, f Fields) {
	line := Fields{"event": name, "at_us": at.UnixMicro()}
	for k, v := range f {
		line[k] = v
	}
	t.Write(line)
}

// Close ends the file.
func (t *File) Close() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.w.Close(); t.err == nil {
		t.err = err
	}
	if t.err != nil {
		return fmt.Errorf("trace: %w", t.err)
	}
	return nil
}
