package memory

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"antrean/display/internal/board"
)

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // a test that closed it itself gets an error here
	return f
}

func TestWhatWasSavedIsThereAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	f := open(t, dir)
	if m, err := f.Load(); err != nil || m.Epoch != "" {
		t.Errorf("a new folder remembers %+v, %v", m, err)
	}
	want := board.Memory{Office: "sinjai", Epoch: "e1", Floor: 3, Spoken: []uint64{4, 7}, Unreported: []uint64{7}}
	for range 3 {
		if err := f.Save(want); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, dir).Load()
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%s, %v", cmp.Diff(want, got), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("files left behind: %v", files)
	}
}

func TestASecondBoardOnTheSameFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	if _, err := Open(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("%v", err)
	}
}

func TestABrokenFileIsPutAsideAndTheBoardStarts(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(`{"spoken": [1, 2`), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, dir)
	if m, err := f.Load(); err == nil || m.Epoch != "" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := os.Stat(filepath.Join(dir, broken)); err != nil {
		t.Error(err)
	}
	if _, err := f.Load(); err != nil {
		t.Errorf("the second time: %v", err)
	}
}

func TestAFullOrMissingFolderIsAnErrorAndNotAPanic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	f := open(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(board.Memory{}); err == nil {
		t.Error("saved into nothing")
	}
}
