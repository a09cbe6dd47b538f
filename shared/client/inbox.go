package client

import (
	"slices"
	"sync"
)

// maxWaiting bounds the events that wait for a slow receiver; a server sends no
// more topics than were asked for, and each waits once.
const maxWaiting = 256

// inbox holds what the receiver has not taken yet: the newest frame of each topic
// and the newest state of the line, in the order in which they became true.
type inbox struct {
	ready chan struct{} // holds one while events wait

	mu     sync.Mutex
	events []Event
}

func newInbox() *inbox { return &inbox{ready: make(chan struct{}, 1)} }

func (b *inbox) put(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = slices.DeleteFunc(b.events, func(old Event) bool { return supersedes(e, old) })
	if len(b.events) == maxWaiting {
		b.events = slices.Delete(b.events, 0, 1)
	}
	b.events = append(b.events, e)
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

func supersedes(e, old Event) bool {
	if e.Frame == nil || old.Frame == nil {
		return e.Frame == nil && old.Frame == nil
	}
	return e.Frame.Topic == old.Frame.Topic && e.Frame.Office == old.Frame.Office
}

func (b *inbox) take() []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := b.events
	b.events = nil
	return events
}
