package trace

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestEachLineIsOneObjectAndAFileIsBegunAnewOrContinued(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	at := time.UnixMicro(1_741_000_000_000_001)
	say := func(open func(string) (*File, error), what string) {
		t.Helper()
		f, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		f.Event(what, at, Fields{"id": 7})
		f.Write(struct {
			What string `json:"what"`
		}{what})
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	lines := func(what string) string {
		return `{"at_us":1741000000000001,"event":"` + what + `","id":7}` + "\n" + `{"what":"` + what + `"}` + "\n"
	}
	say(Create, "old")
	say(Create, "new")
	say(Append, "more")
	got, err := os.ReadFile(path)
	if want := lines("new") + lines("more"); err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestNoPathIsNoTrace(t *testing.T) {
	f, err := Create("")
	if err != nil || f != nil {
		t.Fatalf("%v, %v", f, err)
	}
	f.Event("x", time.Time{}, nil)
	f.Write(1)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// broken is a full disk.
type broken struct{}

var errFull = errors.New("disk full")

func (broken) Write([]byte) (int, error) { return 0, errFull }
func (broken) Close() error              { return nil }

func TestAFullDiskStopsNobodyAndIsSaidAtTheEnd(t *testing.T) {
	f := To(broken{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { f.Write("line") })
	}
	all.Wait()
	if err := f.Close(); !errors.Is(err, errFull) {
		t.Errorf("err = %v", err)
	}
}
