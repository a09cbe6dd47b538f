package device

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheTokenIsOneWordOfTheFileOrOfTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	for _, c := range []struct{ file, env, want string }{
		{"abc\n", "", "abc"},
		{" abc\r\n", "other", "abc"},
		{"", "abc", ""}, // an empty file is not the environment's
		{"two words", "", ""},
	} {
		t.Setenv("ANTREAN_TOKEN", c.env)
		if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Token(file)
		if got != c.want || (c.want == "") != errors.Is(err, ErrNoToken) {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
	t.Setenv("ANTREAN_TOKEN", "env\n")
	if got, err := Token(""); got != "env" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Token(filepath.Join(filepath.Dir(file), "none")); err == nil || !strings.Contains(err.Error(), "--token-file") {
		t.Errorf("no such file: %v", err)
	}
}

func TestTheFolderIsBelowTheUsersState(t *testing.T) {
	t.Setenv("HOME", "/home/kios")
	for state, want := range map[string]string{"": "/home/kios/.local/state/antrean-kiosk", "relative": "/home/kios/.local/state/antrean-kiosk", "/var/kios": "/var/kios/antrean-kiosk"} {
		t.Setenv("XDG_STATE_HOME", state)
		if got, err := Folder("antrean-kiosk"); got != filepath.FromSlash(want) || err != nil {
			t.Errorf("%q: %q, %v", state, got, err)
		}
	}
	t.Setenv("HOME", "")
	t.Setenv("XDG_STATE_HOME", "")
	if _, err := Folder("antrean-kiosk"); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("without a home: %v", err)
	}
}
