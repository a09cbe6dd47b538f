package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"antrean/queue-server/internal/control"
	"antrean/queue-server/internal/office"
	"antrean/queue-server/internal/officefile"
	"antrean/queue-server/internal/people"
	"antrean/queue-server/internal/queue"
	"antrean/shared/reason"
	"antrean/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock begins at a Monday morning that the kernel swears by.
type clock struct{ began time.Time }

func (c clock) Now() (time.Time, time.Duration, bool) {
	mono := time.Since(c.began)
	return time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC).Add(mono), mono, true
}

func demo(t *testing.T) queue.Settings {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", "offices", "demo.toml"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := officefile.Parse("demo.toml", data)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// made is the configuration of a fresh store with the demo's office.
func made(t *testing.T) Config {
	t.Helper()
	c := Config{Data: filepath.Join(t.TempDir(), "data"), Version: "test", Clock: clock{time.Now()}}
	if _, err := Create(t.Context(), c, demo(t)); err != nil {
		t.Fatal(err)
	}
	return c
}

// running opens a store and runs it; stop ends it and gives Run's error.
func running(t *testing.T, c Config) (s *Server, stop func() error) {
	t.Helper()
	s, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := start(func() error { return s.Run(ctx) })
	stop = sync.OnceValue(func() error {
		cancel()
		return errors.Join(<-ended, s.Close())
	})
	t.Cleanup(func() { _ = stop() })
	return s, stop
}

func ask[Out any](t *testing.T, s *Server, name string, in any) (out Out, err error) {
	t.Helper()
	question, _ := json.Marshal(in)
	got, known, err := s.Operate(t.Context(), name, question)
	if !known {
		t.Fatalf("no operation %q", name)
	}
	out, _ = got.(Out)
	return out, err
}

func post(t *testing.T, url, token, key string, in, out any) int {
	t.Helper()
	body, _ := json.Marshal(in)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(wire.HeaderKey, key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close(); http.DefaultClient.CloseIdleConnections() }()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode/100 == 2 {
		if err := json.Unmarshal(got, out); err != nil {
			t.Fatalf("%v: %s", err, got)
		}
	}
	return answer.StatusCode
}

const ticketID = "0198c0de-0000-7000-8000-000000000001"

// take asks for the same ticket each time.
func take(t *testing.T, s *Server, token string) (wire.TakenTicket, int) {
	t.Helper()
	var got wire.TakenTicket
	status := post(t, s.URL()+wire.PathTickets("demo"), token, ticketID, map[string]string{"id": ticketID, "service": "rekam-ktp"}, &got)
	return got, status
}

func TestATicketThatWasGivenIsThereAfterARestart(t *testing.T) {
	c := made(t)
	c.Listen = "127.0.0.1:0"
	s, stop := running(t, c)
	d, err := ask[MadeDevice](t, s, "device-add", NewDevice{Office: "demo", Kind: "kiosk", Name: "Pintu", Zone: "a"})
	if err != nil {
		t.Fatal(err)
	}
	first, status := take(t, s, d.Token)
	if status/100 != 2 || first.Number.Text != "A1-001" {
		t.Fatalf("status %d, ticket %+v", status, first)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	s, _ = running(t, c)
	if again, status := take(t, s, d.Token); status/100 != 2 || again.Number != first.Number || again.Seq != first.Seq {
		t.Errorf("status %d, ticket %+v; want the same as %+v", status, again, first)
	}
	if _, err := ask[None](t, s, "device-revoke", DeviceName{d.Device.ID}); err != nil {
		t.Fatal(err)
	}
	if _, status := take(t, s, d.Token); status != http.StatusUnauthorized {
		t.Errorf("a revoked device is answered %d", status)
	}
}

func TestACommitWhoseEndIsUnknownEndsTheServerAndTheNextOneKnows(t *testing.T) {
	c := made(t)
	c.Listen = "127.0.0.1:0"
	var fail atomic.Bool
	c.AroundCommit = func(commit func() error) error {
		err := commit()
		if fail.Load() {
			return errors.New("the disk does not say")
		}
		return err
	}
	s, stop := running(t, c)
	d, err := ask[MadeDevice](t, s, "device-add", NewDevice{Office: "demo", Kind: "kiosk", Name: "Pintu"})
	if err != nil {
		t.Fatal(err)
	}
	fail.Store(true)
	if _, status := take(t, s, d.Token); status != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", status)
	}
	if err := stop(); !errors.Is(err, office.ErrOutcomeUnknown) {
		t.Errorf("Run ended with %v", err)
	}
	fail.Store(false)
	s, _ = running(t, c)
	if got, status := take(t, s, d.Token); status/100 != 2 || got.Number.Text != "A1-001" {
		t.Errorf("asked again: status %d, %+v", status, got)
	}
}

func TestASecondServerOnAFolderIsToldAndTheFirstOneGoesOn(t *testing.T) {
	c := made(t)
	c.Listen, c.Control = "127.0.0.1:0", true
	s, _ := running(t, c)
	if other, err := Open(t.Context(), c); !errors.Is(err, ErrInUse) {
		if err == nil {
			_ = other.Close()
		}
		t.Fatalf("want ErrInUse, got %v", err)
	}
	answer, err := http.Get(s.URL() + wire.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	client, err := control.Dial(t.Context(), c.Data)
	if err != nil {
		t.Fatalf("the first one's control socket is gone: %v", err)
	}
	defer client.Close()
	var users []people.User
	if err := client.Do(t.Context(), "user-list", None{}, &users); err != nil || len(users) != 1 || users[0].User != AdminUser {
		t.Errorf("over the socket: %+v, %v", users, err)
	}
}

func TestAFolderTooDeepForASocketIsServedAllTheSame(t *testing.T) {
	c := Config{Data: filepath.Join(t.TempDir(), strings.Repeat("deep", 30)), Clock: clock{time.Now()}, Control: true, Listen: "127.0.0.1:0"}
	if _, err := Create(t.Context(), c, demo(t)); err != nil {
		t.Fatal(err)
	}
	s, _ := running(t, c)
	answer, err := http.Get(s.URL() + wire.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if _, err := control.Dial(t.Context(), c.Data); !errors.Is(err, control.ErrNoServer) {
		t.Errorf("want ErrNoServer, got %v", err)
	}
}

func TestAStoreIsMadeWholeOrNotAtAll(t *testing.T) {
	c := Config{Data: filepath.Join(t.TempDir(), "deep", "data"), Clock: clock{time.Now()}}
	if _, err := Open(t.Context(), c); !errors.Is(err, ErrNoStore) {
		t.Errorf("an empty folder: %v", err)
	}
	broken := c
	broken.AroundCommit = func(func() error) error { return errors.New("no disk") }
	if _, err := Create(t.Context(), broken, demo(t)); err == nil {
		t.Fatal("made on a broken disk")
	}
	if _, err := Create(t.Context(), c, queue.Settings{Office: "x"}); !errors.Is(err, queue.ErrSettings) {
		t.Errorf("settings that are no office: %v", err)
	}
	if _, err := os.Stat(c.Data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a failed Create left the folder (%v)", err)
	}
	password, err := Create(t.Context(), c, demo(t))
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(c.Data)
	if len(entries) != 2 {
		t.Errorf("in the folder: %v", entries)
	}
	if _, err := Create(t.Context(), c, demo(t)); !errors.Is(err, ErrStore) {
		t.Errorf("made twice: %v", err)
	}
	s, _ := running(t, c)
	if session, _, err := s.People.Login(t.Context(), AdminUser, password, "127.0.0.1:1"); err != nil || !session.MustChange || session.Role != people.Admin {
		t.Errorf("the administrator: %+v, %v", session, err)
	}
}

func TestAPowerCutWhileAStoreIsMadeLeavesAFolderForTheNextTry(t *testing.T) {
	c := made(t)
	// The power was cut when the records were in their place and the log was not yet.
	aside := filepath.Join(c.Data, ".new-123")
	if err := os.Mkdir(aside, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(c.Data, EventsFile), filepath.Join(aside, EventsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), c); !errors.Is(err, ErrNoStore) {
		t.Errorf("half a store was opened: %v", err)
	}
	broken := c
	broken.AroundCommit = func(func() error) error { return errors.New("no disk") }
	if _, err := Create(t.Context(), broken, demo(t)); err == nil || errors.Is(err, ErrStore) {
		t.Errorf("on a broken disk: %v", err)
	}
	password, err := Create(t.Context(), c, demo(t))
	if err != nil {
		t.Fatalf("half a store stays for ever: %v", err)
	}
	if entries, _ := os.ReadDir(c.Data); len(entries) != 2 {
		t.Errorf("in the folder: %v", entries)
	}
	if err := os.Mkdir(aside, 0o700); err != nil { // and now it was cut when both were in their place
		t.Fatal(err)
	}
	s, _ := running(t, c)
	if _, _, err := s.People.Login(t.Context(), AdminUser, password, "127.0.0.1:1"); err != nil {
		t.Errorf("the password is of other records: %v", err)
	}
	if entries, _ := os.ReadDir(c.Data); len(entries) != 2 {
		t.Errorf("in the folder of a server that runs: %v", entries)
	}
}

func TestAWrongOfficeFileChangesNothing(t *testing.T) {
	c := made(t)
	s, _ := running(t, c)
	before, err := ask[OfficeFile](t, s, "office-export", OfficeName{})
	if err != nil {
		t.Fatal(err)
	}
	wrong := bytes.Replace(before.Data, []byte("padding = 3"), []byte("padding = 33"), 1)
	_, err = ask[Imported](t, s, "office-import", OfficeFile{Name: "demo.toml", Data: wrong})
	if err == nil || !strings.HasPrefix(err.Error(), "demo.toml:") || !strings.Contains(err.Error(), "1 to 6") {
		t.Errorf("it does not say where and what: %v", err)
	}
	after, err := ask[OfficeFile](t, s, "office-export", OfficeName{Office: "demo"})
	if err != nil || !bytes.Equal(before.Data, after.Data) {
		t.Errorf("the settings have changed (%v)", err)
	}
	checked, err := ask[[]Checked](t, s, "office-check", OfficeName{})
	if err != nil || len(checked) != 1 || checked[0].Damage != "" {
		t.Errorf("check: %+v, %v", checked, err)
	}
}

func TestTheCommandLineWorksOnAFolderThatNobodyServes(t *testing.T) {
	c := made(t)
	alone := func(name, in string) (any, error) {
		out, known, err := OperateAlone(t.Context(), c, name, json.RawMessage(in))
		if !known {
			t.Fatalf("no operation %q", name)
		}
		return out, err
	}
	refused := func(err error, want *reason.Refusal) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("want %v, got %v", want, err)
		}
	}
	got, err := alone("device-add", `{"office":"demo","kind":"board","name":"TV","zone":"b"}`)
	if d, ok := got.(MadeDevice); err != nil || !ok || d.Token == "" {
		t.Errorf("device: %+v, %v", got, err)
	}
	_, err = alone("device-add", `{"office":"demo","kind":"board","name":"TV","zone":"q"}`)
	refused(err, ErrNoSuchZone)
	_, err = alone("device-add", `{"office":"nowhere","kind":"board","name":"TV"}`)
	refused(err, ErrNoOffice)
	_, err = alone("user-add", `{"user":"siti","name":"Siti","role":"officer","offices":["nowhere"]}`)
	refused(err, ErrNoOffice)
	_, err = alone("user-disable", `{"user":"admin"}`)
	refused(err, people.ErrLastAdmin)
	_, err = alone("office-check", `{"office":"nowhere"}`)
	refused(err, ErrNoOffice)
	if _, err = alone("user-list", `[`); err == nil {
		t.Error("a broken question was answered")
	}
	if _, known, _ := OperateAlone(t.Context(), c, "dance", nil); known {
		t.Error("it can dance")
	}
}

func TestPhonesReachWhatIsOnTheLAN(t *testing.T) {
	c := made(t)
	c.Listen = "127.0.0.1:0"
	s, stop := running(t, c)
	if s.Exposed() || s.Public() != "" {
		t.Errorf("loopback: exposed %v, public %q", s.Exposed(), s.Public())
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	c.Listen = "0.0.0.0:0"
	s, _ = running(t, c)
	if !s.Exposed() {
		t.Error("an open line is not called so")
	}
	if p := s.Public(); p != "" && (!strings.HasPrefix(p, "http://") || strings.Contains(p, "0.0.0.0") || strings.Contains(p, "127.0.0.1")) {
		t.Errorf("public %q", p)
	}
}
