package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"antrean/queue-server/internal/story"
	"antrean/shared/reason"
	"antrean/shared/wire"
)

// The administrator's day is told alike with a server and without one: the same
// log, read through the control socket or from the folder.
func TestStoriesAreTheSameWithAServerAndWithoutOne(t *testing.T) {
	data, _ := fresh(t)
	good(t, "force", "open", "--data", data) // whatever the hour
	good(t, "force", "closed", "--data", data, "--service", "rekam-ktp", "--reason", "system_down")
	told := func() string {
		t.Helper()
		out := good(t, "replay", "--data", data, "--office", "demo", "--at", "3", "--lang", "id")
		if !strings.Contains(out, "setelah peristiwa 3") {
			t.Errorf("replay: %s", out)
		}
		var p story.Picture
		if err := json.Unmarshal([]byte(good(t, "replay", "--data", data, "--at", "2099-01-01", "--json")), &p); err != nil || p.Office != "demo" || !p.Day.Open || p.Seq < 4 {
			t.Errorf("replay --json: %+v, %v", p, err)
		}
		for want, args := range map[string][]string{
			"no_such_office": {"explain", "--office", "nowhere", "--ticket", "A1-001"},
			"no_such_number": {"explain", "--ticket", "A1-001"},
			"bad_number":     {"explain", "--ticket", strings.Repeat("A", 10_000)},
			"bad_day":        {"explain", "--ticket", "A1-001", "--day", "today"},
			"no_such_day":    {"explain", "--ticket", "A1-001", "--day", "2001-01-01"},
			"before_first":   {"replay", "--at", "2001-01-01"},
			"no_such_event":  {"replay", "--at", "999999"},
			"bad_moment":     {"replay", "--at", "\x1b[2J"},
		} {
			_, err := line(t, "", append(args, "--data", data)...)
			if r, ok := reason.Of(err); !ok || r.Code != want || strings.Contains(explain(err), "refusal.") || strings.Contains(explain(err), "<no value>") {
				t.Errorf("%v: %v (%s)", args, err, explain(err))
			}
		}
		return out
	}
	alone := told()
	url, stop := serving(t, data)
	if running := told(); running != alone {
		t.Errorf("with a server:\n%s\nwithout:\n%s", running, alone)
	}
	number := takeOne(t, data, url)
	withServer := good(t, "explain", "--data", data, "--office", "demo", "--ticket", number, "--lang", "en")
	if !strings.Contains(withServer, number+" was given out by a kiosk") || !strings.Contains(withServer, "Nobody was ahead of it.") {
		t.Errorf("explain: %s", withServer)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if got := good(t, "explain", "--data", data, "--ticket", number, "--lang", "en"); got != withServer {
		t.Errorf("without a server:\n%s\nwith:\n%s", got, withServer)
	}
	var s wire.Story
	if err := json.Unmarshal([]byte(good(t, "explain", "--data", data, "--ticket", number, "--json", "--lang", "id")), &s); err != nil || s.Number != number || len(s.Sentences) != 1 {
		t.Errorf("explain --json: %+v, %v", s, err)
	}
	good(t, "day", "close", "--data", data)
	if out := good(t, "explain", "--data", data, "--ticket", number, "--lang", "en"); !strings.Contains(out, "expired") {
		t.Errorf("after the day: %s", out)
	}
}

func TestTheDayAndTheHoursAreOpenedAndClosedByHand(t *testing.T) {
	data, _ := fresh(t)
	if out := good(t, "day", "close", "--data", data); !strings.Contains(out, "closed") {
		t.Error(out)
	}
	for want, args := range map[string][]string{
		"day_closed":           {"day", "close"},
		"day_date":             {"day", "open", "--date", "tomorrow"},
		"no_such_service":      {"force", "open", "--service", "none"},
		"unknown_force_reason": {"force", "closed", "--reason", "rain"},
		"not_forced":           {"force", "hours"},
	} {
		if _, err := line(t, "", append(args, "--data", data)...); !isRefusal(err, want) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if out := good(t, "force", "closed", "--data", data, "--reason", "emergency"); !strings.Contains(out, "Closed: ") || strings.Contains(out, "closed.") {
		t.Error(out)
	}
	good(t, "force", "hours", "--data", data)
	next := time.Now().AddDate(0, 0, 2).Format(time.DateOnly) // whatever the date is in the office
	if out := good(t, "day", "open", "--data", data, "--date", next); !strings.Contains(out, next) {
		t.Error(out)
	}
	if out := good(t, "replay", "--data", data, "--at", "2099-01-01", "--lang", "en"); !strings.Contains(out, "Business day "+next+", open.") {
		t.Error(out)
	}
	if out := good(t, "force", "open", "--data", data); !strings.Contains(out, "against the hours") {
		t.Error(out)
	}
	if _, err := line(t, "", "explain", "--data", filepath.Join(data, "none"), "--ticket", "A-1"); err == nil {
		t.Error("a folder without a store tells a story")
	}
	if _, err := line(t, "", "explain", "--data", data, "--ticket", "A-1", "--lang", "nl"); exitCode(err) != exitUsage {
		t.Errorf("another language: %v", err)
	}
}

// takeOne takes a number at a kiosk.
func takeOne(t *testing.T, data, url string) string {
	t.Helper()
	token := field(t, good(t, "device", "add", "--data", data, "--office", "demo", "--kind", "kiosk", "--name", "Pintu"), "token")
	const id = "0198c0de-0000-7000-8000-000000000001"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+wire.PathTickets("demo"), strings.NewReader(`{"id":"`+id+`","service":"kk-baru"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(wire.HeaderKey, id)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close(); http.DefaultClient.CloseIdleConnections() }()
	var taken wire.TakenTicket
	if err := json.NewDecoder(answer.Body).Decode(&taken); err != nil || taken.Number.Text == "" {
		t.Fatalf("%s: %+v, %v", answer.Status, taken, err)
	}
	return taken.Number.Text
}

func isRefusal(err error, code string) bool { return errors.Is(err, reason.New(0, code)) }
