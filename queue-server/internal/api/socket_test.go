package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"antrean/queue-server/internal/people"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

func TestATextFrameIsAsRFC6455WritesIt(t *testing.T) {
	for n, head := range map[int][]byte{
		0: {0x81, 0}, 125: {0x81, 125}, 126: {0x81, 126, 0, 126}, 65535: {0x81, 126, 0xff, 0xff},
		65536: {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		got := textFrame(make([]byte, n))
		if string(got[:len(head)]) != string(head) || len(got) != len(head)+n {
			t.Errorf("%d bytes: % x, %d in all", n, got[:len(head)], len(got))
		}
	}
}

func TestTopicsAreGivenToWhomTheyAreFor(t *testing.T) {
	h := openHall(t)
	self := "device/" + string(gets[wire.Device](h, "GET", wire.PathDevice, h.kiosk, "").ID)
	own := wire.TopicTicket(h.take("ktp").ID)
	topics := []string{"office", "kiosk", "board/", "board/hall", "counter/1", self, "device/self", own, "nonsense", ""}
	for who, allowed := range map[string]string{
		h.kiosk: "kiosk " + self + " device/self",
		h.board: "board/ board/hall device/self",
		h.admin: "office kiosk board/ board/hall counter/1",
	} {
		c := h.watch(who, topics...)
		may := strings.Fields(allowed)
		views, problems := 0, 0
		seen := map[string]bool{}
		for len(seen) < len(topics)-strings.Count(allowed, self) || views < len(may)-strings.Count(allowed, self) {
			f := h.next(c)
			seen[f.Topic] = true
			if f.Problem != nil {
				problems++
				continue
			}
			views++
			if !strings.Contains(allowed, f.Topic) && !strings.HasPrefix(f.Topic, "device/") {
				t.Errorf("%q was shown", f.Topic)
			}
		}
		if problems == 0 {
			t.Error("nothing was refused")
		}
	}
}

func TestAnUnknownTopicIsAProblemAndTheSocketGoesOn(t *testing.T) {
	h := openHall(t)
	c := h.watch(h.admin, "counter/99")
	if f := h.next(c); f.Problem == nil || f.Problem.Code != "no_such_topic" || f.Topic != "counter/99" {
		t.Errorf("frame = %+v", f)
	}
	h.must(c.WriteJSON(wire.Ask{Subscribe: []string{"office"}}))
	if f := h.next(c); f.Topic != "office" || f.View == nil {
		t.Errorf("frame = %+v", f)
	}
}

func TestATopicThatWasLeftSaysNothingMore(t *testing.T) {
	h := openHall(t)
	c := h.watch(h.kiosk, "kiosk", "device/self")
	h.next(c)
	h.next(c)
	h.must(c.WriteJSON(wire.Ask{Unsubscribe: []string{"kiosk"}, Subscribe: []string{"device/self"}}))
	h.next(c) // the device's again: the ask has been obeyed
	h.take("ktp")
	h.must(c.WriteJSON(wire.Ask{Subscribe: []string{"device/self"}}))
	if f := h.next(c); !strings.HasPrefix(f.Topic, "device/") {
		t.Errorf("after leaving: %s", f.Topic)
	}
}

func TestASocketHolds64TopicsAndNoMore(t *testing.T) {
	h := openHall(t)
	c := h.watch(h.admin, "office", "counter/99")
	h.next(c)
	h.next(c) // the refusal: the reader is done with "office", and touches its topics no more until it is asked
	s := h.onlySocket()
	for i := range mostTopics {
		s.topics[fmt.Sprint("held/", i)] = true // as if they were watched
	}
	h.must(c.WriteJSON(wire.Ask{Subscribe: []string{"counter/1"}}))
	if f := h.next(c); f.Problem == nil || f.Problem.Code != "too_many_topics" {
		t.Errorf("frame = %+v", f)
	}
}

func (h *hall) onlySocket() *socket {
	h.Helper()
	h.api.sockets.mu.Lock()
	defer h.api.sockets.mu.Unlock()
	for s := range h.api.sockets.open {
		return s
	}
	h.Fatal("no socket is open")
	return nil
}

func TestAnAskThatIsNoAskEndsTheSocket(t *testing.T) {
	h := openHall(t)
	for name, c := range map[string]struct {
		kind int
		ask  string
		want int
	}{
		"no JSON":       {websocket.TextMessage, `subscribe`, websocket.ClosePolicyViolation},
		"unknown field": {websocket.TextMessage, `{"call":"next"}`, websocket.ClosePolicyViolation},
		"binary":        {websocket.BinaryMessage, `{}`, websocket.CloseUnsupportedData},
		"over 4 KiB":    {websocket.TextMessage, `{"subscribe":["` + strings.Repeat("x", 5000) + `"]}`, websocket.CloseMessageTooBig},
	} {
		conn := h.watch(h.kiosk, "kiosk")
		h.next(conn)
		h.must(conn.WriteMessage(c.kind, []byte(c.ask)))
		if got := h.ends(conn); got != c.want {
			t.Errorf("%s: closed with %d, want %d", name, got, c.want)
		}
	}
}

// ends reads until the socket is closed and returns the close code.
func (h *hall) ends(c *websocket.Conn) int {
	h.Helper()
	h.must(c.SetReadDeadline(time.Now().Add(10 * time.Second)))
	for {
		_, _, err := c.ReadMessage()
		if closed := (*websocket.CloseError)(nil); errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			h.Errorf("the socket ended with %v", err)
			return 0
		}
	}
}

