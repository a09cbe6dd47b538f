package eventlog

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"antrean/queue-server/internal/queue"
)

// An office's log is read by every later program. testdata/v1.db was written by the
// first one; v1.json is what is in it. Neither may ever change.
func TestALogOfTheFirstProgramIsRead(t *testing.T) {
	const old = "testdata/v1.db"
	if *update {
		writeOld(t, old)
	}
	stored, err := os.ReadFile(old)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "events.db")
	if err := os.WriteFile(path, stored, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Open(path, Options{Version: "9.0"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var out strings.Builder
	for _, r := range replayed(t, l, nil) {
		told, err := json.MarshalIndent(struct {
			Type string
			queue.Record
		}{reflect.TypeOf(r.Event).Name(), r}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n", told)
	}
	golden(t, "v1.json", out.String())
	report, err := l.Check(t.Context(), sinjai)
	if err != nil || report.Snapshots != 1 {
		t.Errorf("check: %+v, %v", report, err)
	}
	wantLoaded(t, l, sinjai, 1, "the state after ten + 19")
	mustAppend(t, l, part(sinjai, 29, 3)) // and goes on
	if _, err := l.Check(t.Context(), sinjai); err != nil {
		t.Error(err)
	}
}

func writeOld(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	l, err := Open(path, Options{Version: "0.1", MapSize: 1 << 15}) // a small map makes a small file
	if err != nil {
		t.Fatal(err)
	}
	records := everyRecord()
	mustAppend(t, l, Part{Office: sinjai, Records: records[:10]}, part(banda, 0, 2))
	mustAppend(t, l, Part{Office: sinjai, Expected: 10, Records: records[10:]})
	if err := l.SaveSnapshot(sinjai, 10, 1, []byte("the state after ten")); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestARecordOfANewerTypeIsRefusedWithBothVersions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	l, err := Open(path, Options{Version: "3.1"})
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, part(sinjai, 0, 2))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	// A record whose chain is right, but whose type is not in the table of this program.
	head := l.Head(sinjai)
	var e encoder
	r := part(sinjai, 2, 1).Records[0]
	r.Event = queue.CounterClosed{}
	if _, _, err := e.add(&r, head.Chain); err != nil {
		t.Fatal(err)
	}
	covered, _, _ := linkOf(e.record(0))
	at := len(covered) - 3 // type's value, version's tag and value
	covered[at] = 99
	var c chain
	link := c.link(head.Chain, covered)
	stored := putText(covered, fieldChain, link[:])
	d, err := openBolt(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	known, unknown := d.update(nil, func(w writer) error {
		return errors.Join(w.put(events, globalKey(3), stored), w.put(heads, []byte(sinjai), globalHead(3, link).encode()))
	})
	if err := errors.Join(known, unknown, d.close()); err != nil {
		t.Fatal(err)
	}
	if l, err = Open(path, Options{Version: "2.0"}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	err = l.Replay(t.Context(), nil, ignore)
	const says = `written by Antrean 3.1, event type 99 in version 1 (sequence 3 of office "sinjai"); this program is 2.0 and does not know it: install 3.1 or newer`
	var newer *NewerError
	if !errors.As(err, &newer) || newer.Error() != says {
		t.Errorf("got  %v\nwant %s", err, says)
	}
}

func globalHead(n uint64, link Hash) head { return head{Position{n, n, link}, 1} }
