package table

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
)

func open(t *testing.T, path string) *Table {
	t.Helper()
	tab, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tab.Close() })
	return tab
}

func TestAChangeOfSeveralKeysHappensWholeOrNotAtAll(t *testing.T) {
	tab := open(t, filepath.Join(t.TempDir(), "records.db"))
	no := errors.New("no")
	err := tab.Update(func(x *Tx) error {
		if err := x.Put("a", "1", []byte("one")); err != nil {
			return err
		}
		if err := x.PutJSON("b", "2", map[string]int{"n": 2}); err != nil {
			return err
		}
		return no
	})
	if !errors.Is(err, no) {
		t.Fatalf("want the refusal back, got %v", err)
	}
	if v, _ := tab.Get("a", "1"); v != nil {
		t.Errorf("half a change is there: %q", v)
	}
}

func TestRecordsSurviveARestartAndAreTheOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	tab := open(t, path)
	for _, k := range []string{"b/2", "a/1", "b/1", "c/1"} {
		if err := tab.Put("x", k, []byte(k)); err != nil {
			t.Fatal(err)
		}
	}
	if err := tab.Delete("x", "c/1"); err != nil {
		t.Fatal(err)
	}
	if err := tab.Close(); err != nil {
		t.Fatal(err)
	}
	tab = open(t, path)
	var got []string
	if err := tab.ForEach("x", "b/", func(k string, _ []byte) error { got = append(got, k); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{"b/1", "b/2"}) {
		t.Errorf("below b/: %v", got)
	}
	if v, _ := tab.Get("x", "c/1"); v != nil {
		t.Error("the deleted key is back")
	}
	if info, err := os.Stat(path); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestASecondProgramIsToldThatTheRecordsAreInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	open(t, path)
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("want ErrInUse, got %v", err)
	}
}

func TestASecretIsMadeOnceByWhoeverAsksFirstAndEndsWhenDestroyed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.db")
	tab := open(t, path)
	s := tab.Secrets()
	if _, err := s.Secret("link/sinjai/1", false); !errors.Is(err, ErrNoSecret) {
		t.Fatalf("want ErrNoSecret, got %v", err)
	}
	all := make([][]byte, 8)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() { all[i], _ = s.Secret("link/sinjai/1", true) })
	}
	wait.Wait()
	for _, one := range all {
		if len(one) != 32 || !bytes.Equal(one, all[0]) {
			t.Fatalf("two secrets of one name: %x, %x", all[0], one)
		}
	}
	other, err := s.Secret("link/sinjai/2", true)
	if err != nil || bytes.Equal(other, all[0]) {
		t.Fatalf("two names share a secret (%v)", err)
	}
	if err := tab.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path).Secrets()
	if again, err := s.Secret("link/sinjai/1", false); err != nil || !bytes.Equal(again, all[0]) {
		t.Errorf("after a restart: %x, %v", again, err)
	}
	if err := s.Destroy("link/sinjai/1"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Secret("link/sinjai/1", false); !errors.Is(err, ErrNoSecret) {
		t.Errorf("destroyed, and still %v", err)
	}
	if names, _ := s.List("link/"); !slices.Equal(names, []string{"link/sinjai/2"}) {
		t.Errorf("left: %v", names)
	}
}
