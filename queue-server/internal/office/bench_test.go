package office

import (
	"context"
	"sync/atomic"
	"testing"

	"antrean/queue-server/internal/eventlog"
	"antrean/queue-server/internal/queue"
	"antrean/queue-server/internal/table"
)

// BenchmarkTicketsByManyCallers is what a durable ticket costs besides the disk's
// sync: 256 callers on a log in memory.
func BenchmarkTicketsByManyCallers(b *testing.B) {
	tab, err := table.Open(b.TempDir() + "/records.db")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tab.Close() }()
	log := eventlog.NewMemory(eventlog.Options{})
	s, err := Open(b.Context(), Config{Log: log, Secrets: tab.Secrets(), Clock: newClock()})
	if err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	defer func() { end(); <-ended }()
	if err := s.Import(ctx, settings(), queue.Actor{Kind: queue.ActorCommandLine}); err != nil {
		b.Fatal(err)
	}
	var failed atomic.Int64
	b.SetParallelism(128)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			id := newID()
			if _, err := s.Do(context.Background(), take(id.String(), id, "ktp")); err != nil {
				failed.Add(1)
			}
		}
	})
	if failed.Load() > 0 {
		b.Fatal(failed.Load(), "refused")
	}
}
