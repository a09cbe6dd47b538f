package api

import (
	"encoding/json"
	"sync"

	"github.com/gorilla/websocket"

	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/people"
	"antrean/shared/i18n"
	"antrean/shared/reason"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// sockets are those that are open, so that they can be ended and waited for.
type sockets struct {
	mu     sync.Mutex
	open   map[*socket]struct{}
	phones map[ticket.ID]int // sockets of each visitor's link: open, or let in and not open yet
	stop   bool
	wait   sync.WaitGroup
}

// mostPhones is how many sockets one visitor's link may have open: a family's
// phones, and the dead lines of a walk through the hall.
const mostPhones = 16

// enter lets a caller in who may open one more socket, and counts it in the same
// step: handshakes that run at once cannot all find the last place free. Who was let
// in leaves again: start sees to it, and where it comes to no socket, the caller.
func (l *sockets) enter(who caller) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.stop:
		return office.ErrStopping
	case who.visit.IsZero():
		return nil
	case l.phones[who.visit] >= mostPhones:
		return ErrManySockets
	}
	l.phones[who.visit]++
	return nil
}

// leave gives back what enter gave.
func (l *sockets) leave(who caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left(who)
}

// left is leave for who holds the lock.
func (l *sockets) left(who caller) {
	if who.visit.IsZero() {
		return
	}
	if l.phones[who.visit]--; l.phones[who.visit] == 0 {
		delete(l.phones, who.visit)
	}
}

// start runs a socket's two goroutines. One that was upgraded while the server
// began to stop is told so and ended here.
func (l *sockets) start(s *socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stop {
		s.shut(websocket.CloseGoingAway, "server stops")
		s.write() // which only says goodbye
		s.watch.Close()
		l.left(s.who)
		return
	}
	l.open[s] = struct{}{}
	l.wait.Go(func() {
		defer l.forget(s)
		defer s.watch.Close()
		var reader sync.WaitGroup
		reader.Go(s.read)
		s.write()
		reader.Wait() // write has closed the line
	})
}

func (l *sockets) forget(s *socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, s)
	l.left(s.who)
}

// shut ends every socket whose caller is meant.
func (l *sockets) shut(meant func(caller) bool, code int, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s := range l.open {
		if meant(s.who) {
			s.shut(code, why)
		}
	}
}

// Close ends every socket with 1001 (going away), refuses new ones, and waits for
// them. http.Server.Shutdown knows nothing of upgraded connections.
func (a *API) Close() {
	a.unhook()
	a.sockets.mu.Lock()
	a.sockets.stop = true
	a.sockets.mu.Unlock()
	a.sockets.shut(func(caller) bool { return true }, websocket.CloseGoingAway, "server stops")
	a.sockets.wait.Wait()
}

// revoked closes the sockets of a device or a session at once, with 4401.
func (a *API) revoked(r people.Revoked) {
	a.sockets.shut(func(c caller) bool {
		return c.device != nil && c.device.ID == r.Device || c.session != nil && c.session.ID == r.Session
	}, closeRevoked, "credential ended")
}

// problemFrame is what a socket gets instead of a view that it may not have: the
// problem in the default language, since a socket speaks for a device.
func (a *API) problemFrame(o ticket.OfficeID, topic string, err error) []byte {
	r, ok := reason.Of(err)
	if !ok {
		a.Log.Error("watch a topic", "office", o, "topic", topic, "err", err)
		r = reason.New(0, "internal")
	}
	p := problem(i18n.Default, r)
	b, err := json.Marshal(wire.Frame{Topic: topic, Office: o, At: a.Now(), Problem: &p})
	if err != nil {
		a.Log.Error("encode a problem", "err", err)
	}
	return textFrame(b)
}
