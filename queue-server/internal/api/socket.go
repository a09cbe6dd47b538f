package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"antrean/queue-server/internal/office"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

const (
	writeTime   = 5 * time.Second  // a socket that takes nothing for so long is closed
	pingEvery   = 10 * time.Second // so that a board knows within 25 s that nobody answers
	pongTime    = 60 * time.Second // without a sign of life for so long, it is dead
	askLimit    = 4 << 10          // bytes of one wire.Ask
	mostTopics  = 64               // on one socket
	sendBuffer  = 64 << 10         // the kernel's, bytes: enough for a burst, not for a socket that never reads
	partingTime = time.Second      // for the close frame, also where the line is stuck
	askRate     = 16               // topics a second on one socket, after the first 128
	askBurst    = 2 * mostTopics
)

// closeRevoked is the close code for a credential that is no longer good: pair or
// log in again.
const closeRevoked = 4401

var writeBuffers sync.Pool // gorilla's, lent only while a control frame is made

// socket is one WebSocket. Its reader takes asks and signs of life; its writer is
// the only one that sends, so frames cannot interleave. (gorilla itself answers a
// protocol error with a close frame from the reader: that is one Write, and both
// TCP and TLS connections serialise whole Writes.)
type socket struct {
	api    *API
	conn   *websocket.Conn
	who    caller
	office ticket.OfficeID
	watch  *office.Watcher

	said chan []byte // problems for the writer, as text frames
	pong chan string // the newest ping to answer

	ctx    context.Context // ends with the socket; code and why are set before
	end    context.CancelFunc
	once   sync.Once
	code   int
	why    string
	topics map[string]bool // the reader's alone
}

// socket upgrades a request. The two goroutines outlive the handler, so that what
// net/http holds of the request is freed; the API waits for them.
func (a *API) socket(c *call) error {
	up := websocket.Upgrader{
		HandshakeTimeout: writeTime, ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &writeBuffers,
		Error: func(w http.ResponseWriter, r *http.Request, status int, err error) {
			a.refuse(w, r, handshakeRefusal(status, err))
		},
	} // CheckOrigin nil: gorilla's own check that Origin is this host
	if err := a.sockets.enter(c.who); err != nil {
		return err
	}
	conn, err := up.Upgrade(c.w, c.r, nil)
	if err != nil {
		a.sockets.leave(c.who)
		return nil //nolint:nilerr // answered by Error above, or the line is gone
	}
	if tcp, ok := conn.NetConn().(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // the kernel's choice is right, only larger
	}
	s := &socket{
		api: a, conn: conn, who: c.who, office: c.office, watch: a.Office.Watcher(),
		said: make(chan []byte, 1), pong: make(chan string, 1), topics: map[string]bool{},
	}
	s.ctx, s.end = context.WithCancel(context.Background()) // the request's ends with the handler
	a.sockets.start(s)
	if !a.still(s.who, s.office) { // revoked between the door and the list of sockets
		s.shut(closeRevoked, "credential ended")
	}
	return nil
}

func handshakeRefusal(status int, err error) error {
	switch status {
	case http.StatusForbidden:
		return ErrCrossOrigin
	case http.StatusInternalServerError:
		return err
	default:
		return ErrNoWebSocket
	}
}

// shut ends the socket with a close code, once. A writer that is stuck in a dead
// line is freed after partingTime, at the worst after writeTime.
func (s *socket) shut(code int, why string) {
	s.once.Do(func() {
		s.code, s.why = code, why
		s.end()
		_ = s.conn.NetConn().SetWriteDeadline(time.Now().Add(partingTime)) // the line may be gone already
	})
}