func TestARevokedDeviceAndAnEndedSessionLoseTheirSocketsAtOnce(t *testing.T) {
	h := openHall(t)
	kiosk, board := h.watch(h.kiosk, "kiosk"), h.watch(h.board, "board/")
	officer := h.login("petugas", people.Officer, here)
	desk, other := h.watch(officer, "office"), h.watch(h.admin, "office")
	for _, c := range []*websocket.Conn{kiosk, board, desk, other} {
		h.next(c)
	}
	h.must(h.people.RevokeDevice(gets[wire.Device](h, "GET", wire.PathDevice, h.kiosk, "").ID))
	if code := h.ends(kiosk); code != closeRevoked {
		t.Errorf("a revoked kiosk's socket was closed with %d", code)
	}
	h.must(h.people.Logout(strings.TrimPrefix(officer, "antrean=")))
	if code := h.ends(desk); code != closeRevoked {
		t.Errorf("an ended session's socket was closed with %d", code)
	}
	gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), h.admin, takeBody(newTicketID(), "ktp"))
	h.next(board)
	h.next(other)
}

func TestAStoppingServerSaysGoingAway(t *testing.T) {
	h := openHall(t)
	c := h.watch(h.board, "board/")
	h.next(c)
	done := make(chan struct{})
	go func() { defer close(done); h.api.Close() }()
	if code := h.ends(c); code != websocket.CloseGoingAway {
		t.Errorf("closed with %d", code)
	}
	<-done
	h.refused("stopping", "GET", wire.PathSocket(here), h.kiosk, "", "Connection", "Upgrade", "Upgrade", "websocket")
}

func TestASocketThatNeverReadsHurtsNobodyAndIsClosed(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	deaf := h.deaf()
	defer deaf.Close()
	stuck := h.onlySocket()
	good := h.watch(h.board, "board/hall")
	h.next(good)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "open"), h.admin, `{}`)
	h.next(good)
	// Feed the deaf socket until its writer is stuck, then see that the others go on.
	frame := textFrame([]byte(`{"topic":"x","view":"` + strings.Repeat("x", 32<<10) + `"}`))
	stuckAt := time.Now()
	var feeder sync.WaitGroup
	feeder.Go(func() {
		for {
			select {
			case stuck.said <- frame:
			case <-stuck.ctx.Done():
				return
			}
		}
	})
	for range 20 {
		h.take("ktp")
		gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "call-next"), h.admin, `{}`)
		start := time.Now()
		for h.numberAt(good) == "" {
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Fatalf("a board that reads waited %v for its frame", d)
		}
		gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "no-show"), h.admin, `{}`)
		for h.numberAt(good) != "" {
		}
	}
	feeder.Wait()
	if d := time.Since(stuckAt); d > writeTime+10*time.Second {
		t.Errorf("it was kept for %v", d)
	}
}

// numberAt is the number at the first counter in a board's next frame.
func (h *hall) numberAt(c *websocket.Conn) string {
	h.Helper()
	var v wire.BoardView
	h.must(json.Unmarshal(h.next(c).View, &v))
	return v.Counters[0].Number
}

// deaf is a board's socket that asks and then never reads.
func (h *hall) deaf() net.Conn {
	h.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.server.URL, "http://"))
	h.must(err)
	h.must(conn.(*net.TCPConn).SetReadBuffer(4 << 10))
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", wire.PathSocket(here), h.board)
	h.must(err)
	res, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	h.must(err)
	h.must(res.Body.Close())
	ask := `{"subscribe":["board/hall"]}`
	_, err = conn.Write(append([]byte{0x81, 0x80 | byte(len(ask)), 0, 0, 0, 0}, ask...))
	h.must(err)
	h.must(conn.SetReadDeadline(time.Now().Add(10 * time.Second)))
	_, err = io.ReadFull(conn, make([]byte, 2)) // the socket is at work; and now nothing more is read
	h.must(err)
	return conn
}

func TestALinkHasRoomForAFamilysPhonesAndNotForAFlood(t *testing.T) {
	h := openHall(t)
	path := wire.PathVisit(here, h.visitToken(h.take("ktp"))) + "/socket"
	for range mostPhones {
		c, _, err := h.dial(path, "")
		h.must(err)
		h.next(c)
	}
	if _, status, err := h.dial(path, ""); err == nil || status != http.StatusTooManyRequests {
		t.Errorf("one more: %d, %v", status, err)
	}
}

func TestManyBoardsSeeTheSameCallInTheSameOrder(t *testing.T) {
	h := openHall(t)
	gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "open"), h.admin, `{}`)
	const calls = 20
	var all sync.WaitGroup
	for range 20 {
		c := h.watch(h.board, "board/")
		h.next(c)
		all.Go(func() {
			var last uint64
			for {
				var v wire.BoardView
				f := h.next(c)
				if f.Seq < last {
					t.Errorf("frame %d after %d", f.Seq, last)
				}
				last = f.Seq
				h.must(json.Unmarshal(f.View, &v))
				if len(v.Announcements) == calls {
					return
				}
			}
		})
	}
	for range calls {
		h.take("ktp")
		a := gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "call-next"), h.admin, `{}`)
		if a.Ticket.State != ticket.Called {
			t.Errorf("%+v", a.Ticket)
		}
		gets[wire.CounterAnswer](h, "POST", wire.PathCounter(here, "1", "no-show"), h.admin, `{}`)
	}
	all.Wait()
}
