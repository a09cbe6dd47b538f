package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
	"antrean/shared/wire"
)

// Frame is one encoded view, shared by everybody who watches its topic.
type Frame struct {
	Topic string
	JSON  []byte // a whole wire.Frame; must not be changed

	once    sync.Once
	encoded []byte
}

// Encoded is what encode makes of the frame's JSON; encode runs once for all watchers.
func (f *Frame) Encoded(encode func(json []byte) []byte) []byte {
	f.once.Do(func() { f.encoded = encode(f.JSON) })
	return f.encoded
}

// topic is what somebody watches. The writer owns it.
type topic struct {
	view     []byte // the last one, to see whether anything changed
	frame    *Frame
	watchers map[*Watcher]struct{}
}

// Watcher gets the newest frames of the topics that one connection watches: one
// place each, so that a slow reader skips frames and never falls behind.
type Watcher struct {
	store *Store
	ready chan struct{} // one place

	mu     sync.Mutex
	slots  []slot // frames that wait, in the order of truth
	topics map[topicName]bool
	closed bool
}

type topicName struct {
	office ticket.OfficeID
	topic  string
}

type slot struct {
	of    topicName
	frame *Frame
}

// Watcher makes a watcher for one connection; its owner must close it.
func (s *Store) Watcher() *Watcher {
	return &Watcher{store: s, ready: make(chan struct{}, 1), topics: map[topicName]bool{}}
}

// Ready receives when at least one frame waits.
func (w *Watcher) Ready() <-chan struct{} { return w.ready }

// Take returns what waits, in the order in which it became true.
func (w *Watcher) Take() []*Frame {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]*Frame, len(w.slots))
	for i, s := range w.slots {
		out[i] = s.frame
	}
	w.slots = w.slots[:0]
	return out
}

// Add watches a topic; its first frame is ready when Add returns.
func (w *Watcher) Add(ctx context.Context, id ticket.OfficeID, name string) error {
	return w.store.read(ctx, id, func(d *desk) error {
		n := topicName{id, name}
		w.mu.Lock()
		closed := w.closed
		w.topics[n] = true
		w.mu.Unlock()
		if closed {
			return nil
		}
		t := d.topics[name]
		if t == nil {
			t = &topic{watchers: map[*Watcher]struct{}{}}
		}
		old := t.frame
		if err := w.store.render(d, name, t); err != nil {
			w.mu.Lock()
			delete(w.topics, n)
			w.mu.Unlock()
			return err
		}
		if t.frame != old { // time has changed the view: the others have not seen it either
			t.tell(n)
		}
		d.topics[name] = t
		t.watchers[w] = struct{}{}
		w.put(n, t.frame)
		return nil
	})
}

// tell gives the topic's frame to everybody who watches it.
func (t *topic) tell(n topicName) {
	for w := range t.watchers {
		w.put(n, t.frame)
	}
}

// Remove stops watching a topic.
func (w *Watcher) Remove(ctx context.Context, id ticket.OfficeID, name string) error {
	err := w.store.read(ctx, id, func(d *desk) error {
		d.unwatch(name, w)
		return nil
	})
	n := topicName{id, name}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.topics, n)
	w.drop(n)
	return err
}

// Close stops watching everything.
func (w *Watcher) Close() {
	w.mu.Lock()
	w.closed = true
	var all []topicName
	for n := range w.topics {
		all = append(all, n)
	}
	w.mu.Unlock()
	for _, n := range all {
		// The only failure is a store that has stopped, and it calls nobody any more.
		_ = w.store.read(context.Background(), n.office, func(d *desk) error {
			d.unwatch(n.topic, w)
			return nil
		})
	}
}

func (d *desk) unwatch(name string, w *Watcher) {
	if t := d.topics[name]; t != nil {
		delete(t.watchers, w)
		if len(t.watchers) == 0 {
			delete(d.topics, name)
		}
	}
}

