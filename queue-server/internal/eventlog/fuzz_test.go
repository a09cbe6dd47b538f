package eventlog

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"antrean/queue-server/internal/queue"
)

// FuzzStoredRecord: whatever bytes a damaged disk gives back, decoding ends in an
// error or in a record that can be stored and read again, never in a panic.
func FuzzStoredRecord(f *testing.F) {
	for _, stored := range seeds(f) {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		var d decoder
		_, _ = d.follows(Hash{}, stored)
		var r queue.Record
		if err := d.record(stored, &r); err != nil {
			return
		}
		var e encoder
		if _, _, err := e.add(&r, Hash{}); err != nil {
			t.Fatalf("what was decoded cannot be stored: %v", err)
		}
		var again queue.Record
		if err := d.record(e.record(0), &again); err != nil {
			t.Fatalf("what was stored again cannot be read: %v", err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// seeds are records of every kind. Whole they are kept in testdata/fuzz, also those
// that no program writes any more; here they are cut short.
func seeds(tb testing.TB) (short [][]byte) {
	tb.Helper()
	var e encoder
	for i, r := range everyRecord() {
		_, kind, err := e.add(&r, Hash{})
		if err != nil {
			tb.Fatal(err)
		}
		stored := e.record(i)
		short = append(short, stored[:len(stored)/2])
		if !*update {
			continue
		}
		k := kinds[kind.number]
		path := filepath.Join("testdata", "fuzz", "FuzzStoredRecord", fmt.Sprintf("%s-v%d", k.name, k.version))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", stored), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return short
}
