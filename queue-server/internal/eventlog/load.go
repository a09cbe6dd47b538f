package eventlog

import (
	"context"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// Load brings one office back: restore gets the newest whole snapshot in that form,
// or, where restore refuses it, the one before; then apply gets every record after
// it, checked as in Replay. Where there is no snapshot, or none is taken, apply gets
// the log from its beginning. For many offices use LoadAll, which reads the log once.
func (l *Log) Load(ctx context.Context, office ticket.OfficeID, form int, restore func(state []byte) error, apply func(*queue.Record) error) error {
	h := l.head(office)
	at := l.restored(office, form, restore)
	if err := l.holds(office, at, h.Position); err != nil {
		return err
	}
	w := walk{log: l, at: map[ticket.OfficeID]*Position{office: &at}, only: office, verify: true}
	err := w.run(ctx, max(at.Global+1, h.first), h.Global, func(_ uint64, r *queue.Record) error { return apply(r) })
	if err != nil {
		return err
	}
	return agree(office, at, h.Position)
}

// LoadAll is Load for every office of the log, reading it once.
func (l *Log) LoadAll(ctx context.Context, form int, restore func(office ticket.OfficeID, state []byte) error, apply func(*queue.Record) error) error {
	from := map[ticket.OfficeID]Position{}
	for _, office := range l.Offices() {
		from[office] = l.restored(office, form, func(state []byte) error { return restore(office, state) })
	}
	return l.Replay(ctx, from, apply)
}

// restored is the place of the snapshot that restore took; zero: of none.
func (l *Log) restored(office ticket.OfficeID, form int, restore func([]byte) error) Position {
	for _, s := range l.snapshots(office) {
		if s.Form == form && restore(s.State) == nil {
			return s.Position
		}
	}
	return Position{}
}
