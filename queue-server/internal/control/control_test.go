package control

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"antrean/shared/reason"
)

var errFull = reason.New(reason.Conflict, "hall_full")

// answers is a server with three answers.
func answers(_ context.Context, name string, in json.RawMessage) (any, bool, error) {
	switch name {
	case "echo":
		return in, true, nil
	case "refuse":
		return nil, true, errFull.With("hall", "A")
	case "fail":
		return nil, true, errors.New("a.toml:3: unknown key")
	}
	return nil, false, nil
}

// serve runs a listener until the test, or the stop that it returns, ends it.
func serve(t *testing.T, data string) (stop func()) {
	t.Helper()
	l, err := Listen(data, answers, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Serve(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func TestARefusalAndAFaultCrossTheSocketAsThemselves(t *testing.T) {
	data := t.TempDir()
	serve(t, data)
	c, err := Dial(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got map[string]int
	if err := c.Do(t.Context(), "echo", map[string]int{"n": 7}, &got); err != nil || got["n"] != 7 {
		t.Errorf("echo: %v, %v", got, err)
	}
	err = c.Do(t.Context(), "refuse", nil, nil)
	if r, ok := reason.Of(err); !ok || !errors.Is(err, errFull) || r.Kind != reason.Conflict || r.Args["hall"] != "A" {
		t.Errorf("refusal: %+v", err)
	}
	if err := c.Do(t.Context(), "fail", nil, nil); err == nil || err.Error() != "a.toml:3: unknown key" {
		t.Errorf("fault: %v", err)
	}
	if err := c.Do(t.Context(), "dance", nil, nil); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
	if err := c.Do(t.Context(), "echo", strings.Repeat("x", maxBody), nil); err == nil {
		t.Error("a question without end was taken")
	}
}

func TestTheSocketIsItsOwnersAloneAndGoesWithTheServer(t *testing.T) {
	data := t.TempDir()
	stop := serve(t, data)
	info, err := os.Stat(Path(data))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	stop()
	if left, _ := os.ReadDir(data); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := Dial(t.Context(), data); !errors.Is(err, ErrNoServer) {
		t.Errorf("want ErrNoServer, got %v", err)
	}
}

func TestASocketThatADeadServerLeftIsNoServerAndIsReplaced(t *testing.T) {
	data := t.TempDir()
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: Path(data), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(Path(data)); err != nil {
		t.Fatalf("the test left no stale socket: %v", err)
	}
	if _, err := Dial(t.Context(), data); !errors.Is(err, ErrNoServer) {
		t.Errorf("a stale socket: want ErrNoServer, got %v", err)
	}
	serve(t, data)
	if c, err := Dial(t.Context(), data); err != nil {
		t.Errorf("after a new server: %v", err)
	} else {
		c.Close()
	}
}
