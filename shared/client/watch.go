package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const (
	firstPause   = 250 * time.Millisecond // the longest pause before the first new try; doubles
	longestPause = 15 * time.Second
	refusedPause = 30 * time.Second // after an answer that another try will not change
	silence      = 25 * time.Second // a line without a sign of life for so long is dead; the server pings each 10 s
	pongWait     = 5 * time.Second
	askSize      = 3 << 10 // bytes of one Ask; the server reads 4 KiB

	// problemPause is the time, with up to a tenth more, before a topic whose answer
	// was a problem is asked for again on the same line: a zone or a counter may be
	// added, or come back, while the line stands for weeks.
	problemPause = 30 * time.Second
)

// Event is a new view, or a new state of the line.
type Event struct {
	Online bool
	Frame  *wire.Frame // nil: only the state of the line changed
	Err    error       // why offline: ErrOffline, or the refusal of the handshake
}

// Watch subscribes to topics of one office until ctx ends, and returns ctx's error.
// It calls on() from its own goroutine, one event after another; while on() is busy
// the newest frame of each topic waits, older ones are dropped. When the line is
// lost it says so and tries again, with full jitter, from 0.25 s up to 15 s apart
// (30 s where the server refuses the credential). After a return each topic's whole
// view comes again. A topic that the server answers with a problem is told as such and
// asked for again each 30 s or so, until its view comes.
func (c *Client) Watch(ctx context.Context, o ticket.OfficeID, topics []string, on func(Event)) error {
	if len(topics) == 0 {
		return errors.New("watch: no topics")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	box, ended := newInbox(), make(chan struct{})
	go func() {
		defer close(ended)
		c.keepLine(ctx, o, topics, box)
	}()
	defer func() { cancel(); <-ended }()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-box.ready:
			for _, e := range box.take() {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				on(e)
			}
		}
	}
}

// keepLine connects and reads, again and again, until ctx ends.
func (c *Client) keepLine(ctx context.Context, o ticket.OfficeID, topics []string, box *inbox) {
	limit := firstPause
	for {
		lived, err := c.line(ctx, o, topics, box)
		if ctx.Err() != nil {
			return
		}
		if lived {
			limit = firstPause
		}
		box.put(Event{Err: err})
		pause := rand.N(limit)
		limit = min(2*limit, longestPause)
		if r, refused := reason.Of(err); refused && r.Kind != reason.Unavailable && r.Kind != reason.TooMany {
			pause = refusedPause + rand.N(refusedPause/10)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// line is one connection's life. lived says that a frame came through it, so that
// the server may be tried again at once.
func (c *Client) line(ctx context.Context, o ticket.OfficeID, topics []string, box *inbox) (lived bool, err error) {
	conn, err := c.dial(ctx, wire.PathSocket(o))
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.Close() }() // the line may be gone already
	hungUp := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(hungUp)
		bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // a courtesy
		_ = conn.Close()
	})
	defer func() {
		if !stop() {
			<-hungUp
		}
	}()

	conn.SetReadLimit(maxAnswer)
	alive := func() error { return conn.SetReadDeadline(time.Now().Add(silence)) }
	conn.SetPingHandler(func(data string) error {
		if err := conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(pongWait)); err != nil {
			return err
		}
		return alive()
	})
	if err := ask(conn, topics); err != nil {
		return false, fmt.Errorf("%w: %w", ErrOffline, err)
	}
	box.put(Event{Online: true})
	states := make(chan topicState, 1)
	var asking sync.WaitGroup
	asking.Go(func() { askAgain(conn, states) })
	defer func() {
		_ = conn.Close() // an ask that is stuck in a dead line ends
		close(states)
		asking.Wait()
	}()
	for {
		if err := alive(); err != nil {
			return lived, fmt.Errorf("%w: %w", ErrOffline, err)
		}
		_, message, err := conn.ReadMessage()
		if err != nil {
			return lived, fmt.Errorf("%w: %w", ErrOffline, err)
		}
		f := new(wire.Frame)
		if err := json.Unmarshal(message, f); err != nil {
			return lived, fmt.Errorf("a frame that cannot be read: %w", err)
		}
		lived = true
		box.put(Event{Online: true, Frame: f})
		if slices.Contains(topics, f.Topic) {
			states <- topicState{f.Topic, f.Problem != nil}
		}
	}
}

// topicState says how a topic was answered last.
type topicState struct {
	topic   string
	refused bool
}

// askAgain asks on an open line for the topics that were refused, each problemPause
// after its newest problem, until the channel is closed. It is the only one that sends
// asks then. Where it cannot send, it ends the line, so that its reader learns of it.
func askAgain(conn *websocket.Conn, states <-chan topicState) {
	due := map[string]time.Time{}
	for {
		var timer <-chan time.Time // nil: nothing is due
		if len(due) > 0 {
			first := slices.MinFunc(slices.Collect(maps.Values(due)), time.Time.Compare)
			timer = time.After(time.Until(first))
		}
		select {
		case s, open := <-states:
			switch {
			case !open:
				return
			case !s.refused:
				delete(due, s.topic)
			default:
				due[s.topic] = time.Now().Add(problemPause + rand.N(problemPause/10))
			}
		case <-timer:
			var now []string
			for topic, at := range due {
				if !at.After(time.Now()) {
					now = append(now, topic)
					delete(due, topic) // until it is refused once more
				}
			}
			if err := ask(conn, now); err != nil {
				_ = conn.Close()
			}
		}
	}
}

// ask sends the topics in as many messages as the server's limit needs.
func ask(conn *websocket.Conn, topics []string) error {
	for len(topics) > 0 {
		n, size := 0, 0
		for n < len(topics) && (n == 0 || size+len(topics[n])+4 < askSize) {
			size += len(topics[n]) + 4
			n++
		}
		if err := conn.SetWriteDeadline(time.Now().Add(pongWait)); err != nil {
			return err
		}
		if err := conn.WriteJSON(wire.Ask{Subscribe: topics[:n]}); err != nil {
			return err
		}
		topics = topics[n:]
	}
	return nil
}

// dial opens the socket by the transport of the HTTP client, so that proxy, roots
// and time-outs are the same.
func (c *Client) dial(ctx context.Context, path string) (*websocket.Conn, error) {
	d := &websocket.Dialer{HandshakeTimeout: requestTimeout, ReadBufferSize: 4 << 10, WriteBufferSize: 4 << 10}
	transport := c.http.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if t, ok := transport.(*http.Transport); ok {
		d.NetDialContext, d.Proxy = t.DialContext, t.Proxy
		if t.TLSClientConfig != nil {
			d.TLSClientConfig = t.TLSClientConfig.Clone()
			d.TLSClientConfig.NextProtos = nil // a WebSocket speaks HTTP/1.1
		}
	}
	head := http.Header{}
	c.sign(head)
	conn, res, err := d.DialContext(ctx, strings.Replace(c.base, "http", "ws", 1)+path, head)
	if err == nil {
		return conn, nil
	}
	if res == nil {
		return nil, fmt.Errorf("%w: %w", ErrOffline, err)
	}
	defer res.Body.Close()
	return nil, saysNo(res)
}
