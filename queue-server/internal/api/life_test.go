package api

import (
	"errors"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"antrean/queue-server/internal/people"
	"antrean/shared/wire"
)

func TestASocketThatAnswersPingsLivesAndASilentOneDiesAfterAMinute(t *testing.T) {
	for name, answers := range map[string]bool{"answering": true, "silent": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := openHallOn(t, newPipes())
				c := h.watch(h.kiosk, "kiosk")
				h.next(c)
				h.must(c.SetReadDeadline(time.Time{}))
				if !answers {
					c.SetPingHandler(func(string) error { return nil })
				}
				start, pings := time.Now(), 0
				was := c.PingHandler()
				c.SetPingHandler(func(data string) error {
					if pings++; pings == 10 {
						return errors.New("enough")
					}
					return was(data)
				})
				var err error
				for err == nil {
					_, _, err = c.ReadMessage()
				}
				lived := time.Since(start)
				if answers && (pings != 10 || lived != 10*pingEvery) {
					t.Errorf("%d pings in %v, then %v", pings, lived, err)
				}
				if !answers && (lived < pongTime || lived > pongTime+writeTime) {
					t.Errorf("a silent socket lived %v, then %v", lived, err)
				}
			})
		})
	}
}

func TestASocketEndsWithItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHallOn(t, newPipes())
		c := h.watch(h.admin, "office")
		h.next(c)
		h.clock.advance(people.SessionLife - time.Minute)
		for until := time.Now().Add(5 * pingEvery); time.Now().Before(until); {
			h.must(c.SetReadDeadline(until)) // frames may come, the end may not
			if _, _, err := c.ReadMessage(); websocket.IsCloseError(err, closeRevoked) {
				t.Fatal("ended a minute early")
			} else if err != nil {
				break
			}
		}
		again := h.watch(h.admin, "office")
		h.next(again)
		h.clock.advance(2 * time.Minute)
		start := time.Now()
		for {
			h.must(again.SetReadDeadline(time.Now().Add(2 * pingEvery)))
			_, _, err := again.ReadMessage()
			if websocket.IsCloseError(err, closeRevoked) {
				break
			}
			h.must(err)
		}
		if d := time.Since(start); d > pingEvery {
			t.Errorf("it outlived its session by %v", d)
		}
	})
}

func TestFramesGoOverAnEncryptedLine(t *testing.T) {
	h := openHall(t, func(c *Config) { c.TLS = true })
	plain := h.server
	h.server = httptest.NewTLSServer(h.api)
	defer func() { h.api.Close(); h.server.Close(); h.server = plain }()
	who := "__Host-" + h.admin
	c := h.watch(who, "office", "counter/1", "counter/2", "kiosk", "board/", "board/hall")
	for range 6 {
		h.next(c)
	}
	for range 5 {
		gets[wire.TakenTicket](h, "POST", wire.PathTickets(here), who, takeBody(newTicketID(), "ktp"))
	}
	for h.next(c).Seq < gets[wire.Frame](h, "GET", wire.PathView(here, "office"), who, "").Seq {
	}
	h.refused("no_session", "GET", wire.PathSession, h.admin, "")
}