func (w *Watcher) put(n topicName, f *Frame) {
	w.mu.Lock()
	w.drop(n)
	w.slots = append(w.slots, slot{n, f})
	w.mu.Unlock()
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

func (w *Watcher) drop(n topicName) {
	for i := range w.slots {
		if w.slots[i].of == n {
			w.slots = append(w.slots[:i], w.slots[i+1:]...)
			return
		}
	}
}

// render makes a topic's frame anew where its view has changed; t.frame is nil only
// before the first.
func (s *Store) render(d *desk, name string, t *topic) error {
	v, err := s.view(d, name)
	if err != nil {
		return err
	}
	b, err := d.marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	if t.frame != nil && bytes.Equal(b, t.view) {
		return nil
	}
	t.view = b
	t.frame, err = d.encode(name, b, s.moment(d))
	return err
}

func (d *desk) frame(name string, view any, now queue.Moment) (*Frame, error) {
	b, err := d.marshal(view)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	return d.encode(name, b, now)
}

// encode puts the stamp around a view without encoding the view again.
func (d *desk) encode(name string, view []byte, now queue.Moment) (*Frame, error) {
	head, err := json.Marshal(wire.Frame{Topic: name, Office: d.id, Epoch: d.state.Epoch(), Seq: d.state.Seq(), At: now.Wall})
	if err != nil {
		return nil, fmt.Errorf("encode the stamp of %s: %w", name, err)
	}
	b := make([]byte, 0, len(head)+len(view)+8)
	b = append(b, head[:len(head)-1]...)
	b = append(b, `,"view":`...)
	b = append(b, view...)
	b = append(b, '}')
	return &Frame{Topic: name, JSON: b}, nil
}

// publish gives every window that the records may have changed its new view.
func (s *Store) publish(d *desk, records []queue.Record) {
	if len(d.topics) == 0 {
		return
	}
	c := changeOf(d.state, records)
	if c.nothing {
		return
	}
	for name, t := range d.topics {
		if c.touches(d.state, name) {
			s.refresh(d, name, t)
		}
	}
}

// redrawAll refreshes what time alone can change: a closing hour, an announcement
// that has become old.
func (s *Store) redrawAll() {
	for _, d := range s.desks {
		for name, t := range d.topics {
			if kind, _ := wire.SplitTopic(name); kind != "ticket" && kind != "device" {
				s.refresh(d, name, t)
			}
		}
	}
}

func (s *Store) refresh(d *desk, name string, t *topic) {
	old := t.frame
	if err := s.render(d, name, t); err != nil {
		s.gone(d, name, t, err)
		return
	}
	if t.frame == old {
		return
	}
	t.tell(topicName{d.id, name})
}

// gone tells the watchers of a topic that it is no more, such as a ticket of a day
// that has been forgotten.
func (s *Store) gone(d *desk, name string, t *topic, why error) {
	s.log.Debug("a topic has ended", "office", d.id, "topic", name, "why", why)
	b, err := json.Marshal(wire.Frame{
		Topic: name, Office: d.id, Epoch: d.state.Epoch(), Seq: d.state.Seq(), At: s.moment(d).Wall,
		Problem: &wire.Problem{Type: "urn:antrean:refusal:" + ErrNoSuchTopic.Code, Title: ErrNoSuchTopic.Code, Status: ErrNoSuchTopic.Kind.Status(), Code: ErrNoSuchTopic.Code},
	})
	if err != nil {
		s.log.Error("encode the end of a topic", "err", err)
		return
	}
	delete(d.topics, name)
	for w := range t.watchers {
		w.put(topicName{d.id, name}, &Frame{Topic: name, JSON: b})
	}
}

// change is which parts of an office some records have touched.
type change struct {
	nothing  bool // no view shows it
	all      bool
	services map[ticket.ServiceID]bool
	counters map[ticket.CounterID]bool
	tickets  map[queue.Ref]bool
}

// changeOf looks at the state after the records. What moves a ticket out of a line
// that it does not name, such as an undo, touches everything.
func changeOf(st *queue.State, records []queue.Record) change {
	c := change{nothing: true, services: map[ticket.ServiceID]bool{}, counters: map[ticket.CounterID]bool{}, tickets: map[queue.Ref]bool{}}
	for i := range records {
		ref, known := ticketOf(&records[i])
		switch t := st.Ticket(ref); {
		case !known:
			c.nothing, c.all = false, true
		case ref == 0: // shown nowhere
		case t != nil:
			c.nothing = false
			c.services[t.Service], c.counters[t.Counter], c.tickets[ref] = true, true, true
			c.counters[records[i].Counter] = true
		}
	}
	return c
}

// ticketOf is the ticket that a record changed, where it changed only that and the
// line of its service; 0: nothing that any view shows.
func ticketOf(r *queue.Record) (ref queue.Ref, known bool) {
	switch e := r.Event.(type) {
	case queue.Spoken, queue.Printed, queue.ClockFollowed:
	case queue.Issued:
		ref = queue.Ref(r.Seq)
	case queue.Called:
		ref = e.Ticket
	case queue.Recalled:
		ref = e.Ticket
	case queue.Started:
		ref = e.Ticket
	case queue.Finished:
		ref = e.Ticket
	case queue.MissedCall:
		ref = e.Ticket
	case queue.Cancelled:
		ref = e.Ticket
	case queue.Returned:
		ref = e.Ticket
	case queue.Parked:
		ref = e.Ticket
	case queue.Unparked:
		ref = e.Ticket
	case queue.Transferred: // from a counter, where it stood in no line
		ref = e.Ticket
	case queue.ServiceAdded:
		ref = e.Ticket
	case queue.ClassChanged:
		ref = e.Ticket
	case queue.Due:
		ref = e.Ticket
	default:
		return 0, false
	}
	return ref, true
}

// touches leaves out what there are many of and what the change cannot reach: a
// ticket's view depends on its own service's line, and a counter's on its services
// and on the tickets that it names.
func (c change) touches(st *queue.State, name string) bool {
	kind, id := wire.SplitTopic(name)
	switch {
	case c.all:
		return true
	case kind == "counter":
		return c.touchesCounter(st, ticket.CounterID(id))
	case kind == "ticket":
		parsed, err := ticket.ParseID(id)
		if err != nil {
			return true
		}
		t := st.TicketByID(parsed)
		return t == nil || c.services[t.Service] || t.To != "" && c.counters[t.To]
	}
	return true
}

func (c change) touchesCounter(st *queue.State, id ticket.CounterID) bool {
	of := st.Counter(id)
	if of == nil || c.counters[id] {
		return true
	}
	for _, s := range of.Services {
		if c.services[s] {
			return true
		}
	}
	for _, s := range of.Help {
		if c.services[s] {
			return true
		}
	}
	seat := st.Seat(id)
	return c.tickets[seat.Current] || c.tickets[seat.Last]
}
