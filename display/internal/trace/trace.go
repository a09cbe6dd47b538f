// Package trace writes what a board received, drew and said as JSON lines, for those
// who measure it or prove that it works. A nil *Log writes nothing.
//
// Every line has "event" and "at_us", microseconds since 1970 by the board's clock:
//
//	window          x, y, w, h in pixels: where the window was asked to stand
//	frame           epoch, seq: a view has arrived
//	shown           epoch, seq: the first frame painted of that view
//	call            id, number, counter, rect [x0,y0,x1,y1]: a call was painted large;
//	                rect holds the capitals of the number, in pixels of the window
//	sound_started   id, length_ms: the loudspeaker (or the file) gets the announcement
//	sound_ended     id, ok, error
//	line            state "online" or "lost", code of a refusal
package trace

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"
)

// Log is open for writing. Its methods may be called from any goroutine.
type Log struct {
	mu sync.Mutex
	w  io.WriteCloser
}

// Open appends to a file; an empty path is no trace at all.
func Open(path string) (*Log, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &Log{w: f}, nil
}

// To writes to w, which Close closes.
func To(w io.WriteCloser) *Log { return &Log{w: w} }

// Fields are an event's own.
type Fields map[string]any

// Event writes one line. A trace that cannot be written does not stop a board.
func (l *Log) Event(name string, at time.Time, f Fields) {
	if l == nil {
		return
	}
	line := Fields{"event": name, "at_us": at.UnixMicro()}
	for k, v := range f {
		line[k] = v
	}
	b, err := json.Marshal(line)
	if err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.w.Write(append(b, '\n'))
}

// Close ends the trace.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Close()
}
