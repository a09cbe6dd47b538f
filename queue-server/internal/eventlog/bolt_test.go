package eventlog

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestAFileThatIsNoLogIsRefusedAndLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.db")
	other := bytes.Repeat([]byte("a letter to the mayor\n"), 1000)
	if err := os.WriteFile(path, other, 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := Open(path, Options{}); err == nil {
		t.Error("opened", l)
	}
	if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, other) {
		t.Error("the file was changed", err)
	}
}

func TestTheReserveIsComparedWithTheRealDisk(t *testing.T) {
	l, err := Open(filepath.Join(t.TempDir(), "events.db"), Options{Reserve: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if r := l.Append([]Part{part(sinjai, 0, 1)}); r[0].Outcome != Full {
		t.Errorf("%v, %v; want full", r[0].Outcome, r[0].Err)
	}
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	if l, err := Open(filepath.Join(t.TempDir(), "nowhere", "events.db"), Options{}); err == nil {
		t.Error("opened", l)
	}
}

// The writer may be far ahead of the map, and a reader slow: neither waits.
func TestAFileMayOutgrowItsMap(t *testing.T) {
	l, err := Open(filepath.Join(t.TempDir(), "events.db"), Options{MapSize: 1 << 15})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for n := range uint64(40) {
		mustAppend(t, l, part(sinjai, n*100, 100))
	}
	report, err := l.Check(t.Context(), sinjai)
	if err != nil || report.Records != 4000 {
		t.Errorf("%+v, %v", report, err)
	}
}
