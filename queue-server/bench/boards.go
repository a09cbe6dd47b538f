//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// A wall is many boards that watch one topic, each on a socket of its own.
type wall struct {
	conns  []*websocket.Conn
	wg     sync.WaitGroup
	frames atomic.Int64 // that came, on all sockets
	size   atomic.Int64 // bytes of the newest
	mu     sync.Mutex
	seen   [][]sight // board by board, in order
	lost   []error   // why sockets ended
}

// A sight is a frame that came: it is true up to seq.
type sight struct {
	seq uint64
	at  time.Time
}

// hang opens n sockets and waits for the first frame on each. subscribe is empty
// where the other end sends without being asked.
func hang(url, token, topic string, n int) (*wall, error) {
	w := &wall{seen: make([][]sight, n)}
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	dialer := websocket.Dialer{ReadBufferSize: 4096, WriteBufferSize: 512, HandshakeTimeout: 20 * time.Second}
	for range n {
		conn, answer, err := dialer.Dial(url, header)
		if err != nil {
			w.take()
			return nil, fmt.Errorf("open a board's socket: %w", err)
		}
		_ = answer.Body.Close() // an upgrade has none
		w.conns = append(w.conns, conn)
		if topic == "" {
			continue
		}
		if err := errors.Join(conn.WriteJSON(wire.Ask{Subscribe: []string{topic}}), first(conn)); err != nil {
			w.take()
			return nil, err
		}
	}
	for i, conn := range w.conns {
		w.wg.Go(func() { w.watch(i, conn) })
	}
	return w, nil
}

func first(conn *websocket.Conn) error {
	_, frame, err := conn.ReadMessage()
	if err == nil && bytes.Contains(frame, []byte(`"problem"`)) {
		err = fmt.Errorf("the board may not watch: %s", frame)
	}
	return err
}

// take takes the wall down and waits for its readers.
func (w *wall) take() {
	for _, conn := range w.conns {
		_ = conn.Close() // which ends its reader
	}
	w.wg.Wait()
}

func (w *wall) watch(board int, conn *websocket.Conn) {
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			w.mu.Lock()
			w.lost = append(w.lost, err)
			w.mu.Unlock()
			return
		}
		at := time.Now()
		w.frames.Add(1)
		w.size.Store(int64(len(frame)))
		if seq := sequence(frame); seq > 0 {
			w.mu.Lock()
			w.seen[board] = append(w.seen[board], sight{seq, at})
			w.mu.Unlock()
		}
	}
}

// sequence reads a frame's sequence without decoding the frame: a thousand boards
// on the server's own processors must cost little.
func sequence(frame []byte) uint64 {
	_, rest, ok := bytes.Cut(frame, []byte(`"seq":`))
	if !ok {
		return 0
	}
	end := bytes.IndexAny(rest, ",}")
	if end < 0 {
		return 0
	}
	n, _ := strconv.ParseUint(string(rest[:end]), 10, 64) // 0 where it is none
	return n
}

// pace is the time between two calls: 600 a minute, fifty times a busy hall's.
const pace = 100 * time.Millisecond

// callToFrame calls tickets at a steady pace while the wall watches. The spread is
// of the time from an officer's press to a board's having the frame.
func callToFrame(w *wall, desk *caller, o ticket.OfficeID, at ticket.CounterID, calls int) (measured, error) {
	var presses []sight
	tick := time.NewTicker(pace)
	defer tick.Stop()
	began := time.Now()
	for range calls {
		<-tick.C
		p := sight{at: time.Now()}
		a, err := desk.call(o, at)
		if err != nil {
			return measured{}, err
		}
		p.seq = a.Seq
		presses = append(presses, p)
		if err := desk.command(o, at, "no-show"); err != nil {
			return measured{}, err
		}
	}
	all := time.Since(began)
	want := len(presses) * len(w.conns)
	deadline := time.Now().Add(10 * time.Second)
	for {
		took := w.waits(presses)
		if len(took) == want {
			return spread(took, all), nil
		}
		if time.Now().After(deadline) {
			return measured{}, fmt.Errorf("%d calls: %d frames of %d came; %d sockets ended: %w", calls, len(took), want, len(w.lost), errors.Join(w.lost[:min(3, len(w.lost))]...))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// waits is how long each board waited for each press: until its first frame that is
// true up to the press's event. (A frame in between may be skipped, none is late.)
func (w *wall) waits(presses []sight) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var took []time.Duration
	for _, frames := range w.seen {
		i := 0
		for _, p := range presses {
			for i < len(frames) && frames[i].seq < p.seq {
				i++
			}
			if i == len(frames) {
				break
			}
			took = append(took, frames[i].at.Sub(p.at))
		}
	}
	return took
}

// fanOut changes the view as fast as a kiosk can, by tickets, and counts the frames
// that reach the boards in a second.
func fanOut(w *wall, kiosk *caller, span time.Duration) (float64, error) {
	began, before := time.Now(), w.frames.Load()
	for time.Since(began) < span {
		if _, err := kiosk.take(benchOffice, benchService); err != nil {
			return 0, err
		}
	}
	return float64(w.frames.Load()-before) / time.Since(began).Seconds(), nil
}

// bareGorilla is the yardstick: a process that writes one prepared message to
// every connection, one after the other, as fast as it can. It runs as a process
// of its own, like the server.
func bareGorilla(listen func(http.Handler) error, size int) error {
	var mu sync.Mutex
	var conns []*websocket.Conn
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(strings.Repeat("x", size)))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	up := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 512}
	mux.HandleFunc("/watch", func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return // answered by Upgrade
		}
		mu.Lock()
		conns = append(conns, conn)
		mu.Unlock()
	})
	mux.HandleFunc("/go", func(w http.ResponseWriter, r *http.Request) {
		span, err := time.ParseDuration(r.URL.Query().Get("span"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for began := time.Now(); time.Since(began) < span; {
			for _, conn := range conns {
				if err := conn.WritePreparedMessage(message); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
			}
		}
	})
	return listen(mux)
}

// boardTopic is the board of the whole hall.
var boardTopic = wire.TopicBoard("")

// socketOf is the WebSocket's address on a server.
func socketOf(url string) string {
	return "ws" + strings.TrimPrefix(url, "http") + wire.PathSocket(benchOffice)
}
