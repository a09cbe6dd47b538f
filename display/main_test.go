package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"antrean/display/internal/memory"
)

func try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), args, &out)
	return out.String(), err
}

func TestAWrongCommandLineSaysWhatIsAllowed(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "t")
	t.Setenv("DISPLAY", "")
	data := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "--server"},
		{[]string{"--server", "nonsense"}, "http(s)://host:port"},
		{[]string{"--server", "http://h:1", "--diagonal-inch", "0"}, "5 to 300 inches"},
		{[]string{"--server", "http://h:1", "--seat-metres", "100"}, "0.5 to 50 metres"},
		{[]string{"--server", "http://h:1", "--language", "fr"}, "id"},
		{[]string{"--server", "http://h:1", "--data", data, "--mute", "--geometry", "1920x1080junk"}, "WIDTHxHEIGHT"},
		{[]string{"--server", "http://h:1", "--data", data, "--mute", "--geometry", "10x10"}, "320x240"},
		{[]string{"--server", "http://h:1", "--data", data, "--mute"}, "DISPLAY"},
		{[]string{"--server", "http://h:1", "--token-file", "/nowhere/token"}, "token"},
	} {
		if _, err := try(t, c.args...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q in it", c.args, err, c.says)
		}
	}
}

func TestWithoutATokenItSaysWhereToGetOne(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "")
	empty := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--server", "http://h:1"}, {"--server", "http://h:1", "--token-file", empty}} {
		if _, err := try(t, args...); err == nil || !strings.Contains(err.Error(), "device add") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestHelpAndVersionAreAnswersAndNoErrors(t *testing.T) {
	for arg, says := range map[string]string{"--help": "--seat-metres", "--version": version} {
		if out, err := try(t, arg); err != nil || !strings.Contains(out, says) {
			t.Errorf("%s: %q, %v", arg, out, err)
		}
	}
}

func TestTwoBoardsDoNotShareAFolder(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "t")
	data := t.TempDir()
	f, err := memory.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := try(t, "--server", "http://h:1", "--data", data, "--mute"); err == nil || !strings.Contains(err.Error(), "another board") {
		t.Errorf("%v", err)
	}
}

func TestAnEmptyZoneIsTheHallAndNoneIsTheDevices(t *testing.T) {
	t.Setenv("ANTREAN_TOKEN", "t")
	o, err := parse([]string{"--server", "http://h:1", "--zone", ""}, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if z := o.zone(); z == nil || *z != "" {
		t.Errorf("an empty zone is the whole hall, not %v", z)
	}
	if o, err = parse([]string{"--server", "http://h:1"}, &bytes.Buffer{}); err != nil || o.zone() != nil {
		t.Errorf("no zone is the device's own: %v, %v", o.zone(), err)
	}
}
