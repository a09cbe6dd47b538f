package eventlog

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"antrean/queue-server/internal/queue"
	"antrean/shared/ticket"
)

// BenchmarkAppend compares a group of records in one Append with a bare append of
// one such record and fdatasync to a file beside it, the two in turns: x-raw is how
// many times the bare rate the group's is.
func BenchmarkAppend(b *testing.B) {
	for _, offices := range []int{1, 514} {
		for _, group := range []int{1, 64, 256} {
			b.Run(fmt.Sprintf("offices=%d/group=%d", offices, group), func(b *testing.B) { appendGroups(b, offices, group) })
		}
	}
}

func appendGroups(b *testing.B, offices, group int) {
	dir := b.TempDir()
	l, err := Open(filepath.Join(dir, "events.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	raw, err := os.Create(filepath.Join(dir, "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	record := make([]byte, 157)
	var mine, bare time.Duration
	heads := make([]uint64, offices)
	turn, n := 0, 0
	for b.Loop() {
		parts := make([]Part, min(offices, group))
		for i := range parts {
			o := turn % offices
			turn++
			parts[i] = part(ticket.OfficeID(fmt.Sprintf("office-%03d", o)), heads[o], group/len(parts))
			heads[o] += uint64(len(parts[i].Records))
			n += len(parts[i].Records)
		}
		start := time.Now()
		for _, r := range l.Append(parts) {
			if r.Outcome != Committed {
				b.Fatal(r)
			}
		}
		middle := time.Now()
		if _, err := raw.Write(record); err != nil {
			b.Fatal(err)
		}
		if err := datasync(raw); err != nil {
			b.Fatal(err)
		}
		mine += middle.Sub(start)
		bare += time.Since(middle)
	}
	b.ReportMetric(float64(n)/mine.Seconds(), "events/s")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "raw/s")
	b.ReportMetric(float64(n)/mine.Seconds()*bare.Seconds()/float64(b.N), "x-raw")
}

// BenchmarkReplay reads a day of 4,000 tickets back: chain checked, decoded, given away.
func BenchmarkReplay(b *testing.B) {
	l := NewMemory(Options{})
	fill(b, l, 24_000)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := l.Replay(b.Context(), nil, func(*queue.Record) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDecode is one record of each event of a visit, the chain checked.
func BenchmarkDecode(b *testing.B) {
	var e encoder
	var links [6]Hash
	var link Hash
	for i := range links {
		r := visit(sinjai, uint64(i+1))
		links[i] = link
		link, _, _ = e.add(&r, link)
	}
	var d decoder
	var r queue.Record
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for i := range links {
			if _, err := d.follows(links[i], e.record(i)); err != nil {
				b.Fatal(err)
			}
			if err := d.record(e.record(i), &r); err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(len(e.bytes))/6, "bytes/event")
}

// BenchmarkEncode is what Append does beside the disk.
func BenchmarkEncode(b *testing.B) {
	records := part(sinjai, 0, 6).Records
	var e encoder
	var link Hash
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		e.reset()
		for i := range records {
			link, _, _ = e.add(&records[i], link)
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func fill(tb testing.TB, l *Log, n int) {
	tb.Helper()
	for seq := l.Head(sinjai).Seq; seq < uint64(n); {
		size := min(5000, n-int(seq))
		for _, r := range l.Append([]Part{part(sinjai, seq, size)}) {
			if r.Outcome != Committed {
				tb.Fatal(r)
			}
		}
		seq += uint64(size)
	}
}

// BenchmarkOpen opens the log of an office after a year of 1,000 tickets a day, and
// loads the state from a snapshot that is half a day old.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "events.db")
	l, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	const year = 365 * 6000
	fill(b, l, year)
	if err := l.SaveSnapshot(sinjai, year-3000, 1, make([]byte, 1<<20)); err != nil {
		b.Fatal(err)
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l, err := Open(path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		err = l.Load(b.Context(), sinjai, 1, func([]byte) error { return nil }, func(*queue.Record) error { n++; return nil })
		if err != nil || n != 3000 {
			b.Fatal(n, err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(info.Size())/year, "bytes/event")
}