// read takes what the client says until the line or the socket ends.
func (s *socket) read() {
	alive := func() error { return s.conn.SetReadDeadline(time.Now().Add(pongTime)) }
	s.conn.SetReadLimit(askLimit)
	s.conn.SetPongHandler(func(string) error { return alive() })
	s.conn.SetPingHandler(func(data string) error {
		select {
		case s.pong <- data:
		default: // one answer is enough
		}
		return alive()
	})
	s.conn.SetCloseHandler(func(int, string) error { return nil }) // the writer says goodbye
	if !s.who.visit.IsZero() {                                     // a phone watches its ticket without asking
		topic := wire.TopicTicket(s.who.visit)
		if err := s.add(topic); err != nil && !s.say(topic, err) {
			return
		}
	}
	limit := rate.NewLimiter(askRate, askBurst)
	for {
		if err := alive(); err != nil {
			s.shut(websocket.CloseAbnormalClosure, "")
			return
		}
		kind, message, err := s.conn.ReadMessage()
		if err != nil {
			s.shut(websocket.CloseNormalClosure, "")
			return
		}
		var ask wire.Ask
		if kind != websocket.TextMessage {
			s.shut(websocket.CloseUnsupportedData, "text only")
			return
		}
		if err := decode(message, &ask); err != nil {
			s.shut(websocket.ClosePolicyViolation, err.Error())
			return
		}
		if !s.obey(ask, limit) {
			return
		}
	}
}

// obey adds and removes topics; false: the socket has ended meanwhile.
func (s *socket) obey(ask wire.Ask, limit *rate.Limiter) bool {
	for _, topic := range ask.Unsubscribe {
		topic = s.who.topic(topic)
		if s.topics[topic] {
			delete(s.topics, topic)
			if err := s.watch.Remove(s.ctx, s.office, topic); err != nil {
				s.shut(websocket.CloseGoingAway, "server stops") // or the socket has ended already
				return false
			}
		}
	}
	for _, topic := range ask.Subscribe {
		if pause := limit.Reserve().Delay(); pause > 0 {
			select {
			case <-time.After(pause):
			case <-s.ctx.Done():
				return false
			}
		}
		if err := s.add(s.who.topic(topic)); err != nil && !s.say(topic, err) {
			return false
		}
	}
	return true
}

// add watches a topic, if the caller may. Adding it again sends its view again.
func (s *socket) add(topic string) error {
	switch {
	case !s.who.mayWatch(topic):
		return ErrTopic.With("topic", short(topic))
	case !s.topics[topic] && len(s.topics) >= mostTopics:
		return ErrManyTopics
	}
	if err := s.watch.Add(s.ctx, s.office, topic); err != nil {
		return err
	}
	s.topics[topic] = true
	return nil
}

// say hands the writer a frame that holds a problem instead of a view.
func (s *socket) say(topic string, err error) bool {
	select {
	case s.said <- s.api.problemFrame(s.office, short(topic), err):
		return true
	case <-s.ctx.Done():
		return false
	}
}

// write sends until the socket ends, then says goodbye.
func (s *socket) write() {
	defer func() { _ = s.conn.Close() }() // the line may be gone already
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case <-s.ctx.Done():
			bye := websocket.FormatCloseMessage(s.code, s.why)
			_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(partingTime)) // a courtesy
			return
		case <-s.watch.Ready():
			err = s.send(s.watch.Take())
		case text := <-s.said:
			err = s.put(text)
		case data := <-s.pong:
			err = s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeTime))
		case <-ping.C:
			if !s.api.still(s.who, s.office) {
				s.shut(closeRevoked, "credential ended")
				continue
			}
			err = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTime))
		}
		if err != nil {
			s.shut(websocket.CloseAbnormalClosure, "")
			return
		}
	}
}

var bursts = sync.Pool{New: func() any { return new([]byte) }}

// send puts all frames that wait on the line in one Write.
func (s *socket) send(frames []*office.Frame) error {
	switch len(frames) {
	case 0:
		return nil
	case 1:
		return s.put(frames[0].Encoded(textFrame))
	}
	burst := bursts.Get().(*[]byte)
	defer bursts.Put(burst)
	*burst = (*burst)[:0]
	for _, f := range frames {
		*burst = append(*burst, f.Encoded(textFrame)...)
	}
	return s.put(*burst)
}

// put writes whole frames past gorilla, which would copy and flush each.
func (s *socket) put(b []byte) error {
	conn := s.conn.NetConn()
	if err := conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}

// textFrame is an unmasked, final text frame of RFC 6455, section 5.2, as a server
// sends it.
func textFrame(payload []byte) []byte {
	const finText = 0x81
	n := len(payload)
	b := make([]byte, 0, n+10)
	switch {
	case n < 126:
		b = append(b, finText, byte(n))
	case n < 1<<16:
		b = append(b, finText, 126, byte(n>>8), byte(n))
	default:
		b = append(b, finText, 127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return append(b, payload...)
}
