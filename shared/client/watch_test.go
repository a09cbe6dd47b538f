package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"antrean/shared/reason"
	"antrean/shared/wire"
)

// hall is a server inside a synctest bubble: connections are pipes in memory.
type hall struct {
	t      *testing.T
	client *Client
	handle func(*websocket.Conn) // one socket's life, after the handshake
	refuse int                   // not 0: the handshake is answered with this status

	mu    sync.Mutex
	dials []time.Time
	down  bool
	wg    sync.WaitGroup
}

func openHall(t *testing.T, handle func(*websocket.Conn)) *hall {
	h := &hall{t: t, handle: handle}
	tr := &http.Transport{DialContext: h.dial}
	c, err := New(Config{Server: "http://hall", Token: "secret", HTTP: &http.Client{Transport: tr}})
	if err != nil {
		t.Fatal(err)
	}
	h.client = c
	return h
}

func (h *hall) dial(context.Context, string, string) (net.Conn, error) {
	h.mu.Lock()
	h.dials = append(h.dials, time.Now())
	down := h.down
	h.mu.Unlock()
	if down {
		return nil, errors.New("nobody listens")
	}
	near, far := net.Pipe()
	l := &oneConn{conn: make(chan net.Conn, 1)}
	l.conn <- far
	close(l.conn)
	s := &http.Server{Handler: http.HandlerFunc(h.upgrade)}
	h.wg.Go(func() { _ = s.Serve(l) })
	return near, nil
}

func (h *hall) upgrade(w http.ResponseWriter, r *http.Request) {
	if h.refuse != 0 {
		w.Header().Set("Connection", "close")
		refuse(w, h.refuse, "no_device")
		return
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		h.t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	h.handle(conn)
}

func (h *hall) tries() []time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.dials)
}

// watch runs Watch for d of the bubble's time and returns what it told.
func (h *hall) watch(d time.Duration, topics ...string) []Event {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), d)
	defer cancel()
	var events []Event
	if err := h.client.Watch(ctx, "sinjai", topics, func(e Event) { events = append(events, e) }); !errors.Is(err, context.DeadlineExceeded) {
		h.t.Errorf("Watch ended with %v", err)
	}
	h.wg.Wait()
	return events
}

type oneConn struct{ conn chan net.Conn }

func (l *oneConn) Accept() (net.Conn, error) {
	if c, ok := <-l.conn; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (*oneConn) Close() error   { return nil }
func (*oneConn) Addr() net.Addr { return &net.UnixAddr{} }

// untilClosed reads so that pings, pongs and the close are handled.
func untilClosed(c *websocket.Conn) {
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
	}
}

func send(t *testing.T, c *websocket.Conn, topic string, seq uint64) {
	if err := c.WriteJSON(wire.Frame{Topic: topic, Office: "sinjai", Seq: seq, View: []byte("{}")}); err != nil {
		t.Error(err)
	}
}

func TestAWatcherAsksForItsTopicsAndGetsTheirFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHall(t, func(c *websocket.Conn) {
			var a wire.Ask
			if err := c.ReadJSON(&a); err != nil || !slices.Equal(a.Subscribe, []string{"kiosk", "device/k1"}) {
				t.Errorf("asked for %v, %v", a, err)
			}
			send(t, c, "kiosk", 1)
			time.Sleep(time.Second)
			send(t, c, "kiosk", 2)
			untilClosed(c)
		})
		got := h.watch(5*time.Second, "kiosk", "device/k1")
		if len(got) != 3 || !got[0].Online || got[0].Frame != nil || got[1].Frame.Seq != 1 || got[2].Frame.Seq != 2 {
			t.Errorf("events = %+v", got)
		}
	})
}

func TestASlowWatcherGetsTheNewestFrameOfEachTopicInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHall(t, func(c *websocket.Conn) {
			_, _, _ = c.ReadMessage()
			send(t, c, "kiosk", 1)
			time.Sleep(time.Second) // on() is busy with the first from here
			for seq := uint64(2); seq <= 9; seq++ {
				send(t, c, "kiosk", seq)
			}
			send(t, c, "office", 10)
			send(t, c, "kiosk", 11)
			untilClosed(c)
		})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var seqs []uint64
		_ = h.client.Watch(ctx, "sinjai", []string{"kiosk", "office"}, func(e Event) {
			if e.Frame != nil {
				seqs = append(seqs, e.Frame.Seq)
				time.Sleep(5 * time.Second)
			}
		})
		h.wg.Wait()
		if !slices.Equal(seqs, []uint64{1, 10, 11}) {
			t.Errorf("frames = %v, want 1 10 11", seqs)
		}
	})
}

func TestALostLineIsToldAndTriedAgainEverMoreSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHall(t, nil)
		h.down = true
		got := h.watch(10*time.Minute, "kiosk")
		if len(got) == 0 || got[0].Online || !errors.Is(got[0].Err, ErrOffline) {
			t.Fatalf("first event = %+v", got[:min(1, len(got))])
		}
		tries := h.tries()
		limit := firstPause
		for i := 1; i < len(tries); i++ {
			if p := tries[i].Sub(tries[i-1]); p > limit {
				t.Errorf("pause %d = %v, more than %v", i, p, limit)
			}
			limit = min(2*limit, longestPause)
		}
		// On average half of 15 s: 80 tries in 10 minutes. Far more is hammering,
		// far fewer is sleeping.
		if n := len(tries); n < 40 || n > 160 {
			t.Errorf("%d tries in 10 minutes", n)
		}
	})
}

func TestAfterAReturnTheWholeViewComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seq uint64
		h := openHall(t, func(c *websocket.Conn) {
			_, _, _ = c.ReadMessage()
			seq++
			send(t, c, "kiosk", seq) // and the line breaks
		})
		got := h.watch(2*time.Second, "kiosk")
		if len(got) < 6 {
			t.Fatalf("events = %+v", got)
		}
		for i, want := range []struct {
			online bool
			seq    uint64
		}{{true, 0}, {true, 1}, {false, 0}, {true, 0}, {true, 2}, {false, 0}} {
			e := got[i]
			if e.Online != want.online || (e.Frame != nil) != (want.seq != 0) || (e.Frame != nil && e.Frame.Seq != want.seq) {
				t.Errorf("event %d = %+v, want %+v", i, e, want)
			}
		}
	})
}

func TestASilentLineIsDeadSoonAndAPingKeepsItAlive(t *testing.T) {
	for name, pings := range map[string]bool{"silent": false, "pinging": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := openHall(t, func(c *websocket.Conn) {
					done := make(chan struct{})
					go func() { defer close(done); untilClosed(c) }()
					for pings {
						select {
						case <-done:
							return
						case <-time.After(10 * time.Second):
							_ = c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
						}
					}
					<-done
				})
				start := time.Now()
				got := h.watch(10*time.Minute, "kiosk")
				if pings && len(got) != 1 {
					t.Errorf("a pinged line: %+v", got)
				}
				if !pings {
					tries := h.tries()
					if len(tries) < 9 || tries[1].Sub(start) < silence || tries[1].Sub(start) > silence+firstPause {
						t.Errorf("tries at %v of %v", tries, start)
					}
				}
			})
		})
	}
}

func TestARefusedCredentialIsToldAndTriedSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHall(t, nil)
		h.refuse = http.StatusUnauthorized
		got := h.watch(5*time.Minute, "kiosk")
		if len(got) == 0 || !errors.Is(got[0].Err, reason.New(reason.Unauthorized, "no_device")) {
			t.Fatalf("events = %+v", got)
		}
		if n := len(h.tries()); n < 9 || n > 10 {
			t.Errorf("%d tries in five minutes", n)
		}
	})
}

// pingLikeAServer keeps a line from being taken for dead.
func pingLikeAServer(c *websocket.Conn, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(10 * time.Second):
			_ = c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) // the line may be gone
		}
	}
}

func TestATopicThatWasRefusedIsAskedForAgainOnTheSameLineUntilItsViewComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Duration
		began := time.Now()
		h := openHall(t, func(c *websocket.Conn) {
			done := make(chan struct{})
			defer close(done)
			go pingLikeAServer(c, done)
			for {
				var a wire.Ask
				if err := c.ReadJSON(&a); err != nil {
					return
				}
				for _, topic := range a.Subscribe {
					switch {
					case topic == "kiosk":
						send(t, c, topic, 1) // nobody asks twice for what was shown
					case len(asked) < 4:
						asked = append(asked, time.Since(began))
						problem := wire.Frame{Topic: topic, Office: "sinjai", Problem: &wire.Problem{Status: http.StatusNotFound, Code: "no_such_topic"}}
						if err := c.WriteJSON(problem); err != nil {
							t.Error(err)
						}
					default: // the zone was made meanwhile
						asked = append(asked, time.Since(began))
						send(t, c, topic, 2)
					}
				}
			}
		})
		got := h.watch(145*time.Second, "kiosk", "board/b")
		if n := len(h.tries()); n != 1 {
			t.Errorf("%d lines", n)
		}
		if len(asked) != 5 {
			t.Fatalf("asked at %v", asked)
		}
		for i := 1; i < len(asked); i++ {
			if p := asked[i] - asked[i-1]; p < problemPause || p > problemPause+problemPause/10 {
				t.Errorf("asked again after %v", p)
			}
		}
		kiosk, problems := 0, 0
		for _, e := range got {
			if e.Frame != nil && e.Frame.Topic == "kiosk" {
				kiosk++
			}
			if e.Frame != nil && e.Frame.Problem != nil {
				problems++
			}
		}
		if last := got[len(got)-1]; kiosk != 1 || problems != 4 || last.Frame == nil || last.Frame.Seq != 2 {
			t.Errorf("events = %+v", got)
		}
	})
}

func TestATopicThatEndsWhileItIsWatchedIsAskedForAgainToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asks := 0
		h := openHall(t, func(c *websocket.Conn) {
			for {
				if _, _, err := c.ReadMessage(); err != nil {
					return
				}
				if asks++; asks == 1 {
					send(t, c, "board/b", 1)
					time.Sleep(10 * time.Second)
					if err := c.WriteJSON(wire.Frame{Topic: "board/b", Office: "sinjai", Problem: &wire.Problem{Status: http.StatusNotFound, Code: "no_such_topic"}}); err != nil {
						t.Error(err)
					}
					continue
				}
				send(t, c, "board/b", 2)
			}
		})
		got := h.watch(50*time.Second, "board/b")
		if last := got[len(got)-1]; asks != 2 || last.Frame == nil || last.Frame.Seq != 2 {
			t.Errorf("%d asks, events = %+v", asks, got)
		}
	})
}
