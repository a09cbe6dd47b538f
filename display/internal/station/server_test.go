package station_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"antrean/display/internal/board"
	"antrean/display/internal/station"
	"antrean/queue-server/servertest"
	"antrean/shared/client"
	"antrean/shared/spoken"
)

// speaker is a loudspeaker that tells the test what it said.
type speaker chan string

func (s speaker) Announce(_ context.Context, _ uint64, c spoken.Call, _ int) error {
	s <- c.Sentence()
	return nil
}

func soon[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

func TestACallAtARealServerIsSaidOnceAlsoAfterTheServerAndTheBoardStartedAgain(t *testing.T) {
	server := servertest.Start(t, servertest.Options{})
	officer := server.Session("officer")
	_, token := server.Device("board", "aula")
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)

	heard, kept := make(speaker, 10), board.Memory{}
	saved := make(chan board.Memory, 100)
	run := func() (pictures chan board.Picture, stop func()) {
		c, err := client.New(client.Config{Server: server.URL, Token: token, HTTP: &http.Client{Timeout: 10 * time.Second, Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		pictures = make(chan board.Picture, 1000)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		s := station.New(station.Config{
			Server: c, Language: "id", Voice: heard, Memory: kept, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Save: func(m board.Memory) error { kept = m; saved <- m; return nil },
			Show: func(p board.Picture) { pictures <- p },
		})
		go func() {
			defer close(ended)
			s.Run(ctx)
		}()
		return pictures, func() { cancel(); <-ended }
	}
	until := func(pictures chan board.Picture, what string, ok func(board.Picture) bool) {
		t.Helper()
		for !ok(soon(t, what, pictures)) {
		}
	}
	large := func(number string) func(board.Picture) bool {
		return func(p board.Picture) bool {
			return p.Line == board.Online && p.Latest != nil && p.Latest.Number == number
		}
	}

	pictures, stop := run()
	server.Counter(officer, "1", "open")
	first := server.Take(officer, "ktp")
	server.Counter(officer, "1", "call-next")
	until(pictures, "the call", large(first.Number.Text))
	if got := soon(t, "the voice", heard); got != "Nomor antrean A, nol, nol, satu. Silakan menuju loket satu." {
		t.Errorf("said %q", got)
	}
	for m := soon(t, "the memory", saved); len(m.Unreported) > 0 || len(m.Spoken) == 0; {
		m = soon(t, "the server's word that it knows", saved)
	}

	server.Restart()
	until(pictures, "the last view, marked", func(p board.Picture) bool { return p.Line == board.Lost && p.Latest != nil })
	until(pictures, "the view after the return", large(first.Number.Text))
	stop()

	server.Counter(officer, "1", "recall") // while the board is off
	pictures, stop = run()
	defer stop()
	until(pictures, "the view of a new start", large(first.Number.Text))
	soon(t, "the recall", heard)
	soon(t, "the memory", saved)
	if len(heard) > 0 {
		t.Errorf("said too much: %q", <-heard)
	}
}
