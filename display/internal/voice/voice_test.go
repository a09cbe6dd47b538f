package voice

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antrean/shared/spoken"
	"antrean/shared/ticket"
	"antrean/shared/trace"
)

var call = spoken.Call{Number: ticket.Number{N: 1, Text: "A-001"}, Prefix: "A-", Counter: "3", Language: "id"}

func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip(program + " is not installed")
	}
}

// script is a program that stands in for aplay: a real process with a real pipe.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "player")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

type closing struct{ bytes.Buffer }

func (*closing) Close() error { return nil }

func TestTheLoudspeakerGetsTheSameSoundAsTheFolder(t *testing.T) {
	needs(t, "espeak-ng")
	dir, heard := t.TempDir(), filepath.Join(t.TempDir(), "heard.wav")
	var lines closing
	v := Voice{Device: "hall", Player: script(t, `test "$*" = "-q -D hall -" && cat > `+heard), Dir: dir, Trace: trace.To(&lines)}
	if err := v.Announce(t.Context(), 42, call, 2); err != nil {
		t.Fatal(err)
	}
	a, err := os.ReadFile(heard)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "42.wav"))
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("%d bytes heard, %d written, %v", len(a), len(b), err)
	}
	sound, err := spoken.ParseWAV(b)
	if err != nil || sound.Length() < 8*time.Second || sound.Length() > 20*time.Second {
		t.Errorf("%v, %v", sound.Length(), err)
	}
	if got := lines.String(); !strings.Contains(got, `"event":"sound_started","id":42`) || !strings.Contains(got, `"event":"sound_ended","id":42,"ok":true`) {
		t.Errorf("trace:\n%s", got)
	}
}

func TestAMissingCardIsAnErrorThatNamesIt(t *testing.T) {
	needs(t, "espeak-ng")
	v := Voice{Device: "plughw:9,0", Player: script(t, `cat > /dev/null; echo "audio open error: No such device" >&2; exit 1`)}
	if err := v.Check(t.Context()); err == nil {
		t.Error("not found before the first call")
	}
	err := v.Announce(t.Context(), 1, call, 1)
	if err == nil || !strings.Contains(err.Error(), "No such device") || !strings.Contains(err.Error(), "plughw:9,0") {
		t.Errorf("%v", err)
	}
}

func TestMissingProgramsAreFoundAtTheStart(t *testing.T) {
	v := Voice{Device: "default", Player: "/nowhere/aplay", Synthesiser: spoken.Synthesiser{Program: "/nowhere/espeak-ng"}}
	if err := v.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "aplay") || !strings.Contains(err.Error(), "espeak-ng") {
		t.Errorf("%v", err)
	}
	if err := v.Announce(t.Context(), 1, call, 1); err == nil {
		t.Error("it spoke without a synthesiser")
	}
}

func TestTheFolderKeepsTheNewestAndTouchesNothingElse(t *testing.T) {
	dir := t.TempDir()
	v := Voice{Dir: dir}
	if err := os.WriteFile(filepath.Join(dir, "music.wav"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	start := time.Now().Add(-time.Hour)
	for id := range uint64(keep + 20) {
		if err := v.write(id, []byte("RIFF")); err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(id) * time.Second)
		if err := os.Chtimes(filepath.Join(dir, fmt.Sprint(id, ".wav")), at, at); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != keep+1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "0.wav")); err == nil {
		t.Error("the oldest stayed")
	}
}
